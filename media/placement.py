"""Which packets of one source a consumer gets, and under which numbers, when temporal layers are dropped. Pure.

The rules are in the text of ``media/dataplane/interface.py``.
"""

from collections import deque

from media.dataplane.interface import EVERYTHING
from media.vp8 import Vp8Descriptor

MAX_CHANGES = 64
DROPPED = -1


class Change:
    """From ``start`` on packets pass, with numbers moved on by the offsets, or they are of dropped frames.

    ``timestamp`` is that of the last frame that was dropped.
    """

    __slots__ = ("offset", "passes", "picture_offset", "start", "timestamp")

    def __init__(self, start: int, passes: bool, offset: int, picture_offset: int, timestamp: int = 0) -> None:
        self.start = start
        self.passes = passes
        self.offset = offset
        self.picture_offset = picture_offset
        self.timestamp = timestamp


class Placement:
    """The places of the packets of one source since the consumer began to follow it.

    ``aim`` is the highest temporal layer to forward, ``temporal`` the highest that is. ``offset`` and
    ``picture_offset`` belong to the newest packet; ``head`` is its extended sequence number at the source.
    """

    __slots__ = ("_changes", "_passing", "_timestamp", "aim", "head", "offset", "picture_offset", "temporal")

    def __init__(self) -> None:
        self.aim = self.temporal = EVERYTHING[1]
        self.offset = self.picture_offset = 0
        self.head = -1
        self._timestamp = 0
        self._passing = True
        self._changes: deque[Change] = deque(maxlen=MAX_CHANGES)

    def begin(self, sequence: int, timestamp: int, offset: int) -> None:
        """Start with this packet of a source, the first of a frame, under these numbers."""
        self.offset = offset
        self.head = sequence - 1
        self.temporal = self.aim
        self._timestamp = timestamp
        self._passing = True
        self._changes.clear()
        self._note(sequence, passes=True)

    def advance(self, sequence: int, timestamp: int, vp8: Vp8Descriptor | None) -> int:
        """The number of a packet that is newer than all before, or DROPPED."""
        gap = sequence - self.head - 1
        if timestamp != self._timestamp:
            self._begin_frame(sequence, timestamp, vp8, gap)
        elif not self._passing:
            self.offset -= gap + 1
        self.head = sequence
        return sequence + self.offset if self._passing else DROPPED

    def recall(self, sequence: int, timestamp: int) -> tuple[Change, bool] | None:
        """Where a late packet belongs, None if nowhere; and whether it is the rest of a dropped frame."""
        following: Change | None = None
        for change in reversed(self._changes):
            if following is not None:
                return following, not change.passes and change.timestamp == timestamp
            if sequence >= change.start:
                if not change.passes:
                    return None
                following = change
        return (following, False) if following is not None else None

    def _begin_frame(self, sequence: int, timestamp: int, vp8: Vp8Descriptor | None, gap: int) -> None:
        passes = vp8 is None or self._admits(vp8, gap)
        if not self._passing and (passes or gap):
            self._note(self.head + 1, passes=True)
            self._passing = True
        if vp8 is not None and not passes:
            self._drop_frame(sequence, timestamp, vp8)
        self._timestamp = timestamp

    def _drop_frame(self, sequence: int, timestamp: int, vp8: Vp8Descriptor) -> None:
        if self._passing:
            self._note(sequence, passes=False, timestamp=timestamp)
            self._passing = False
        else:
            self._changes[-1].timestamp = timestamp
        self.offset -= 1
        if vp8.picture_id_bits:
            self.picture_offset -= 1

    def _admits(self, vp8: Vp8Descriptor, gap: int) -> bool:
        """Whether a frame passes that begins with this packet, after ``gap`` missing ones."""
        if vp8.keyframe:
            self.temporal = self.aim
            return True
        self.temporal = min(self.temporal, self.aim)
        if vp8.tid <= self.temporal or (gap and not vp8.starts_frame):
            return True
        if vp8.tid <= self.aim and vp8.sync:
            self.temporal = vp8.tid
            return True
        return False

    def _note(self, start: int, *, passes: bool, timestamp: int = 0) -> None:
        self._changes.append(Change(start, passes, self.offset, self.picture_offset, timestamp))
