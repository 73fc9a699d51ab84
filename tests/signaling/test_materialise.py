"""Events of one unit of work: each object as it is at the end, what they share read once."""

import asyncio
from pathlib import Path
from unittest import mock

from meetings import quorum_store
from signaling.store.schema import migrate
from tests.signaling.scenario import CAST, Step
from tests.signaling.state_sync import Player


async def test_the_quorum_is_counted_once_for_all_events_of_a_unit(tmp_path: Path) -> None:
    await asyncio.to_thread(migrate, tmp_path / "plenum.sqlite")
    player = Player(tmp_path)
    await player.db.start()
    try:
        with mock.patch.object(quorum_store, "quorum_now", wraps=quorum_store.quorum_now) as counted:
            events = await player.play(Step("prepare", player.script.prepare))
    finally:
        await player.db.close()
    quorums = [one.body["quorum"] for one in events if one.body["type"] == "participant"]
    assert len(quorums) == len(CAST) - 1  # the guest comes later
    assert all(one == quorums[0] for one in quorums)
    assert counted.call_count == 1
