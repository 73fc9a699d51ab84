/* The plane's thread on a real socket, while one thread sends to it and another calls every function: for
 * ThreadSanitizer. The number of rounds is the argument; in the end some datagrams must have come through.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plane.h"

enum { PEERS = 3, TAG = 16, TAKEN = 1 << 16 };

static int relay, sockets[PEERS];
static int contexts[PEERS]; /* written with each packet, as SRTP contexts are */
static struct plane *plane;
static struct peer *peers[PEERS];
static struct producer *producers[PEERS];
static struct consumer *consumers[PEERS];
static uint64_t token;
static double now = 10;
static atomic_bool done;
static atomic_int came;

static int protect(void *context, void *packet, int *length) {
    ++*(int *)context;
    memset((uint8_t *)packet + *length, 0xA5, TAG);
    *length += TAG;
    return 0;
}

static int unprotect(void *context, void *packet, int *length) {
    (void)packet;
    ++*(int *)context;
    *length -= TAG;
    return *length < 12;
}

static int forget(void *context, uint32_t ssrc) {
    *(int *)context += (int)ssrc;
    return 0;
}

static int open_socket(int type) {
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int one = socket(AF_INET, type | SOCK_NONBLOCK, 0);
    if (one < 0 || bind(one, (struct sockaddr *)&name, sizeof name)) abort();
    return one;
}

static struct sockaddr_in name_of(int one) {
    struct sockaddr_in name;
    socklen_t size = sizeof name;
    getsockname(one, (struct sockaddr *)&name, &size);
    return name;
}

static void move(int which, int way) {
    static const uint8_t host[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127, 0, 0, 1}, local[16];
    plane_move_peer(plane, peers[which], way, host, ntohs(name_of(sockets[which]).sin_port), local);
}

/* Each peer sends to the one after it. */
static void add_consumer(int which) {
    struct consumer_route route = {.token = ++token, .clock_rate = 90000, .ssrc = 90, .rtx_ssrc = 95, .is_video = 1,
                                   .payload_type = 101, .rtx_payload_type = 102, .has_rtx = which != 0, .mid_length = 1,
                                   .mid = "m", .mid_id = 1, .transport_cc_id = 5, .send_time_id = 4};
    consumers[which] = plane_add_consumer(plane, peers[(which + 1) % PEERS], &route);
    if (producers[which]) plane_join(plane, producers[which], consumers[which], now);
}

static void add_producer(int which) {
    struct producer_route route = {.token = ++token, .codec = CODEC_VP8, .clock_rate = 90000, .payload_type = 96,
                                   .rtx_payload_type = 97, .red_payload_type = 255, .encodings = 1, .encoding = {{.ssrc = 50, .rtx_ssrc = 60}},
                                   .transport_cc_id = 3, .nack = 1};
    producers[which] = plane_add_producer(plane, peers[which], &route);
    if (consumers[which]) plane_join(plane, producers[which], consumers[which], now);
}

static void add_peer(int which) {
    peers[which] = plane_add_peer(plane, ++token, &contexts[which], &contexts[which], 2, 1000);
    move(which, WAY_UDP);
}

static void remove_consumer(int which) {
    int64_t last, last_rtx;
    plane_remove_consumer(plane, consumers[which], &last, &last_rtx);
    plane_forget(plane, peers[(which + 1) % PEERS], (uint32_t)(rand() % 2));
    consumers[which] = 0;
}

/* A peer goes with what it sends and gets, and comes back. */
static void replace_peer(int which) {
    int before = (which + PEERS - 1) % PEERS;
    uint32_t given_up[9];
    plane_remove_producer(plane, producers[which], given_up);
    producers[which] = 0;
    remove_consumer(before);
    plane_remove_peer(plane, peers[which]);
    add_peer(which);
    add_consumer(before);
    add_producer(which);
}

static void change(int which, int how) {
    static const uint16_t asked[3] = {1, 2, 3};
    uint32_t given_up[9];
    switch (how) {
    case 0:
        replace_peer(which);
        break;
    case 1:
        move(which, rand() % 3);
        break;
    case 2:
        plane_remove_producer(plane, producers[which], given_up);
        add_producer(which);
        break;
    case 3:
        remove_consumer(which);
        add_consumer(which);
        break;
    case 4:
        plane_aim(plane, consumers[which], rand() % 3 - 1, rand() % 4, now);
        break;
    case 5:
        plane_pause_consumer(plane, consumers[which], rand() % 2, now);
        break;
    case 6:
        plane_pause_producer(plane, producers[which], rand() % 2, now);
        break;
    case 7:
        plane_resend(plane, peers[which], 90, asked, 3, 1 << 30, now, &(int){0});
        plane_pad(plane, peers[which], 500, now);
        break;
    case 8:
        plane_stop(plane);
        if (plane_start(plane, relay, AF_INET)) abort();
        break;
    default:
        move(which, WAY_UDP);
        plane_pause_consumer(plane, consumers[which], 0, now);
        plane_pause_producer(plane, producers[which], 0, now);
        plane_aim(plane, consumers[which], 3, 3, now);
    }
}

static void harvest(int which) {
    static uint8_t taken[TAKEN], packet[64] = {0x80, 96};
    struct loss losses[64];
    struct keyframe_request requests[8];
    struct arrival arrivals[64];
    static const uint8_t feedback[22] = {[9] = 1, [11] = 4, [16] = 0x20, [17] = 4, [18] = 1};
    static struct burst bursts[2048];
    struct acknowledged told;
    int64_t number;
    uint64_t octets;
    struct level levels[4];
    struct reception receptions[8];
    struct source_counters sources[8];
    struct forwarded_report reports[4];
    struct peer_counters of_peer;
    struct producer_counters of_producer;
    struct consumer_counters of_consumer;
    struct socket_counters of_socket;
    int spatial, temporal;
    plane_take(plane, taken, TAKEN);
    plane_receive(plane, peers[which], packet, sizeof packet, now);
    plane_request_keyframe(plane, peers[which], 90, now);
    plane_sender_report(plane, peers[which], 50, 1, 1, now, reports, 4);
    plane_take_losses(plane, peers[which], now, losses, 64);
    plane_take_keyframe_requests(plane, now, requests, 8);
    plane_take_arrivals(plane, peers[which], arrivals, 64);
    plane_sent(plane, peers[which], &number, &octets);
    plane_acknowledge(plane, peers[which], feedback, sizeof feedback, 0, 0, &told, bursts);
    plane_take_levels(plane, levels, 4);
    plane_receptions(plane, peers[which], now, receptions, 8);
    plane_sources(plane, sources, 8);
    plane_first_ssrc(plane, peers[which]);
    plane_forwarding(plane, consumers[which], &spatial, &temporal);
    plane_peer_counters(plane, peers[which], &of_peer);
    plane_producer_counters(plane, producers[which], &of_producer);
    plane_consumer_counters(plane, consumers[which], &of_consumer);
    plane_socket_counters(plane, &of_socket);
}

/* What peers send, a keyframe now and then; and what they get is counted. */
static void *send_and_count(void *argument) {
    struct sockaddr_in name = name_of(relay);
    uint8_t packet[300] = {0x80, 96, [11] = 50, [12] = 0x10}, got[2048];
    (void)argument;
    for (unsigned number = 0; !atomic_load(&done); number++) {
        packet[2] = (uint8_t)(number >> 8);
        packet[3] = (uint8_t)number;
        packet[11] = number % 16 ? 50 : 60;
        packet[1] = number % 16 ? 96 : 97;
        packet[13] = number % 4 != 0;
        packet[0] = number % 32 ? 0x80 : 0;
        for (int i = 0; i < PEERS; i++) {
            sendto(sockets[i], packet, 100 + number % 200, 0, (struct sockaddr *)&name, sizeof name);
            while (recv(sockets[i], got, sizeof got, 0) > 0) atomic_fetch_add(&came, 1);
        }
    }
    return 0;
}

int main(int count, char **arguments) {
    int rounds = count > 1 ? atoi(arguments[1]) : 1000;
    pthread_t sender;
    relay = open_socket(SOCK_DGRAM);
    plane = plane_new((void *)protect, (void *)unprotect, (void *)forget);
    if (plane_start(plane, relay, AF_INET)) abort();
    for (int i = 0; i < PEERS; i++) sockets[i] = open_socket(SOCK_DGRAM);
    for (int i = 0; i < PEERS; i++) add_peer(i);
    for (int i = 0; i < PEERS; i++) {
        add_consumer(i);
        add_producer(i);
    }
    pthread_create(&sender, 0, send_and_count, 0);
    for (int i = 0; i < rounds; i++, now += 0.01) {
        change(rand() % PEERS, rand() % 14);
        harvest(rand() % PEERS);
    }
    plane_free(plane);
    atomic_store(&done, true);
    pthread_join(sender, 0);
    printf("%d rounds, %s\n", rounds, atomic_load(&came) ? "datagrams came" : "nothing came");
    return 0;
}
