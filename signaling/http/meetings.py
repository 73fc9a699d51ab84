"""Preparing and running meetings."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from auth.audit.entry import Action, Detail
from auth.decide import Context
from auth.model import Label, MeetingRole, PersonId
from auth.permissions import Permission
from meetings import (
    agenda_store,
    meeting_store,
    minutes_store,
    participant_store,
    session_store,
    version_store,
)
from meetings.changes import Change, ChangeKind
from meetings.errors import BadRules, WrongState
from meetings.lifecycle import ATTENDABLE
from meetings.model import ItemId, MeetingId, MeetingState, Response
from meetings.records import ItemDetails, Meeting, MeetingDetails, Participant
from meetings.rules import PRESETS, RulesOfProcedure
from signaling.access import access_item, access_meeting, require_permission
from signaling.audit_entries import entry, open_title
from signaling.errors import LabelAboveCeiling
from signaling.http.invitations import answer_invitation, set_invitations
from signaling.http.route import Call, Route
from signaling.projection import meeting as make
from signaling.projection.snapshot import snapshot
from signaling.store.transaction import Transaction
from signaling.usecases.telling import tell_everybody
from signaling.usecases.view_meeting import record_view
from signaling.wire import http as wire
from signaling.wire.base import Created
from signaling.wire.meeting import Snapshot

READERS_PER_ENTRY = 500  # ids; the details of an entry are bounded


def _preset(name: str) -> RulesOfProcedure:
    try:
        return PRESETS[name]
    except KeyError as error:
        raise BadRules(f"there are no rules of procedure named {name}") from error


async def presets(call: Call[wire.NewMeeting]) -> wire.RulesPresets:
    """Return the rules of procedure to choose from."""
    return wire.RulesPresets(
        presets=[wire.RulesPreset(name=name, rules=make.rules(rules)) for name, rules in PRESETS.items()]
    )


async def list_meetings(call: Call[wire.NewMeeting]) -> wire.MeetingList:
    """Return the viewer's meetings and what they wait for."""
    me = call.subject.person_id

    def run(conn: Connection, now: datetime) -> wire.MeetingList:
        found = meeting_store.meetings_of(conn, me)
        lines = [_summary(conn, meeting, me) for meeting in found if call.subject.clearance >= meeting.details.label]
        return wire.MeetingList(meetings=[line for line in lines if line is not None])

    return await call.services.read(call.subject, run)


def _summary(conn: Connection, meeting: Meeting, me: PersonId) -> wire.MeetingSummary | None:
    mine = next((one for one in participant_store.participants(conn, meeting.id) if one.person_id == me), None)
    if mine is None or (meeting.state is MeetingState.DRAFT and not _prepares(mine)):
        return None
    details = meeting.details
    return wire.MeetingSummary(
        id=meeting.id,
        reference=details.reference,
        title=details.title,
        state=meeting.state,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        zone=details.zone,
        label=details.label,
        my_role=mine.role,
        waiting=list(_waiting(conn, meeting, mine)),
    )


def _answers(participant: Participant) -> bool:
    return participant.role not in (MeetingRole.ROOM, MeetingRole.SECRETARY)


def _prepares(participant: Participant) -> bool:
    return participant.role in (MeetingRole.CHAIR, MeetingRole.SECRETARY)


def _waiting(conn: Connection, meeting: Meeting, mine: Participant) -> list[str]:
    """What the meeting asks of a participant: to answer, to acknowledge its agenda, to sign its minutes."""
    waiting = []
    if meeting.state is MeetingState.CONVENED and mine.response is Response.INVITED and _answers(mine):
        waiting.append("answer")
    newest = version_store.newest(conn, meeting.id)
    acknowledges = mine.role in (MeetingRole.CHAIR, MeetingRole.SECRETARY, MeetingRole.MEMBER)
    if newest and acknowledges and meeting.state in ATTENDABLE:
        version = version_store.load_version(conn, meeting.id, newest)
        if mine.person_id not in version.acknowledged_by:
            waiting.append("acknowledge")
    if meeting.state is MeetingState.MINUTES_REVIEW:
        minutes = minutes_store.load_minutes(conn, meeting.id)
        signed = minutes.secretary_signed_at is not None
        due = MeetingRole.CHAIR if signed else MeetingRole.SECRETARY
        if mine.role is due:
            waiting.append("sign")
    return waiting


async def create_meeting(call: Call[wire.NewMeeting]) -> Created:
    """Make a draft; who makes it is its secretary."""
    body, subject = call.body, call.subject
    label = Label(body.label)
    if label > call.services.settings.label_ceiling:
        raise LabelAboveCeiling

    def run(tx: Transaction) -> str:
        require_permission(subject, Permission.MEETING_CREATE, tx.now, Context(label=label))
        details = MeetingDetails(
            title=body.title,
            starts_at=body.starts_at,
            ends_at=body.ends_at,
            rules=_preset(body.rules),
            reference=_reference(tx.now, body.zone),
            description=body.description,
            place=body.place,
            zone=body.zone,
            language=body.language,
            label=label,
        )
        changes = meeting_store.create_meeting(tx.conn, details, subject.person_id, tx.now)
        meeting_id = MeetingId(changes[0].id)
        tx.changed(meeting_id, changes)
        tx.changed(
            meeting_id,
            participant_store.invite(
                tx.conn, meeting_id, subject.person_id, MeetingRole.SECRETARY, entitled=False, now=tx.now
            ),
        )
        tx.audit(
            entry(Action.MEETING_CREATE, tx.now, subject, "meeting", meeting_id, title=body.title, label=int(label))
        )
        return meeting_id

    return Created(id=await call.services.write(subject, run))


def _reference(now: datetime, zone: str) -> str:
    """Return a reference that people can say on the telephone: date and time of making, in the meeting's zone."""
    try:
        local = now.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError):  # the rules refuse the zone next, with a proper error
        local = now
    return local.strftime("%Y%m%d-%H%M%S")


async def get_meeting(call: Call[wire.NewMeeting]) -> Snapshot:
    """Return the meeting as the viewer may see it."""

    def run(conn: Connection, now: datetime) -> Snapshot:
        access = access_meeting(conn, call.subject, call.meeting_id, Permission.MEETING_READ, now)
        return snapshot(conn, access, call.services.rosters, now)

    found = await call.services.read(call.subject, run)
    await record_view(call.services, call.subject, call.meeting_id)
    return found


async def edit_meeting(call: Call[wire.MeetingPatch]) -> None:
    """Change what the secretary entered; what is left out stays."""
    given = call.body.model_dump(exclude_none=True)
    if "rules" in given:
        given["rules"] = _preset(given["rules"])

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, tx.now)
        details = replace(access.meeting.details, **given)
        changes = meeting_store.edit_meeting(tx.conn, call.meeting_id, details, access.meeting.revision, tx.now)
        tx.changed(call.meeting_id, changes)
        if details.rules != access.meeting.details.rules:  # the quorum follows; this event carries it
            tx.changed(call.meeting_id, [Change(ChangeKind.PARTICIPANT, call.subject.person_id)])
        tx.audit(entry(Action.MEETING_EDIT, tx.now, call.subject, "meeting", call.meeting_id))

    await call.services.write(call.subject, run)


# --- agenda ---


def _item_details(body: wire.ItemBody) -> ItemDetails:
    return ItemDetails(
        title=body.title,
        kind=body.kind,
        description=body.description,
        presenter_id=PersonId(body.presenter_id) if body.presenter_id else None,
        minutes=body.minutes,
        restricted=body.readers is not None,
        readers=frozenset(map(PersonId, body.readers or ())),
    )


async def add_item(call: Call[wire.ItemBody]) -> Created:
    """Append an item."""

    def run(tx: Transaction) -> str:
        access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, tx.now)
        details = _item_details(call.body)
        changes = agenda_store.add_item(tx.conn, call.meeting_id, details, tx.now)
        tx.changed(call.meeting_id, changes)
        title = open_title(details.title, restricted=details.restricted)
        tx.audit(entry(Action.MEETING_EDIT, tx.now, call.subject, "item", changes[0].id, title=title))
        _log_readers(tx, call, ItemId(changes[0].id), None, details)
        return changes[0].id

    return Created(id=await call.services.write(call.subject, run))


async def edit_item(call: Call[wire.ItemBody]) -> None:
    """Replace an item's details."""
    item_id = ItemId(call.part("item"))

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, tx.now)
        before, details = access_item(tx.conn, access, item_id).details, _item_details(call.body)
        tx.changed(call.meeting_id, agenda_store.edit_item(tx.conn, call.meeting_id, item_id, details, tx.now))
        if (before.restricted, before.readers) != (details.restricted, details.readers):
            tx.after_commit(lambda: call.services.sockets.resync_everybody(call.meeting_id))
        title = open_title(details.title, restricted=details.restricted)
        tx.audit(entry(Action.MEETING_EDIT, tx.now, call.subject, "item", item_id, title=title))
        _log_readers(tx, call, item_id, before, details)

    await call.services.write(call.subject, run)


def _log_readers(
    tx: Transaction, call: Call[wire.ItemBody], item_id: ItemId, before: ItemDetails | None, after: ItemDetails
) -> None:
    """Record who may read an item from now on and who no longer, by ids."""
    were, are = before.readers if before else frozenset(), after.readers
    was_restricted = before.restricted if before else False
    changed = [("added", one) for one in sorted(are - were)] + [("removed", one) for one in sorted(were - are)]
    if not changed and was_restricted == after.restricted:
        return
    for start in range(0, max(1, len(changed)), READERS_PER_ENTRY):
        part = changed[start : start + READERS_PER_ENTRY]
        details: dict[str, Detail] = {
            kind: " ".join(one for what, one in part if what == kind) for kind in ("added", "removed")
        }
        tx.audit(
            entry(Action.MEETING_EDIT, tx.now, call.subject, "item", item_id, restricted=after.restricted, **details)
        )


async def remove_item(call: Call[wire.ItemBody]) -> None:
    """Take an item off the agenda."""
    item_id = ItemId(call.part("item"))

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, tx.now)
        access_item(tx.conn, access, item_id)
        tx.changed(call.meeting_id, agenda_store.remove_item(tx.conn, call.meeting_id, item_id, tx.now))
        tx.audit(entry(Action.MEETING_EDIT, tx.now, call.subject, "item", item_id, removed=True))

    await call.services.write(call.subject, run)


async def order_items(call: Call[wire.ItemOrder]) -> None:
    """Put the items into another order."""

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, tx.now)
        order = [ItemId(one) for one in call.body.item_ids]
        tx.changed(call.meeting_id, agenda_store.reorder(tx.conn, call.meeting_id, order, tx.now))
        tx.audit(entry(Action.MEETING_EDIT, tx.now, call.subject, "meeting", call.meeting_id, items=len(order)))

    await call.services.write(call.subject, run)


async def acknowledge(call: Call[wire.ItemBody]) -> None:
    """Record that the newest agenda was received."""
    number = call.number("version")

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, call.subject, call.meeting_id, Permission.AGENDA_ACKNOWLEDGE, tx.now)
        changes = version_store.acknowledge(tx.conn, call.meeting_id, number, call.subject.person_id, tx.now)
        tx.changed(call.meeting_id, changes)
        if changes:
            tx.audit(entry(Action.AGENDA_ACKNOWLEDGE, tx.now, call.subject, "meeting", call.meeting_id, version=number))

    await call.services.write(call.subject, run)


# --- lifecycle ---


async def transition(call: Call[wire.Transition]) -> None:
    """Open, suspend, resume, adjourn, cancel or archive."""
    wanted, reason = call.body.to, call.body.reason

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MEETING_RUN, tx.now)
        action, changes = _step(tx, access.meeting, wanted, reason)
        tx.changed(call.meeting_id, changes)
        if wanted is MeetingState.CANCELLED and version_store.newest(tx.conn, call.meeting_id):
            tell_everybody(tx, "cancelled", call.meeting_id, reason=reason)
        tx.audit(entry(action, tx.now, call.subject, "meeting", call.meeting_id, reason=reason or None))
        if wanted in (MeetingState.ADJOURNED, MeetingState.CANCELLED):
            tx.after_commit(lambda: call.services.rooms.close_room(call.meeting_id))

    await call.services.write(call.subject, run)


def _step(tx: Transaction, meeting: Meeting, wanted: MeetingState, reason: str) -> tuple[Action, list[Change]]:
    match wanted:
        case MeetingState.IN_SESSION if meeting.state is MeetingState.SUSPENDED:
            return Action.MEETING_RESUME, session_store.resume_meeting(tx.conn, meeting.id, tx.now)
        case MeetingState.IN_SESSION:
            return Action.MEETING_OPEN, session_store.open_meeting(tx.conn, meeting.id, tx.now)
        case MeetingState.SUSPENDED:
            return Action.MEETING_SUSPEND, session_store.suspend_meeting(tx.conn, meeting.id, tx.now)
        case MeetingState.ADJOURNED:
            return Action.MEETING_ADJOURN, session_store.adjourn_meeting(tx.conn, meeting.id, tx.now)
        case MeetingState.CANCELLED:
            return Action.MEETING_CANCEL, meeting_store.cancel_meeting(tx.conn, meeting.id, reason, tx.now)
        case MeetingState.ARCHIVED:
            return Action.MEETING_ARCHIVE, meeting_store.archive_meeting(tx.conn, meeting.id, tx.now)
        case _:
            raise WrongState(f"no step leads to {wanted} from here")


ROUTES = [
    Route("GET", "/rules", Permission.MEETING_LIST, presets, "Rules of procedure", answers=wire.RulesPresets),
    Route("GET", "/meetings", Permission.MEETING_LIST, list_meetings, "Own meetings", answers=wire.MeetingList),
    Route("POST", "/meetings", Permission.MEETING_CREATE, create_meeting, "New meeting", wire.NewMeeting, Created),
    Route("GET", "/meetings/{meeting}", Permission.MEETING_READ, get_meeting, "A meeting", answers=Snapshot),
    Route("PATCH", "/meetings/{meeting}", Permission.MEETING_EDIT, edit_meeting, "Change a meeting", wire.MeetingPatch),
    Route(
        "PUT",
        "/meetings/{meeting}/invitations",
        Permission.MEETING_EDIT,
        set_invitations,
        "Set the participants",
        wire.Invitations,
    ),
    Route(
        "POST",
        "/meetings/{meeting}/invitation-answer",
        Permission.MEETING_READ,
        answer_invitation,
        "Accept or decline",
        wire.InvitationAnswer,
    ),
    Route(
        "POST", "/meetings/{meeting}/items", Permission.MEETING_EDIT, add_item, "Add an item", wire.ItemBody, Created
    ),
    Route(
        "PUT",
        "/meetings/{meeting}/items/{item}",
        Permission.MEETING_EDIT,
        edit_item,
        "Change an item",
        wire.ItemBody,
    ),
    Route("DELETE", "/meetings/{meeting}/items/{item}", Permission.MEETING_EDIT, remove_item, "Remove an item"),
    Route(
        "PUT",
        "/meetings/{meeting}/agenda-order",
        Permission.MEETING_EDIT,
        order_items,
        "Order the agenda",
        wire.ItemOrder,
    ),
    Route(
        "POST",
        "/meetings/{meeting}/agenda/{version}/acknowledgement",
        Permission.AGENDA_ACKNOWLEDGE,
        acknowledge,
        "Acknowledge an agenda",
    ),
    Route(
        "POST",
        "/meetings/{meeting}/transitions",
        Permission.MEETING_RUN,
        transition,
        "Open, suspend, adjourn, cancel, archive",
        wire.Transition,
    ),
]
