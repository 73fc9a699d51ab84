"""Datagrams on a TCP connection: each after its length in two bytes (RFC 4571 §2, RFC 6544 §3). Pure."""

import struct
from typing import Final

from media.errors import MalformedFrame

#: Longer ones are refused: nobody sends such datagrams, and what is not framed looks like one.
MAX_FRAME: Final = 2048
_LENGTH: Final = struct.Struct("!H")


def frame(datagram: bytes | memoryview) -> bytes:
    """The datagram as it goes over the connection."""
    return b"".join((_LENGTH.pack(len(datagram)), datagram))


class FrameReader:
    """Finds the datagrams in a stream that arrives in arbitrary pieces. Keeps less than one frame."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes | memoryview) -> list[bytes]:
        """The datagrams that are complete now. Raises MalformedFrame: nothing after that makes sense."""
        stream = self._rest + data if self._rest else bytes(data)
        datagrams: list[bytes] = []
        position, size = 0, len(stream)
        while position + 2 <= size:
            (length,) = _LENGTH.unpack_from(stream, position)
            if not 0 < length <= MAX_FRAME:
                raise MalformedFrame(f"a frame of {length} bytes")
            end = position + 2 + length
            if end > size:
                break
            datagrams.append(stream[position + 2 : end])
            position = end
        self._rest = stream[position:]
        return datagrams
