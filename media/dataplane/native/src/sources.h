/* Of which SSRCs of a peer SRTP keeps something, and which it must never hear of again. The twin of media/sources.py.
 *
 * Those of the peer's streams are held; here are those that came and are of no stream, and those that are given up.
 */
#ifndef PLENUM_SOURCES_H
#define PLENUM_SOURCES_H

#include <stdbool.h>
#include <stdint.h>

enum { MAX_GIVEN_UP = 9 }; /* with one producer: its streams, and what came last */

struct sources {
    int max_idle, max_refused;
    uint32_t *idle; /* the one under which nothing came for longest first; room for all of one producer beyond the bound */
    int idle_count;
    uint32_t *refused; /* sorted */
    int refused_count, refused_capacity;
};

/* False if there is no memory. */
bool sources_open(struct sources *sources, int max_idle, int max_refused);
void sources_close(struct sources *sources);

/* Whether it is worth asking SRTP about an SSRC that is of no stream. */
bool sources_admit(const struct sources *sources, uint32_t ssrc);

/* It is to be a stream's; false if it is given up. */
bool sources_hold(struct sources *sources, uint32_t ssrc);

/* It is of no stream. */
void sources_release(struct sources *sources, uint32_t ssrc);

/* Give up the next one if too many are idle: SRTP must forget it. To be called until it is false. */
bool sources_give_up(struct sources *sources, uint32_t *ssrc);

#endif
