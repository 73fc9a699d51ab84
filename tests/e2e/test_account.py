"""The own account in a real browser: two steps of signing in, an authenticator, sessions, a duty that demands it."""

from base64 import b32decode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from auth import totp
from tests.e2e.person import EXPECT_MS, Person, browsing
from tests.e2e.product import Product, running_product
from tests.e2e.test_screens import TAGS

pytestmark = [pytest.mark.browser, pytest.mark.process]

MAKE_CHAIR = """async ([meeting, person]) => {
  const path = `/api/v1/meetings/${meeting}`;
  const { participants } = await (await fetch(path)).json();
  const invitees = participants.map(({ personId, role, entitled }) => ({
    personId,
    role: personId === person ? 'chair' : role === 'chair' ? 'member' : role,
    entitled,
  }));
  const body = JSON.stringify({ invitees });
  return (await fetch(`${path}/invitations`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body }))
    .status;
}"""


@pytest.fixture
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    """The running product."""
    async with running_product(tmp_path / "data") as running:
        yield running


async def test_a_session_ended_from_elsewhere_closes_its_page_at_once(product: Product) -> None:
    async with (
        browsing("secretary", product.origin) as here,
        browsing("secretary", product.origin, beside=here) as there,
    ):
        await by_the_demos_buttons(here)
        await there.sign_in()
        meeting = (await there.get("/meetings"))["meetings"][0]["id"]
        await there.open(f"/meetings/{meeting}")
        await expect(there.page.get_by_role("heading", level=1)).to_contain_text("Phiên họp", timeout=EXPECT_MS)
        await here.click("person-menu")
        await here.click("open-account")
        await expect(here["session"]).to_have_count(2, timeout=EXPECT_MS)
        await here.click("end-session")
        await here.click("end-session-confirm")
        await expect(here["session"]).to_have_count(1, timeout=EXPECT_MS)
        await expect(there["signin-username"]).to_be_visible(timeout=EXPECT_MS)
        assert here.problems + there.problems == []


async def by_the_demos_buttons(person: Person) -> None:
    """Sign in as a visitor of the demo does, without typing anything."""
    await person.page.goto(person.origin)
    await person.click(f"demo-{person.username}")
    await expect(person["signin-username"]).to_have_value(person.username)
    await person.click("signin-submit")
    await person["signin-code"].fill("abc")
    await person.click("signin-code-submit")
    await expect(person["signin-code"]).to_have_attribute("aria-invalid", "true", timeout=EXPECT_MS)
    await person.click("demo-code")
    await person.click("signin-code-submit")
    await expect(person["person-menu"]).to_be_visible(timeout=EXPECT_MS)


async def test_a_new_duty_leads_to_an_authenticator_and_then_on(product: Product) -> None:
    async with (
        browsing("secretary", product.origin) as secretary,
        browsing("north", product.origin, beside=secretary) as north,
    ):
        await secretary.sign_in()
        await north.sign_in()
        meeting = (await secretary.get("/meetings"))["meetings"][0]["id"]
        north_id = (await north.get("/session"))["personId"]
        assert await secretary.page.evaluate(MAKE_CHAIR, [meeting, north_id]) == 204
        await north.open(f"/meetings/{meeting}")
        codes = await enrol(north)
        await expect(north.page.get_by_role("heading", level=1)).to_contain_text("Phiên họp", timeout=EXPECT_MS)
        await north.open("/account")
        await north.sees("recovery-left", "10")
        await expect(north["factor-remove"]).to_have_count(0)
        await with_a_recovery_code(north, codes[0])
        await north.open("/account")
        await north.sees("recovery-left", "9")
        assert secretary.problems + north.problems == []


async def enrol(person: Person) -> list[str]:
    """Go through the page that sets up an authenticator and return the recovery codes."""
    await expect(person["must-enrol"]).to_be_visible(timeout=EXPECT_MS)
    await person.click("enrol-begin")
    await person.step_up()
    secret = b32decode((await person["enrol-secret"].inner_text()).replace(" ", ""))
    await accessible(person)
    await person["enrol-code"].fill(totp.code_at(secret, totp.counter_at(datetime.now(UTC))))
    await person.click("enrol-confirm")
    await expect(person["recovery-codes"]).to_be_visible(timeout=EXPECT_MS)
    await accessible(person)
    codes = await person["recovery-codes"].locator("code").all_inner_texts()
    assert len(set(codes)) == 10
    await person["recovery-kept"].check()
    await person.click("recovery-done")
    return codes


async def accessible(person: Person) -> None:
    """What axe finds on the page at this moment is nothing."""
    findings = await Axe().run(person.page, options={"runOnly": TAGS})
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in findings.response["violations"]] == []


async def with_a_recovery_code(person: Person, code: str) -> None:
    """Sign out and in again without the authenticator."""
    await person.click("person-menu")
    await person.click("sign-out")
    await person["signin-username"].fill(person.username, timeout=EXPECT_MS)
    await person.click(f"demo-{person.username}")
    await person.click("signin-submit")
    await person.click("code-switch")
    await person["signin-code"].fill(code)
    await person.click("signin-code-submit")
    await expect(person["person-menu"]).to_be_visible(timeout=EXPECT_MS)
