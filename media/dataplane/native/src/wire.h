/* The UDP socket: batches in, batches out. Linux: recvmmsg, sendmmsg, packet information (RFC 3542 §6), UDP_SEGMENT. */
#ifndef PLENUM_WIRE_H
#define PLENUM_WIRE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "address.h"

enum { WIRE_BATCH = 64, WIRE_STRIDE = 2048, WIRE_CONTROL = 64, MAX_SEGMENTS = 64 };

/* What came. */
struct wire_in {
    struct mmsghdr messages[WIRE_BATCH];
    struct iovec vectors[WIRE_BATCH];
    struct sockaddr_in6 names[WIRE_BATCH]; /* large enough for IPv4 */
    uint8_t control[WIRE_BATCH][WIRE_CONTROL] __attribute__((aligned(16)));
    uint8_t *buffers; /* WIRE_BATCH of WIRE_STRIDE bytes */
    int count;
};

/* What goes out with the next system call. */
struct wire_out {
    struct mmsghdr messages[WIRE_BATCH];
    struct iovec vectors[WIRE_BATCH];
    uint8_t control[WIRE_BATCH][WIRE_CONTROL] __attribute__((aligned(16)));
    int segments[WIRE_BATCH]; /* bytes of each datagram of a message but the last */
    int count;
};

/* Where to send, ready for the kernel. */
struct target {
    struct sockaddr_in6 name;
    socklen_t name_length;
    uint8_t control[WIRE_CONTROL] __attribute__((aligned(16)));
    size_t control_length;
};

struct wire {
    int fd, family; /* fd -1: no socket, everything leaves by the handover */
    bool sends_apart; /* the system, or a device that is sent by, does not cut messages into datagrams */
    struct wire_in in;
    struct wire_out out;
    uint64_t unsent; /* datagrams */
};

bool wire_open(struct wire *wire);

void wire_close(struct wire *wire);

/* Use a bound, non-blocking socket of this family. It stays the caller's to close. */
void wire_attach(struct wire *wire, int fd, int family);

/* Prepare sending by a path. */
void wire_target(const struct wire *wire, const struct path *path, struct target *target);

/* Receive what is there into wire->in; how many datagrams, 0 for none. */
int wire_receive(struct wire *wire);

/* Which way the received datagram came. */
void wire_path(const struct wire *wire, int index, struct path *path);

/* Send bytes with the next batch, cut into datagrams of segment bytes and a last one that may be shorter.
 * Bytes and target must stay where they are until wire_flush(). */
void wire_queue(struct wire *wire, uint8_t *data, int size, int segment, const struct target *target);

/* Send what is queued. What the system does not take is dropped and counted: media waits for nobody. */
void wire_flush(struct wire *wire);

#endif
