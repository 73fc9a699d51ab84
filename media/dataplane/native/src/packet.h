/* Received packets that outlive their datagram: for retransmissions, and for receivers that wait for a keyframe. */
#ifndef PLENUM_PACKET_H
#define PLENUM_PACKET_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rtp.h"

/* One received packet, shared by all that keep it. */
struct packet {
    int references;
    struct rtp rtp;
    uint8_t data[];
};

/* A copy with one reference; NULL if there is no memory. */
static inline struct packet *packet_keep(const struct rtp *rtp, int size) {
    struct packet *packet = malloc(sizeof *packet + (size_t)size);
    if (!packet) return 0;
    packet->references = 1;
    packet->rtp = *rtp;
    memcpy(packet->data, rtp->data, (size_t)size);
    packet->rtp.data = packet->data;
    packet->rtp.payload = packet->data + (rtp->payload - rtp->data);
    return packet;
}

static inline struct packet *packet_share(struct packet *packet) {
    packet->references++;
    return packet;
}

static inline void packet_drop(struct packet *packet) {
    if (packet && --packet->references == 0) free(packet);
}

#endif
