"""What a recorder receives, as ``rtpCapabilities``: what ``formats`` can write, and nothing that must be answered.

Without transport-cc the relay goes by what the recorder says that it can take (REMB).
"""

from typing import Any, Final

from media.parameters import MID

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
        {
            "kind": "video",
            "mimeType": "video/H264",
            "preferredPayloadType": 103,
            "clockRate": 90000,
            "parameters": {"packetization-mode": 1, "profile-level-id": "42e034"},  # of any level
            "rtcpFeedback": [
                {"type": "nack", "parameter": ""},
                {"type": "nack", "parameter": "pli"},
                {"type": "goog-remb", "parameter": ""},
            ],
        },
        {
            "kind": "video",
            "mimeType": "video/rtx",
            "preferredPayloadType": 104,
            "clockRate": 90000,
            "parameters": {"apt": 103},
            "rtcpFeedback": [],
        },
    ],
    "headerExtensions": [
        {"kind": kind, "uri": MID, "preferredId": 1, "preferredEncrypt": False, "direction": "sendrecv"}
        for kind in ("audio", "video")
    ],
}
