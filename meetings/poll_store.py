"""Polls in the database. Casting is the hot path: one SELECT that reads all it needs, one INSERT."""

import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, select, update

from auth.model import MeetingRole, PersonId, opaque_id
from meetings import polls as rules
from meetings import schema
from meetings.agenda_store import load_item
from meetings.changes import Change, ChangeKind
from meetings.codec import dump_options, dump_result, dump_rules, load_options, load_result, load_rules
from meetings.errors import BallotConflict, NoSuchPoll
from meetings.lifecycle import LIVE, PLANNED, require
from meetings.meeting_store import load_meeting
from meetings.model import BallotId, ItemId, MeetingId, PollId, PollKind, PollMethod, PollState
from meetings.participant_store import entitled_ids
from meetings.presence_store import present_ids
from meetings.records import Ballot, BallotInPoll, Poll, PollDetails

_T = schema.poll
_ELECTOR = schema.elector
_BALLOT = schema.ballot
_STAY = schema.presence_interval
_ITEM = schema.agenda_item


def create_poll(
    conn: Connection, meeting_id: MeetingId, details: PollDetails, created_by: PersonId, now: datetime
) -> list[Change]:
    """Insert a draft poll; its id is in the first change. Raises ``BadPoll``, ``NoSuchItem`` or ``WrongState``."""
    require(load_meeting(conn, meeting_id).state, PLANNED | LIVE)
    return _insert(conn, meeting_id, _normal(conn, meeting_id, details), created_by, recast_of=None, now=now)


def edit_poll(
    conn: Connection, meeting_id: MeetingId, poll_id: PollId, details: PollDetails, now: datetime
) -> list[Change]:
    """Replace the details of a draft. Raises ``WrongState``, ``BadPoll``, ``NoSuchItem`` or ``NoSuchPoll``."""
    rules.check_draft(load_poll(conn, meeting_id, poll_id).state)
    return _write(conn, poll_id, **_columns(_normal(conn, meeting_id, details)))


def delete_poll(conn: Connection, meeting_id: MeetingId, poll_id: PollId) -> list[Change]:
    """Delete a draft; what was opened once stays on record. Raises ``WrongState`` or ``NoSuchPoll``."""
    rules.check_draft(load_poll(conn, meeting_id, poll_id).state)
    conn.execute(delete(_T).where(_T.c.id == poll_id))
    return [Change(ChangeKind.POLL_REMOVED, poll_id)]


def open_poll(
    conn: Connection, meeting_id: MeetingId, poll_id: PollId, now: datetime, seconds: int | None = None
) -> list[Change]:
    """Open a draft and freeze its electorate: everybody entitled in the meeting who may read the item, at this moment.

    ``seconds`` is how long it is announced to stay open. Raises ``WrongState``, ``ItemNotUnderDiscussion``,
    ``NoElectorate`` or ``NoSuchPoll``.
    """
    poll, meeting = load_poll(conn, meeting_id, poll_id), load_meeting(conn, meeting_id)
    following = rules.advance(poll.state, PollState.OPEN)
    electors = entitled_ids(conn, meeting_id)
    if poll.details.item_id is not None:
        electors = _readers(conn, meeting_id, poll.details.item_id, electors)
    rules.check_opening(meeting.state, poll.details.item_id, meeting.current_item_id, electors)
    conn.execute(_ELECTOR.insert(), [{"poll_id": poll_id, "person_id": person} for person in sorted(electors)])
    closes_at = rules.closing_time(following, seconds, now)
    return _write(conn, poll_id, state=following.value, opened_at=now, closes_at=closes_at)


def extend_poll(conn: Connection, meeting_id: MeetingId, poll_id: PollId, seconds: int, now: datetime) -> list[Change]:
    """Announce that an open poll stays open for so long from now. Raises ``PollNotOpen`` or ``NoSuchPoll``."""
    closes_at = rules.closing_time(load_poll(conn, meeting_id, poll_id).state, seconds, now)
    return _write(conn, poll_id, closes_at=closes_at)


def annul_poll(conn: Connection, meeting_id: MeetingId, poll_id: PollId, reason: str, now: datetime) -> list[Change]:
    """End an open poll without a result. Raises ``PollNotOpen``, ``ReasonRequired`` or ``NoSuchPoll``."""
    following = rules.annul(load_poll(conn, meeting_id, poll_id).state, reason)
    return _write(conn, poll_id, state=following.value, closed_at=now, state_reason=reason.strip())


def close_poll(conn: Connection, meeting_id: MeetingId, poll_id: PollId, now: datetime) -> list[Change]:
    """Close an open poll, count it and fix its outcome. Raises ``PollNotOpen`` or ``NoSuchPoll``."""
    poll = load_poll(conn, meeting_id, poll_id)
    following = rules.advance(poll.state, PollState.CLOSED)
    choices = {ballot.person_id: ballot.option_id for ballot in ballots(conn, poll_id)}
    result = rules.close(poll.details, poll.electors, present_ids(conn, meeting_id), choices, _chair(conn, meeting_id))
    return _write(conn, poll_id, state=following.value, closed_at=now, result=dump_result(result))


def publish_poll(conn: Connection, meeting_id: MeetingId, poll_id: PollId, now: datetime) -> list[Change]:
    """Publish the result of a closed poll. Raises ``WrongState`` or ``NoSuchPoll``."""
    following = rules.advance(load_poll(conn, meeting_id, poll_id).state, PollState.PUBLISHED)
    return _write(conn, poll_id, state=following.value, published_at=now)


def recast_poll(
    conn: Connection, meeting_id: MeetingId, poll_id: PollId, created_by: PersonId, now: datetime
) -> list[Change]:
    """Make a draft that repeats a closed poll and is linked to it; a closed poll itself never reopens."""
    poll = load_poll(conn, meeting_id, poll_id)
    require(load_meeting(conn, meeting_id).state, LIVE)
    rules.check_recast(poll.state)
    return _insert(conn, meeting_id, poll.details, created_by, recast_of=poll_id, now=now)


_MINE: Final = _BALLOT.alias("mine")
_SAME_ID: Final = _BALLOT.alias("same_id")
_BEFORE_CASTING: Final = (
    select(
        _T.c.state,
        _T.c.options,
        _T.c.nonce,
        _ELECTOR.c.person_id.label("elector"),
        _STAY.c.id.label("stay"),
        _MINE.c.id.label("ballot_id"),
        _MINE.c.option_id,
        _MINE.c.cast_at,
        _MINE.c.receipt,
        _SAME_ID.c.person_id.label("owner"),
    )
    .select_from(_T)
    .outerjoin(_ELECTOR, and_(_ELECTOR.c.poll_id == _T.c.id, _ELECTOR.c.person_id == bindparam("person")))
    .outerjoin(
        _STAY,
        and_(
            _STAY.c.meeting_id == _T.c.meeting_id,
            _STAY.c.person_id == bindparam("person"),
            _STAY.c.left_at.is_(None),
        ),
    )
    .outerjoin(_MINE, and_(_MINE.c.poll_id == _T.c.id, _MINE.c.person_id == bindparam("person")))
    .outerjoin(_SAME_ID, _SAME_ID.c.id == bindparam("ballot"))
    .where(_T.c.id == bindparam("poll"), _T.c.meeting_id == bindparam("meeting"))
)
_CAST: Final = insert(_BALLOT)
_RESTRICTED: Final = (
    select(_T.c.item_id)
    .join(_ITEM, _ITEM.c.id == _T.c.item_id)
    .where(_T.c.id == bindparam("poll"), _T.c.meeting_id == bindparam("meeting"), _ITEM.c.restricted)
)
_IN_POLL: Final = (
    select(_BALLOT, _T.c.kind, _T.c.state, _T.c.item_id, _ITEM.c.restricted)
    .join(_T, _T.c.id == _BALLOT.c.poll_id)
    .outerjoin(_ITEM, _ITEM.c.id == _T.c.item_id)
    .where(_BALLOT.c.id == bindparam("ballot"), _T.c.meeting_id == bindparam("meeting"))
)


def cast_ballot(
    conn: Connection,
    meeting_id: MeetingId,
    poll_id: PollId,
    person_id: PersonId,
    *,
    ballot_id: BallotId,
    option_id: str,
    now: datetime,
) -> tuple[Ballot, list[Change]]:
    """Store a ballot once and return it with its receipt; a repetition returns the stored one and no changes.

    Raises ``PollNotOpen``, ``NotEntitled``, ``NotPresent``, ``UnknownOption``, ``BallotConflict``, ``BadBallot`` or
    ``NoSuchPoll``. Unique constraints on id and on (poll, person) are the last guard.
    """
    key = {"poll": poll_id, "meeting": meeting_id, "person": person_id, "ballot": ballot_id}
    row = conn.execute(_BEFORE_CASTING, key).first()
    if row is None:
        raise NoSuchPoll(poll_id)
    existing = rules.check_ballot(
        PollState(row.state),
        _option_ids(row.options),
        entitled=row.elector is not None,
        present=row.stay is not None,
        existing=_own_ballot(row, poll_id, person_id),
        ballot_id=ballot_id,
        option_id=option_id,
    )
    if existing is not None:
        return existing, []
    if row.owner is not None:
        raise BallotConflict("the ballot id has been used")
    receipt = rules.receipt(poll_id, ballot_id, person_id, option_id, row.nonce)
    ballot = Ballot(ballot_id, poll_id, person_id, option_id, now, receipt)
    conn.execute(
        _CAST,
        {
            "id": ballot_id,
            "poll_id": poll_id,
            "person_id": person_id,
            "option_id": option_id,
            "cast_at": now,
            "receipt": receipt,
        },
    )
    return ballot, [Change(ChangeKind.BALLOT, ballot_id)]


def polls(conn: Connection, meeting_id: MeetingId) -> tuple[Poll, ...]:
    """Return the polls of a meeting in order of their making."""
    query = select(_T).where(_T.c.meeting_id == meeting_id).order_by(_T.c.number)
    electors = _people(conn, meeting_id, _ELECTOR.c.poll_id, _ELECTOR.c.person_id)
    voted = _people(conn, meeting_id, _BALLOT.c.poll_id, _BALLOT.c.person_id)
    nobody: frozenset[PersonId] = frozenset()
    return tuple(_poll(row, electors.get(row.id, nobody), voted.get(row.id, nobody)) for row in conn.execute(query))


def load_poll(conn: Connection, meeting_id: MeetingId, poll_id: PollId) -> Poll:
    """Return a poll of this meeting. Raises ``NoSuchPoll``."""
    row = conn.execute(select(_T).where(_T.c.id == poll_id, _T.c.meeting_id == meeting_id)).first()
    if row is None:
        raise NoSuchPoll(poll_id)
    electors = conn.scalars(select(_ELECTOR.c.person_id).where(_ELECTOR.c.poll_id == poll_id))
    voted = conn.scalars(select(_BALLOT.c.person_id).where(_BALLOT.c.poll_id == poll_id))
    return _poll(row, frozenset(map(PersonId, electors)), frozenset(map(PersonId, voted)))


def ballots(conn: Connection, poll_id: PollId) -> tuple[Ballot, ...]:
    """Return the ballots of a named poll; who may see them is for the caller to decide."""
    query = select(_BALLOT).where(_BALLOT.c.poll_id == poll_id).order_by(_BALLOT.c.cast_at, _BALLOT.c.id)
    return tuple(_ballot(row) for row in conn.execute(query))


def restricted_item(conn: Connection, meeting_id: MeetingId, poll_id: PollId) -> ItemId | None:
    """Return the item that a poll is on if that item is restricted; None also for a poll that does not exist."""
    found = conn.execute(_RESTRICTED, {"poll": poll_id, "meeting": meeting_id}).scalar()
    return None if found is None else ItemId(found)


def load_ballot(conn: Connection, meeting_id: MeetingId, ballot_id: BallotId) -> BallotInPoll | None:
    """Return a ballot of this meeting with what its event needs of the poll, or None."""
    row = conn.execute(_IN_POLL, {"ballot": ballot_id, "meeting": meeting_id}).first()
    if row is None:
        return None
    item_id = None if row.item_id is None else ItemId(row.item_id)
    return BallotInPoll(_ballot(row), PollKind(row.kind), PollState(row.state), item_id, bool(row.restricted))


def _normal(conn: Connection, meeting_id: MeetingId, details: PollDetails) -> PollDetails:
    if details.item_id is not None:
        load_item(conn, meeting_id, details.item_id)
    return rules.normalise(details)


def _insert(
    conn: Connection,
    meeting_id: MeetingId,
    details: PollDetails,
    created_by: PersonId,
    *,
    recast_of: PollId | None,
    now: datetime,
) -> list[Change]:
    poll_id = opaque_id()
    last = conn.execute(select(func.max(_T.c.number)).where(_T.c.meeting_id == meeting_id)).scalar()
    conn.execute(
        _T.insert().values(
            id=poll_id,
            meeting_id=meeting_id,
            number=(last or 0) + 1,
            state=PollState.DRAFT.value,
            recast_of=recast_of,
            created_by=created_by,
            created_at=now,
            nonce=secrets.token_hex(16),
            **_columns(details),
        )
    )
    return [Change(ChangeKind.POLL, poll_id)]


def _write(conn: Connection, poll_id: PollId, **values: object) -> list[Change]:
    conn.execute(update(_T).where(_T.c.id == poll_id).values(**values))
    return [Change(ChangeKind.POLL, poll_id)]


def _readers(
    conn: Connection, meeting_id: MeetingId, item_id: ItemId, people: frozenset[PersonId]
) -> frozenset[PersonId]:
    """Return who of these people may read an item: if it is restricted, those named in it and the secretary."""
    details = load_item(conn, meeting_id, item_id).details
    if not details.restricted:
        return people
    invitation = schema.invitation
    query = select(invitation.c.person_id).filter_by(meeting_id=meeting_id, role=MeetingRole.SECRETARY.value)
    return people & (details.readers | frozenset(map(PersonId, conn.scalars(query))))


def _chair(conn: Connection, meeting_id: MeetingId) -> PersonId | None:
    invitation = schema.invitation
    query = select(invitation.c.person_id).filter_by(meeting_id=meeting_id, role=MeetingRole.CHAIR.value)
    return conn.execute(query).scalar()


def _people(conn: Connection, meeting_id: MeetingId, poll: Any, person: Any) -> dict[str, frozenset[PersonId]]:
    """Return, for all polls of a meeting at once, the people in a table keyed by poll."""
    query = select(poll, person).join(_T, _T.c.id == poll).where(_T.c.meeting_id == meeting_id)
    people: dict[str, set[PersonId]] = {}
    for poll_id, person_id in conn.execute(query):
        people.setdefault(poll_id, set()).add(PersonId(person_id))
    return {poll_id: frozenset(ids) for poll_id, ids in people.items()}


@lru_cache(maxsize=64)
def _option_ids(options: str) -> frozenset[str]:
    return frozenset(option.id for option in load_options(options))


def _own_ballot(row: Any, poll_id: PollId, person_id: PersonId) -> Ballot | None:
    if row.ballot_id is None:
        return None
    return Ballot(BallotId(row.ballot_id), poll_id, person_id, row.option_id, row.cast_at, row.receipt)


def _columns(details: PollDetails) -> dict[str, object]:
    return {
        "item_id": details.item_id,
        "title": details.title.strip(),
        "question": details.question,
        "kind": details.kind.value,
        "method": details.method.value,
        "options": dump_options(details.options),
        "rules": dump_rules(details.rules),
    }


def _ballot(row: Row[Any]) -> Ballot:
    return Ballot(
        id=BallotId(row.id),
        poll_id=PollId(row.poll_id),
        person_id=PersonId(row.person_id),
        option_id=row.option_id,
        cast_at=row.cast_at,
        receipt=row.receipt,
    )


def _poll(row: Row[Any], electors: frozenset[PersonId], voted: frozenset[PersonId]) -> Poll:
    details = PollDetails(
        title=row.title,
        rules=load_rules(row.rules),
        question=row.question,
        item_id=None if row.item_id is None else ItemId(row.item_id),
        kind=PollKind(row.kind),
        method=PollMethod(row.method),
        options=load_options(row.options),
    )
    return Poll(
        id=PollId(row.id),
        number=row.number,
        details=details,
        state=PollState(row.state),
        recast_of=None if row.recast_of is None else PollId(row.recast_of),
        created_by=PersonId(row.created_by),
        created_at=row.created_at,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        published_at=row.published_at,
        quorum_lost_at=row.quorum_lost_at,
        closes_at=row.closes_at,
        state_reason=row.state_reason,
        electors=electors,
        voted=voted,
        result=None if row.result is None else load_result(row.result),
    )
