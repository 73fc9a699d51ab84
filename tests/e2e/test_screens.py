"""Every screen: free of axe's findings in light, dark, right-to-left and on a phone, never wider than its window."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.e2e.person import EXPECT_MS, Person, browsing
from tests.e2e.pictures import write_camera
from tests.e2e.pictures_for_docs import picture
from tests.e2e.product import running_product

pytestmark = [pytest.mark.browser, pytest.mark.process]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 800}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CHOOSE = "(select, value) => { select.value = value; select.dispatchEvent(new Event('change')); }"
# What axe finds. Runs in the page.
READ_FINDINGS = """async (runOnly) => {
  const { violations } = await axe.run({ runOnly, resultTypes: ['violations'] });
  return violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 200)]);
}"""
# Resolves when letters are there and nothing moves any more, apart from what moves for ever. Runs in the page.
SETTLED = """async () => {
  await document.fonts.ready;
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const ending = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map((one) => one.finished));
}"""


@dataclass(frozen=True, slots=True)
class Look:
    """How a screen is shown."""

    name: str
    scheme: str
    language: str
    window: dict[str, int]


LOOKS = (  # languages in one piece, since each change draws everything anew
    Look("light", "light", "vi", DESK),
    Look("phone", "light", "vi", PHONE),
    Look("phone-dark-rtl", "dark", "ar-XB", PHONE),
    Look("rtl", "light", "ar-XB", DESK),
    Look("dark", "dark", "en", DESK),
)


@pytest.fixture
async def people(tmp_path: Path) -> AsyncIterator[dict[str, Person]]:
    """A secretary, an officer and an administrator in front of the running product."""
    async with AsyncExitStack() as stack:
        product = await stack.enter_async_context(running_product(tmp_path / "data"))
        camera = write_camera(tmp_path / "camera.y4m", "green")
        secretary = await stack.enter_async_context(browsing("secretary", product.origin, camera=camera))
        others = {
            name: await stack.enter_async_context(browsing(name, product.origin, beside=secretary))
            for name in ("officer", "admin")
        }
        yield {"secretary": secretary} | others


async def test_every_screen_is_accessible_in_every_look(people: dict[str, Person]) -> None:
    secretary, officer = people["secretary"], people["officer"]
    await secretary.page.goto(secretary.origin)
    await check(secretary, "signin")
    await check_code(secretary)
    await secretary.sign_in()
    await check(secretary, "home")
    await secretary.open("/account")
    await expect(secretary["sessions"]).to_be_visible(timeout=EXPECT_MS)
    await check(secretary, "account")
    meeting = (await secretary.get("/meetings"))["meetings"][0]["id"]
    await secretary.open(f"/meetings/{meeting}")
    await check(secretary, "desk-draft")
    for opener in ("copy-meeting", "invite", "add-item", "cancel-meeting"):
        await check_dialog(secretary, f"desk-{opener}", opener)
    await secretary.click("convene")
    await secretary.step_up()
    await secretary.click("open-meeting")
    await expect(secretary["adjourn"]).to_be_visible(timeout=EXPECT_MS)
    await check(secretary, "desk-in-session")
    await secretary.open(f"/meetings/{meeting}/room")
    await check(secretary, "lobby")
    await check_room(secretary)
    await secretary.open(f"/display/{meeting}")
    await expect(secretary["display"]).to_be_visible(timeout=EXPECT_MS)
    await check(secretary, "display", only="vi")
    await adjourn(secretary, meeting)
    await secretary.open(f"/meetings/{meeting}/minutes")
    await expect(secretary["minutes-section-closing"]).to_be_visible(timeout=EXPECT_MS)
    await check(secretary, "minutes")
    await officer.let_in()
    await officer.open("/audit")
    await officer.step_up()
    await expect(officer["audit-row"].first).to_be_visible(timeout=EXPECT_MS)
    await check(officer, "audit")
    await check_administration(people["admin"])
    assert secretary.problems + officer.problems + people["admin"].problems == []


async def check_administration(admin: Person) -> None:
    """The administrator's pages, and the page of a welcome link that has ended."""
    await admin.let_in()
    await admin.open("/")
    await expect(admin["admin-nav-people"]).to_be_visible(timeout=EXPECT_MS)
    await check(admin, "admin")
    for section in ("people", "rooms", "sites", "import", "policies"):
        await admin.open(f"/admin/{section}")
        await expect(admin.page.locator(".card").first).to_be_visible(timeout=EXPECT_MS)
        await check(admin, f"admin-{section}")
        if section == "people":
            await picture(admin, "admin-people")
    person = (await admin.get("/administration/people?q=delta"))["people"][0]["id"]
    await admin.open(f"/admin/people/{person}")
    await expect(admin["access-link"]).to_be_visible(timeout=EXPECT_MS)
    await check(admin, "admin-person")
    await admin.open("/welcome#ended")
    await expect(admin.page.get_by_role("alert")).to_be_visible(timeout=EXPECT_MS)
    await check(admin, "welcome")


async def check_dialog(person: Person, screen: str, opener: str) -> None:
    """What a button opens, which escape closes again."""
    await person.click(opener)
    await check(person, screen)
    await person.page.keyboard.press("Escape")
    await expect(person.page.locator("dialog[open]")).to_have_count(0, timeout=EXPECT_MS)


async def check_code(person: Person) -> None:
    """The second step of signing in."""
    await person.click(f"demo-{person.username}")
    await person.click("signin-submit")
    await expect(person["demo-code"]).to_be_visible(timeout=EXPECT_MS)
    await check(person, "signin-code")


async def adjourn(secretary: Person, meeting: str) -> None:
    await secretary.open(f"/meetings/{meeting}")
    await secretary.click("adjourn")
    await secretary.click("adjourn-confirm")
    await expect(secretary["open-minutes"]).to_be_visible(timeout=EXPECT_MS)


async def check_room(person: Person) -> None:
    """The room has no choice of language: it is entered once in each, from the lobby."""
    for language in dict.fromkeys(look.language for look in LOOKS):
        await choose_language(person, language)
        await person.click("join")
        await expect(person["leave"]).to_be_visible(timeout=EXPECT_MS)
        for panel in ("people", "poll", "chat", "run"):
            if not await person[f"tab-{panel}"].is_visible():
                await person.click("panel")
            await person.click(f"tab-{panel}")
            await check(person, f"room-{panel}", only=language)
        for dialog in ("connection", "settings", "shortcuts"):
            await person.click(dialog)
            await check(person, f"room-{dialog}", only=language)
            await person.page.keyboard.press("Escape")
        await person.click("leave")
        await person.page.reload()
    await choose_language(person, "vi")


async def check(person: Person, screen: str, *, only: str | None = None) -> None:
    """Show the screen in every look and let axe read it; with ``only`` in the looks of the language it is in."""
    page = person.page
    for look in LOOKS:
        if only not in (None, look.language):
            continue
        await page.emulate_media(color_scheme=look.scheme)  # type: ignore[arg-type]
        await page.set_viewport_size(look.window)  # type: ignore[arg-type]
        if only is None:
            await choose_language(person, look.language)
        await page.evaluate(SETTLED)
        await picture(person, f"screens-{screen}-{look.name}")
        if await page.evaluate("!window.axe"):
            await page.evaluate(Axe().axe_script)
        findings = await page.evaluate(READ_FINDINGS, TAGS)
        if findings:  # what arrives while axe reads is still taking on its colour
            await page.evaluate(SETTLED)
            findings = await page.evaluate(READ_FINDINGS, TAGS)
        assert findings == [], f"{screen}, {look.name}"
        overhang = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overhang <= 0, f"{screen}, {look.name} is {overhang} px wider than its window"
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await page.emulate_media(color_scheme="light")
    if only is None:
        await choose_language(person, "vi")


async def choose_language(person: Person, language: str) -> None:
    """Also behind a dialog, where nothing can be clicked."""
    if await person.page.locator("html").get_attribute("lang") == language:
        return
    await person["language"].evaluate(CHOOSE, language)
    await expect(person.page.locator("html")).to_have_attribute("lang", language, timeout=EXPECT_MS)
