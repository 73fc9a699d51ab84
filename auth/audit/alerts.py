"""Rules over the log that call an officer: pure functions of what was logged within the last minutes.

Each rule gathers **occurrences** about somebody or something; only when there are enough within its window they become
a **signal**. What an officer has acknowledged is no evidence any more.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from auth.audit.entry import Action, LoggedEntry, Outcome
from auth.model import OrgRole

SATURDAY = 5


class Rule(StrEnum):
    DENIALS = "denials"
    FAILED_SIGN_INS = "failed_sign_ins"
    MASS_READING = "mass_reading"
    TWO_PLACES = "two_places"
    OFF_HOURS = "off_hours"
    LOG_BROKEN = "log_broken"
    STORAGE_LOW = "storage_low"
    GUARDIANS = "guardians"


READING = frozenset({Action.PAPER_VIEW, Action.PAPER_DOWNLOAD, Action.PAPER_PRINT, Action.RECORDING_DOWNLOAD})
# What shows that a session is in use, without the acts that a whole meeting does at once.
IN_USE = READING | {Action.LOGON, Action.STEP_UP, Action.MEETING_VIEW, Action.PRESENCE_ARRIVE, Action.MEDIA_JOIN}
# What an administrator can do to somebody's way in.
ACCOUNT_ACTS = frozenset(
    {
        Action.PERSON_CREATE,
        Action.PERSON_CHANGE,
        Action.PERSON_DISABLE,
        Action.PERSON_ENABLE,
        Action.ROLE_CHANGE,
        Action.WELCOME_LINK,
        Action.FACTOR_RESET,
    }
)
GUARDING = frozenset({OrgRole.SECURITY_OFFICER.value, OrgRole.ADMINISTRATOR.value})
WATCHED = IN_USE | ACCOUNT_ACTS | {Action.LOGON_FAILURE, Action.DENIAL, Action.AUDIT_VERIFY}


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Monday to Friday, from ``opens`` until ``closes`` on the clock of a zone."""

    opens: time
    closes: time
    zone: ZoneInfo

    def covers(self, at: datetime) -> bool:
        local = at.astimezone(self.zone)
        return local.weekday() < SATURDAY and self.opens <= local.time() < self.closes


def parse_office_hours(text: str) -> OfficeHours | None:
    """Read ``07:00-19:00 Asia/Ho_Chi_Minh``; None for an empty text. Raises ValueError."""
    if not text:
        return None
    hours, _, zone = text.partition(" ")
    opens, _, closes = hours.partition("-")
    try:
        found = OfficeHours(time.fromisoformat(opens), time.fromisoformat(closes), ZoneInfo(zone.strip()))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"Office hours are not understood: {text}") from error
    if found.opens >= found.closes:
        raise ValueError("Office hours end after they begin, on the same day.")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """From how many occurrences within which time on a rule speaks."""

    denials: int = 10
    denials_within: timedelta = timedelta(minutes=5)
    failures: int = 10
    failures_within: timedelta = timedelta(minutes=10)
    papers: int = 30
    papers_within: timedelta = timedelta(minutes=10)
    places_within: timedelta = timedelta(minutes=10)
    office_hours: OfficeHours | None = None

    @property
    def longest(self) -> timedelta:
        """How far back a rule may look."""
        return max(self.denials_within, self.failures_within, self.papers_within, self.places_within)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One entry as evidence; ``weight`` is how many events it tells of."""

    index: int
    at: datetime
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule has spoken about ``about``: ``person:ID``, ``source:ADDRESS`` or the rule's own word."""

    rule: Rule
    about: str
    occurrences: tuple[Occurrence, ...]


Handled = Mapping[tuple[Rule, str], int]  # up to which entry an officer has acknowledged
Places = Mapping[str, str]  # session → where it began: a site, or a network


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What one rule has gathered, by whom it is about."""

    rule: Rule
    handled: Handled
    found: dict[str, list[LoggedEntry]]

    def add(self, about: str, logged: LoggedEntry) -> None:
        if logged.index > self.handled.get((self.rule, about), -1):
            self.found[about].append(logged)


def evaluate(logged: Sequence[LoggedEntry], places: Places, handled: Handled, policy: AlertPolicy) -> list[Signal]:
    """Return what the rules say of these entries, which are in the order of the log."""
    rules = (_denials, _failed_sign_ins, _mass_reading, _two_places, _off_hours, _log_broken, _guardians)
    return [signal for rule in rules for signal in rule(logged, places, handled, policy)]


def _gather(rule: Rule, handled: Handled, pairs: Iterable[tuple[str, LoggedEntry]]) -> dict[str, list[LoggedEntry]]:
    evidence = _Evidence(rule, handled, defaultdict(list))
    for about, logged in pairs:
        evidence.add(about, logged)
    return evidence.found


def _denials(logged: Sequence[LoggedEntry], _: Places, handled: Handled, policy: AlertPolicy) -> list[Signal]:
    def about(one: LoggedEntry) -> str:
        return f"person:{one.entry.actor}" if one.entry.actor else f"source:{_source(one) or 'unknown'}"

    pairs = [(about(one), one) for one in logged if one.entry.outcome is Outcome.DENIED]
    found = _gather(Rule.DENIALS, handled, pairs)
    return _bursts(Rule.DENIALS, found, policy.denials, policy.denials_within)


def _failed_sign_ins(logged: Sequence[LoggedEntry], _: Places, handled: Handled, policy: AlertPolicy) -> list[Signal]:
    def about(one: LoggedEntry) -> str:
        entry = one.entry
        account = entry.object_id if entry.object_type == "person" else entry.actor
        return f"person:{account}" if account else f"source:{_source(one) or 'unknown'}"

    failed = [one for one in logged if one.entry.outcome is Outcome.FAILURE and one.entry.action in _FACTORS]
    found = _gather(Rule.FAILED_SIGN_INS, handled, [(about(one), one) for one in failed])
    return _bursts(Rule.FAILED_SIGN_INS, found, policy.failures, policy.failures_within)


_FACTORS = frozenset({Action.LOGON_FAILURE, Action.STEP_UP})


def _mass_reading(logged: Sequence[LoggedEntry], _: Places, handled: Handled, policy: AlertPolicy) -> list[Signal]:
    read = [one for one in logged if one.entry.action in READING and one.entry.outcome is Outcome.SUCCESS]
    found = _gather(Rule.MASS_READING, handled, [(f"person:{one.entry.actor}", one) for one in read if one.entry.actor])
    distinct = {about: _first_of_each_object(of) for about, of in found.items()}
    return _bursts(Rule.MASS_READING, distinct, policy.papers, policy.papers_within)


def _first_of_each_object(logged: Iterable[LoggedEntry]) -> list[LoggedEntry]:
    seen: dict[str | None, LoggedEntry] = {}
    for one in logged:
        seen.setdefault(one.entry.object_id, one)
    return list(seen.values())


def _two_places(logged: Sequence[LoggedEntry], places: Places, handled: Handled, policy: AlertPolicy) -> list[Signal]:
    used = [one for one in logged if one.entry.action in IN_USE and one.entry.outcome is Outcome.SUCCESS]
    placed = [one for one in used if one.entry.actor and one.entry.session in places]
    found = _gather(Rule.TWO_PLACES, handled, [(f"person:{one.entry.actor}", one) for one in placed])
    signals = []
    for about, of in found.items():
        jumps: dict[int, LoggedEntry] = {}
        for earlier, later in pairwise(of):
            near = later.entry.at - earlier.entry.at <= policy.places_within
            if near and places[earlier.entry.session or ""] != places[later.entry.session or ""]:
                jumps |= {earlier.index: earlier, later.index: later}
        if jumps:
            signals.append(_signal(Rule.TWO_PLACES, about, jumps.values()))
    return signals


def _off_hours(logged: Sequence[LoggedEntry], _: Places, handled: Handled, policy: AlertPolicy) -> list[Signal]:
    hours = policy.office_hours
    if hours is None:
        return []
    begun = [one for one in logged if one.entry.action is Action.LOGON and one.entry.outcome is Outcome.SUCCESS]
    late = [(f"person:{one.entry.actor}", one) for one in begun if not hours.covers(one.entry.at)]
    return [_signal(Rule.OFF_HOURS, about, of) for about, of in _gather(Rule.OFF_HOURS, handled, late).items()]


def _log_broken(logged: Sequence[LoggedEntry], _: Places, handled: Handled, __: AlertPolicy) -> list[Signal]:
    failed = [one for one in logged if one.entry.action is Action.AUDIT_VERIFY and one.entry.outcome is Outcome.FAILURE]
    found = _gather(Rule.LOG_BROKEN, handled, [("log", one) for one in failed])
    return [_signal(Rule.LOG_BROKEN, about, of) for about, of in found.items()]


def _guardians(logged: Sequence[LoggedEntry], _: Places, handled: Handled, __: AlertPolicy) -> list[Signal]:
    """Whoever makes accounts could choose or replace the watchmen: whatever touches one of these is told."""
    acts = [one for one in logged if one.entry.object_type == "person" and _touches_the_way_in(one)]
    touched = [(f"person:{one.entry.object_id}", one) for one in acts if _guards(one)]
    found = _gather(Rule.GUARDIANS, handled, touched)
    return [_signal(Rule.GUARDIANS, about, of) for about, of in found.items()]


def _touches_the_way_in(logged: LoggedEntry) -> bool:
    """Whether an act decides how somebody comes in; of what is known of a person, only where mail goes."""
    entry = logged.entry
    return entry.action in ACCOUNT_ACTS and (entry.action is not Action.PERSON_CHANGE or "new_email" in entry.details)


def _guards(logged: LoggedEntry) -> bool:
    """Whether an act names the role of an officer or administrator, before it or after."""
    named = (logged.entry.details.get(name) for name in ("roles", "old", "new"))
    return any(GUARDING & set(roles.split()) for roles in named if isinstance(roles, str))


def _bursts(rule: Rule, found: Mapping[str, list[LoggedEntry]], least: int, within: timedelta) -> list[Signal]:
    bursts = ((about, burst(of, least, within, _weight)) for about, of in found.items())
    return [_signal(rule, about, of) for about, of in bursts if of]


def burst(
    logged: Sequence[LoggedEntry], least: int, within: timedelta, weight: Callable[[LoggedEntry], int]
) -> list[LoggedEntry]:
    """Return the entries that lie in some stretch of ``within`` in which ``least`` events came together."""
    taken: dict[int, LoggedEntry] = {}
    start, total = 0, 0
    for end, one in enumerate(logged):
        total += weight(one)
        while one.entry.at - logged[start].entry.at > within:
            total -= weight(logged[start])
            start += 1
        if total >= least:
            taken.update((each.index, each) for each in logged[start : end + 1])
    return [taken[index] for index in sorted(taken)]


def _signal(rule: Rule, about: str, of: Iterable[LoggedEntry]) -> Signal:
    return Signal(rule, about, tuple(Occurrence(one.index, one.entry.at, _weight(one)) for one in of))


def _weight(logged: LoggedEntry) -> int:
    """Return how many events an entry adds: of a counted minute the first one was logged at once."""
    count = logged.entry.details.get("count")
    return count - 1 if isinstance(count, int) and count > 1 else 1


def _source(logged: LoggedEntry) -> str | None:
    found = logged.entry.details.get("source") or logged.entry.details.get("address")
    return found if isinstance(found, str) else None
