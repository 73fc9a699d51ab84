/* Both ends of a UDP path, normalised: IPv4 as ::ffff:a.b.c.d, ports in host order. */
#ifndef PLENUM_ADDRESS_H
#define PLENUM_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct path {
    uint8_t host[16];
    uint8_t local[16]; /* all zero: the system chooses */
    uint16_t port;
};

static inline bool path_equal(const struct path *one, const struct path *other) {
    return one->port == other->port && !memcmp(one->host, other->host, 16) && !memcmp(one->local, other->local, 16);
}

static inline uint32_t path_hash(const struct path *path) {
    uint64_t host[2], local[2];
    memcpy(host, path->host, 16);
    memcpy(local, path->local, 16);
    uint64_t mixed = (host[0] ^ local[1]) * 0x9E3779B97F4A7C15u ^ (host[1] + path->port) * 0xC2B2AE3D27D4EB4Fu ^ local[0];
    return (uint32_t)(mixed * 0x9E3779B97F4A7C15u >> 40);
}

static inline void address_from_v4(uint8_t *into, const struct in_addr *address) {
    memset(into, 0, 10);
    memset(into + 10, 0xFF, 2);
    memcpy(into + 12, address, 4);
}

#endif
