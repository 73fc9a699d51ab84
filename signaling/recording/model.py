"""The words of recordings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from auth.model import Label, PersonId
from documents.model import BlobRef, KeyId
from documents.sealed_stream import StreamContext
from media.recording.formats import OPUS, VP8, Format, format_of
from meetings.model import MeetingId

RecordingId = NewType("RecordingId", str)


class RecordingState(StrEnum):
    """``waiting``: it is on, and nothing is being recorded right now. ``ended`` ones are finished and sealed."""

    WAITING = "waiting"
    RECORDING = "recording"
    STOPPING = "stopping"
    ENDED = "ended"


ON = frozenset({RecordingState.WAITING, RecordingState.RECORDING})
UNFINISHED = ON | {RecordingState.STOPPING}


class StopReason(StrEnum):
    """Why a recording ended."""

    ASKED = "asked"
    MEETING_OVER = "meeting_over"
    STORAGE = "storage"
    FORBIDDEN = "forbidden"  # the meeting may not be recorded any more


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of a meeting, in one or more parts."""

    id: RecordingId
    meeting_id: MeetingId
    number: int
    label: Label
    state: RecordingState
    parts: int
    started_at: datetime
    started_by: PersonId
    stopped_at: datetime | None
    stopped_by: PersonId | None
    reason: StopReason | None
    manifest: BlobRef | None
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """One source of one part. ``size`` and ``sha256`` are None while it is written, ``first_ms`` without a frame."""

    recording_id: RecordingId
    number: int
    part: int
    part_began_at: datetime
    owner_id: PersonId
    name: str
    source: str
    kind: str
    key_id: KeyId
    first_ms: int | None = None
    last_ms: int | None = None
    losses: int | None = None
    size: int | None = None
    sha256: str | None = None
    complete: bool | None = None
    codec: str | None = None  # from when there was but one for each kind

    @property
    def format(self) -> Format:
        """Return as what it is written."""
        return format_of(self.codec or (VP8 if self.kind == "video" else OPUS))

    def context(self, label: Label) -> StreamContext:
        """Return what the file is sealed to."""
        return StreamContext(self.recording_id, self.number, label, self.key_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file, as its writer said it; what a killed one cannot say is None."""

    first_ms: int | None = None
    last_ms: int | None = None
    losses: int | None = None
