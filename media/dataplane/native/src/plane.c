#include "plane.h"

#include <stdlib.h>
#include <string.h>

#include "lock.h"
#include "loop.h"
#include "model.h"

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
    uint32_t given_up[MAX_GIVEN_UP];
    while (self->first) plane_remove_producer(self, self->first, given_up);
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
    plane_enter(self);
    wire_attach(&self->wire, fd, family);
    int failure = loop_start(self);
    plane_leave(self);
    return failure;
}

void plane_stop(struct plane *self) {
    loop_stop(self);
    wire_attach(&self->wire, -1, 0);
}

int plane_event(struct plane *self) { return self->handover.event; }

int plane_take(struct plane *self, uint8_t *into, int capacity) {
    plane_enter(self);
    int used = handover_take(&self->handover, into, capacity);
    plane_leave(self);
    return used;
}
