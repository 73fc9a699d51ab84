"""Taking over agenda and participants from another meeting: what was planned there, nothing of how it went."""

from auth.directory import get_person
from auth.model import Label, MeetingRole, PersonId
from meetings import agenda_store, participant_store
from meetings.records import AgendaItem, ItemDetails
from signaling.access import Access, readers_of
from signaling.errors import LabelTooLow
from signaling.store.transaction import Transaction


def opens_items(tx: Transaction, source: Access, target: Access) -> bool:
    """Whether copying the participants would show restricted items to a new secretary."""
    present = {one.person_id for one in participant_store.participants(tx.conn, target.meeting.id)}
    people = participant_store.participants(tx.conn, source.meeting.id)
    new = any(one.role is MeetingRole.SECRETARY and one.person_id not in present for one in people)
    return new and any(item.details.restricted for item in agenda_store.items(tx.conn, target.meeting.id))


def copy_invitees(tx: Transaction, source: Access, target: Access) -> int:
    """Invite those who were invited there, in the same roles, and return how many are new.

    Whoever is invited already keeps role and vote; closed accounts, and those who may not read the meeting, stay out.
    """
    present = {one.person_id for one in participant_store.participants(tx.conn, target.meeting.id)}
    added = 0
    for one in participant_store.participants(tx.conn, source.meeting.id):
        person = get_person(tx.conn, one.person_id)
        if one.person_id in present or person.disabled_at or person.clearance < target.meeting.details.label:
            continue
        changes = participant_store.invite(
            tx.conn, target.meeting.id, one.person_id, one.role, entitled=one.entitled, now=tx.now
        )
        tx.changed(target.meeting.id, changes)
        added += 1
    return added


def copy_agenda(tx: Transaction, source: Access, target: Access) -> int:
    """Append the items that the viewer may read there, and return how many. Raises LabelTooLow.

    Presenters and readers are named again where they are invited here.
    """
    _require_label(source.meeting.details.label, target.meeting.details.label)
    invited = {one.person_id for one in participant_store.participants(tx.conn, target.meeting.id)}
    added = 0
    for item in agenda_store.items(tx.conn, source.meeting.id):
        if not source.viewer.may_read(readers_of(item)):
            continue
        tx.changed(
            target.meeting.id, agenda_store.add_item(tx.conn, target.meeting.id, _planned(item, invited), tx.now)
        )
        added += 1
    return added


def _require_label(source: Label, target: Label) -> None:
    if source > target:
        raise LabelTooLow


def _planned(item: AgendaItem, invited: set[PersonId]) -> ItemDetails:
    details = item.details
    return ItemDetails(
        title=details.title,
        kind=details.kind,
        description=details.description,
        presenter_id=details.presenter_id if details.presenter_id in invited else None,
        minutes=details.minutes,
        restricted=details.restricted,
        readers=frozenset(details.readers & invited),
    )
