/* One VP8-like stream: what a browser's packets look like to a forwarder, and a payload that can be recognised. */
#include <string.h>
#include <time.h>

#include "generator.h"

#define CLOCK_RATE 90000
#define FRAMES_PER_SECOND 30

uint64_t clock_ns(int clock)
{
    struct timespec time;
    clock_gettime((clockid_t)clock, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

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

/* Payload descriptor with picture id, TL0PICIDX and layer (RFC 7741 §4.2); in every packet the same length. */
static void write_descriptor(const struct source *source, uint8_t *into)
{
    into[0] = source->in_frame == 0 ? 0x90 : 0x80;
    into[1] = 0xE0;
    put16(into + 2, 0x8000u | (source->frame & 0x7FFF));
    into[4] = (uint8_t)source->frame;
    into[5] = 0;
}

/* How a frame begins: the low bit is 0 in a keyframe, which then tells its size (RFC 6386 §9.1). */
static void write_frame_header(const struct source *source, uint8_t *into)
{
    int keyframe = source->in_frame == 0 && source->frame % FRAMES_OF_GROUP == 0;
    memset(into, 0, FRAME_HEADER_BYTES);
    into[0] = keyframe ? 0x10 : 0x11;
    if (!keyframe)
        return;
    memcpy(into + 3, "\x9d\x01\x2a", 3);
    into[6] = (uint8_t)source->width;
    into[7] = (uint8_t)(source->width >> 8);
    into[8] = (uint8_t)source->height;
    into[9] = (uint8_t)(source->height >> 8);
}

static void begin_frame(struct source *source)
{
    source->in_frame = 0;
    source->frame++;
    source->timestamp += CLOCK_RATE / FRAMES_PER_SECOND;
}

int write_packet(struct source *source, uint16_t transport_sequence, uint64_t now, uint8_t *into)
{
    int last = source->in_frame == PACKETS_OF_FRAME - 1;
    into[0] = source->extension_length ? 0x90 : 0x80;
    into[1] = (uint8_t)(source->payload_type | (last ? 0x80 : 0));
    put16(into + 2, source->sequence);
    put32(into + 4, source->timestamp);
    put32(into + 8, source->ssrc);
    memcpy(into + 12, source->extension, source->extension_length);
    if (source->transport_offset)
        put16(into + 12 + source->transport_offset, transport_sequence);
    uint8_t *payload = into + 12 + source->extension_length;
    write_descriptor(source, payload);
    write_frame_header(source, payload + DESCRIPTOR_BYTES);
    payload[INDEX_AT] = source->index;
    memcpy(payload + NUMBER_AT, &source->packets, sizeof source->packets);
    put16(payload + SEQUENCE_AT, source->sequence);
    memset(payload + FILL_AT, (int)(source->packets & 0xFF), PAYLOAD_BYTES - FILL_AT);
    source->stamps[source->sequence] = now;
    source->sequence++;
    source->packets++;
    source->in_frame++;
    if (last)
        begin_frame(source);
    return 12 + source->extension_length + PAYLOAD_BYTES;
}
