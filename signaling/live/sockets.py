"""All sockets of this hub: who follows which meeting, and how events reach them."""

import logging
from collections.abc import Hashable, Iterable, Mapping, Sequence

from auth.model import PersonId, SessionId
from meetings.lifecycle import ATTENDABLE
from meetings.model import MeetingId
from signaling.errors import TooManyRequests
from signaling.live.connection import Connection
from signaling.live.endpoint import Endpoint
from signaling.live.latest import Latest
from signaling.live.presenting import Presentations, Readers
from signaling.live.qualities import Qualities
from signaling.live.room import CloseReason, Room
from signaling.live.subscription import Subscription
from signaling.projection.viewer import Body, Viewer
from signaling.store.transaction import StoredEvent
from signaling.wire.live import Ephemeral, HubMessage, Resync
from signaling.wire.media import ActiveSpeaker, EndpointClosed, RoomChanged
from signaling.wire.media_view import LayersWanted, WantedLayers

logger = logging.getLogger(__name__)
SOCKETS_PER_SESSION = 32
ROOM_DELAY_S = 0.02  # what one request changes in a room makes one message


class Sockets:
    """Connections by meeting and by person. All methods run on the event loop."""

    def __init__(self) -> None:
        self._connections: set[Connection] = set()
        self._followers: dict[MeetingId, set[Connection]] = {}
        self._rooms = Latest(ROOM_DELAY_S)
        self.presentations = Presentations(self._tell_readers)
        self.qualities = Qualities(self.tell)

    # --- connections ---

    def add(self, connection: Connection) -> None:
        """Take in a new socket. Raises TooManyRequests when its session has more of them than anybody needs."""
        mine = sum(one.subject.session_id == connection.subject.session_id for one in self._connections)
        if mine >= SOCKETS_PER_SESSION:
            raise TooManyRequests("this session has too many windows open")
        self._connections.add(connection)

    def remove(self, connection: Connection) -> None:
        """Forget a socket and what it followed."""
        self._connections.discard(connection)
        for meeting_id in list(connection.subscriptions):
            self.unfollow(connection, meeting_id)

    def everybody(self) -> list[Connection]:
        """Return all sockets of this hub."""
        return list(self._connections)

    def of_person(self, person_id: PersonId) -> list[Connection]:
        """Return a person's sockets on this hub."""
        return [one for one in self._connections if one.subject.person_id == person_id]

    def attending(self, person_id: PersonId, meeting_id: MeetingId) -> bool:
        """Whether any socket of the person attends the meeting."""
        return any(meeting_id in one.attending for one in self.of_person(person_id))

    def end_sessions(self, sessions: Iterable[SessionId], reason: str) -> None:
        """Close the sockets of sessions that were ended."""
        ended = frozenset(sessions)
        for connection in list(self._connections):
            if connection.subject.session_id in ended:
                connection.end(reason)

    def close(self) -> None:
        """Drop every socket: the hub stops, and the clients will come back."""
        self.presentations.close()
        self.qualities.close()
        for connection in list(self._connections):
            connection.drop()

    # --- following a meeting ---

    def follow(self, connection: Connection, meeting_id: MeetingId, viewer: Viewer) -> Subscription:
        """Register before the snapshot is read, so that nothing falls between the two."""
        subscription = Subscription(viewer, connection.send_text)
        connection.subscriptions[meeting_id] = subscription
        self._followers.setdefault(meeting_id, set()).add(connection)
        return subscription

    def unfollow(self, connection: Connection, meeting_id: MeetingId) -> None:
        """Stop; harmless when it did not follow."""
        connection.subscriptions.pop(meeting_id, None)
        followers = self._followers.get(meeting_id, set())
        followers.discard(connection)
        if not followers:
            self._followers.pop(meeting_id, None)
        self.presentations.left(meeting_id, connection)
        self.qualities.left(meeting_id, connection)

    def resync(self, meeting_id: MeetingId, person_id: PersonId) -> None:
        """A person's rights in a meeting changed: their pages have to read it again, if they still may."""
        for connection in self.of_person(person_id):
            if meeting_id in connection.subscriptions:
                self.resync_one(connection, meeting_id)

    def resync_everybody(self, meeting_id: MeetingId) -> None:
        """Who may read which part of a meeting changed: all pages have to read it again, and nothing is presented."""
        self.presentations.stop(meeting_id)
        for connection in list(self._followers.get(meeting_id, ())):
            self.resync_one(connection, meeting_id)

    def resync_one(self, connection: Connection, meeting_id: MeetingId) -> None:
        """Have one page read a meeting again."""
        self.unfollow(connection, meeting_id)
        connection.send(Resync(meeting_id=meeting_id))

    def publish(self, events: Sequence[StoredEvent]) -> None:
        """Send committed events to whoever follows their meetings."""
        for event in events:
            meeting_id = MeetingId(event.stream.removeprefix("meeting:"))
            texts: dict[Hashable, str] = {}
            for connection in self._followers.get(meeting_id, ()):
                connection.subscriptions[meeting_id].deliver(event, texts)
            if event.body["type"] == "meeting":
                self._meeting_changed(meeting_id, event.body["meeting"])

    def tell(self, meeting_id: str, message: HubMessage, but: Connection | None = None) -> None:
        """Send an ephemeral message to whoever follows the meeting."""
        text = message.model_dump_json(by_alias=True)
        for connection in self._followers.get(MeetingId(meeting_id), ()):
            if connection is not but:
                connection.send_text(text)

    def _meeting_changed(self, meeting_id: MeetingId, meeting: Body) -> None:
        if meeting["state"] in ATTENDABLE:
            self.presentations.item_changed(meeting_id, meeting["currentItemId"])
        else:
            self.presentations.stop(meeting_id)

    def _tell_readers(
        self, meeting_id: MeetingId, message: Ephemeral, readers: Readers, but: Connection | None = None
    ) -> None:
        """Tell what is presented to those for whom it is, and to the others that nothing is."""
        nothing = message.model_copy(update={"value": None})
        text, blank = (one.model_dump_json(by_alias=True) for one in (message, nothing))
        for connection in self._followers.get(meeting_id, ()):
            if connection is not but:
                may_read = connection.subscriptions[meeting_id].viewer.may_read(readers)
                connection.send_text(text if may_read else blank)

    # --- what rooms announce ---

    def room_changed(self, room: Room) -> None:
        """Send the room's latest state: the first change at once, further ones a few times per second."""
        self._rooms.offer(room.id, lambda: self.tell(room.id, RoomChanged(meeting_id=room.id, endpoints=room.wire())))

    def endpoint_closed(self, room_id: str, endpoint: Endpoint, reason: CloseReason) -> None:
        """Tell a page that its endpoint is gone."""
        if isinstance(endpoint.holder, Connection):
            endpoint.holder.send(EndpointClosed(meeting_id=room_id, endpoint_id=endpoint.identity.id, reason=reason))

    def active_speaker(self, room_id: str, endpoint_id: str | None) -> None:
        """Tell who speaks."""
        self.tell(room_id, ActiveSpeaker(meeting_id=room_id, endpoint_id=endpoint_id))

    def layers_wanted(self, room_id: str, endpoint: Endpoint, layers: Mapping[str, int | None]) -> None:
        """Tell the page that sends, and nobody else."""
        if isinstance(endpoint.holder, Connection):
            producers = [WantedLayers(producer_id=one, highest=highest) for one, highest in layers.items()]
            endpoint.holder.send(LayersWanted(meeting_id=room_id, producers=producers))
