"""A secretary prepares a meeting from nothing, convenes it, changes it, and a member has to acknowledge again."""

import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import vobject  # type: ignore[import-untyped]
from playwright.async_api import Locator, expect

from tests.documents import make_fixtures
from tests.e2e.person import EXPECT_MS, Person, browsing, until
from tests.e2e.pictures_for_docs import picture
from tests.e2e.product import Product, running_product

pytestmark = [pytest.mark.browser, pytest.mark.process]
HOSTILE = '<img src=x onerror="window.hacked=1">'
MEMBERS = ("chair", "north", "delta")


@dataclass(slots=True)
class Desk:
    """The running product, its secretary and a member."""

    product: Product
    folder: Path
    secretary: Person
    member: Person
    path: str = ""

    async def snapshot(self) -> Any:
        """Return the meeting as the secretary sees it."""
        return await self.secretary.get(self.path)

    async def titles(self) -> list[str]:
        """Return the agenda in its order."""
        return [item["title"] for item in sorted((await self.snapshot())["items"], key=lambda one: one["position"])]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with AsyncExitStack() as stack:
        product = await stack.enter_async_context(running_product(tmp_path / "data"))
        secretary = await stack.enter_async_context(browsing("secretary", product.origin))
        member = await stack.enter_async_context(browsing("north", product.origin, beside=secretary))
        yield Desk(product, tmp_path, secretary, member)


async def test_a_meeting_is_prepared_convened_and_changed(desk: Desk) -> None:
    await draft(desk)
    await agenda_by_drag_and_keyboard(desk)
    await several_papers_at_once(desk)
    await invite(desk)
    await convene(desk)
    await letters_lie_in_the_outbox(desk)
    await member_acknowledges(desk)
    await change_and_convene_again(desk)
    await member_sees_the_difference(desk)
    assert desk.secretary.problems + desk.member.problems == []
    assert await desk.secretary.page.evaluate("window.hacked") is None


async def draft(desk: Desk) -> None:
    secretary = desk.secretary
    await secretary.let_in()
    await secretary.open("/")
    await secretary.click("new-meeting")
    await secretary["meeting-title"].fill("Họp chuẩn bị mùa vụ")
    await secretary.click("save-meeting")
    await secretary.sees("fix-empty_agenda")
    desk.path = secretary.page.url.removeprefix(desk.product.origin)
    await expect(secretary["convene"]).to_be_disabled()


async def add(desk: Desk, title: str) -> None:
    await desk.secretary.click("add-item")
    await desk.secretary["item-title"].fill(title)
    await desk.secretary.click("save-item")
    await expect(desk.secretary["item-title"]).to_have_count(0, timeout=EXPECT_MS)
    await expect(desk.secretary.page.get_by_role("heading", name=title, exact=True)).to_be_visible(timeout=EXPECT_MS)


async def agenda_by_drag_and_keyboard(desk: Desk) -> None:
    for title in ("Ngân sách", "Nhân sự", "Việc khác"):
        await add(desk, title)
    items = sorted((await desk.snapshot())["items"], key=lambda one: one["position"])
    await drag(desk, desk.secretary[f"grip-{items[2]['id']}"], desk.secretary[f"item-{items[0]['id']}"])
    await until(lambda: ordered(desk, ["Việc khác", "Ngân sách", "Nhân sự"]), "the item was not dragged to the top")
    grip = desk.secretary[f"grip-{items[2]['id']}"]
    await grip.focus()
    await grip.press("Alt+ArrowDown")
    await until(lambda: ordered(desk, ["Ngân sách", "Việc khác", "Nhân sự"]), "Alt and the arrow did not move the item")
    await expect(grip).to_be_focused()
    await expect(desk.secretary.page.locator(".notices")).to_contain_text("2", timeout=EXPECT_MS)
    await grip.press("Alt+ArrowDown")
    await until(lambda: ordered(desk, ["Ngân sách", "Nhân sự", "Việc khác"]), "the item did not move again")


async def ordered(desk: Desk, titles: list[str]) -> bool:
    return await desk.titles() == titles


async def drag(desk: Desk, grip: Locator, onto: Locator) -> None:
    """Drag with the pointer, to above the upper half of a row."""
    mouse = desk.secretary.page.mouse
    await grip.scroll_into_view_if_needed()
    start, end = await grip.bounding_box(), await onto.bounding_box()
    assert start
    assert end
    await mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    await mouse.down()
    await mouse.move(end["x"] + 20, end["y"] + 20, steps=8)
    await expect(desk.secretary.page.locator(".agenda__item--before")).to_be_visible(timeout=EXPECT_MS)
    await mouse.up()


async def several_papers_at_once(desk: Desk) -> None:
    """Three at once: one is cancelled while it is on its way, one is refused with words, one arrives."""
    secretary, page = desk.secretary, desk.secretary.page
    item = min((await desk.snapshot())["items"], key=lambda one: one["position"])["id"]
    good, broken, slow = (desk.folder / name for name in ("Dự toán “A”\u202e.pdf", "hong.pdf", "cham.pdf"))
    good.write_bytes(make_fixtures.plain())
    broken.write_bytes(b"%PDF-1.7 and nothing that follows")
    slow.write_bytes(make_fixtures.plain())

    async def hold(route: Any) -> None:
        if "cham.pdf" in (route.request.post_data_buffer or b"").decode("utf-8", "replace"):
            return  # it is on its way for as long as nobody cancels it
        await route.continue_()

    await page.route("**/papers", hold)
    await secretary[f"upload-{item}"].set_input_files([good, broken, slow])
    await expect(secretary["upload-failed"]).to_contain_text("hong.pdf", timeout=EXPECT_MS)
    await until(lambda: papers(desk, item, 1), "the good paper did not arrive")
    await picture(secretary, "desk-uploads")
    await secretary["upload-job"].get_by_role("button").click()
    await expect(secretary["upload-job"]).to_have_count(0, timeout=EXPECT_MS)
    await secretary["upload-failed"].get_by_role("button").last.click()
    await page.unroute("**/papers", hold)
    (paper,) = await papers(desk, item, 1)
    assert paper["title"] == "Dự toán “A”"
    await secretary.click(f"change-paper-{paper['id']}")
    await secretary["paper-title"].fill("Dự toán năm")
    await secretary.click("save-paper")
    await secretary.sees(f"paper-{paper['id']}", "Dự toán năm")


async def papers(desk: Desk, item: str, count: int) -> Any:
    found = next(one for one in (await desk.snapshot())["items"] if one["id"] == item)["papers"]
    return found if len(found) == count else None


async def invite(desk: Desk) -> None:
    """The checklist leads to the invitations, and empties."""
    secretary = desk.secretary
    await secretary.click("fix-no_chair")
    people = {one["name"]: one["id"] for one in (await secretary.get("/directory"))["people"]}
    for name in ("Hoàng Lan", "Minh Tùng", "Thu Sen"):
        await secretary["invite-search"].fill(name)
        await secretary.click(f"invite-{people[name]}")
    await secretary[f"role-{people['Hoàng Lan']}"].select_option("chair")
    await secretary.click("save-invitations")
    await secretary.sees("checklist-ready")
    await expect(secretary["checklist-missing"]).to_have_count(0)
    await picture(secretary, "desk-ready")


async def convene(desk: Desk) -> None:
    await desk.secretary.click("convene")
    await desk.secretary.step_up()
    await desk.secretary.sees("verify")


async def letters(desk: Desk, count: int) -> list[EmailMessage] | None:
    files = sorted((desk.product.data / "outgoing").glob("*.eml"))
    if len(files) < count:
        return None
    return [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in files]


async def letters_lie_in_the_outbox(desk: Desk) -> None:
    everybody = len(MEMBERS) + 1
    found = await until(lambda: letters(desk, everybody), "the invitations were not written")
    assert {one["To"].addresses[0].username for one in found} == {*MEMBERS, "secretary"}
    event = entry(found[0])
    assert event.summary.value == "Họp chuẩn bị mùa vụ"
    assert event.sequence.value == "1"


def entry(letter: EmailMessage) -> Any:
    """Return the event in a letter's calendar file, read by another library than the one that wrote it."""
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == "meeting.ics"
    return vobject.readOne(attached.get_content().decode()).vevent


async def member_acknowledges(desk: Desk) -> None:
    await desk.member.let_in()
    await desk.member.open(desk.path)
    await desk.member.click("acknowledge")
    await expect(desk.member["acknowledge"]).to_have_count(0, timeout=EXPECT_MS)


async def rename(desk: Desk, before: str, after: str) -> None:
    secretary = desk.secretary
    item = next(one for one in (await desk.snapshot())["items"] if one["title"] == before)["id"]
    await secretary.click(f"edit-{item}")
    await secretary["item-title"].fill(after)
    await secretary.click("save-item")
    await secretary.sees("changed-since", after)


async def change_and_convene_again(desk: Desk) -> None:
    secretary = desk.secretary
    await rename(desk, "Nhân sự", "Nhân sự và tuyển dụng")
    await secretary["changed-since"].scroll_into_view_if_needed()
    await picture(secretary, "agenda-diff")
    await rename(desk, "Việc khác", HOSTILE)
    await secretary.click("convene")
    await expect(secretary["changed-since"]).to_have_count(0, timeout=EXPECT_MS)


async def member_sees_the_difference(desk: Desk) -> None:
    """What was acknowledged no longer counts; the page and the letter both say what changed."""
    member = desk.member
    await member.sees("news", "Nhân sự và tuyển dụng")
    await member.sees("news", HOSTILE)
    await picture(member, "news")
    await member.click("acknowledge")
    await expect(member["acknowledge"]).to_have_count(0, timeout=EXPECT_MS)
    versions = (await desk.snapshot())["versions"]
    assert [len(one["acknowledgedBy"]) for one in versions] == [1, 1]
    everybody = len(MEMBERS) + 1
    found = await until(lambda: letters(desk, 2 * everybody), "the changes were not told by mail")
    body = found[-1].get_body(("plain",))
    assert body is not None
    assert "Nhân sự và tuyển dụng" in body.get_content()
    assert entry(found[-1]).sequence.value == "2"
