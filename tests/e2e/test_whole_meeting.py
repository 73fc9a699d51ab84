"""One meeting from preparation to archive, at four sites that are hosts of their own, in Chromium and Firefox.

Whatever goes wrong in real life happens on the way: a page is reloaded in mid-poll, the hub and the relay are killed, a
site's cable is pulled for ten seconds, a laptop changes its address. After each everybody sees everybody again.
"""

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.gathering import STILL_MOVING_S
from tests.e2e.openssl import verify_with_openssl
from tests.e2e.person import EXPECT_MS, Person, browsing, until
from tests.e2e.pictures import COLOURS, WATCH_PICTURES, write_camera
from tests.e2e.pictures_for_docs import picture
from tests.e2e.product import Product, running_product
from tests.e2e.tampering import refused_after_tampering
from tests.network.hosts import Host, network

pytestmark = [
    pytest.mark.conference,
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.needs("firefox-esr", "hosts"),
]
PAPER = Path(__file__).parents[2] / "signaling" / "demo-paper.pdf"
MUTED = "Micrô tắt"  # what the mark on a tile is called
# Who takes part, from which site. Highland uses Firefox, the others Chromium.
SITES = {"chair": "office", "secretary": "office", "north": "north", "delta": "delta", "highland": "highland"}
WITH_FIREFOX = "highland"
CUT_S = 10.0
STILL_MS = 6_000  # two seconds on a computer that has not five browsers to run


@dataclass(slots=True)
class Committee:
    """The product, and the people who meet; ``colours`` are what each one's camera shows."""

    product: Product
    folder: Path
    people: dict[str, Person]
    colours: dict[str, str]
    hosts: dict[str, Host]
    meeting: str = ""

    def __getitem__(self, username: str) -> Person:
        return self.people[username]

    @property
    def room(self) -> list[Person]:
        """Everybody; all have camera and microphone."""
        return list(self.people.values())

    def path(self, rest: str = "") -> str:
        """The address of the meeting's pages."""
        return f"/meetings/{self.meeting}{rest}"


@pytest.fixture
async def committee(tmp_path: Path) -> AsyncIterator[Committee]:
    """The running product at the centre, and five people at their sites, each in a browser of their own."""
    async with AsyncExitStack() as stack:
        hosts = stack.enter_context(network(*dict.fromkeys(SITES.values())))
        product = await stack.enter_async_context(running_product(tmp_path / "data", host=hosts["centre"]))
        colours = dict(zip(SITES, COLOURS, strict=True))
        people: dict[str, Person] = {}
        for name, site in SITES.items():
            camera = write_camera(tmp_path / f"{name}.y4m", colours[name])
            firefox = colours[name] if name == WITH_FIREFOX else None
            beside = next((people[one] for one in people if SITES[one] == site), None)
            browser = browsing(name, product.origin, camera=camera, firefox=firefox, host=hosts[site], beside=beside)
            people[name] = await stack.enter_async_context(browser)
        yield Committee(product, tmp_path, people, colours, hosts)


async def test_a_committee_meets_from_the_agenda_to_the_signed_minutes(committee: Committee) -> None:
    await prepare_and_convene(committee)
    await enter_the_room(committee)
    await everybody_sees_everybody(committee)
    await mute_camera_and_papers(committee)
    poll = await open_a_poll(committee)
    await the_hub_dies_and_nobody_notices(committee, poll)
    await a_page_is_reloaded_in_mid_poll(committee)
    await a_site_is_cut_off(committee)
    await close_the_poll(committee)
    await a_laptop_changes_its_address(committee)
    await the_relay_dies(committee)
    await conclude_and_adjourn(committee)
    await write_and_sign_the_minutes(committee)
    await signatures_hold_outside(committee)
    await the_officer_proves_the_log(committee)
    assert {name: person.problems for name, person in committee.people.items() if person.problems} == {}


async def prepare_and_convene(committee: Committee) -> None:
    secretary = committee["secretary"]
    await secretary.page.goto(secretary.origin)
    await secretary["signin-username"].fill("secretary")
    await secretary["signin-password"].fill("not the password")
    await secretary.click("signin-submit")
    await expect(secretary.page.get_by_role("alert")).to_be_visible(timeout=EXPECT_MS)
    await secretary.sign_in()
    committee.meeting = (await secretary.get("/meetings"))["meetings"][0]["id"]
    await secretary.open(committee.path())
    await picture(secretary, "desk")
    await upload_a_paper(committee)
    await secretary.click("convene")
    await secretary.step_up()
    await secretary.click("open-meeting")
    await until(lambda: state_is(committee, "in_session"), "the session did not open")


async def upload_a_paper(committee: Committee) -> None:
    """A text that calls itself PDF is refused with words and loses nothing; a real PDF is taken in."""
    secretary = committee["secretary"]
    item = (await secretary.get(committee.path()))["items"][0]["id"]
    impostor = committee.folder / "notes.pdf"
    impostor.write_text("this is not a PDF")
    await secretary[f"upload-{item}"].set_input_files(impostor)
    await expect(secretary.page.get_by_role("alert").first).to_be_visible(timeout=EXPECT_MS)
    await secretary[f"upload-{item}"].set_input_files(PAPER)

    async def stored() -> bool:
        return len((await secretary.get(committee.path()))["items"][0]["papers"]) == 1

    await until(stored, "the paper was not stored")


async def state_is(committee: Committee, state: str) -> bool:
    return bool((await committee["secretary"].get(committee.path()))["meeting"]["state"] == state)


async def enter_the_room(committee: Committee) -> None:
    for person in committee.room:
        if person is committee[WITH_FIREFOX]:
            await person.sign_in()
        elif person is not committee["secretary"]:
            await person.let_in()
        await person.open(committee.path())
        await person.click("acknowledge")
        await person.open(committee.path("/room"))
        await person.click("join")
    snapshot = await committee["secretary"].get(committee.path())
    assert len(snapshot["versions"][0]["acknowledgedBy"]) == len(SITES)


async def everybody_sees_everybody(committee: Committee) -> None:
    """Each receiver decodes each sender's colour, and sees the frame count move."""
    await all_see_all(committee, "does not see everybody")
    await picture(committee["chair"], "room-of-five")


async def all_see_all(committee: Committee, message: str, timeout_s: float = 60.0) -> None:
    """Wait until every receiver decodes every sender's advancing code."""
    for person in committee.room:
        await until(lambda person=person: sees_all(committee, person), f"{message}: {person.username}", timeout_s)


async def sees_all(committee: Committee, person: Person) -> bool:
    before = await person.tiles()
    await asyncio.sleep(0.7)
    after = await person.tiles()
    moving = {one for one in after if one in before and after[one]["count"] != before[one]["count"]}
    colours = sorted(after[one]["colour"] for one in moving)
    return colours == sorted(COLOURS)


async def mute_camera_and_papers(committee: Committee) -> None:
    chair, north = committee["chair"], committee["north"]
    await north.click("camera")

    async def dark() -> bool:
        return committee.colours["north"] not in {tile["colour"] for tile in (await chair.tiles()).values()}

    await until(dark, "a camera that was turned off is still seen")
    await north.click("camera")
    await until(lambda: sees_all(committee, chair), "the camera did not come back", 30)
    await north.click("mute")
    await until(lambda: muted(committee, "north"), "the room was not told that a microphone is off")
    await north.click("tab-papers")
    await north.page.locator('[data-testid^="paper-"]').first.click()
    await expect(north["paper-pages"]).to_be_visible(timeout=30_000)
    await north.click("paper-close")
    await delta_reloads(committee)


async def muted(committee: Committee, username: str) -> bool:
    """Whether the chair's page shows that somebody's microphone is off."""
    somebody = (await committee[username].get("/session"))["personId"]
    marks = (
        committee["chair"].page.locator(f'[data-person-id="{somebody}"] .tile__caption').get_by_role("img", name=MUTED)
    )
    return await marks.count() > 0


async def delta_reloads(committee: Committee) -> None:
    """A reload is not a departure: presence stays, and the page is back in the room by itself."""
    delta = committee["delta"]
    await delta.page.reload()
    await all_see_all(committee, "a reload was not recovered from")


async def open_a_poll(committee: Committee) -> str:
    chair = committee["chair"]
    item = (await chair.get(committee.path()))["items"][1]["id"]
    await chair.click(f"item-start-{item}")
    await chair.click("tab-poll")
    await chair.click("poll-new")
    await chair["poll-title"].fill("Kế hoạch trạm bơm chung")
    await chair.click("poll-create")
    await chair.click("poll-open")
    await expect(chair["poll-yes"]).to_be_visible(timeout=EXPECT_MS)
    return str(item)


async def vote(person: Person, option: str) -> None:
    if not await person[f"poll-{option}"].is_visible():
        await person.click("tab-poll")
    await person.click(f"poll-{option}")
    await person.click("poll-confirm")
    await person.sees("receipt")


async def the_hub_dies_and_nobody_notices(committee: Committee, item: str) -> None:
    """kill -9 of the hub in the middle of a vote: pictures go on, ballots are kept, pages come back by themselves."""
    chair, north = committee["chair"], committee["north"]
    await vote(north, "yes")
    receipt = await north["receipt"].inner_text()
    relay = committee.product.process("relay")
    committee.product.kill("serve")
    await until(lambda: sees_all(committee, chair), "pictures stopped with the hub", STILL_MOVING_S)
    for person in committee.room:
        await connected(person)
    assert committee.product.process("relay") == relay
    await all_see_all(committee, "pictures stopped after the restart")
    await expect(north["receipt"]).to_have_text(receipt, timeout=EXPECT_MS)
    assert (await chair.get(committee.path()))["meeting"]["currentItemId"] == item


async def connected(person: Person, *, wanted: bool = True) -> None:
    """Wait until the page says that it is connected, or that it is not."""
    badge = expect(person["connection"])
    if wanted:
        await badge.to_have_attribute("data-trouble", "none", timeout=90_000)
    else:
        await badge.not_to_have_attribute("data-trouble", "none", timeout=40_000)


async def a_page_is_reloaded_in_mid_poll(committee: Committee) -> None:
    """Firefox, before it has voted."""
    highland = committee["highland"]
    await highland.page.reload()
    await vote(highland, "no")
    await all_see_all(committee, "a reload was not recovered from")


async def a_site_is_cut_off(committee: Committee) -> None:
    """Ten seconds without a network in the middle of the vote: the page says so, and afterwards all is as before."""
    delta, host = committee["delta"], committee.hosts["delta"]
    host.pull_cable()
    began = asyncio.get_running_loop().time()
    await connected(delta, wanted=False)
    await asyncio.sleep(began + CUT_S - asyncio.get_running_loop().time())
    host.plug_in()
    await connected(delta)
    await all_see_all(committee, "the cut was not recovered from")
    await vote(delta, "yes")


async def a_laptop_changes_its_address(committee: Committee) -> None:
    """What it sees stands still for a moment, and so does its picture at the others."""
    chair, north = committee["chair"], committee["north"]
    person = (await north.get("/session"))["personId"]
    await north.page.evaluate(WATCH_PICTURES, '[data-testid^="tile-"]:not([data-own="true"])')
    await chair.page.evaluate(WATCH_PICTURES, f'[data-person-id="{person}"]')
    committee.hosts["north"].change_address(77)
    await all_see_all(committee, "a changed address was not recovered from")
    still_ms = [await one.page.evaluate("stoodStill()") for one in (north, chair)]
    print("pictures stood still after a changed address, here and there:", still_ms, "ms")
    assert max(still_ms) < STILL_MS


async def the_relay_dies(committee: Committee) -> None:
    committee.product.kill("relay")
    await all_see_all(committee, "the relay's end was not recovered from")


async def close_the_poll(committee: Committee) -> None:
    chair = committee["chair"]
    await vote(chair, "yes")
    await chair.click("poll-close")
    for person in committee.room:
        await expect(person["verdict"]).to_have_attribute("data-verdict", "carried", timeout=EXPECT_MS)
    await picture(chair, "verdict")
    poll = (await chair.get(committee.path()))["polls"][0]
    assert poll["result"]["counts"] == {"yes": 3, "no": 1, "abstain": 0}
    threshold = next(step for step in poll["result"]["derivation"] if step["key"] == "threshold")
    assert (threshold["params"]["left"], threshold["params"]["right"], threshold["holds"]) == (6, 4, True)


async def conclude_and_adjourn(committee: Committee) -> None:
    chair, secretary = committee["chair"], committee["secretary"]
    items = (await chair.get(committee.path()))["items"]
    for number in (1, 0, 2):
        item = items[number]["id"]
        if number != 1:
            await chair.click(f"item-start-{item}")
        await chair.click(f"item-conclude-{item}")
        await chair.click("conclude-confirm")
        await expect(chair[f"item-conclude-{item}"]).to_have_count(0, timeout=EXPECT_MS)
    await secretary.open(committee.path())
    await secretary.click("adjourn")
    await secretary.click("adjourn-confirm")
    await until(lambda: state_is(committee, "adjourned"), "the session was not adjourned")


async def write_and_sign_the_minutes(committee: Committee) -> None:
    secretary, chair = committee["secretary"], committee["chair"]
    await secretary.open(committee.path("/minutes"))
    closing = secretary["minutes-section-closing"]
    await expect(closing).to_be_visible(timeout=EXPECT_MS)
    await closing.fill(await closing.input_value() + "\nBiên bản đã được đọc lại và thống nhất.")
    await secretary.click("minutes-save")
    await picture(secretary, "minutes")
    await secretary.click("minutes-review")
    await secretary.click("minutes-review-confirm")
    await expect(secretary["minutes-sign"]).to_be_visible(timeout=30_000)
    await sign(secretary)
    await chair.open(committee.path("/minutes"))
    await sign(chair)
    await chair.click("verify")
    await expect(chair["verification-result"]).to_have_attribute("data-accepted", "true", timeout=30_000)
    await secretary.open(committee.path("/minutes"))
    await secretary.click("archive")
    await until(lambda: state_is(committee, "archived"), "the meeting was not archived")


async def sign(person: Person) -> None:
    """Sign, confirming it if the last confirmation is too old."""
    await person.click("minutes-sign")

    async def asked_or_done() -> bool:
        return await person["stepup-submit"].is_visible() or not await person["minutes-sign"].count()

    await until(asked_or_done, "neither signed nor asked to confirm")
    if await person["stepup-submit"].is_visible():
        await person.step_up()
    await expect(person["minutes-sign"]).to_have_count(0, timeout=30_000)


async def signatures_hold_outside(committee: Committee) -> None:
    """Both signatures verify with openssl alone; a copy whose page was replaced afterwards is refused."""
    secretary = committee["secretary"]
    pdf = await secretary.fetch(committee.path("/minutes/pdf"))
    root = await secretary.fetch("/authority")
    assert "Biên bản" in (await secretary.get(committee.path("/minutes")))["sections"][-1]["text"]
    for index in (0, 1):
        await asyncio.to_thread(verify_with_openssl, pdf, index, root, committee.folder)
    authority = committee.product.data / "authority"
    assert await asyncio.to_thread(refused_after_tampering, pdf, root, authority, datetime.now(UTC))


async def the_officer_proves_the_log(committee: Committee) -> None:
    async with browsing("officer", committee.product.origin, beside=committee["chair"]) as officer:
        await officer.let_in()
        await officer.open("/audit")
        await officer.step_up()
        await expect(officer["audit-row"].first).to_be_visible(timeout=EXPECT_MS)
        await picture(officer, "audit")
        await officer.click("audit-filter-more")
        await officer["audit-filter-action"].select_option("document.sign")
        await officer.click("audit-filter-submit")
        await expect(officer["audit-row"]).to_have_count(4, timeout=EXPECT_MS)
        await officer.open("/audit?tab=proof")
        await officer.click("audit-verify")
        await expect(officer["audit-result"]).to_have_attribute("data-ok", "true", timeout=EXPECT_MS)
        async with officer.page.expect_download() as download:
            await officer.click("audit-checkpoint")
        checkpoint = committee.folder / "checkpoint.txt"
        await (await download.value).save_as(checkpoint)
        reads = (await officer.get("/audit?action=audit.read"))["rows"]
        assert reads and all(row["actorName"] == "Hải Đăng" for row in reads)
        assert officer.problems == []
    assert re.match(r"The log holds: \d+ entries", await audit_verify(committee, checkpoint))


async def audit_verify(committee: Committee, checkpoint: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "signaling.cli", "audit", "verify"),
        *("--checkpoint", str(checkpoint), "--data", str(committee.product.data)),
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0
    return output.decode()
