"""What the hub counts as it happens."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from signaling.errors import classify

Way = Literal["http", "socket"]
_REQUEST_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_COMMIT_BUCKETS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)


class HubCounters:
    """Belongs to the event loop. Labels take their values from the tables of routes, commands and errors alone."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "plenum_requests",
            "Requests by way (http, socket), name of the route or command, and outcome (ok, refused, failed).",
            ("way", "name", "outcome"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "plenum_request_duration_seconds",
            "Time from the request to its answer.",
            ("way", "name"),
            buckets=_REQUEST_BUCKETS,
            registry=self.registry,
        )
        self._errors = Counter(
            "plenum_errors", "Answers that are errors, by their code.", ("code",), registry=self.registry
        )
        self._ballots = Counter("plenum_ballots", "Ballots that were cast and are on disk.", registry=self.registry)
        self._commits = Histogram(
            "plenum_database_commit_duration_seconds",
            "Time of a batch of units of work, from its begin to the signed checkpoint.",
            buckets=_COMMIT_BUCKETS,
            registry=self.registry,
        )
        self._units = Counter("plenum_database_units", "Units of work that were run.", registry=self.registry)

    @contextmanager
    def request(self, way: Way, name: str) -> Iterator[None]:
        """Count what the context does as one request, with the error that it raises."""
        begin = time.perf_counter()
        outcome = "ok"
        try:
            yield
        except Exception as error:
            status, code = classify(error)
            outcome = "failed" if status >= 500 else "refused"
            self._errors.labels(code).inc()
            raise
        finally:
            self._requests.labels(way, name, outcome).inc()
            self._seconds.labels(way, name).observe(time.perf_counter() - begin)

    def ballot(self) -> None:
        """One more ballot is on disk."""
        self._ballots.inc()

    def committed(self, units: int, seconds: float) -> None:
        """One more batch of the database's writer."""
        self._units.inc(units)
        self._commits.observe(seconds)
