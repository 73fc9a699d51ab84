/* The payload format of H.264 (RFC 6184), as far as a forwarder reads it. The twin of media/h264.py. */
#ifndef PLENUM_H264_H
#define PLENUM_H264_H

#include <stdbool.h>
#include <stdint.h>

/* Whether a decoder can begin with this packet: it has a sequence parameter set, or the beginning of one. */
bool h264_starts_keyframe(const uint8_t *payload, int length);

/* The size of the picture, from the packet with which a keyframe starts; untouched where it cannot be read. */
void h264_picture_size(const uint8_t *payload, int length, int *width, int *height);

#endif
