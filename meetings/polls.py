"""Named polls: draft → open → closed → published, or annulled; a frozen electorate; casting that may be repeated."""

import hashlib
import re
from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from auth.model import PersonId
from meetings.decision import Outcome, decide_poll
from meetings.errors import (
    BadBallot,
    BadPoll,
    BallotConflict,
    ItemNotUnderDiscussion,
    NoElectorate,
    NotEntitled,
    NotPresent,
    PollNotOpen,
    ReasonRequired,
    UnknownOption,
    WrongState,
)
from meetings.lifecycle import require
from meetings.model import BallotId, ItemId, MeetingState, PollId, PollMethod, PollState
from meetings.quorum import Quorum, quorum_of
from meetings.records import Ballot, PollDetails, PollOption, PollResult
from meetings.tally import ABSTAIN, NO, YES, Tally, count

_IN_SESSION: Final = frozenset({MeetingState.IN_SESSION})
_YES_NO_ABSTAIN: Final = (YES, NO, ABSTAIN)
_BALLOT_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_RECEIPT_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
TRANSITIONS: Final[dict[PollState, PollState]] = {
    PollState.DRAFT: PollState.OPEN,
    PollState.OPEN: PollState.CLOSED,
    PollState.CLOSED: PollState.PUBLISHED,
}


def advance(state: PollState, target: PollState) -> PollState:
    """Return ``target`` if it follows ``state``; nothing reopens. Raises ``WrongState`` or ``PollNotOpen``."""
    if TRANSITIONS.get(state) is not target:
        if target is PollState.CLOSED:
            raise PollNotOpen(f"the poll is {state}")
        raise WrongState(f"a poll that is {state} does not become {target}")
    return target


def check_draft(state: PollState) -> None:
    """Raise ``WrongState`` unless the poll may still be changed or deleted."""
    if state is not PollState.DRAFT:
        raise WrongState(f"a poll that is {state} does not change")


def check_recast(state: PollState) -> None:
    """Raise ``WrongState`` unless the poll has ended, so that a new one may repeat it."""
    if state not in (PollState.CLOSED, PollState.PUBLISHED, PollState.ANNULLED):
        raise WrongState(f"a poll that is {state} is not repeated")


def annul(state: PollState, reason: str) -> PollState:
    """Return the state of an open poll that ends without a result. Raises ``PollNotOpen`` or ``ReasonRequired``."""
    if state is not PollState.OPEN:
        raise PollNotOpen(f"a poll that is {state} is not annulled")
    if not reason.strip():
        raise ReasonRequired("say why the poll is annulled")
    return PollState.ANNULLED


def closing_time(state: PollState, seconds: int | None, now: datetime) -> datetime | None:
    """Return when an open poll is announced to close. Raises ``PollNotOpen`` or ``BadPoll``."""
    if state is not PollState.OPEN:
        raise PollNotOpen(f"a poll that is {state} has no time left")
    if seconds is None:
        return None
    if seconds <= 0:
        raise BadPoll("a poll stays open for longer than nothing")
    return now + timedelta(seconds=seconds)


def normalise(details: PollDetails) -> PollDetails:
    """Return the details with the options of their method. Raises ``BadPoll``.

    Yes, no and abstain need no options: their ids are their meaning and clients translate them. One of many needs at
    least two options besides an abstention.
    """
    if not details.title.strip():
        raise BadPoll("a poll has a title")
    if details.method is PollMethod.YES_NO_ABSTAIN:
        return replace(details, options=tuple(PollOption(option, "") for option in _YES_NO_ABSTAIN))
    ids = [option.id for option in details.options]
    if len(set(ids)) != len(ids) or not all(ids):
        raise BadPoll("every option has an id of its own")
    if len([option for option in ids if option != ABSTAIN]) < 2:
        raise BadPoll("offer at least two options")
    return details


def check_opening(
    meeting: MeetingState, item_id: ItemId | None, current: ItemId | None, electors: Collection[PersonId]
) -> None:
    """Raise ``WrongState``, ``ItemNotUnderDiscussion`` or ``NoElectorate`` unless the poll may be opened."""
    require(meeting, _IN_SESSION)
    if item_id is not None and item_id != current:
        raise ItemNotUnderDiscussion("a poll on an item is opened while the item is under discussion")
    if not electors:
        raise NoElectorate("nobody in this meeting is entitled to vote")


def check_ballot(
    state: PollState,
    option_ids: Collection[str],
    *,
    entitled: bool,
    present: bool,
    existing: Ballot | None,
    ballot_id: BallotId,
    option_id: str,
) -> Ballot | None:
    """Check a ballot; return the existing one if this is its repetition, None if it is to be stored.

    A repetition is answered even after the closing and after the voter has left: the vote counts already. Raises
    ``BadBallot``, ``BallotConflict``, ``PollNotOpen``, ``NotEntitled``, ``NotPresent`` or ``UnknownOption``.
    """
    if _BALLOT_ID.fullmatch(ballot_id) is None:
        raise BadBallot("a ballot id is 8 to 64 letters, digits, hyphens or underscores")
    if existing is not None:
        if (existing.id, existing.option_id) == (ballot_id, option_id):
            return existing
        raise BallotConflict("this person has voted already")
    if state is not PollState.OPEN:
        raise PollNotOpen(f"the poll is {state}")
    if not entitled:
        raise NotEntitled("the person does not belong to the electorate of this poll")
    if not present:
        raise NotPresent("only who is recorded as present votes")
    if option_id not in option_ids:
        raise UnknownOption(f"{option_id!r} is no option of this poll")
    return None


def receipt(poll_id: PollId, ballot_id: BallotId, person_id: PersonId, option_id: str, nonce: str) -> str:
    """Return the short code of a ballot, ``XXXX-XXXX-XXXX``: 60 bits of SHA-256 over its fields and the nonce."""
    digest = hashlib.sha256("|".join((poll_id, ballot_id, person_id, option_id, nonce)).encode()).digest()
    number = int.from_bytes(digest[:8], "big")
    code = "".join(_RECEIPT_ALPHABET[number >> shift & 31] for shift in range(0, 60, 5))
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def close(
    details: PollDetails,
    electors: AbstractSet[PersonId],
    present: AbstractSet[PersonId],
    choices: dict[PersonId, str],
    chair: PersonId | None,
) -> PollResult:
    """Count and decide a poll at its closing.

    ``present`` are the people present at that moment, of whom electors without a ballot are "not voting".
    """
    tally = _tally(details, electors, present, choices)
    quorum: Quorum = quorum_of(electors, present, details.rules)
    chair_choice = None if chair is None else choices.get(chair)
    outcome: Outcome = decide_poll(tally, details.rules, quorum, chair_choice, details.method)
    return PollResult(tally, quorum, outcome)


def _tally(
    details: PollDetails,
    electors: AbstractSet[PersonId],
    present: AbstractSet[PersonId],
    choices: dict[PersonId, str],
) -> Tally:
    silent = (electors & present) - choices.keys()
    return count(choices.values(), (option.id for option in details.options), len(electors), len(silent))
