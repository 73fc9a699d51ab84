"""Whom a meeting invites, in which role and with which vote, and what they answer."""

from collections.abc import Mapping

from auth.audit.entry import Action, Detail
from auth.directory import get_person
from auth.model import MeetingRole, PersonId
from auth.permissions import RULES, Permission
from meetings import agenda_store, participant_store, version_store
from meetings.changes import Change, ChangeKind
from meetings.model import MeetingId
from meetings.records import Participant
from signaling.access import MeetingDenied, access_meeting
from signaling.audit_entries import entry
from signaling.http.route import Call
from signaling.store.transaction import Transaction
from signaling.usecases.telling import tell
from signaling.wire import http as wire


class OwnSeatDenied(MeetingDenied):
    """Somebody else has to change one's role or vote in a meeting."""

    def __init__(self, meeting_id: MeetingId) -> None:
        super().__init__("own_role", Permission.MEETING_EDIT, meeting_id, unseen=False)
        self.args = ("Nobody changes their own role in a meeting. Ask its chair or another secretary.",)


async def set_invitations(call: Call[wire.Invitations]) -> None:
    """Make the list of participants what is given."""
    wanted = {PersonId(one.person_id): one for one in call.body.invitees}

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MEETING_EDIT, tx.now)
        present = {one.person_id: one for one in participant_store.participants(tx.conn, call.meeting_id)}
        _require_own_seat_kept(call, present, wanted)
        _require_step_up(call, tx, present, wanted)
        for person_id in sorted(present.keys() - wanted.keys()):
            _uninvite(call, tx, present[person_id])
            _log_seat(call, tx, person_id, present[person_id], None)
        for person_id in sorted(wanted):  # the order in which those invited at once are listed
            get_person(tx.conn, person_id)
            _invite(call, tx, present.get(person_id), wanted[person_id])
        tx.audit(entry(Action.MEETING_EDIT, tx.now, call.subject, "meeting", call.meeting_id, participants=len(wanted)))

    await call.services.write(call.subject, run)


def _require_own_seat_kept(
    call: Call[wire.Invitations], present: Mapping[PersonId, Participant], wanted: Mapping[PersonId, wire.Invitee]
) -> None:
    """Nobody gives a role to oneself: it could open what others kept closed. Raises OwnSeatDenied."""
    me = call.subject.person_id
    mine = wanted.get(me)
    if mine is not None and _seat(mine) != _seat(present.get(me)):
        raise OwnSeatDenied(call.meeting_id)


def _require_step_up(
    call: Call[wire.Invitations],
    tx: Transaction,
    present: Mapping[PersonId, Participant],
    wanted: Mapping[PersonId, wire.Invitee],
) -> None:
    """A new secretary reads every restricted item: whoever opens them by that confirms it. Raises StepUpRequired."""
    new = [one for one, seat in wanted.items() if seat.role is MeetingRole.SECRETARY and _is_new(present.get(one))]
    if new and any(item.details.restricted for item in agenda_store.items(tx.conn, call.meeting_id)):
        access_meeting(tx.conn, call.subject, call.meeting_id, Permission.SECRETARY_NAME, tx.now)


def _is_new(before: Participant | None) -> bool:
    return before is None or before.role is not MeetingRole.SECRETARY


def _seat(of: Participant | wire.Invitee | None) -> tuple[MeetingRole, bool] | None:
    return None if of is None else (of.role, of.entitled)


def _log_seat(
    call: Call[wire.Invitations],
    tx: Transaction,
    person_id: PersonId,
    before: Participant | None,
    after: wire.Invitee | None,
) -> None:
    """Record whose role or vote became which; None: not invited."""
    details: dict[str, Detail] = {
        "person": person_id,
        "from": before.role.value if before else None,
        "to": after.role.value if after else None,
        "entitled_from": before.entitled if before else None,
        "entitled_to": after.entitled if after else None,
    }
    tx.audit(entry(Action.ROLE_CHANGE, tx.now, call.subject, "meeting", call.meeting_id, **details))


def _invite(call: Call[wire.Invitations], tx: Transaction, present: Participant | None, wanted: wire.Invitee) -> None:
    person_id = PersonId(wanted.person_id)
    if present is None:
        change = participant_store.invite
        if wanted.role is not MeetingRole.ROOM and (newest := version_store.newest(tx.conn, call.meeting_id)):
            tell(tx, "invitation", call.meeting_id, person_id, version=newest)
    elif _seat(present) != _seat(wanted):
        change = participant_store.change_participant
        _rights_changed(call, tx, person_id)
        if not any(wanted.role in grant.roles for grant in RULES[Permission.MEDIA_PRODUCE].grants):
            tx.after_commit(lambda: _silence(call, person_id))
    else:
        return
    tx.changed(
        call.meeting_id, change(tx.conn, call.meeting_id, person_id, wanted.role, entitled=wanted.entitled, now=tx.now)
    )
    _log_seat(call, tx, person_id, present, wanted)


def _silence(call: Call[wire.Invitations], person_id: PersonId) -> None:
    """End what somebody sends whose new role only listens."""
    room = call.services.rooms.get(call.meeting_id)
    endpoint = room.of_owner(person_id) if room else None
    if room is not None and endpoint is not None:
        for producer_id in list(endpoint.producers):
            room.close_producer(endpoint, producer_id)


def _uninvite(call: Call[wire.Invitations], tx: Transaction, present: Participant) -> None:
    """Take an invitation back, with the person's acknowledgements and live media."""
    person_id = present.person_id
    versions = version_store.versions(tx.conn, call.meeting_id)
    acknowledged = [one for one in versions if person_id in one.acknowledged_by]
    tx.changed(call.meeting_id, participant_store.remove_participant(tx.conn, call.meeting_id, person_id, tx.now))
    if versions and present.role is not MeetingRole.ROOM:
        tell(tx, "uninvited", call.meeting_id, person_id)
    tx.changed(call.meeting_id, [Change(ChangeKind.VERSION, str(one.number)) for one in acknowledged])
    _rights_changed(call, tx, person_id)
    tx.after_commit(lambda: call.services.rooms.remove_owner(call.meeting_id, person_id))


def _rights_changed(call: Call[wire.Invitations], tx: Transaction, person_id: PersonId) -> None:
    tx.after_commit(lambda: call.services.sockets.resync(call.meeting_id, person_id))


async def answer_invitation(call: Call[wire.InvitationAnswer]) -> None:
    """Accept or decline."""

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, call.subject, call.meeting_id, Permission.MEETING_READ, tx.now)
        changes = participant_store.respond(
            tx.conn, call.meeting_id, call.subject.person_id, call.body.response, reason=call.body.reason, now=tx.now
        )
        tx.changed(call.meeting_id, changes)
        answer = call.body.response.value
        tx.audit(entry(Action.INVITATION_ANSWER, tx.now, call.subject, "meeting", call.meeting_id, answer=answer))

    await call.services.write(call.subject, run)
