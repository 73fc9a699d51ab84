/* Redundant sound (RFC 2198). The twin of media/red.py. */
#ifndef PLENUM_RED_H
#define PLENUM_RED_H

#include <stdbool.h>
#include <stdint.h>

enum { MAX_RED_BLOCKS = 8 };

/* The payload of an earlier packet: so many packets back, so many units of the RTP clock. */
struct repeated {
    int back, length;
    uint32_t timestamp_offset;
    const uint8_t *payload;
};

/* What a packet carries: its own payload, and earlier ones, the oldest first. */
struct red {
    const uint8_t *primary;
    int length, count;
    struct repeated repeated[MAX_RED_BLOCKS];
};

/* Take a packet apart whose blocks are of this payload type; false for a malformed one. */
bool red_read(struct red *red, const uint8_t *payload, int length, uint8_t payload_type);

#endif
