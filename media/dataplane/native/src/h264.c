#include "h264.h"

enum { SEQUENCE_PARAMETER_SET = 7, STAP_A = 24, FU_A = 28, READ = 64, LONGEST_NUMBER = 16, MAX_SIDE = 16384 };

/* RFC 6184 §5.7.1: 16-bit sizes, each before its NAL unit. */
static bool aggregates_parameter_set(const uint8_t *payload, int length) {
    for (int at = 1; at + 2 < length; at += 2 + (payload[at] << 8 | payload[at + 1]))
        if ((payload[at + 2] & 0x1F) == SEQUENCE_PARAMETER_SET) return true;
    return false;
}

bool h264_starts_keyframe(const uint8_t *payload, int length) {
    if (length < 1) return false;
    int kind = payload[0] & 0x1F;
    if (kind == STAP_A) return aggregates_parameter_set(payload, length);
    if (kind == FU_A) return length > 1 && payload[1] & 0x80 && (payload[1] & 0x1F) == SEQUENCE_PARAMETER_SET;
    return kind == SEQUENCE_PARAMETER_SET;
}

/* The sequence parameter set in a packet with which a keyframe starts, NULL without one. */
static const uint8_t *parameter_set(const uint8_t *payload, int length, int *size) {
    if (!h264_starts_keyframe(payload, length)) return 0;
    int kind = payload[0] & 0x1F, at = kind == FU_A ? 1 : 0;
    *size = length - at;
    if (kind != STAP_A) return payload + at;
    for (at = 1; (payload[at + 2] & 0x1F) != SEQUENCE_PARAMETER_SET;) at += 2 + (payload[at] << 8 | payload[at + 1]);
    *size = payload[at] << 8 | payload[at + 1];
    if (*size > length - at - 2) *size = length - at - 2;
    return payload + at + 2;
}

/* Read from the left (H.264 §7.2, §9.1); failed is set at the end, and at a number that is too large. */
struct bits {
    uint8_t data[READ];
    int at, count;
    bool failed;
};

static void open_bits(struct bits *bits, const uint8_t *data, int length) {
    int size = 0;
    for (int i = 0; i < length;) {
        bool escaped = i + 2 < length && !data[i] && !data[i + 1] && data[i + 2] == 3;
        bits->data[size++] = data[i];
        if (escaped) bits->data[size++] = 0;
        i += escaped ? 3 : 1;
    }
    bits->at = 0;
    bits->count = 8 * size;
    bits->failed = false;
}

static int flag(struct bits *bits) {
    if (bits->failed || bits->at == bits->count) {
        bits->failed = true;
        return 0;
    }
    int bit = bits->data[bits->at >> 3] >> (7 - (bits->at & 7)) & 1;
    bits->at++;
    return bit;
}

static int number(struct bits *bits) {
    int zeros = 0, value = 1;
    while (!flag(bits) && !bits->failed)
        if (++zeros > LONGEST_NUMBER) bits->failed = true;
    for (int i = 0; i < zeros; i++) value = value << 1 | flag(bits);
    return value - 1;
}

static void skip(struct bits *bits, int numbers) {
    for (int i = 0; i < numbers; i++) number(bits);
}

static void read_size(struct bits *bits, int *width, int *height) {
    skip(bits, 2);
    int order = number(bits);
    if (order == 0) skip(bits, 1);
    if (order == 1) {
        flag(bits);
        skip(bits, 2);
        skip(bits, number(bits) & 0xFF);
    }
    skip(bits, 1);
    flag(bits);
    int columns = 16 * (number(bits) + 1), lines = 16 * (number(bits) + 1);
    int fields = 2 - flag(bits);
    if (fields == 2) flag(bits);
    flag(bits);
    if (flag(bits)) {
        columns -= 2 * (number(bits) + number(bits));
        lines -= 2 * (number(bits) + number(bits));
    }
    lines *= fields;
    if (bits->failed || columns <= 0 || columns > MAX_SIDE || lines <= 0 || lines > MAX_SIDE) return;
    *width = columns;
    *height = lines;
}

void h264_picture_size(const uint8_t *payload, int length, int *width, int *height) {
    int size = 0;
    const uint8_t *set = parameter_set(payload, length, &size);
    if (!set || size < 4 || (set[1] != 66 && set[1] != 77 && set[1] != 88)) return;
    struct bits bits;
    open_bits(&bits, set + 4, (size > READ ? READ : size) - 4);
    read_size(&bits, width, height);
}
