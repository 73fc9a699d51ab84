"""The machine and the program's parts: Python, clock, descriptors, cryptography, fonts, a page through a worker."""

import asyncio
import platform
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from documents.content import StampData
from documents.errors import DocumentError
from documents.glyphs import FONTS
from documents.render import render_stamp
from documents.worker import WorkerPool
from media.errors import MediaError
from media.srtp import require_profiles
from signaling.doctor.finding import Finding, ok, problem, warning
from signaling.settings import Settings
from signaling.version import VERSION

DESCRIPTORS = 4096  # a socket for each page, and what the database and the workers need
LAYOUT_TIMEOUT_S = 60.0
TOLERANCE = timedelta(minutes=1)


def check_machine(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Yield what is found; blocks for a second or two."""
    yield ok("version", f"Plenum {VERSION} on Python {platform.python_version()}, {platform.platform(terse=True)}")
    yield _client(settings)
    yield clock(now, _newest(settings.data))
    yield descriptors(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    yield _srtp()
    yield _layout()


def clock(now: datetime, newest: datetime | None) -> Finding:
    """Compare the wall clock with the youngest file that the hub wrote; without a network nothing better is at hand."""
    if newest is not None and now < newest - TOLERANCE:
        words = f"The clock says {now:%Y-%m-%d %H:%M}, but the hub wrote files at {newest:%Y-%m-%d %H:%M}."
        return problem("clock", words, "Set the clock (NTP) before the hub signs anything.")
    began, ticked = time.time(), time.monotonic()
    time.sleep(0.05)
    drift = abs((time.time() - began) - (time.monotonic() - ticked))
    if drift > 0.02:
        return warning("clock", "The clock is being moved right now.", "Let NTP settle, then ask again.")
    return ok("clock", f"The clock says {now:%Y-%m-%d %H:%M:%S} UTC, and nothing contradicts it.")


def descriptors(limit: int) -> Finding:
    """Judge how many files and sockets a process may have open."""
    if limit < DESCRIPTORS:
        words = f"A process may open {limit} files; each page needs a socket."
        return warning("descriptors", words, "Set LimitNOFILE=65536 in the unit, or ulimit -n 65536.")
    return ok("descriptors", f"A process may open {limit} files and sockets.")


def _client(settings: Settings) -> Finding:
    if (settings.client / "index.html").is_file():
        return ok("client", "The web client is there.")
    words = f"There is no web client in {settings.client}."
    return problem("client", words, "Install the wheel, or build the client (make run does).")


def _newest(data: Path) -> datetime | None:
    times = [path.stat().st_mtime for path in data.glob("**/*") if path.is_file()][:10_000]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _srtp() -> Finding:
    try:
        require_profiles()
    except MediaError as error:
        return problem("srtp", f"{error}.", "Install the pylibsrtp wheel instead of building it.")
    return ok("srtp", "libsrtp has all profiles, AES-GCM among them.")


def _layout() -> Finding:
    """Lay out a page in a worker process, as the hub does with minutes."""
    if not any(FONTS.glob("*.ttf")):
        return problem("layout", f"There are no fonts in {FONTS}.", "Install the wheel again.")
    began = time.monotonic()
    try:
        page = asyncio.run(_page())
    except DocumentError as error:
        return problem("layout", f"A worker process cannot lay out a page: {error}.", "See the hub's messages.")
    took = time.monotonic() - began
    if not page.startswith(b"%PDF"):
        return problem("layout", "What a worker laid out is no PDF.", "Install the wheel again.")
    return ok(
        "layout", f"A worker process lays out a page with the fonts that are there ({took:.1f} s with its start)."
    )


async def _page() -> bytes:
    data = StampData("vi", "Asia/Ho_Chi_Minh", "Nguyễn Thị Thử", datetime.now(UTC), "Kiểm tra", 200, 60)
    async with WorkerPool(1) as workers:
        return await workers.run(render_stamp, data, timeout=LAYOUT_TIMEOUT_S)
