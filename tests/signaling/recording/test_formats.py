"""As what a file of a recording is handed out."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from auth.model import Label, PersonId
from documents.model import KeyId
from meetings.model import MeetingId
from signaling.recording.manifest import manifest
from signaling.recording.model import RecordedFile, Recording, RecordingId, RecordingState

NOW = datetime(2027, 3, 1, tzinfo=UTC)
RECORDING = Recording(
    id=RecordingId("r"),
    meeting_id=MeetingId("m"),
    number=1,
    label=Label.INTERNAL,
    state=RecordingState.STOPPING,
    parts=1,
    started_at=NOW,
    started_by=PersonId("p"),
    stopped_at=NOW,
    stopped_by=None,
    reason=None,
    manifest=None,
    deleted_at=None,
)
FILE = RecordedFile(RECORDING.id, 1, 1, NOW, PersonId("p"), "A hall", "camera", "video", KeyId("k"))


@pytest.mark.parametrize(
    ("kind", "codec", "media_type", "suffix"),
    [
        ("audio", "audio/opus", "audio/webm", "webm"),
        ("video", "video/vp8", "video/webm", "webm"),
        ("video", "video/h264", "video/x-matroska", "mkv"),
        ("audio", None, "audio/webm", "webm"),
        ("video", None, "video/webm", "webm"),
    ],
)
def test_the_codec_says_what_a_file_is_and_without_one_it_is_of_the_time_when_all_were_webm(
    kind: str, codec: str | None, media_type: str, suffix: str
) -> None:
    file = replace(FILE, kind=kind, codec=codec)
    assert (file.format.media_type, file.format.suffix) == (media_type, suffix)
    (listed,) = json.loads(manifest(RECORDING, [file]))["files"]
    assert listed["mediaType"] == media_type
