/* What the data plane holds: peers, the producers they send, the consumers they get. */
#ifndef PLENUM_MODEL_H
#define PLENUM_MODEL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "handover.h"
#include "packet.h"
#include "plane.h"
#include "ratelimit.h"
#include "sentlog.h"
#include "sources.h"
#include "stream.h"
#include "table.h"
#include "vp8.h"
#include "wire.h"

enum {
    MAX_ENCODINGS = 4,
    MAX_PACKET = 1500,
    MAX_ARRIVALS = 4000,
    VIDEO_HISTORY = 512,
    AUDIO_HISTORY = 256,
    MAX_HELD = 64,
    MAX_CHANGES = 64,
    PASSED = 2,
    STAGE_BYTES = 32 * 1024,
    MAX_RUNS = 16,
    NO_PAYLOAD_TYPE = 255,
    NO_LEVEL = 1
};

typedef int (*srtp_function)(void *session, void *packet, int *length);
typedef int (*srtp_forget)(void *session, uint32_t ssrc);

/* A received packet with what is known of it. */
struct arrived {
    struct stream *stream;
    struct rtp rtp;
    struct vp8 vp8;
    struct packet *kept; /* NULL until somebody keeps it */
    int64_t sequence;
    int size;
    bool has_vp8, keyframe;
};

/* A packet that was kept for those who wait for a keyframe. */
struct held {
    struct stream *stream;
    struct packet *packet;
    struct vp8 vp8;
    int64_t sequence;
    bool has_vp8;
};

struct producer {
    struct producer_route route;
    struct peer *sender;
    bool paused;
    struct stream *media[MAX_ENCODINGS], *rtx[MAX_ENCODINGS];
    struct consumer **consumers;
    int count, capacity;
    struct held *held; /* MAX_HELD of them, from first_held on; NULL as long as none was needed */
    int first_held, held_count;
    bool changed; /* consumers may have another target, as a stream became known, live or silent */
    int level; /* dBov, NO_LEVEL for none since the last call */
    struct rate_limit sound;
    struct producer_counters counters;
    struct producer *previous, *next;               /* of the plane, in the order they were added */
    struct producer *previous_of_peer, *next_of_peer; /* of the peer */
};

/* From here on packets of the source pass with these offsets, or are dropped. */
struct change {
    int64_t start, offset;
    uint32_t picture_offset, timestamp;
    bool dropped;
};

/* A packet as it was sent, for RTX. */
struct record {
    struct packet *packet;
    struct vp8 vp8;
    uint32_t timestamp, picture_offset, tl0_offset;
    uint16_t sequence;
    uint8_t passed_ids[PASSED];
    bool is_filler, shifted;
};

/* The bytes of a packet as they were sent, where there is no RTX. */
struct repeat {
    uint8_t *data;
    int size, capacity;
    uint16_t sequence;
};

struct consumer {
    struct consumer_route route;
    struct peer *receiver;
    struct producer *producer; /* NULL while it is not there */
    bool paused, has_asked;
    int aim_spatial, aim_temporal;
    struct stream *target, *source, *previous;
    int64_t first_sequence, last_sequence, last_rtx_sequence; /* the first since what is forwarded now began */
    uint32_t last_timestamp, timestamp_offset;
    double last_sent_at;
    /* Placing: see placing.c. */
    int64_t offset, head;
    uint32_t frame_timestamp, picture_offset, tl0_offset;
    bool keeping;
    int temporal;
    struct change changes[MAX_CHANGES];
    int first_change, change_count;
    bool has_last_picture;
    uint32_t last_picture, last_tl0;
    uint8_t passed_ids[PASSED]; /* the sender's, 0 for none */
    struct record *records;     /* VIDEO_HISTORY or AUDIO_HISTORY, with RTX */
    struct repeat *repeats;     /* the same, without */
    int history;
    int64_t resend_second;
    int resend_count;
    struct consumer_counters counters;
};

/* Datagrams of one size that leave together; the last may be shorter. */
struct run {
    int at, size, segment, count;
    bool closed;
};

/* What waits for the end of the batch to be sent to one peer. */
struct stage {
    uint8_t *buffer; /* STAGE_BYTES, as soon as there was something to send */
    int used, runs;
    struct run run[MAX_RUNS];
};

struct peer {
    uint64_t token;
    void *inbound, *outbound;
    int way;
    struct path path;
    struct target target;
    struct stage stage;
    struct peer *next_staged;
    struct table streams, consumers;
    struct sources sources;
    struct producer *first, *last;
    struct arrival *arrivals; /* MAX_ARRIVALS, as soon as a producer has transport-cc */
    int arrival_count;
    struct sent_log sent;
    struct peer_counters counters;
    struct peer *previous, *next; /* of the plane */
};

struct plane {
    pthread_mutex_t lock;
    atomic_int waiting;
    srtp_function protect, unprotect;
    srtp_forget forget;
    struct peer *first_peer;
    struct producer *first, *last;
    struct peer **by_path; /* open addressing, at most half full; a power of two */
    int path_count, path_capacity;
    struct peer *staged; /* those whose stage holds something */
    struct wire wire;
    struct handover handover;
    struct socket_counters counters;
    uint8_t scratch[WIRE_STRIDE];
    pthread_t thread;
    bool running;
    atomic_bool stopping;
    int wakeup;
};

#endif
