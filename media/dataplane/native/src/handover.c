#include "handover.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { HEADER = 56 };

bool handover_open(struct handover *queue) {
    queue->slots = calloc(HANDOVER_SLOTS, sizeof *queue->slots);
    queue->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return queue->slots && queue->event >= 0;
}

void handover_close(struct handover *queue) {
    if (queue->event >= 0) close(queue->event);
    free(queue->slots);
}

struct handed *handover_slot(struct handover *queue, enum handover_spare spare) {
    if (queue->count >= HANDOVER_SLOTS - (int)spare) {
        queue->dropped++;
        return 0;
    }
    return &queue->slots[(queue->first + queue->count) % HANDOVER_SLOTS];
}

void handover_push(struct handover *queue) {
    static const uint64_t one = 1;
    if (queue->count++ == 0) {
        ssize_t written = write(queue->event, &one, sizeof one);
        (void)written; /* full means readable, which is what matters */
    }
}

static void pack(uint8_t *into, const struct handed *handed) {
    memset(into, 0, HEADER);
    memcpy(into, &handed->kind, 4);
    memcpy(into + 4, &handed->length, 4);
    memcpy(into + 8, &handed->peer, 8);
    memcpy(into + 16, handed->path.host, 16);
    memcpy(into + 32, handed->path.local, 16);
    memcpy(into + 48, &handed->path.port, 2);
    memcpy(into + HEADER, handed->data, handed->length);
}

int handover_take(struct handover *queue, uint8_t *into, int capacity) {
    int used = 0;
    while (queue->count) {
        const struct handed *handed = &queue->slots[queue->first];
        int size = HEADER + (int)handed->length;
        if (used + size > capacity) return used;
        pack(into + used, handed);
        used += size;
        queue->first = (queue->first + 1) % HANDOVER_SLOTS;
        queue->count--;
    }
    queue->first = 0; /* few slots are ever touched, as little waits at once */
    uint64_t value;
    ssize_t drained = read(queue->event, &value, sizeof value);
    (void)drained;
    return used;
}
