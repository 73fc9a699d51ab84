/* What plane.h says of peers. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "consumer.h"
#include "lock.h"
#include "loop.h"
#include "model.h"

struct peer *plane_add_peer(struct plane *self, uint64_t token, void *inbound, void *outbound, int max_idle, int max_refused) {
    struct peer *peer = calloc(1, sizeof *peer);
    if (!peer || !sources_open(&peer->sources, max_idle, max_refused)) {
        free(peer);
        return 0;
    }
    peer->token = token;
    peer->inbound = inbound;
    peer->outbound = outbound;
    plane_enter(self);
    peer->next = self->first_peer;
    if (peer->next) peer->next->previous = peer;
    self->first_peer = peer;
    plane_leave(self);
    return peer;
}

static void detach_consumers(struct peer *peer) {
    for (int i = 0; i < peer->consumers.capacity; i++)
        if (peer->consumers.values[i]) consumer_detach(peer->consumers.values[i]);
}

void plane_move_peer(struct plane *self, struct peer *peer, int way, const uint8_t *host, int port, const uint8_t *local) {
    plane_enter(self);
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
    plane_leave(self);
}

void plane_forget(struct plane *self, struct peer *peer, uint32_t ssrc) {
    plane_enter(self);
    self->forget(peer->outbound, htonl(ssrc));
    plane_leave(self);
}

void plane_remove_peer(struct plane *self, struct peer *peer) {
    plane_enter(self);
    if (peer->way == WAY_UDP) loop_forget(self, peer);
    if (peer->previous) peer->previous->next = peer->next;
    if (peer->next) peer->next->previous = peer->previous;
    if (self->first_peer == peer) self->first_peer = peer->next;
    plane_leave(self);
    table_free(&peer->streams);
    table_free(&peer->consumers);
    sources_close(&peer->sources);
    free(peer->arrivals);
    free(peer->sent.packets);
    free(peer->stage.buffer);
    free(peer);
}
