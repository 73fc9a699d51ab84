#include "keyframe.h"

static const double INTERVAL = 1.0, FIRST_INTERVAL = 0.2, RETRY = 0.5, HURRIES = 10, HURRIES_PER_S = 0.5;
enum { MAX_ASKED = 20 };

/* So long after the last request, or now. */
static double after(const struct keyframe_requests *requests, double interval, double now) {
    double earliest = requests->has_sent ? requests->sent + interval : now;
    return earliest > now ? earliest : now;
}

void keyframe_want(struct keyframe_requests *requests, double now, bool first) {
    double due = after(requests, INTERVAL, now), sooner = after(requests, FIRST_INTERVAL, now);
    if (!requests->has_due || due < requests->due) requests->due = due;
    requests->has_due = true;
    requests->retries = 0;
    if (first && sooner < requests->due && rate_limit_admits(&requests->hurries, HURRIES_PER_S, HURRIES, now))
        requests->due = sooner;
}

void keyframe_remind(struct keyframe_requests *requests, double now) {
    if (!requests->has_due) keyframe_want(requests, now, false);
}

void keyframe_arrived(struct keyframe_requests *requests) { requests->has_due = false; }

bool keyframe_take(struct keyframe_requests *requests, double now) {
    if (!requests->has_due || now < requests->due) return false;
    requests->has_sent = true;
    requests->sent = now;
    requests->retries++;
    requests->due = now + RETRY;
    requests->has_due = requests->retries < MAX_ASKED;
    return true;
}
