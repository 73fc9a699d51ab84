/* What no forwarder can undercut: for each subscriber copy, rewrite, protect; then one sendmmsg. Nothing is received. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "generator.h"
#include "limit.h"

#define DATAGRAM_BYTES 2048
#define AT_ONCE 64

static uint8_t buffers[AT_ONCE][DATAGRAM_BYTES];
static struct mmsghdr messages[AT_ONCE];
static struct iovec vectors[AT_ONCE];

static void rewrite(const struct target *target, const uint8_t *packet, int length, uint8_t *into)
{
    memcpy(into, packet, (size_t)length);
    uint16_t sequence = (uint16_t)((packet[2] << 8 | packet[3]) + target->offset);
    into[2] = (uint8_t)(sequence >> 8);
    into[3] = (uint8_t)sequence;
    for (int byte = 0; byte < 4; byte++)
        into[8 + byte] = (uint8_t)(target->ssrc >> (24 - 8 * byte));
}

static int send_all(int fd, int count)
{
    for (int sent = 0; sent < count;) {
        int done = sendmmsg(fd, messages + sent, (unsigned)(count - sent), 0);
        if (done < 0 && errno != ECONNREFUSED)
            return errno;
        sent += done < 0 ? 1 : done;
    }
    return 0;
}

/* One packet to everybody. */
static int fan_out(int fd, const struct srtp *srtp, const struct target *targets, int32_t count, const uint8_t *packet,
                   int length)
{
    for (int32_t first = 0; first < count; first += AT_ONCE) {
        int many = count - first < AT_ONCE ? count - first : AT_ONCE;
        for (int one = 0; one < many; one++) {
            const struct target *target = &targets[first + one];
            int protected_length = length;
            rewrite(target, packet, length, buffers[one]);
            if (srtp->protect(target->session, buffers[one], &protected_length))
                return EINVAL;
            vectors[one] = (struct iovec){buffers[one], (size_t)protected_length};
            messages[one].msg_hdr = (struct msghdr){.msg_iov = &vectors[one],
                                                    .msg_iovlen = 1,
                                                    .msg_name = (void *)&target->address,
                                                    .msg_namelen = sizeof target->address};
        }
        int failure = send_all(fd, many);
        if (failure)
            return failure;
    }
    return 0;
}

int run_limit(int32_t fd, const struct srtp *srtp, struct source *source, const struct target *targets, int32_t count,
              int32_t window, struct meeting_point *point)
{
    uint64_t sent = 0, allowed = (uint64_t)window * (uint64_t)count;
    uint8_t packet[DATAGRAM_BYTES];
    while (!atomic_load(&point->stop)) {
        if (sent + (uint64_t)count > atomic_load_explicit(&point->received, memory_order_acquire) + allowed) {
            sched_yield(); /* the subscribers are behind: this is not counted */
            continue;
        }
        uint64_t before = clock_ns(CLOCK_THREAD_CPUTIME_ID);
        for (int burst = 0; burst < BURST; burst++, sent += (uint64_t)count) {
            int length = write_packet(source, 0, 1, packet);
            int failure = fan_out(fd, srtp, targets, count, packet, length);
            if (failure)
                return failure;
        }
        atomic_fetch_add(&point->busy_ns, clock_ns(CLOCK_THREAD_CPUTIME_ID) - before);
    }
    return 0;
}
