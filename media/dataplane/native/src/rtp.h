/* RTP packets (RFC 3550 §5.1) and their header extensions (RFC 8285). The twin of media/rtp.py. */
#ifndef PLENUM_RTP_H
#define PLENUM_RTP_H

#include <stdbool.h>
#include <stdint.h>

enum { RTP_HEADER = 12, MAX_ONE_BYTE_VALUE = 16, INDEXED_IDS = 16 };

/* Where an element's value stands in the datagram; at 0 there is none. */
struct element {
    uint16_t at;
    uint8_t length;
};

/* A packet taken apart. Pointers are into the datagram that it was read from. */
struct rtp {
    bool marker;
    uint8_t payload_type;
    uint16_t sequence;
    uint32_t timestamp;
    uint32_t ssrc;
    const uint8_t *data;
    const uint8_t *payload; /* without the padding */
    int length;
    uint16_t profile, block_at, block_end; /* of the extension */
    struct element elements[INDEXED_IDS];  /* by id; of two with the same id the last one counts */
};

/* Read a datagram; false if it is malformed. */
bool rtp_parse(struct rtp *packet, const uint8_t *data, int size);

/* The value of an element, or NULL without one; its length goes to *length. */
const uint8_t *rtp_element(const struct rtp *packet, int id, int *length);

/* Write one element as RFC 8285 §4.2 has it; the number of bytes. The caller checks id and length. */
int rtp_write_element(uint8_t *into, int id, const uint8_t *value, int length);

/* Write the fixed header; an extension follows if extended. */
void rtp_write_header(uint8_t *into, bool extended, bool marker, int payload_type, uint16_t sequence,
                      uint32_t timestamp, uint32_t ssrc);

static inline uint16_t read16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

static inline uint32_t read32(const uint8_t *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline void write16(uint8_t *at, uint32_t value) {
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline void write32(uint8_t *at, uint32_t value) {
    write16(at, value >> 16);
    write16(at + 2, value);
}

/* newer - older on the circle of 16-bit sequence numbers, from -32,768 to 32,767. */
static inline int sequence_distance(uint16_t newer, uint16_t older) { return (int16_t)(uint16_t)(newer - older); }

/* newer - older on the circle of 32-bit timestamps. */
static inline int32_t timestamp_distance(uint32_t newer, uint32_t older) { return (int32_t)(newer - older); }

#endif
