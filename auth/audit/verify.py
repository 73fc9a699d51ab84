"""Verifying a log in a database against checkpoints that were kept elsewhere.

From the database alone a cut tail cannot be seen: whoever cuts it can make everything else fit. A checkpoint that lies
elsewhere finds a flipped byte, a cut tail, an older copy put back, and a fork.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from auth.audit import merkle
from auth.audit.checkpoints import split_notes
from auth.audit.entry import Action, commitment, milliseconds, searchable, unseal_committed
from auth.audit.merkle import Frontier
from auth.audit.note import Checkpoint, Verifier, open_checkpoint
from auth.audit.tables import audit_detail, audit_entry, audit_tree
from auth.audit.tree import tile_roots
from auth.errors import DetailAltered, EntryInvalid, LogAltered, LogForked, LogTruncated, NoteInvalid

STEP = 1000


@dataclass(frozen=True, slots=True)
class Verified:
    """What was proved: the size and root of the log now, and how many checkpoints it agrees with."""

    size: int
    root: bytes
    checkpoints: int
    restores: int  # how often the operator declared that an older database was put back
    erased: int  # entries whose details were erased


def verify_log(
    conn: Connection, notes: str, verifier: Verifier, progress: Callable[[int], None] = lambda _: None
) -> Verified:
    """Read the whole log and compare it with every checkpoint in ``notes``: a checkpoint file's text, or one note.

    ``progress`` is told how many entries were read, every thousand. Raises NoteInvalid, LogAltered (with the entry's
    index), DetailAltered, LogTruncated, LogForked.
    """
    signed = [open_checkpoint(note, verifier) for note in _notes(notes)]
    checkpoints = current_epoch(signed)
    frontier, erased, agreed = Frontier(), 0, -1
    due = sorted(checkpoints, key=lambda checkpoint: checkpoint.size)
    due = _agree(due, frontier, agreed)
    epochs = {checkpoint.size for checkpoint in checkpoints if checkpoint.begins_epoch}
    for expected, row in enumerate(_rows(conn)):
        if expected % STEP == 0:
            progress(expected)
        _check_row(row, expected)
        _check_epoch(row.action, expected, epochs)
        erased += row.details is None
        frontier, completed = frontier.append(bytes(row.leaf_hash))
        _check_tiles(conn, completed, frontier.size)
        if due and due[0].size == frontier.size:
            due = _agree(due, frontier, agreed)
            agreed = frontier.size
    if due:
        raise LogTruncated(
            frontier.size, f"The log ends before entry {frontier.size}; {due[-1].size} entries were signed."
        )
    if epochs:
        raise LogForked(min(epochs), "A restore was signed, but no entry of the log records it.")
    restores = sum(checkpoint.begins_epoch for checkpoint in signed)
    return Verified(frontier.size, frontier.root(), len(checkpoints), restores, erased)


def signed_size(notes: str, verifier: Verifier) -> tuple[int, int]:
    """Return the size of the largest checkpoint that still counts, and how many there are. Raises NoteInvalid."""
    counted = current_epoch([open_checkpoint(note, verifier) for note in _notes(notes)])
    return max(one.size for one in counted), len(counted)


def current_epoch(checkpoints: Sequence[Checkpoint]) -> list[Checkpoint]:
    """Return the checkpoints from the last declared restore on; those before it may name entries that it gave up.

    Of the earlier ones those remain that are not larger than what was restored.
    """
    kept: list[Checkpoint] = []
    for checkpoint in checkpoints:
        if checkpoint.begins_epoch:
            kept = [earlier for earlier in kept if earlier.size <= checkpoint.size]
        kept.append(checkpoint)
    return kept


def _notes(text: str) -> list[str]:
    notes = split_notes(text if text.endswith("\n\n") else text + "\n")
    if not notes:
        raise NoteInvalid("There is no checkpoint to verify against.")
    return notes


def _agree(due: list[Checkpoint], frontier: Frontier, agreed: int) -> list[Checkpoint]:
    """Compare the tree with all checkpoints of its size and return the others."""
    here = [checkpoint for checkpoint in due if checkpoint.size == frontier.size]
    root = frontier.root() if here else b""
    for checkpoint in here:
        if checkpoint.root != root:
            index = max(agreed, 0)
            raise LogForked(index, f"The log differs from what was signed, at entry {index} or later.")
    return due[len(here) :]


def _rows(conn: Connection) -> Iterator[Row[Any]]:
    joined = audit_entry.outerjoin(audit_detail, audit_entry.c.entry_index == audit_detail.c.entry_index)
    query = select(
        audit_entry, audit_detail.c.salt, audit_detail.c.details, audit_detail.c.source, audit_detail.c.person
    ).select_from(joined)
    yield from conn.execution_options(yield_per=STEP).execute(query.order_by(audit_entry.c.entry_index))


def _check_row(row: Row[Any], expected: int) -> None:
    if row.entry_index != expected:
        raise LogAltered(expected, f"Entry {expected} is missing.")
    if not isinstance(row.leaf, bytes) or not isinstance(row.leaf_hash, bytes):  # SQLite keeps any type anywhere
        raise LogAltered(expected, f"Entry {expected} is not stored as bytes.")
    leaf = row.leaf
    if merkle.leaf_hash(leaf) != row.leaf_hash:
        raise LogAltered(expected, f"Entry {expected} is not what was hashed.")
    try:
        entry, promised = unseal_committed(leaf)
    except EntryInvalid as error:
        raise LogAltered(expected, f"Entry {expected} cannot be read.") from error
    said = (milliseconds(entry.at), entry.action, entry.outcome, entry.actor, entry.object_type, entry.object_id)
    where = (entry.session, entry.site)
    if (*said, *where) != (*_searched(row), row.session, row.site):
        raise LogAltered(expected, f"What entry {expected} is searched by is not what it says.")
    if row.details is not None:
        _check_details(row, promised, expected)


def _searched(row: Row[Any]) -> tuple[Any, ...]:
    return row.at_ms, row.action, row.outcome, row.actor, row.object_type, row.object_id


def _check_details(row: Row[Any], promised: str, index: int) -> None:
    if commitment(bytes(row.salt), row.details) != promised:
        raise DetailAltered(index, f"The details of entry {index} are not those that were logged.")
    if searchable(json.loads(row.details)) != {"source": row.source, "person": row.person}:
        raise DetailAltered(index, f"What the details of entry {index} are searched by is not what they say.")


def _check_epoch(action: str, index: int, epochs: set[int]) -> None:
    """The first entry after a signed restore must tell of it; take what was found out of ``epochs``."""
    if index in epochs and action != Action.SYSTEM_RESTORE:
        raise LogForked(index, f"A restore was signed before entry {index}, but the log does not record it.")
    epochs.discard(index)


def _check_tiles(conn: Connection, completed: list[bytes], size: int) -> None:
    for tile in tile_roots(completed, size):
        stored = conn.execute(
            select(audit_tree.c.hash).where(
                audit_tree.c.level == tile["level"], audit_tree.c.node_index == tile["node_index"]
            )
        ).scalar_one_or_none()
        if stored is None or bytes(stored) != tile["hash"]:
            raise LogAltered(size - 256, f"The stored hash over the entries before {size} is not theirs.")
