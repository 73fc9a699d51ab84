/* The lock, which each call takes and the thread gives away between two packets when somebody waits. */
#ifndef PLENUM_LOCK_H
#define PLENUM_LOCK_H

#include "stage.h"

static inline void plane_enter(struct plane *plane) {
    atomic_fetch_add(&plane->waiting, 1);
    pthread_mutex_lock(&plane->lock);
    atomic_fetch_sub(&plane->waiting, 1);
}

/* What the call has made is sent with it. */
static inline void plane_leave(struct plane *plane) {
    stage_flush(plane);
    pthread_mutex_unlock(&plane->lock);
}

#endif
