"""What a recording holds, as one JSON file. Its SHA-256 is in the audit log, so that nothing can be exchanged later."""

import json
from collections.abc import Sequence
from typing import Final

from signaling.recording.model import RecordedFile, Recording

FORMAT: Final = "plenum-recording-1"


def manifest(recording: Recording, files: Sequence[RecordedFile]) -> bytes:
    """Return the manifest: who, when, and each file with its place in time and the SHA-256 of its plain bytes.

    All files of a part count their time from ``partBeganAt``, on one clock.
    """
    body = {
        "format": FORMAT,
        "recording": recording.id,
        "meeting": recording.meeting_id,
        "number": recording.number,
        "label": recording.label.name,
        "startedAt": recording.started_at.isoformat(),
        "startedBy": recording.started_by,
        "stoppedAt": recording.stopped_at.isoformat() if recording.stopped_at else None,
        "stoppedBy": recording.stopped_by,
        "reason": recording.reason,
        "files": [_file(one) for one in files],
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def _file(of: RecordedFile) -> dict[str, object]:
    return {
        "number": of.number,
        "part": of.part,
        "partBeganAt": of.part_began_at.isoformat(),
        "owner": of.owner_id,
        "name": of.name,
        "source": of.source,
        "kind": of.kind,
        "mediaType": of.format.media_type,
        "firstMs": of.first_ms,
        "lastMs": of.last_ms,
        "losses": of.losses,
        "size": of.size,
        "sha256": of.sha256,
        "complete": of.complete,
    }
