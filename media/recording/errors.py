"""Errors of a recording: ``RecordingError`` ── ``NotRecordable``."""

from media.errors import MediaError


class RecordingError(MediaError):
    """Base of what goes wrong while media is written."""

    code = "recording_failed"


class NotRecordable(RecordingError):
    """The source has a codec that is not written."""

    code = "not_recordable"
