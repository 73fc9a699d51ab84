"""Wire objects of recordings."""

from datetime import timedelta

from sqlalchemy import Connection

from meetings.model import MeetingId
from signaling.recording import store
from signaling.recording.model import RecordedFile, Recording
from signaling.wire import recording as wire


def recording_now(conn: Connection, meeting_id: MeetingId) -> wire.RecordingNow:
    """Return what everybody in the meeting is told."""
    current = store.current(conn, meeting_id)
    active = None
    if current is not None:
        active = wire.ActiveRecording(
            id=current.id,
            number=current.number,
            state=current.state.value,
            started_at=current.started_at,
            started_by=current.started_by,
        )
    return wire.RecordingNow(allowed=store.is_allowed(conn, meeting_id), active=active)


def recording_info(of: Recording, files: list[RecordedFile], retention_days: int) -> wire.RecordingInfo:
    """Return a recording as those who may have it see it."""
    expires = of.stopped_at + timedelta(days=retention_days) if of.stopped_at and retention_days else None
    return wire.RecordingInfo(
        id=of.id,
        number=of.number,
        state=of.state.value,
        started_at=of.started_at,
        started_by=of.started_by,
        stopped_at=of.stopped_at,
        stopped_by=of.stopped_by,
        reason=of.reason.value if of.reason else None,
        deleted_on=expires,
        manifest_sha256=of.manifest.sha256 if of.manifest else None,
        files=[_file(one) for one in files],
    )


def _file(of: RecordedFile) -> wire.RecordingFile:
    return wire.RecordingFile(
        number=of.number,
        part=of.part,
        part_began_at=of.part_began_at,
        name=of.name,
        source=of.source,
        kind="video" if of.kind == "video" else "audio",
        first_ms=of.first_ms,
        last_ms=of.last_ms,
        losses=of.losses,
        size=of.size,
        sha256=of.sha256,
        complete=of.complete,
    )
