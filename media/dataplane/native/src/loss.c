#include "loss.h"

#include <stdlib.h>
#include <string.h>

static const double FIRST_RETRY = 0.04, LONGEST_RETRY = 0.2, MAX_AGE = 1.0;

static bool reserve(struct losses *losses, int count) {
    if (count <= losses->capacity) return true;
    int capacity = losses->capacity ? losses->capacity : 16;
    while (capacity < count) capacity *= 2;
    struct missing *entries = realloc(losses->entries, (size_t)capacity * sizeof *entries);
    if (!entries) return false;
    losses->entries = entries;
    losses->capacity = capacity;
    return true;
}

void losses_gap(struct losses *losses, int64_t first, int64_t end, double now) {
    int64_t together = losses->count + end - first;
    if (end - first > MAX_GAP || together > MAX_MISSING || !reserve(losses, (int)together)) {
        losses->count = 0;
        losses->overflowed = true;
        return;
    }
    for (int64_t sequence = first; sequence < end; sequence++)
        losses->entries[losses->count++] = (struct missing){sequence, 0, now, now};
}

static int find(const struct losses *losses, int64_t sequence) {
    int low = 0, high = losses->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (losses->entries[middle].sequence < sequence)
            low = middle + 1;
        else
            high = middle;
    }
    return low < losses->count && losses->entries[low].sequence == sequence ? low : -1;
}

bool losses_arrived(struct losses *losses, int64_t sequence) {
    int at = find(losses, sequence);
    if (at < 0) return false;
    losses->count--;
    memmove(losses->entries + at, losses->entries + at + 1, (size_t)(losses->count - at) * sizeof *losses->entries);
    return true;
}

static double retry_after(int tries) {
    double wait = FIRST_RETRY * (double)(1 << tries);
    return wait < LONGEST_RETRY ? wait : LONGEST_RETRY;
}

int losses_due(struct losses *losses, double now, uint16_t *due) {
    int kept = 0, asked = 0;
    for (int i = 0; i < losses->count; i++) {
        struct missing entry = losses->entries[i];
        if (entry.tries >= MAX_RETRIES || now - entry.since > MAX_AGE) continue;
        if (now >= entry.next) {
            entry.next = now + retry_after(entry.tries);
            entry.tries++;
            due[asked++] = (uint16_t)entry.sequence;
        }
        losses->entries[kept++] = entry;
    }
    losses->count = kept;
    return asked;
}

void losses_free(struct losses *losses) {
    free(losses->entries);
    memset(losses, 0, sizeof *losses);
}
