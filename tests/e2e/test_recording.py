"""The secretary records the meeting; everybody sees it; what was recorded can be played, and not by everybody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.gathering import Gathering, gathering
from tests.e2e.person import EXPECT_MS
from tests.signaling.recording.studio import pictures

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="function"),
]


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Gathering]:
    async with gathering(tmp_path, ["chair", "north"]) as here:
        yield here


async def test_a_meeting_is_recorded_in_sight_of_all_and_played_by_who_may(here: Gathering, tmp_path: Path) -> None:
    chair, north = here["chair"], here["north"]
    await chair.open(f"/meetings/{here.meeting}")
    await chair.click("recording-allow")
    await expect(chair["recording-allow"]).to_be_checked(timeout=EXPECT_MS)
    await expect(chair["recording-allow"]).to_be_enabled(timeout=EXPECT_MS)  # it is on record
    await chair.open(here.room)
    await north.sees("recording-notice")
    for person in (chair, north):
        await person.click("join")
    await here.everybody_sees_everybody("before it is recorded")
    await chair.click("recording-start")
    await chair.click("recording-start-confirm")
    for person in (chair, north):
        await expect(person["recording-banner"]).to_have_attribute("data-state", "recording", timeout=30_000)
    await north.page.wait_for_timeout(4000)  # what is recorded
    await chair.click("recording-stop")
    await chair.click("recording-stop-confirm")
    for person in (chair, north):
        await expect(person["recording-banner"]).to_have_attribute("data-state", "off", timeout=30_000)
    await chair.open(f"/meetings/{here.meeting}")
    await expect(chair["recording-download"]).to_have_count(4, timeout=EXPECT_MS)
    listed = await (await chair.page.request.get(f"{chair.origin}/api/v1/meetings/{here.meeting}/recordings")).json()
    (info,) = listed["recordings"]
    film = next(number for number, one in enumerate(info["files"]) if one["source"] == "camera")
    async with chair.page.expect_download(timeout=30_000) as download:
        await chair["recording-download"].nth(film).click()
        await chair.step_up()
    await (await download.value).save_as(tmp_path / "camera.webm")
    seen = pictures((tmp_path / "camera.webm").read_bytes())
    assert len(seen) > 20
    assert seen[-1][0] - seen[0][0] > 2
    address = f"{north.origin}/api/v1/meetings/{here.meeting}/recordings/{info['id']}/files/1"
    assert (await north.page.request.get(address)).status == 403
    assert not chair.problems + north.problems
