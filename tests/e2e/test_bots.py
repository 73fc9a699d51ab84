"""A newcomer alone: whoever opens the demo with bots sees a room that lives."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.person import EXPECT_MS, Person, browsing, until
from tests.e2e.pictures_for_docs import picture
from tests.e2e.product import running_product
from tests.e2e.secretary import presiding

pytestmark = [
    pytest.mark.conference,
    pytest.mark.browser,
    pytest.mark.process,
    pytest.mark.asyncio(loop_scope="function"),
]
BOTS = 3

# How many frames each picture has shown, and what is on it now, by person. Runs in the page.
READ_PICTURES = """() => Object.fromEntries(
  [...document.querySelectorAll('[data-testid^="tile-"]')].flatMap((tile) => {
    const video = tile.querySelector('video');
    if (!video || video.readyState < 2 || !video.videoWidth) return [];
    const canvas = document.createElement('canvas');
    canvas.width = 32;
    canvas.height = 18;
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    pen.drawImage(video, 0, 0, 32, 18);
    const pixels = pen.getImageData(0, 0, 32, 18).data.join();
    return [[tile.dataset.personId, { frames: video.getVideoPlaybackQuality().totalVideoFrames, pixels }]];
  }),
)"""


async def test_the_secretary_alone_sees_members_who_move_speak_ask_and_vote(tmp_path: Path) -> None:
    async with (
        running_product(tmp_path / "data", bots=BOTS) as product,
        presiding(product) as record,
        browsing("secretary", product.origin) as secretary,
    ):
        await secretary.sign_in()
        await secretary.open(record.path + "/room")
        await secretary.click("join-listening")
        await until(lambda: moving(secretary), "three moving pictures were not seen", 120)
        await until(lambda: speakers(secretary, 2), "the speaker did not change", 120)
        await picture(secretary, "room")
        await the_floor_goes_round(secretary, record.path)
        await ballots_arrive(secretary, record.path)
        assert len((await secretary.get(record.path))["versions"][0]["acknowledgedBy"]) == BOTS
        assert secretary.problems == []


async def moving(secretary: Person) -> bool:
    """Whether every bot's picture plays and changes."""
    before = await secretary.page.evaluate(READ_PICTURES)
    await asyncio.sleep(0.7)
    after = await secretary.page.evaluate(READ_PICTURES)
    alive = [
        one
        for one in before.keys() & after.keys()
        if after[one]["frames"] > before[one]["frames"] and after[one]["pixels"] != before[one]["pixels"]
    ]
    return len(alive) == BOTS


async def speakers(secretary: Person, wanted: int) -> bool:
    """Whether this many different people were marked as speaking, as long as one looks."""
    seen: set[str] = set()
    for _ in range(60):
        marked = secretary.page.locator(".tile--speaking")
        seen |= {await one.get_attribute("data-person-id") or "" for one in await marked.all()}
        if len(seen) >= wanted:
            return True
        await asyncio.sleep(0.2)
    return False


async def the_floor_goes_round(secretary: Person, path: str) -> None:
    """Somebody asks for the floor, gets it, speaks, and gives it back unasked."""
    await secretary.click("tab-floor")
    grant = secretary.page.locator('[data-testid^="grant-floor-"]').first
    await expect(grant).to_be_visible(timeout=60_000)
    await grant.click()

    async def said_all() -> bool:
        entries = (await secretary.get(path))["speakers"]
        return any(one["state"] == "finished" for one in entries)

    await until(said_all, "nobody who was given the floor gave it back", 60)


async def ballots_arrive(secretary: Person, path: str) -> None:
    """A poll fills with ballots and has a result."""
    item = (await secretary.get(path))["items"][1]["id"]
    await secretary.click(f"item-start-{item}")
    await secretary.click("tab-poll")
    await secretary.click("poll-new")
    await secretary["poll-title"].fill("Kế hoạch trạm bơm chung")
    await secretary.click("poll-create")
    await secretary.click("poll-open")

    async def voted() -> bool:
        return len((await secretary.get(path))["polls"][0]["ballots"]) == BOTS

    await until(voted, "the ballots did not arrive", 60)
    await secretary.click("poll-close")
    await expect(secretary["verdict"]).to_be_visible(timeout=EXPECT_MS)
