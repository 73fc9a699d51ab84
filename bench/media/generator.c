#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "feedback.h"
#include "generator.h"

#define BATCH 64
#define DATAGRAM_BYTES 2048
#define SENT_AT_ONCE 8
#define STALLED_NS 50000000u
#define LATENCY_BINS 100000 /* µs */

static uint8_t buffers[BATCH][DATAGRAM_BYTES];
static struct mmsghdr messages[BATCH];
static struct iovec vectors[BATCH];
static uint32_t latencies[LATENCY_BINS];

struct run {
    const struct load *load;
    const struct srtp *srtp;
    struct publisher *publisher;
    struct sink *sinks;
    int32_t sink_count;
    struct figures now;      /* counted since the start of the run */
    struct figures at_start; /* what stood there when measuring began */
    uint64_t given_up;       /* datagrams that are not waited for any more */
    uint64_t last_progress;
    double next_due;
    uint64_t turns;
    uint64_t next_feedback;
    int32_t feedback_turn;
    int failure;
};

static uint16_t get16(const uint8_t *from)
{
    return (uint16_t)(from[0] << 8 | from[1]);
}

static uint32_t get32(const uint8_t *from)
{
    return (uint32_t)get16(from) << 16 | get16(from + 2);
}

/* ---- what the publisher does */

static void publish(struct run *run, struct source *source)
{
    uint8_t packet[DATAGRAM_BYTES];
    struct publisher *publisher = run->publisher;
    int length = write_packet(source, publisher->transport_sequence++, clock_ns(CLOCK_MONOTONIC), packet);
    if (run->srtp->protect(publisher->session, packet, &length)) {
        run->failure = EINVAL;
        return;
    }
    if (send(publisher->fd, packet, (size_t)length, 0) < 0 && errno != ECONNREFUSED && errno != ENOBUFS)
        run->failure = errno;
    run->now.sent++;
}

/* How many turns the publisher has now. */
static int due(struct run *run, uint64_t now)
{
    const struct load *load = run->load;
    if (!run->publisher)
        return 0;
    if (!load->window) {
        if ((double)now < run->next_due)
            return 0;
        run->next_due += 1e9 / load->rate;
        if (run->next_due < (double)now - 5e6)
            run->next_due = (double)now; /* the machine was away: what was missed is not made up for */
        return 1;
    }
    int64_t many = run->sink_count;
    int64_t on_their_way = (int64_t)run->now.sent * many - (int64_t)(run->now.received + run->given_up);
    int64_t room = (load->window * many - on_their_way + many - 1) / many;
    return room < 0 ? 0 : room > SENT_AT_ONCE ? SENT_AT_ONCE : (int)room;
}

static void send_due(struct run *run, uint64_t now)
{
    for (int left = due(run, now); left > 0 && !run->failure; left--, run->turns++)
        for (int32_t index = 0; index < run->publisher->count && !run->failure; index++)
            if (run->turns % run->publisher->sources[index].every == 0)
                publish(run, &run->publisher->sources[index]);
}

/* ---- what the subscribers do */

static int is_media(const uint8_t *data, unsigned length)
{
    return length >= 12 && data[0] >= 128 && data[0] <= 191 && !(data[1] >= 192 && data[1] <= 223);
}

/* Where the payload starts, 0 if there is no room for ours. */
static int payload_offset(const uint8_t *packet, int length)
{
    int offset = 12 + 4 * (packet[0] & 15);
    if (packet[0] & 16) {
        if (length < offset + 4)
            return 0;
        offset += 4 + 4 * get16(packet + offset + 2);
    }
    return length == offset + PAYLOAD_BYTES ? offset : 0;
}

/* Whether a forwarder may go from one source to another and back, each time with another offset. */
static int switches(const struct run *run)
{
    return run->publisher && run->publisher->count > 1;
}

/* Decrypts with this subscriber's key; the payload must be one that was sent, whole, under the number it belongs to. */
static int verify(struct run *run, struct sink *sink, uint8_t *packet, int length)
{
    if (run->srtp->unprotect(sink->session, packet, &length))
        return 0;
    int offset = payload_offset(packet, length);
    if (!offset)
        return 0;
    const uint8_t *payload = packet + offset;
    uint8_t source = payload[INDEX_AT];
    uint64_t number;
    memcpy(&number, payload + NUMBER_AT, sizeof number);
    uint8_t fill = (uint8_t)number;
    if (payload[FILL_AT] != fill || memcmp(payload + FILL_AT, payload + FILL_AT + 1, PAYLOAD_BYTES - FILL_AT - 1))
        return 0;
    uint16_t shift = (uint16_t)(get16(packet + 2) - get16(payload + SEQUENCE_AT));
    if (sink->mapped && sink->offset != shift && !switches(run))
        return 0;
    sink->mapped = 1;
    sink->source = source;
    sink->offset = shift;
    return 1;
}

static void note_latency(const struct run *run, const struct sink *sink, uint16_t sequence, uint64_t now)
{
    if (!sink->mapped || !run->publisher)
        return;
    uint64_t sent = run->publisher->sources[sink->source].stamps[(uint16_t)(sequence - sink->offset)];
    if (!sent || now < sent)
        return;
    uint64_t us = (now - sent) / 1000;
    latencies[us < LATENCY_BINS ? us : LATENCY_BINS - 1]++;
}

static void take(struct run *run, struct sink *sink, uint8_t *data, unsigned length, uint64_t now)
{
    if (!is_media(data, length) || get32(data + 8) != sink->ssrc) {
        run->now.other++;
        return;
    }
    uint16_t sequence = get16(data + 2);
    run->now.received++;
    if (sink->started && sequence != (uint16_t)(sink->last_sequence + 1))
        run->now.gaps++;
    sink->started = 1;
    sink->last_sequence = sequence;
    if (sink->until_sample == 0 || !sink->mapped) {
        sink->until_sample = run->load->sample;
        if (verify(run, sink, data, (int)length))
            run->now.verified++;
        else
            run->now.bad++;
    }
    sink->until_sample--;
    note_arrival(sink, data, length, now);
    note_latency(run, sink, sequence, now);
}

static int receive(struct run *run)
{
    uint64_t before = run->now.received;
    for (int32_t index = 0; index < run->sink_count; index++) {
        int count = recvmmsg(run->sinks[index].fd, messages, BATCH, MSG_DONTWAIT, NULL);
        uint64_t now = count > 0 ? clock_ns(CLOCK_MONOTONIC) : 0;
        for (int one = 0; one < count; one++)
            take(run, &run->sinks[index], buffers[one], messages[one].msg_len, now);
    }
    atomic_store_explicit(&run->load->point->received, run->now.received + run->given_up, memory_order_release);
    return run->now.received != before;
}

/* Everybody's feedback, spread evenly over its interval. */
static void give_feedback(struct run *run, uint64_t now)
{
    if (!run->load->feedback_ms)
        return;
    uint64_t each = (uint64_t)run->load->feedback_ms * 1000000u / (uint64_t)run->sink_count;
    while (run->next_feedback <= now && !run->failure) {
        run->failure = send_feedback(&run->sinks[run->feedback_turn], run->srtp);
        run->feedback_turn = (run->feedback_turn + 1) % run->sink_count;
        run->next_feedback += each;
    }
}

/* ---- the run */

static double cpu_s(const struct run *run)
{
    clockid_t clock;
    if (!run->load->forwarder)
        return (double)atomic_load(&run->load->point->busy_ns) * 1e-9;
    return clock_getcpuclockid(run->load->forwarder, &clock) ? 0.0 : (double)clock_ns(clock) * 1e-9;
}

/* What has not come after 50 ms of silence does not come: the window opens again. */
static void notice_stall(struct run *run, uint64_t now)
{
    if (!run->load->window || now - run->last_progress < STALLED_NS)
        return;
    run->last_progress = now;
    run->now.stalls++;
    if (run->publisher)
        run->given_up = run->now.sent * (uint64_t)run->sink_count - run->now.received;
    else
        run->given_up += (uint64_t)(run->load->window * run->sink_count);
}

static void begin_measuring(struct run *run, uint64_t now)
{
    memset(latencies, 0, sizeof latencies);
    run->at_start = run->now;
    run->at_start.cpu_s = cpu_s(run);
    run->at_start.wall_s = (double)now * 1e-9;
    run->at_start.share = (double)clock_ns(CLOCK_THREAD_CPUTIME_ID) * 1e-9;
}

static double percentile_us(double share)
{
    uint64_t total = 0, seen = 0;
    for (int us = 0; us < LATENCY_BINS; us++)
        total += latencies[us];
    for (int us = 0; us < LATENCY_BINS; us++) {
        seen += latencies[us];
        if (total && (double)seen >= share * (double)total)
            return us;
    }
    return 0.0;
}

static void conclude(const struct run *run, struct figures *figures)
{
    const struct figures *from = &run->at_start, *to = &run->now;
    figures->cpu_s = cpu_s(run) - from->cpu_s;
    figures->wall_s = (double)clock_ns(CLOCK_MONOTONIC) * 1e-9 - from->wall_s;
    figures->share = ((double)clock_ns(CLOCK_THREAD_CPUTIME_ID) * 1e-9 - from->share) / figures->wall_s;
    figures->sent = to->sent - from->sent;
    figures->received = to->received - from->received;
    figures->other = to->other - from->other;
    figures->gaps = to->gaps - from->gaps;
    figures->stalls = to->stalls - from->stalls;
    figures->verified = to->verified; /* the first of each subscriber, too */
    figures->bad = to->bad;
    figures->p50_us = percentile_us(0.50);
    figures->p99_us = percentile_us(0.99);
}

static void prepare(void)
{
    for (int index = 0; index < BATCH; index++) {
        vectors[index] = (struct iovec){buffers[index], DATAGRAM_BYTES};
        messages[index].msg_hdr = (struct msghdr){.msg_iov = &vectors[index], .msg_iovlen = 1};
    }
}

int generate(const struct load *load, const struct srtp *srtp, struct publisher *publisher, struct sink *sinks,
             int32_t sink_count, struct figures *figures)
{
    struct run run = {.load = load, .srtp = srtp, .publisher = publisher, .sinks = sinks, .sink_count = sink_count};
    uint64_t start = clock_ns(CLOCK_MONOTONIC), now = start;
    uint64_t measured_from = start + (uint64_t)(load->warm_s * 1e9);
    uint64_t end = measured_from + (uint64_t)(load->measured_s * 1e9);
    int measuring = 0;
    prepare();
    run.next_due = (double)start;
    run.last_progress = run.next_feedback = start;
    for (int32_t index = 0; index < sink_count; index++)
        sinks[index].until_sample = 0; /* one of each subscriber in every run */
    while (now < end && !run.failure) {
        if (!measuring && now >= measured_from) {
            begin_measuring(&run, now);
            measuring = 1;
        }
        send_due(&run, now);
        now = clock_ns(CLOCK_MONOTONIC);
        if (receive(&run))
            run.last_progress = now;
        else
            notice_stall(&run, now);
        give_feedback(&run, now);
        if (load->nap_us)
            usleep((useconds_t)load->nap_us);
    }
    atomic_store(&load->point->stop, 1);
    conclude(&run, figures);
    return run.failure;
}
