#include "plane.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "consumer.h"
#include "forward.h"
#include "loop.h"
#include "model.h"
#include "producer.h"
#include "stage.h"

/* ---- the lock: the thread gives it away between two packets when somebody waits */

static void enter(struct plane *plane) {
    atomic_fetch_add(&plane->waiting, 1);
    pthread_mutex_lock(&plane->lock);
    atomic_fetch_sub(&plane->waiting, 1);
}

static void leave(struct plane *plane) {
    stage_flush(plane);
    pthread_mutex_unlock(&plane->lock);
}

/* ---- the plane */

#ifndef PLANE_INTERFACE
#define PLANE_INTERFACE 0 /* for programs that are compiled with the sources */
#endif

uint32_t plane_interface(void) { return PLANE_INTERFACE; }

struct plane *plane_new(void *protect, void *unprotect, void *forget) {
    struct plane *plane = calloc(1, sizeof *plane);
    if (!plane) return 0;
    memcpy(&plane->protect, &protect, sizeof protect);
    memcpy(&plane->unprotect, &unprotect, sizeof unprotect);
    memcpy(&plane->forget, &forget, sizeof forget);
    plane->handover.event = -1;
    if (wire_open(&plane->wire) && handover_open(&plane->handover) && !pthread_mutex_init(&plane->lock, 0)) return plane;
    plane_free(plane);
    return 0;
}

static void remove_consumers(struct plane *plane, struct peer *peer) {
    int64_t unused;
    for (int i = 0; i < peer->consumers.capacity; i++)
        while (peer->consumers.values[i]) plane_remove_consumer(plane, peer->consumers.values[i], &unused, &unused);
}

void plane_free(struct plane *self) {
    plane_stop(self);
    while (self->first) plane_remove_producer(self, self->first);
    while (self->first_peer) {
        remove_consumers(self, self->first_peer);
        plane_remove_peer(self, self->first_peer);
    }
    free(self->by_path);
    wire_close(&self->wire);
    handover_close(&self->handover);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

int plane_start(struct plane *self, int fd, int family) {
    enter(self);
    wire_attach(&self->wire, fd, family);
    int failure = loop_start(self);
    leave(self);
    return failure;
}

void plane_stop(struct plane *self) {
    loop_stop(self);
    wire_attach(&self->wire, -1, 0);
}

int plane_event(struct plane *self) { return self->handover.event; }

int plane_take(struct plane *self, uint8_t *into, int capacity) {
    enter(self);
    int used = handover_take(&self->handover, into, capacity);
    leave(self);
    return used;
}

void plane_socket_counters(struct plane *self, struct socket_counters *into) {
    enter(self);
    *into = self->counters;
    into->dropped = self->handover.dropped;
    into->unsent = self->wire.unsent;
    leave(self);
}

/* ---- peers */

struct peer *plane_add_peer(struct plane *self, uint64_t token, void *inbound, void *outbound, int max_ssrcs) {
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer) return 0;
    peer->token = token;
    peer->inbound = inbound;
    peer->outbound = outbound;
    peer->max_ssrcs = max_ssrcs;
    enter(self);
    peer->next = self->first_peer;
    if (peer->next) peer->next->previous = peer;
    self->first_peer = peer;
    leave(self);
    return peer;
}

static void detach_consumers(struct peer *peer) {
    for (int i = 0; i < peer->consumers.capacity; i++)
        if (peer->consumers.values[i]) consumer_detach(peer->consumers.values[i]);
}

void plane_move_peer(struct plane *self, struct peer *peer, int way, const uint8_t *host, int port, const uint8_t *local) {
    enter(self);
    if (peer->way == WAY_UDP) loop_forget(self, peer);
    peer->way = way;
    if (way == WAY_NONE) detach_consumers(peer);
    if (way == WAY_UDP) {
        memcpy(peer->path.host, host, 16);
        memcpy(peer->path.local, local, 16);
        peer->path.port = (uint16_t)port;
        wire_target(&self->wire, &peer->path, &peer->target);
        if (!loop_learn(self, peer)) peer->way = WAY_HANDOVER;
    }
    leave(self);
}

void plane_forget(struct plane *self, struct peer *peer, uint32_t ssrc) {
    enter(self);
    self->forget(peer->outbound, htonl(ssrc));
    leave(self);
}

void plane_forget_source(struct plane *self, struct peer *peer, uint32_t ssrc) {
    enter(self);
    self->forget(peer->inbound, htonl(ssrc));
    table_remove(&peer->ssrcs, ssrc);
    leave(self);
}

void plane_remove_peer(struct plane *self, struct peer *peer) {
    enter(self);
    if (peer->way == WAY_UDP) loop_forget(self, peer);
    if (peer->previous) peer->previous->next = peer->next;
    if (peer->next) peer->next->previous = peer->previous;
    if (self->first_peer == peer) self->first_peer = peer->next;
    leave(self);
    table_free(&peer->streams);
    table_free(&peer->consumers);
    table_free(&peer->ssrcs);
    free(peer->arrivals);
    free(peer->sent.packets);
    free(peer->stage.buffer);
    free(peer);
}

/* ---- producers */

static void link_producer(struct plane *plane, struct producer *producer) {
    struct peer *sender = producer->sender;
    producer->previous = plane->last;
    *(plane->last ? &plane->last->next : &plane->first) = producer;
    plane->last = producer;
    producer->previous_of_peer = sender->last;
    *(sender->last ? &sender->last->next_of_peer : &sender->first) = producer;
    sender->last = producer;
}

static void unlink_producer(struct plane *plane, struct producer *producer) {
    struct peer *sender = producer->sender;
    *(producer->previous ? &producer->previous->next : &plane->first) = producer->next;
    *(producer->next ? &producer->next->previous : &plane->last) = producer->previous;
    *(producer->previous_of_peer ? &producer->previous_of_peer->next_of_peer : &sender->first) = producer->next_of_peer;
    *(producer->next_of_peer ? &producer->next_of_peer->previous_of_peer : &sender->last) = producer->previous_of_peer;
}

struct producer *plane_add_producer(struct plane *self, struct peer *sender, const struct producer_route *route) {
    enter(self);
    struct producer *producer = producer_new(route, sender);
    if (producer) {
        link_producer(self, producer);
        if (route->transport_cc_id && !sender->arrivals)
            sender->arrivals = malloc(MAX_ARRIVALS * sizeof *sender->arrivals);
    }
    leave(self);
    return producer;
}

void plane_remove_producer(struct plane *self, struct producer *producer) {
    enter(self);
    while (producer->count) {
        struct consumer *consumer = producer->consumers[producer->count - 1];
        producer_leave(producer, consumer);
        consumer_detach(consumer);
    }
    producer_withdraw(producer);
    unlink_producer(self, producer);
    producer_free(producer);
    leave(self);
}

void plane_pause_producer(struct plane *self, struct producer *producer, int paused, double now) {
    enter(self);
    producer->paused = paused;
    producer->level = NO_LEVEL;
    for (int i = 0; i < producer->route.encodings; i++)
        if (producer->media[i]) keyframe_arrived(&producer->media[i]->keyframes);
    for (int i = 0; i < producer->count; i++) {
        consumer_detach(producer->consumers[i]);
        producer_want(producer, producer->consumers[i], now);
    }
    leave(self);
}

/* ---- consumers */

struct consumer *plane_add_consumer(struct plane *self, struct peer *receiver, const struct consumer_route *route) {
    enter(self);
    struct consumer *consumer = consumer_new(route, receiver);
    if (consumer && !table_put(&receiver->consumers, route->ssrc, consumer)) {
        consumer_free(consumer);
        consumer = 0;
    }
    leave(self);
    return consumer;
}

void plane_remove_consumer(struct plane *self, struct consumer *consumer, int64_t *last_sequence, int64_t *last_rtx_sequence) {
    enter(self);
    struct table *consumers = &consumer->receiver->consumers;
    if (consumer->producer) producer_leave(consumer->producer, consumer);
    if (table_get(consumers, consumer->route.ssrc) == consumer) table_remove(consumers, consumer->route.ssrc);
    *last_sequence = consumer->last_sequence;
    *last_rtx_sequence = consumer->last_rtx_sequence;
    consumer_free(consumer);
    leave(self);
}

void plane_join(struct plane *self, struct producer *producer, struct consumer *consumer, double now) {
    enter(self);
    consumer_attach(consumer, &producer->route);
    producer_join(producer, consumer, now);
    leave(self);
}

void plane_pause_consumer(struct plane *self, struct consumer *consumer, int paused, double now) {
    enter(self);
    consumer->paused = paused;
    consumer_detach(consumer);
    if (consumer->producer) producer_want(consumer->producer, consumer, now);
    leave(self);
}

void plane_aim(struct plane *self, struct consumer *consumer, int spatial, int temporal, double now) {
    enter(self);
    consumer->aim_spatial = spatial;
    consumer->aim_temporal = temporal;
    if (spatial < 0) consumer_detach(consumer);
    if (consumer->producer) producer_retarget(consumer->producer, consumer, now);
    leave(self);
}

void plane_forwarding(struct plane *self, struct consumer *consumer, int *spatial, int *temporal) {
    enter(self);
    *spatial = consumer->source ? consumer->source->encoding : -1;
    *temporal = consumer->source ? consumer->temporal : -1;
    leave(self);
}

/* ---- what peers send and ask */

void plane_receive(struct plane *self, struct peer *sender, const uint8_t *datagram, int size, double now) {
    if (size < 0) return;
    if (size > WIRE_STRIDE) size = WIRE_STRIDE; /* it is rejected anyway */
    uint8_t copy[WIRE_STRIDE] __attribute__((aligned(16)));
    memcpy(copy, datagram, (size_t)size);
    enter(self);
    forward_datagram(self, sender, copy, size, now);
    leave(self);
}

/* Send one packet once more; whether it was still known. */
static bool resend(struct plane *plane, struct consumer *consumer, uint16_t sequence, double now) {
    if (consumer->records) {
        uint8_t *buffer = forward_buffer(plane, consumer->receiver);
        int length = consumer_write_again(consumer, sequence, buffer, now);
        if (length) forward_send(plane, consumer, buffer, length, now);
        return length > 0;
    }
    const struct repeat *repeat = consumer_repeat(consumer, sequence);
    if (!repeat) return false;
    consumer->counters.resent++;
    forward_raw(plane, consumer->receiver, repeat->data, repeat->size);
    return true;
}

void plane_resend(struct plane *self, struct peer *receiver, uint32_t ssrc, const uint16_t *sequences, int count, double now) {
    enter(self);
    struct consumer *consumer = table_get(&receiver->consumers, ssrc);
    bool may = consumer && !consumer->paused && receiver->way != WAY_NONE;
    for (int i = 0; may && i < count; i++) {
        consumer->counters.nacks++;
        may = consumer_may_resend(consumer, now);
        if (may && resend(self, consumer, sequences[i], now)) receiver->counters.resent_out++;
    }
    leave(self);
}

void plane_request_keyframe(struct plane *self, struct peer *receiver, uint32_t ssrc, double now) {
    enter(self);
    struct consumer *consumer = table_get(&receiver->consumers, ssrc);
    if (consumer && !consumer->paused) {
        struct producer *producer = consumer->producer;
        struct stream *stream = consumer->source ? consumer->source : consumer->target;
        consumer->counters.keyframe_requests++;
        if (producer && stream && producer_is_video(producer) && !producer->paused) {
            /* A page that was not ready for the keyframe with which its stream began asks for another. */
            keyframe_want(&stream->keyframes, now, !consumer->source || !consumer->has_asked || consumer->route.only);
            consumer->has_asked = consumer->source;
        }
    }
    leave(self);
}

/* The consumer that probes go to: the one with the lowest SSRC that is able. */
static struct consumer *padded_consumer(const struct peer *receiver) {
    struct consumer *lowest = 0;
    for (int i = 0; i < receiver->consumers.capacity; i++) {
        struct consumer *consumer = receiver->consumers.values[i];
        if (!consumer || !consumer->records || !consumer->route.transport_cc_id || consumer->paused) continue;
        if (!lowest || consumer->route.ssrc < lowest->route.ssrc) lowest = consumer;
    }
    return lowest;
}

int plane_pad(struct plane *self, struct peer *receiver, int size, double now) {
    enum { MAX_PADDING_PACKETS = 100 };
    int total = 0;
    enter(self);
    struct consumer *consumer = receiver->way == WAY_NONE ? 0 : padded_consumer(receiver);
    for (int packets = 0; consumer && total < size && packets < MAX_PADDING_PACKETS; packets++) {
        uint8_t *buffer = forward_buffer(self, receiver);
        total += forward_send(self, consumer, buffer, consumer_write_padding(consumer, buffer, now), now);
    }
    leave(self);
    return total;
}

/* ---- what Python asks for now and then */

int plane_sender_report(struct plane *self, struct peer *sender, uint32_t ssrc, uint64_t ntp, uint32_t rtp_timestamp, double now,
                        struct forwarded_report *into, int capacity) {
    int count = 0;
    enter(self);
    struct stream *stream = table_get(&sender->streams, ssrc);
    if (stream && !stream->is_rtx) {
        struct producer *producer = stream->producer;
        stream->report = (struct report){true, ntp, rtp_timestamp, now};
        for (int i = 0; i < producer->count && count < capacity; i++) {
            const struct consumer *consumer = producer->consumers[i];
            if (consumer->source != stream || producer->paused || consumer->paused) continue;
            into[count++] = (struct forwarded_report){
                consumer->receiver->token,           consumer->route.token,
                consumer->route.ssrc,                rtp_timestamp + consumer->timestamp_offset,
                (uint32_t)consumer->counters.packets, (uint32_t)consumer->counters.octets};
        }
    }
    leave(self);
    return count;
}

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
    enter(self);
    for (struct producer *producer = sender->first; producer; producer = producer->next_of_peer) {
        producer_refresh(producer, now);
        producer_settle(producer, now);
        for (int i = 0; i < producer->route.encodings; i++)
            if (producer->media[i])
                count += take_stream_losses(producer, producer->media[i], now, into + count, capacity - count);
    }
    leave(self);
    return count;
}

int plane_take_keyframe_requests(struct plane *self, double now, struct keyframe_request *into, int capacity) {
    int count = 0;
    enter(self);
    for (struct producer *producer = self->first; producer; producer = producer->next)
        for (int i = 0; i < producer->route.encodings && count < capacity; i++) {
            struct stream *stream = producer->media[i];
            if (!stream || !keyframe_take(&stream->keyframes, now)) continue;
            producer->counters.keyframe_requests++;
            into[count++] = (struct keyframe_request){producer->sender->token, stream->ssrc};
        }
    leave(self);
    return count;
}

uint32_t plane_first_ssrc(struct plane *self, struct peer *sender) {
    uint32_t ssrc = 0;
    enter(self);
    for (struct producer *producer = sender->first; producer && !ssrc; producer = producer->next_of_peer)
        for (int i = 0; i < producer->route.encodings && !ssrc; i++)
            if (producer->media[i]) ssrc = producer->media[i]->ssrc;
    leave(self);
    return ssrc;
}

int plane_take_arrivals(struct plane *self, struct peer *sender, struct arrival *into, int capacity) {
    enter(self);
    int count = sender->arrival_count < capacity ? sender->arrival_count : capacity;
    if (count) memcpy(into, sender->arrivals, (size_t)count * sizeof *into);
    sender->arrival_count = 0;
    leave(self);
    return count;
}

void plane_sent(struct plane *self, struct peer *receiver, int64_t *number, uint64_t *octets) {
    enter(self);
    *number = receiver->sent.number;
    *octets = receiver->sent.octets;
    leave(self);
}

int plane_acknowledge(struct plane *self, struct peer *receiver, const uint8_t *feedback, int size, int64_t after, int64_t until,
                      struct acknowledged *into, struct burst *bursts) {
    enter(self);
    bool is_whole = sent_acknowledge(&receiver->sent, feedback, size, after, until, into, bursts);
    leave(self);
    return is_whole;
}

int plane_take_levels(struct plane *self, struct level *into, int capacity) {
    int count = 0;
    enter(self);
    for (struct producer *producer = self->first; producer && count < capacity; producer = producer->next) {
        if (producer->level == NO_LEVEL) continue;
        into[count++] = (struct level){producer->route.token, producer->level};
        producer->level = NO_LEVEL;
    }
    leave(self);
    return count;
}

int plane_receptions(struct plane *self, struct peer *sender, double now, struct reception *into, int capacity) {
    int count = 0;
    enter(self);
    for (struct producer *producer = sender->first; producer; producer = producer->next_of_peer)
        for (int i = 0; i < producer->route.encodings && count < capacity; i++)
            if (producer->media[i] && producer->media[i]->received) stream_report(producer->media[i], now, &into[count++]);
    leave(self);
    return count;
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
    enter(self);
    for (struct producer *producer = self->first; producer; producer = producer->next)
        for (int i = 0; i < producer->route.encodings && count < capacity; i++)
            if (producer->media[i]) count_source(producer, producer->media[i], &into[count++]);
    leave(self);
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
    enter(self);
    *into = peer->counters;
    for (struct producer *producer = peer->first; producer; producer = producer->next_of_peer)
        count_streams(producer, &into->expected_in, &into->received_in);
    leave(self);
}

void plane_producer_counters(struct plane *self, struct producer *producer, struct producer_counters *into) {
    enter(self);
    *into = producer->counters;
    count_streams(producer, &into->expected, &into->received);
    leave(self);
}

void plane_consumer_counters(struct plane *self, struct consumer *consumer, struct consumer_counters *into) {
    enter(self);
    *into = consumer->counters;
    leave(self);
}
