"""Recordings: allowing, starting and stopping them, what there is, a file of it, and taking it away for good."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from aiohttp import web
from sqlalchemy import Connection

from auth.audit.entry import Action, Detail
from auth.audit.once import view_once
from auth.permissions import Permission
from documents.sealed_stream import SealedReader
from media.recording.formats import FORMATS
from meetings import agenda_store
from meetings.changes import Change, ChangeKind
from meetings.records import AgendaItem
from signaling.access import Access, MeetingDenied, access_meeting, unreadable_items
from signaling.audit_entries import entry
from signaling.errors import NotFound
from signaling.http.files import Content, SealedFile, send_file, send_pieces
from signaling.http.reading import wants_download
from signaling.http.route import Call, Route
from signaling.projection.recording import recording_info
from signaling.recording import store
from signaling.recording.errors import NoRecording, RecordingForbidden, RecordingNoSpace
from signaling.recording.model import RecordedFile, Recording, RecordingId, StopReason
from signaling.recording.vault import LEAST_FREE
from signaling.store.transaction import Transaction
from signaling.wire.base import Created, Wire
from signaling.wire.recording import RecordingInfo, RecordingList, RecordingPolicy


async def set_policy(call: Call[RecordingPolicy]) -> None:
    """Allow or forbid recording of this meeting; everybody in it is told."""
    if call.body.allowed and not call.services.settings.recording:
        raise RecordingForbidden

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.RECORDING_ALLOW, tx.now)
        changes = store.set_allowed(tx.conn, access.meeting.id, call.body.allowed, call.subject.person_id, tx.now)
        if changes:
            tx.changed(access.meeting.id, changes)
            told: dict[str, Detail] = {"allowed": call.body.allowed}
            tx.audit(entry(Action.RECORDING_POLICY, tx.now, call.subject, "meeting", access.meeting.id, **told))

    await call.services.write(call.subject, run)


async def start(call: Call[Wire]) -> Created:
    """Start recording. Everybody is told before the first packet is written."""
    services = call.services
    if not services.settings.recording:
        raise RecordingForbidden
    free = await asyncio.to_thread(services.vault.free_bytes)

    def run(tx: Transaction) -> RecordingId:
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.RECORDING_RUN, tx.now)
        if free < LEAST_FREE:
            raise RecordingNoSpace
        meeting = access.meeting
        made = store.start(tx.conn, meeting.id, meeting.details.label, call.subject.person_id, tx.now)
        tx.changed(meeting.id, [Change(ChangeKind.RECORDING, meeting.id)])
        told: dict[str, Detail] = {"meeting": meeting.id, "number": made.number}
        tx.audit(entry(Action.RECORDING_START, tx.now, call.subject, "recording", made.id, **told))
        tx.after_commit(services.recording_wake.set)
        return made.id

    return Created(id=await services.write(call.subject, run))


async def stop(call: Call[Wire]) -> None:
    """Stop the recording that runs."""

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.RECORDING_RUN, tx.now)
        found = store.current(tx.conn, access.meeting.id)
        if found is None:
            raise NoRecording
        tx.changed(access.meeting.id, store.stop(tx.conn, found, call.subject.person_id, StopReason.ASKED, tx.now))
        told: dict[str, Detail] = {"meeting": access.meeting.id, "reason": StopReason.ASKED.value}
        tx.audit(entry(Action.RECORDING_STOP, tx.now, call.subject, "recording", found.id, **told))
        tx.after_commit(call.services.recording_wake.set)

    await call.services.write(call.subject, run)


async def listing(call: Call[Wire]) -> RecordingList:
    """Return the meeting's recordings with their files."""
    settings = call.services.settings

    def run(conn: Connection, now: datetime) -> RecordingList:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.RECORDING_READ, now)
        every = store.of_meeting(conn, call.meeting_id)
        shown = [one for one in every if not _withheld(conn, access, one)]
        days = settings.recording_retention_days
        return RecordingList(
            possible=settings.recording,
            allowed=store.is_allowed(conn, call.meeting_id),
            recordings=[recording_info(one, store.files(conn, one.id), days) for one in shown],
            withheld=len(every) - len(shown),
        )

    return await call.services.read(call.subject, run)


async def one(call: Call[Wire]) -> RecordingInfo:
    """Return a recording to who is about to download it: here a fresh factor is asked for, not by a link."""

    def run(tx: Transaction) -> RecordingInfo:
        _, recording = _open(tx, call, Permission.RECORDING_DOWNLOAD)
        days = call.services.settings.recording_retention_days
        return recording_info(recording, store.files(tx.conn, recording.id), days)

    return await call.services.write(call.subject, run)


async def file(call: Call[Wire]) -> web.StreamResponse:
    """Return one file, or a range of it; who plays one asks for many ranges, and is logged once for each session."""
    number = call.number("number")

    def run(tx: Transaction) -> tuple[Recording, RecordedFile, str]:
        access, recording = _open(tx, call, Permission.RECORDING_DOWNLOAD)
        files = store.files(tx.conn, recording.id)
        found = next((one for one in files if one.number == number and one.size is not None), None)
        if found is None:
            raise NotFound
        seen = f"{recording.id}:{number}"
        told: dict[str, Detail] = {"meeting": access.meeting.id, "file": number}
        made = entry(Action.RECORDING_DOWNLOAD, tx.now, call.subject, "recording", seen, **told)
        if wants_download(call):
            tx.audit(made)
        else:
            view_once(tx.conn, tx.log, made)
        return recording, found, access.meeting.details.reference or access.meeting.details.title

    async with call.services.fair_use.downloads.hold(call.subject.session_id):
        recording, found, title = await call.services.write(call.subject, run)
        reader = await asyncio.to_thread(_reader, call, found, recording)

        def pieces(start: int, stop: int) -> Iterator[bytes]:
            return reader.pieces(start, min(stop, found.size or 0))

        written_as = found.format
        name = f"{title} {recording.number}-{found.part} {found.number} {found.name} {found.source}.{written_as.suffix}"
        content = Content(recording.id, found.size or 0, pieces, name, written_as.media_type)
        return await send_pieces(call.request, content, download=wants_download(call))


async def manifest(call: Call[Wire]) -> web.StreamResponse:
    """Return what a complete recording holds, as it was put on the log."""

    def run(tx: Transaction) -> Recording:
        access, recording = _open(tx, call, Permission.RECORDING_DOWNLOAD)
        told: dict[str, Detail] = {"meeting": access.meeting.id, "file": "manifest"}
        tx.audit(entry(Action.RECORDING_DOWNLOAD, tx.now, call.subject, "recording", recording.id, **told))
        return recording

    recording = await call.services.write(call.subject, run)
    if recording.manifest is None:
        raise NotFound
    sealed = SealedFile(
        recording.manifest, recording.id, 1, recording.label, f"recording {recording.number}.json", "application/json"
    )
    return await send_file(call.request, call.services.blobs, sealed, download=True)


async def remove(call: Call[Wire]) -> None:
    """Destroy a complete recording."""

    def run(tx: Transaction) -> None:
        access, recording = _open(tx, call, Permission.RECORDING_DELETE)
        tx.changed(access.meeting.id, store.delete(tx.conn, recording, call.subject.person_id, tx.now))
        told: dict[str, Detail] = {"meeting": access.meeting.id, "number": recording.number, "reason": "asked"}
        tx.audit(entry(Action.RECORDING_DELETE, tx.now, call.subject, "recording", recording.id, **told))
        tx.after_commit(call.services.recording_wake.set)

    await call.services.write(call.subject, run)


def _open(tx: Transaction, call: Call[Wire], permission: Permission) -> tuple[Access, Recording]:
    """Return a recording that the subject may have. Raises NotFound and MeetingDenied."""
    access = access_meeting(tx.conn, call.subject, call.meeting_id, permission, tx.now)
    recording = store.get(tx.conn, access.meeting.id, RecordingId(call.part("recording")))
    if call.subject.clearance < recording.label:
        raise NotFound
    if _withheld(tx.conn, access, recording):
        raise MeetingDenied("not_named", permission, access.meeting.id, unseen=True)
    return access, recording


def _withheld(conn: Connection, access: Access, recording: Recording) -> bool:
    """Whether a restricted item that is not for this viewer was discussed while it ran: it is one piece."""
    hidden = unreadable_items(conn, access)
    return any(one.id in hidden and _overlaps(one, recording) for one in agenda_store.items(conn, access.meeting.id))


def _overlaps(item: AgendaItem, recording: Recording) -> bool:
    if item.started_at is None:
        return False
    began = recording.stopped_at is None or item.started_at < recording.stopped_at
    return began and (item.ended_at is None or item.ended_at > recording.started_at)


def _reader(call: Call[Wire], found: RecordedFile, recording: Recording) -> SealedReader:
    try:
        return call.services.vault.open(found, recording.label)
    except FileNotFoundError as error:
        raise NotFound from error


_ONE = "/meetings/{meeting}/recordings/{recording}"
ROUTES = [
    Route(
        "PUT",
        "/meetings/{meeting}/recording-policy",
        Permission.RECORDING_ALLOW,
        set_policy,
        "Allow or forbid recording of a meeting",
        RecordingPolicy,
    ),
    Route(
        "GET",
        "/meetings/{meeting}/recordings",
        Permission.RECORDING_READ,
        listing,
        "Recordings of a meeting",
        answers=RecordingList,
    ),
    Route(
        "POST",
        "/meetings/{meeting}/recordings",
        Permission.RECORDING_RUN,
        start,
        "Start recording a meeting",
        answers=Created,
    ),
    Route("POST", "/meetings/{meeting}/recordings/stop", Permission.RECORDING_RUN, stop, "Stop recording a meeting"),
    Route(
        "GET", _ONE, Permission.RECORDING_DOWNLOAD, one, "A recording that is to be downloaded", answers=RecordingInfo
    ),
    Route(
        "GET",
        _ONE + "/files/{number}",
        Permission.RECORDING_DOWNLOAD,
        file,
        "A file of a recording, whole or a range",
        media_types=tuple(one.media_type for one in FORMATS.values()),
    ),
    Route(
        "GET",
        _ONE + "/manifest",
        Permission.RECORDING_DOWNLOAD,
        manifest,
        "What a recording holds, with digests",
        media_types=("application/json",),
    ),
    Route("DELETE", _ONE, Permission.RECORDING_DELETE, remove, "Destroy a recording"),
]
