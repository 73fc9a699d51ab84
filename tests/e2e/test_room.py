"""The room as a conference: checks before joining, layouts, a shared screen, devices, quiet, keys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.gathering import Gathering, gathering, join_time_ms
from tests.e2e.person import EXPECT_MS, Person, until
from tests.e2e.pictures_for_docs import picture

pytestmark = [
    pytest.mark.conference,
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="function"),
]
FLAGS = ("--auto-select-desktop-capture-source=Entire screen",)

# How many frames the shared screen has shown here, and how much sound that is no microphone's has been heard.
READ_SCREEN = """() => {
  const video = document.querySelector('[data-testid="screen"] video');
  return video && video.videoWidth ? video.getVideoPlaybackQuality().totalVideoFrames : 0;
}"""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Gathering]:
    """The chair and a member before the door."""
    async with gathering(tmp_path, ["chair", "north"], FLAGS) as here:
        yield here


async def test_two_people_meet_as_in_one_hall(here: Gathering) -> None:
    await the_connection_is_checked_before_joining(here)
    await they_join(here)
    await the_layout_is_chosen(here)
    await the_chair_mutes_and_asks(here)
    await somebody_shares_a_screen(here)
    await devices_change_while_live(here)
    await the_space_bar_is_held_to_talk(here)
    assert {name: person.problems for name, person in here.people.items() if person.problems} == {}


async def the_connection_is_checked_before_joining(here: Gathering) -> None:
    north = here["north"]
    for line in ("net-hub", "net-relay"):
        await expect(north[line]).to_have_attribute("data-tone", "good", timeout=EXPECT_MS)
    await picture(north, "lobby-checked")
    here.relay.cut()
    await north.click("net-again")
    await expect(north["net-relay"]).to_have_attribute("data-tone", "bad", timeout=EXPECT_MS)
    await expect(north["join"]).to_be_enabled()
    here.relay.restore()


async def they_join(here: Gathering) -> None:
    for person in here.people.values():
        await person.click("join")
    await here.everybody_sees_everybody("does not see everybody", 40)
    for person in here.people.values():
        assert await until(lambda person=person: join_time_ms(person), "the join was not measured") < 10_000


async def the_layout_is_chosen(here: Gathering) -> None:
    """The choice is remembered by the computer, and one's own picture is mirrored."""
    chair = here["chair"]
    stage = chair.page.locator("#stage")
    await expect(stage).to_have_attribute("data-layout", "gallery")
    await expect(chair.page.locator(".stage__self .track--mirrored")).to_be_visible()
    await chair.page.keyboard.press("l")
    await expect(stage).to_have_attribute("data-layout", "focus")
    await expect(chair["featured"].locator("article")).to_have_attribute(
        "data-person-id", await person_id(here["north"])
    )
    await here.everybody_sees_everybody("lost a picture with the layout")
    await picture(chair, "room-speaker")
    await chair.click("layout")
    await expect(stage).to_have_attribute("data-layout", "gallery")


async def person_id(person: Person) -> str:
    return str((await person.get("/session"))["personId"])


async def endpoint_id(person: Person, of: Person) -> str:
    tile = person.page.locator(f'[data-person-id="{await person_id(of)}"]')
    return str(await tile.get_attribute("data-testid", timeout=EXPECT_MS)).removeprefix("tile-")


async def the_chair_mutes_and_asks(here: Gathering) -> None:
    """Nobody is unmuted by others: the member is asked, and does it."""
    chair, north = here["chair"], here["north"]
    endpoint = await endpoint_id(chair, north)
    await chair.click("tab-people")
    await chair.click(f"quiet-{endpoint}")
    await north.sees("moderated-muted", "Hoàng Lan")
    await expect(north["mute"]).to_have_class("bar__button bar__button--off", timeout=EXPECT_MS)
    await chair.click(f"ask-unmute-{endpoint}")
    await north.sees("moderated-unmute_wanted", "Hoàng Lan")
    await picture(north, "room-asked-to-unmute")
    await north.click("moderated-unmute")
    await expect(chair[f"quiet-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await chair.click("quiet-all")
    await expect(chair[f"ask-unmute-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await north.click("moderated-dismiss")


async def somebody_shares_a_screen(here: Gathering) -> None:
    """Others decode its picture; the presenter is told what is shared and stands first beside it at the others."""
    chair, north = here["chair"], here["north"]
    await north.click("share")
    await expect(north["own-screen"]).to_be_visible(timeout=EXPECT_MS)
    first = int(await until(lambda: chair.page.evaluate(READ_SCREEN), "the screen does not arrive"))

    async def later() -> bool:
        return int(await chair.page.evaluate(READ_SCREEN)) > first + 5

    await until(later, "the screen stands still")
    beside = chair.page.locator(".gallery--strip article").first
    await expect(beside).to_have_attribute("data-person-id", await person_id(north))
    await picture(chair, "room-screen")
    await picture(north, "room-own-screen")
    await north.click("share")
    await expect(chair["screen"]).to_have_count(0, timeout=EXPECT_MS)


async def devices_change_while_live(here: Gathering) -> None:
    """Another microphone is taken without a new source in the room."""
    chair, north = here["chair"], here["north"]
    await north.click("settings")
    chosen = north["choose-audioinput"]
    values = await chosen.locator("option").evaluate_all("all => all.map((one) => one.value)")
    await chosen.select_option(values[-1])
    await picture(north, "room-settings")
    await north.page.keyboard.press("Escape")
    await north.click("mute")
    endpoint = await endpoint_id(chair, north)
    await expect(chair[f"quiet-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await here.everybody_sees_everybody("lost a picture with the microphone")
    await north.click("mute")


async def the_space_bar_is_held_to_talk(here: Gathering) -> None:
    chair, north = here["chair"], here["north"]
    endpoint = await endpoint_id(chair, north)
    await expect(chair[f"ask-unmute-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await north.page.locator("#stage").focus()
    await north.page.keyboard.down(" ")
    await expect(chair[f"quiet-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
    await north.page.keyboard.up(" ")
    await expect(chair[f"ask-unmute-{endpoint}"]).to_be_visible(timeout=EXPECT_MS)
