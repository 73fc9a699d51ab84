#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "forward.h"
#include "stage.h"

enum { SMALLEST = 64, PATIENCE = 100, WAKE_EVERY_MS = 1000 };

/* ---- whose a datagram is */

static int slot_of(const struct plane *plane, const struct path *path) {
    int mask = plane->path_capacity - 1, slot = (int)path_hash(path) & mask;
    while (plane->by_path[slot] && !path_equal(&plane->by_path[slot]->path, path)) slot = (slot + 1) & mask;
    return slot;
}

static void insert(struct plane *plane, struct peer *peer) {
    int slot = slot_of(plane, &peer->path);
    if (!plane->by_path[slot]) plane->path_count++;
    plane->by_path[slot] = peer;
}

static bool grow(struct plane *plane) {
    int former_capacity = plane->path_capacity;
    struct peer **former = plane->by_path;
    int capacity = former_capacity ? 2 * former_capacity : SMALLEST;
    struct peer **larger = calloc((size_t)capacity, sizeof *larger);
    if (!larger) return false;
    plane->by_path = larger;
    plane->path_capacity = capacity;
    plane->path_count = 0;
    for (int i = 0; i < former_capacity; i++)
        if (former[i]) insert(plane, former[i]);
    free(former);
    return true;
}

bool loop_learn(struct plane *plane, struct peer *peer) {
    if (2 * (plane->path_count + 1) > plane->path_capacity && !grow(plane)) return false;
    insert(plane, peer);
    return true;
}

void loop_forget(struct plane *plane, struct peer *peer) {
    int mask = plane->path_capacity - 1, hole = slot_of(plane, &peer->path);
    if (plane->by_path[hole] != peer) return; /* another peer has the path by now */
    plane->by_path[hole] = 0;
    plane->path_count--;
    for (int next = (hole + 1) & mask; plane->by_path[next]; next = (next + 1) & mask) {
        struct peer *moved = plane->by_path[next];
        plane->by_path[next] = 0;
        plane->path_count--;
        insert(plane, moved);
    }
}

static struct peer *peer_at(const struct plane *plane, const struct path *path) {
    return plane->path_capacity ? plane->by_path[slot_of(plane, path)] : 0;
}

/* ---- demultiplexing (RFC 7983 §7, RFC 5761 §4) */

static bool is_stun(const uint8_t *data) { return data[0] < 4; }

static bool is_dtls(const uint8_t *data) { return data[0] >= 20 && data[0] <= 63; }

static bool is_rtp_or_rtcp(const uint8_t *data) { return data[0] >= 128 && data[0] <= 191; }

static bool is_rtcp(const uint8_t *data, int size) { return size > 1 && data[1] >= 192 && data[1] <= 223; }

/* Strangers' checks come before the rest: one may be a peer to be. */
static enum handover_spare spare_of(bool from_peer, bool is_check) {
    if (from_peer && is_check) return FOR_CHECKS_OF_PEERS;
    return from_peer || is_check ? FOR_PEERS_AND_CHECKS : FOR_OTHERS;
}

static void hand_over(struct plane *plane, const struct path *path, const uint8_t *data, int size) {
    bool from_peer = peer_at(plane, path);
    struct handed *slot = size <= HANDOVER_BYTES ? handover_slot(&plane->handover, spare_of(from_peer, is_stun(data))) : 0;
    if (!slot) return;
    slot->kind = HANDED_RECEIVED;
    slot->peer = 0;
    slot->path = *path;
    slot->length = (uint32_t)size;
    memcpy(slot->data, data, (size_t)size);
    handover_push(&plane->handover);
    plane->counters.handed_over++;
}

static void on_datagram(struct plane *plane, int index, double now) {
    uint8_t *data = plane->wire.in.vectors[index].iov_base;
    int size = (int)plane->wire.in.messages[index].msg_len;
    if (size < 1) return;
    struct path path;
    wire_path(&plane->wire, index, &path);
    if (is_rtp_or_rtcp(data) && !is_rtcp(data, size)) {
        struct peer *sender = peer_at(plane, &path);
        if (sender)
            forward_datagram(plane, sender, data, size, now);
        else
            hand_over(plane, &path, data, size); /* from another validated address of a peer, or from a stranger */
    } else if (is_stun(data) || is_dtls(data) || is_rtp_or_rtcp(data)) {
        hand_over(plane, &path, data, size);
    } else {
        plane->counters.strange++;
    }
}

/* ---- the thread */

static double clock_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Let those in who wait for the lock. */
static void give_way(struct plane *plane) {
    if (!atomic_load(&plane->waiting)) return;
    stage_flush(plane);
    pthread_mutex_unlock(&plane->lock);
    for (int i = 0; i < PATIENCE && atomic_load(&plane->waiting); i++) sched_yield();
    pthread_mutex_lock(&plane->lock);
}

static void handle_batch(struct plane *plane, int count) {
    double now = clock_now();
    pthread_mutex_lock(&plane->lock);
    for (int i = 0; i < count; i++) {
        give_way(plane);
        on_datagram(plane, i, now);
    }
    stage_flush(plane);
    pthread_mutex_unlock(&plane->lock);
}

static void *run(void *argument) {
    struct plane *plane = argument;
    struct pollfd sources[2] = {{plane->wire.fd, POLLIN, 0}, {plane->wakeup, POLLIN, 0}};
    while (!atomic_load(&plane->stopping)) {
        int count = wire_receive(&plane->wire);
        if (count) handle_batch(plane, count);
        if (count < WIRE_BATCH) poll(sources, 2, WAKE_EVERY_MS);
    }
    return 0;
}

/* Signals stay with the threads that wait for them. */
static int create_thread(struct plane *plane) {
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    int failure = pthread_create(&plane->thread, 0, run, plane);
    pthread_sigmask(SIG_SETMASK, &former, 0);
    return failure;
}

int loop_start(struct plane *plane) {
    if (plane->running) return 0;
    atomic_store(&plane->stopping, false);
    plane->wakeup = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (plane->wakeup < 0) return errno;
    int failure = create_thread(plane);
    plane->running = failure == 0;
    if (failure) close(plane->wakeup);
    return failure;
}

void loop_stop(struct plane *plane) {
    if (!plane->running) return;
    static const uint64_t one = 1;
    atomic_store(&plane->stopping, true);
    ssize_t written = write(plane->wakeup, &one, sizeof one);
    (void)written; /* the thread looks every second anyway */
    pthread_join(plane->thread, 0);
    close(plane->wakeup);
    plane->running = false;
}
