/* What peers send and ask for: datagrams, retransmissions, keyframes, padding, sender reports. */
#include <string.h>

#include "consumer.h"
#include "forward.h"
#include "lock.h"
#include "model.h"
#include "producer.h"

void plane_receive(struct plane *self, struct peer *sender, const uint8_t *datagram, int size, double now) {
    if (size < 0) return;
    if (size > WIRE_STRIDE) size = WIRE_STRIDE; /* it is rejected anyway */
    uint8_t copy[WIRE_STRIDE] __attribute__((aligned(16)));
    memcpy(copy, datagram, (size_t)size);
    plane_enter(self);
    forward_datagram(self, sender, copy, size, now);
    plane_leave(self);
}

/* Send one packet once more; the size of the datagram, 0 if it is not known any more. */
static int resend(struct plane *plane, struct consumer *consumer, uint16_t sequence, double now) {
    if (consumer->records) {
        uint8_t *buffer = forward_buffer(plane, consumer->receiver);
        int length = consumer_write_again(consumer, sequence, buffer, now);
        if (!length) return 0;
        consumer->receiver->counters.resent_out++;
        return forward_send(plane, consumer, buffer, length, now);
    }
    const struct repeat *repeat = consumer_repeat(consumer, sequence);
    if (!repeat) return 0;
    consumer->receiver->counters.resent_out++;
    consumer->counters.resent++;
    forward_raw(plane, consumer->receiver, repeat->data, repeat->size);
    return repeat->size;
}

/* Whether a picture's packet was sent before what is forwarded now began. */
static bool is_outdated(const struct consumer *consumer, uint16_t sequence) {
    uint16_t behind = (uint16_t)(consumer->last_sequence - sequence);
    return consumer->route.is_video && consumer->last_sequence - behind < consumer->first_sequence;
}

int plane_resend(struct plane *self, struct peer *receiver, uint32_t ssrc, const uint16_t *sequences, int count, int most,
                 double now, int *octets) {
    int handled = 0;
    *octets = 0;
    plane_enter(self);
    struct consumer *consumer = table_get(&receiver->consumers, ssrc);
    bool may = consumer && !consumer->paused && receiver->way != WAY_NONE;
    for (int i = 0; may && i < count; i++) {
        consumer->counters.nacks++;
        may = (*octets < most || !consumer->route.is_video) && consumer_may_resend(consumer, now);
        if (!may) break;
        handled++;
        if (!is_outdated(consumer, sequences[i])) *octets += resend(self, consumer, sequences[i], now);
    }
    plane_leave(self);
    return handled;
}

void plane_request_keyframe(struct plane *self, struct peer *receiver, uint32_t ssrc, double now) {
    plane_enter(self);
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
    plane_leave(self);
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
    plane_enter(self);
    struct consumer *consumer = receiver->way == WAY_NONE ? 0 : padded_consumer(receiver);
    for (int packets = 0; consumer && total < size && packets < MAX_PADDING_PACKETS; packets++) {
        uint8_t *buffer = forward_buffer(self, receiver);
        total += forward_send(self, consumer, buffer, consumer_write_padding(consumer, buffer, now), now);
    }
    plane_leave(self);
    return total;
}

int plane_sender_report(struct plane *self, struct peer *sender, uint32_t ssrc, uint64_t ntp, uint32_t rtp_timestamp, double now,
                        struct forwarded_report *into, int capacity) {
    int count = 0;
    plane_enter(self);
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
    plane_leave(self);
    return count;
}
