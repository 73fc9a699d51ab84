/* The thread that reads the socket, and how it knows whose a datagram is. */
#ifndef PLENUM_LOOP_H
#define PLENUM_LOOP_H

#include "model.h"

/* Start the thread; 0, or an errno. Does nothing if it runs. */
int loop_start(struct plane *plane);

/* Stop it and wait for its end. Not to be called with the lock held. */
void loop_stop(struct plane *plane);

/* Datagrams that come by the peer's path are its own from now on; false if there is no memory. */
bool loop_learn(struct plane *plane, struct peer *peer);

void loop_forget(struct plane *plane, struct peer *peer);

#endif
