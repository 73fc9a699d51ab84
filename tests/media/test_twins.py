"""The compiled data plane does what the one in Python does: same datagrams, same answers, whatever happens."""

import random
import secrets
import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media.dataplane.interface import UNLIMITED, ConsumerRoute, DataPlane, StreamSpec
from media.dataplane.native.plane import NativeDataPlane
from media.dataplane.python import PythonDataPlane
from media.errors import SrtpError
from media.parameters import TRANSPORT_CC
from media.path import Path
from media.rtcp import SenderReport
from media.rtp import extension_block, one_byte_element, write_rtp
from media.srtp import OutboundSession
from tests.media.link import ROUTER_IDS, Peer, audio, to, video

NAMES = ("alice", "bob", "carol", "relay")
CAMERA = video(streams=tuple(StreamSpec(51 + index, rid, 61 + index) for index, rid in enumerate("qhf")))
LEARNT = video(id="learnt", mid="2", streams=tuple(StreamSpec(None, rid) for rid in "ab"), transport_cc=False)
H264 = video(id="h264", mid="3", mime="video/h264", streams=(StreamSpec(77, None, 78),))
VOICE = audio(red_payload_type=63)
PARAMETERS = bytes.fromhex("6742c016da0280bfe584000003000400000300783c58ba80")  # of 640 x 360
PRODUCERS = {route.id: route for route in (CAMERA, LEARNT, H264, VOICE)}
WITH_TRANSPORT_CC = ROUTER_IDS | {TRANSPORT_CC: 12}


def routes() -> dict[str, ConsumerRoute]:
    made = {}
    for place, receiver in enumerate(("bob", "carol")):
        for number, producer in enumerate(PRODUCERS.values()):
            ids = WITH_TRANSPORT_CC if receiver == "bob" else ROUTER_IDS
            ssrc = 9000 + 100 * place + 2 * number
            rtx = ssrc + 1 if producer.kind == "video" and not (receiver == "carol" and producer is H264) else None
            route = to(receiver, producer, ssrc=ssrc, rtx_ssrc=rtx, mid=f"m{number}", extension_ids=ids)
            made[route.id] = route
    return made


def routes_to_a_relay() -> dict[str, ConsumerRoute]:
    """Each encoding by itself, and one that its producer does not have."""
    pinned = ((CAMERA, 0), (CAMERA, 1), (CAMERA, 2), (LEARNT, 1), (LEARNT, 2), (VOICE, 0))
    made = {}
    for number, (producer, encoding) in enumerate(pinned):
        rtx = 9301 + 2 * number if producer.kind == "video" else None
        route = to("relay", producer, ssrc=9300 + 2 * number, rtx_ssrc=rtx, mid=f"m{number}", encoding=encoding)
        made[f"{route.id}-{encoding}"] = replace(route, id=f"{route.id}-{encoding}")
    return made


CONSUMERS = routes() | routes_to_a_relay()


class Twins:
    """Both data planes with the same peers; every call goes to both, and what comes of it must be equal."""

    def __init__(self) -> None:
        self.now = 100.0
        self.out: tuple[list[tuple[bytes, Path]], list[tuple[bytes, Path]]] = ([], [])
        self.planes: tuple[DataPlane, DataPlane] = (
            PythonDataPlane(lambda data, path: self.out[0].append((bytes(data), path))),
            NativeDataPlane(lambda data, path: self.out[1].append((bytes(data), path))),
        )
        self.peers = {name: Peer(name, 1000 + index) for index, name in enumerate(NAMES)}
        for peer in self.peers.values():
            self.both("add_peer", peer.name, peer.keys, peer.address)

    def both(self, call: str, *arguments: object) -> object:
        results = [getattr(plane, call)(*arguments) for plane in self.planes]
        assert results[0] == results[1], call
        assert self.out[0] == self.out[1], call
        return results[0]

    def sent_sequences(self, ssrc: int) -> list[int]:
        found = [int.from_bytes(data[2:4]) for data, _ in self.out[0] if int.from_bytes(data[8:12]) == ssrc]
        return found[-40:]


def two_byte_block(elements: list[bytes]) -> bytes:
    """The same elements in the form of RFC 8285 §4.3, and one that only it can hold."""
    body = b"".join(bytes((one[0] >> 4, len(one) - 1)) + one[1:] for one in elements) + b"\xff\x00"
    body += b"\0" * (-len(body) % 4)
    return b"\x10\x00" + (len(body) // 4).to_bytes(2) + body


class Chance:
    """What happens next, from one seed."""

    def __init__(self, twins: Twins, seed: int) -> None:
        self.twins = twins
        self.random = random.Random(seed)
        self.sequences = {ssrc: self.random.randrange(1 << 16) for ssrc in (51, 52, 53, 71, 72, 77, 81)}
        self.timestamps = {ssrc: self.random.randrange(1 << 32) for ssrc in self.sequences}
        self.picture = self.random.randrange(1 << 15)
        self.rtx = self.random.randrange(1 << 15)
        self.lost: list[tuple[int, int]] = []
        self.outbound = OutboundSession(self.twins.peers["alice"].keys.profile, self.twins.peers["alice"].keys.inbound)

    def step(self) -> None:
        self.twins.now += self.random.choice((0.0, 0.001, 0.01, 0.033, 0.3))
        happens = self.random.choices(
            (self.packet, self.repeated, self.control, self.feedback, self.harvest), (80, 8, 2, 6, 4)
        )[0]
        happens()

    # ---- what alice sends

    def payload(self, *, video_codec: bool) -> bytes:
        chance = self.random
        if not video_codec:
            return chance.randbytes(chance.randrange(1, 200))
        self.picture = (self.picture + chance.choice((0, 0, 1))) & 0x7FFF
        first, flags = chance.choice((0x90, 0x80, 0x10, 0x00)), chance.choice((0xE0, 0xA0, 0xC0, 0x80, 0x20))
        long = chance.random() < 0.9
        picture = bytes((0x80 | self.picture >> 8, self.picture & 0xFF)) if long else bytes((self.picture & 0x7F,))
        descriptor = bytes((first,))
        if first & 0x80:
            descriptor += bytes((flags,)) + (picture if flags & 0x80 else b"")
            descriptor += bytes((chance.randrange(256),)) if flags & 0x40 else b""
            descriptor += bytes((chance.randrange(4) << 6 | chance.randrange(2) << 5,)) if flags & 0x20 else b""
        header = bytes((chance.choice((0, 1, 1, 1)), 0, 0)) + b"\x9d\x01\x2a" + chance.randbytes(4)
        body = descriptor + header + chance.randbytes(chance.randrange(60 if chance.random() < 0.98 else 1450))
        return body if chance.random() < 0.97 else body[: chance.randrange(len(body))]

    def write(self, ssrc: int, sequence: int, payload_type: int, payload: bytes) -> bytes:
        chance = self.random
        elements = [one_byte_element(4, {51: b"0", 52: b"0", 53: b"0", 77: b"3", 81: b"1"}.get(ssrc, b"2"))]
        if ssrc in {71, 72}:
            elements.append(one_byte_element(6, b"a" if ssrc == 71 else b"b"))
        if chance.random() < 0.8:
            elements.append(one_byte_element(3, chance.randbytes(2)))
        if chance.random() < 0.5:
            elements.append(one_byte_element(1, chance.randbytes(1)))
        if chance.random() < 0.2:
            elements.append(one_byte_element(5, chance.randbytes(1)))
        chance.shuffle(elements)
        into = memoryview(bytearray(1600))
        block = extension_block(elements)
        if chance.random() < 0.1:
            block = two_byte_block(elements)
        if chance.random() < 0.02:
            block = block[:4] + chance.randbytes(len(block) - 4)
        size = write_rtp(
            into, chance.random() < 0.5, payload_type, sequence, self.timestamps[ssrc], ssrc, block, payload
        )
        return bytes(into[:size])

    def packet(self) -> None:
        chance = self.random
        ssrc = chance.choice(list(self.sequences))
        step = chance.choice((1,) * 20 + (2, 3, 4, -1, -3, -2)) if chance.random() < 0.995 else 600
        self.lost += [(ssrc, self.sequences[ssrc] + missing & 0xFFFF) for missing in range(1, min(step, 4))]
        self.sequences[ssrc] = sequence = self.sequences[ssrc] + step & 0xFFFF
        if chance.random() < 0.6:
            self.timestamps[ssrc] = self.timestamps[ssrc] + chance.choice((3000, 960)) & 0xFFFFFFFF
        voice = chance.choice((111, 63))
        kind = {77: 96, 81: voice}.get(ssrc, 96) if chance.random() < 0.99 else 120
        payload = self.payload(video_codec=ssrc != 81)
        if ssrc == 77 and chance.random() < 0.3:
            unit = bytes((chance.choice((0x67, 0x65, 0x78, 0x7C)), chance.choice((0x87, 0x00)), 4, 0x67))
            payload = chance.choice((unit, b"", b"\x78\x00\x20")) + chance.choice((PARAMETERS, b"")) + payload
            payload = payload if chance.random() < 0.8 else payload[: chance.randrange(len(payload) + 1)]
        if kind == 63:
            payload = self.redundant(payload)
        self.deliver(self.write(ssrc, sequence, kind, payload))

    def redundant(self, payload: bytes) -> bytes:
        """Mostly well-formed, of up to ten blocks."""
        chance = self.random
        blocks = [
            (chance.choice((111, 111, 9)), chance.randbytes(chance.randrange(9))) for _ in range(chance.randrange(11))
        ]
        headers = [(1 << 31 | kind << 24 | 960 << 10 | len(data)).to_bytes(4) for kind, data in blocks]
        whole = b"".join([*headers, b"\x6f", *(data for _, data in blocks), payload])
        return whole if chance.random() < 0.9 else whole[: chance.randrange(len(whole))]

    def repeated(self) -> None:
        """A retransmission, mostly of something that is missing."""
        if not self.lost:
            return
        ssrc, sequence = lost = self.random.choice(self.lost[-10:])
        payload = sequence.to_bytes(2) + self.payload(video_codec=ssrc != 81)
        self.rtx = self.rtx + 1 & 0xFFFF
        rtx_ssrc = {51: 61, 52: 62, 53: 63, 77: 78}.get(ssrc)
        if rtx_ssrc is None or self.random.random() < 0.3:  # not lost after all, but late
            self.lost.remove(lost)
            self.deliver(self.write(ssrc, sequence, 111 if ssrc == 81 else 96, payload[2:]))
            return
        into = memoryview(bytearray(1600))
        size = write_rtp(into, True, 97, self.rtx, self.timestamps[ssrc], rtx_ssrc, b"", payload)
        self.deliver(bytes(into[:size]))

    def deliver(self, packet: bytes) -> None:
        try:
            datagram = self.outbound.protect_copy(packet)
        except SrtpError:  # a number that was used: what a peer sends twice, or something broken
            datagram = packet + bytes(16)
        if self.random.random() < 0.02:
            datagram = datagram[: self.random.randrange(len(datagram))]
        self.twins.both(
            "receive", self.random.choice(NAMES) if self.random.random() < 0.01 else "alice", datagram, self.twins.now
        )

    # ---- what the hub and the receivers want

    def control(self) -> None:
        twins, chance, now = self.twins, self.random, self.twins.now
        consumer, producer = chance.choice(list(CONSUMERS)), chance.choice(list(PRODUCERS))
        match chance.randrange(9):
            case 0 | 1 | 2:
                twins.both("aim", consumer, chance.randrange(-1, 4), chance.randrange(4), now)
            case 3:
                twins.both("pause", chance.choice((consumer, producer)), chance.random() < 0.4, now)
            case 4:
                receiver = twins.peers[chance.choice(("bob", "carol", "relay"))]
                twins.both("move_peer", receiver.name, receiver.address if chance.random() < 0.7 else None)
            case 5:
                twins.both("add_producer", replace(PRODUCERS[producer], paused=chance.random() < 0.1), now)
            case 6:
                twins.both("route", replace(CONSUMERS[consumer], paused=chance.random() < 0.1), now)
            case 7:
                twins.both(chance.choice(("unroute", "remove_producer")), chance.choice((consumer, producer)))
            case 8:
                twins.both("forwarding", consumer)

    def feedback(self) -> None:
        twins, chance, now = self.twins, self.random, self.twins.now
        route = chance.choice(list(CONSUMERS.values()))
        match chance.randrange(6):
            case 0:
                known = twins.sent_sequences(route.ssrc)
                asked = [*chance.sample(known, min(len(known), 3)), chance.randrange(1 << 16)]
                twins.both("resend", route.peer, route.ssrc, asked, now, chance.choice((0, 500, UNLIMITED)))
            case 1:
                twins.both("request_keyframe", route.peer, route.ssrc, now)
            case 2:
                twins.both("pad", route.peer, chance.randrange(2000), now)
            case 3:
                ssrc = chance.choice(list(self.sequences))
                ntp = int((now + 3e9) * 2**32)
                report = SenderReport(ssrc, ntp, self.timestamps[ssrc], 1, 2)
                twins.both("sender_reports", "alice", report, now)
            case _:
                self.acknowledge(chance.choice(NAMES))

    def acknowledge(self, name: str) -> None:
        """Something of what was sent lately, once more or never sent; and now and then anything."""
        twins, chance = self.twins, self.random
        last, _ = twins.planes[0].sent(name)
        count = chance.choice((1, 5, 40, 3000))
        after = last - chance.randrange(50)
        body = struct.pack("!IIHHI", 1, 2, last - chance.randrange(-3, 60) & 0xFFFF, count, chance.getrandbits(32))
        left = count
        while left > 0:
            run = min(8191, chance.randrange(1, 2 * left + 1))
            vector = chance.random() < 0.4
            body += struct.pack(
                "!H",
                chance.choice((0x8000, 0xC000)) | chance.getrandbits(14)
                if vector
                else chance.choice((0, 1, 1, 1, 2, 3)) << 13 | run,
            )
            left -= 7 if vector else run
        body += chance.randbytes(chance.choice((0, 2 * count, 2 * count)))
        twins.both("acknowledge", name, body, after, chance.choice((after + 20, 1 << 62)))

    def harvest(self) -> None:
        """What is asked for now and then."""
        twins, now = self.twins, self.twins.now
        twins.both("take_losses", "alice", now)
        twins.both("take_keyframe_requests", now)
        twins.both("receptions", "alice", now)
        for name in NAMES:
            twins.both("sent", name)
        for call in ("take_levels", "sources", "stats", "producer_stats", "consumer_stats"):
            twins.both(call)


@pytest.fixture
def fixed_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "randbelow", lambda limit: limit // 2)


@given(seed=st.integers(0, 1 << 32))
@settings(max_examples=25)
def test_both_do_the_same_whatever_happens(fixed_numbers: None, seed: int) -> None:
    twins = Twins()
    for route in PRODUCERS.values():
        twins.both("add_producer", route, twins.now)
    for consumer in CONSUMERS.values():
        twins.both("route", consumer, twins.now)
    chance = Chance(twins, seed)
    for _ in range(400):
        chance.step()
    chance.harvest()
    assert twins.out[0]


def test_arrivals_are_acknowledged_in_the_same_words(fixed_numbers: None) -> None:
    twins = Twins()
    twins.both("add_producer", CAMERA, twins.now)
    chance = Chance(twins, 7)
    for _ in range(300):
        chance.packet()
        twins.now += 0.004
        if chance.random.random() < 0.1:
            assert twins.both("take_arrivals", "alice") is not None
