"""Who speaks, from the RFC 6464 levels of a room's audio producers. Pure; a round is 100 ms.

As in Volfin and Cohen, "Dominant Speaker Identification for Multipoint Videoconferencing" (2012), a voice is judged
over windows of several lengths, so that a short loud noise does not win over speech: what was heard just now, over the
last half second, and over the last two seconds. A round counts as active when its loudest packet stands out from the
producer's own background, which is learnt.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

ROUND_S: Final = 0.1
SILENCE: Final = -127
AUDIBLE: Final = -50
#: A noise of less than 300 ms touches at most four rounds: five of six are speech.
_MEDIUM: Final = 6
_TALKS: Final = 5
_LONG: Final = 20
#: Of these rounds a speaker must be active in one, else somebody who talks takes over.
_IMMEDIATE: Final = 3
#: Who interrupts a speaker who goes on has to be this much louder, and to have talked for a second.
_LOUDER: Final = 6.0
_INTERRUPTS: Final = 10
_ABOVE_NOISE: Final = 9.0
_NOISE_RISE: Final = 0.2  # dB a round: a fan is learnt within half a minute, speech with its pauses never
_LOUDEST_NOISE: Final = -30.0
_REPORT_ROUNDS: Final = 10


@dataclass(slots=True)
class _Voice:
    """One producer: its background and the last two seconds, newest last."""

    noise: float
    levels: deque[int] = field(default_factory=lambda: deque(maxlen=_MEDIUM))
    active: deque[bool] = field(default_factory=lambda: deque(maxlen=_LONG))

    def hear(self, level: int | None) -> None:
        """One round; None if nothing came, as when the sender leaves silence out."""
        if level is not None:
            self.noise = min(float(level), self.noise + _NOISE_RISE, _LOUDEST_NOISE)
        heard = SILENCE if level is None else level
        self.levels.append(heard)
        self.active.append(heard >= AUDIBLE and heard >= self.noise + _ABOVE_NOISE)

    def rounds(self, window: int) -> int:
        """In how many of the last rounds it was active."""
        return sum(list(self.active)[-window:])

    @property
    def talks(self) -> bool:
        return self.rounds(_MEDIUM) >= _TALKS

    @property
    def loudness(self) -> float:
        """The mean level of half a second, in dBov."""
        return sum(self.levels) / len(self.levels)


@dataclass(slots=True)
class SpeakerDetector:
    """Nobody speaks until somebody has talked for half a second; two seconds of silence end it.

    A speaker who falls silent is followed by whoever talks. One who goes on is followed by somebody who has talked
    against it for a second and is 6 dB louder. Of several the one who talked most, then the loudest, then the first by
    id comes next.
    """

    speaker: str | None = None
    _voices: dict[str, _Voice] = field(default_factory=dict)
    _told: tuple[dict[str, int], str | None] = field(default_factory=lambda: ({}, None))
    _rounds: int = 0

    def observe(self, levels: Mapping[str, int]) -> tuple[dict[str, int], str | None] | None:
        """One round of levels in dBov; levels and speaker when there is news of the speaker, or of levels each second.

        A producer without a level was not heard in this round.
        """
        for producer in levels.keys() - self._voices.keys():
            self._voices[producer] = _Voice(noise=min(float(levels[producer]), AUDIBLE))
        for producer, voice in list(self._voices.items()):
            voice.hear(levels.get(producer))
            if producer not in levels and not voice.rounds(_LONG):
                del self._voices[producer]
        self._choose()
        return self._report(levels)

    def _choose(self) -> None:
        current = self._voices.get(self.speaker or "")
        if current is None or not current.rounds(_LONG):
            self.speaker = current = None
        talking = [one for one, voice in self._voices.items() if voice.talks and one != self.speaker]
        ranked = sorted(talking, key=self._rank)
        if current is None or not current.rounds(_IMMEDIATE):
            self.speaker = next(iter(ranked), self.speaker)
            return
        self.speaker = next((one for one in ranked if _interrupts(self._voices[one], current)), self.speaker)

    def _rank(self, producer: str) -> tuple[int, float, str]:
        voice = self._voices[producer]
        return -voice.rounds(_LONG), -voice.loudness, producer

    def _report(self, levels: Mapping[str, int]) -> tuple[dict[str, int], str | None] | None:
        self._rounds += 1
        report = ({producer: level for producer, level in levels.items() if level > SILENCE}, self.speaker)
        due = self._rounds >= _REPORT_ROUNDS and report != self._told
        if self.speaker == self._told[1] and not due:
            return None
        self._told, self._rounds = report, 0
        return report


def _interrupts(challenger: _Voice, speaker: _Voice) -> bool:
    return challenger.rounds(_LONG) >= _INTERRUPTS and challenger.loudness >= speaker.loudness + _LOUDER
