"""Recording: whether a meeting may be recorded, what is being recorded, and what was."""

from typing import Literal

from signaling.wire.base import Id, Timestamp, Wire


class RecordingPolicy(Wire):
    """Whether chair and secretary may record this meeting."""

    allowed: bool


class ActiveRecording(Wire):
    """A recording that is on. ``waiting``: nothing is being recorded right now, and it goes on by itself."""

    id: Id
    number: int
    state: Literal["waiting", "recording", "stopping"]
    started_at: Timestamp
    started_by: Id


class RecordingNow(Wire):
    """What everybody in the meeting is told of recording; part of the snapshot and of the event ``recording``."""

    allowed: bool
    active: ActiveRecording | None


class RecordingFile(Wire):
    """One source of one part. ``size`` is null while it is written; ``complete`` false: its writer was killed.

    Milliseconds count from ``partBeganAt``, the same for all files of a part.
    """

    number: int
    part: int
    part_began_at: Timestamp
    name: str
    source: str
    kind: Literal["audio", "video"]
    first_ms: int | None
    last_ms: int | None
    losses: int | None
    size: int | None
    sha256: str | None
    complete: bool | None


class RecordingInfo(Wire):
    """A recording with its files. ``reason`` says why it ended; ``deletedOn`` when the rule erases it."""

    id: Id
    number: int
    state: Literal["waiting", "recording", "stopping", "ended"]
    started_at: Timestamp
    started_by: Id
    stopped_at: Timestamp | None
    stopped_by: Id | None
    reason: str | None
    deleted_on: Timestamp | None
    manifest_sha256: str | None
    files: list[RecordingFile]


class RecordingList(Wire):
    """``possible``: the deployment allows recordings at all. ``withheld``: some are not for this viewer."""

    possible: bool
    allowed: bool
    recordings: list[RecordingInfo]
    withheld: int
