"""Somebody in front of a browser: signs in, clicks, reads."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, Page, async_playwright, expect

from signaling.demo import PASSWORD
from tests.e2e.pictures import READ_TILES

FLAGS = (
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--no-sandbox",
)
EXPECT_MS = 15_000


@dataclass(slots=True)
class Person:
    """One account in one browser of its own. ``problems`` collects what the page complained about."""

    username: str
    page: Page
    origin: str
    problems: list[str]

    def __getitem__(self, test_id: str) -> Locator:
        return self.page.get_by_test_id(test_id)

    async def sign_in(self) -> None:
        """From the sign-in page to Home."""
        await self.page.goto(self.origin)
        await self["signin-username"].fill(self.username)
        await self["signin-password"].fill(PASSWORD)
        await self["signin-submit"].click()
        await expect(self["person-menu"]).to_be_visible(timeout=EXPECT_MS)

    async def open(self, path: str) -> None:
        """Go somewhere by address."""
        await self.page.goto(self.origin + path)

    async def click(self, test_id: str) -> None:
        """Click what is there once."""
        await self[test_id].click(timeout=EXPECT_MS)

    async def sees(self, test_id: str, text: str | None = None) -> None:
        """Wait until it is visible, with this text in it."""
        await expect(self[test_id]).to_be_visible(timeout=EXPECT_MS)
        if text is not None:
            await expect(self[test_id]).to_contain_text(text, timeout=EXPECT_MS)

    async def step_up(self) -> None:
        """Confirm with the password where it is asked for."""
        await self["stepup-password"].fill(PASSWORD, timeout=EXPECT_MS)
        await self.click("stepup-submit")
        await expect(self["stepup-password"]).to_have_count(0, timeout=EXPECT_MS)

    async def tiles(self) -> dict[str, dict[str, Any]]:
        """Return colour and frame count of every moving picture on the page, by person."""
        found: dict[str, dict[str, Any]] = await self.page.evaluate(READ_TILES)
        return found

    async def fetch(self, path: str) -> bytes:
        """Return a file that this person may read."""
        answer = await self.page.request.get(self.origin + "/api/v1" + path)
        assert answer.ok, (path, answer.status, await answer.text())
        return await answer.body()

    async def get(self, path: str) -> Any:
        """Return a JSON answer."""
        answer = await self.page.request.get(self.origin + "/api/v1" + path)
        assert answer.ok, (path, answer.status, await answer.text())
        return await answer.json()


@asynccontextmanager
async def browsing(
    username: str, origin: str, *, camera: Path | None = None, language: str = "vi-VN"
) -> AsyncIterator[Person]:
    """Start a real Chromium for one person, with a file as its camera."""
    flags = [*FLAGS, *([f"--use-file-for-fake-video-capture={camera}"] if camera else [])]
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        context = await browser.new_context(
            ignore_https_errors=True,
            locale=language,
            viewport={"width": 1280, "height": 800},
            permissions=["camera", "microphone"],
        )
        page = await context.new_page()
        person = Person(username, page, origin, [])
        page.on("pageerror", lambda error: person.problems.append(str(error)))
        page.on("console", lambda line: person.problems.append(line.text) if _matters(line) else None)
        try:
            yield person
        finally:
            await browser.close()


def _matters(line: Any) -> bool:
    """Refusals of the hub show up as failed loads; everything else that is an error counts."""
    return line.type == "error" and "Failed to load resource" not in line.text and "WebSocket" not in line.text


async def until(condition: Any, message: str, timeout_s: float = 20.0) -> Any:
    """Wait until an async condition returns something true, and return that."""
    last = None
    try:
        async with asyncio.timeout(timeout_s):
            while not (last := await condition()):  # noqa: ASYNC110 — what is awaited lives in a browser
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise AssertionError(f"{message}; last seen: {last!r}") from error
    return last
