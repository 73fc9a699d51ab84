"""The agenda in the database: its items and their course. Versions are in ``version_store``."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from auth.model import PersonId, opaque_id
from meetings import agenda, schema, speaker_store
from meetings.changes import Change, ChangeKind
from meetings.errors import NoSuchItem, NoSuchParticipant, PollOpen
from meetings.meeting_store import load_meeting, open_polls, write
from meetings.model import ItemId, ItemKind, ItemState, MeetingId
from meetings.participant_store import participants
from meetings.records import AgendaItem, ItemDetails

_T = schema.agenda_item
_READER = schema.item_reader
_ONE: Final = select(_T).where(_T.c.id == bindparam("item"), _T.c.meeting_id == bindparam("meeting"))
_READERS: Final = select(_READER.c.person_id).where(_READER.c.item_id == bindparam("item"))


def add_item(conn: Connection, meeting_id: MeetingId, details: ItemDetails, now: datetime) -> list[Change]:
    """Append an item to the agenda; its id is in the first change. Raises ``AgendaFrozen`` or ``BadDetails``."""
    agenda.check_edit(load_meeting(conn, meeting_id).state, agenda.Edit.ADD)
    _check(conn, meeting_id, details)
    item_id = ItemId(opaque_id())
    last = conn.execute(select(func.max(_T.c.position)).where(_T.c.meeting_id == meeting_id)).scalar()
    conn.execute(
        _T.insert().values(
            id=item_id,
            meeting_id=meeting_id,
            position=(last or 0) + 1,
            state=ItemState.PENDING.value,
            used_ms=0,
            **_columns(details),
        )
    )
    _write_readers(conn, item_id, details)
    return [Change(ChangeKind.ITEM, item_id)]


def edit_item(
    conn: Connection, meeting_id: MeetingId, item_id: ItemId, details: ItemDetails, now: datetime
) -> list[Change]:
    """Replace the details of an item. Raises ``AgendaFrozen``, ``BadDetails`` or ``NoSuchItem``."""
    found = load_item(conn, meeting_id, item_id)
    agenda.check_edit(load_meeting(conn, meeting_id).state, agenda.Edit.CHANGE, found.state)
    _check(conn, meeting_id, details)
    conn.execute(delete(_READER).where(_READER.c.item_id == item_id))
    _write_readers(conn, item_id, details)
    return _write(conn, item_id, **_columns(details))


def remove_item(conn: Connection, meeting_id: MeetingId, item_id: ItemId, now: datetime) -> list[Change]:
    """Delete an item before the meeting is opened and close the gap. Raises ``AgendaFrozen`` or ``NoSuchItem``.

    An item with a poll prepared on it stays until the poll is moved elsewhere (``PollOpen``).
    """
    found = load_item(conn, meeting_id, item_id)
    agenda.check_edit(load_meeting(conn, meeting_id).state, agenda.Edit.REMOVE)
    if conn.execute(select(schema.poll.c.id).where(schema.poll.c.item_id == item_id)).first() is not None:
        raise PollOpen("a poll is prepared on this item; move the poll first")
    conn.execute(delete(_READER).where(_READER.c.item_id == item_id))
    conn.execute(delete(_T).where(_T.c.id == item_id))
    following = (_T.c.meeting_id == meeting_id) & (_T.c.position > found.position)
    conn.execute(update(_T).where(following).values(position=_T.c.position - 1))
    return [Change(ChangeKind.ITEM_REMOVED, item_id), Change(ChangeKind.ORDER, meeting_id)]


def reorder(conn: Connection, meeting_id: MeetingId, order: Sequence[ItemId], now: datetime) -> list[Change]:
    """Put the items into a new order, which names each of them once. Raises ``AgendaFrozen`` or ``BadOrder``."""
    agenda.check_edit(load_meeting(conn, meeting_id).state, agenda.Edit.ORDER)
    agenda.check_order([item.id for item in items(conn, meeting_id)], order)
    for position, item_id in enumerate(order, start=1):
        conn.execute(update(_T).where(_T.c.id == item_id).values(position=position))
    return [Change(ChangeKind.ORDER, meeting_id)]


def start_item(conn: Connection, meeting_id: MeetingId, item_id: ItemId, now: datetime) -> list[Change]:
    """Take up an item. Raises ``ItemUnderDiscussion``, ``WrongState`` or ``NoSuchItem``."""
    meeting, found = load_meeting(conn, meeting_id), load_item(conn, meeting_id, item_id)
    following = agenda.start(meeting.state, found, meeting.current_item_id)
    return [
        *_write(conn, item_id, state=following.value, started_at=now, ended_at=None),
        *write(conn, meeting_id, current_item_id=item_id),
    ]


def put_back_item(conn: Connection, meeting_id: MeetingId, item_id: ItemId, now: datetime) -> list[Change]:
    """Break off the discussion of the current item; its list of speakers is cleared. Raises ``PollOpen``."""
    found = load_item(conn, meeting_id, item_id)
    following = agenda.put_back(found, open_polls(conn, meeting_id, item_id))
    return _leave(conn, meeting_id, found, now, state=following.value)


def conclude_item(
    conn: Connection,
    meeting_id: MeetingId,
    item_id: ItemId,
    conclusion: ItemState,
    *,
    outcome: str,
    now: datetime,
) -> list[Change]:
    """Decide, defer, note or withdraw an item, with its outcome in words.

    Raises ``WrongState``, ``WrongKind``, ``PollOpen`` or ``NoSuchItem``.
    """
    meeting, found = load_meeting(conn, meeting_id), load_item(conn, meeting_id, item_id)
    following = agenda.conclude(meeting.state, found, conclusion, open_polls(conn, meeting_id, item_id))
    values = {"state": following.value, "outcome": outcome.strip()}
    if found.state is ItemState.UNDER_DISCUSSION:
        return _leave(conn, meeting_id, found, meeting.closed_at or now, **values)
    return _write(conn, item_id, **values)


def items(conn: Connection, meeting_id: MeetingId) -> tuple[AgendaItem, ...]:
    """Return the agenda in order, restricted items and their readers included; the hub hides them."""
    named = select(_READER).join(_T, _T.c.id == _READER.c.item_id).where(_T.c.meeting_id == meeting_id)
    readers: dict[str, set[PersonId]] = {}
    for row in conn.execute(named):
        readers.setdefault(row.item_id, set()).add(PersonId(row.person_id))
    query = select(_T).where(_T.c.meeting_id == meeting_id).order_by(_T.c.position)
    return tuple(_item(row, readers.get(row.id, ())) for row in conn.execute(query))


def load_item(conn: Connection, meeting_id: MeetingId, item_id: ItemId) -> AgendaItem:
    """Return an item of this meeting. Raises ``NoSuchItem``."""
    row = conn.execute(_ONE, {"item": item_id, "meeting": meeting_id}).first()
    if row is None:
        raise NoSuchItem(item_id)
    named = conn.scalars(_READERS, {"item": item_id}) if row.restricted else ()
    return _item(row, [PersonId(person_id) for person_id in named])


def _leave(conn: Connection, meeting_id: MeetingId, item: AgendaItem, now: datetime, **values: object) -> list[Change]:
    """End the discussion of the current item: its clock, its speakers, its place in the meeting."""
    return [
        *speaker_store.clear_floor(conn, meeting_id, now),
        *_write(conn, item.id, ended_at=now, used_ms=agenda.used_ms(item, now), **values),
        *write(conn, meeting_id, current_item_id=None),
    ]


def _check(conn: Connection, meeting_id: MeetingId, details: ItemDetails) -> None:
    agenda.check_details(details)
    invited = {participant.person_id for participant in participants(conn, meeting_id)}
    named = details.readers | ({details.presenter_id} if details.presenter_id else set())
    if missing := named - invited:
        raise NoSuchParticipant(f"invite {', '.join(sorted(missing))} first")


def _write(conn: Connection, item_id: ItemId, **values: object) -> list[Change]:
    conn.execute(update(_T).where(_T.c.id == item_id).values(**values))
    return [Change(ChangeKind.ITEM, item_id)]


def _write_readers(conn: Connection, item_id: ItemId, details: ItemDetails) -> None:
    if details.restricted and details.readers:
        conn.execute(
            _READER.insert(), [{"item_id": item_id, "person_id": person} for person in sorted(details.readers)]
        )


def _columns(details: ItemDetails) -> dict[str, object]:
    return {
        "title": details.title.strip(),
        "description": details.description,
        "kind": details.kind.value,
        "presenter_id": details.presenter_id,
        "minutes": details.minutes,
        "restricted": details.restricted,
    }


def _item(row: Row[Any], readers: Iterable[PersonId]) -> AgendaItem:
    details = ItemDetails(
        title=row.title,
        kind=ItemKind(row.kind),
        description=row.description,
        presenter_id=None if row.presenter_id is None else PersonId(row.presenter_id),
        minutes=row.minutes,
        restricted=row.restricted,
        readers=frozenset(readers),
    )
    return AgendaItem(
        id=ItemId(row.id),
        position=row.position,
        details=details,
        state=ItemState(row.state),
        started_at=row.started_at,
        ended_at=row.ended_at,
        used_ms=row.used_ms,
        outcome=row.outcome,
    )
