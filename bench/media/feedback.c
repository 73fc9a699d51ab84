/* Transport-wide feedback of a subscriber, as a browser sends it (draft-holmer-rmcat-transport-wide-cc-extensions-01). */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "feedback.h"

#define TICK_NS 250000u
#define TICKS_OF_REFERENCE 256
#define SENDER_SSRC 1
#define FEEDBACK_BYTES 2048
#define LONGEST_RUN 8191

enum symbol { LOST, SMALL, LARGE };

/* A packet while it is written: status chunks grow from the front, deltas wait in a buffer of their own. */
struct writer {
    uint8_t packet[FEEDBACK_BYTES];
    uint8_t deltas[2 * ARRIVALS];
    int length;
    int delta_length;
    int run;
    enum symbol symbol;
    int statuses;
};

static void put16(uint8_t *into, uint32_t value)
{
    into[0] = (uint8_t)(value >> 8);
    into[1] = (uint8_t)value;
}

static void put32(uint8_t *into, uint32_t value)
{
    put16(into, value >> 16);
    put16(into + 2, value);
}

void note_arrival(struct sink *sink, const uint8_t *packet, unsigned length, uint64_t now)
{
    unsigned at = 12 + 4u * (packet[0] & 15);
    if (!sink->transport_id || !(packet[0] & 16) || sink->arrived == ARRIVALS || length < at + 4)
        return;
    unsigned end = at + 4 + 4u * (unsigned)(packet[at + 2] << 8 | packet[at + 3]);
    if (packet[at] != 0xBE || packet[at + 1] != 0xDE || end > length)
        return;
    for (at += 4; at + 1 < end;) {
        unsigned size = packet[at] ? (packet[at] & 15u) + 2 : 1; /* 0 is padding (RFC 8285 §4.2) */
        if (packet[at] >> 4 == sink->transport_id && size == 3 && at + 3 <= end) {
            sink->arrivals[sink->arrived++] = (struct arrival){now, (uint16_t)(packet[at + 1] << 8 | packet[at + 2])};
            return;
        }
        at += size;
    }
}

/* §3.1.3: a run length chunk. */
static void end_run(struct writer *writer)
{
    if (writer->run) {
        put16(writer->packet + writer->length, (uint32_t)writer->symbol << 13 | (uint32_t)writer->run);
        writer->length += 2;
    }
    writer->run = 0;
}

static void add_status(struct writer *writer, enum symbol symbol)
{
    if (symbol != writer->symbol || writer->run == LONGEST_RUN)
        end_run(writer);
    writer->symbol = symbol;
    writer->run++;
    writer->statuses++;
}

static void add_arrival(struct writer *writer, int64_t delta)
{
    if (delta >= 0 && delta <= 255) {
        writer->deltas[writer->delta_length++] = (uint8_t)delta;
        add_status(writer, SMALL);
    } else {
        put16(writer->deltas + writer->delta_length, (uint32_t)(uint16_t)(int16_t)delta);
        writer->delta_length += 2;
        add_status(writer, LARGE);
    }
}

/* The statuses from the first number on; what is out of order or far away ends the packet. */
static void add_statuses(struct writer *writer, const struct sink *sink, int64_t previous)
{
    uint16_t expected = sink->arrivals[0].number;
    for (int index = 0; index < sink->arrived; index++) {
        const struct arrival *arrival = &sink->arrivals[index];
        uint16_t missing = (uint16_t)(arrival->number - expected);
        if (missing > ARRIVALS)
            break;
        for (; missing; missing--)
            add_status(writer, LOST);
        int64_t ticks = (int64_t)(arrival->at / TICK_NS);
        add_arrival(writer, ticks - previous);
        previous = ticks;
        expected = (uint16_t)(arrival->number + 1);
    }
    end_run(writer);
}

static void finish(struct writer *writer, struct sink *sink, uint32_t reference)
{
    uint8_t *packet = writer->packet;
    memcpy(packet + writer->length, writer->deltas, (size_t)writer->delta_length);
    writer->length += writer->delta_length;
    while (writer->length % 4)
        packet[writer->length++] = 0;
    packet[0] = 0x80 | 15;
    packet[1] = 205;
    put16(packet + 2, (uint32_t)writer->length / 4 - 1);
    put32(packet + 4, SENDER_SSRC);
    put32(packet + 8, sink->ssrc);
    put16(packet + 12, sink->arrivals[0].number);
    put16(packet + 14, (uint32_t)writer->statuses);
    put32(packet + 16, reference << 8 | sink->feedbacks++);
}

int send_feedback(struct sink *sink, const struct srtp *srtp)
{
    struct writer writer = {.length = 20};
    if (!sink->arrived || !sink->outbound)
        return 0;
    uint32_t reference = (uint32_t)(sink->arrivals[0].at / TICK_NS / TICKS_OF_REFERENCE);
    add_statuses(&writer, sink, (int64_t)reference * TICKS_OF_REFERENCE);
    finish(&writer, sink, reference);
    sink->arrived = 0;
    if (srtp->protect_rtcp(sink->outbound, writer.packet, &writer.length))
        return EINVAL;
    if (send(sink->fd, writer.packet, (size_t)writer.length, 0) < 0 && errno != ECONNREFUSED && errno != ENOBUFS &&
        errno != EAGAIN)
        return errno;
    return 0;
}
