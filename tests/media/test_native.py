"""The data plane in C: how it is compiled and chosen, its thread on a real socket, and its memory under sanitizers."""

import asyncio
import socket
import subprocess
from pathlib import Path

import pytest

from media.dataplane import choice
from media.dataplane.native import compile as compiling
from media.dataplane.native import library, selftest
from media.dataplane.native.paths import packed, unpacked
from media.dataplane.native.plane import NativeDataPlane
from media.dataplane.native.reports import ARRIVAL, BURST, LOSS
from media.dataplane.python import PythonDataPlane
from media.endpoint import UdpEndpoint
from media.errors import DataPlaneUnavailable
from media.path import Path as WayTo
from media.path import TcpPath, UdpPath
from media.rtp import parse_rtp, write_rtp
from tests.fuzz.native.programs import TARGETS, compile_standalone, compile_threads
from tests.media.link import KEYFRAME, Peer, to, video


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sanitized")


@pytest.mark.parametrize("target", TARGETS)
def test_no_input_breaks_memory_or_uses_an_index_twice(folder: Path, target: str) -> None:
    program = compile_standalone(target, folder)
    done = subprocess.run([str(program), "3000", "7"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout == "3000 inputs\n"


def test_threads_share_nothing_without_the_lock(folder: Path) -> None:
    program = compile_threads(folder)
    done = subprocess.run([str(program), "300"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout == "300 rounds, datagrams came\n"


def test_the_compiled_plane_is_preferred_and_python_is_there_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choice.choose("auto") is NativeDataPlane
    assert choice.choose("python") is PythonDataPlane

    def broken() -> None:
        raise DataPlaneUnavailable("for another machine")

    monkeypatch.setattr(choice, "require_working", broken)
    assert choice.choose("auto") is PythonDataPlane
    with pytest.raises(DataPlaneUnavailable):
        choice.choose("native")
    with pytest.raises(DataPlaneUnavailable, match="turbo"):
        choice.choose("turbo")


def test_the_self_test_notices_a_plane_that_changes_packets(monkeypatch: pytest.MonkeyPatch) -> None:
    selftest.require_working()
    monkeypatch.setattr(selftest, "_SENT", selftest._SENT + b"?")
    with pytest.raises(DataPlaneUnavailable, match="another packet"):
        selftest.require_working()


def test_what_was_not_compiled_is_not_available(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(library, "OBJECT", tmp_path / "none.so")
    with pytest.raises(DataPlaneUnavailable):
        library.load.__wrapped__()


def test_without_a_compiler_there_is_a_reason_and_no_old_object(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target = tmp_path / "plane.so"
    target.write_bytes(b"of yesterday")
    monkeypatch.setenv("CC", "no-such-compiler")
    assert compiling.compile_plane(target) == "no C compiler for Linux"
    monkeypatch.setenv("CC", "false")
    assert compiling.compile_plane(target)
    assert not target.exists()


def test_what_is_read_at_once_lies_as_the_compiler_laid_it() -> None:
    ffi, _ = library.load()
    for layout, name, fields in (
        (
            BURST,
            "struct burst",
            {"number": 7, "sent_at": 1.5, "came": 8, "last_came": 9, "packets": 2, "octets": 10},
        ),
        (ARRIVAL, "struct arrival", {"at": 2.5, "number": 9}),
        (LOSS, "struct loss", {"ssrc": 10, "sequence": 11}),
    ):
        entries = ffi.new(f"{name}[]", [fields] * 2)
        assert layout.size == ffi.sizeof(name)
        assert list(layout.iter_unpack(ffi.buffer(entries))) == [tuple(fields.values())] * 2


def test_paths_survive_the_way_there_and_back() -> None:
    for path in (UdpPath("192.0.2.1", 5000, "192.0.2.9"), UdpPath("2001:db8::1", 1), UdpPath("10.0.0.1", 65535)):
        host, local = packed(path.host), packed(path.local)
        assert host is not None
        assert local is not None
        assert unpacked(host, path.port, local) == path
    assert packed("fe80::1%eth0") is None


class Wire:
    """A native data plane on a real socket, with two peers that have sockets too."""

    def __init__(self, listen_ip: str, peers_ip: str) -> None:
        self.endpoint = UdpEndpoint(listen_ip, 0)
        self.handed: asyncio.Queue[tuple[bytes, WayTo]] = asyncio.Queue()
        self.by_python: asyncio.Queue[tuple[bytes, WayTo]] = asyncio.Queue()
        self.plane = NativeDataPlane(lambda data, path: self.by_python.put_nowait((bytes(data), path)))
        self.plane.serve(
            self.endpoint.fileno(), self.endpoint.family, lambda data, path, _: self.handed.put_nowait((data, path))
        )
        self.family = socket.AF_INET6 if ":" in peers_ip else socket.AF_INET
        self.sockets = {name: socket.socket(self.family, socket.SOCK_DGRAM) for name in ("alice", "bob")}
        self.peers = {name: Peer(name, 0) for name in self.sockets}
        self.relay = (peers_ip, self.endpoint.port)
        for name, one in self.sockets.items():
            one.bind((peers_ip, 0))
            one.settimeout(10)
            path = UdpPath(peers_ip, one.getsockname()[1], peers_ip)
            self.plane.add_peer(name, self.peers[name].keys, path)
        self.plane.add_producer(video(), 0.0)
        self.plane.route(to("bob", video()), 0.0)

    def send(self, sequence: int) -> None:
        buffer = memoryview(bytearray(1500))
        size = write_rtp(buffer, True, 96, sequence, 3000 * sequence, 2222, b"", KEYFRAME)
        self.sockets["alice"].sendto(self.peers["alice"].outbound.protect_copy(bytes(buffer[:size])), self.relay)

    def wait_until_read(self, total: int) -> None:
        """Until the thread has handed over or dropped so many datagrams; the event loop stands still meanwhile."""
        counters = self.plane._ffi.new("struct socket_counters *")
        while counters.handed_over + counters.dropped < total:
            self.plane._lib.plane_socket_counters(self.plane._plane, counters)

    def close(self) -> None:
        self.plane.close()
        self.endpoint.close()
        for one in self.sockets.values():
            one.close()


@pytest.mark.parametrize(("listen_ip", "peers_ip"), [("127.0.0.1", "127.0.0.1"), ("::", "127.0.0.1"), ("::", "::1")])
async def test_media_passes_without_python_and_the_rest_is_handed_over(listen_ip: str, peers_ip: str) -> None:
    wire = Wire(listen_ip, peers_ip)
    try:
        wire.send(1)
        data, source = await asyncio.to_thread(wire.sockets["bob"].recvfrom, 2048)
        assert bytes(parse_rtp(wire.peers["bob"].inbound.unprotect(data)).payload) == KEYFRAME
        assert source[:2] == wire.relay
        assert wire.by_python.empty()
        wire.sockets["bob"].sendto(b"\x00\x01" + bytes(18), wire.relay)  # STUN
        handed, path = await asyncio.wait_for(wire.handed.get(), 10)
        assert handed == b"\x00\x01" + bytes(18)
        assert path == UdpPath(peers_ip, wire.sockets["bob"].getsockname()[1], peers_ip)
    finally:
        wire.close()


async def test_a_peer_on_tcp_is_served_by_python() -> None:
    wire = Wire("127.0.0.1", "127.0.0.1")
    try:
        path = TcpPath(1, "127.0.0.1", 9)
        wire.plane.move_peer("bob", path)
        wire.send(1)
        _, sent_by = await asyncio.wait_for(wire.by_python.get(), 10)
        assert sent_by == path
    finally:
        wire.close()


async def test_a_stranger_moves_nothing_and_fills_nothing_but_the_queue() -> None:
    wire = Wire("127.0.0.1", "127.0.0.1")
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for _ in range(5000):
                stranger.sendto(b"\x80\x60" + bytes(40), wire.relay)
                stranger.sendto(b"\x7f" + bytes(40), wire.relay)
        wire.send(1)
        await asyncio.to_thread(wire.sockets["bob"].recv, 2048)
        assert wire.plane.stats()["alice"].rejected == 0
        assert wire.plane.stats()["bob"].packets_out == 1
    finally:
        wire.close()


async def test_a_flood_of_checks_leaves_room_for_those_of_peers() -> None:
    wire = Wire("127.0.0.1", "127.0.0.1")
    check = b"\x00\x01" + bytes(18)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for total in range(100, 3000, 100):
                for _ in range(100):
                    stranger.sendto(check, wire.relay)
                wire.wait_until_read(total)
        wire.sockets["bob"].sendto(check, wire.relay)
        while (await asyncio.wait_for(wire.handed.get(), 10))[1].port != wire.sockets["bob"].getsockname()[1]:
            pass
    finally:
        wire.close()


async def test_close_ends_the_thread_and_may_be_repeated() -> None:
    wire = Wire("127.0.0.1", "127.0.0.1")
    wire.close()
    wire.plane.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(wire.relay)
