"""One source as a Matroska file, written while it comes. The one module of a recording that touches PyAV.

Clusters are whole when they are handed out, once a second: a file that ends anywhere between two of them can be played.
``close`` adds what makes it easy to move about in: the index and the length, for which it goes back to the beginning.
"""

from fractions import Fraction
from typing import Final, Protocol

import av
from av.stream import Stream

from media.recording.errors import RecordingError
from media.recording.formats import format_of
from media.recording.frames import Frame, opus_milliseconds

_MILLISECONDS: Final = Fraction(1, 1000)
_OPTIONS: Final = {"cluster_time_limit": "1000", "flush_packets": "1"}


class Output(Protocol):
    """Where the bytes go: as a file that can be sought, opened for writing."""

    def write(self, data: bytes) -> int: ...
    def seek(self, offset: int, whence: int = 0) -> int: ...
    def tell(self) -> int: ...
    def close(self) -> None: ...


class MatroskaFile:
    """A file with one track. ``size`` is the first picture's, None for sound. Raises RecordingError.

    H.264 comes as a byte stream: FFmpeg puts what the first frame has of parameter sets before all frames, and the
    length before each NAL unit (ISO/IEC 14496-15 §5.3.3.1).
    """

    def __init__(self, output: Output, mime: str, size: tuple[int, int] | None, title: str) -> None:
        self._output = output
        self._last_ms = -1
        self._is_audio = size is None
        written_as = format_of(mime)
        try:
            self._container = av.open(output, "w", format=written_as.container, options=_OPTIONS)
            self._container.metadata["title"] = title
            self._stream = self._add_stream(written_as.codec, size)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise RecordingError(f"the file cannot be begun: {error}") from error

    def _add_stream(self, codec: str, size: tuple[int, int] | None) -> Stream:
        if size is not None:
            return self._container.add_mux_stream(codec, width=size[0], height=size[1], time_base=_MILLISECONDS)
        # The encoder never encodes; it knows the header that players ask for (RFC 7845 §5.1).
        stream = self._container.add_stream(codec, rate=48_000, layout="stereo")
        stream.time_base = _MILLISECONDS
        return stream

    def write(self, frame: Frame, at_ms: int) -> None:
        """Add a frame at a time of the file; times never go back. Raises RecordingError."""
        self._last_ms = max(self._last_ms + 1, at_ms)
        packet = av.Packet(frame.data)
        packet.stream = self._stream
        packet.time_base = _MILLISECONDS
        packet.pts = packet.dts = self._last_ms
        packet.is_keyframe = frame.keyframe
        if self._is_audio:
            packet.duration = opus_milliseconds(frame.data)
        try:
            self._container.mux_one(packet)
        except (av.FFmpegError, OSError, ValueError) as error:
            raise RecordingError(f"the file cannot be written: {error}") from error
        if not self._output.tell():  # it would be kept until one has them
            raise RecordingError("the first frame has no parameter sets")

    def close(self) -> None:
        """Finish the file. Raises RecordingError."""
        try:
            self._container.close()
        except (av.FFmpegError, OSError, ValueError) as error:
            raise RecordingError(f"the file cannot be finished: {error}") from error
        finally:
            self._output.close()
