"""Coming, going, and the roll call."""

from auth.audit.entry import Action
from auth.directory import list_sites
from auth.model import PersonId, SiteId
from auth.permissions import Permission
from meetings import participant_store, presence_store
from meetings.model import MeetingId, PresenceHow, PresenceMode
from signaling.access import access_meeting
from signaling.audit_entries import entry
from signaling.errors import NoSuchMediaObject, NotFound
from signaling.live.commands.base import Handler, Handlers
from signaling.live.connection import Connection
from signaling.services import Services
from signaling.store.transaction import Transaction
from signaling.wire import floor as wire


async def attend(services: Services, connection: Connection, message: wire.Attend, permission: Permission) -> None:
    """Check in. Who sits in a hall names its endpoint and has an own presence all the same."""
    meeting_id = MeetingId(message.meeting_id)
    if message.via is not None and not _is_hall(services, message.meeting_id, message.via):
        raise NoSuchMediaObject("no such hall in this room")

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        me = connection.subject
        changes = presence_store.arrive(
            tx.conn,
            meeting_id,
            me.person_id,
            how=PresenceHow.CONNECTED,
            mode=message.mode,
            site_id=_site(tx, message.site_id) or me.site_id,
            endpoint_id=message.via,
            now=tx.now,
        )
        tx.changed(meeting_id, changes)
        if changes:
            tx.audit(entry(Action.PRESENCE_ARRIVE, tx.now, me, "meeting", meeting_id, mode=message.mode.value))

    before = meeting_id in connection.attending
    connection.attending.add(meeting_id)  # first: a socket that dies meanwhile must not leave its presence behind
    try:
        await services.write(connection.subject, run)
    except Exception:
        if not before:
            connection.attending.discard(meeting_id)
        raise


def _site(tx: Transaction, site_id: str | None) -> SiteId | None:
    """Return the site that was named, if any. Raises NotFound."""
    if site_id is not None and not any(site.id == site_id for site in list_sites(tx.conn)):
        raise NotFound
    return None if site_id is None else SiteId(site_id)


def _is_hall(services: Services, meeting_id: str, endpoint_id: str) -> bool:
    room = services.rooms.get(meeting_id)
    endpoint = room.endpoints.get(endpoint_id) if room else None
    return endpoint is not None and endpoint.identity.kind == "room"


async def depart(services: Services, connection: Connection, message: wire.Depart, permission: Permission) -> None:
    """Leave on purpose; another tab of the same person that still attends keeps the presence."""
    meeting_id = MeetingId(message.meeting_id)
    connection.attending.discard(meeting_id)
    if services.sockets.attending(connection.subject.person_id, meeting_id):
        return

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        changes = presence_store.leave(tx.conn, meeting_id, connection.subject.person_id, tx.now)
        tx.changed(meeting_id, changes)
        if changes:
            tx.audit(entry(Action.PRESENCE_LEAVE, tx.now, connection.subject, "meeting", meeting_id))

    await services.write(connection.subject, run)


async def roll_call(services: Services, connection: Connection, message: wire.RollCall, permission: Permission) -> None:
    """Record what the secretary called for one person."""
    meeting_id, person_id = MeetingId(message.meeting_id), PersonId(message.person_id)

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, connection.subject, meeting_id, permission, tx.now)
        participant_store.load_participant(tx.conn, meeting_id, person_id)
        mark = presence_store.RollCallMark(message.status, message.mode or PresenceMode.IN_PERSON)
        marks = {person_id: mark}
        changes = presence_store.roll_call(tx.conn, meeting_id, marks, connection.subject.person_id, tx.now)
        tx.changed(meeting_id, changes)
        tx.audit(
            entry(
                Action.PRESENCE_ROLL,
                tx.now,
                connection.subject,
                "meeting",
                meeting_id,
                person=person_id,
                status=message.status.value,
            )
        )

    await services.write(connection.subject, run)


HANDLERS: Handlers = {
    wire.Attend: Handler(Permission.PRESENCE_OWN, attend),
    wire.Depart: Handler(Permission.PRESENCE_OWN, depart),
    wire.RollCall: Handler(Permission.PRESENCE_ROLL, roll_call),
}
