"""One part of a recording: from the moment a room can be tapped until it cannot, or is not to be, any more."""

import asyncio
import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from auth.audit.entry import Action
from auth.model import PersonId
from media.errors import ParametersError
from media.parameters import parse_parameters
from signaling.audit_entries import entry
from signaling.errors import NoSuchMediaObject, RelayUnavailable
from signaling.live.room import Room
from signaling.recording import messages, store
from signaling.recording.model import Outcome, RecordedFile, Recording
from signaling.recording.tap import Tap
from signaling.recording.writer import STOP_S, Writer, WriterFailed
from signaling.store.transaction import Transaction

if TYPE_CHECKING:
    from signaling.services import Services

SYNC_S: Final = 0.25
CONNECT_S: Final = 15.0
logger = logging.getLogger(__name__)


class Capture:
    """Use run(), once; ``stop`` ends it in order."""

    def __init__(self, services: "Services", recording: Recording, room: Room) -> None:
        self.stop = asyncio.Event()
        self.pid: int | None = None
        self._services = services
        self._recording = recording
        self._room = room
        self._tap = Tap(room)
        self._part = 0
        self._began = datetime.fromtimestamp(0, UTC)
        self._files: dict[str, RecordedFile] = {}  # by producer
        self._passed_over: set[str] = set()

    async def run(self) -> None:
        """Capture until stopped, or until relay, room or process are lost. What was written is on record at the end.

        Raises RelayUnavailable and WriterFailed.
        """
        writer = await Writer.start()
        self.pid = writer.pid
        hearing = asyncio.create_task(self._hear(writer))
        try:
            await self._begin(writer)
            await self._follow(writer, hearing)
        finally:
            await self._end(writer, hearing)

    async def _begin(self, writer: Writer) -> None:
        await asyncio.to_thread(self._services.vault.prepare, self._recording.id)
        now = time.time()
        self._began = datetime.fromtimestamp(now, UTC)
        writer.send(self._tap.open(writer.fingerprint, now))
        self._part = await self._services.db.write(lambda tx: store.begin_part(tx.conn, self._recording.id))

    async def _follow(self, writer: Writer, hearing: "asyncio.Task[None]") -> None:
        """Have every source of the room written as long as all is well."""
        while not (self.stop.is_set() or hearing.done() or self._is_over()):
            await self._sync(writer)
            try:
                async with asyncio.timeout(SYNC_S):
                    await self.stop.wait()
            except TimeoutError:
                continue

    def _is_over(self) -> bool:
        """Whether the room is another, or another of its relays hears everybody now."""
        return self._services.rooms.get(self._room.id) is not self._room or not self._tap.stands

    async def _sync(self, writer: Writer) -> None:
        live = {
            one: (endpoint, source)
            for endpoint in self._room.endpoints.values()
            for one, source in endpoint.producers.items()
        }
        for gone in self._files.keys() - live.keys():
            writer.send(messages.End(number=self._files.pop(gone).number))
        for producer_id in live.keys() - self._files.keys() - self._passed_over:
            endpoint, source = live[producer_id]
            try:
                await self._add(writer, producer_id, endpoint.identity.owner_id, endpoint.identity.name, source)
            except ParametersError as error:
                logger.warning("recording %s: a source is not recorded: %s", self._recording.id, error)
                self._passed_over.add(producer_id)
            except (NoSuchMediaObject, RelayUnavailable) as error:
                logger.info("recording %s: a source has to wait: %r", self._recording.id, error)

    async def _add(self, writer: Writer, producer_id: str, owner_id: str, name: str, source: str) -> None:
        consumer = await self._tap.consume(producer_id)
        codec = parse_parameters(consumer.rtp_parameters).codec.mime
        kind = self._room.state.producers[producer_id].kind
        vault = self._services.vault
        key_id, key = await asyncio.to_thread(vault.new_key)

        def add(tx: Transaction) -> RecordedFile:
            number = store.next_file_number(tx.conn, self._recording.id)
            file = RecordedFile(
                recording_id=self._recording.id,
                number=number,
                part=self._part,
                part_began_at=self._began,
                owner_id=PersonId(owner_id),
                name=name[:200],
                source=source,
                kind=kind,
                codec=codec,
                key_id=key_id,
            )
            store.add_file(tx.conn, file)
            return file

        file = self._files[producer_id] = await self._services.db.write(add)
        writer.send(
            messages.Add(
                number=file.number,
                rtp_parameters=dict(consumer.rtp_parameters),
                title=name,
                path=str(vault.path(self._recording.id, file.number).absolute()),
                key=key.hex(),
                owner=self._recording.id,
                label=int(self._recording.label),
                key_id=key_id,
            )
        )
        self._tap.resume(consumer.id)

    async def _hear(self, writer: Writer) -> None:
        """Note what the process says, until it ends."""
        async for said in writer.heard():
            match said:
                case messages.Connected():
                    await self._capturing()
                case messages.Done():
                    if said.error is not None:
                        logger.error("recording %s: file %d: %s", self._recording.id, said.number, said.error)
                    await self._note(said)
                case messages.Lost():
                    logger.info("recording %s: the relay is lost", self._recording.id)

    async def _note(self, said: messages.Done) -> None:
        outcome = Outcome(said.first_ms, said.last_ms, said.losses)
        await self._services.db.write(lambda tx: store.note_outcome(tx.conn, self._recording.id, said.number, outcome))

    async def _capturing(self) -> None:
        recording = self._recording

        def note(tx: Transaction) -> None:
            tx.changed(recording.meeting_id, store.set_capturing(tx.conn, recording.id, True))
            tx.audit(entry(Action.RECORDING_PART, tx.now, None, "recording", recording.id, part=self._part))

        await self._services.db.write(note)

    async def _end(self, writer: Writer, hearing: "asyncio.Task[None]") -> None:
        writer.finish()
        try:
            async with asyncio.timeout(STOP_S):
                await hearing
        except (TimeoutError, WriterFailed) as error:
            logger.error("recording %s: the process does not end in order: %r", self._recording.id, error)
        finally:
            hearing.cancel()
            await writer.kill()
            self._tap.close()
            await finish_files(self._services, self._recording)
            await self._services.db.write(self._not_capturing)

    def _not_capturing(self, tx: Transaction) -> None:
        tx.changed(self._recording.meeting_id, store.set_capturing(tx.conn, self._recording.id, False))


async def finish_files(services: "Services", recording: Recording) -> None:
    """Put on record what lies on disk of files that nobody writes any more."""
    for file in await services.db.read(lambda conn: store.files(conn, recording.id)):
        if file.size is None:
            await _finish_file(services, recording, file)


async def _finish_file(services: "Services", recording: Recording, file: RecordedFile) -> None:
    """One of which nothing was written is forgotten with its key."""
    found = await asyncio.to_thread(services.vault.measure, file, recording.label)

    def note(tx: Transaction) -> None:
        if found is None:
            store.forget_file(tx.conn, recording.id, file.number)
        else:
            store.finish_file(tx.conn, recording.id, file.number, found.size, found.sha256, found.complete)

    await services.db.write(note)
    if found is None:
        await asyncio.to_thread(services.vault.destroy_key, file.key_id)
