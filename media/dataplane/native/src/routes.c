/* What plane.h says of producers and consumers: that they are there, what becomes of them. */
#include <stdlib.h>

#include "consumer.h"
#include "forward.h"
#include "lock.h"
#include "model.h"
#include "producer.h"

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
    plane_enter(self);
    struct producer *producer = producer_new(route, sender);
    if (producer) {
        link_producer(self, producer);
        if (route->transport_cc_id && !sender->arrivals)
            sender->arrivals = malloc(MAX_ARRIVALS * sizeof *sender->arrivals);
    }
    plane_leave(self);
    return producer;
}

int plane_remove_producer(struct plane *self, struct producer *producer, uint32_t *given_up) {
    plane_enter(self);
    while (producer->count) {
        struct consumer *consumer = producer->consumers[producer->count - 1];
        producer_leave(producer, consumer);
        consumer_detach(consumer);
    }
    producer_withdraw(producer);
    int count = forward_give_up(self, producer->sender, given_up);
    unlink_producer(self, producer);
    producer_free(producer);
    plane_leave(self);
    return count;
}

void plane_pause_producer(struct plane *self, struct producer *producer, int paused, double now) {
    plane_enter(self);
    producer->paused = paused;
    producer->level = NO_LEVEL;
    for (int i = 0; i < producer->route.encodings; i++)
        if (producer->media[i]) keyframe_arrived(&producer->media[i]->keyframes);
    for (int i = 0; i < producer->count; i++) {
        consumer_detach(producer->consumers[i]);
        producer_want(producer, producer->consumers[i], now);
    }
    plane_leave(self);
}

/* ---- consumers */

struct consumer *plane_add_consumer(struct plane *self, struct peer *receiver, const struct consumer_route *route) {
    plane_enter(self);
    struct consumer *consumer = consumer_new(route, receiver);
    if (consumer && !table_put(&receiver->consumers, route->ssrc, consumer)) {
        consumer_free(consumer);
        consumer = 0;
    }
    plane_leave(self);
    return consumer;
}

void plane_remove_consumer(struct plane *self, struct consumer *consumer, int64_t *last_sequence, int64_t *last_rtx_sequence) {
    plane_enter(self);
    struct table *consumers = &consumer->receiver->consumers;
    if (consumer->producer) producer_leave(consumer->producer, consumer);
    if (table_get(consumers, consumer->route.ssrc) == consumer) table_remove(consumers, consumer->route.ssrc);
    *last_sequence = consumer->last_sequence;
    *last_rtx_sequence = consumer->last_rtx_sequence;
    consumer_free(consumer);
    plane_leave(self);
}

void plane_join(struct plane *self, struct producer *producer, struct consumer *consumer, double now) {
    plane_enter(self);
    consumer_attach(consumer, &producer->route);
    producer_join(producer, consumer, now);
    plane_leave(self);
}

void plane_pause_consumer(struct plane *self, struct consumer *consumer, int paused, double now) {
    plane_enter(self);
    consumer->paused = paused;
    consumer_detach(consumer);
    if (consumer->producer) producer_want(consumer->producer, consumer, now);
    plane_leave(self);
}

void plane_aim(struct plane *self, struct consumer *consumer, int spatial, int temporal, double now) {
    plane_enter(self);
    consumer->aim_spatial = spatial;
    consumer->aim_temporal = temporal;
    if (spatial < 0) consumer_detach(consumer);
    if (consumer->producer) producer_retarget(consumer->producer, consumer, now);
    plane_leave(self);
}

void plane_forwarding(struct plane *self, struct consumer *consumer, int *spatial, int *temporal) {
    plane_enter(self);
    *spatial = consumer->source ? consumer->source->encoding : -1;
    *temporal = consumer->source ? consumer->temporal : -1;
    plane_leave(self);
}
