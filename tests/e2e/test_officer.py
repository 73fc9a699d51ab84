"""The security officer at work: an alert that explains itself, timelines, verification, export with proof."""

import asyncio
import sys
import zipfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.person import EXPECT_MS, Person, browsing
from tests.e2e.pictures_for_docs import picture
from tests.e2e.product import running_product
from tests.e2e.test_screens import check

pytestmark = [pytest.mark.browser, pytest.mark.process]
ALERT_MS = 30_000  # the rules look every few seconds, the badge four times a minute


@pytest.fixture
async def people(tmp_path: Path) -> AsyncIterator[tuple[Person, Person]]:
    """An officer, and a member who is too curious."""
    async with AsyncExitStack() as stack:
        product = await stack.enter_async_context(running_product(tmp_path / "data"))
        officer = await stack.enter_async_context(browsing("officer", product.origin))
        member = await stack.enter_async_context(browsing("north", product.origin, beside=officer))
        yield officer, member


async def _pry(member: Person, times: int) -> None:
    for _ in range(times):
        answer = await member.page.request.get(f"{member.origin}/api/v1/audit")
        assert answer.status == 403


async def test_an_officer_follows_an_alert_and_proves_the_log(people: tuple[Person, Person], tmp_path: Path) -> None:
    officer, member = people
    await officer.let_in()
    await member.let_in()
    await officer.open("/")
    await _pry(member, 12)
    await expect(officer["alert-badge"]).to_be_visible(timeout=ALERT_MS)
    await officer.open("/audit")
    await officer.step_up()
    await officer.click("alerts-show")
    await expect(officer["alert"]).to_have_attribute("data-rule", "denials", timeout=EXPECT_MS)
    await check(officer, "audit-alerts")
    await officer.click("alert-timeline")
    await expect(officer["timeline-session"].first).to_be_visible(timeout=EXPECT_MS)
    denied = officer.page.locator('[data-testid="timeline-line"][data-action="authorization.denied"]')
    await expect(denied.first).to_contain_text("12")
    await picture(officer, "audit-timeline")
    await check(officer, "audit-timeline")
    await _acknowledge(officer)
    await _filters_stay_in_the_address(officer)
    await _verify(officer, tmp_path)
    await _export(officer, tmp_path)
    assert officer.problems + member.problems == []


async def _acknowledge(officer: Person) -> None:
    await officer.open("/audit?tab=alerts")
    await officer.click("alert-acknowledge")
    await officer["alert-note"].fill("Đã trao đổi với người liên quan.")
    await officer.click("alert-acknowledge-confirm")
    await expect(officer["alert"]).to_have_count(0, timeout=EXPECT_MS)
    await expect(officer["alert-badge"]).to_have_count(0, timeout=EXPECT_MS)


async def _filters_stay_in_the_address(officer: Person) -> None:
    await officer.open("/audit")
    await officer["audit-filter-group"].select_option("denial")
    await officer.click("audit-filter-submit")
    await expect(officer.page).to_have_url(f"{officer.origin}/audit?group=denial", timeout=EXPECT_MS)
    await officer.page.reload()
    await expect(officer["audit-row"]).to_have_count(12, timeout=EXPECT_MS)
    await expect(officer["audit-filter-group"]).to_have_value("denial")


async def _verify(officer: Person, folder: Path) -> None:
    await officer.open("/audit?tab=proof")
    async with officer.page.expect_download() as started:
        await officer.click("audit-checkpoint")
    await (await started.value).save_as(folder / "kept.txt")
    await officer.click("audit-verify")
    await expect(officer["audit-result"]).to_have_attribute("data-ok", "true", timeout=EXPECT_MS)
    await officer["audit-compare-file"].set_input_files(folder / "kept.txt")
    await expect(officer["audit-result"]).to_have_attribute("data-ok", "true", timeout=EXPECT_MS)
    await check(officer, "audit-proof")
    (folder / "forged.txt").write_text(
        (folder / "kept.txt").read_text("utf-8").replace("\n", "1\n", 2), encoding="utf-8"
    )
    await officer["audit-compare-file"].set_input_files(folder / "forged.txt")
    await expect(officer["audit-result"]).to_have_attribute("data-ok", "false", timeout=EXPECT_MS)


async def _export(officer: Person, folder: Path) -> None:
    await officer.open("/audit?group=denial")
    await officer.click("audit-export")
    await expect(officer["export-count"]).to_contain_text("12", timeout=EXPECT_MS)
    await officer["export-format"].select_option("proof")
    await officer["export-kept"].fill((folder / "kept.txt").read_text("utf-8").split("\n")[1])
    async with officer.page.expect_download() as started:
        await officer.click("export-start")
    await (await started.value).save_as(folder / "proof.zip")
    with zipfile.ZipFile(folder / "proof.zip") as bundle:
        bundle.extractall(folder / "proof")
    told = await _outsider(folder / "proof", folder / "kept.txt")
    assert told.startswith("VERIFIED: 12 entries"), told


async def _outsider(bundle: Path, kept: Path) -> str:
    """Run the verifier of the archive as somebody without our product would."""
    files = (bundle / "verifier.py", bundle / "entries.jsonl", kept, bundle / "vkey.txt")
    ran = await asyncio.create_subprocess_exec(
        sys.executable, "-I", *map(str, files), stdout=asyncio.subprocess.PIPE, cwd=bundle
    )
    return (await ran.communicate())[0].decode()
