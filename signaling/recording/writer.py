"""The hub's end of a process that writes a recording."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from typing import Final

from pydantic import ValidationError

from media.control.state import Model
from signaling.recording import messages

START_S: Final = 20.0
STOP_S: Final = 10.0


class WriterFailed(Exception):
    """The process did not start, or said something else than it should."""


class Writer:
    """One process; made by start()."""

    def __init__(self, process: asyncio.subprocess.Process, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self._process = process

    @classmethod
    async def start(cls) -> "Writer":
        """Start a process of its own session: what ends the hub lets it finish its files. Raises WriterFailed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "signaling.recording.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        writer = cls(process, "")
        try:
            async with asyncio.timeout(START_S):
                said = await writer._hear()
            if not isinstance(said, messages.Hello):
                raise WriterFailed(f"the recorder's process began with {said!r}")
        except BaseException:
            await writer.kill()
            raise
        writer.fingerprint = said.fingerprint
        return writer

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def send(self, message: Model) -> None:
        """Tell it something; one that has ended hears nothing."""
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(messages.encode(message))

    async def heard(self) -> AsyncIterator[messages.Connected | messages.Lost | messages.Done]:
        """Yield what it says until it ends. Raises WriterFailed."""
        while (said := await self._hear()) is not None:
            if not isinstance(said, messages.Hello):
                yield said

    def finish(self) -> None:
        """Let it finish its files; it says so, and ends."""
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def kill(self) -> None:
        """End it, whatever it does; harmless when it has ended."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()

    async def _hear(self) -> messages.Hello | messages.Connected | messages.Lost | messages.Done | None:
        if self._process.stdout is None:
            return None
        line = await self._process.stdout.readline()
        try:
            return messages.parse_for_hub(line) if line else None
        except ValidationError as error:
            raise WriterFailed("the recorder's process speaks another language") from error
