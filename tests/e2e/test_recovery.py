"""Cables are pulled, addresses change, pages are reloaded: the meeting comes back by itself.

That hub and relay may die is in ``test_whole_meeting.py``.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.gathering import STILL_MOVING_S, Gathering, gathering, sees
from tests.e2e.person import EXPECT_MS, Person, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="function"),
]
NOTICED_MS = 6_500  # that the connection is dead, from the cable to the word on the screen
RECOVERED_MS = 10_000


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Gathering]:
    """Two members in the room, who see each other."""
    async with gathering(tmp_path, ["north", "delta"]) as here:
        for person in here.people.values():
            await person.click("join")
        await here.everybody_sees_everybody("does not see everybody at first", 40)
        yield here


async def test_the_room_comes_back_from_everything_that_networks_and_computers_do(here: Gathering) -> None:
    await the_network_is_gone_for_ten_seconds(here)
    await only_sound_and_picture_are_gone(here)
    await the_address_changes(here)
    await a_lid_is_closed_for_twelve_seconds(here)
    await a_page_is_reloaded(here)
    await somebody_opens_a_second_window(here)
    assert {name: person.problems for name, person in here.people.items() if person.problems} == {}


async def the_network_is_gone_for_ten_seconds(here: Gathering) -> None:
    started = time.monotonic()
    here.cut()
    for person in here.people.values():
        await expect(person["reconnecting"]).to_be_visible(timeout=NOTICED_MS)
        assert await person.page.locator(".room__notices .banner--warning").count() == 1, "one banner is enough"
    await asyncio.sleep(max(0.0, 10 - (time.monotonic() - started)))
    here.restore()
    for person in here.people.values():
        await expect(person["reconnecting"]).to_have_count(0, timeout=RECOVERED_MS)
    await here.everybody_sees_everybody("did not come back from ten seconds without network")


async def only_sound_and_picture_are_gone(here: Gathering) -> None:
    here.relay.cut()
    for person in here.people.values():
        await expect(person["path-lost"]).to_be_visible(timeout=15_000)
    here.relay.restore()
    for person in here.people.values():
        await expect(person["connection-back"]).to_be_visible(timeout=RECOVERED_MS)
    await here.everybody_sees_everybody("did not come back from a lost way to the relay")


async def the_address_changes(here: Gathering) -> None:
    here.relay.rebind()
    await here.everybody_sees_everybody("did not come back after a change of address")


async def a_lid_is_closed_for_twelve_seconds(here: Gathering) -> None:
    """The whole browser stands still, timers and all; awake again it says at once that there is no network yet."""
    north = here["north"]
    asleep = await processes(north)
    for process in asleep:
        os.kill(process, signal.SIGSTOP)
    here.hub.cut()
    try:
        await asyncio.sleep(12)
    finally:
        for process in asleep:
            os.kill(process, signal.SIGCONT)
    await expect(north["reconnecting"]).to_be_visible(timeout=NOTICED_MS)
    here.hub.restore()
    for person in here.people.values():
        await expect(person["reconnecting"]).to_have_count(0, timeout=RECOVERED_MS)
    await here.everybody_sees_everybody("did not come back from sleep")


async def processes(person: Person) -> list[int]:
    """Return the ids of all processes of a person's browser."""
    assert person.page.context.browser
    session = await person.page.context.browser.new_browser_cdp_session()
    found = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return [int(one["id"]) for one in found["processInfo"]]


async def a_page_is_reloaded(here: Gathering) -> None:
    """Without any press one is back in, with the microphone as it was."""
    north, delta = here["north"], here["delta"]
    await north.click("mute")
    await expect(north["mute"]).to_have_class("bar__button bar__button--off", timeout=EXPECT_MS)
    await north.page.reload()
    await expect(north["leave"]).to_be_visible(timeout=EXPECT_MS)
    await expect(north["mute"]).to_have_class("bar__button bar__button--off", timeout=EXPECT_MS)
    await here.everybody_sees_everybody("did not come back from a reload")
    await north.click("mute")
    await expect(delta.page.locator(".tile__caption").get_by_role("img", name="Micrô tắt")).to_have_count(
        0, timeout=EXPECT_MS
    )


async def somebody_opens_a_second_window(here: Gathering) -> None:
    """It asks before it takes over; the first one says where it went on, and takes it back."""
    north = here["north"]
    first = north.page
    second = await first.context.new_page()
    await second.goto(here.product.origin + here.room)
    await second.get_by_test_id("join").click(timeout=EXPECT_MS)
    await expect(second.get_by_test_id("use-here")).to_be_visible(timeout=EXPECT_MS)
    await until(lambda: sees(here["north"], 2), "the first window was disturbed by a mere question", STILL_MOVING_S)
    await second.get_by_test_id("use-here").click()
    await expect(second.get_by_test_id("leave")).to_be_visible(timeout=EXPECT_MS)
    await first.get_by_test_id("rejoin").click(timeout=EXPECT_MS)
    await expect(second.get_by_test_id("rejoin")).to_be_visible(timeout=EXPECT_MS)
    await second.close()
    await here.everybody_sees_everybody("did not come back into the first window")
