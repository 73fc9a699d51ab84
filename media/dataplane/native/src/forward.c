#include "forward.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "consumer.h"
#include "h264.h"
#include "producer.h"
#include "red.h"
#include "stage.h"

/* ---- out */

uint8_t *forward_buffer(struct plane *plane, struct peer *receiver) {
    return receiver->way == WAY_UDP ? stage_room(plane, receiver) : plane->scratch;
}

/* Send what stands in the buffer that forward_buffer() gave. */
static void put_out(struct plane *plane, struct peer *receiver, const uint8_t *data, int size) {
    if (receiver->way == WAY_UDP) {
        if (data != plane->scratch) stage_add(plane, receiver, size);
    } else if (receiver->way == WAY_HANDOVER) {
        struct handed *slot = handover_slot(&plane->handover, FOR_OTHERS);
        if (!slot) return;
        slot->kind = HANDED_OUTPUT;
        slot->peer = receiver->token;
        slot->length = (uint32_t)size;
        memcpy(slot->data, data, (size_t)size);
        handover_push(&plane->handover);
    }
}

void forward_raw(struct plane *plane, struct peer *receiver, const uint8_t *data, int size) {
    uint8_t *buffer = forward_buffer(plane, receiver);
    memcpy(buffer, data, (size_t)size);
    put_out(plane, receiver, buffer, size);
}

int forward_send(struct plane *plane, struct consumer *consumer, uint8_t *packet, int length, double now) {
    struct peer *receiver = consumer->receiver;
    int size = length;
    if (length > MAX_PACKET || plane->protect(receiver->outbound, packet, &size)) {
        receiver->counters.rejected++;
        return 0;
    }
    if (consumer->repeats) consumer_remember(consumer, packet, size);
    receiver->counters.packets_out++;
    receiver->counters.bytes_out += (uint64_t)size;
    if (consumer->route.transport_cc_id) sent_note(&receiver->sent, size, now);
    put_out(plane, receiver, packet, size);
    return size;
}

static void deliver(struct plane *plane, struct consumer *consumer, struct arrived *arrived, double now) {
    uint8_t *buffer = forward_buffer(plane, consumer->receiver);
    int length = consumer_write(consumer, arrived, buffer, now);
    if (length) forward_send(plane, consumer, buffer, length, now);
}

/* ---- a keyframe whose first packet came late, by retransmission: what came before it follows now */

static int by_sequence(const void *one, const void *other) {
    int64_t a = ((const struct held *)one)->sequence, b = ((const struct held *)other)->sequence;
    return a < b ? -1 : a > b;
}

static void deliver_held(struct plane *plane, struct producer *producer, const struct held *held, const bool *started, double now) {
    struct arrived arrived = {held->stream, held->packet->rtp, held->vp8, packet_share(held->packet), held->sequence, 0,
                              held->has_vp8, false};
    for (int i = 0; i < producer->count; i++)
        if (started[i]) deliver(plane, producer->consumers[i], &arrived, now);
    packet_drop(arrived.kept);
}

static void catch_up(struct plane *plane, struct producer *producer, const struct arrived *beginning, const bool *started, double now) {
    struct held following[MAX_HELD];
    int count = 0;
    for (int i = 0; i < producer->held_count; i++) {
        struct held *held = &producer->held[(producer->first_held + i) % MAX_HELD];
        if (held->stream == beginning->stream && held->sequence > beginning->sequence) following[count++] = *held;
    }
    qsort(following, (size_t)count, sizeof *following, by_sequence);
    for (int i = 0; i < count; i++) deliver_held(plane, producer, &following[i], started, now);
    producer_release_held(producer);
}

/* ---- fan-out */

static void count_packet(struct stream *stream, const struct arrived *arrived, int codec) {
    const struct rtp *rtp = &arrived->rtp;
    stream->packets++;
    stream->by_temporal[arrived->vp8.tid] += (uint64_t)rtp->length;
    if (arrived->has_vp8 && arrived->vp8.keyframe)
        vp8_keyframe_size(&arrived->vp8, rtp->payload, rtp->length, &stream->width, &stream->height);
    if (codec == CODEC_H264 && arrived->keyframe)
        h264_picture_size(rtp->payload, rtp->length, &stream->width, &stream->height);
}

static bool is_keyframe(const struct producer *producer, const struct arrived *arrived) {
    if (arrived->has_vp8) return arrived->vp8.keyframe;
    return producer->route.codec == CODEC_H264 && h264_starts_keyframe(arrived->rtp.payload, arrived->rtp.length);
}

static void describe(struct producer *producer, struct arrived *arrived) {
    const struct rtp *rtp = &arrived->rtp;
    arrived->has_vp8 = producer->route.codec == CODEC_VP8 && vp8_parse(&arrived->vp8, rtp->payload, rtp->length);
    if (!arrived->has_vp8) memset(&arrived->vp8, 0, sizeof arrived->vp8);
    if (!producer_is_video(producer)) {
        arrived->keyframe = true;
        producer_note_level(producer, rtp);
        return;
    }
    arrived->keyframe = is_keyframe(producer, arrived);
    if (!arrived->keyframe) return;
    producer->counters.keyframes++;
    keyframe_arrived(&arrived->stream->keyframes);
}

enum turn { NOT_HIS, WAITS, GOES_ON, STARTS };

/* What this packet is to a consumer. */
static enum turn turn_of(const struct consumer *consumer, const struct arrived *arrived) {
    const struct stream *stream = arrived->stream;
    if (consumer->paused || consumer->receiver->way == WAY_NONE) return NOT_HIS;
    if (stream == consumer->source) return GOES_ON;
    if (stream != consumer->target) return NOT_HIS;
    return arrived->keyframe ? STARTS : WAITS;
}

static void fan_out(struct plane *plane, struct producer *producer, struct arrived *arrived, double now) {
    bool waiting = false, any_started = false;
    bool started[producer->count + 1];
    for (int i = 0; i < producer->count; i++) {
        struct consumer *consumer = producer->consumers[i];
        enum turn turn = turn_of(consumer, arrived);
        started[i] = turn == STARTS;
        any_started = any_started || started[i];
        waiting = waiting || turn == WAITS;
        if (turn == STARTS) consumer_switch(consumer, arrived, now);
        if (turn == GOES_ON || turn == STARTS) deliver(plane, consumer, arrived, now);
    }
    if (waiting) {
        keyframe_remind(&arrived->stream->keyframes, now);
        producer_hold(producer, arrived);
    } else if (any_started && producer->held_count) {
        catch_up(plane, producer, arrived, started, now);
    }
}

/* ---- in */

int forward_give_up(struct plane *plane, struct peer *sender, uint32_t *given_up) {
    uint32_t ssrc;
    int count = 0;
    for (; sources_give_up(&sender->sources, &ssrc); count++) {
        plane->forget(sender->inbound, htonl(ssrc));
        if (given_up) given_up[count] = ssrc;
    }
    return count;
}

static bool unprotect(struct plane *plane, struct peer *sender, uint8_t *datagram, int *size) {
    if (*size < RTP_HEADER || *size > MAX_PACKET) return false;
    uint32_t ssrc = read32(datagram + 8);
    bool is_held = table_get(&sender->streams, ssrc);
    if (!is_held && !sources_admit(&sender->sources, ssrc)) return false;
    if (plane->unprotect(sender->inbound, datagram, size)) return false;
    if (is_held) return true;
    sources_hold(&sender->sources, ssrc);
    forward_give_up(plane, sender, 0);
    sources_release(&sender->sources, ssrc); /* beyond the bound: it may be learnt */
    return true;
}

static struct stream *stream_of(struct plane *plane, struct peer *sender, const struct rtp *packet) {
    struct stream *stream = table_get(&sender->streams, packet->ssrc);
    if (stream) return stream;
    struct producer *producer = producer_of_mid(sender, packet);
    stream = producer ? producer_learn(producer, packet) : 0;
    if (stream) forward_give_up(plane, sender, 0);
    return stream;
}

static void record_arrival(struct peer *sender, const struct producer *producer, const struct rtp *packet, double now) {
    int length = 0;
    const uint8_t *value = rtp_element(packet, producer->route.transport_cc_id, &length);
    if (!value || length != 2 || !sender->arrivals || sender->arrival_count == MAX_ARRIVALS) return;
    sender->arrivals[sender->arrival_count++] = (struct arrival){now, read16(value)};
}

/* Turn an RTX packet (RFC 4588 §4) into the one it repeats; false for padding and what was not missing. */
static bool restore(struct producer *producer, struct arrived *arrived) {
    struct rtp *rtp = &arrived->rtp;
    struct stream *stream = producer->media[arrived->stream->encoding];
    if (!stream || rtp->length <= 2) return false;
    if (!stream_recovered(stream, read16(rtp->payload), &arrived->sequence)) return false;
    rtp->payload += 2;
    rtp->length -= 2;
    rtp->payload_type = producer->route.payload_type;
    arrived->stream = stream;
    return true;
}

static void count_recovered(struct producer *producer) {
    producer->sender->counters.recovered_in++;
    producer->counters.recovered++;
}

/* Make a redundant packet a plain one; false if it is neither. What it repeats stands in *red. */
static bool open_redundant(const struct producer *producer, struct rtp *rtp, struct red *red) {
    const struct producer_route *route = &producer->route;
    if (rtp->payload_type == route->payload_type) return true;
    if (rtp->payload_type != route->red_payload_type) return false;
    if (!red_read(red, rtp->payload, rtp->length, route->payload_type)) return false;
    rtp->payload_type = route->payload_type;
    rtp->payload = red->primary;
    rtp->length = red->length;
    return true;
}

/* Whether a packet of the producer is new; its place is found. */
static bool is_new(struct producer *producer, struct arrived *arrived, struct red *red, double now) {
    struct rtp *rtp = &arrived->rtp;
    red->count = 0;
    if (!arrived->stream->is_rtx)
        return stream_arrived(arrived->stream, rtp->sequence, rtp->timestamp, producer->route.clock_rate, now,
                              &arrived->sequence) &&
               open_redundant(producer, rtp, red);
    if (!restore(producer, arrived)) return false;
    count_recovered(producer);
    return true;
}

static void pass_on(struct plane *plane, struct producer *producer, struct arrived *arrived, double now) {
    if (!producer->paused) {
        describe(producer, arrived);
        count_packet(arrived->stream, arrived, producer->route.codec);
        fan_out(plane, producer, arrived, now);
    }
    packet_drop(arrived->kept);
}

/* The missing packets that a redundant one repeats. */
static void pass_on_repeated(struct plane *plane, struct producer *producer, const struct arrived *arrived,
                             const struct red *red, double now) {
    for (int i = 0; i < red->count; i++) {
        const struct repeated *repeated = &red->repeated[i];
        struct arrived lost = *arrived;
        struct rtp *rtp = &lost.rtp;
        lost.sequence -= repeated->back;
        if (!losses_arrived(&lost.stream->losses, lost.sequence)) continue;
        producer_restored(producer);
        count_recovered(producer);
        rtp->marker = false;
        rtp->sequence = (uint16_t)lost.sequence;
        rtp->timestamp -= repeated->timestamp_offset;
        rtp->payload = repeated->payload;
        rtp->length = repeated->length;
        rtp->profile = rtp->block_at = rtp->block_end = 0;
        memset(rtp->elements, 0, sizeof rtp->elements);
        pass_on(plane, producer, &lost, now);
    }
}

void forward_datagram(struct plane *plane, struct peer *sender, uint8_t *datagram, int size, double now) {
    int plain = size;
    struct arrived arrived;
    if (!unprotect(plane, sender, datagram, &plain) || !rtp_parse(&arrived.rtp, datagram, plain)) {
        sender->counters.rejected++;
        return;
    }
    sender->counters.packets_in++;
    sender->counters.bytes_in += (uint64_t)size;
    arrived.stream = stream_of(plane, sender, &arrived.rtp);
    if (!arrived.stream) {
        sender->counters.unknown++;
        return;
    }
    struct producer *producer = arrived.stream->producer;
    arrived.kept = 0;
    arrived.size = plain;
    producer->counters.packets++;
    producer->counters.octets += (uint64_t)size;
    if (!producer_admits(producer, size, now)) {
        sender->counters.rejected++;
        return;
    }
    if (producer->route.transport_cc_id) record_arrival(sender, producer, &arrived.rtp, now);
    struct red red;
    if (!is_new(producer, &arrived, &red, now)) return;
    producer_settle(producer, now);
    pass_on_repeated(plane, producer, &arrived, &red, now);
    pass_on(plane, producer, &arrived, now);
}
