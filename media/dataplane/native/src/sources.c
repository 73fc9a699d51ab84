#include "sources.h"

#include <stdlib.h>
#include <string.h>

bool sources_open(struct sources *sources, int max_idle, int max_refused) {
    sources->max_idle = max_idle;
    sources->max_refused = max_refused;
    sources->idle = malloc(((size_t)max_idle + MAX_GIVEN_UP) * sizeof *sources->idle);
    return sources->idle;
}

void sources_close(struct sources *sources) {
    free(sources->idle);
    free(sources->refused);
}

/* Where it stands among the refused, or would. */
static int place_of(const struct sources *sources, uint32_t ssrc) {
    int low = 0, high = sources->refused_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (sources->refused[middle] < ssrc)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_refused(const struct sources *sources, uint32_t ssrc) {
    int at = place_of(sources, ssrc);
    return at < sources->refused_count && sources->refused[at] == ssrc;
}

static int find_idle(const struct sources *sources, uint32_t ssrc) {
    int at = sources->idle_count - 1;
    while (at >= 0 && sources->idle[at] != ssrc) at--;
    return at;
}

static void remove_idle(struct sources *sources, int at) {
    sources->idle_count--;
    memmove(sources->idle + at, sources->idle + at + 1, (size_t)(sources->idle_count - at) * sizeof *sources->idle);
}

bool sources_admit(const struct sources *sources, uint32_t ssrc) {
    if (!sources->max_refused || find_idle(sources, ssrc) >= 0) return true;
    return sources->refused_count < sources->max_refused && !is_refused(sources, ssrc);
}

bool sources_hold(struct sources *sources, uint32_t ssrc) {
    if (is_refused(sources, ssrc)) return false;
    int at = find_idle(sources, ssrc);
    if (at >= 0) remove_idle(sources, at);
    return true;
}

void sources_release(struct sources *sources, uint32_t ssrc) { sources->idle[sources->idle_count++] = ssrc; }

static bool grow(struct sources *sources) {
    int capacity = sources->refused_capacity ? 2 * sources->refused_capacity : 16;
    uint32_t *larger = realloc(sources->refused, (size_t)capacity * sizeof *larger);
    if (!larger) return false;
    sources->refused = larger;
    sources->refused_capacity = capacity;
    return true;
}

/* False if there is no memory. */
static bool refuse(struct sources *sources, uint32_t ssrc) {
    if (sources->refused_count == sources->max_refused) return true; /* then all that are new are refused */
    if (sources->refused_count == sources->refused_capacity && !grow(sources)) return false;
    int at = place_of(sources, ssrc);
    memmove(sources->refused + at + 1, sources->refused + at, (size_t)(sources->refused_count - at) * sizeof *sources->refused);
    sources->refused[at] = ssrc;
    sources->refused_count++;
    return true;
}

bool sources_give_up(struct sources *sources, uint32_t *ssrc) {
    while (sources->idle_count > sources->max_idle) {
        *ssrc = sources->idle[0];
        remove_idle(sources, 0);
        if (refuse(sources, *ssrc)) return true; /* else SRTP goes on remembering it */
    }
    return false;
}
