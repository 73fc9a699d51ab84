"""At the table: chat of both kinds, a paper presented and followed, a hall with a member, the projector page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.person import EXPECT_MS, Person, browsing, until
from tests.e2e.pictures import write_camera
from tests.e2e.pictures_for_docs import picture
from tests.e2e.product import running_product

pytestmark = [pytest.mark.browser, pytest.mark.process]
HOSTILE = '<img src=x onerror="document.title=1"> https://elsewhere.example/ <b>đậm</b>'


@dataclass(slots=True)
class Room:
    """A secretary, a member, and a hall in one meeting that is in session."""

    secretary: Person
    north: Person
    hall: Person
    meeting: str

    def path(self, rest: str = "") -> str:
        """The address of the meeting's pages."""
        return f"/meetings/{self.meeting}{rest}"

    async def snapshot(self) -> Any:
        """What the secretary sees of the meeting."""
        return await self.secretary.get(self.path())


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """The demo's meeting, convened and opened."""
    async with AsyncExitStack() as stack:
        product = await stack.enter_async_context(running_product(tmp_path / "data"))
        camera = write_camera(tmp_path / "camera.y4m", "green")
        secretary = await stack.enter_async_context(browsing("secretary", product.origin, camera=camera))
        north, hall = await asyncio.gather(
            *(
                stack.enter_async_context(browsing(name, product.origin, beside=secretary))
                for name in ("north", "hall-north")
            )
        )
        await asyncio.gather(*(person.let_in() for person in (secretary, north, hall)))
        await hall.open("/")
        meeting = (await secretary.get("/meetings"))["meetings"][0]["id"]
        await secretary.open(f"/meetings/{meeting}")
        await secretary.click("convene")
        await secretary.step_up()
        await secretary.click("open-meeting")
        await expect(secretary["adjourn"]).to_be_visible(timeout=EXPECT_MS)
        yield Room(secretary, north, hall, meeting)


async def enter(room: Room, person: Person) -> None:
    await person.open(room.path("/room"))
    await person.click("join")
    await expect(person["leave"]).to_be_visible(timeout=EXPECT_MS)


async def tab(person: Person, name: str) -> None:
    if not await person[f"tab-{name}"].is_visible():
        await person.click("panel")
    await person.click(f"tab-{name}")


async def test_a_meeting_at_the_table(room: Room) -> None:
    await a_hall_enters_and_stays(room)
    await asyncio.gather(enter(room, room.secretary), enter_in_the_hall(room))
    await chat(room)
    await floor_of_the_hall(room)
    await presenting(room)
    await the_projector_page_follows(room)
    assert [one for person in (room.secretary, room.north, room.hall) for one in person.problems] == []


# --- the hall ---


async def a_hall_enters_and_stays(room: Room) -> None:
    """One press starts the screen; after a reload it enters by itself."""
    hall = room.hall
    await hall.click("hall-start")
    await hall.sees("hall-room")
    await hall.page.reload()
    await hall.sees("hall-room")
    for absent in ("request-floor", "panel", "tab-chat", "tab-poll"):
        await expect(hall[absent]).to_have_count(0)
    assert await hall["mute"].get_attribute("data-on") == "false"


async def enter_in_the_hall(room: Room) -> None:
    north = room.north
    await north.open(room.path("/room"))
    await north.page.get_by_test_id("mode-in_person").check()
    await expect(north["hall"]).to_be_visible(timeout=EXPECT_MS)
    await north.click("join")
    await expect(north["in-hall"]).to_be_visible(timeout=EXPECT_MS)


async def floor_of_the_hall(room: Room) -> None:
    """The member asks on the tablet; with the floor the hall's microphone opens, under the member's name."""
    secretary, north, hall = room.secretary, room.north, room.hall
    await north.click("request-floor")
    await tab(secretary, "floor")
    await secretary["floor-time"].select_option("60")
    await secretary.page.locator('[data-testid^="grant-floor-"]').click(timeout=EXPECT_MS)
    await hall.sees("hall-floor", "Minh Tùng")
    await expect(hall["mute"]).to_have_attribute("data-on", "true", timeout=EXPECT_MS)
    await expect(secretary.page.locator(".tile--floor")).to_contain_text("Minh Tùng", timeout=EXPECT_MS)
    await secretary.page.locator('[data-testid^="pause-floor-"]').click()
    await expect(hall["mute"]).to_have_attribute("data-on", "false", timeout=EXPECT_MS)
    await secretary.page.locator('[data-testid^="resume-floor-"]').click()
    await expect(hall["mute"]).to_have_attribute("data-on", "true", timeout=EXPECT_MS)
    await picture(hall, "hall")
    await north.click("request-floor")
    await expect(hall["mute"]).to_have_attribute("data-on", "false", timeout=EXPECT_MS)


# --- chat ---


async def chat(room: Room) -> None:
    secretary, north = room.secretary, room.north
    await tab(north, "chat")
    await north["chat-text"].fill(HOSTILE)
    await north.click("chat-send")
    await expect(secretary["tab-chat"]).to_contain_text("1", timeout=EXPECT_MS)
    await tab(secretary, "chat")
    message = secretary["chat-message"].first
    await expect(message).to_contain_text(HOSTILE, timeout=EXPECT_MS)
    assert await message.locator("img, b, a").count() == 0, "words stay words"
    await private_words(room)
    await a_draft_survives(north)
    await secretary["chat-remove"].first.click()
    await secretary.click("chat-remove-confirm")
    await expect(north["chat-message"].first).not_to_contain_text("elsewhere", timeout=EXPECT_MS)
    await secretary.click("chat-switch")
    await north["chat-text"].fill("Có ai không?")
    await expect(north["chat-send"]).to_be_disabled(timeout=EXPECT_MS)
    await north["chat-text"].fill("")
    await picture(secretary, "chat")


async def private_words(room: Room) -> None:
    """A message to the secretariat, and its answer."""
    secretary, north = room.secretary, room.north
    await north["chat-to"].select_option("secretariat")
    await north["chat-text"].fill("Micrô trong hội trường bị rè")
    await north.page.keyboard.press("Enter")
    await expect(secretary["chat-message"]).to_have_count(2, timeout=EXPECT_MS)
    await secretary.click("chat-answer")
    await secretary["chat-text"].fill("Kỹ thuật đang đến")
    await secretary.click("chat-send")
    await expect(north["chat-message"]).to_have_count(3, timeout=EXPECT_MS)
    assert await north["chat-message"].nth(2).get_attribute("data-audience") == "secretariat"


async def a_draft_survives(north: Person) -> None:
    """A reload loses neither the room nor what was typed."""
    await north["chat-text"].fill("Chưa gửi")
    await north.page.reload()
    if await north["join"].is_visible():
        await north.click("join")
    await expect(north["leave"]).to_be_visible(timeout=EXPECT_MS)
    await tab(north, "chat")
    await north["chat-to"].select_option("secretariat")
    await expect(north["chat-text"]).to_have_value("Chưa gửi", timeout=EXPECT_MS)
    await north["chat-text"].fill("")
    await north["chat-to"].select_option("everyone")


# --- presenting ---


async def presenting(room: Room) -> None:
    secretary, north, hall = room.secretary, room.north, room.hall
    items = (await room.snapshot())["items"]
    paper = next(paper["id"] for item in items for paper in item["papers"])
    await tab(secretary, "papers")
    await secretary.click(f"paper-{paper}")
    await secretary.click("paper-present")
    await at_page(north, 1)
    await at_page(hall, 1)
    await expect(secretary["followers"]).to_contain_text("2", timeout=EXPECT_MS)
    await secretary.click("paper-next")
    await at_page(north, 2)
    await at_page(hall, 2)
    await picture(north, "presented")
    await north.click("paper-previous")
    await at_page(north, 1)
    await north.sees("present-return")
    await expect(secretary["followers"]).to_contain_text("1", timeout=EXPECT_MS)
    await secretary["paper-page"].fill("1")
    await secretary["paper-page"].press("Enter")
    await at_page(hall, 1)
    await secretary.click("paper-next")
    await at_page(hall, 2)
    await at_page(north, 1)
    await north.click("present-return")
    await at_page(north, 2)
    await words_are_found(north)
    await secretary.click("present-stop")
    await expect(hall["paper"]).to_have_count(0, timeout=EXPECT_MS)
    await secretary.click("paper-close")


async def at_page(person: Person, number: int) -> None:
    await expect(person["sheet"]).to_have_attribute("data-page", str(number), timeout=EXPECT_MS)


async def words_are_found(north: Person) -> None:
    """Marks and case do not matter to the search."""
    await north.click("paper-search")
    await north["paper-query"].fill("TRAM BOM")
    await expect(north.page.locator(".textLayer__hit").first).to_be_visible(timeout=EXPECT_MS)
    await north["paper-query"].press("Escape")


# --- the projector page ---


async def the_projector_page_follows(room: Room) -> None:
    secretary, north, hall = room.secretary, room.north, room.hall
    await hall.open(f"/display/{room.meeting}")
    await hall.sees("display")
    await tab(secretary, "run")
    await secretary["announce-text"].fill("Nghỉ giải lao 10 phút")
    await secretary.click("announce")
    await hall.sees("display-announcement", "Nghỉ giải lao 10 phút")
    await north.sees("announcement", "Nghỉ giải lao 10 phút")
    await secretary.click("announce-withdraw")
    await expect(hall["display-announcement"]).to_have_count(0, timeout=EXPECT_MS)
    await secretary.click("run-next")
    await hall.sees("display-item-time")
    await a_poll_is_shown(room)
    await north.open(f"/display/{room.meeting}")
    await expect(north.page.get_by_role("alert")).to_be_visible(timeout=EXPECT_MS)
    await expect(north["display"]).to_have_count(0)


async def a_poll_is_shown(room: Room) -> None:
    """An annulled poll first, then one with a result."""
    secretary, north, hall = room.secretary, room.north, room.hall
    await secretary.click("run-poll")
    await secretary.click("poll-new")
    await secretary["poll-title"].fill("Thông qua báo cáo")
    await secretary.click("poll-create")
    await secretary["poll-seconds"].select_option("60")
    await secretary.click("poll-open")
    await hall.sees("display-poll", "Thông qua báo cáo")
    await hall.sees("display-poll-clock")
    await secretary.sees("cut-off", "Thu Sen")
    await picture(hall, "display-poll")
    await secretary.click("poll-annul")
    await secretary["annul-reason"].fill("Ba điểm cầu mất kết nối")
    await secretary.click("annul-confirm")
    await expect(hall["display-poll"]).to_have_count(0, timeout=EXPECT_MS)
    await secretary.click("poll-recast")
    await secretary.click("poll-open")
    await north.click("poll-yes")
    await north.click("poll-confirm")
    await north.sees("receipt")
    await expect(hall.page.locator('[data-seat="voted"]')).to_have_count(1, timeout=EXPECT_MS)
    await secretary.click("poll-close")
    await hall.sees("display-result", "Thông qua báo cáo")
    result = await until(lambda: verdict(room), "the result was not published")
    await expect(hall["display-result"]).to_have_attribute("data-verdict", result)
    await picture(hall, "display-result")
    await nothing_is_cut(hall)


# What sticks out of its place on the projector page. Runs in the page.
READ_CUT = """() => [...document.querySelectorAll('.display, .display__header, .display__main, .display__side')]
  .filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.className)"""
# The page in another direction and with much longer reasons for the result. Runs in the page.
LENGTHEN = """() => {
  document.documentElement.dir = 'rtl';
  const steps = document.querySelector('.derivation');
  for (const step of [...steps.children, ...steps.children]) steps.append(step.cloneNode(true));
}"""


async def nothing_is_cut(hall: Person) -> None:
    """On the smallest projectors too, from right to left too, and with reasons of many lines letters become smaller."""
    for width, height in ((1920, 1080), (1280, 800), (1024, 768), (800, 1280)):
        await hall.page.set_viewport_size({"width": width, "height": height})
        await until(lambda: fits(hall), f"cut at {width} by {height}", 5)
    await hall.page.set_viewport_size({"width": 1280, "height": 800})
    await hall.page.evaluate(LENGTHEN)
    await until(lambda: fits(hall), "long reasons are cut", 5)
    await picture(hall, "display-result-rtl")


async def fits(hall: Person) -> bool:
    return bool(await hall.page.evaluate(READ_CUT) == [])


async def verdict(room: Room) -> str | None:
    polls = (await room.snapshot())["polls"]
    return next((one["result"]["verdict"] for one in polls if one["result"]), None)
