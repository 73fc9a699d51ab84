"""What people who come and go leave behind in the relay: nothing. Blocks of Python's allocator are counted."""

import asyncio
import gc
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable

import pytest

from media.control.change import change
from media.control.messages import Delta, delta, encode, parse_hub_message
from media.control.mint import connected, mint_consumer, mint_producer
from media.control.state import AnySpec, RoomState
from media.endpoint import UdpEndpoint
from media.ortc import ROUTER_CAPABILITIES
from media.path import Path, UdpPath
from tests.media.parameters import vp8
from tests.media.planes import make_plane
from tests.media.world import DTLS, Page, World

#: Rounds until what is remembered of the last few is full, and those that follow.
WARM, ROUNDS = 40, 60
#: A block that stays behind in each round would be as many as the rounds.
NOISE = ROUNDS // 3


def blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()


def growth(once: Callable[[int], None]) -> int:
    """How many blocks the rounds leave behind, which ``once`` is told by their number."""
    for number in range(WARM):
        once(number)
    before = blocks()
    for number in range(WARM, WARM + ROUNDS):
        once(number)
    return blocks() - before


class Meeting:
    """A room whose hub speaks the control protocol; one page stays and sends."""

    def __init__(self) -> None:
        self.world = World()
        self.state = RoomState()
        self.alice = Page(self.world, 1)
        self.alice.connect()
        self.sequence = 0
        self.apply([self.alice.spec])

    def apply(self, put: Iterable[AnySpec] = (), remove: Iterable[str] = ()) -> None:
        step, self.state = change(self.state, put, remove)
        message = parse_hub_message(encode(delta("hall", step)))
        assert isinstance(message, Delta)
        self.world.rooms.delta(message, self.world.now)
        self.world.relay.take_changes()

    def visit(self, number: int) -> None:
        """Alice's camera is new, somebody comes, sees it, and leaves."""
        producer = mint_producer(self.alice.spec.id, "video", vp8())
        bob = Page(self.world, 1000 + number)
        self.apply([bob.spec, producer])
        bob.connect()
        consumer = mint_consumer(bob.spec.id, producer, ROUTER_CAPABILITIES, cname="alice")
        self.apply([connected(bob.spec, DTLS), consumer])
        self.sequence += 1
        self.alice.send_rtp(self.sequence)
        self.world.pass_time(0.1)
        assert bob.got_rtp()
        self.apply(remove=[bob.spec.id, producer.id])
        self.world.sent.clear()


def test_joins_and_leaves_leave_nothing_behind(plane: str) -> None:
    assert growth(Meeting().visit) < NOISE


async def test_peers_at_ever_new_addresses_leave_nothing_behind(plane: str) -> None:
    endpoint = UdpEndpoint("", 0)
    heard: asyncio.Queue[None] = asyncio.Queue()
    data_plane = make_plane(lambda data, path: None)

    def receive(data: bytes, path: Path, now: float) -> None:
        assert isinstance(path, UdpPath)
        endpoint.transmit(b"answer", path)
        heard.put_nowait(None)

    async def ask(times: int) -> int:
        for _ in range(times):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as page:
                page.sendto(b"\x00\x01" + bytes(18), ("127.0.0.1", endpoint.port))
                await heard.get()
        return blocks()

    if not data_plane.serve(endpoint.fileno(), endpoint.family, receive):
        endpoint.listen(receive)
    try:
        assert await ask(WARM) + NOISE > await ask(ROUNDS)
        assert endpoint.unsent == 0
    finally:
        data_plane.close()
        endpoint.close()


def test_what_stays_would_be_seen() -> None:
    kept: list[object] = []
    assert growth(lambda number: kept.append([number])) >= ROUNDS


#: Threads get memory of the C library, then it tells its heaps.
HEAPS = """
import ctypes, threading
from media.heap import keep_one_heap
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
keep_one_heap()
threads = [threading.Thread(target=libc.malloc, args=(5000,)) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
libc.fflush(None)
"""


@pytest.mark.parametrize(
    ("code", "shared"), [(HEAPS, True), (HEAPS.replace("keep_one_heap()", ""), False)], ids=["asked", "not asked"]
)
def test_threads_share_one_heap(code: str, shared: bool) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert (done.stdout.count("<heap nr=") == 1) == shared
