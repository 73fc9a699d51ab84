"""The life of a meeting: which step leads from which state to which, and what must be settled before."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from auth.model import MeetingRole
from meetings.errors import (
    BadDetails,
    EmptyAgenda,
    ItemUndecided,
    MinutesUnsigned,
    NoChair,
    PollOpen,
    ReasonRequired,
    WrongState,
)
from meetings.model import ItemState, MeetingState
from meetings.records import MeetingDetails


class Step(StrEnum):
    """A step in the life of a meeting."""

    CONVENE = "convene"
    OPEN = "open"
    SUSPEND = "suspend"
    RESUME = "resume"
    ADJOURN = "adjourn"
    SUBMIT_MINUTES = "submit_minutes"
    RETURN_MINUTES = "return_minutes"
    SIGN_MINUTES = "sign_minutes"
    ARCHIVE = "archive"
    CANCEL = "cancel"


_S = MeetingState
TRANSITIONS: Final[dict[Step, dict[MeetingState, MeetingState]]] = {
    Step.CONVENE: {
        _S.DRAFT: _S.CONVENED,
        _S.CONVENED: _S.CONVENED,  # a new version of the agenda
        _S.IN_SESSION: _S.IN_SESSION,
        _S.SUSPENDED: _S.SUSPENDED,
    },
    Step.OPEN: {_S.CONVENED: _S.IN_SESSION},
    Step.SUSPEND: {_S.IN_SESSION: _S.SUSPENDED},
    Step.RESUME: {_S.SUSPENDED: _S.IN_SESSION},
    Step.ADJOURN: {_S.IN_SESSION: _S.ADJOURNED, _S.SUSPENDED: _S.ADJOURNED},
    Step.SUBMIT_MINUTES: {_S.ADJOURNED: _S.MINUTES_REVIEW},
    Step.RETURN_MINUTES: {_S.MINUTES_REVIEW: _S.ADJOURNED},
    Step.SIGN_MINUTES: {_S.MINUTES_REVIEW: _S.MINUTES_SIGNED},
    Step.ARCHIVE: {_S.MINUTES_SIGNED: _S.ARCHIVED},
    Step.CANCEL: {_S.DRAFT: _S.CANCELLED, _S.CONVENED: _S.CANCELLED},
}

LIVE: Final = frozenset({_S.IN_SESSION, _S.SUSPENDED})
ATTENDABLE: Final = frozenset({_S.CONVENED, *LIVE})  # people check in, answer and read
PLANNED: Final = frozenset({_S.DRAFT, _S.CONVENED})
AFTER: Final = frozenset({_S.ADJOURNED, _S.MINUTES_REVIEW})
OVER: Final = frozenset({_S.ARCHIVED, _S.CANCELLED})  # nothing leads on from here
UNDECIDED: Final = frozenset({ItemState.PENDING, ItemState.UNDER_DISCUSSION})


def after(state: MeetingState, step: Step) -> MeetingState:
    """Return the state to which ``step`` leads. Raises ``WrongState``."""
    try:
        return TRANSITIONS[step][state]
    except KeyError:
        raise WrongState(f"a meeting that is {state} cannot {step}") from None


def require(state: MeetingState, allowed: frozenset[MeetingState]) -> None:
    """Raise ``WrongState`` unless the meeting is in one of the allowed states."""
    if state not in allowed:
        raise WrongState(f"not while the meeting is {state}; only while {', '.join(sorted(allowed))}")


def convene(state: MeetingState, roles: Iterable[MeetingRole], items: int) -> MeetingState:
    """Return the state after convening (again). Raises ``WrongState``, ``NoChair`` or ``EmptyAgenda``."""
    following = after(state, Step.CONVENE)
    if sum(role is MeetingRole.CHAIR for role in roles) != 1:
        raise NoChair("name exactly one chair before convening")
    if items < 1:
        raise EmptyAgenda("put at least one item on the agenda before convening")
    return following


def pause(state: MeetingState, step: Step, open_polls: int) -> MeetingState:
    """Return the state after suspending or adjourning. Raises ``WrongState`` or ``PollOpen``."""
    following = after(state, step)
    if open_polls:
        raise PollOpen("close the open poll first")
    return following


def submit_minutes(state: MeetingState, items: Iterable[ItemState]) -> MeetingState:
    """Return the state after submitting the minutes for review. Raises ``WrongState`` or ``ItemUndecided``."""
    following = after(state, Step.SUBMIT_MINUTES)
    _require_concluded(items)
    return following


def archive(state: MeetingState, items: Iterable[ItemState]) -> MeetingState:
    """Return the final state. Raises ``MinutesUnsigned``, ``ItemUndecided`` or ``WrongState``."""
    if state in AFTER:
        raise MinutesUnsigned("the minutes must be signed before the meeting is archived")
    following = after(state, Step.ARCHIVE)
    _require_concluded(items)
    return following


def cancel(state: MeetingState, reason: str) -> MeetingState:
    """Return the state after cancelling. Raises ``WrongState`` or ``ReasonRequired``."""
    following = after(state, Step.CANCEL)
    if not reason.strip():
        raise ReasonRequired("say why the meeting is cancelled")
    return following


def check_details(details: MeetingDetails) -> None:
    """Raise ``BadDetails`` unless title, times, zone and language can be used."""
    if not details.title.strip():
        raise BadDetails("a meeting has a title")
    if details.starts_at.tzinfo is None or details.ends_at.tzinfo is None:
        raise BadDetails("times need a zone")
    if details.ends_at <= details.starts_at:
        raise BadDetails("a meeting ends after it starts")
    if not details.language:
        raise BadDetails("a meeting has a language")
    try:
        ZoneInfo(details.zone)
    except (KeyError, ValueError, OSError) as error:  # by zoneinfo for unknown, malformed and unreadable names
        raise BadDetails(f"{details.zone!r} is not an IANA zone") from error


def _require_concluded(items: Iterable[ItemState]) -> None:
    undecided = sum(state in UNDECIDED for state in items)
    if undecided:
        raise ItemUndecided(f"{undecided} agenda items have no conclusion; decide, defer, note or withdraw them")
