"""A meeting as one viewer sees it at one revision, made of the same bodies as its events."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from documents import repository as papers
from meetings import (
    agenda_store,
    chat_store,
    minutes_store,
    poll_store,
    quorum_store,
    sitting_store,
    speaker_store,
    version_store,
)
from meetings.errors import NoMinutes
from meetings.model import MeetingId
from meetings.records import AgendaItem
from signaling.access import Access, readers_of
from signaling.projection import meeting as make
from signaling.projection import table
from signaling.projection.events import item_body, minutes_info
from signaling.projection.recording import recording_now
from signaling.projection.roster import Rosters
from signaling.projection.viewer import Viewer, project_item, project_poll
from signaling.store.streams import last_revision
from signaling.store.transaction import meeting_stream
from signaling.wire import meeting as wire

Readers = dict[str, list[str] | None]


def snapshot(conn: Connection, access: Access, rosters: Rosters, now: datetime) -> wire.Snapshot:
    """Return what the viewer may see of the meeting; the connection must hold one consistent view."""
    meeting_id, viewer = access.meeting.id, access.viewer
    revision = last_revision(conn, meeting_stream(meeting_id))
    agenda = agenda_store.items(conn, meeting_id)
    readers: Readers = {one.id: readers_of(one) for one in agenda}
    return wire.Snapshot(
        revision=revision,
        my_role=access.role,
        meeting=make.meeting_fields(access.meeting),
        participants=list(rosters.participants(conn, meeting_id, revision, now)),
        items=_items(conn, meeting_id, agenda, viewer),
        versions=[make.version(one) for one in version_store.versions(conn, meeting_id)],
        quorum=make.quorum(quorum_store.quorum_now(conn, meeting_id)),
        polls=_polls(conn, meeting_id, viewer, readers),
        speakers=[
            make.speaker(one)
            for one in speaker_store.entries(conn, meeting_id)
            if viewer.may_read(readers.get(one.item_id or ""))
        ],
        minutes=_minutes(conn, meeting_id),
        sitting=table.sitting(sitting_store.load_sitting(conn, meeting_id)),
        announcement=table.announcement(sitting_store.load_announcement(conn, meeting_id)),
        recording=recording_now(conn, meeting_id),
        chat=_chat(conn, meeting_id, viewer),
    )


def _items(
    conn: Connection, meeting_id: MeetingId, agenda: Sequence[AgendaItem], viewer: Viewer
) -> list[wire.AgendaItem]:
    by_item = defaultdict(list)
    for paper in papers.papers_of_meeting(conn, meeting_id):
        by_item[paper.item_id].append(paper)
    bodies = [(item_body(one, by_item[one.id])["item"], readers_of(one)) for one in agenda]
    return [
        wire.AgendaItem.model_validate(project_item(item, viewer, readable=viewer.may_read(readers)))
        for item, readers in bodies
    ]


def _polls(conn: Connection, meeting_id: MeetingId, viewer: Viewer, readers: Readers) -> list[wire.Poll]:
    return [
        wire.Poll.model_validate(project_poll(make.poll(one, list(poll_store.ballots(conn, one.id))).dump(), viewer))
        for one in poll_store.polls(conn, meeting_id)
        if viewer.may_read(readers.get(one.details.item_id or ""))
    ]


def _chat(conn: Connection, meeting_id: MeetingId, viewer: Viewer) -> wire.Chat:
    found, earlier = chat_store.messages(conn, meeting_id, viewer.person_id, viewer.role)
    return wire.Chat(messages=[table.chat_message(one) for one in found], earlier=earlier)


def _minutes(conn: Connection, meeting_id: MeetingId) -> wire.MinutesInfo | None:
    try:
        return minutes_info(conn, meeting_id, minutes_store.load_minutes(conn, meeting_id))
    except NoMinutes:
        return None
