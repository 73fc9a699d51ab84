"""A newcomer alone: whoever opens the demo with bots sees a room that lives."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.person import EXPECT_MS, Person, browsing, until
from tests.e2e.pictures_for_docs import picture
from tests.e2e.product import running_product
from tests.e2e.secretary import Secretary, presiding

pytestmark = [
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


async def test_the_secretary_alone_sees_members_who_move_speak_ask_vote_and_come_back(tmp_path: Path) -> None:
    async with (
        running_product(tmp_path / "data", bots=BOTS) as product,
        presiding(product) as record,
        browsing("secretary", product.origin) as secretary,
    ):
        await secretary.let_in()
        await secretary.open(record.path + "/room")
        await secretary.click("join-listening")
        await until(lambda: all_there(record), "not everybody answered, acknowledged and joined", 120)
        await until(lambda: moving(secretary), "three moving pictures were not seen", 120)
        await until(lambda: speakers(secretary, 2), "the speaker did not change", 120)
        assert await heard(record, 2) <= sending(record)
        await picture(secretary, "room")
        await the_floor_goes_round(secretary, record.path)
        await ballots_arrive(secretary, record.path)
        before = sending(record)
        product.kill("relay")
        await until(lambda: all_back(record, before), "not everybody came back to a new relay", 60)
        await until(lambda: moving(secretary), "the pictures did not come back", 60)
        assert secretary.problems == []


def sending(record: Secretary) -> set[str]:
    """Who is connected with microphone and camera."""
    return {
        one["id"]
        for one in record.endpoints
        if one["connection"] == "connected" and {producer["source"] for producer in one["producers"]} > {"camera"}
    }


async def all_there(record: Secretary) -> bool:
    """Whether every bot has answered, acknowledged, and is in the room."""
    snapshot = await record.snapshot()
    return (
        len(sending(record)) == BOTS
        and len(snapshot["versions"][0]["acknowledgedBy"]) == BOTS
        and snapshot["quorum"]["met"]
        and sum(one["response"] == "accepted" for one in snapshot["participants"]) == BOTS
    )


async def heard(record: Secretary, wanted: int) -> set[str]:
    """Return whom the hub has named as speaking, when it was this many."""
    found: set[str] = set()

    async def enough() -> bool:
        found.update({record.speaker} - {None})  # type: ignore[arg-type]
        return len(found) >= wanted

    await until(enough, "the hub named too few as speaking", 120)
    return found


async def all_back(record: Secretary, before: set[str]) -> bool:
    """Whether every bot sends again, as somebody who has joined anew."""
    now = sending(record)
    return len(now) == BOTS and not now & before


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
    assert (await secretary.get(path))["polls"][0]["result"]["cast"] == BOTS
