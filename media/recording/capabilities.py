"""What a recorder receives, as ``rtpCapabilities``: what can be written as it is, and nothing that must be answered.

Without transport-cc the relay goes by what the recorder says that it can take (REMB).
"""

from typing import Any, Final

from media.parameters import MID
from media.recording.errors import NotRecordable

OPUS: Final = "audio/opus"
VP8: Final = "video/vp8"

RECORDER_CAPABILITIES: Final[dict[str, Any]] = {
    "codecs": [
        {
            "kind": "audio",
            "mimeType": "audio/opus",
            "preferredPayloadType": 100,
            "clockRate": 48000,
            "channels": 2,
            "parameters": {},
            "rtcpFeedback": [{"type": "nack", "parameter": ""}],
        },
        {
            "kind": "video",
            "mimeType": "video/VP8",
            "preferredPayloadType": 101,
            "clockRate": 90000,
            "parameters": {},
            "rtcpFeedback": [
                {"type": "nack", "parameter": ""},
                {"type": "nack", "parameter": "pli"},
                {"type": "goog-remb", "parameter": ""},
            ],
        },
        {
            "kind": "video",
            "mimeType": "video/rtx",
            "preferredPayloadType": 102,
            "clockRate": 90000,
            "parameters": {"apt": 101},
            "rtcpFeedback": [],
        },
    ],
    "headerExtensions": [
        {"kind": kind, "uri": MID, "preferredId": 1, "preferredEncrypt": False, "direction": "sendrecv"}
        for kind in ("audio", "video")
    ],
}


def require_recordable(mime: str) -> None:
    """Raise NotRecordable for a codec that is not written."""
    if mime.lower() not in (OPUS, VP8):
        raise NotRecordable(f"{mime} is not recorded")
