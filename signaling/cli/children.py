"""Processes that we start, and start again when they end, until we end ourselves; then they end too."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path

from signaling.cli.lifeline import LIFELINE, lifeline
from signaling.settings import Settings, to_environment

STOP_TIMEOUT_S = 10.0
RESTART_PAUSE_S = 0.3
LONG_PAUSE_S = 5.0
QUICK_S = 5.0
QUICK_FAILURES = 5


class ChildFailed(Exception):
    """A process ends again and again; its own words are above."""


@dataclass(frozen=True, slots=True)
class Ending:
    """``stop`` ends all children with SIGTERM, ``hurry`` says it again; after ``patience_s`` they are killed."""

    stop: asyncio.Event = field(default_factory=asyncio.Event)
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    patience_s: float = STOP_TIMEOUT_S

    def signalled(self) -> None:
        """A signal for us to end; the second one is in a hurry."""
        (self.hurry if self.stop.is_set() else self.stop).set()


async def keep(command: tuple[str, ...], settings: Settings, ending: Ending, *, for_ever: bool = False) -> None:
    """Run one process for as long as we run, starting it again when it ends.

    One that ends five times within five seconds each raises ChildFailed, or ``for_ever`` is tried every five seconds.
    """
    quick = 0
    with lifeline() as descriptor:
        while not ending.stop.is_set():
            started = time.monotonic()
            child = await _start(command, settings, descriptor)
            try:
                await _either(child.wait(), ending.stop.wait())
            finally:
                await _end(child, ending)
            quick = quick + 1 if time.monotonic() - started < QUICK_S else 0
            if quick >= QUICK_FAILURES and not for_ever and not ending.stop.is_set():
                raise ChildFailed(f"plenum {command[0]} does not start; see its messages above")
            if quick:  # one that ran for long is wanted again at once
                await _pause(LONG_PAUSE_S if quick >= QUICK_FAILURES else RESTART_PAUSE_S, ending.stop)


async def _start(command: tuple[str, ...], settings: Settings, descriptor: int) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, *_safe_path(), "-m", "signaling.cli", LIFELINE, str(descriptor), *command),
        env=os.environ | to_environment(settings),
        pass_fds=(descriptor,),
        start_new_session=True,  # a Ctrl-C reaches us alone; we end our children in order
    )


def _safe_path() -> list[str]:
    """Modules come from where the program is installed, whatever lies in the present folder; a checkout is both."""
    return [] if Path(__file__).parents[2] == Path.cwd() else ["-P"]


async def _either(*waits: Awaitable[object]) -> None:
    tasks = [asyncio.ensure_future(one) for one in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _pause(seconds: float, stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


async def _end(child: asyncio.subprocess.Process, ending: Ending) -> None:
    if child.returncode is not None:
        return
    child.terminate()
    again = asyncio.ensure_future(_say_again(child, ending.hurry))
    try:
        async with asyncio.timeout(ending.patience_s):
            await child.wait()
    except TimeoutError:
        child.kill()
        await child.wait()
    finally:
        again.cancel()


async def _say_again(child: asyncio.subprocess.Process, hurry: asyncio.Event) -> None:
    await hurry.wait()
    if child.returncode is None:
        child.terminate()
