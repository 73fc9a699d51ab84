#include "transportwide.h"

#include <stdbool.h>

#include "rtp.h"

enum { FIXED = 16, TICKS_OF_REFERENCE = 256 };

/* The symbol at a place of a status chunk (§3.1.3, §3.1.4). */
static uint8_t symbol_of(uint32_t chunk, int place) {
    if (!(chunk & 0x8000)) return chunk >> 13 & 3;
    return chunk & 0x4000 ? chunk >> 2 * (6 - place) & 3 : chunk >> (13 - place) & 1;
}

static int length_of(uint32_t chunk) {
    if (!(chunk & 0x8000)) return chunk & 0x1FFF;
    return chunk & 0x4000 ? 7 : 14;
}

/* The symbols of so many packets, of which those that find room are written; where the deltas begin, -1 if malformed. */
static int read_symbols(const uint8_t *body, int size, int count, uint8_t *symbols, int capacity) {
    int position = FIXED;
    for (int told = 0; told < count; position += 2) {
        if (position + 2 > size) return -1;
        uint32_t chunk = read16(body + position);
        int length = length_of(chunk);
        if (!length) return -1;
        for (int i = 0; i < length && told + i < capacity; i++) symbols[told + i] = symbol_of(chunk, i);
        told += length;
    }
    return position;
}

/* Add up the deltas from a position on; whether there are enough. */
static bool read_deltas(const uint8_t *body, int size, int position, const uint8_t *symbols, int64_t *ticks, int count, int64_t now) {
    for (int i = 0; i < count; i++) {
        int width = symbols[i] == SMALL_DELTA ? 1 : symbols[i] == LARGE_DELTA ? 2 : 0;
        if (position + width > size) return false;
        if (width) now += width == 1 ? body[position] : (int16_t)read16(body + position);
        position += width;
        ticks[i] = now;
    }
    return true;
}

int transportwide_read(const uint8_t *body, int size, uint16_t *base, uint8_t *symbols, int64_t *ticks, int capacity) {
    if (size < FIXED) return -1;
    *base = read16(body + 8);
    int count = read16(body + 10);
    int64_t reference = (int64_t)(read32(body + 12) >> 8) * TICKS_OF_REFERENCE;
    int position = read_symbols(body, size, count, symbols, count < capacity ? count : capacity);
    if (position < 0) return -1;
    if (count > capacity) count = capacity;
    return read_deltas(body, size, position, symbols, ticks, count, reference) ? count : -1;
}
