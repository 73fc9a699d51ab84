#include "h264.h"

enum { SEQUENCE_PARAMETER_SET = 7, STAP_A = 24, FU_A = 28 };

/* RFC 6184 §5.7.1: 16-bit sizes, each before its NAL unit. */
static bool aggregates_parameter_set(const uint8_t *payload, int length) {
    for (int at = 1; at + 2 < length; at += 2 + (payload[at] << 8 | payload[at + 1]))
        if ((payload[at + 2] & 0x1F) == SEQUENCE_PARAMETER_SET) return true;
    return false;
}

bool h264_starts_keyframe(const uint8_t *payload, int length) {
    if (length < 1) return false;
    int kind = payload[0] & 0x1F;
    if (kind == STAP_A) return aggregates_parameter_set(payload, length);
    if (kind == FU_A) return length > 1 && payload[1] & 0x80 && (payload[1] & 0x1F) == SEQUENCE_PARAMETER_SET;
    return kind == SEQUENCE_PARAMETER_SET;
}
