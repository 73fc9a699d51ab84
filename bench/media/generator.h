/* A publisher and its subscribers, on sockets whose ICE and DTLS are done. One thread that never sleeps plays them all.
 *
 * The layout of every structure here is repeated in generator.py. SRTP comes as function pointers, so nothing has to be
 * linked; a session is an opaque pointer of that library.
 */
#ifndef GENERATOR_H
#define GENERATOR_H

#include <stdatomic.h>
#include <stdint.h>

/* The payload: VP8's own bytes, which source it is, the how many-th packet, its sequence number, and a fill. */
#define PAYLOAD_BYTES 1100
#define DESCRIPTOR_BYTES 6
#define FRAME_HEADER_BYTES 10
#define INDEX_AT 16
#define NUMBER_AT 17
#define SEQUENCE_AT 25
#define FILL_AT 27

#define PACKETS_OF_FRAME 4
#define FRAMES_OF_GROUP 8
#define EXTENSION_BYTES 64
#define STAMPS 65536
#define ARRIVALS 400 /* what one feedback tells of */

typedef int (*srtp_call)(void *session, void *packet, int *length);

struct srtp {
    srtp_call protect;
    srtp_call unprotect;
    srtp_call protect_rtcp;
};

/* One SSRC of the publisher; it lives on over all runs, since SRTP allows no number twice. */
struct source {
    uint32_t ssrc;
    uint32_t timestamp;
    uint64_t packets; /* sent so far */
    uint32_t frame;   /* frames begun so far */
    uint16_t sequence;
    uint16_t width; /* of the picture, as keyframes tell it */
    uint16_t height;
    uint16_t every; /* it sends at every so many-th turn of the publisher: small layers are cheaper */
    uint8_t payload_type;
    uint8_t in_frame;         /* packets of the current frame that were sent */
    uint8_t extension_length; /* 0 for none, else a multiple of 4 */
    uint8_t transport_offset; /* where the transport-wide sequence number stands in the extension, 0 for nowhere */
    uint8_t index;            /* which source of the publisher this is, told in the payload */
    uint8_t extension[EXTENSION_BYTES];
    uint64_t stamps[STAMPS]; /* when each sequence number was sent, in ns */
};

struct publisher {
    int32_t fd;
    uint16_t transport_sequence;
    void *session;
    struct source *sources;
    int32_t count;
};

/* A transport-wide sequence number and when it came, in ns. */
struct arrival {
    uint64_t at;
    uint16_t number;
};

/* One subscriber; it lives on over all runs too. */
struct sink {
    int32_t fd;
    uint32_t ssrc; /* what it is to get */
    void *session;
    uint64_t until_sample; /* datagrams until the next one is decrypted */
    uint16_t last_sequence;
    uint16_t offset; /* its sequence numbers minus the publisher's */
    uint8_t started; /* last_sequence is known */
    uint8_t mapped;  /* offset and source are known */
    uint8_t source;
    uint8_t transport_id; /* extension id of the transport-wide number in what it gets, 0 for none */
    uint8_t feedbacks;    /* sent so far */
    int32_t arrived;
    void *outbound; /* session for its feedback, NULL if it sends none */
    struct arrival arrivals[ARRIVALS];
};

/* How the limit and the generator know of each other: plain memory that both look at. */
struct meeting_point {
    _Atomic uint64_t received; /* by all subscribers since the start of the run */
    _Atomic uint64_t busy_ns;  /* CPU that the limit has used for what is measured */
    _Atomic uint32_t stop;
};

struct load {
    int32_t forwarder; /* process whose CPU is read; 0: that of the meeting point */
    int32_t window;    /* datagrams on their way for each subscriber; 0: paced */
    double rate;       /* packets of the publisher each second, if paced */
    double warm_s;
    double measured_s;
    int32_t feedback_ms; /* how often each subscriber sends transport-wide feedback, 0 for never */
    int32_t nap_us;    /* sleep so long after each look at the sockets: 0, unless latency does not matter */
    uint64_t sample; /* each subscriber's every so many-th datagram is decrypted and checked */
    struct meeting_point *point;
};

struct figures {
    uint64_t sent;     /* by the publisher */
    uint64_t received; /* by all subscribers */
    uint64_t other;    /* datagrams that are not this media: RTCP, RTX, STUN */
    uint64_t gaps;     /* places where a subscriber's sequence numbers do not follow each other */
    uint64_t verified;
    uint64_t bad;
    uint64_t stalls; /* times that nothing came for 50 ms although something was on its way */
    double cpu_s;
    double wall_s;
    double share; /* of its core that this thread had: below 1 something else disturbed the run */
    double p50_us;
    double p99_us;
};

/* Runs one load over warm_s + measured_s; the figures are of measured_s. 0, or the errno of what failed. */
int generate(const struct load *load, const struct srtp *srtp, struct publisher *publisher, struct sink *sinks,
             int32_t sink_count, struct figures *figures);

/* Writes the next packet of a source, unprotected, with the time of sending in it; returns its length. */
int write_packet(struct source *source, uint16_t transport_sequence, uint64_t now, uint8_t *into);

uint64_t clock_ns(int clock);

#endif
