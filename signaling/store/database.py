"""The embedded database: one writer thread that commits in batches, readers with their own connections.

SQLite in WAL mode with ``synchronous=FULL``. Every unit of work runs under its own SAVEPOINT; one COMMIT covers the
batch; answers leave only after it, so whatever was acknowledged is on disk. Domain functions are synchronous and never
await; callers await ``write`` and ``read``.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from auth.audit.log import AuditLog, PendingCheckpoint
from auth.errors import Denied
from auth.model import Subject
from signaling.audit_entries import denial_entry
from signaling.errors import HubStopping
from signaling.store.clock import Clock
from signaling.store.streams import StreamHeads
from signaling.store.transaction import EventBody, StoredEvent, Transaction

logger = logging.getLogger(__name__)
T = TypeVar("T")
MAX_BATCH = 256
READERS = 4
Materialise = Callable[[Transaction], Sequence[tuple[str, EventBody]]]
Publish = Callable[[Sequence[StoredEvent]], None]
Committed = Callable[[int, float], None]


def open_engine(path: Path, *, writer: bool) -> Engine:
    """Return an engine for the file; the writer's takes the write lock at BEGIN, a reader's never waits for it."""
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=1 if writer else READERS,
        connect_args={"timeout": 30, "check_same_thread": False},
    )
    event.listen(engine, "connect", _on_connect)
    if not writer:
        event.listen(engine, "connect", _read_only)
    event.listen(engine, "begin", _begin_immediate if writer else _begin_deferred)
    return engine


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _read_only(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def _begin_immediate(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN")


@dataclass(slots=True)
class _Unit:
    """A queued unit of work and what became of it."""

    run: Callable[[Transaction], Any]
    subject: Subject | None
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None
    events: list[StoredEvent] = field(default_factory=list)
    callbacks: list[Callable[[], None]] = field(default_factory=list)


class Database:
    """The unit of work over one SQLite file.

    ``materialise`` turns the changes of a transaction into event bodies while it is still open; ``publish`` gets the
    stored events of a batch on the event loop, after the commit and before the callers' answers; ``committed`` gets its
    number of units and seconds after that.
    """

    def __init__(
        self,
        path: Path,
        log: AuditLog,
        materialise: Materialise,
        publish: Publish,
        committed: Committed = lambda units, seconds: None,
    ) -> None:
        self._writer_engine = open_engine(path, writer=True)
        self._reader_engine = open_engine(path, writer=False)
        self._log = log
        self._materialise = materialise
        self._publish = publish
        self._committed = committed
        self._heads = StreamHeads()
        self.clock = Clock()
        self._closing = False
        self._queue: queue.SimpleQueue[_Unit | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="db-read")
        self._thread = threading.Thread(target=self._write_forever, name="db-write")
        self._loop = asyncio.get_running_loop()

    async def start(self) -> None:
        """Open the audit log against its external checkpoint and start the writer.

        Raises auth.errors.LogRolledBack when the database is older than the checkpoint kept beside it.
        """
        await self._loop.run_in_executor(self._readers, self._open_log)
        self._thread.start()

    def _open_log(self) -> None:
        with self._writer_engine.connect() as conn, conn.begin():
            self._log.open(conn)

    async def close(self) -> None:
        """Finish what is queued, then close every connection."""
        self._closing = True
        self._queue.put(None)
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        if self._thread.ident is not None:  # it never started when the log was not the one that was signed
            self._thread.join()
        self._readers.shutdown()
        self._writer_engine.dispose()
        self._reader_engine.dispose()

    async def write(self, run: Callable[[Transaction], T], subject: Subject | None = None) -> T:
        """Run a unit of work and return its result once it is durable.

        Whatever ``run`` raises is raised here, with nothing of it kept; a ``Denied`` leaves its audit entry behind.
        Raises HubStopping once the hub is being closed.
        """
        if self._closing:
            raise HubStopping
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Unit(run, subject, future))
        return await future

    async def read(self, run: Callable[[Connection], T]) -> T:
        """Run a read-only function in one consistent view of the database."""
        return await self._loop.run_in_executor(self._readers, self._read, run)

    def _read(self, run: Callable[[Connection], T]) -> T:
        with self._reader_engine.connect() as conn, conn.begin():
            return run(conn)

    # --- the writer thread ---

    def _write_forever(self) -> None:
        with self._writer_engine.connect() as conn:
            while (unit := self._queue.get()) is not None:
                batch = [unit]
                stop = self._fill(batch)
                self._commit(conn, batch)
                if stop:
                    return

    def _fill(self, batch: list[_Unit]) -> bool:
        """Add what is already waiting; True when the end was asked for."""
        while len(batch) < MAX_BATCH:
            try:
                unit = self._queue.get_nowait()
            except queue.Empty:
                return False
            if unit is None:
                return True
            batch.append(unit)
        return False

    def _commit(self, conn: Connection, batch: list[_Unit]) -> None:
        begin = time.perf_counter()
        try:
            with conn.begin():
                for unit in batch:
                    self._run_unit(conn, unit)
                checkpoint = self._log.prepare(conn)
        except Exception as error:
            logger.exception("a batch of %d units was rolled back", len(batch))
            self._heads.forget()
            self._log.discard()
            for unit in batch:
                unit.error, unit.events, unit.callbacks = error, [], []
        else:
            if checkpoint is not None:
                self._sign(checkpoint)
        self._loop.call_soon_threadsafe(self._deliver, batch, time.perf_counter() - begin)

    def _sign(self, checkpoint: PendingCheckpoint) -> None:
        try:
            self._log.publish(checkpoint)
        except OSError:  # what is committed stays; the checkpoint lags until the next batch covers both
            logger.exception("the checkpoint could not be written outside the database")

    def _run_unit(self, conn: Connection, unit: _Unit) -> None:
        """Run one unit under its own savepoint; its failure is its own."""
        tx = Transaction(conn, self.clock.tick(), unit.subject, self._log)
        mark = self._log.mark()
        conn.exec_driver_sql("SAVEPOINT unit")
        try:
            unit.result = unit.run(tx)
            unit.events = self._append_events(tx)
            unit.callbacks = tx.callbacks
            if unit.events:
                self.clock.take()
        except Exception as error:
            conn.exec_driver_sql("ROLLBACK TO unit")
            self._log.rollback(mark)
            self._heads.forget()
            unit.result, unit.error, unit.events = None, error, []
            if isinstance(error, Denied):
                self._log.append(conn, denial_entry(unit.subject, error, tx.now))
        conn.exec_driver_sql("RELEASE unit")

    def _append_events(self, tx: Transaction) -> list[StoredEvent]:
        stored: list[StoredEvent] = []
        for stream, made in groupby(self._materialise(tx) if tx.changes else (), key=itemgetter(0)):
            stored.extend(self._heads.append(tx.conn, stream, [body for _, body in made], tx.now))
        return stored

    # --- back on the event loop ---

    def _deliver(self, batch: list[_Unit], seconds: float) -> None:
        self._call(lambda: self._publish([one for unit in batch for one in unit.events]))
        for unit in batch:
            for callback in unit.callbacks:
                self._call(callback)
            if unit.future.done():
                continue  # the caller went away; what it asked for is done all the same
            if unit.error is not None:
                unit.future.set_exception(unit.error)
            else:
                unit.future.set_result(unit.result)
        self._call(lambda: self._committed(len(batch), seconds))

    @staticmethod
    def _call(step: Callable[[], None]) -> None:
        """What is committed is answered, whatever becomes of telling others about it."""
        try:
            step()
        except Exception:
            logger.exception("an event or a callback after a commit was lost")
