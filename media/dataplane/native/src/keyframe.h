/* When to ask a video source for a keyframe. The twin of media/keyframe.py. */
#ifndef PLENUM_KEYFRAME_H
#define PLENUM_KEYFRAME_H

#include <stdbool.h>

#include "ratelimit.h"

struct keyframe_requests {
    bool has_sent, has_due;
    double sent, due;
    int retries;
    struct rate_limit hurries;
};

/* A receiver wants a keyframe; first if it has no picture at all. */
void keyframe_want(struct keyframe_requests *requests, double now, bool first);

/* A receiver still waits; ask again unless that is on its way. */
void keyframe_remind(struct keyframe_requests *requests, double now);

/* A keyframe came; everybody is served. */
void keyframe_arrived(struct keyframe_requests *requests);

/* Whether to send a request now. */
bool keyframe_take(struct keyframe_requests *requests, double now);

#endif
