#include "producer.h"

#include <stdlib.h>
#include <string.h>

static const double LIVE_WITHIN = 1.5, TURNED_OFF_AFTER = 0.25;
static const double SOUND_OCTETS = 64000, SOUND_OVERHEAD = 40;

/* Packets of its SSRC are the stream's from now on, unless the SSRC is given up; false if there is no memory. */
static bool hold(struct peer *sender, struct stream *stream) {
    return !sources_hold(&sender->sources, stream->ssrc) || table_put(&sender->streams, stream->ssrc, stream);
}

/* There is no such stream any more. */
static void withdraw_stream(struct peer *sender, struct stream **place) {
    struct stream *stream = *place;
    if (!stream) return;
    if (table_get(&sender->streams, stream->ssrc) == stream) {
        table_remove(&sender->streams, stream->ssrc);
        sources_release(&sender->sources, stream->ssrc);
    }
    stream->producer = 0;
    stream_drop(stream);
    *place = 0;
}

static struct stream *add_stream(struct producer *producer, int encoding, uint32_t ssrc, bool is_rtx) {
    struct stream *stream = stream_new(producer, encoding, ssrc, is_rtx);
    struct stream **place = is_rtx ? &producer->rtx[encoding] : &producer->media[encoding];
    if (!stream || !hold(producer->sender, stream)) {
        stream_drop(stream);
        return 0;
    }
    withdraw_stream(producer->sender, place);
    *place = stream;
    producer->changed = producer->changed || !is_rtx;
    return stream;
}

struct producer *producer_new(const struct producer_route *route, struct peer *sender) {
    struct producer *producer = calloc(1, sizeof *producer);
    if (!producer) return 0;
    producer->route = *route;
    producer->sender = sender;
    producer->paused = route->paused;
    producer->level = NO_LEVEL;
    for (int i = 0; i < route->encodings; i++) {
        const struct encoding_route *encoding = &route->encoding[i];
        if (encoding->ssrc) add_stream(producer, i, encoding->ssrc, false);
        if (encoding->rtx_ssrc) add_stream(producer, i, encoding->rtx_ssrc, true);
    }
    return producer;
}

void producer_withdraw(struct producer *producer) {
    for (int i = 0; i < MAX_ENCODINGS; i++) {
        withdraw_stream(producer->sender, &producer->media[i]);
        withdraw_stream(producer->sender, &producer->rtx[i]);
    }
}

void producer_free(struct producer *producer) {
    producer_release_held(producer);
    free(producer->held);
    free(producer->consumers);
    free(producer);
}

/* Which encoding a packet is of, by its RID where there are several; -1 if it cannot be told. */
static int encoding_of(const struct producer *producer, const struct rtp *packet, bool is_rtx) {
    const struct producer_route *route = &producer->route;
    if (route->encodings == 1) return 0;
    int length = 0;
    const uint8_t *rid = rtp_element(packet, is_rtx ? route->repaired_rid_id : route->rid_id, &length);
    for (int i = 0; rid && length && i < route->encodings; i++)
        if (route->encoding[i].rid_length == length && !memcmp(route->encoding[i].rid, rid, (size_t)length)) return i;
    return -1;
}

struct stream *producer_learn(struct producer *producer, const struct rtp *packet) {
    bool is_rtx = packet->payload_type == producer->route.rtx_payload_type;
    bool is_media = packet->payload_type == producer->route.payload_type ||
                    packet->payload_type == producer->route.red_payload_type;
    if (!is_rtx && !is_media) return 0;
    int encoding = encoding_of(producer, packet, is_rtx);
    return encoding < 0 ? 0 : add_stream(producer, encoding, packet->ssrc, is_rtx);
}

struct producer *producer_of_mid(const struct peer *sender, const struct rtp *packet) {
    for (struct producer *producer = sender->first; producer; producer = producer->next_of_peer) {
        const struct producer_route *route = &producer->route;
        int length = 0;
        const uint8_t *mid = route->mid_length ? rtp_element(packet, route->mid_id, &length) : 0;
        if (mid && length == route->mid_length && !memcmp(mid, route->mid, (size_t)length)) return producer;
    }
    return 0;
}

bool producer_admits(struct producer *producer, int octets, double now) {
    if (producer_is_video(producer)) return true;
    if (!rate_limit_admits(&producer->sound, SOUND_OCTETS, SOUND_OCTETS, now)) return false;
    rate_limit_spend(&producer->sound, SOUND_OCTETS, octets + SOUND_OVERHEAD - 1);
    return true;
}

void producer_restored(struct producer *producer) {
    if (!producer_is_video(producer)) rate_limit_spend(&producer->sound, SOUND_OCTETS, SOUND_OVERHEAD);
}

static bool is_silent(const struct producer *producer, const struct stream *stream, double now) {
    double silence = now - stream->last_arrival;
    if (silence < TURNED_OFF_AFTER || silence >= LIVE_WITHIN) return silence >= LIVE_WITHIN;
    for (int i = 0; i < producer->route.encodings; i++)
        if (producer->media[i] && stream_is_ahead(producer->media[i], stream)) return true;
    return false;
}

static bool any_live(const struct producer *producer) {
    for (int i = 0; i < producer->route.encodings; i++)
        if (producer->media[i] && producer->media[i]->live) return true;
    return false;
}

void producer_refresh(struct producer *producer, double now) {
    for (int i = 0; i < producer->route.encodings; i++) {
        struct stream *stream = producer->media[i];
        if (!stream || !stream->live || !is_silent(producer, stream, now)) continue;
        stream->live = false;
        producer->changed = true;
        if (any_live(producer)) keyframe_arrived(&stream->keyframes);
    }
}

/* The highest live encoding up to a limit, else the lowest live one, else what was the target, else the lowest known. */
static struct stream *choose(const struct producer *producer, int spatial, const struct stream *former) {
    struct stream *below = 0, *above = 0, *known = 0, *kept = 0;
    if (spatial < 0) return 0;
    for (int i = 0; i < producer->route.encodings; i++) {
        struct stream *stream = producer->media[i];
        if (!stream) continue;
        if (!known) known = stream;
        if (stream == former) kept = stream;
        if (stream->live && i <= spatial) below = stream;
        if (stream->live && i > spatial && !above) above = stream;
    }
    if (below) return below;
    if (above) return above;
    return kept ? kept : known;
}

static struct stream *target_of(const struct producer *producer, const struct consumer *consumer, const struct stream *former) {
    int only = consumer->route.only;
    if (!only) return choose(producer, consumer->aim_spatial, former);
    return consumer->aim_spatial >= 0 && only <= producer->route.encodings ? producer->media[only - 1] : 0;
}

static void set_target(struct consumer *consumer, struct stream *target) {
    if (target) stream_share(target);
    stream_drop(consumer->target);
    consumer->target = target;
}

void producer_want(struct producer *producer, struct consumer *consumer, double now) {
    const struct stream *source = consumer->source;
    struct stream *target = consumer->target;
    if (!target || target == source || !producer_is_video(producer) || producer->paused || consumer->paused) return;
    keyframe_want(&target->keyframes, now, !source || target->encoding < source->encoding);
}

void producer_retarget(struct producer *producer, struct consumer *consumer, double now) {
    struct stream *target = target_of(producer, consumer, consumer->target);
    if (target == consumer->target) return;
    set_target(consumer, target);
    producer_want(producer, consumer, now);
}

void producer_settle(struct producer *producer, double now) {
    if (!producer->changed) return;
    producer->changed = false;
    for (int i = 0; i < producer->count; i++) producer_retarget(producer, producer->consumers[i], now);
}

bool producer_join(struct producer *producer, struct consumer *consumer, double now) {
    if (producer->count == producer->capacity) {
        int capacity = producer->capacity ? 2 * producer->capacity : 8;
        struct consumer **larger = realloc(producer->consumers, (size_t)capacity * sizeof *larger);
        if (!larger) return false;
        producer->consumers = larger;
        producer->capacity = capacity;
    }
    producer->consumers[producer->count++] = consumer;
    consumer->producer = producer;
    set_target(consumer, target_of(producer, consumer, 0));
    producer_want(producer, consumer, now);
    return true;
}

void producer_leave(struct producer *producer, struct consumer *consumer) {
    int at = 0;
    while (producer->consumers[at] != consumer) at++;
    producer->count--;
    memmove(producer->consumers + at, producer->consumers + at + 1, (size_t)(producer->count - at) * sizeof(void *));
    set_target(consumer, 0);
    consumer->producer = 0;
}

bool producer_is_seen(const struct producer *producer, const struct stream *stream) {
    for (int i = 0; i < producer->count; i++)
        if (producer->consumers[i]->source == stream) return true;
    return false;
}

void producer_hold(struct producer *producer, struct arrived *arrived) {
    if (!producer->held) producer->held = calloc(MAX_HELD, sizeof *producer->held);
    if (!arrived->kept) arrived->kept = packet_keep(&arrived->rtp, arrived->size);
    if (!producer->held || !arrived->kept) return;
    if (producer->held_count == MAX_HELD) {
        struct held *oldest = &producer->held[producer->first_held];
        packet_drop(oldest->packet);
        stream_drop(oldest->stream);
        producer->first_held = (producer->first_held + 1) % MAX_HELD;
        producer->held_count--;
    }
    struct held *held = &producer->held[(producer->first_held + producer->held_count++) % MAX_HELD];
    *held = (struct held){stream_share(arrived->stream), packet_share(arrived->kept), arrived->vp8, arrived->sequence,
                          arrived->has_vp8};
}

void producer_release_held(struct producer *producer) {
    for (int i = 0; i < producer->held_count; i++) {
        struct held *held = &producer->held[(producer->first_held + i) % MAX_HELD];
        packet_drop(held->packet);
        stream_drop(held->stream);
    }
    producer->held_count = producer->first_held = 0;
}

void producer_note_level(struct producer *producer, const struct rtp *packet) {
    int length = 0;
    const uint8_t *value = rtp_element(packet, producer->route.level_id, &length);
    if (!value || length < 1) return;
    int level = -(value[0] & 0x7F);
    if (producer->level == NO_LEVEL || level > producer->level) producer->level = level;
}
