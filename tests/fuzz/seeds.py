"""Where the fuzzer begins: real packets of each kind, and every input that once broke something."""

import struct
from collections.abc import Callable, Iterable

from aioice import stun as messages

from media.framing import frame
from media.ice import write_check
from media.rtcp import (
    SenderReport,
    write_nack,
    write_packet,
    write_picture_loss,
    write_receiver_reports,
    write_sender_report,
)
from media.rtp import extension_block, one_byte_element, write_rtp
from media.twcc import ArrivalLog
from tests.fuzz.targets import PWD, TARGETS, UFRAG, mixed

#: Inputs that a fuzzer found, by target; they stay, so that what was mended stays mended.
FOUND: dict[str, tuple[bytes, ...]] = {}


def seeds(target: str) -> tuple[bytes, ...]:
    """The inputs to begin with."""
    if target == mixed.__name__:
        return tuple(bytes((number,)) + seed for number, name in enumerate(TARGETS) for seed in seeds(name))
    made: dict[str, Callable[[], list[bytes]]] = {
        "stun": _stun,
        "rtp": _rtp,
        "rtcp": _rtcp,
        "frames": lambda: [b"".join(map(frame, _rtp())), frame(b"x")],
        "media": lambda: [_joined(_rtp()), _joined(reversed(_rtp()))],
        "reports": lambda: [_joined(_rtcp()), *map(_one, _rtcp())],
        "datagrams": lambda: [_joined([*_stun()[:1], b"\x16\xfe\xfd" + bytes(20), b"\x80\x60" + bytes(20)])],
    }
    return (*made[target](), *FOUND.get(target, ()))


def _stun() -> list[bytes]:
    check = write_check(to_ufrag=UFRAG, to_pwd=PWD, from_ufrag="page", tie_breaker=7)
    own = write_check(to_ufrag=f"{UFRAG}+1", to_pwd=PWD, from_ufrag="page", tie_breaker=7)
    other = messages.Message(messages.Method.ALLOCATE, messages.Class.INDICATION)
    other.attributes["XOR-PEER-ADDRESS"] = ("2001:db8::1", 9)
    return [check, own, check[:40], bytes(other)]


def _rtp() -> list[bytes]:
    buffer = memoryview(bytearray(200))
    elements = ((4, b"0"), (3, b"\0\1"), (6, b"r0"), (1, b"\x85"))
    block = extension_block(one_byte_element(number, value) for number, value in elements)
    found = []
    for payload_type, ssrc, payload in (
        (96, 2222, b"\x90\x80\x85\x01\x10\x02\x00\x9d\x01\x2a\x40\x01\xf0\x00"),
        (96, 2222, b"\x90\xf0\x85\x01\x11\x60\x11rest"),
        (97, 2223, b"\0\1\x90\x80\x85\x01\x10"),
        (111, 1111, b"opus"),
    ):
        size = write_rtp(buffer, True, payload_type, 7, 3000, ssrc, block, payload)
        found.append(bytes(buffer[:size]))
    return found


def _rtcp() -> list[bytes]:
    log = ArrivalLog()
    for number in range(40):
        log.record(number * 3, 10 + number / 100)
    return [
        write_sender_report(SenderReport(2222, 1 << 40, 3000, 5, 500), "somebody"),
        *write_receiver_reports([]),
        write_nack(9000, [1, 2, 5, 40]),
        write_picture_loss(9000),
        write_packet(4, 206, struct.pack("!IIII", 1, 0, 9000, 1 << 24)),
        write_packet(15, 206, struct.pack("!II4sII", 1, 0, b"REMB", 0x01_06_1A_80, 9000)),
        write_packet(1, 203, struct.pack("!I", 2222)),
        *log.take(2222),
    ]


def _one(packet: bytes) -> bytes:
    return bytes((len(packet),)) + packet if len(packet) < 256 else b""


def _joined(packets: Iterable[bytes]) -> bytes:
    return b"".join(map(_one, packets))
