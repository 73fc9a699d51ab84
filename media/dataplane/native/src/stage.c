#include "stage.h"

#include <stdlib.h>

static bool has_room(const struct stage *stage) {
    return stage->used + WIRE_STRIDE <= STAGE_BYTES && stage->runs < MAX_RUNS;
}

uint8_t *stage_room(struct plane *plane, struct peer *receiver) {
    struct stage *stage = &receiver->stage;
    if (!has_room(stage)) stage_flush(plane);
    if (!stage->buffer) stage->buffer = malloc(STAGE_BYTES);
    return stage->buffer ? stage->buffer + stage->used : plane->scratch;
}

/* Whether a datagram may follow those of a run: none is longer than the first, none comes after a shorter one. */
static bool fits(const struct plane *plane, const struct run *run, int size) {
    return !plane->wire.sends_apart && !run->closed && size <= run->segment && run->count < MAX_SEGMENTS;
}

void stage_add(struct plane *plane, struct peer *receiver, int size) {
    struct stage *stage = &receiver->stage;
    if (!stage->runs) {
        receiver->next_staged = plane->staged;
        plane->staged = receiver;
    }
    struct run *run = stage->runs ? &stage->run[stage->runs - 1] : 0;
    if (!run || !fits(plane, run, size)) {
        run = &stage->run[stage->runs++];
        *run = (struct run){.at = stage->used, .segment = size};
    }
    run->size += size;
    run->count++;
    run->closed = size < run->segment;
    stage->used += size;
}

void stage_flush(struct plane *plane) {
    for (struct peer *peer = plane->staged; peer; peer = peer->next_staged)
        for (int i = 0; i < peer->stage.runs; i++) {
            const struct run *run = &peer->stage.run[i];
            wire_queue(&plane->wire, peer->stage.buffer + run->at, run->size, run->segment, &peer->target);
        }
    wire_flush(&plane->wire);
    for (struct peer *peer = plane->staged; peer; peer = peer->next_staged) peer->stage.runs = peer->stage.used = 0;
    plane->staged = 0;
}
