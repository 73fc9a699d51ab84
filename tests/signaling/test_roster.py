"""The kept list of a meeting's people; that it follows every event is held by the state-sync law."""

from datetime import timedelta
from unittest import mock

from sqlalchemy import Connection, update

from auth.tables import person
from signaling.projection import roster
from signaling.projection.roster import REREAD, Rosters
from signaling.store.streams import last_revision
from signaling.store.transaction import meeting_stream
from tests.signaling.hub import Hub


async def names(hub: Hub, rosters: Rosters, later: timedelta = timedelta()) -> list[str]:
    """Return the names in the roster, as a reader gets it at some time."""
    meeting = hub.seed.ours.meeting

    def run(conn: Connection) -> list[str]:
        now = hub.services.db.clock.now() + later
        revision = last_revision(conn, meeting_stream(meeting))
        return [one.name for one in rosters.participants(conn, meeting, revision, now)]

    return await hub.services.db.read(run)


async def test_a_list_is_read_once_for_many_readers(hub: Hub) -> None:
    rosters = Rosters()
    with mock.patch.object(roster, "_read", wraps=roster._read) as read:
        first = await names(hub, rosters)
        assert await names(hub, rosters) == first
        assert read.call_count == 1


async def test_a_changed_name_is_seen_when_the_list_is_read_again(hub: Hub) -> None:
    rosters = Rosters()
    before = await names(hub, rosters)
    chair = hub.seed.people["chair"]
    await hub.services.db.write(
        lambda tx: tx.conn.execute(update(person).where(person.c.id == chair).values(name="Somebody Else"))
    )
    assert await names(hub, rosters) == before
    assert "Somebody Else" in await names(hub, rosters, REREAD + timedelta(seconds=1))


async def test_only_so_many_meetings_are_kept(hub: Hub) -> None:
    rosters = Rosters()
    with mock.patch.object(roster, "MEETINGS", 1), mock.patch.object(roster, "_read", wraps=roster._read) as read:
        await names(hub, rosters)
        await names(hub, rosters)
    assert read.call_count == 1  # the one that was asked for last always stays
