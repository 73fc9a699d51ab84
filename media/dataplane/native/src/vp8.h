/* The VP8 payload descriptor (RFC 7741 §4.2), as far as a forwarder reads and rewrites it. The twin of media/vp8.py. */
#ifndef PLENUM_VP8_H
#define PLENUM_VP8_H

#include <stdbool.h>
#include <stdint.h>

/* Offsets are into the payload, 0 meaning absent. */
struct vp8 {
    uint16_t picture_id;
    uint8_t picture_id_at, picture_id_bits; /* 7 or 15 */
    uint8_t tl0, tl0_at;
    uint8_t tid; /* temporal layer, 0 where there are none */
    uint8_t header_at;
    bool layer_sync, starts_frame, keyframe;
};

/* Read the descriptor; false when it is cut off. */
bool vp8_parse(struct vp8 *vp8, const uint8_t *payload, int length);

/* Width and height from the first packet of a keyframe (RFC 6386 §9.1); false where they cannot be read. */
bool vp8_keyframe_size(const struct vp8 *vp8, const uint8_t *payload, int length, int *width, int *height);

/* Move picture id and TL0PICIDX on by these amounts, each on its own circle. */
void vp8_shift(uint8_t *payload, const struct vp8 *vp8, uint32_t picture_id, uint32_t tl0);

#endif
