/* Rewriting of one source into one outgoing RTP stream. The twin of media/consumer.py. */
#ifndef PLENUM_CONSUMER_H
#define PLENUM_CONSUMER_H

#include "model.h"

struct consumer *consumer_new(const struct consumer_route *route, struct peer *receiver);

void consumer_free(struct consumer *consumer);

/* Learn the sender's extension ids. */
void consumer_attach(struct consumer *consumer, const struct producer_route *route);

/* Forward nothing until a new start at a keyframe. */
void consumer_detach(struct consumer *consumer);

/* Go on with a stream from this packet (a keyframe, for video). */
void consumer_switch(struct consumer *consumer, const struct arrived *arrived, double now);

/* Write the next packet of the source into a buffer; its length, 0 if the consumer does not get it. */
int consumer_write(struct consumer *consumer, struct arrived *arrived, uint8_t *into, double now);

/* Write a packet once more as RTX (RFC 4588 §4); its length, 0 if it is forgotten. */
int consumer_write_again(struct consumer *consumer, uint16_t sequence, uint8_t *into, double now);

/* Write a packet of nothing but padding as RTX; its length. */
int consumer_write_padding(struct consumer *consumer, uint8_t *into, double now);

/* Keep the bytes that were sent, for a receiver without RTX. */
void consumer_remember(struct consumer *consumer, const uint8_t *data, int size);

/* What was sent under a number, NULL if it is forgotten. */
const struct repeat *consumer_repeat(const struct consumer *consumer, uint16_t sequence);

/* At most 500 retransmissions a second. */
bool consumer_may_resend(struct consumer *consumer, double now);

#endif
