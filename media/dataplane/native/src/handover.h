/* A bounded queue of datagrams from the data plane to Python: what is no SRTP, and what leaves by another way.
 *
 * An eventfd is readable while something is queued. Not for use by two writers at once: the plane's lock covers both ends.
 */
#ifndef PLENUM_HANDOVER_H
#define PLENUM_HANDOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"

enum { HANDOVER_SLOTS = 2048, HANDOVER_BYTES = 2048 };

enum handover_kind { HANDED_RECEIVED = 1, HANDED_OUTPUT = 2 };

struct handed {
    uint32_t kind;
    uint32_t length;
    uint64_t peer;    /* of an output: the token that the peer was added with */
    struct path path; /* of what was received */
    uint8_t data[HANDOVER_BYTES];
};

struct handover {
    struct handed *slots;
    int first, count;
    int event;
    uint64_t dropped;
};

bool handover_open(struct handover *queue);

void handover_close(struct handover *queue);

/* How many slots are left to those who come first: a flood must not cost peers the checks that keep them connected. */
enum handover_spare { FOR_CHECKS_OF_PEERS = 0, FOR_PEERS_AND_CHECKS = HANDOVER_SLOTS / 8, FOR_OTHERS = HANDOVER_SLOTS / 4 };

/* A free slot to fill, then handover_push(); NULL if no more than the spare ones are free. */
struct handed *handover_slot(struct handover *queue, enum handover_spare spare);

/* Queue the slot that was filled. */
void handover_push(struct handover *queue);

/* Pack queued datagrams into a buffer, each as the header that plane.h tells and its bytes; returns the bytes used. */
int handover_take(struct handover *queue, uint8_t *into, int capacity);

#endif
