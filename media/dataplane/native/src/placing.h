/* Which packets of its source a consumer gets, and under which numbers. The rules stand in dataplane/interface.py. */
#ifndef PLENUM_PLACING_H
#define PLENUM_PLACING_H

#include "model.h"

enum fate { DROPPED, PASSES, FILLS };

/* A source begins, or begins again, with this packet. */
void placing_start(struct consumer *consumer, const struct arrived *arrived);

/* The fate of a packet of the source; of one that is sent, its number and the offset of its picture id. */
enum fate placing_decide(struct consumer *consumer, const struct arrived *arrived, int64_t *out, uint32_t *picture_offset);

#endif
