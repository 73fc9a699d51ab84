"""What is compared: anything that sends a publisher's packets on to its subscribers."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from bench.media.janus import janus_stage
from bench.media.limit import limit_stage
from bench.media.load import Result
from bench.media.relay import relay_stage
from tests.network.hosts import Host

LIMIT: Final = "limit"
PLANES: Final = ("native", "python")
JANUS: Final = {"janus": 0, "janus event_loops=1": 1}


class Forwarder(Protocol):
    """One that is up, with everybody connected."""

    def refresh(self) -> None:
        """Keep everybody's consent; to be called every second or so."""

    async def run(self, kind: str, seconds: float) -> Result:
        """Measure one run; ``kind`` is saturated or paced. Raises BenchFailed."""


Stage = Callable[[int], AbstractAsyncContextManager[Forwarder]]


def _relay(plane: str) -> Stage:
    return lambda subscribers: relay_stage(plane, subscribers)


def _janus(host: Host, event_loops: int) -> Stage:
    return lambda subscribers: janus_stage(host, subscribers, event_loops=event_loops)


def stages(host: Host | None) -> dict[str, Stage]:
    """How to set each one up for so many subscribers, Janus if there is a host for it.

    Entering raises NotHere where it cannot run.
    """
    januses = {} if host is None else {name: _janus(host, loops) for name, loops in JANUS.items()}
    return {LIMIT: limit_stage, **{plane: _relay(plane) for plane in PLANES}, **januses}
