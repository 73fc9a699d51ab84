#include "ratelimit.h"

bool rate_limit_admits(struct rate_limit *limit, double per_second, double burst, double now) {
    double filled = limit->tokens + (now - limit->filled_at) * per_second;
    limit->tokens = limit->has_begun && filled < burst ? filled : burst;
    limit->has_begun = true;
    limit->filled_at = now;
    if (limit->tokens < 1) return false;
    limit->tokens -= 1;
    return true;
}

void rate_limit_spend(struct rate_limit *limit, double burst, double more) {
    limit->tokens -= more;
    if (limit->tokens < -burst) limit->tokens = -burst;
}
