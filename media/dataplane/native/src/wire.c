#include "wire.h"

#include <errno.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

enum { PATIENCE_MS = 1 };

bool wire_open(struct wire *wire) {
    struct wire_in *in = &wire->in;
    wire->fd = -1;
    in->buffers = aligned_alloc(64, WIRE_BATCH * WIRE_STRIDE);
    for (int i = 0; i < WIRE_BATCH; i++) {
        if (in->buffers) in->vectors[i] = (struct iovec){in->buffers + i * WIRE_STRIDE, WIRE_STRIDE};
        in->messages[i].msg_hdr.msg_iov = &in->vectors[i];
        in->messages[i].msg_hdr.msg_iovlen = 1;
        wire->out.messages[i].msg_hdr.msg_iov = &wire->out.vectors[i];
        wire->out.messages[i].msg_hdr.msg_iovlen = 1;
    }
    return in->buffers;
}

void wire_close(struct wire *wire) { free(wire->in.buffers); }

/* Whether the system knows UDP_SEGMENT (Linux 4.18). Where it does not, it may overlook the control message. */
static bool can_cut(int fd) {
    int value;
    socklen_t size = sizeof value;
    return !getsockopt(fd, SOL_UDP, UDP_SEGMENT, &value, &size);
}

void wire_attach(struct wire *wire, int fd, int family) {
    wire->fd = fd;
    wire->family = family;
    wire->sends_apart = fd >= 0 && !can_cut(fd);
}

static bool is_zero(const uint8_t *address) {
    static const uint8_t zero[16];
    return !memcmp(address, zero, sizeof zero);
}

static void target_v4(const struct path *path, struct target *target) {
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(path->port)};
    memcpy(&name.sin_addr, path->host + 12, 4);
    memcpy(&target->name, &name, sizeof name);
    target->name_length = sizeof name;
    if (is_zero(path->local)) return;
    struct msghdr message = {.msg_control = target->control, .msg_controllen = CMSG_SPACE(sizeof(struct in_pktinfo))};
    struct cmsghdr *control = CMSG_FIRSTHDR(&message);
    struct in_pktinfo info = {0};
    memcpy(&info.ipi_spec_dst, path->local + 12, 4);
    control->cmsg_level = IPPROTO_IP;
    control->cmsg_type = IP_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(control), &info, sizeof info);
    target->control_length = message.msg_controllen;
}

static void target_v6(const struct path *path, struct target *target) {
    target->name.sin6_family = AF_INET6;
    target->name.sin6_port = htons(path->port);
    memcpy(&target->name.sin6_addr, path->host, 16);
    target->name_length = sizeof target->name;
    if (is_zero(path->local)) return;
    struct msghdr message = {.msg_control = target->control, .msg_controllen = CMSG_SPACE(sizeof(struct in6_pktinfo))};
    struct cmsghdr *control = CMSG_FIRSTHDR(&message);
    struct in6_pktinfo info = {0};
    memcpy(&info.ipi6_addr, path->local, 16);
    control->cmsg_level = IPPROTO_IPV6;
    control->cmsg_type = IPV6_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(control), &info, sizeof info);
    target->control_length = message.msg_controllen;
}

void wire_target(const struct wire *wire, const struct path *path, struct target *target) {
    memset(target, 0, sizeof *target);
    if (wire->family == AF_INET)
        target_v4(path, target);
    else
        target_v6(path, target);
}

int wire_receive(struct wire *wire) {
    struct wire_in *in = &wire->in;
    for (int i = 0; i < WIRE_BATCH; i++) {
        struct msghdr *header = &in->messages[i].msg_hdr;
        header->msg_name = &in->names[i];
        header->msg_namelen = sizeof in->names[i];
        header->msg_control = in->control[i];
        header->msg_controllen = WIRE_CONTROL;
    }
    int count = recvmmsg(wire->fd, in->messages, WIRE_BATCH, MSG_DONTWAIT, 0);
    in->count = count > 0 ? count : 0;
    return in->count;
}

static void local_of(const struct msghdr *header, uint8_t *local) {
    for (struct cmsghdr *control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR((struct msghdr *)header, control)) {
        if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof info);
            address_from_v4(local, &info.ipi_addr);
        } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
            struct in6_pktinfo info;
            memcpy(&info, CMSG_DATA(control), sizeof info);
            memcpy(local, &info.ipi6_addr, 16);
        }
    }
}

void wire_path(const struct wire *wire, int index, struct path *path) {
    memset(path, 0, sizeof *path);
    const struct sockaddr_in6 *name = &wire->in.names[index];
    if (wire->family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, name, sizeof v4);
        address_from_v4(path->host, &v4.sin_addr);
        path->port = ntohs(v4.sin_port);
    } else {
        memcpy(path->host, &name->sin6_addr, 16);
        path->port = ntohs(name->sin6_port);
    }
    local_of(&wire->in.messages[index].msg_hdr, path->local);
}

/* Tell the kernel where to cut (udp(7)); the control message follows those of the target. */
static size_t add_segment(uint8_t *control, size_t length, int segment) {
    struct msghdr message = {.msg_control = control + length, .msg_controllen = CMSG_SPACE(sizeof(uint16_t))};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    uint16_t size = (uint16_t)segment;
    header->cmsg_level = SOL_UDP;
    header->cmsg_type = UDP_SEGMENT;
    header->cmsg_len = CMSG_LEN(sizeof size);
    memcpy(CMSG_DATA(header), &size, sizeof size);
    return length + message.msg_controllen;
}

void wire_queue(struct wire *wire, uint8_t *data, int size, int segment, const struct target *target) {
    struct wire_out *out = &wire->out;
    int at = out->count++;
    struct msghdr *header = &out->messages[at].msg_hdr;
    out->vectors[at] = (struct iovec){data, (size_t)size};
    out->segments[at] = segment;
    header->msg_name = (void *)&target->name;
    header->msg_namelen = target->name_length;
    header->msg_control = target->control_length ? (void *)target->control : 0;
    header->msg_controllen = target->control_length;
    if (segment < size) {
        memcpy(out->control[at], target->control, target->control_length);
        header->msg_control = out->control[at];
        header->msg_controllen = add_segment(out->control[at], target->control_length, segment);
    }
    if (out->count == WIRE_BATCH) wire_flush(wire);
}

/* Whether the socket has room again within a moment. */
static bool has_room(const struct wire *wire) {
    struct pollfd waiting = {wire->fd, POLLOUT, 0};
    return poll(&waiting, 1, PATIENCE_MS) > 0;
}

/* Send the datagrams of a message one by one. */
static void send_apart(struct wire *wire, int index) {
    struct msghdr header = wire->out.messages[index].msg_hdr;
    struct iovec whole = wire->out.vectors[index], one = whole;
    size_t segment = (size_t)wire->out.segments[index];
    header.msg_iov = &one;
    header.msg_controllen -= CMSG_SPACE(sizeof(uint16_t));
    if (!header.msg_controllen) header.msg_control = 0;
    for (size_t at = 0; at < whole.iov_len; at += segment) {
        one.iov_base = (uint8_t *)whole.iov_base + at;
        one.iov_len = whole.iov_len - at < segment ? whole.iov_len - at : segment;
        if (sendmsg(wire->fd, &header, MSG_DONTWAIT) < 0) wire->unsent++;
    }
}

static bool is_cut(const struct wire *wire, int index) {
    return (size_t)wire->out.segments[index] < wire->out.vectors[index].iov_len;
}

static uint64_t datagrams_of(const struct wire *wire, int index) {
    size_t segment = (size_t)wire->out.segments[index];
    return (wire->out.vectors[index].iov_len + segment - 1) / segment;
}

/* A message was refused. The others may go: another path is no better or worse for it. */
static void settle(struct wire *wire, int index, int error) {
    bool no_device_cuts = error == EIO;
    /* One path is narrower than the segments. Only datagrams by themselves go there in fragments. */
    bool path_is_narrow = error == EMSGSIZE || error == EINVAL; /* the latter before Linux 6.14 */
    if (is_cut(wire, index) && (no_device_cuts || path_is_narrow)) {
        wire->sends_apart = wire->sends_apart || no_device_cuts;
        send_apart(wire, index);
    } else {
        wire->unsent += datagrams_of(wire, index);
    }
}

void wire_flush(struct wire *wire) {
    struct wire_out *out = &wire->out;
    bool waited = false;
    int done = 0;
    while (done < out->count) {
        int sent = sendmmsg(wire->fd, out->messages + done, (unsigned)(out->count - done), MSG_DONTWAIT);
        int error = errno;
        if (sent > 0) {
            done += sent;
        } else if (error == EAGAIN || error == EWOULDBLOCK) {
            if (waited || !has_room(wire)) break;
            waited = true;
        } else if (error != EINTR) {
            settle(wire, done++, error);
        }
    }
    for (; done < out->count; done++) wire->unsent += datagrams_of(wire, done);
    out->count = 0;
}
