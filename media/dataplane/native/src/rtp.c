#include "rtp.h"

#include <string.h>

enum { ONE_BYTE_PROFILE = 0xBEDE, TWO_BYTE_PROFILE = 0x1000, END_OF_BLOCK = 15 };

/* The next element from *at on; false at the end, or with *at beyond the end when one is cut off. RFC 8285 §4.2, §4.3. */
static bool next_element(const struct rtp *packet, int *at, int *id, struct element *element) {
    bool is_short = packet->profile == ONE_BYTE_PROFILE;
    int end = packet->block_end;
    while (*at < end && packet->data[*at] == 0) ++*at; /* padding */
    if (*at >= end) return false;
    uint8_t head = packet->data[*at];
    if (is_short && (head >> 4 == END_OF_BLOCK || head >> 4 == 0)) return false;
    if (!is_short && *at + 1 >= end) {
        *at = end + 1;
        return false;
    }
    *id = is_short ? head >> 4 : head;
    int start = *at + (is_short ? 1 : 2);
    int length = is_short ? (head & 0x0F) + 1 : packet->data[*at + 1];
    *at = start + length;
    *element = (struct element){(uint16_t)start, (uint8_t)length};
    return *at <= end;
}

static bool has_elements(const struct rtp *packet) {
    return packet->profile == ONE_BYTE_PROFILE || (packet->profile & 0xFFF0) == TWO_BYTE_PROFILE;
}

static bool index_elements(struct rtp *packet) {
    int at = packet->block_at, id;
    struct element element;
    while (next_element(packet, &at, &id, &element))
        if (id < INDEXED_IDS) packet->elements[id] = element;
    return at <= packet->block_end;
}

const uint8_t *rtp_element(const struct rtp *packet, int id, int *length) {
    struct element found = {0, 0}, element;
    if (id < INDEXED_IDS) {
        found = packet->elements[id];
    } else if (has_elements(packet)) {
        int at = packet->block_at, other;
        while (next_element(packet, &at, &other, &element))
            if (other == id) found = element;
    }
    if (id == 0 || found.at == 0) return 0;
    *length = found.length;
    return packet->data + found.at;
}

bool rtp_parse(struct rtp *packet, const uint8_t *data, int size) {
    if (size < RTP_HEADER || data[0] >> 6 != 2) return false;
    packet->data = data;
    packet->marker = data[1] >= 0x80;
    packet->payload_type = data[1] & 0x7F;
    packet->sequence = read16(data + 2);
    packet->timestamp = read32(data + 4);
    packet->ssrc = read32(data + 8);
    memset(packet->elements, 0, sizeof packet->elements);
    packet->profile = packet->block_at = packet->block_end = 0;
    int offset = RTP_HEADER + 4 * (data[0] & 0x0F);
    if (data[0] & 0x10) {
        if (offset + 4 > size) return false;
        int start = offset + 4, end = start + 4 * read16(data + offset + 2);
        if (end > size) return false;
        packet->profile = read16(data + offset);
        packet->block_at = (uint16_t)start;
        packet->block_end = (uint16_t)end;
        if (has_elements(packet) && !index_elements(packet)) return false;
        offset = end;
    }
    bool padded = data[0] & 0x20;
    int end = padded ? size - data[size - 1] : size;
    if (end < offset || end > size - padded) return false;
    packet->payload = data + offset;
    packet->length = end - offset;
    return true;
}

int rtp_write_element(uint8_t *into, int id, const uint8_t *value, int length) {
    into[0] = (uint8_t)(id << 4 | (length - 1));
    memcpy(into + 1, value, (size_t)length);
    return 1 + length;
}

void rtp_write_header(uint8_t *into, bool extended, bool marker, int payload_type, uint16_t sequence,
                      uint32_t timestamp, uint32_t ssrc) {
    into[0] = extended ? 0x90 : 0x80;
    into[1] = (uint8_t)(marker << 7 | payload_type);
    write16(into + 2, sequence);
    write32(into + 4, timestamp);
    write32(into + 8, ssrc);
}
