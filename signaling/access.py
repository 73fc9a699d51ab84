"""Access means fetch: the only way from a request to a meeting is through the decision whether it may.

What somebody may not even read looks from outside as if it were not there; the log knows better.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from auth.decide import NOWHERE, Context, require
from auth.errors import Denied, SecondFactorRequired
from auth.model import MeetingRole, PersonId, Subject
from auth.permissions import Permission
from meetings import agenda_store, meeting_store, participant_store
from meetings.errors import NoSuchMeeting, NoSuchParticipant
from meetings.model import ItemId, MeetingId
from meetings.records import AgendaItem, Meeting, Participant
from signaling.errors import NotFound
from signaling.projection.viewer import Viewer


class PermissionDenied(Denied):
    """A denial that names what was asked for."""

    def __init__(self, reason: str, permission: Permission) -> None:
        super().__init__(reason)
        self.permission = permission.value


class MeetingDenied(PermissionDenied):
    """A denial in a meeting; ``unseen`` ones look like absence to the client."""

    def __init__(self, reason: str, permission: Permission, meeting_id: MeetingId, unseen: bool) -> None:
        super().__init__(reason, permission)
        self.object_type = "meeting"
        self.object_id = meeting_id
        self.unseen = unseen


@dataclass(frozen=True, slots=True)
class Access:
    """A meeting, and the subject's place in it."""

    meeting: Meeting
    participant: Participant

    @property
    def viewer(self) -> Viewer:
        """As whom the subject looks at the meeting."""
        return Viewer(self.participant.person_id, self.participant.role)

    @property
    def role(self) -> MeetingRole:
        """The subject's role in the meeting."""
        return self.participant.role


def require_permission(subject: Subject, permission: Permission, now: datetime, context: Context = NOWHERE) -> None:
    """Return if the subject may do this outside of any meeting. Raises PermissionDenied and StepUpRequired."""
    try:
        require(subject, permission, context, now=now)
    except SecondFactorRequired:
        raise
    except Denied as denied:
        raise PermissionDenied(denied.reason, permission) from denied


def access_meeting(
    conn: Connection, subject: Subject, meeting_id: MeetingId, permission: Permission, now: datetime
) -> Access:
    """Return the meeting if the subject may do this in it.

    Raises NotFound for a meeting that does not exist, MeetingDenied, and auth.errors.StepUpRequired.
    """
    try:
        meeting = meeting_store.load_meeting(conn, meeting_id)
    except NoSuchMeeting as error:
        raise NotFound from error
    participant = _participant(conn, meeting_id, subject.person_id)
    context = Context(
        label=meeting.details.label,
        meeting_role=participant.role if participant else None,
        state=meeting.state.value,
        entitled=participant is not None and participant.entitled,
    )
    _require(subject, Permission.MEETING_READ, context, meeting_id, now, unseen=True)
    if permission is not Permission.MEETING_READ:
        _require(subject, permission, context, meeting_id, now, unseen=False)
    if participant is None:
        raise NotFound
    return Access(meeting, participant)


def _participant(conn: Connection, meeting_id: MeetingId, person_id: PersonId) -> Participant | None:
    try:
        return participant_store.load_participant(conn, meeting_id, person_id)
    except NoSuchParticipant:
        return None


def _require(
    subject: Subject, permission: Permission, context: Context, meeting_id: MeetingId, now: datetime, *, unseen: bool
) -> None:
    try:
        require(subject, permission, context, now=now)
    except SecondFactorRequired:
        raise
    except Denied as denied:
        raise MeetingDenied(denied.reason, permission, meeting_id, unseen) from denied


def access_item(conn: Connection, access: Access, item_id: ItemId) -> AgendaItem:
    """Return an item of the meeting if it is for this viewer. Raises meetings.errors.NoSuchItem or MeetingDenied."""
    item = agenda_store.load_item(conn, access.meeting.id, item_id)
    if not access.viewer.may_read(readers_of(item)):
        raise MeetingDenied("not_named", Permission.MEETING_READ, access.meeting.id, unseen=True)
    return item


def unreadable_items(conn: Connection, access: Access) -> frozenset[ItemId]:
    """Return the restricted items of the meeting that are not for this viewer."""
    items = agenda_store.items(conn, access.meeting.id)
    return frozenset(one.id for one in items if not access.viewer.may_read(readers_of(one)))


def readers_of(item: AgendaItem) -> list[str] | None:
    """Return who may read a restricted item, None for one that is open to the meeting."""
    return sorted(item.details.readers) if item.details.restricted else None
