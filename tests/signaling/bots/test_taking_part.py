"""Bots against the real hub and relay, seen by a secretary who has no browser."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.e2e.product import running_product
from tests.e2e.secretary import Secretary, presiding

pytestmark = pytest.mark.process
BOTS = 3


async def until(condition: Callable[[], Awaitable[object]], seconds: float = 120.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 — the hub is asked
            await asyncio.sleep(0.1)


def sending(secretary: Secretary) -> set[str]:
    """Who is connected with microphone and camera."""
    return {
        one["id"]
        for one in secretary.endpoints
        if one["connection"] == "connected" and {producer["source"] for producer in one["producers"]} > {"camera"}
    }


async def test_bots_answer_join_speak_ask_and_vote_and_come_back_to_a_new_relay(tmp_path: Path) -> None:
    async with running_product(tmp_path / "data", bots=BOTS) as product, presiding(product) as secretary:

        async def all_there() -> bool:
            snapshot = await secretary.snapshot()
            return (
                len(sending(secretary)) == BOTS
                and len(snapshot["versions"][0]["acknowledgedBy"]) == BOTS
                and snapshot["quorum"]["met"]
                and sum(one["response"] == "accepted" for one in snapshot["participants"]) == BOTS
            )

        await until(all_there)
        heard: set[str] = set()

        async def two_speak() -> bool:
            heard.update({secretary.speaker} - {None})  # type: ignore[arg-type]
            return len(heard) >= 2

        await until(two_speak)
        assert heard <= sending(secretary)
        await the_floor_comes_back(secretary)
        await everybody_votes(secretary)
        before = sending(secretary)
        product.kill("relay")

        async def all_back() -> bool:
            now = sending(secretary)
            return len(now) == BOTS and not now & before

        await until(all_back)


async def the_floor_comes_back(secretary: Secretary) -> None:
    async def asked() -> bool:
        return any(one["state"] == "waiting" for one in (await secretary.snapshot())["speakers"])

    await until(asked)
    entry = next(one for one in (await secretary.snapshot())["speakers"] if one["state"] == "waiting")
    await secretary.request("floor.grant", speakerId=entry["id"])

    async def finished() -> bool:
        speakers = (await secretary.snapshot())["speakers"]
        return any(one["id"] == entry["id"] and one["state"] == "finished" for one in speakers)

    await until(finished)


async def everybody_votes(secretary: Secretary) -> None:
    poll = await secretary.request("poll.create", itemId=None, title="Kế hoạch")
    await secretary.request("poll.open", pollId=poll["id"])

    async def complete() -> bool:
        return len((await secretary.snapshot())["polls"][0]["ballots"]) == BOTS

    await until(complete)
    await secretary.request("poll.close", pollId=poll["id"])
    result = (await secretary.snapshot())["polls"][0]["result"]
    assert result["cast"] == BOTS
