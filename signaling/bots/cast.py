"""Which members of the demo organisation are played, and what they look and sound like."""

from dataclasses import dataclass
from typing import Final

from signaling import demo
from signaling.bots.portrait import Portrait

MOST: Final = len(demo.BOTS)
_GOLDEN: Final = 0.381966  # neighbours get colours far from each other
_LONG_HAIR: Final = frozenset({"delta", "highland", "chau", "yen", "diep", "thao"})


@dataclass(frozen=True, slots=True)
class Part:
    """One played member."""

    username: str
    name: str
    portrait: Portrait
    voice_seed: int
    pitch_hz: float


def cast(count: int) -> tuple[Part, ...]:
    """Return the first members that are played, always the same."""
    return tuple(_part(index, account) for index, account in enumerate(demo.BOTS[:count]))


def _part(index: int, account: demo.Account) -> Part:
    high = account.username in _LONG_HAIR
    portrait = Portrait(account.name, account.site, 0.55 + index * _GOLDEN, 7 * index + 1, high)
    return Part(account.username, account.name, portrait, index, (190.0 if high else 112.0) + 4 * (index % 5))
