"""Brings what runs to what is wanted: recordings that are on are captured, stopped ones sealed, deleted ones destroyed.

Whatever ended it (a killed process, a restarted hub or relay, an empty room), a recording that is on goes on in a new
part as soon as it can; meanwhile everybody sees that nothing is being recorded.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from auth.audit.entry import Action, Detail
from meetings import meeting_store
from meetings.model import MeetingState
from signaling.audit_entries import entry
from signaling.recording import store
from signaling.recording.capture import Capture, finish_files
from signaling.recording.manifest import manifest
from signaling.recording.model import ON, RecordedFile, Recording, RecordingId, RecordingState, StopReason
from signaling.recording.tap import remove_taps
from signaling.recording.vault import LEAST_FREE
from signaling.store.transaction import Transaction

if TYPE_CHECKING:
    from signaling.services import Services

BUSY_S: Final = 0.5
IDLE_S: Final = 5.0
FIRST_S: Final = 2.0  # writers that a killed hub left behind are done by then
RETRY_S: Final = 2.0
LONGEST_RETRY_S: Final = 30.0
_LIVE: Final = frozenset({MeetingState.IN_SESSION, MeetingState.SUSPENDED})
logger = logging.getLogger(__name__)


class Keeper:
    """Use running()."""

    def __init__(self, services: "Services") -> None:
        self.captures: dict[RecordingId, tuple[Capture, asyncio.Task[None]]] = {}
        self._services = services
        self._not_before: dict[RecordingId, tuple[float, float]] = {}  # when to try again, after which pause

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.sleep(FIRST_S)
        busy = True
        while True:
            try:
                busy = await self.step()
            except Exception:
                logger.exception("recordings are not kept")
            wake = self._services.recording_wake
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BUSY_S if busy else IDLE_S):
                    await wake.wait()
            wake.clear()

    async def step(self) -> bool:
        """Look at everything once; return whether there is anything that does not run by itself."""
        found = await self._services.db.read(_unfinished)
        for recording, state in found:
            await self._attend_to(recording, state)
        await self._purge()
        if not found:
            self._sweep()
        return bool(found) or bool(self.captures)

    async def close(self) -> None:
        """End all captures in order; their recordings stay on, for the hub that comes next."""
        for capture, _ in self.captures.values():
            capture.stop.set()
        for _, task in self.captures.values():
            await asyncio.gather(task, return_exceptions=True)

    async def _attend_to(self, recording: Recording, state: MeetingState) -> None:
        running = self._running(recording)
        if recording.state in ON and state not in _LIVE:
            await self._stop(recording, StopReason.MEETING_OVER)
        elif recording.state in ON and running and await self._is_full():
            await self._stop(recording, StopReason.STORAGE)
        elif recording.state in ON and state is MeetingState.IN_SESSION:
            if not running:
                await self._start(recording)
        elif running:
            self.captures[recording.id][0].stop.set()
        elif recording.state is RecordingState.STOPPING:
            await seal(self._services, recording)
            self._not_before.pop(recording.id, None)

    def _running(self, recording: Recording) -> bool:
        """Whether a capture runs; one that has ended is taken away, and a failed one is not begun again at once."""
        if recording.id not in self.captures:
            return False
        task = self.captures[recording.id][1]
        if not task.done():
            return True
        del self.captures[recording.id]
        pause = RETRY_S
        if (error := task.exception()) is not None:
            logger.warning("recording %s: a part ended: %r", recording.id, error)
            pause = min(LONGEST_RETRY_S, 2 * self._not_before.get(recording.id, (0.0, RETRY_S / 2))[1])
        self._not_before[recording.id] = (asyncio.get_running_loop().time() + pause, pause)
        return False

    async def _start(self, recording: Recording) -> None:
        room = self._services.rooms.get(recording.meeting_id)
        now = asyncio.get_running_loop().time()
        if room is None or not room.spread.lead.connected or now < self._not_before.get(recording.id, (0.0, 0.0))[0]:
            return
        await finish_files(self._services, recording)
        capture = Capture(self._services, recording, room)
        self.captures[recording.id] = (capture, asyncio.create_task(capture.run()))

    async def _stop(self, recording: Recording, reason: StopReason) -> None:
        def run(tx: Transaction) -> None:
            tx.changed(recording.meeting_id, store.stop(tx.conn, recording, None, reason, tx.now))
            tx.audit(entry(Action.RECORDING_STOP, tx.now, None, "recording", recording.id, reason=reason.value))

        await self._services.db.write(run)
        self._services.recording_wake.set()

    async def _is_full(self) -> bool:
        return await asyncio.to_thread(self._services.vault.free_bytes) < LEAST_FREE // 2

    async def _purge(self) -> None:
        for recording in await self._services.db.read(store.to_purge):
            await purge(self._services, recording)

    def _sweep(self) -> None:
        for link in self._services.registry.links:
            for room_id in link.rooms:
                remove_taps(link, room_id)


@contextlib.asynccontextmanager
async def running(services: "Services") -> AsyncIterator[Keeper]:
    """Keep recordings while the context lasts."""
    keeper = Keeper(services)
    task = asyncio.create_task(keeper.run())
    try:
        yield keeper
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await keeper.close()


def _unfinished(conn: Connection) -> list[tuple[Recording, MeetingState]]:
    found = store.unfinished(conn)
    return [(one, meeting_store.load_meeting(conn, one.meeting_id).state) for one in found]


async def seal(services: "Services", recording: Recording) -> None:
    """Complete a stopped recording: measure what is left, write the manifest, and put its digest on the log."""
    await finish_files(services, recording)
    files = await services.db.read(lambda conn: store.files(conn, recording.id))
    data = manifest(recording, files)
    blob = await asyncio.to_thread(services.blobs.put, recording.id, 1, recording.label, data)

    def run(tx: Transaction) -> None:
        tx.changed(recording.meeting_id, store.end(tx.conn, recording, blob))
        told: dict[str, Detail] = {"manifest": blob.sha256, "files": len(files), "bytes": _total(files)}
        tx.audit(entry(Action.RECORDING_SEAL, tx.now, None, "recording", recording.id, **told))

    await services.db.write(run)


def _total(files: list[RecordedFile]) -> int:
    return sum(one.size or 0 for one in files)


async def purge(services: "Services", recording: Recording) -> None:
    """Destroy a deleted recording: keys first, then what they sealed, then who was in it."""
    files = await services.db.read(lambda conn: store.files(conn, recording.id))
    await asyncio.to_thread(services.vault.purge, recording.id, files)
    if recording.manifest is not None:
        await asyncio.to_thread(services.blobs.delete, recording.manifest)
    await services.db.write(lambda tx: store.purged(tx.conn, recording.id, tx.now))


def expire(services: "Services", tx: Transaction) -> None:
    """Delete recordings that are older than the rule says."""
    days = services.settings.recording_retention_days
    if not days:
        return
    for recording in store.ended_before(tx.conn, tx.now - timedelta(days=days)):
        tx.changed(recording.meeting_id, store.delete(tx.conn, recording, None, tx.now))
        told: dict[str, Detail] = {"reason": "retention", "number": recording.number}
        tx.audit(entry(Action.RECORDING_DELETE, tx.now, None, "recording", recording.id, **told))
        tx.after_commit(services.recording_wake.set)
