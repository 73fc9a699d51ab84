"""What changed between two versions of an agenda, in sentences that everybody invited may read.

Restricted items are told by their number only. The sentences stand on the next version and in the mail about it.
"""

from collections.abc import Mapping, Sequence

from auth.model import PersonId
from meetings.differences import Differences, Field, HeadingField
from meetings.model import ItemId
from meetings.phrases import Phrases
from meetings.records import AgendaHeading, AgendaLine


def change_report(
    of: Differences,
    new: tuple[AgendaHeading, Sequence[AgendaLine]],
    names: Mapping[PersonId, str],
    phrases: Phrases,
) -> tuple[str, ...]:
    """Return one sentence for each change. ``new`` is the version that the differences lead to."""
    heading, lines = new
    report = _Report(phrases, names, {line.item_id: number for number, line in enumerate(lines, 1)}, heading)
    by_id = {line.item_id: line for line in lines}
    return (
        *(report.heading(field) for field in of.heading),
        *(report.item("change-added", line) for line in of.added),
        *(report.item("change-removed", line) for line in of.removed),
        *(
            report.changed(line.before, line.after, field)
            for line in of.changed
            for field in _told(line.before, line.after, line.fields)
        ),
        *(report.item("change-moved", by_id[item_id]) for item_id in of.moved),
    )


def _told(before: AgendaLine, after: AgendaLine, fields: tuple[Field, ...]) -> tuple[Field | None, ...]:
    """Return what is told of a line; None: only that it changed."""
    return (None,) if before.restricted or after.restricted else fields


class _Report:
    """Words for single changes."""

    def __init__(
        self, phrases: Phrases, names: Mapping[PersonId, str], numbers: Mapping[ItemId, int], heading: AgendaHeading
    ) -> None:
        self._say = phrases.say
        self._names = names
        self._numbers = numbers
        self._heading = heading

    def heading(self, field: HeadingField) -> str:
        heading = self._heading
        match field:
            case HeadingField.TITLE:
                return self._say("change-heading-title", title=heading.title)
            case HeadingField.TIME:
                return self._say("change-heading-time", start=heading.starts_at, end=heading.ends_at)
            case HeadingField.PLACE:
                return self._say("change-heading-place", place=heading.place or "—")

    def item(self, key: str, line: AgendaLine) -> str:
        """Say that a whole line came, went or moved."""
        if line.restricted:
            return self._say(f"{key}-restricted", number=self._number(line))
        return self._say(key, number=self._number(line), title=line.title)

    def changed(self, before: AgendaLine, after: AgendaLine, field: Field | None) -> str:
        """Say what of a line is different now."""
        number = self._number(after)
        if field is None:
            return self._say("change-line-restricted", number=number)
        told: dict[Field, str | int] = {
            Field.TITLE: after.title,
            Field.PRESENTER: self._names.get(after.presenter_id, "—") if after.presenter_id else "—",
            Field.MINUTES: after.minutes or 0,
            Field.KIND: self._say(f"change-kind-{after.kind}"),
            Field.PAPERS: self._papers(before, after),
        }
        return self._say(f"change-line-{field}", number=number, title=after.title, value=told.get(field, ""))

    def _papers(self, before: AgendaLine, after: AgendaLine) -> str:
        had = {paper.paper_id: paper for paper in before.papers}
        has = {paper.paper_id: paper for paper in after.papers}
        told = [
            *(self._say("change-paper-added", title=one.title) for key, one in has.items() if key not in had),
            *(self._say("change-paper-removed", title=one.title) for key, one in had.items() if key not in has),
            *(
                self._say("change-paper-changed", title=one.title)
                for key, one in has.items()
                if key in had and had[key] != one
            ),
        ]
        return "; ".join(told) or self._say("change-papers-order")

    def _number(self, line: AgendaLine) -> str:
        number = self._numbers.get(line.item_id)
        return "" if number is None else str(number)
