"""Recordings in the database. Functions that change something visible return what changed."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from auth.model import Label, PersonId, opaque_id
from documents.model import BlobId, BlobRef, KeyId
from meetings.changes import Change, ChangeKind
from meetings.model import MeetingId
from signaling.errors import NotFound
from signaling.recording import tables
from signaling.recording.errors import NoRecording, RecordingForbidden, RecordingRunning
from signaling.recording.model import (
    ON,
    UNFINISHED,
    Outcome,
    RecordedFile,
    Recording,
    RecordingId,
    RecordingState,
    StopReason,
)

_R = tables.recording
_F = tables.recording_file
_P = tables.recording_policy


def is_allowed(conn: Connection, meeting_id: MeetingId) -> bool:
    """Say whether the meeting may be recorded: not unless somebody allowed it."""
    return bool(conn.execute(select(_P.c.allowed).where(_P.c.meeting_id == meeting_id)).scalar())


def set_allowed(
    conn: Connection, meeting_id: MeetingId, allowed: bool, by: PersonId, now: datetime
) -> Sequence[Change]:
    """Allow or forbid recording. Raises RecordingRunning for what would forbid a recording that runs."""
    if allowed == is_allowed(conn, meeting_id):
        return []
    if not allowed and current(conn, meeting_id) is not None:
        raise RecordingRunning
    conn.execute(_P.delete().where(_P.c.meeting_id == meeting_id))
    conn.execute(_P.insert().values(meeting_id=meeting_id, allowed=allowed, set_by=by, set_at=now))
    return [Change(ChangeKind.RECORDING, meeting_id)]


def start(conn: Connection, meeting_id: MeetingId, label: Label, by: PersonId, now: datetime) -> Recording:
    """Begin a recording; it waits until its writer runs. Raises RecordingForbidden and RecordingRunning."""
    if not is_allowed(conn, meeting_id):
        raise RecordingForbidden
    if current(conn, meeting_id) is not None:
        raise RecordingRunning
    last = conn.execute(select(func.max(_R.c.number)).where(_R.c.meeting_id == meeting_id)).scalar() or 0
    recording_id = RecordingId(opaque_id())
    conn.execute(
        _R.insert().values(
            id=recording_id,
            meeting_id=meeting_id,
            number=last + 1,
            label=int(label),
            state=RecordingState.WAITING.value,
            parts=0,
            started_at=now,
            started_by=by,
        )
    )
    return get(conn, meeting_id, recording_id)


def stop(
    conn: Connection, recording: Recording, by: PersonId | None, reason: StopReason, now: datetime
) -> Sequence[Change]:
    """Let a recording end. Raises NoRecording if it is not on."""
    if recording.state not in ON:
        raise NoRecording
    values = {"stopped_at": now, "stopped_by": by, "reason": reason.value}
    return _set(conn, recording, state=RecordingState.STOPPING.value, **values)


def set_capturing(conn: Connection, recording_id: RecordingId, capturing: bool) -> Sequence[Change]:
    """Tell whether something is being recorded right now; nothing changes for a recording that is not on."""
    found = _load(conn, recording_id)
    state = RecordingState.RECORDING if capturing else RecordingState.WAITING
    if found is None or found.state not in ON or found.state is state:
        return []
    return _set(conn, found, state=state.value)


def begin_part(conn: Connection, recording_id: RecordingId) -> int:
    """Count another part and return its number."""
    conn.execute(update(_R).where(_R.c.id == recording_id).values(parts=_R.c.parts + 1))
    return int(conn.execute(select(_R.c.parts).where(_R.c.id == recording_id)).scalar_one())


def add_file(conn: Connection, file: RecordedFile) -> None:
    """Note a file that is about to be written."""
    conn.execute(
        _F.insert().values(
            recording_id=file.recording_id,
            number=file.number,
            part=file.part,
            part_began_at=file.part_began_at,
            owner_id=file.owner_id,
            name=file.name,
            source=file.source,
            kind=file.kind,
            codec=file.codec,
            key_id=file.key_id,
        )
    )


def next_file_number(conn: Connection, recording_id: RecordingId) -> int:
    """Return the number of the next file."""
    last = conn.execute(select(func.max(_F.c.number)).where(_F.c.recording_id == recording_id)).scalar()
    return int(last or 0) + 1


def note_outcome(conn: Connection, recording_id: RecordingId, number: int, outcome: Outcome) -> None:
    """Note what a writer said of its file."""
    values = {"first_ms": outcome.first_ms, "last_ms": outcome.last_ms, "losses": outcome.losses}
    conn.execute(update(_F).where(_F.c.recording_id == recording_id, _F.c.number == number).values(**values))


def finish_file(  # noqa: PLR0917 — what is on disk
    conn: Connection, recording_id: RecordingId, number: int, size: int, sha256: str, complete: bool
) -> None:
    """Note what lies on disk; a file is finished once."""
    conn.execute(
        update(_F)
        .where(_F.c.recording_id == recording_id, _F.c.number == number, _F.c.size.is_(None))
        .values(size=size, sha256=sha256, complete=complete)
    )


def forget_file(conn: Connection, recording_id: RecordingId, number: int) -> None:
    """Forget a file of which nothing was written."""
    conn.execute(_F.delete().where(_F.c.recording_id == recording_id, _F.c.number == number))


def end(conn: Connection, recording: Recording, manifest: BlobRef) -> Sequence[Change]:
    """A recording that was stopped is complete."""
    return _set(
        conn,
        recording,
        state=RecordingState.ENDED.value,
        manifest_blob=manifest.blob_id,
        manifest_key=manifest.key_id,
        manifest_size=manifest.size,
        manifest_sha256=manifest.sha256,
    )


def delete(conn: Connection, recording: Recording, by: PersonId | None, now: datetime) -> Sequence[Change]:
    """Take a recording away for good. Raises RecordingRunning for one that is not complete."""
    if recording.state is not RecordingState.ENDED:
        raise RecordingRunning
    return _set(conn, recording, deleted_at=now, deleted_by=by)


def purged(conn: Connection, recording_id: RecordingId, now: datetime) -> None:
    """Keys and files of a deleted recording are gone; so is who was in it."""
    conn.execute(_F.delete().where(_F.c.recording_id == recording_id))
    conn.execute(update(_R).where(_R.c.id == recording_id).values(purged_at=now))


def get(conn: Connection, meeting_id: MeetingId, recording_id: RecordingId) -> Recording:
    """Return a recording of a meeting. Raises NotFound, also for a deleted one."""
    found = _load(conn, recording_id)
    if found is None or found.meeting_id != meeting_id or found.deleted_at is not None:
        raise NotFound
    return found


def current(conn: Connection, meeting_id: MeetingId) -> Recording | None:
    """Return the recording that is on or being ended, if there is one."""
    return next(iter(_select(conn, _R.c.meeting_id == meeting_id, _in(UNFINISHED))), None)


def unfinished(conn: Connection) -> list[Recording]:
    """Return all recordings that are on or being ended."""
    return _select(conn, _in(UNFINISHED))


def of_meeting(conn: Connection, meeting_id: MeetingId) -> list[Recording]:
    """Return the recordings of a meeting that were not deleted, oldest first."""
    return _select(conn, _R.c.meeting_id == meeting_id, _R.c.deleted_at.is_(None))


def to_purge(conn: Connection) -> list[Recording]:
    """Return what was deleted and still lies somewhere."""
    return _select(conn, _R.c.deleted_at.is_not(None), _R.c.purged_at.is_(None))


def ended_before(conn: Connection, before: datetime) -> list[Recording]:
    """Return complete recordings that were stopped before an instant."""
    ended = _R.c.state == RecordingState.ENDED.value
    return _select(conn, ended, _R.c.deleted_at.is_(None), _R.c.stopped_at < before)


def files(conn: Connection, recording_id: RecordingId) -> list[RecordedFile]:
    """Return the files of a recording in their order."""
    rows = conn.execute(select(_F).where(_F.c.recording_id == recording_id).order_by(_F.c.number))
    return [RecordedFile(**dict(row._mapping)) for row in rows]


def _in(states: Collection[RecordingState]) -> Any:
    return _R.c.state.in_([one.value for one in states])


def _select(conn: Connection, *conditions: Any) -> list[Recording]:
    return [_recording(row) for row in conn.execute(select(_R).where(*conditions).order_by(_R.c.started_at, _R.c.id))]


def _load(conn: Connection, recording_id: RecordingId) -> Recording | None:
    row = conn.execute(select(_R).where(_R.c.id == recording_id)).first()
    return None if row is None else _recording(row)


def _set(conn: Connection, recording: Recording, **values: object) -> Sequence[Change]:
    conn.execute(update(_R).where(_R.c.id == recording.id).values(**values))
    return [Change(ChangeKind.RECORDING, recording.meeting_id)]


def _recording(row: Row[Any]) -> Recording:
    manifest = None
    if row.manifest_blob is not None:
        manifest = BlobRef(BlobId(row.manifest_blob), KeyId(row.manifest_key), row.manifest_size, row.manifest_sha256)
    return Recording(
        id=RecordingId(row.id),
        meeting_id=MeetingId(row.meeting_id),
        number=row.number,
        label=Label(row.label),
        state=RecordingState(row.state),
        parts=row.parts,
        started_at=row.started_at,
        started_by=PersonId(row.started_by),
        stopped_at=row.stopped_at,
        stopped_by=None if row.stopped_by is None else PersonId(row.stopped_by),
        reason=None if row.reason is None else StopReason(row.reason),
        manifest=manifest,
        deleted_at=row.deleted_at,
    )
