"""Whether the compiled data plane works on this machine: one packet through it under each profile."""

from media.dataplane.interface import ConsumerRoute, ProducerRoute, StreamSpec
from media.dataplane.native.plane import NativeDataPlane
from media.errors import DataPlaneUnavailable, SrtpError
from media.path import Path, UdpPath
from media.srtp import PROFILES, InboundSession, OutboundSession, Profile, SrtpKeys

_SENT = bytes((0x80, 111, 0, 7)) + bytes(4) + (21).to_bytes(4, "big") + b"self-test"
_SENDER, _RECEIVER = UdpPath("192.0.2.1", 1), UdpPath("192.0.2.2", 2)


def require_working() -> None:
    """Raise DataPlaneUnavailable unless packets come out as they must."""
    for profile in PROFILES:
        _require(profile)


def _require(profile: Profile) -> None:
    sent: list[tuple[bytes, Path]] = []
    plane = NativeDataPlane(lambda data, path: sent.append((bytes(data), path)))
    size = profile.key_length + profile.salt_length
    keys = SrtpKeys(profile, bytes(size), bytes(range(size)))
    plane.add_peer("sender", keys, _SENDER)
    plane.add_peer("receiver", keys, _RECEIVER)
    plane.add_producer(ProducerRoute("p", "sender", "audio", "audio/opus", 48000, 111, streams=(StreamSpec(21),)), 0.0)
    plane.route(ConsumerRoute("c", "receiver", "p", "audio", 48000, 22, 100, "0"), 0.0)
    try:
        plane.receive("sender", OutboundSession(profile, keys.inbound).protect_copy(_SENT), 0.0)
        packets = [(InboundSession(profile, keys.outbound).unprotect(data), path) for data, path in sent]
    except SrtpError as error:
        raise DataPlaneUnavailable(f"self-test: {error}") from error
    finally:
        plane.close()
    if len(packets) != 1 or packets[0][1] != _RECEIVER:
        raise DataPlaneUnavailable("self-test: the packet did not come out")
    packet = packets[0][0]
    if packet[1] != 100 or packet[8:] != (22).to_bytes(4, "big") + b"self-test":
        raise DataPlaneUnavailable("self-test: another packet came out")
