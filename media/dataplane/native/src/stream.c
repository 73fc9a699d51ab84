#include "stream.h"

#include <math.h>
#include <stdlib.h>

#include "model.h"

struct stream *stream_new(struct producer *producer, int encoding, uint32_t ssrc, bool is_rtx) {
    struct stream *stream = calloc(1, sizeof *stream);
    if (!stream) return 0;
    stream->references = 1;
    stream->producer = producer;
    stream->encoding = encoding;
    stream->ssrc = ssrc;
    stream->is_rtx = is_rtx;
    return stream;
}

void stream_drop(struct stream *stream) {
    if (!stream || --stream->references) return;
    losses_free(&stream->losses);
    free(stream);
}

/* RFC 3550 appendix A.8, in timestamp units. */
static void measure_jitter(struct stream *stream, uint32_t timestamp, int clock_rate, double now) {
    double transit = now * clock_rate - timestamp;
    if (stream->has_transit) {
        double difference = fabs(transit - stream->transit);
        if (difference < clock_rate) stream->jitter += (difference - stream->jitter) / 16;
    }
    stream->has_transit = true;
    stream->transit = transit;
}

bool stream_arrived(struct stream *stream, uint16_t number, uint32_t timestamp, int clock_rate, double now, int64_t *sequence) {
    if (!stream->has_highest) {
        stream->has_highest = true;
        stream->base = stream->highest = number;
    } else {
        int distance = sequence_distance(number, (uint16_t)stream->highest);
        if (distance <= 0) {
            *sequence = stream->highest + distance;
            if (!losses_arrived(&stream->losses, *sequence)) return false;
            stream->received++;
            return true;
        }
        if (distance > 1) losses_gap(&stream->losses, stream->highest + 1, stream->highest + distance, now);
        stream->highest += distance;
    }
    stream->received++;
    stream->last_arrival = now;
    if (timestamp != stream->frame_timestamp) {
        stream->frame_timestamp = timestamp;
        stream->began[stream->next_frame] = now;
        stream->next_frame = (stream->next_frame + 1) % FRAMES_AHEAD;
    }
    if (!stream->live) stream->live = stream->producer->changed = true;
    measure_jitter(stream, timestamp, clock_rate, now);
    *sequence = stream->highest;
    return true;
}

bool stream_recovered(struct stream *stream, uint16_t number, int64_t *sequence) {
    if (!stream->has_highest) return false;
    *sequence = stream->highest + sequence_distance(number, (uint16_t)stream->highest);
    return losses_arrived(&stream->losses, *sequence);
}

/* floor(dividend / divisor), as Python divides. */
static int64_t floor_divide(int64_t dividend, int64_t divisor) {
    return dividend / divisor - (dividend % divisor < 0);
}

void stream_report(struct stream *stream, double now, struct reception *block) {
    int64_t expected = stream_expected(stream);
    int64_t interval = expected - stream->prior_expected;
    int64_t lost_now = interval - (stream->received - stream->prior_received);
    stream->prior_expected = expected;
    stream->prior_received = stream->received;
    int64_t fraction = interval > 0 && lost_now > 0 ? floor_divide(lost_now * 256, interval) : 0;
    block->ssrc = stream->ssrc;
    block->fraction_lost = fraction > 255 ? 255 : (uint32_t)fraction;
    block->lost = expected - stream->received;
    block->highest = stream->has_highest ? stream->highest : 0;
    block->jitter = (uint32_t)stream->jitter;
    block->last_sender_report = stream->report.known ? (uint32_t)(stream->report.ntp >> 16) : 0;
    block->delay = stream->report.known ? (int64_t)((now - stream->report.at) * 65536) : 0;
}
