"""Somebody in front of a browser: signs in, clicks, reads."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import APIResponse, Browser, BrowserType, Locator, Page, async_playwright, expect

from auth import totp
from signaling.demo import PASSWORD, SECRET
from signaling.services import DEMO_WINDOW
from tests.e2e.pictures import CANVAS_CAMERA, READ_TILES
from tests.network.hosts import Host

# The last list of these counts. The first two draw the address bar's suggestions: a page that takes as long to start as
# all the rest. The others the driver would leave out too: what looks for devices and services, or at addresses.
WITHOUT = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *("MediaRouter", "DialMediaRouteProvider", "GlobalMediaControls", "OptimizationHints", "Translate", "LensOverlay"),
    *("HttpsUpgrades", "NetworkTimeServiceQuerying", "PaintHolding", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "ThirdPartyStoragePartitioning"),
)
FLAGS = (
    f"--disable-features={','.join(WITHOUT)}",
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
FIREFOX: dict[str, bool | float | str] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
}
EXPECT_MS = 15_000


# The steps of each account's authenticator that this process has spent: an account may be in several browsers at once.
_SPENT: dict[tuple[str, str], set[int]] = {}


def unspent_codes(origin: str, username: str) -> Iterator[str]:
    """Yield codes of a demo account that nobody here has used, from now outwards as far as the demo takes them."""
    spent, here = _SPENT.setdefault((origin, username), set()), totp.counter_at(datetime.now(UTC))
    for step in sorted(range(here - DEMO_WINDOW + 1, here + DEMO_WINDOW), key=lambda step: abs(step - here)):
        if step not in spent:
            spent.add(step)
            yield totp.code_at(SECRET, step)


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
        await expect(self["person-menu"].or_(self["signin-code"])).to_be_visible(timeout=EXPECT_MS)
        if await self["signin-code"].count():
            await self._give_code("signin-code", "signin-code-submit", "/session/code")
        await expect(self["person-menu"]).to_be_visible(timeout=EXPECT_MS)

    async def let_in(self) -> None:
        """Sign in without the form, as tests do that are about something else."""
        answer = await self._post("/session", {"username": self.username, "password": PASSWORD})
        assert answer.ok, (self.username, answer.status)
        if (await answer.json())["me"] is None:
            await self._second_step()

    async def _second_step(self) -> None:
        for code in unspent_codes(self.origin, self.username):
            if (await self._post("/session/code", {"code": code})).ok:
                return
        raise AssertionError(f"no code of {self.username} was taken")

    async def _post(self, path: str, body: dict[str, str]) -> APIResponse:
        return await self.page.request.post(f"{self.origin}/api/v1{path}", data=body, headers={"Origin": self.origin})

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
        """Confirm with a code, or with the password where there is no second factor."""
        await expect(self["stepup-password"].or_(self["stepup-code"])).to_be_visible(timeout=EXPECT_MS)
        if await self["stepup-code"].count():
            await self._give_code("stepup-code", "stepup-submit", "/session/step-up")
        else:
            await self["stepup-password"].fill(PASSWORD, timeout=EXPECT_MS)
            await self.click("stepup-submit")
        await expect(self["stepup-submit"]).to_have_count(0, timeout=EXPECT_MS)

    async def _give_code(self, field: str, button: str, path: str) -> None:
        """Type codes of the demo's authenticator until one is not spent yet."""
        for code in unspent_codes(self.origin, self.username):
            await self[field].fill(code, timeout=EXPECT_MS)
            async with self.page.expect_response(lambda answer: answer.url.endswith(path)) as answered:
                await self.click(button)
            if (await answered.value).ok:
                return
        raise AssertionError(f"no code of {self.username} was taken")

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
    username: str,
    origin: str,
    *,
    camera: Path | None = None,
    firefox: str | None = None,
    host: Host | None = None,
    language: str = "vi-VN",
    flags: Sequence[str] = (),
    beside: Person | None = None,
) -> AsyncIterator[Person]:
    """Start a real browser for one person: Chromium with a file as its camera, or Firefox with a colour as its own.

    With ``host`` it lives on that host, and its driver with it. With ``beside`` it lives where that person's does; the
    same Chromium serves both, each with cookies and storage of their own, unless a camera is asked for.
    """
    async with AsyncExitStack() as stack:
        if beside and not (camera or firefox):
            browser = browser_of(beside)
        else:
            there = browser_of(beside) if beside else None
            browser = await _start(stack, there, camera=camera, firefox=firefox, host=host, flags=flags)
        context = await browser.new_context(
            ignore_https_errors=True, locale=language, viewport={"width": 1280, "height": 800}
        )
        stack.push_async_callback(context.close)
        if firefox:
            await context.add_init_script(f"({CANVAS_CAMERA})({firefox!r})")
        page = await context.new_page()
        person = Person(username, page, origin, [])
        page.on("pageerror", lambda error: None if _is_expected(str(error)) else person.problems.append(str(error)))
        page.on("console", lambda line: person.problems.append(line.text) if _matters(line) else None)
        yield person


def browser_of(person: Person) -> Browser:
    """The browser that somebody looks into."""
    browser = person.page.context.browser
    assert browser
    return browser


async def _start(
    stack: AsyncExitStack,
    beside: Browser | None,
    *,
    camera: Path | None,
    firefox: str | None,
    host: Host | None,
    flags: Sequence[str],
) -> Browser:
    """Start a browser that ends with ``stack``, under the driver of another Chromium if there is one."""
    if beside and not firefox:
        browser = await launch_chromium(beside.browser_type, camera, flags)
    else:
        with host.entered() if host else nullcontext():
            driver = await stack.enter_async_context(async_playwright())
        browser = await (launch_firefox(driver.firefox) if firefox else launch_chromium(driver.chromium, camera, flags))
    stack.push_async_callback(browser.close)
    return browser


async def launch_chromium(driver: BrowserType, camera: Path | None, more: Sequence[str] = ()) -> Browser:
    """Start Chromium with a file as its camera, or a picture of its own."""
    flags = [*FLAGS, *more, *([f"--use-file-for-fake-video-capture={camera}"] if camera else [])]
    return await driver.launch(executable_path=shutil.which("chromium"), args=flags)


async def launch_firefox(driver: BrowserType) -> Browser:
    """Start Firefox with invented devices."""
    return await driver.launch(
        channel="moz-firefox", executable_path=shutil.which("firefox-esr"), firefox_user_prefs=FIREFOX
    )


def _matters(line: Any) -> bool:
    """Refusals of the hub show up as failed loads; everything else that is an error counts."""
    return line.type == "error" and not _is_expected(line.text)


def _is_expected(text: str) -> bool:
    """Whether a browser says in its own words that the hub refused or was away."""
    return any(words in text for words in ("Failed to load resource", "WebSocket", "/api/v1/live"))


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
