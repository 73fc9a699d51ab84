#include "red.h"

#include "rtp.h"

bool red_read(struct red *red, const uint8_t *payload, int length, uint8_t payload_type) {
    uint32_t headers[MAX_RED_BLOCKS];
    int blocks = 0, at = 0;
    for (; at < length && payload[at] & 0x80; at += 4) {
        if (at + 4 > length || blocks == MAX_RED_BLOCKS) return false;
        headers[blocks++] = read32(payload + at);
    }
    if (at >= length || payload[at] != payload_type) return false;
    at++;
    red->count = 0;
    for (int i = 0; i < blocks; i++) {
        int size = headers[i] & 0x3FF;
        if (at + size >= length) return false;
        if (size && (headers[i] >> 24 & 0x7F) == payload_type)
            red->repeated[red->count++] = (struct repeated){blocks - i, size, headers[i] >> 10 & 0x3FFF, payload + at};
        at += size;
    }
    red->primary = payload + at;
    red->length = length - at;
    return at < length;
}
