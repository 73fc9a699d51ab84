"""What recording refuses.

::

    HubError
    └── RecordingRefused
        ├── RecordingForbidden     neither by the deployment nor in this meeting without being allowed
        ├── RecordingRunning       the meeting is being recorded, or what is to be deleted is
        ├── NoRecording            nothing is being recorded
        └── RecordingNoSpace       too little space is left on the disk
"""

from signaling.errors import HubError


class RecordingRefused(HubError):
    """Base class."""

    code = "recording_refused"
    status = 409


class RecordingForbidden(RecordingRefused):
    """Allow it for the meeting first, where the deployment allows it at all."""

    code = "recording_forbidden"

    def __init__(self) -> None:
        super().__init__("This meeting may not be recorded. Chair or secretary can allow it on the meeting's page.")


class RecordingRunning(RecordingRefused):
    """There is one recording at a time."""

    code = "recording_running"

    def __init__(self) -> None:
        super().__init__("The meeting is being recorded. Stop the recording first.")


class NoRecording(RecordingRefused):
    """Start one first."""

    code = "no_recording"

    def __init__(self) -> None:
        super().__init__("Nothing is being recorded.")


class RecordingNoSpace(RecordingRefused):
    """Make room, then start again."""

    code = "recording_no_space"
    status = 507

    def __init__(self) -> None:
        super().__init__("Too little space is left to record. Ask the administrator to make room.")
