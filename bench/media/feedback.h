#ifndef FEEDBACK_H
#define FEEDBACK_H

#include "generator.h"

/* Notes the transport-wide number of a datagram, if it has one under sink->transport_id. */
void note_arrival(struct sink *sink, const uint8_t *packet, unsigned length, uint64_t now);

/* Sends what arrived since the last call, protected; an errno if the socket fails. */
int send_feedback(struct sink *sink, const struct srtp *srtp);

#endif
