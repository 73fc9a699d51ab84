/* A source with its encodings, and what its consumers shall get of it. The twin of media/producer.py. */
#ifndef PLENUM_PRODUCER_H
#define PLENUM_PRODUCER_H

#include "model.h"

struct producer *producer_new(const struct producer_route *route, struct peer *sender);

void producer_free(struct producer *producer);

/* Take its streams out of its peer's table, one after the other. */
void producer_withdraw(struct producer *producer);

/* The stream of an unknown SSRC that carries the producer's mid, or NULL if it cannot be told. */
struct stream *producer_learn(struct producer *producer, const struct rtp *packet);

/* The producer of a peer whose mid a packet carries, or NULL. */
struct producer *producer_of_mid(const struct peer *sender, const struct rtp *packet);

/* Whether a datagram may pass: of sound there is a limit. */
bool producer_admits(struct producer *producer, int octets, double now);

/* One more packet goes on than came. */
void producer_restored(struct producer *producer);

/* Note which streams have fallen silent. */
void producer_refresh(struct producer *producer, double now);

/* Consumers come and go. A new one is told its target; false if there is no memory. */
bool producer_join(struct producer *producer, struct consumer *consumer, double now);
void producer_leave(struct producer *producer, struct consumer *consumer);

/* Choose a consumer's target anew, and ask for a keyframe if it is another one. */
void producer_retarget(struct producer *producer, struct consumer *consumer, double now);

/* The same for all consumers, if anything changed. */
void producer_settle(struct producer *producer, double now);

/* Ask for a keyframe if a consumer needs one for a start or a switch. */
void producer_want(struct producer *producer, struct consumer *consumer, double now);

/* Whether a consumer gets this stream. */
bool producer_is_seen(const struct producer *producer, const struct stream *stream);

/* Keep a packet, at most the last 64, while a consumer waits for a keyframe. */
void producer_hold(struct producer *producer, struct arrived *arrived);

void producer_release_held(struct producer *producer);

/* Remember the loudest RFC 6464 level. */
void producer_note_level(struct producer *producer, const struct rtp *packet);

static inline bool producer_is_video(const struct producer *producer) { return producer->route.codec != CODEC_AUDIO; }

#endif
