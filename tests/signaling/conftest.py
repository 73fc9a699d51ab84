"""The hub under test. Blocking calls of the product on the event loop fail the test that makes them."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer, unused_port
from argon2 import PasswordHasher
from blockbuster import BlockBuster

from auth import passwords
from signaling.app import create_app
from signaling.settings import Settings
from tests.signaling import seed as seeding
from tests.signaling.hub import Hub, running
from tests.signaling.seed import Seed

StartHub = Callable[..., AbstractAsyncContextManager[Hub]]
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # what real ones cost is tested in tests/auth


@pytest.fixture(autouse=True)
def no_blocking_calls() -> Iterator[None]:
    """Calls that block, made below code of the product while an event loop runs in the thread."""
    buster = BlockBuster(scanned_modules=["signaling", "documents", "meetings", "auth", "certs", "media"])
    del buster.functions["os.path.abspath"]  # touches no disk
    buster.functions["threading.Lock.acquire"].can_block_in("threading.py", "start")
    for function in buster.functions.values():
        function.can_block_in("signaling/app.py", "build")  # nobody is served yet
    buster.activate()
    yield
    buster.deactivate()


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every hub hashes a password when it starts, which is dear on purpose."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Seed:
    """The deployment that all tests copy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", CHEAP)
        return seeding.make(tmp_path_factory.mktemp("deployment") / "data")


@pytest.fixture
def seed(made: Seed, tmp_path: Path) -> Seed:
    """A deployment of the test's own."""
    return made.copy(tmp_path / "data")


@pytest.fixture
def start(seed: Seed) -> StartHub:
    """Starts a hub over the test's deployment, with settings of the test's choice."""

    def start(**changes: Any) -> AbstractAsyncContextManager[Hub]:
        settings = replace(Settings(data=seed.folder, control_port=unused_port()), **changes)
        return running(TestServer(create_app(settings)), seed)

    return start


@pytest.fixture
async def hub(start: StartHub) -> AsyncIterator[Hub]:
    """A running hub."""
    async with start() as running_hub:
        yield running_hub
