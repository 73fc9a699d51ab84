"""Transport-wide sequence numbers of what is sent to one peer, and what was sent under them. Pure."""

from collections import deque

from media.dataplane.interface import SENT_LOG, SentPacket


class SentLog:
    """``number`` is the last one used, not cut to 16 bits."""

    __slots__ = ("_packets", "number")

    def __init__(self) -> None:
        self.number = 0
        self._packets: deque[SentPacket] = deque(maxlen=SENT_LOG)

    def element(self, extension_id: int) -> bytes:
        """The header extension element of the next packet, in the one-byte form."""
        self.number = number = self.number + 1
        return bytes((extension_id << 4 | 1, number >> 8 & 0xFF, number & 0xFF))

    def note(self, size: int, now: float) -> None:
        """The packet with the last number was sent in a datagram of this size."""
        self._packets.append((self.number, size, now))

    def take(self) -> list[SentPacket]:
        """What was sent since the last call; of more than 2,048 packets only the last."""
        packets = list(self._packets)
        self._packets.clear()
        return packets
