#include "placing.h"

static struct change *change_at(struct consumer *consumer, int index) {
    return &consumer->changes[(consumer->first_change + index) % MAX_CHANGES];
}

static void add_change(struct consumer *consumer, int64_t start, bool dropped, uint32_t timestamp) {
    if (consumer->change_count == MAX_CHANGES) {
        consumer->first_change = (consumer->first_change + 1) % MAX_CHANGES;
        consumer->change_count--;
    }
    *change_at(consumer, consumer->change_count++) =
        (struct change){start, consumer->offset, consumer->picture_offset, timestamp, dropped};
}

void placing_start(struct consumer *consumer, const struct arrived *arrived) {
    consumer->first_sequence = consumer->last_sequence + 1;
    consumer->offset = consumer->first_sequence - arrived->sequence;
    consumer->first_change = consumer->change_count = 0;
    add_change(consumer, arrived->sequence, false, 0);
    consumer->head = arrived->sequence - 1;
    consumer->keeping = true;
    consumer->frame_timestamp = arrived->rtp.timestamp;
    consumer->temporal = consumer->aim_temporal;
}

/* On the way down only what others rest on is forwarded. */
static int temporal_aim(const struct consumer *consumer) {
    const struct stream *source = consumer->source, *target = consumer->target;
    return source && target && target->encoding < source->encoding ? 0 : consumer->aim_temporal;
}

/* Whether a frame that begins with this packet is forwarded; gap packets before it are missing. */
static bool frame_passes(struct consumer *consumer, const struct arrived *arrived, int64_t gap) {
    if (!arrived->has_vp8) return true;
    const struct vp8 *vp8 = &arrived->vp8;
    int aim = temporal_aim(consumer);
    if (vp8->keyframe) {
        consumer->temporal = aim;
        return true;
    }
    if (consumer->temporal > aim) consumer->temporal = aim;
    if (vp8->tid <= consumer->temporal) return true;
    if (gap && !vp8->starts_frame) return true;
    if (vp8->tid > aim || !vp8->layer_sync) return false;
    consumer->temporal = vp8->tid;
    return true;
}

/* The frame of this packet is dropped: numbers close up over it. */
static void skip_frame(struct consumer *consumer, const struct arrived *arrived, int64_t gap) {
    if (!consumer->keeping && !gap) {
        change_at(consumer, consumer->change_count - 1)->timestamp = arrived->rtp.timestamp;
    } else {
        if (!consumer->keeping) add_change(consumer, consumer->head + 1, false, 0);
        add_change(consumer, arrived->sequence, true, arrived->rtp.timestamp);
    }
    consumer->offset--;
    if (arrived->has_vp8 && arrived->vp8.picture_id_bits) consumer->picture_offset--;
}

/* A packet newer than all before. */
static bool goes_on(struct consumer *consumer, const struct arrived *arrived) {
    int64_t gap = arrived->sequence - consumer->head - 1;
    if (arrived->rtp.timestamp == consumer->frame_timestamp) {
        if (!consumer->keeping) consumer->offset -= gap + 1;
    } else {
        bool passes = frame_passes(consumer, arrived, gap);
        if (!passes)
            skip_frame(consumer, arrived, gap);
        else if (!consumer->keeping)
            add_change(consumer, consumer->head + 1, false, 0);
        consumer->keeping = passes;
        consumer->frame_timestamp = arrived->rtp.timestamp;
    }
    consumer->head = arrived->sequence;
    return consumer->keeping;
}

/* A packet that comes after later ones. */
static enum fate place_late(struct consumer *consumer, const struct arrived *arrived, int64_t *out, uint32_t *picture_offset) {
    int index = consumer->change_count - 1;
    while (index >= 0 && change_at(consumer, index)->start > arrived->sequence) index--;
    if (index < 0 || change_at(consumer, index)->dropped) return DROPPED;
    const struct change *change = change_at(consumer, index);
    *out = arrived->sequence + change->offset;
    *picture_offset = change->picture_offset;
    if (index == 0) return PASSES;
    const struct change *before = change_at(consumer, index - 1);
    return before->dropped && before->timestamp == arrived->rtp.timestamp ? FILLS : PASSES;
}

enum fate placing_decide(struct consumer *consumer, const struct arrived *arrived, int64_t *out, uint32_t *picture_offset) {
    if (arrived->sequence <= consumer->head) return place_late(consumer, arrived, out, picture_offset);
    if (!goes_on(consumer, arrived)) return DROPPED;
    *out = arrived->sequence + consumer->offset;
    *picture_offset = consumer->picture_offset;
    return PASSES;
}
