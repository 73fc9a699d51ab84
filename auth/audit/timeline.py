"""What happened to one person, meeting, paper or session, told in order: repeated acts become one line.

A pure retelling of entries: nothing is left out, each line knows which entries it stands for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from auth.audit.entry import Action, LoggedEntry

PAUSE = timedelta(minutes=15)  # what comes again within it is the same doing


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the first entry, the last one's time, and how many entries it stands for."""

    first: LoggedEntry
    last_at: datetime
    count: int
    newest: int  # index of the last entry


@dataclass(frozen=True, slots=True)
class Stay:
    """A session as far as these entries tell: when and whence it began, and when it ended."""

    session: str
    person: str | None
    began_at: datetime | None
    ended_at: datetime | None
    address: str | None
    factor: str | None


def tell(entries: Iterable[LoggedEntry]) -> list[Line]:
    """Return the lines of entries that are in the order of the log.

    An act that somebody repeats, on the same object, in the same session and with the same outcome, is told once as
    long as nothing else of theirs comes between and no longer pause than ``PAUSE``.
    """
    lines: list[Line] = []
    newest: dict[tuple[str | None, str | None], int] = {}  # (actor, session) → place of the line told last
    for one in entries:
        key = (one.entry.actor, one.entry.session)
        place = newest.get(key)
        if place is not None and _repeats(lines[place], one):
            before = lines[place]
            lines[place] = Line(before.first, one.entry.at, before.count + 1, one.index)
            continue
        newest[key] = len(lines)
        lines.append(Line(one, one.entry.at, 1, one.index))
    return lines


def _repeats(line: Line, one: LoggedEntry) -> bool:
    before, now = line.first.entry, one.entry
    same = (before.action, before.outcome, before.object_type, before.object_id) == (
        now.action,
        now.outcome,
        now.object_type,
        now.object_id,
    )
    return same and dict(before.details) == dict(now.details) and now.at - line.last_at <= PAUSE


def stays(entries: Iterable[LoggedEntry]) -> Mapping[str, Stay]:
    """Return the sessions whose beginning or end is among these entries."""
    found: dict[str, Stay] = {}
    for one in entries:
        made = one.entry
        if made.session is None or made.action not in _BOUNDARIES:
            continue
        known = found.get(made.session, Stay(made.session, made.actor, None, None, None, None))
        if made.action is Action.LOGON:
            address, factor = made.details.get("address"), made.details.get("factor")
            known = Stay(known.session, made.actor, made.at, known.ended_at, _text(address), _text(factor))
        else:
            known = Stay(known.session, known.person, known.began_at, made.at, known.address, known.factor)
        found[made.session] = known
    return found


_BOUNDARIES = frozenset({Action.LOGON, Action.LOGOFF})


def sessions_in(entries: Sequence[LoggedEntry]) -> list[str]:
    """Return the sessions that appear in these entries."""
    return sorted({one.entry.session for one in entries if one.entry.session})


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
