/* RTP packets, their extensions, VP8, H.264 and redundant payloads, transport-wide feedback: any bytes, as a peer with keys
 * could send them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "h264.h"
#include "red.h"
#include "rtp.h"
#include "transportwide.h"
#include "vp8.h"

static void look_at_redundant(const uint8_t *payload, int length) {
    struct red red;
    if (!red_read(&red, payload, length, 111)) return;
    int together = red.length;
    for (int i = 0; i < red.count; i++) {
        const struct repeated *one = &red.repeated[i];
        if (one->length <= 0 || one->payload < payload || one->payload + one->length > red.primary) abort();
        together += one->length;
    }
    if (red.length <= 0 || together >= length || red.primary + red.length != payload + length) abort();
}

static void look_at_payload(const uint8_t *payload, int length) {
    struct vp8 vp8;
    int width = 0, height = 0;
    look_at_redundant(payload, length);
    h264_picture_size(payload, length, &width, &height);
    if (width < 0 || width > 16384 || height < 0 || height > 16384) abort();
    if (!vp8_parse(&vp8, payload, length)) return;
    vp8_keyframe_size(&vp8, payload, length, &width, &height);
    uint8_t *copy = malloc((size_t)length);
    memcpy(copy, payload, (size_t)length);
    vp8_shift(copy, &vp8, 70000, 300);
    free(copy);
}

static void look_at_feedback(const uint8_t *body, int size) {
    enum { CAPACITY = 64 };
    uint8_t symbols[CAPACITY];
    int64_t ticks[CAPACITY];
    uint16_t base;
    if (transportwide_read(body, size, &base, symbols, ticks, CAPACITY) > CAPACITY) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 4096) return 0;
    uint8_t *exact = malloc(size + 1); /* so that a byte too far is seen */
    memcpy(exact, data, size);
    exact = realloc(exact, size ? size : 1);
    struct rtp packet;
    look_at_payload(exact, (int)size);
    look_at_feedback(exact, (int)size);
    if (rtp_parse(&packet, exact, (int)size)) {
        if (packet.length < 0 || packet.payload < exact || packet.payload + packet.length > exact + size) abort();
        for (int id = 0; id < 256; id++) {
            int length = 0;
            const uint8_t *value = rtp_element(&packet, id, &length);
            if (value && (value < exact || value + length > exact + size)) abort();
        }
        look_at_payload(packet.payload, packet.length);
    }
    free(exact);
    return 0;
}
