#include "consumer.h"

#include <stdlib.h>
#include <string.h>

#include "placing.h"

enum { RESENDS_PER_SECOND = 500, LONGEST_JUMP = 5, EVERYTHING = 3, PADDING = 255 };

struct consumer *consumer_new(const struct consumer_route *route, struct peer *receiver) {
    struct consumer *consumer = calloc(1, sizeof *consumer);
    if (!consumer) return 0;
    consumer->route = *route;
    consumer->receiver = receiver;
    consumer->paused = route->paused;
    consumer->aim_spatial = consumer->aim_temporal = EVERYTHING;
    consumer->first_sequence = route->first;
    consumer->last_sequence = route->first - 1;
    consumer->last_rtx_sequence = route->rtx_first - 1;
    consumer->history = route->is_video ? VIDEO_HISTORY : AUDIO_HISTORY;
    if (route->has_rtx)
        consumer->records = calloc((size_t)consumer->history, sizeof *consumer->records);
    else
        consumer->repeats = calloc((size_t)consumer->history, sizeof *consumer->repeats);
    if (consumer->records || consumer->repeats) return consumer;
    free(consumer);
    return 0;
}

void consumer_free(struct consumer *consumer) {
    for (int i = 0; i < consumer->history; i++) {
        if (consumer->records) packet_drop(consumer->records[i].packet);
        if (consumer->repeats) free(consumer->repeats[i].data);
    }
    free(consumer->records);
    free(consumer->repeats);
    stream_drop(consumer->target);
    stream_drop(consumer->source);
    stream_drop(consumer->previous);
    free(consumer);
}

void consumer_attach(struct consumer *consumer, const struct producer_route *route) {
    consumer->passed_ids[0] = consumer->route.level_id ? route->level_id : 0;
    consumer->passed_ids[1] = consumer->route.orientation_id ? route->orientation_id : 0;
}

void consumer_detach(struct consumer *consumer) {
    stream_drop(consumer->source);
    consumer->source = 0;
    consumer->has_asked = false;
}

/* Offset for the new stream's timestamps: by both streams' sender reports, else by the time that passed. */
static uint32_t aligned(const struct consumer *consumer, const struct stream *from, const struct stream *to,
                        uint32_t timestamp, double now) {
    int rate = consumer->route.clock_rate;
    if (from->report.known && to->report.known) {
        double elapsed = (double)(int64_t)(to->report.ntp - from->report.ntp) / 4294967296.0;
        uint32_t there = from->report.rtp_timestamp + consumer->timestamp_offset + (uint32_t)(int64_t)(elapsed * rate);
        uint32_t offset = there - to->report.rtp_timestamp;
        int32_t jump = timestamp_distance(timestamp + offset, consumer->last_timestamp);
        if (jump > 0 && jump <= LONGEST_JUMP * rate) return offset;
    }
    int64_t passed = (int64_t)((now - consumer->last_sent_at) * rate);
    return consumer->last_timestamp + (uint32_t)(passed > 1 ? passed : 1) - timestamp;
}

void consumer_switch(struct consumer *consumer, const struct arrived *arrived, double now) {
    struct stream *stream = arrived->stream, *previous = consumer->previous;
    if (previous && previous != stream)
        consumer->timestamp_offset = aligned(consumer, previous, stream, arrived->rtp.timestamp, now);
    if (arrived->has_vp8 && consumer->has_last_picture) {
        consumer->picture_offset = consumer->last_picture + 1 - arrived->vp8.picture_id;
        consumer->tl0_offset = consumer->last_tl0 + 1 - arrived->vp8.tl0;
    }
    placing_start(consumer, arrived);
    stream_share(stream);
    stream_share(stream);
    stream_drop(consumer->source);
    stream_drop(previous);
    consumer->source = consumer->previous = stream;
}

static int write_send_time(uint8_t *into, int id, double now) {
    uint32_t fixed = (uint32_t)(int64_t)(now * 262144) & 0xFFFFFF;
    uint8_t value[3] = {(uint8_t)(fixed >> 16), (uint8_t)(fixed >> 8), (uint8_t)fixed};
    return rtp_write_element(into, id, value, sizeof value);
}

/* The elements that are the consumer's own: mid, transport-wide number, send time. */
static int write_own_elements(const struct consumer *consumer, uint8_t *into, double now) {
    const struct consumer_route *route = &consumer->route;
    int size = 0;
    if (route->mid_id) size += rtp_write_element(into, route->mid_id, (const uint8_t *)route->mid, route->mid_length);
    if (route->transport_cc_id) {
        uint8_t number[2];
        write16(number, (uint32_t)++consumer->receiver->sent.number);
        size += rtp_write_element(into + size, route->transport_cc_id, number, sizeof number);
    }
    if (route->send_time_id) size += write_send_time(into + size, route->send_time_id, now);
    return size;
}

/* What the sender said and receivers shall know: audio level, video orientation. */
static int write_passed_elements(const struct consumer *consumer, const uint8_t *source_ids, uint8_t *into, const struct rtp *rtp) {
    const uint8_t target_ids[PASSED] = {consumer->route.level_id, consumer->route.orientation_id};
    int size = 0;
    for (int i = 0; i < PASSED; i++) {
        int length = 0;
        const uint8_t *value = rtp_element(rtp, source_ids[i], &length);
        if (value && length > 0 && length <= MAX_ONE_BYTE_VALUE)
            size += rtp_write_element(into + size, target_ids[i], value, length);
    }
    return size;
}

/* Close the extension block whose elements were written behind its header; its whole length, 0 if it is empty. */
static int close_extension(uint8_t *block, int size) {
    static const uint8_t one_byte_profile[2] = {0xBE, 0xDE};
    if (!size) return 0;
    int words = (size + 3) / 4;
    memcpy(block, one_byte_profile, 2);
    write16(block + 2, (uint32_t)words);
    memset(block + 4 + size, 0, (size_t)(4 * words - size));
    return 4 + 4 * words;
}

/* Everything before the payload; rtp NULL passes nothing on. */
static int write_front(const struct consumer *consumer, const struct rtp *rtp, const uint8_t *passed_ids, uint8_t *into, double now) {
    uint8_t *elements = into + RTP_HEADER + 4;
    int size = write_own_elements(consumer, elements, now);
    if (rtp) size += write_passed_elements(consumer, passed_ids, elements + size, rtp);
    return RTP_HEADER + close_extension(into + RTP_HEADER, size);
}

static void record(struct consumer *consumer, struct arrived *arrived, uint16_t sequence, uint32_t timestamp,
                   uint32_t picture_offset, bool is_filler) {
    struct record *slot = &consumer->records[sequence & (consumer->history - 1)];
    if (!arrived->kept) arrived->kept = packet_keep(&arrived->rtp, arrived->size);
    packet_drop(slot->packet);
    slot->packet = arrived->kept ? packet_share(arrived->kept) : 0;
    slot->vp8 = arrived->vp8;
    slot->timestamp = timestamp;
    slot->picture_offset = picture_offset;
    slot->tl0_offset = consumer->tl0_offset;
    slot->sequence = sequence;
    memcpy(slot->passed_ids, consumer->passed_ids, PASSED);
    slot->is_filler = is_filler;
    slot->shifted = arrived->has_vp8 && !is_filler;
}

static int write_payload(uint8_t *into, const struct rtp *rtp, const struct vp8 *vp8, uint32_t picture_offset, uint32_t tl0_offset) {
    memcpy(into, rtp->payload, (size_t)rtp->length);
    if (vp8 && (picture_offset || tl0_offset)) vp8_shift(into, vp8, picture_offset, tl0_offset);
    return rtp->length;
}

/* The newest packet of the outgoing stream. */
static void advance(struct consumer *consumer, const struct arrived *arrived, int64_t out, uint32_t timestamp,
                    uint32_t picture_offset, bool is_filler, double now) {
    if (arrived->has_vp8 && !is_filler) {
        consumer->has_last_picture = true;
        consumer->last_picture = arrived->vp8.picture_id + picture_offset;
        consumer->last_tl0 = arrived->vp8.tl0 + consumer->tl0_offset;
    }
    consumer->last_sequence = out;
    consumer->last_timestamp = timestamp;
    consumer->last_sent_at = now;
}

int consumer_write(struct consumer *consumer, struct arrived *arrived, uint8_t *into, double now) {
    int64_t out;
    uint32_t picture_offset;
    enum fate fate = placing_decide(consumer, arrived, &out, &picture_offset);
    if (fate == DROPPED) return 0;
    bool is_filler = fate == FILLS;
    const struct rtp *rtp = &arrived->rtp;
    uint32_t timestamp = rtp->timestamp + consumer->timestamp_offset;
    if (out > consumer->last_sequence) advance(consumer, arrived, out, timestamp, picture_offset, is_filler, now);
    if (consumer->records) record(consumer, arrived, (uint16_t)out, timestamp, picture_offset, is_filler);
    int size = write_front(consumer, rtp, consumer->passed_ids, into, now);
    rtp_write_header(into, size > RTP_HEADER, rtp->marker && !is_filler, consumer->route.payload_type, (uint16_t)out,
                     timestamp, consumer->route.ssrc);
    consumer->counters.packets++;
    if (is_filler) return size;
    consumer->counters.octets += (uint64_t)rtp->length;
    return size + write_payload(into + size, rtp, arrived->has_vp8 ? &arrived->vp8 : 0, picture_offset, consumer->tl0_offset);
}

static void write_rtx_header(struct consumer *consumer, uint8_t *into, bool extended, bool marker, uint32_t timestamp) {
    const struct consumer_route *route = &consumer->route;
    rtp_write_header(into, extended, marker, route->rtx_payload_type, (uint16_t)++consumer->last_rtx_sequence, timestamp,
                     route->rtx_ssrc);
}

int consumer_write_again(struct consumer *consumer, uint16_t sequence, uint8_t *into, double now) {
    const struct record *sent = &consumer->records[sequence & (consumer->history - 1)];
    if (!sent->packet || sent->sequence != sequence) return 0;
    const struct rtp *rtp = &sent->packet->rtp;
    int size = write_front(consumer, rtp, sent->passed_ids, into, now);
    write_rtx_header(consumer, into, size > RTP_HEADER, rtp->marker && !sent->is_filler, sent->timestamp);
    write16(into + size, sequence);
    size += 2;
    consumer->counters.resent++;
    if (sent->is_filler) return size;
    return size + write_payload(into + size, rtp, sent->shifted ? &sent->vp8 : 0, sent->picture_offset, sent->tl0_offset);
}

int consumer_write_padding(struct consumer *consumer, uint8_t *into, double now) {
    int size = write_front(consumer, 0, 0, into, now);
    write_rtx_header(consumer, into, size > RTP_HEADER, false, consumer->last_timestamp);
    into[0] |= 0x20;
    memset(into + size, 0, PADDING - 1);
    into[size + PADDING - 1] = PADDING;
    return size + PADDING;
}

void consumer_remember(struct consumer *consumer, const uint8_t *data, int size) {
    uint16_t sequence = read16(data + 2); /* SRTP leaves the header in the clear */
    struct repeat *slot = &consumer->repeats[sequence & (consumer->history - 1)];
    if (slot->capacity < size) {
        uint8_t *larger = realloc(slot->data, (size_t)size);
        if (!larger) return;
        slot->data = larger;
        slot->capacity = size;
    }
    memcpy(slot->data, data, (size_t)size);
    slot->size = size;
    slot->sequence = sequence;
}

const struct repeat *consumer_repeat(const struct consumer *consumer, uint16_t sequence) {
    const struct repeat *slot = &consumer->repeats[sequence & (consumer->history - 1)];
    return slot->data && slot->sequence == sequence ? slot : 0;
}

bool consumer_may_resend(struct consumer *consumer, double now) {
    if ((int64_t)now != consumer->resend_second) {
        consumer->resend_second = (int64_t)now;
        consumer->resend_count = 0;
    }
    return ++consumer->resend_count <= RESENDS_PER_SECOND;
}
