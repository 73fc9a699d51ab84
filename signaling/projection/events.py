"""Events made of changes: the changed object is read again, in the same transaction, by the code of snapshots."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from auth.model import PersonId
from documents import repository as papers
from documents.errors import RecordNotFound
from documents.model import Paper, RecordKind
from meetings import (
    agenda_store,
    chat,
    chat_store,
    meeting_store,
    minutes_store,
    participant_store,
    poll_store,
    presence_store,
    quorum_store,
    sitting_store,
    speaker_store,
    version_store,
)
from meetings.changes import Change, ChangeKind
from meetings.model import BallotId, ItemId, MeetingId, MessageId, PollId, PollKind, PollState, SpeakerId
from meetings.records import AgendaItem, Meeting, Minutes, Presence
from signaling.access import readers_of
from signaling.projection import meeting as make
from signaling.projection import table
from signaling.projection.meeting import Names
from signaling.projection.recording import recording_now
from signaling.projection.viewer import Body
from signaling.store.transaction import EventBody, Transaction, meeting_stream
from signaling.wire import meeting as wire


class Materialiser:
    """Reads changed objects of one meeting at the end of one unit of work."""

    def __init__(self, conn: Connection, meeting_id: MeetingId, names: Names) -> None:
        self.conn = conn
        self.meeting_id = meeting_id
        self.names = names
        self._quorum: Body | None = None

    def body(self, change: Change) -> Body:
        """Return the event body for a change."""
        return _READERS[change.kind](self, change.id)

    def quorum(self) -> Body:
        """Return the quorum at the end of the unit of work, counted once."""
        if self._quorum is None:
            self._quorum = make.quorum(quorum_store.quorum_now(self.conn, self.meeting_id)).dump()
        return self._quorum

    def meeting(self, _: str) -> Body:
        """The meeting's own fields."""
        return {"type": "meeting", "meeting": make.meeting_fields(self._meeting()).dump()}

    def _meeting(self) -> Meeting:
        return meeting_store.load_meeting(self.conn, self.meeting_id)

    def _presence(self, person_id: str) -> Presence | None:
        return presence_store.presence_of(self.conn, self.meeting_id, PersonId(person_id))

    def participant(self, person_id: str) -> Body:
        """Somebody invited, or with another role or answer."""
        found = participant_store.load_participant(self.conn, self.meeting_id, PersonId(person_id))
        body = make.participant(found, self._presence(person_id), self.names).dump()
        return {"type": "participant", "participant": body, "quorum": self.quorum()}

    def participant_removed(self, person_id: str) -> Body:
        """Somebody no longer invited."""
        return {"type": "participant_removed", "personId": person_id, "quorum": self.quorum()}

    def presence(self, person_id: str) -> Body:
        """Somebody came or went."""
        body = make.presence(self._presence(person_id)).dump()
        return {"type": "presence", "personId": person_id, "presence": body, "quorum": self.quorum()}

    def item(self, item_id: str) -> Body:
        """An agenda item with its papers."""
        found = agenda_store.load_item(self.conn, self.meeting_id, ItemId(item_id))
        body = item_body(found, papers.papers_of_item(self.conn, found.id))
        return body

    def item_removed(self, item_id: str) -> Body:
        """An item taken off the agenda."""
        return {"type": "item_removed", "itemId": item_id}

    def order(self, _: str) -> Body:
        """The order of all items."""
        return {"type": "order", "itemIds": [one.id for one in agenda_store.items(self.conn, self.meeting_id)]}

    def version(self, number: str) -> Body:
        """A convened agenda."""
        found = version_store.load_version(self.conn, self.meeting_id, int(number))
        return {"type": "version", "version": make.version(found).dump()}

    def acknowledgement(self, _: str) -> Body:
        """The newest agenda with one more acknowledgement."""
        return self.version(str(version_store.newest(self.conn, self.meeting_id)))

    def poll(self, poll_id: str) -> Body:
        """A poll with its ballots."""
        found = poll_store.load_poll(self.conn, self.meeting_id, PollId(poll_id))
        body = make.poll(found, list(poll_store.ballots(self.conn, found.id))).dump()
        return {"type": "poll", "poll": body, **self._readers(found.details.item_id)}

    def poll_removed(self, poll_id: str) -> Body:
        """A draft that was deleted."""
        return {"type": "poll_removed", "pollId": poll_id}

    def ballot(self, ballot_id: str) -> Body:
        """One ballot more; the hot path."""
        found = poll_store.load_ballot(self.conn, self.meeting_id, BallotId(ballot_id))
        if found is None:
            raise LookupError(ballot_id)
        return {
            "type": "ballot",
            "pollId": found.ballot.poll_id,
            "ballot": make.ballot(found.ballot).dump(),
            "_secret": found.kind is PollKind.NAMED_HIDDEN and found.state is PollState.OPEN,
            **(self._readers(found.item_id) if found.restricted else {}),
        }

    def speaker(self, speaker_id: str) -> Body:
        """An entry of the speakers' list."""
        found = speaker_store.load_entry(self.conn, self.meeting_id, SpeakerId(speaker_id))
        return {"type": "speaker", "speaker": make.speaker(found).dump(), **self._readers(found.item_id)}

    def speaker_removed(self, speaker_id: str) -> Body:
        """An entry withdrawn."""
        return {"type": "speaker_removed", "speakerId": speaker_id}

    def minutes(self, _: str) -> Body:
        """Where the minutes stand."""
        found = minutes_store.load_minutes(self.conn, self.meeting_id)
        return {"type": "minutes", "minutes": minutes_info(self.conn, self.meeting_id, found).dump()}

    def chat(self, message_id: str) -> Body:
        """A message of the chat."""
        found = chat_store.load_message(self.conn, self.meeting_id, MessageId(message_id))
        return {"type": "chat", "message": table.chat_message(found).dump(), "_private": chat.readers(found)}

    def chat_cleared(self, _: str) -> Body:
        """All messages erased."""
        return {"type": "chat_cleared"}

    def sitting(self, _: str) -> Body:
        """What the table takes."""
        found = sitting_store.load_sitting(self.conn, self.meeting_id)
        return {"type": "sitting", "sitting": table.sitting(found).dump()}

    def announcement(self, _: str) -> Body:
        """What is announced."""
        found = table.announcement(sitting_store.load_announcement(self.conn, self.meeting_id))
        return {"type": "announcement", "announcement": found and found.dump()}

    def recording(self, _: str) -> Body:
        """Whether the meeting may be, and is being, recorded."""
        return {"type": "recording", "recording": recording_now(self.conn, self.meeting_id).dump()}

    def _readers(self, item_id: ItemId | None) -> Body:
        return item_readers(self.conn, self.meeting_id, item_id)


_READERS: dict[ChangeKind, Callable[[Materialiser, str], Body]] = {
    ChangeKind.MEETING: Materialiser.meeting,
    ChangeKind.PARTICIPANT: Materialiser.participant,
    ChangeKind.PARTICIPANT_REMOVED: Materialiser.participant_removed,
    ChangeKind.PRESENCE: Materialiser.presence,
    ChangeKind.ITEM: Materialiser.item,
    ChangeKind.ITEM_REMOVED: Materialiser.item_removed,
    ChangeKind.ORDER: Materialiser.order,
    ChangeKind.VERSION: Materialiser.version,
    ChangeKind.ACKNOWLEDGEMENT: Materialiser.acknowledgement,
    ChangeKind.POLL: Materialiser.poll,
    ChangeKind.POLL_REMOVED: Materialiser.poll_removed,
    ChangeKind.BALLOT: Materialiser.ballot,
    ChangeKind.SPEAKER: Materialiser.speaker,
    ChangeKind.SPEAKER_REMOVED: Materialiser.speaker_removed,
    ChangeKind.MINUTES: Materialiser.minutes,
    ChangeKind.CHAT: Materialiser.chat,
    ChangeKind.CHAT_CLEARED: Materialiser.chat_cleared,
    ChangeKind.SITTING: Materialiser.sitting,
    ChangeKind.ANNOUNCEMENT: Materialiser.announcement,
    ChangeKind.RECORDING: Materialiser.recording,
}


def materialise(tx: Transaction) -> Sequence[tuple[str, EventBody]]:
    """Return stream and body of the event for each change of a transaction, in order.

    Several changes of one object in one unit of work make one event, at the place of the last: the body shows the
    state at the end of the unit, so an earlier one would tell the same.
    """
    names = Names(tx.conn)
    readers = {meeting_id: Materialiser(tx.conn, meeting_id, names) for meeting_id, _ in tx.changes}
    last = {change: position for position, change in enumerate(tx.changes)}
    return [
        (meeting_stream(meeting_id), readers[meeting_id].body(change))
        for position, (meeting_id, change) in enumerate(tx.changes)
        if last[meeting_id, change] == position
    ]


def item_body(item: AgendaItem, its_papers: list[Paper]) -> Body:
    """Return the event body of an agenda item, with who may read it."""
    details = item.details
    body = wire.AgendaItem(
        id=item.id,
        position=item.position,
        title=details.title,
        description=details.description,
        kind=details.kind,
        state=item.state,
        presenter_id=details.presenter_id,
        minutes=details.minutes or 0,
        used_seconds=item.used_ms // 1000,
        started_at=item.started_at,
        ended_at=item.ended_at,
        outcome=item.outcome,
        restricted=details.restricted,
        readers=readers_of(item),
        hidden=False,
        papers=[one for one in map(_paper, its_papers) if one is not None],
    ).dump()
    readers = readers_of(item)
    return {"type": "item", "item": body} | ({} if readers is None else {"_readers": readers})


def _paper(of: Paper) -> wire.Paper | None:
    latest = of.latest
    if latest is None:
        return None
    return wire.Paper(
        id=of.paper_id,
        title=of.title,
        label=of.label,
        version=latest.version,
        pages=latest.pages,
        size=latest.blob.size,
        sha256=latest.blob.sha256,
        uploaded_at=latest.uploaded_at,
    )


def item_readers(conn: Connection, meeting_id: MeetingId, item_id: ItemId | None) -> Body:
    """Return the private key that restricts what belongs to a restricted item."""
    if item_id is None:
        return {}
    readers = readers_of(agenda_store.load_item(conn, meeting_id, item_id))
    return {} if readers is None else {"_readers": readers}


def minutes_info(conn: Connection, meeting_id: MeetingId, found: Minutes) -> wire.MinutesInfo:
    """Return where the minutes stand, with the digest of their PDF once there is one."""
    try:
        sha256 = papers.latest_record(conn, meeting_id, RecordKind.MINUTES_PDF).blob.sha256
    except RecordNotFound:
        sha256 = None
    return make.minutes(found, sha256)
