/* The packets of one received stream that are missing, and when to ask for them. The twin of media/nack.py. */
#ifndef PLENUM_LOSS_H
#define PLENUM_LOSS_H

#include <stdbool.h>
#include <stdint.h>

enum { MAX_RETRIES = 10, MAX_MISSING = 1000, MAX_GAP = 500 };

struct missing {
    int64_t sequence;
    int tries;
    double next;
    double since;
};

/* Sorted by sequence, as later gaps are always higher. Freed by losses_free(). */
struct losses {
    struct missing *entries;
    int count, capacity;
    bool overflowed;
};

/* Packets first to end - 1 were skipped. Too many at once or together give up on all of them. */
void losses_gap(struct losses *losses, int64_t first, int64_t end, double now);

/* Whether the packet was missing; it no longer is. */
bool losses_arrived(struct losses *losses, int64_t sequence);

/* Write the packets to ask for now, in order, at most MAX_MISSING; returns how many. */
int losses_due(struct losses *losses, double now, uint16_t *due);

void losses_free(struct losses *losses);

#endif
