/* What Python takes now and then, to tell peers of it: losses, keyframes, arrivals, levels, receptions. */
#include <string.h>

#include "lock.h"
#include "model.h"
#include "producer.h"

static int take_stream_losses(struct producer *producer, struct stream *stream, double now, struct loss *into, int capacity) {
    uint16_t due[MAX_MISSING];
    bool is_open = !producer->paused;
    if (stream->losses.overflowed && producer_is_video(producer) && is_open && producer_is_seen(producer, stream))
        keyframe_want(&stream->keyframes, now, false);
    stream->losses.overflowed = false;
    int count = losses_due(&stream->losses, now, due);
    if (!producer->route.nack || !is_open || count > capacity) return 0;
    for (int i = 0; i < count; i++) into[i] = (struct loss){stream->ssrc, due[i]};
    producer->counters.nacks += (uint64_t)count;
    return count;
}

int plane_take_losses(struct plane *self, struct peer *sender, double now, struct loss *into, int capacity) {
    int count = 0;
    plane_enter(self);
    for (struct producer *producer = sender->first; producer; producer = producer->next_of_peer) {
        producer_refresh(producer, now);
        producer_settle(producer, now);
        for (int i = 0; i < producer->route.encodings; i++)
            if (producer->media[i])
                count += take_stream_losses(producer, producer->media[i], now, into + count, capacity - count);
    }
    plane_leave(self);
    return count;
}

int plane_take_keyframe_requests(struct plane *self, double now, struct keyframe_request *into, int capacity) {
    int count = 0;
    plane_enter(self);
    for (struct producer *producer = self->first; producer; producer = producer->next)
        for (int i = 0; i < producer->route.encodings && count < capacity; i++) {
            struct stream *stream = producer->media[i];
            if (!stream || !keyframe_take(&stream->keyframes, now)) continue;
            producer->counters.keyframe_requests++;
            into[count++] = (struct keyframe_request){producer->sender->token, stream->ssrc};
        }
    plane_leave(self);
    return count;
}

uint32_t plane_first_ssrc(struct plane *self, struct peer *sender) {
    uint32_t ssrc = 0;
    plane_enter(self);
    for (struct producer *producer = sender->first; producer && !ssrc; producer = producer->next_of_peer)
        for (int i = 0; i < producer->route.encodings && !ssrc; i++)
            if (producer->media[i]) ssrc = producer->media[i]->ssrc;
    plane_leave(self);
    return ssrc;
}

int plane_take_arrivals(struct plane *self, struct peer *sender, struct arrival *into, int capacity) {
    plane_enter(self);
    int count = sender->arrival_count < capacity ? sender->arrival_count : capacity;
    if (count) memcpy(into, sender->arrivals, (size_t)count * sizeof *into);
    sender->arrival_count = 0;
    plane_leave(self);
    return count;
}

void plane_sent(struct plane *self, struct peer *receiver, int64_t *number, uint64_t *octets) {
    plane_enter(self);
    *number = receiver->sent.number;
    *octets = receiver->sent.octets;
    plane_leave(self);
}

int plane_acknowledge(struct plane *self, struct peer *receiver, const uint8_t *feedback, int size, int64_t after, int64_t until,
                      struct acknowledged *into, struct burst *bursts) {
    plane_enter(self);
    bool is_whole = sent_acknowledge(&receiver->sent, feedback, size, after, until, into, bursts);
    plane_leave(self);
    return is_whole;
}

int plane_take_levels(struct plane *self, struct level *into, int capacity) {
    int count = 0;
    plane_enter(self);
    for (struct producer *producer = self->first; producer && count < capacity; producer = producer->next) {
        if (producer->level == NO_LEVEL) continue;
        into[count++] = (struct level){producer->route.token, producer->level};
        producer->level = NO_LEVEL;
    }
    plane_leave(self);
    return count;
}

int plane_receptions(struct plane *self, struct peer *sender, double now, struct reception *into, int capacity) {
    int count = 0;
    plane_enter(self);
    for (struct producer *producer = sender->first; producer; producer = producer->next_of_peer)
        for (int i = 0; i < producer->route.encodings && count < capacity; i++)
            if (producer->media[i] && producer->media[i]->received) stream_report(producer->media[i], now, &into[count++]);
    plane_leave(self);
    return count;
}
