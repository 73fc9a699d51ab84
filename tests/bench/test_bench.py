"""The measurements themselves: small ones, whose checks must hold and whose lines must carry their circumstances."""

import json
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import audit_append, ballots, units
from bench.report import percentile_ms

CIRCUMSTANCES = {"store", "journal_mode", "fsync_us"}


def test_percentiles_are_ranks_of_what_was_measured() -> None:
    seconds = [number / 1000 for number in range(100, 0, -1)]
    assert percentile_ms(seconds, 0.50) == 50.0
    assert percentile_ms(seconds, 0.99) == 99.0
    assert percentile_ms([0.007], 0.99) == 7.0


@pytest.mark.process
async def test_every_ballot_of_a_small_house_is_acknowledged_stored_and_counted(tmp_path: Path) -> None:
    arrived, voted = map(json.loads, await ballots.run(tmp_path, members=9, sockets=4, followers=2))
    assert arrived["bench"] == "arrivals"
    assert voted["bench"] == "ballots"
    assert (voted["members"], voted["ballots"]) == (10, 9)
    assert voted["journal_mode"] == "wal"
    assert voted["fsync_us"] > 0
    assert voted["p50_ms"] <= voted["p99_ms"]


async def test_units_of_work_are_measured_with_their_circumstances(tmp_path: Path) -> None:
    found = [json.loads(line) for line in await units.run(tmp_path, members=8, in_flight=4)]
    assert [(one["unit"], one["in_flight"], one["units"]) for one in found] == [
        ("audit_only", 1, 2),
        ("audit_only", 4, 8),
        ("ballot", 4, 8),
    ]
    assert all(one.keys() >= CIRCUMSTANCES for one in found)


def test_the_log_takes_exactly_the_entries_that_were_asked_for(tmp_path: Path) -> None:
    found = json.loads(audit_append.run(tmp_path, entries=300, batch=256))
    assert found["entries"] == 300
    assert found.keys() >= CIRCUMSTANCES


def test_one_measurement_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--only", "audit_append", "--entries", "10", "--folder", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["bench"] == "audit_append"
    assert list(tmp_path.iterdir()) == []
