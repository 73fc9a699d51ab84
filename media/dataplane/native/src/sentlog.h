/* What was sent to a peer under transport-wide numbers, and what the peer says of it. The twin of media/sentlog.py. */
#ifndef PLENUM_SENTLOG_H
#define PLENUM_SENTLOG_H

#include <stdbool.h>
#include <stdint.h>

#include "plane.h"

enum { SENT_LOG = 4096, MAX_TOLD = 2048 };

struct sent_packet {
    double at;
    uint32_t number; /* the low bits */
    uint16_t size;
    uint8_t fate;
};

struct sent_log {
    int64_t number; /* the last one used */
    uint64_t octets;
    struct sent_packet *packets; /* a ring of SENT_LOG, as soon as there is one */
};

/* The packet with the last number was sent in a datagram of this size. */
void sent_note(struct sent_log *log, int size, double now);

/* Take in a feedback, bursts and all; false if it is malformed. There is room for MAX_TOLD bursts. */
bool sent_acknowledge(struct sent_log *log, const uint8_t *feedback, int size, int64_t after, int64_t until,
                      struct acknowledged *into, struct burst *bursts);

#endif
