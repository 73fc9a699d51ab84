"""Who speaks, from the RFC 6464 levels of a room's audio producers. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SILENCE: Final = -127
AUDIBLE: Final = -50
_LOUDER: Final = 6
_SMOOTHING: Final = 0.5
_HOLD_ROUNDS: Final = 5


@dataclass(slots=True)
class SpeakerDetector:
    """The speaker is the loudest by smoothed level.

    Another must be 6 dB louder in two rounds to take over; silence is borne for five rounds.
    """

    speaker: str | None = None
    _smoothed: dict[str, float] = field(default_factory=dict)
    _reported: tuple[dict[str, int], str | None] = field(default_factory=lambda: ({}, None))
    _silent_rounds: int = 0
    _challenger: str | None = None

    def observe(self, levels: Mapping[str, int]) -> tuple[dict[str, int], str | None] | None:
        """One round of levels in dBov, about every 300 ms; levels and speaker, or None if nothing changed."""
        for producer in [*self._smoothed, *levels]:
            before = self._smoothed.get(producer, float(SILENCE))
            self._smoothed[producer] = before + (levels.get(producer, SILENCE) - before) * _SMOOTHING
        self._smoothed = {producer: value for producer, value in self._smoothed.items() if value > SILENCE + 1}
        self._choose()
        report = ({producer: level for producer, level in levels.items() if level > SILENCE}, self.speaker)
        if report == self._reported:
            return None
        self._reported = report
        return report

    def _choose(self) -> None:
        loudest = max(self._smoothed, key=lambda producer: self._smoothed[producer], default=None)
        current = self._smoothed.get(self.speaker or "", float(SILENCE))
        if loudest is not None and self._smoothed[loudest] >= AUDIBLE:
            challenger = loudest if self._smoothed[loudest] >= current + _LOUDER else None
            if self.speaker is None or (challenger is not None and challenger == self._challenger):
                self.speaker = loudest
            self._challenger = challenger
            self._silent_rounds = 0 if current >= AUDIBLE or loudest == self.speaker else self._silent_rounds + 1
        else:
            self._silent_rounds += 1
        if self._silent_rounds >= _HOLD_ROUNDS:
            self.speaker = None
