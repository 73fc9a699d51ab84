#include "keyframe.h"

static const double INTERVAL = 1.0, FIRST_INTERVAL = 0.2, RETRY = 0.5;
enum { MAX_ASKED = 20 };

void keyframe_want(struct keyframe_requests *requests, double now, bool first) {
    double earliest = requests->has_sent ? requests->sent + (first ? FIRST_INTERVAL : INTERVAL) : now;
    double due = earliest > now ? earliest : now;
    if (!requests->has_due || due < requests->due) requests->due = due;
    requests->has_due = true;
    requests->retries = 0;
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
