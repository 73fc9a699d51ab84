"""The sequencer: gives entries their index, keeps the tree, and signs checkpoints outside the database.

It belongs to the one thread that writes. Per batch::

    append … append          inside units of work; ``mark`` before a SAVEPOINT, ``rollback`` with it
    prepare                  just before COMMIT: the rows go into the same transaction
    publish | discard        after COMMIT | after a failed one

so an entry is durable exactly when what it tells of is, and a checkpoint never leads the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Table, func, insert, select

from auth.audit import merkle
from auth.audit.checkpoints import CheckpointFile, read_checkpoints
from auth.audit.entry import AuditEntry, seal, searchable
from auth.audit.keys import KEY_FILE, create_signer, load_signer
from auth.audit.merkle import Frontier
from auth.audit.note import Checkpoint, Signer, Verifier, checkpoint_of, epoch_of, open_checkpoint, sign_note
from auth.audit.tables import audit_detail, audit_entry, audit_tree
from auth.audit.tree import read_frontier, tile_roots
from auth.errors import BatchUnfinished, LogForked, LogRolledBack

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """A state of the batch to which a rolled back SAVEPOINT returns."""

    frontier: Frontier
    entries: int
    nodes: int


@dataclass(frozen=True, slots=True)
class PendingCheckpoint:
    """What the log will be once the transaction is committed."""

    frontier: Frontier


class AuditLog:
    """The writer of one audit log. Call :meth:`open` before anything else."""

    def __init__(self, key_dir: Path, checkpoint_file: Path, origin: str) -> None:
        self._key_dir = key_dir
        self._path = checkpoint_file
        self._origin = origin
        self._file = CheckpointFile(checkpoint_file)
        self._signer: Signer | None = None
        self._durable = Frontier()
        self._frontier = Frontier()
        self._entries: list[Row] = []
        self._details: list[Row] = []
        self._nodes: list[Row] = []
        self._pending: PendingCheckpoint | None = None

    @property
    def size(self) -> int:
        """How many entries there are, those of the running batch included."""
        return self._frontier.size

    @property
    def verifier(self) -> Verifier:
        return self._signing().verifier

    @property
    def vkey(self) -> str:
        """The public key in the spelling that verifiers take."""
        return self.verifier.vkey()

    def open(self, conn: Connection) -> None:
        """Load the tree and compare it with the newest checkpoint; a new log gets its key and first checkpoint.

        Raises LogRolledBack when the database is behind, LogForked when it tells another history, NoteInvalid,
        KeyMissing, KeyExposed.
        """
        self._load(conn)
        newest = self.newest_checkpoint()
        if newest is None:
            self._begin()
            return
        self._compare(conn, newest)
        self._file.repair()

    def adopt_restored(self, conn: Connection, at: datetime, kept: Sequence[str] = ()) -> Checkpoint:
        """Open in place of :meth:`open` after an operator restored an older database, and sign that this happened.

        ``kept`` are notes that were kept elsewhere: those newer than what the file holds are added to it, so that the
        signature names the newest state that was ever signed, which is returned. The caller then appends an entry
        ``SYSTEM_RESTORE``, without which no verifier believes the restore. Raises NoteInvalid.
        """
        self._load(conn)
        self._file.repair()
        newest = self.newest_checkpoint() or checkpoint_of(self._origin, Frontier())
        for note in kept:
            found = open_checkpoint(note, self.verifier)
            if found.size > newest.size:
                self._file.append(note)
                newest = found
        self._sign(epoch_of(self._origin, self._frontier, newest, at))
        return newest

    def newest_checkpoint(self) -> Checkpoint | None:
        """Return the last signed checkpoint, or None when nothing was signed yet."""
        found = read_checkpoints(self._path, self.verifier) if self._path.exists() else []
        return found[-1] if found else None

    def append(self, conn: Connection, entry: AuditEntry) -> int:
        """Add an entry to the running batch of ``conn``'s transaction and return its index. Raises EntryInvalid.

        The row is written by :meth:`prepare`, together with all others of the batch.
        """
        self._refuse_while_pending()
        sealed = seal(entry)
        leaf_hash = merkle.leaf_hash(sealed.leaf)
        index = self._frontier.size
        self._frontier, completed = self._frontier.append(leaf_hash)
        if len(completed) > 8:
            self._nodes += tile_roots(completed, self._frontier.size)
        self._entries.append(
            {
                "entry_index": index,
                "leaf": sealed.leaf,
                "leaf_hash": leaf_hash,
                "at_ms": sealed.at_ms,
                "action": entry.action.value,
                "outcome": entry.outcome.value,
                "actor": entry.actor,
                "object_type": entry.object_type,
                "object_id": entry.object_id,
                "session": entry.session,
                "site": entry.site,
            }
        )
        told = {"entry_index": index, "salt": sealed.salt, "details": sealed.details}
        self._details.append(told | searchable(entry.details))
        return index

    def mark(self) -> Mark:
        """Remember the state of the batch at a SAVEPOINT."""
        return Mark(self._frontier, len(self._entries), len(self._nodes))

    def rollback(self, mark: Mark) -> None:
        """Forget what was appended since ``mark``, as ROLLBACK TO SAVEPOINT does in the database."""
        self._refuse_while_pending()
        self._frontier = mark.frontier
        del self._entries[mark.entries :]
        del self._details[mark.entries :]
        del self._nodes[mark.nodes :]

    def prepare(self, conn: Connection) -> PendingCheckpoint | None:
        """Write the batch's rows; the last act before COMMIT. None when there is nothing to write."""
        self._refuse_while_pending()
        if not self._entries:
            return None
        _insert(conn, audit_entry, self._entries)
        _insert(conn, audit_detail, self._details)
        if self._nodes:
            _insert(conn, audit_tree, self._nodes)
        self._pending = PendingCheckpoint(self._frontier)
        return self._pending

    def publish(self, pending: PendingCheckpoint) -> None:
        """After COMMIT: sign the new state and put it on disk.

        When the disk refuses (OSError) the checkpoint lags, the log goes on, and the next one covers all.
        """
        self._durable = pending.frontier
        self._clear()
        self._sign(checkpoint_of(self._origin, pending.frontier))

    def discard(self) -> None:
        """After the whole batch was rolled back: forget it."""
        self._frontier = self._durable
        self._clear()

    def _load(self, conn: Connection) -> None:
        last = conn.execute(select(func.max(audit_entry.c.entry_index))).scalar()
        self._durable = self._frontier = read_frontier(conn, 0 if last is None else last + 1)
        self._clear()
        if self._path.exists() or self._durable.size or _has_key(self._key_dir):
            self._signer = load_signer(self._key_dir, self._origin)
        else:
            self._signer = create_signer(self._key_dir, self._origin)

    def _begin(self) -> None:
        if self._durable.size:
            raise LogForked(0, f"The log has entries, but its checkpoints are gone: {self._path}.")
        self._sign(checkpoint_of(self._origin, self._durable))

    def _compare(self, conn: Connection, newest: Checkpoint) -> None:
        size = self._durable.size
        if size < newest.size:
            raise LogRolledBack(
                size, f"The database has {size} log entries, the checkpoint {newest.size}: an older copy was put back."
            )
        if read_frontier(conn, newest.size).root() != newest.root:
            raise LogForked(0, f"The first {newest.size} log entries are not those that were signed.")

    def _clear(self) -> None:
        self._entries, self._details, self._nodes = [], [], []
        self._pending = None

    def _refuse_while_pending(self) -> None:
        if self._pending is not None:
            raise BatchUnfinished("The prepared batch was neither published nor discarded.")

    def _signing(self) -> Signer:
        if self._signer is None:
            raise BatchUnfinished("The audit log is not open.")
        return self._signer

    def _sign(self, checkpoint: Checkpoint) -> None:
        self._file.append(sign_note(checkpoint.text(), self._signing()))


def _insert(conn: Connection, table: Table, rows: list[Row]) -> None:
    # The hot statement: SQLAlchemy's processing of every parameter costs more than SQLite's own work.
    statement, names = _prepared(conn.dialect, table)
    conn.exec_driver_sql(statement, rows if names is None else list(map(itemgetter(*names), rows)))


@lru_cache(maxsize=16)
def _prepared(dialect: Dialect, table: Table) -> tuple[str, tuple[str, ...] | None]:
    """Return an INSERT in the driver's own spelling, and the order of its parameters if they go by position."""
    compiled = insert(table).compile(dialect=dialect)
    return compiled.string, None if compiled.positiontup is None else tuple(compiled.positiontup)


def _has_key(key_dir: Path) -> bool:
    return (key_dir / KEY_FILE).exists()
