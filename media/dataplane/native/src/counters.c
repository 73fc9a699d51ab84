/* Statistics, for whoever asks. */
#include <string.h>

#include "lock.h"
#include "model.h"

void plane_socket_counters(struct plane *self, struct socket_counters *into) {
    plane_enter(self);
    *into = self->counters;
    into->dropped = self->handover.dropped;
    into->unsent = self->wire.unsent;
    plane_leave(self);
}

static void count_source(const struct producer *producer, const struct stream *stream, struct source_counters *into) {
    *into = (struct source_counters){.producer = producer->route.token,
                                     .encoding = stream->encoding,
                                     .live = stream->live,
                                     .packets = stream->packets,
                                     .width = stream->width,
                                     .height = stream->height};
    memcpy(into->by_temporal, stream->by_temporal, sizeof into->by_temporal);
}

int plane_sources(struct plane *self, struct source_counters *into, int capacity) {
    int count = 0;
    plane_enter(self);
    for (struct producer *producer = self->first; producer; producer = producer->next)
        for (int i = 0; i < producer->route.encodings && count < capacity; i++)
            if (producer->media[i]) count_source(producer, producer->media[i], &into[count++]);
    plane_leave(self);
    return count;
}

static void count_streams(const struct producer *producer, uint64_t *expected, uint64_t *received) {
    for (int i = 0; i < producer->route.encodings; i++) {
        if (!producer->media[i]) continue;
        *expected += (uint64_t)stream_expected(producer->media[i]);
        *received += (uint64_t)producer->media[i]->received;
    }
}

void plane_peer_counters(struct plane *self, struct peer *peer, struct peer_counters *into) {
    plane_enter(self);
    *into = peer->counters;
    for (struct producer *producer = peer->first; producer; producer = producer->next_of_peer)
        count_streams(producer, &into->expected_in, &into->received_in);
    plane_leave(self);
}

void plane_producer_counters(struct plane *self, struct producer *producer, struct producer_counters *into) {
    plane_enter(self);
    *into = producer->counters;
    count_streams(producer, &into->expected, &into->received);
    plane_leave(self);
}

void plane_consumer_counters(struct plane *self, struct consumer *consumer, struct consumer_counters *into) {
    plane_enter(self);
    *into = consumer->counters;
    plane_leave(self);
}
