/* Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). The twin of media/transportwide.py. */
#ifndef PLENUM_TRANSPORTWIDE_H
#define PLENUM_TRANSPORTWIDE_H

#include <stdint.h>

enum { NOT_ARRIVED = 0, SMALL_DELTA = 1, LARGE_DELTA = 2 };

/* Of each packet from the 16-bit number base on: its symbol, and for what arrived the ticks of 250 µs. How many packets,
 * at most capacity of those that it is about; -1 if it is malformed. */
int transportwide_read(const uint8_t *body, int size, uint16_t *base, uint8_t *symbols, int64_t *ticks, int capacity);

#endif
