/* Datagrams for one peer, side by side, so that the system sends those of one size with one message (UDP_SEGMENT). */
#ifndef PLENUM_STAGE_H
#define PLENUM_STAGE_H

#include "model.h"

/* Room for one more datagram of a peer that is reached by UDP; the plane's scratch if there is no memory. */
uint8_t *stage_room(struct plane *plane, struct peer *receiver);

/* The datagram was written there. */
void stage_add(struct plane *plane, struct peer *receiver, int size);

/* Send what waits, for all peers. */
void stage_flush(struct plane *plane);

#endif
