"""What a bot sends: its film and its voice, in time, over one uplink after the other. Time is an argument."""

from typing import Final

from signaling.bots.picture import FRAMES_PER_SECOND, Film, Projector
from signaling.bots.uplink import Uplink
from signaling.bots.voice import FRAME_MS, Speech

_SOUND_S: Final = FRAME_MS / 1000
_PICTURE_S: Final = 1 / FRAMES_PER_SECOND
_LATE_S: Final = 0.2  # after a longer pause what was missed is not sent


class Stage:
    """Call play() every 20 ms."""

    def __init__(self, film: Film, speech: Speech) -> None:
        self.speaking = False
        self._projector = Projector(film)
        self._speech = speech
        self._word = 0
        self._next_sound = self._next_picture = 0.0

    def play(self, uplink: Uplink, now: float) -> None:
        """Send what is due."""
        if uplink.keyframe_wanted:
            uplink.keyframe_wanted = False
            self._projector.request_keyframe()
        self._next_sound = _not_late(self._next_sound, now)
        while self._next_sound <= now:
            self._sound(uplink, self._next_sound)
            self._next_sound += _SOUND_S
        self._next_picture = _not_late(self._next_picture, now)
        if self._next_picture <= now:
            uplink.send_frame(self._projector.next_frame(speaking=self.speaking), self._next_picture)
            self._next_picture += _PICTURE_S

    def _sound(self, uplink: Uplink, at: float) -> None:
        spoken = self._speech[self._word % len(self._speech)] if self.speaking else None
        self._word = self._word + 1 if self.speaking else 0
        if spoken is None:
            uplink.send_silence()
        else:
            uplink.send_sound(spoken.data, spoken.level, at)


def _not_late(due: float, now: float) -> float:
    return due if now - due < _LATE_S else now
