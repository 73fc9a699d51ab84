"""The pool: results and errors come back, and no job can hurt the next."""

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator

import pytest

from documents.acceptance import verify_pdf
from documents.content import MinutesData
from documents.errors import NotAccepted, PdfEncrypted, WorkersBusy, WorkFailed, WorkTimedOut
from documents.intake import accept_pdf
from documents.render import render_minutes
from documents.worker import WorkerLimits, WorkerPool
from tests.documents import jobs
from tests.documents import make_fixtures as make
from tests.documents.conftest import Office

MEBIBYTE = 1024 * 1024


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    async with WorkerPool(1, WorkerLimits(memory_bytes=1024 * MEBIBYTE, jobs=20)) as running:
        yield running


async def test_results_and_refusals_come_back(pool: WorkerPool) -> None:
    assert await pool.run(jobs.double, 21, timeout=20) == 42
    assert await pool.run(jobs.process_id, timeout=20) != os.getpid()
    with pytest.raises(PdfEncrypted, match="locked"):
        await pool.run(jobs.refuse, timeout=20)
    with pytest.raises(WorkFailed, match="RuntimeError"):
        await pool.run(jobs.stumble, timeout=20)


async def test_a_job_that_takes_too_long_is_killed_and_the_next_runs(pool: WorkerPool) -> None:
    first = await pool.run(jobs.process_id, timeout=20)
    started = time.monotonic()
    with pytest.raises(WorkTimedOut):
        await pool.run(jobs.spin, timeout=0.3)
    assert time.monotonic() - started < 5
    assert await pool.run(jobs.process_id, timeout=20) != first


async def test_a_worker_that_dies_is_replaced(pool: WorkerPool) -> None:
    with pytest.raises(WorkFailed, match="9"):
        await pool.run(jobs.die, timeout=20)
    assert await pool.run(jobs.double, 1, timeout=20) == 2


async def test_memory_is_limited(pool: WorkerPool) -> None:
    with pytest.raises(WorkFailed):
        await pool.run(jobs.swallow_memory, 2048 * MEBIBYTE, timeout=20)
    assert await pool.run(jobs.swallow_memory, MEBIBYTE, timeout=20) == MEBIBYTE


async def test_a_cancelled_job_does_not_block_the_pool(pool: WorkerPool) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1):
            await pool.run(jobs.sleep, 60.0, timeout=120)
    assert await pool.run(jobs.double, 3, timeout=20) == 6


async def test_jobs_wait_for_a_free_worker(pool: WorkerPool) -> None:
    assert await asyncio.gather(*(pool.run(jobs.double, number, timeout=20) for number in range(8))) == [
        2 * number for number in range(8)
    ]


async def test_only_so_many_jobs_wait() -> None:
    async with WorkerPool(1, waiting=2) as pool:
        jobs_sent = [asyncio.create_task(pool.run(jobs.sleep, 0.2, timeout=20)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(WorkersBusy):
            await pool.run(jobs.double, 1, timeout=20)
        await asyncio.gather(*jobs_sent)
        assert await pool.run(jobs.double, 1, timeout=20) == 2


async def test_a_worker_is_renewed_after_its_jobs() -> None:
    async with WorkerPool(1, WorkerLimits(jobs=2)) as pool:
        seen = [await pool.run(jobs.process_id, timeout=20) for _ in range(3)]
    assert seen[0] == seen[1] != seen[2]


async def test_a_closed_pool_takes_no_jobs() -> None:
    async with WorkerPool(1) as pool:
        await pool.run(jobs.double, 1, timeout=20)
    with pytest.raises(WorkFailed):
        await pool.run(jobs.double, 1, timeout=20)


async def test_a_pdf_is_accepted_in_a_worker(pool: WorkerPool) -> None:
    clean = await pool.run(accept_pdf, "a.pdf", make.with_javascript(), timeout=20)
    assert clean.pages == 1


async def test_papers_are_laid_out_and_verified_in_a_worker(
    pool: WorkerPool, office: Office, minutes: MinutesData, fully_signed: bytes
) -> None:
    assert (await pool.run(render_minutes, minutes, timeout=60)).startswith(b"%PDF-")
    sha256 = hashlib.sha256(fully_signed).hexdigest()
    reports = await pool.run(verify_pdf, fully_signed, office.trust, sha256, office.now, timeout=60)
    assert len(reports) == 2
    with pytest.raises(NotAccepted) as refused:
        await pool.run(verify_pdf, fully_signed, office.trust, "0" * 64, office.now, timeout=60)
    assert refused.value.reason
