#ifndef LIMIT_H
#define LIMIT_H

#include <netinet/in.h>
#include <stdint.h>

#include "generator.h"

#define BURST 8 /* packets between two looks at the clock and at the subscribers */

struct target {
    struct sockaddr_in address;
    uint32_t ssrc;
    uint16_t offset;
    void *session;
};

/* Sends until point->stop, at most `window` datagrams for each target ahead of point->received. 0 or an errno. */
int run_limit(int32_t fd, const struct srtp *srtp, struct source *source, const struct target *targets, int32_t count,
              int32_t window, struct meeting_point *point);

#endif
