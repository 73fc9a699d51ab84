/* One received SSRC: extended sequence numbers, jitter, loss (RFC 3550 appendix A). The twin of SourceStream. */
#ifndef PLENUM_STREAM_H
#define PLENUM_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "keyframe.h"
#include "loss.h"

struct producer;

enum { FRAMES_AHEAD = 4 };

/* The sender report that came last. */
struct report {
    bool known;
    uint64_t ntp;
    uint32_t rtp_timestamp;
    double at;
};

struct stream {
    int references; /* the peer's table holds one, so does each consumer that follows or followed it */
    struct producer *producer; /* NULL once it is no longer the producer's */
    int encoding;
    uint32_t ssrc;
    bool is_rtx, live;
    uint64_t packets, octets, by_temporal[4]; /* of what could be forwarded */
    int width, height;                        /* of the last keyframe that told */
    struct keyframe_requests keyframes;
    bool has_highest;
    int64_t highest, base, received;
    double jitter, last_arrival;
    uint32_t frame_timestamp;
    int next_frame;
    double began[FRAMES_AHEAD]; /* when the last frames began, from next_frame on */
    bool has_transit;
    double transit;
    int64_t prior_expected, prior_received;
    struct report report;
    struct losses losses;
};

struct stream *stream_new(struct producer *producer, int encoding, uint32_t ssrc, bool is_rtx);

static inline struct stream *stream_share(struct stream *stream) {
    stream->references++;
    return stream;
}

void stream_drop(struct stream *stream);

/* The extended sequence number of a packet that is new goes to *sequence; false if it is not wanted any more. */
bool stream_arrived(struct stream *stream, uint16_t number, uint32_t timestamp, int clock_rate, double now, int64_t *sequence);

/* The same for one that came by retransmission; false if it was not missing. */
bool stream_recovered(struct stream *stream, uint16_t number, int64_t *sequence);

/* Whether four frames have begun here since anything came of the other one. */
static inline bool stream_is_ahead(const struct stream *stream, const struct stream *other) {
    return stream->began[stream->next_frame] > other->last_arrival;
}

/* How many packets the sender has sent, by sequence number. */
static inline int64_t stream_expected(const struct stream *stream) {
    return stream->has_highest ? stream->highest - stream->base + 1 : 0;
}

struct reception;

/* The report block since the previous one (RFC 3550 §6.4.1, appendix A.3). */
void stream_report(struct stream *stream, double now, struct reception *block);

#endif
