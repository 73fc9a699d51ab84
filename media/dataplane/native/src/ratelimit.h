/* A token bucket, full at first. The twin of media/ratelimit.py. */
#ifndef PLENUM_RATELIMIT_H
#define PLENUM_RATELIMIT_H

#include <stdbool.h>

struct rate_limit {
    bool has_begun;
    double tokens, filled_at;
};

/* Whether one more may pass now: at most so many at once, and so many a second. */
bool rate_limit_admits(struct rate_limit *limit, double per_second, double burst, double now);

/* What passed was worth more than one: later ones wait for that too, at most as long as for a whole burst. */
void rate_limit_spend(struct rate_limit *limit, double burst, double more);

#endif
