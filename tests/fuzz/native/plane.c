/* A data plane with two peers that send to each other, driven by a program that the input spells.
 *
 * SRTP is replaced by 16 bytes that come and go, and by two promises: no index is used twice under one SSRC (what libsrtp
 * would refuse is looked for here, as it costs a packet there), and nothing is taken under an SSRC that was forgotten, of
 * which libsrtp could not know that it comes again. The system takes datagrams or refuses them as
 * the input wants; what it takes must be what was protected, cut where it was put together.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "plane.h"

enum { TAG = 16, SSRCS = 8, KINDS = 65536 / 8, TAKEN = 1 << 16, FORGOTTEN = 1024 };

/* Peers send under SSRCs with this bit; below are those under which they are sent to. */
static const uint32_t INCOMING = 0x80000000;

struct session {
    uint32_t ssrc[SSRCS];
    uint8_t used[SSRCS][KINDS];
    uint32_t forgotten[FORGOTTEN];
    int forgotten_count;
};

static void require_remembered(const struct session *session, uint32_t ssrc) {
    for (int i = 0; i < session->forgotten_count; i++)
        if (session->forgotten[i] == ssrc) abort();
}

static uint32_t ssrc_at(const uint8_t *packet) {
    return (uint32_t)packet[8] << 24 | (uint32_t)packet[9] << 16 | (uint32_t)packet[10] << 8 | packet[11];
}

static int place_of(struct session *session, uint32_t ssrc) {
    int vacant = -1;
    for (int i = 0; i < SSRCS; i++) {
        if (session->ssrc[i] == ssrc) return i;
        if (!session->ssrc[i]) vacant = i;
    }
    require_remembered(session, ssrc); /* its numbers would begin anew */
    if (vacant >= 0) session->ssrc[vacant] = ssrc;
    return vacant;
}

static int forget(void *context, uint32_t ssrc) {
    struct session *session = context;
    ssrc = ntohl(ssrc);
    for (int i = 0; i < SSRCS; i++) {
        if (session->ssrc[i] != ssrc) continue;
        session->ssrc[i] = 0;
        memset(session->used[i], 0, KINDS);
    }
    if (session->forgotten_count < FORGOTTEN) session->forgotten[session->forgotten_count++] = ssrc;
    return 0;
}

static int protect(void *context, void *packet, int *length) {
    struct session *session = context;
    uint8_t *bytes = packet;
    int sequence = bytes[2] << 8 | bytes[3], place = place_of(session, ssrc_at(bytes));
    if (place < 0) abort(); /* an SSRC that nobody minted */
    uint8_t *used = &session->used[place][sequence >> 3];
    if (*used & 1 << (sequence & 7)) abort(); /* different bytes under one index */
    *used |= (uint8_t)(1 << (sequence & 7));
    memset(bytes + *length, 0xA5, TAG);
    *length += TAG;
    bytes[*length - 2] = (uint8_t)(*length >> 8);
    bytes[*length - 1] = (uint8_t)*length;
    return 0;
}

static int unprotect(void *context, void *packet, int *length) {
    require_remembered(context, ssrc_at(packet)); /* its replay window would be empty */
    if (*length < 12 + TAG) return 1;
    *length -= TAG;
    return 0;
}

/* ---- the system */

enum mood { TAKES, TAKES_ONE, IS_FULL, FINDS_IT_LONG, CANNOT_CUT, REFUSES, MOODS };

static enum mood mood;
static size_t owed; /* datagrams of messages that could not be cut: each must be sent by itself */

/* One datagram leaves: it must end where it was protected. */
static void leaves(const uint8_t *data, size_t size) {
    if (size < 12 + TAG || data[0] >> 6 != 2) abort();
    if ((size_t)(data[size - 2] << 8 | data[size - 1]) != size) abort();
    for (size_t i = size - TAG; i < size - 2; i++)
        if (data[i] != 0xA5) abort();
}

/* Where the system shall cut a message; its length if nowhere. */
static size_t segment_of(struct msghdr *header) {
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR(header, control)) {
        uint16_t segment;
        if (control->cmsg_level != SOL_UDP) continue;
        memcpy(&segment, CMSG_DATA(control), sizeof segment);
        return segment;
    }
    return header->msg_iov->iov_len;
}

/* 0 if a message was taken, else an errno. */
static int take(struct msghdr *header) {
    size_t whole = header->msg_iov->iov_len, segment = segment_of(header);
    if (mood == IS_FULL) return EAGAIN;
    if (mood == REFUSES) return EPERM;
    if (segment < whole && (mood == FINDS_IT_LONG || mood == CANNOT_CUT)) {
        owed += (whole + segment - 1) / segment;
        return mood == CANNOT_CUT ? EIO : EMSGSIZE;
    }
    for (size_t at = 0; at < whole; at += segment)
        leaves((uint8_t *)header->msg_iov->iov_base + at, whole - at < segment ? whole - at : segment);
    return 0;
}

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags) {
    (void)fd;
    (void)flags;
    unsigned most = mood == TAKES_ONE ? 1 : count, taken = 0;
    while (taken < most && !(errno = take(&messages[taken].msg_hdr))) taken++;
    return taken ? (int)taken : -1;
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    (void)fd;
    (void)flags;
    struct msghdr header = *message;
    if (!owed--) abort();
    if ((errno = take(&header))) return -1;
    return (ssize_t)header.msg_iov->iov_len;
}

int poll(struct pollfd *sources, nfds_t count, int timeout) {
    (void)sources;
    (void)timeout;
    return (int)count;
}

/* ---- the plane and who uses it */

struct world {
    struct plane *plane;
    struct peer *peers[2];
    struct session *sessions[2];
    struct producer *producers[2];
    struct consumer *consumers[2];
    uint64_t token;
    int64_t next[2], rtx_next[2];
    uint32_t generation[2], began[2]; /* how often a receiver and a source had new SSRCs */
    double now;
    int64_t told[2]; /* how many packets of each peer were acknowledged */
    uint8_t taken[TAKEN];
};

/* A source's SSRC now, or so many times ago. */
static uint32_t source_of(const struct world *world, int which, int number, uint32_t ago) {
    return INCOMING | (world->began[which] - ago) << 8 | (uint32_t)number;
}

static void add_producer(struct world *world, int which) {
    struct producer_route route = {.token = ++world->token, .codec = which ? CODEC_H264 : CODEC_VP8, .clock_rate = 90000,
                                   .payload_type = 96, .rtx_payload_type = 97, .red_payload_type = 98,
                                   .mid_length = 1, .encodings = 3,
                                   .mid_id = 4, .rid_id = 6, .repaired_rid_id = 7, .level_id = 1, .orientation_id = 5,
                                   .transport_cc_id = 3, .nack = 1};
    route.mid[0] = (char)('0' + which);
    for (int i = 0; i < 3; i++) {
        route.encoding[i].ssrc = which ? 0 : source_of(world, which, 50 + i, 0);
        route.encoding[i].rtx_ssrc = which ? 0 : source_of(world, which, 60 + i, 0);
        route.encoding[i].rid_length = 1;
        route.encoding[i].rid[0] = (char)('a' + i);
    }
    world->producers[which] = plane_add_producer(world->plane, world->peers[which], &route);
    for (int i = 0; i < 2; i++)
        if (world->consumers[i] && i == which) plane_join(world->plane, world->producers[which], world->consumers[i], world->now);
}

static struct peer *receiver_of(const struct world *world, int which) { return world->peers[!which]; }

static uint32_t ssrc_of(const struct world *world, int which) { return 90 + 10 * world->generation[which] + (uint32_t)which; }

static void add_consumer(struct world *world, int which) {
    struct consumer_route route = {.token = ++world->token, .clock_rate = 90000, .ssrc = ssrc_of(world, which),
                                   .rtx_ssrc = ssrc_of(world, which) + 5, .first = world->next[which],
                                   .rtx_first = world->rtx_next[which], .is_video = 1, .payload_type = 101,
                                   .rtx_payload_type = 102, .has_rtx = which == 0, .mid_length = 2, .mid_id = 1,
                                   .transport_cc_id = which == 0 ? 12 : 0, .send_time_id = 4, .level_id = 10, .orientation_id = 11};
    memcpy(route.mid, "m0", 2);
    route.only = (uint8_t)(world->token % 6); /* one encoding alone, also one that there is not */
    world->consumers[which] = plane_add_consumer(world->plane, receiver_of(world, which), &route);
    if (world->producers[which]) plane_join(world->plane, world->producers[which], world->consumers[which], world->now);
}

static void remove_consumer(struct world *world, int which) {
    int64_t last, last_rtx;
    plane_remove_consumer(world->plane, world->consumers[which], &last, &last_rtx);
    world->next[which] = last + 1;
    world->rtx_next[which] = last_rtx + 1;
    world->consumers[which] = 0;
}

/* The next consumer has SSRCs of its own, and these are forgotten. */
static void give_up(struct world *world, int which) {
    uint32_t ssrc = ssrc_of(world, which);
    plane_forget(world->plane, receiver_of(world, which), ssrc);
    plane_forget(world->plane, receiver_of(world, which), ssrc + 5);
    world->generation[which]++;
    world->next[which] = world->rtx_next[which] = 0;
}

/* To one of four ports, which the other may have as well. */
static void move(struct world *world, struct peer *peer, int way, int port) {
    static const uint8_t host[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 192, 0, 2, 1}, local[16];
    plane_move_peer(world->plane, peer, way, host, 5000 + (port & 3), local);
}

static void open_world(struct world *world) {
    world->plane = plane_new((void *)protect, (void *)unprotect, (void *)forget);
    world->now = 10;
    for (int i = 0; i < 2; i++) {
        world->sessions[i] = calloc(1, sizeof *world->sessions[i]);
        world->peers[i] = plane_add_peer(world->plane, ++world->token, world->sessions[i], world->sessions[i], 8,
                                         i ? 1000 : 40);
        move(world, world->peers[i], i ? WAY_HANDOVER : WAY_UDP, i);
    }
    for (int i = 0; i < 2; i++) {
        add_producer(world, i);
        add_consumer(world, i);
    }
}

static void harvest(struct world *world, struct peer *peer) {
    struct loss losses[64];
    struct keyframe_request requests[8];
    struct arrival arrivals[64];
    int64_t number;
    uint64_t octets;
    struct level levels[4];
    struct reception receptions[8];
    struct source_counters sources[8];
    struct peer_counters counters;
    struct socket_counters of_socket;
    plane_take_losses(world->plane, peer, world->now, losses, 64);
    plane_take_keyframe_requests(world->plane, world->now, requests, 8);
    plane_take_arrivals(world->plane, peer, arrivals, 64);
    plane_sent(world->plane, peer, &number, &octets);
    plane_take_levels(world->plane, levels, 4);
    plane_receptions(world->plane, peer, world->now, receptions, 8);
    plane_sources(world->plane, sources, 8);
    plane_peer_counters(world->plane, peer, &counters);
    plane_socket_counters(world->plane, &of_socket);
    plane_first_ssrc(world->plane, peer);
}

static void write_ssrc(uint8_t *packet, uint32_t ssrc) {
    for (int i = 0; i < 4; i++) packet[8 + i] = (uint8_t)(ssrc >> (24 - 8 * i));
}

/* A packet that is nearly right: the fuzzer chooses what matters and spells the rest. */
static void send_packet(struct world *world, const uint8_t *operands, const uint8_t *rest, int size) {
    int payload_type = operands[0] & 1 ? 97 : operands[0] & 8 ? 98 : 96;
    uint8_t packet[600] = {0x80 | (operands[0] & 0x30), (uint8_t)(payload_type | (operands[0] & 0x80))};
    packet[2] = operands[1];
    packet[3] = operands[2];
    packet[6] = operands[3];
    int which = operands[0] >> 6 & 1;
    uint32_t ago = operands[3] & 1 ? operands[3] % (world->began[which] + 1) : 0; /* now or a recording */
    write_ssrc(packet, source_of(world, which, (operands[0] & 1 ? 60 : 50) + (operands[0] >> 1 & 3), ago));
    if (size > 500) size = 500;
    memcpy(packet + 12, rest, (size_t)size);
    plane_receive(world->plane, world->peers[which], packet, 12 + size + TAG, world->now);
}

static void change(struct world *world, uint8_t what, uint8_t how) {
    uint32_t given_up[9];
    int which = what & 1;
    switch (what >> 1 & 7) {
    case 0:
        plane_aim(world->plane, world->consumers[which], (how & 7) - 1, how >> 3 & 3, world->now);
        break;
    case 1:
        plane_pause_consumer(world->plane, world->consumers[which], how & 1, world->now);
        break;
    case 2:
        plane_pause_producer(world->plane, world->producers[which], how & 1, world->now);
        break;
    case 3:
        move(world, world->peers[which], how % 8 < 3 ? how % 8 : WAY_UDP, how >> 3);
        break;
    case 4:
        if (plane_remove_producer(world->plane, world->producers[which], given_up) > 9) abort();
        world->began[which] += how & 1;
        add_producer(world, which);
        break;
    case 5:
        remove_consumer(world, which);
        if (how & 1) give_up(world, which);
        add_consumer(world, which);
        break;
    case 6:
        plane_pad(world->plane, world->peers[which], 8 * how, world->now);
        break;
    default:
        plane_request_keyframe(world->plane, receiver_of(world, which), ssrc_of(world, which), world->now);
    }
}

static void ask_again(struct world *world, const uint8_t *operands) {
    uint16_t sequences[2] = {(uint16_t)(operands[0] << 8 | operands[1]), operands[2]};
    struct forwarded_report reports[4];
    int which = operands[3] & 1;
    int octets;
    int handled = plane_resend(world->plane, receiver_of(world, which), ssrc_of(world, which), sequences, 2, 1 << 30, world->now, &octets);
    if (handled > 2 || octets < 0) abort();
    uint32_t ssrc = source_of(world, which, 50 + (operands[3] >> 1 & 3), 0);
    plane_sender_report(world->plane, world->peers[which], ssrc, (uint64_t)operands[0] << 40,
                        operands[1], world->now, reports, 4);
}

/* A feedback whose beginning is nearly right. No packet may count twice, and none that was not sent. */
static void acknowledge(struct world *world, const uint8_t *operands, const uint8_t *rest, int size) {
    static struct burst bursts[2048];
    struct peer *peer = world->peers[operands[0] & 1];
    struct acknowledged told;
    uint8_t *body = malloc((size_t)size + 16); /* exactly, so that a byte too far is seen */
    int64_t number, after, sum = 0;
    uint64_t octets;
    plane_sent(world->plane, peer, &number, &octets);
    after = number - (operands[0] >> 1);
    memset(body, 0, 16);
    body[8] = (uint8_t)((number - operands[1]) >> 8);
    body[9] = (uint8_t)(number - operands[1]);
    body[10] = operands[2];
    body[11] = operands[3];
    memcpy(body + 16, rest, (size_t)size);
    if (plane_acknowledge(world->plane, peer, body, size + 16, after, after + 9, &told, bursts)) {
        for (int i = 0; i < told.bursts; i++) {
            sum += bursts[i].packets;
            if (bursts[i].number < 1 || bursts[i].number > number || bursts[i].last_came < bursts[i].came) abort();
        }
        if (sum != told.told - told.lost || told.highest > number) abort();
        world->told[operands[0] & 1] += sum;
        if (world->told[operands[0] & 1] > number) abort();
    } else if (told.told || told.bursts) {
        abort();
    }
    free(body);
}

static void close_world(struct world *world) {
    plane_free(world->plane);
    if (owed) abort();
    for (int i = 0; i < 2; i++) free(world->sessions[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct world *world = calloc(1, sizeof *world);
    int instructions = 0;
    mood = TAKES;
    open_world(world);
    for (size_t at = 0; at + 6 <= size && instructions < 500; instructions++) {
        uint8_t operation = data[at], length = data[at + 5];
        const uint8_t *operands = data + at + 1;
        int rest = length > size - at - 6 ? (int)(size - at - 6) : length;
        at += 6;
        world->now += 0.001 * (operation >> 3);
        switch (operation & 7) {
        case 0:
            change(world, operands[0], operands[1]);
            break;
        case 1:
            ask_again(world, operands);
            break;
        case 2:
            harvest(world, world->peers[operands[0] & 1]);
            break;
        case 3:
            plane_take(world->plane, world->taken, TAKEN);
            mood = operands[0] % MOODS;
            break;
        case 4:
            acknowledge(world, operands, data + at, rest);
            at += (size_t)rest;
            break;
        default:
            send_packet(world, operands, data + at, rest);
            at += (size_t)rest;
        }
    }
    close_world(world);
    free(world);
    return 0;
}
