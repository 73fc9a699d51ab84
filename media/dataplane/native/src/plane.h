/* The native data plane: everything that happens for each packet, as media/dataplane/interface.py describes it.
 *
 * This header is the whole interface. Python reads it as it is, so it holds declarations and nothing else. Functions
 * may be called from any thread; each takes the plane's lock. Handles stay valid until they are removed. Times are
 * seconds on CLOCK_MONOTONIC. Addresses are 16 bytes, IPv4 as ::ffff:a.b.c.d.
 */
#ifndef PLENUM_PLANE_H
#define PLENUM_PLANE_H

#include <stdint.h>

struct plane;
struct peer;
struct producer;
struct consumer;

/* Where a peer is reached. */
enum way { WAY_NONE = 0, WAY_UDP = 1, WAY_HANDOVER = 2 };

struct encoding_route {
    uint32_t ssrc;     /* 0: learnt from MID and RID */
    uint32_t rtx_ssrc; /* 0: learnt, or there is none */
    uint8_t rid_length;
    char rid[16];
};

enum codec { CODEC_AUDIO = 0, CODEC_VP8 = 1, CODEC_H264 = 2, CODEC_VIDEO = 3 };

struct producer_route {
    uint64_t token;
    int32_t codec;
    int32_t clock_rate;
    uint8_t payload_type;
    uint8_t rtx_payload_type; /* 255: none */
    uint8_t red_payload_type; /* 255: none */
    uint8_t mid_length;       /* 0: known by SSRC alone */
    char mid[16];
    uint8_t encodings;
    struct encoding_route encoding[4];
    /* The sender's extension ids, 0 for none. */
    uint8_t mid_id, rid_id, repaired_rid_id, level_id, orientation_id, transport_cc_id;
    uint8_t nack, paused;
};

struct consumer_route {
    uint64_t token;
    int32_t clock_rate;
    uint32_t ssrc, rtx_ssrc;
    int64_t first, rtx_first; /* sequence numbers to begin with */
    uint8_t is_video, payload_type, rtx_payload_type, has_rtx, paused;
    uint8_t only; /* an encoding, from 1; 0: what its aim says */
    uint8_t mid_length;
    char mid[16];
    /* The receiver's extension ids, 1 to 14, 0 for none. */
    uint8_t mid_id, transport_cc_id, send_time_id, level_id, orientation_id;
};

struct peer_counters {
    uint64_t packets_in, bytes_in, packets_out, bytes_out, expected_in, received_in, recovered_in, resent_out, rejected, unknown;
};

struct producer_counters {
    uint64_t packets, octets, expected, received, recovered, nacks, keyframe_requests, keyframes;
};

struct consumer_counters {
    uint64_t packets, octets, resent, nacks, keyframe_requests;
};

struct source_counters {
    uint64_t producer;
    int32_t encoding, live;
    uint64_t packets, octets, by_temporal[4];
    int32_t width, height;
};

struct socket_counters {
    uint64_t handed_over, dropped, unsent, strange;
};

/* Arrivals of packets with transport-wide numbers. */
struct arrival {
    double at;
    uint32_t number;
};

/* What a feedback says that was not known, and the packets that arrived: those of a burst left within 10 ms. */
struct acknowledged {
    int32_t told, lost;
    int64_t highest;
    int32_t bursts;
};

struct burst {
    int64_t number; /* of the first, as all but the last time */
    double sent_at;
    int64_t came, last_came; /* ticks of 250 µs */
    int32_t packets, octets;
};

/* A sender report for one consumer. */
struct forwarded_report {
    uint64_t peer, consumer;
    uint32_t ssrc, rtp_timestamp, packets, octets;
};

struct loss {
    uint32_t ssrc;
    uint16_t sequence;
};

struct reception {
    uint32_t ssrc, fraction_lost;
    int64_t lost, highest;
    uint32_t jitter, last_sender_report;
    int64_t delay;
};

struct keyframe_request {
    uint64_t peer;
    uint32_t ssrc;
};

struct level {
    uint64_t producer;
    int32_t level;
};

/* What is queued for Python: this header, then the bytes of the datagram. */
struct handed_header {
    uint32_t kind; /* 1: received on the socket; 2: to be sent to the struct peer */
    uint32_t length;
    uint64_t peer;
    uint8_t host[16];
    uint8_t local[16];
    uint16_t port;
    uint8_t reserved[6];
};

/* Which version of this header the object was compiled with: the CRC-32 of its bytes. */
uint32_t plane_interface(void);

/* These are srtp_protect, srtp_unprotect and srtp_remove_stream of libsrtp. NULL if there is no memory. */
struct plane *plane_new(void *protect, void *unprotect, void *forget);
void plane_free(struct plane *self);

/* Receive and send on a bound, non-blocking socket in a thread of its own until plane_stop(). 0, or an errno. */
int plane_start(struct plane *self, int fd, int family);
void plane_stop(struct plane *self);

/* A descriptor that is readable while plane_take() has something; what fits is packed into the buffer. */
int plane_event(struct plane *self);
int plane_take(struct plane *self, uint8_t *into, int capacity);
void plane_socket_counters(struct plane *self, struct socket_counters *into);

/* The SRTP contexts are used until the peer is removed, and by nobody else. Of so many SSRCs without a stream they keep
 * something, and so many that are given up are refused, 0 if none need be. NULL if there is no memory. */
struct peer *plane_add_peer(struct plane *self, uint64_t token, void *inbound, void *outbound, int max_idle, int max_refused);
void plane_move_peer(struct plane *self, struct peer *peer, int way, const uint8_t *host, int port, const uint8_t *local);
/* Its producers and consumers must have been removed. */
void plane_remove_peer(struct plane *self, struct peer *peer);
/* Free what SRTP keeps of an SSRC towards the peer, which is never used again. */
void plane_forget(struct plane *self, struct peer *peer, uint32_t ssrc);

struct producer *plane_add_producer(struct plane *self, struct peer *sender, const struct producer_route *route);
/* Up to 9 SSRCs that are given up with it are written; how many. */
int plane_remove_producer(struct plane *self, struct producer *producer, uint32_t *given_up);
/* last_sequence and last_rtx_sequence of the removed consumer are written. */
struct consumer *plane_add_consumer(struct plane *self, struct peer *receiver, const struct consumer_route *route);
void plane_remove_consumer(struct plane *self, struct consumer *consumer, int64_t *last_sequence, int64_t *last_rtx_sequence);
/* Forward a producer to a consumer that has none. */
void plane_join(struct plane *self, struct producer *producer, struct consumer *consumer, double now);

void plane_pause_producer(struct plane *self, struct producer *producer, int paused, double now);
void plane_pause_consumer(struct plane *self, struct consumer *consumer, int paused, double now);
void plane_aim(struct plane *self, struct consumer *consumer, int spatial, int temporal, double now);
void plane_forwarding(struct plane *self, struct consumer *consumer, int *spatial, int *temporal);

void plane_receive(struct plane *self, struct peer *sender, const uint8_t *datagram, int size, double now);
int plane_resend(struct plane *self, struct peer *receiver, uint32_t ssrc, const uint16_t *sequences, int count, int most,
                 double now, int *octets);
void plane_request_keyframe(struct plane *self, struct peer *receiver, uint32_t ssrc, double now);
int plane_pad(struct plane *self, struct peer *receiver, int size, double now);

/* Each writes at most capacity entries and returns how many. */
int plane_sender_report(struct plane *self, struct peer *sender, uint32_t ssrc, uint64_t ntp, uint32_t rtp_timestamp, double now,
                        struct forwarded_report *into, int capacity);
int plane_take_losses(struct plane *self, struct peer *sender, double now, struct loss *into, int capacity);
int plane_take_keyframe_requests(struct plane *self, double now, struct keyframe_request *into, int capacity);
/* An SSRC that the peer sends under, 0 for none. */
uint32_t plane_first_ssrc(struct plane *self, struct peer *sender);
int plane_take_arrivals(struct plane *self, struct peer *sender, struct arrival *into, int capacity);
void plane_sent(struct plane *self, struct peer *receiver, int64_t *number, uint64_t *octets);
/* The body of a transport-wide feedback; 0 if it is malformed. There must be room for 2,048 bursts. */
int plane_acknowledge(struct plane *self, struct peer *receiver, const uint8_t *feedback, int size, int64_t after, int64_t until,
                      struct acknowledged *into, struct burst *bursts);
int plane_take_levels(struct plane *self, struct level *into, int capacity);
int plane_receptions(struct plane *self, struct peer *sender, double now, struct reception *into, int capacity);
int plane_sources(struct plane *self, struct source_counters *into, int capacity);

void plane_peer_counters(struct plane *self, struct peer *peer, struct peer_counters *into);
void plane_producer_counters(struct plane *self, struct producer *producer, struct producer_counters *into);
void plane_consumer_counters(struct plane *self, struct consumer *consumer, struct consumer_counters *into);

#endif
