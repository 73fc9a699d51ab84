#include "sentlog.h"

#include <stdlib.h>

#include "transportwide.h"

enum fate { WAITING = 0, LOST, ARRIVED };

static const double BURST = 0.01;

void sent_note(struct sent_log *log, int size, double now) {
    log->octets += (uint64_t)size;
    if (!log->packets) log->packets = calloc(SENT_LOG, sizeof *log->packets);
    if (log->packets)
        log->packets[log->number % SENT_LOG] = (struct sent_packet){now, (uint32_t)log->number, (uint16_t)size, WAITING};
}

/* The packet of a number, NULL if nothing is known of it. */
static struct sent_packet *find(const struct sent_log *log, int64_t number) {
    if (!log->packets || number < 1 || number <= log->number - SENT_LOG) return 0;
    struct sent_packet *packet = &log->packets[number % SENT_LOG];
    return packet->number == (uint32_t)number ? packet : 0;
}

static bool on_one_side(int64_t one, int64_t other, int64_t edge) { return (one > edge) == (other > edge); }

struct feedback {
    int64_t after, until;
    struct acknowledged *told;
    struct burst *bursts;
};

/* A packet that arrived belongs to the last burst, or begins one. */
static void add(struct feedback *feedback, int64_t number, const struct sent_packet *packet, int64_t came) {
    struct burst *last = feedback->told->bursts ? &feedback->bursts[feedback->told->bursts - 1] : 0;
    if (last && last->sent_at <= packet->at && packet->at <= last->sent_at + BURST &&
        on_one_side(last->number, number, feedback->after) && on_one_side(last->number, number, feedback->until)) {
        if (came > last->last_came) last->last_came = came;
        last->packets++;
        last->octets += packet->size;
        return;
    }
    feedback->bursts[feedback->told->bursts++] = (struct burst){number, packet->at, came, came, 1, packet->size};
}

static void take_in(struct feedback *feedback, int64_t number, struct sent_packet *packet, bool arrived, int64_t came) {
    if (packet->fate == ARRIVED || (packet->fate == LOST && !arrived)) return;
    feedback->told->told++;
    if (number > feedback->told->highest) feedback->told->highest = number;
    packet->fate = arrived ? ARRIVED : LOST;
    if (arrived)
        add(feedback, number, packet, came);
    else
        feedback->told->lost++;
}

bool sent_acknowledge(struct sent_log *log, const uint8_t *body, int size, int64_t after, int64_t until,
                      struct acknowledged *into, struct burst *bursts) {
    uint8_t symbols[MAX_TOLD];
    int64_t ticks[MAX_TOLD];
    uint16_t base;
    struct feedback feedback = {after, until, into, bursts};
    *into = (struct acknowledged){0};
    int count = transportwide_read(body, size, &base, symbols, ticks, MAX_TOLD);
    for (int i = 0; i < count; i++) {
        int64_t number = log->number - ((log->number - (base + i)) & 0xFFFF); /* none is above the last one */
        struct sent_packet *packet = find(log, number);
        bool arrived = symbols[i] == SMALL_DELTA || symbols[i] == LARGE_DELTA;
        if (packet) take_in(&feedback, number, packet, arrived, ticks[i]);
    }
    return count >= 0;
}
