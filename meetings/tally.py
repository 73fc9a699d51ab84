"""Counting: every kind of voice and of silence is kept apart."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

YES: Final = "yes"
NO: Final = "no"
ABSTAIN: Final = "abstain"


@dataclass(frozen=True, slots=True)
class Tally:
    """Voices per option in the order of the options, and the silent.

    ``not_voting`` are electors who were present at the closing and cast nothing; ``absent`` are the other electors.
    ``blank`` and ``invalid`` ballots exist where ballots are filled in freely.
    """

    counts: tuple[tuple[str, int], ...]
    not_voting: int
    absent: int
    blank: int = 0
    invalid: int = 0

    def of(self, option_id: str) -> int:
        """Return the voices for an option; 0 for one that was not offered."""
        return dict(self.counts).get(option_id, 0)

    @property
    def abstentions(self) -> int:
        return self.of(ABSTAIN)

    @property
    def valid(self) -> int:
        """Ballots that express a choice or an abstention."""
        return sum(count for _, count in self.counts)

    @property
    def cast(self) -> int:
        """Ballots that express a choice: yes + no."""
        return self.valid - self.abstentions

    @property
    def participating(self) -> int:
        """Everybody who took part: ballots of any kind, and those present who did not vote."""
        return self.valid + self.blank + self.invalid + self.not_voting

    @property
    def entitled(self) -> int:
        return self.participating + self.absent


def count(choices: Iterable[str], option_ids: Iterable[str], entitled: int, not_voting: int) -> Tally:
    """Count ballots of a poll with ``entitled`` electors, of whom ``not_voting`` are present without a ballot."""
    voices = Counter(choices)
    return Tally(
        counts=tuple((option_id, voices[option_id]) for option_id in option_ids),
        not_voting=not_voting,
        absent=entitled - voices.total() - not_voting,
    )
