/* From a received packet to what every consumer gets of it. */
#ifndef PLENUM_FORWARD_H
#define PLENUM_FORWARD_H

#include "model.h"

/* One SRTP datagram of a peer, decrypted in place. */
void forward_datagram(struct plane *plane, struct peer *sender, uint8_t *datagram, int size, double now);

/* Let SRTP forget what the peer sent under SSRCs that are of no stream any more, and are too many: those are written if
 * given_up is not NULL, at most MAX_GIVEN_UP of them; how many. */
int forward_give_up(struct plane *plane, struct peer *sender, uint32_t *given_up);

/* Where to write the next packet for a peer, and to send it from there. 0 if it could not be protected. */
uint8_t *forward_buffer(struct plane *plane, struct peer *receiver);
int forward_send(struct plane *plane, struct consumer *consumer, uint8_t *packet, int length, double now);

/* Send bytes as they are. */
void forward_raw(struct plane *plane, struct peer *receiver, const uint8_t *data, int size);

#endif
