#include "vp8.h"

#include <string.h>

/* Octets X, I, L and T/K; false when they are cut off. */
static bool read_extension(struct vp8 *vp8, const uint8_t *payload, int length) {
    if (length < 2) return false;
    uint8_t flags = payload[1];
    int at = 2;
    if (flags & 0x80) {
        if (at >= length) return false;
        vp8->picture_id_at = (uint8_t)at;
        bool is_long = payload[at] & 0x80;
        if (is_long && at + 1 >= length) return false;
        vp8->picture_id_bits = is_long ? 15 : 7;
        vp8->picture_id = is_long ? (uint16_t)((payload[at] & 0x7F) << 8 | payload[at + 1]) : payload[at];
        at += is_long ? 2 : 1;
    }
    if (flags & 0x40) {
        if (at >= length) return false;
        vp8->tl0_at = (uint8_t)at;
        vp8->tl0 = payload[at++];
    }
    if (flags & 0x20) {
        if (at >= length) return false;
        vp8->tid = payload[at] >> 6;
        vp8->layer_sync = payload[at] & 0x20;
    }
    vp8->header_at = (uint8_t)(flags & 0x30 ? at + 1 : at);
    return true;
}

bool vp8_parse(struct vp8 *vp8, const uint8_t *payload, int length) {
    memset(vp8, 0, sizeof *vp8);
    if (length < 1) return false;
    vp8->header_at = 1;
    if (payload[0] & 0x80 && !read_extension(vp8, payload, length)) return false;
    vp8->starts_frame = (payload[0] & 0x17) == 0x10;
    if (!vp8->starts_frame) return true;
    if (vp8->header_at >= length) return false;
    vp8->keyframe = !(payload[vp8->header_at] & 1);
    return true;
}

bool vp8_keyframe_size(const struct vp8 *vp8, const uint8_t *payload, int length, int *width, int *height) {
    static const uint8_t start_code[3] = {0x9D, 0x01, 0x2A};
    int at = vp8->header_at + 3;
    if (length < at + 7 || memcmp(payload + at, start_code, sizeof start_code)) return false;
    *width = (payload[at + 3] | payload[at + 4] << 8) & 0x3FFF;
    *height = (payload[at + 5] | payload[at + 6] << 8) & 0x3FFF;
    return true;
}

void vp8_shift(uint8_t *payload, const struct vp8 *vp8, uint32_t picture_id, uint32_t tl0) {
    if (vp8->picture_id_bits == 15) {
        uint32_t moved = (vp8->picture_id + picture_id) & 0x7FFF;
        payload[vp8->picture_id_at] = (uint8_t)(0x80 | moved >> 8);
        payload[vp8->picture_id_at + 1] = (uint8_t)moved;
    } else if (vp8->picture_id_bits == 7) {
        payload[vp8->picture_id_at] = (uint8_t)((vp8->picture_id + picture_id) & 0x7F);
    }
    if (vp8->tl0_at) payload[vp8->tl0_at] = (uint8_t)(vp8->tl0 + tl0);
}
