"""A pool of processes for work on untrusted or heavy documents: limited in memory, killed on timeout, replaced.

A worker runs one function at a time. Functions and arguments are pickled, so a function is named by its module; private
keys are never sent here.
"""

import asyncio
import logging
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar, TypeVarTuple, cast

from .errors import DocumentError, WorkersBusy, WorkFailed, WorkTimedOut

logger = logging.getLogger(__name__)

Args = TypeVarTuple("Args")
R = TypeVar("R")
if TYPE_CHECKING:  # not generic at run time
    Pipe = Connection[object, object]
Job = tuple[Callable[..., object], tuple[object, ...]]

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """Limits of one worker: address space in bytes, open files, jobs before it is replaced by a fresh one."""

    memory_bytes: int = 2048 * MEBIBYTE
    open_files: int = 64
    jobs: int = 200


class WorkerPool:
    """``async with WorkerPool(2) as pool: result = await pool.run(function, argument, timeout=30)``.

    Workers are started at their first job. Not more than ``waiting`` jobs, each with its document in memory, wait for a
    free one; more are refused. Closing kills them all; a job under way then fails.
    """

    def __init__(self, workers: int = 2, limits: WorkerLimits = WorkerLimits(), waiting: int = 16) -> None:
        self._limits = limits
        self._places = waiting
        self._context = multiprocessing.get_context("spawn")
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._workers = [_Worker(self._context, limits) for _ in range(workers)]
        for worker in self._workers:
            self._idle.put_nowait(worker)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="document-worker")
        self._closed = False

    async def __aenter__(self) -> "WorkerPool":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # The timeout kills a process; asyncio.timeout would only stop waiting for it.
    async def run(self, function: Callable[[*Args], R], *args: *Args, timeout: float) -> R:  # noqa: ASYNC109
        """Run ``function(*args)`` in a worker and return its result. ``timeout`` is in seconds, waiting excluded.

        Raises the ``DocumentError`` that the function raised, ``WorkTimedOut``, ``WorkersBusy`` at once when too many
        wait already, or ``WorkFailed`` for any other end.
        Cancelling kills the worker; it is replaced.
        """
        if self._closed:
            raise WorkFailed("the pool is closed")
        worker = await self._free_worker()
        loop = asyncio.get_running_loop()
        job = loop.run_in_executor(self._threads, worker.run, function, args, timeout)
        try:
            return cast(R, await asyncio.shield(job))
        except asyncio.CancelledError:
            worker.kill()
            await asyncio.wait([job])
            raise
        finally:
            self._idle.put_nowait(worker)

    async def _free_worker(self) -> "_Worker":
        if self._idle.empty() and self._places <= 0:
            raise WorkersBusy("too many documents wait to be processed")
        self._places -= 1
        try:
            return await self._idle.get()
        finally:
            self._places += 1

    async def close(self) -> None:
        """Kill all workers and wait for them."""
        self._closed = True
        for worker in self._workers:
            worker.kill()
        await asyncio.to_thread(self._threads.shutdown)
        for worker in self._workers:
            await asyncio.to_thread(worker.reap)


class _Worker:
    """One slot of the pool and the process that fills it; used by one thread at a time, ``kill`` by any."""

    def __init__(self, context: SpawnContext, limits: WorkerLimits) -> None:
        self._context = context
        self._limits = limits
        self._process: SpawnProcess | None = None
        self._pipe: Pipe | None = None
        self._jobs = 0

    def run(self, function: Callable[..., object], args: tuple[object, ...], timeout: float) -> object:
        try:
            pipe = self._ready()
            pipe.send((function, args))
            if not pipe.poll(timeout):
                self._replace()
                raise WorkTimedOut(f"{function.__name__} took more than {timeout:g} seconds")
            answer = cast(tuple[bool, object], pipe.recv())
        except (EOFError, OSError) as error:
            code = self._replace()
            raise WorkFailed(f"the worker ended in {function.__name__} with {code}") from error
        succeeded, result = answer
        if not succeeded and isinstance(result, DocumentError):
            raise result
        return result

    def kill(self) -> None:
        process = self._process
        if process is not None and process.is_alive():
            process.kill()

    def reap(self) -> None:
        self._replace()

    def _ready(self) -> "Pipe":
        if self._jobs >= self._limits.jobs:
            self._replace()
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self._replace()
            self._pipe, theirs = self._context.Pipe()
            self._process = self._context.Process(
                target=_serve, args=(theirs, self._limits), name="plenum-document-worker", daemon=True
            )
            self._process.start()
            theirs.close()
        self._jobs += 1
        return self._pipe

    def _replace(self) -> int | None:
        """End the process; the next job starts another. Returns its exit code."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        self._jobs = 0
        if pipe is not None:
            pipe.close()
        if process is None:
            return None
        process.kill()
        process.join()
        code = process.exitcode
        process.close()
        return code


def _serve(pipe: "Pipe", limits: WorkerLimits) -> None:
    """The worker's main loop: ends when the hub's end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files, limits.open_files))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            function, args = cast(Job, pipe.recv())
        except EOFError:
            return
        pipe.send(_attempt(function, args))


def _attempt(function: Callable[..., object], args: tuple[object, ...]) -> tuple[bool, object]:
    try:
        return True, function(*args)
    except DocumentError as error:
        error.__cause__ = error.__context__ = None
        return False, error
    except MemoryError:
        return False, WorkFailed(f"{function.__name__} needs more memory than a worker may have")
    except Exception as error:
        logger.exception("%s failed", function.__name__)
        return False, WorkFailed(f"{function.__name__} failed: {type(error).__name__}")
