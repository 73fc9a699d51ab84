"""What the relays report of themselves over their control channels; the one label beside reasons is the relay."""

from collections.abc import Iterator, Sequence
from typing import get_args

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from media.control.messages import RelayCounters, TransportState
from signaling.relays.link import RelayLink

#: Field of RelayCounters, name, meaning.
_COUNTERS = (
    ("packets_in", "plenum_relay_packets_received", "RTP packets that arrived and were authentic."),
    ("bytes_in", "plenum_relay_received_bytes", "Bytes of those."),
    ("packets_out", "plenum_relay_packets_forwarded", "RTP packets that were sent to receivers."),
    ("bytes_out", "plenum_relay_forwarded_bytes", "Bytes of those."),
    ("expected_in", "plenum_relay_packets_expected", "Packets that senders sent, by sequence number."),
    ("received_in", "plenum_relay_packets_unique", "Of the expected packets, those that arrived the first time."),
    ("recovered_in", "plenum_relay_packets_recovered", "Lost packets that came by retransmission."),
    ("resent_out", "plenum_relay_packets_resent", "Retransmissions to receivers."),
    ("rejected", "plenum_relay_packets_rejected", "RTP packets that SRTP refused, or sound beyond its limit."),
    ("unknown", "plenum_relay_packets_unknown", "RTP packets of no known stream."),
    ("nacks_sent", "plenum_relay_nacks_sent", "Packets that senders were asked for again."),
    ("nacks_received", "plenum_relay_nacks_received", "Packets that receivers asked for again."),
    ("keyframe_requests_sent", "plenum_relay_keyframe_requests_sent", "Keyframes that senders were asked for."),
    ("keyframe_requests_received", "plenum_relay_keyframe_requests_received", "Keyframes that receivers asked for."),
    ("keyframes", "plenum_relay_keyframes", "Keyframes that arrived."),
    ("cpu_seconds", "plenum_relay_cpu_seconds", "Processor time of the relay."),
)
_GAUGES = (
    ("producers", "plenum_relay_producers", "Sources that arrive."),
    ("consumers", "plenum_relay_consumers", "Sources that are forwarded, counted by receiver."),
    ("tcp_connections", "plenum_relay_tcp_connections", "TCP connections of peers."),
    ("memory_bytes", "plenum_relay_resident_memory_bytes", "Memory of the relay."),
    ("tick_lag_seconds", "plenum_relay_tick_lag_seconds", "By how much its clock was late at worst in two seconds."),
)


def relay_metrics(links: Sequence[RelayLink]) -> Iterator[Metric]:
    """All relays that have ever connected to this hub; counters of those that are connected."""
    up = GaugeMetricFamily("plenum_relay_up", "1 while the relay is connected.", labels=["relay"])
    draining = GaugeMetricFamily("plenum_relay_draining", "1 while the relay is about to end.", labels=["relay"])
    for link in links:
        up.add_metric([link.id], link.connected)
        draining.add_metric([link.id], link.connected and link.draining.is_set())
    yield up
    yield draining
    known = [(link.id, link.counters) for link in links if link.connected and link.counters is not None]
    for field, name, text in _COUNTERS:
        family = CounterMetricFamily(name, text, labels=["relay"])
        for relay, counters in known:
            family.add_metric([relay], getattr(counters, field))
        yield family
    for field, name, text in _GAUGES:
        gauge = GaugeMetricFamily(name, text, labels=["relay"])
        for relay, counters in known:
            gauge.add_metric([relay], getattr(counters, field))
        yield gauge
    yield from _by_kind(known)


def _by_kind(known: Sequence[tuple[str, RelayCounters]]) -> Iterator[Metric]:
    transports = GaugeMetricFamily("plenum_relay_transports", "Transports by state.", labels=["relay", "state"])
    links = GaugeMetricFamily("plenum_relay_links", "Links to other relays by state.", labels=["relay", "state"])
    dropped = CounterMetricFamily(
        "plenum_relay_datagrams_dropped", "Datagrams that were dropped, by reason.", labels=["relay", "reason"]
    )
    for relay, counters in known:
        for state in get_args(TransportState):
            transports.add_metric([relay, state], counters.transports.get(state, 0))
            links.add_metric([relay, state], counters.links.get(state, 0))
        for reason, count in sorted(counters.dropped.items()):
            dropped.add_metric([relay, reason], count)
    yield transports
    yield links
    yield dropped
