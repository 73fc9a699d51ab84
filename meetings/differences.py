"""What one version of an agenda changed against another. Pure: frozen lines in, a comparison out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from meetings.model import ItemId
from meetings.records import AgendaHeading, AgendaLine


class Field(StrEnum):
    """What can differ in a line of an agenda."""

    TITLE = "title"
    DESCRIPTION = "description"
    KIND = "kind"
    PRESENTER = "presenter"
    MINUTES = "minutes"
    RESTRICTED = "restricted"
    PAPERS = "papers"


class HeadingField(StrEnum):
    """What can differ above the items."""

    TITLE = "title"
    TIME = "time"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line that is in both versions and differs in ``fields``."""

    before: AgendaLine
    after: AgendaLine
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """What changed. ``moved`` names the fewest items whose moving explains the new order of the common ones."""

    heading: tuple[HeadingField, ...]
    added: tuple[AgendaLine, ...]
    removed: tuple[AgendaLine, ...]
    changed: tuple[ChangedLine, ...]
    moved: tuple[ItemId, ...]

    def __bool__(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.heading or self.added or self.removed or self.changed or self.moved)


_VALUES: Final[dict[Field, Callable[[AgendaLine], object]]] = {
    Field.TITLE: lambda line: line.title,
    Field.DESCRIPTION: lambda line: line.description,
    Field.KIND: lambda line: line.kind,
    Field.PRESENTER: lambda line: line.presenter_id,
    Field.MINUTES: lambda line: line.minutes or 0,
    Field.RESTRICTED: lambda line: line.restricted,
    Field.PAPERS: lambda line: line.papers,
}


def differences(
    old: Sequence[AgendaLine],
    new: Sequence[AgendaLine],
    *,
    heading: tuple[AgendaHeading | None, AgendaHeading | None] = (None, None),
) -> Differences:
    """Compare two versions line by line, and what stands above the lines, if both versions have kept it."""
    before = {line.item_id: line for line in old}
    now = {line.item_id: line for line in new}
    pairs = [(before[key], line) for key, line in now.items() if key in before]
    return Differences(
        heading=_heading(*heading),
        added=tuple(line for key, line in now.items() if key not in before),
        removed=tuple(line for key, line in before.items() if key not in now),
        changed=tuple(ChangedLine(one, other, fields) for one, other in pairs if (fields := _fields(one, other))),
        moved=_moved([key for key in before if key in now], [key for key in now if key in before]),
    )


def _heading(old: AgendaHeading | None, new: AgendaHeading | None) -> tuple[HeadingField, ...]:
    if old is None or new is None:
        return ()
    differs = {
        HeadingField.TITLE: old.title != new.title,
        HeadingField.TIME: (old.starts_at, old.ends_at, old.zone) != (new.starts_at, new.ends_at, new.zone),
        HeadingField.PLACE: old.place != new.place,
    }
    return tuple(field for field, different in differs.items() if different)


def _fields(old: AgendaLine, new: AgendaLine) -> tuple[Field, ...]:
    return tuple(field for field, value in _VALUES.items() if value(old) != value(new))


def _moved(old: list[ItemId], new: list[ItemId]) -> tuple[ItemId, ...]:
    """Return what is outside the longest run of items that kept their order (a longest increasing subsequence)."""
    place = {key: index for index, key in enumerate(old)}
    best: list[tuple[int, int | None]] = []  # for each place in ``new``: length of the run that ends there, and before
    for index, key in enumerate(new):
        earlier = [(best[other][0], other) for other in range(index) if place[new[other]] < place[key]]
        length, previous = max(earlier, default=(0, None), key=lambda run: run[0])
        best.append((length + 1, previous))
    at = max(range(len(best)), default=None, key=lambda index: best[index][0])
    kept: set[ItemId] = set()
    while at is not None:
        kept.add(new[at])
        at = best[at][1]
    return tuple(key for key in new if key not in kept)
