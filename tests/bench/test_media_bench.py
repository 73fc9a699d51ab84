"""What the measurements of the relay conclude from what they measured."""

import json
from dataclasses import replace

import pytest

from bench.media import packets, participant, soak
from bench.media.errors import BenchFailed
from bench.media.fit import minutes, slope
from bench.media.load import Result, paced_rate

RUN = Result(
    sent=100,
    received=1000,
    other=0,
    gaps=0,
    verified=3,
    bad=0,
    stalls=0,
    cpu_s=0.004,
    wall_s=0.5,
    share=1.0,
    p50_us=40.0,
    p99_us=90.0,
)


def test_a_slope_is_that_of_the_line_through_all_points() -> None:
    assert slope([(0, 5), (1, 7), (2, 9)]) == pytest.approx(2)
    assert slope([(0, 0), (1, 1), (2, 0), (3, 1)]) == pytest.approx(0.2)


def test_a_single_place_has_no_slope() -> None:
    with pytest.raises(ValueError, match="two different places"):
        slope([(1, 1), (1, 2)])


def test_a_minute_is_worth_the_median_of_its_samples() -> None:
    assert minutes([(0.1, 5), (0.5, 900), (0.9, 6), (1.0, 7), (1.5, 9), (3.2, 8)]) == [6, 8, 8]


def test_memory_that_grows_only_while_it_settles_has_no_growth() -> None:
    tally = soak.Tally(memory=[(0, 100), (9, 900), *[(minute, 1000.0) for minute in range(10, 20)]])
    assert soak.growth(tally) == 0


def test_memory_that_grows_in_the_last_ten_minutes_has_grown() -> None:
    tally = soak.Tally(memory=[(minute, 1000.0 * min(minute, 20)) for minute in range(30)])
    assert soak.growth(tally) == 0
    tally.memory += [(minute, 20_000 + 7 * (minute - 29)) for minute in range(30, 40)]
    assert soak.growth(tally) == pytest.approx(7)


def test_less_than_twenty_minutes_say_nothing_of_memory(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        soak.main(["--seconds", "1199"])
    assert "at least 20 minutes" in capsys.readouterr().err


def test_each_row_is_compared_with_the_limit_and_with_the_better_janus_of_its_load() -> None:
    results = {
        ("limit", "saturated"): [replace(RUN, cpu_s=0.002)],
        ("python", "saturated"): [RUN] * 3 + [replace(RUN, cpu_s=0.1, share=0.6)] * 2,
        ("janus", "saturated"): [replace(RUN, cpu_s=0.010)],
        ("janus event_loops=1", "saturated"): [replace(RUN, cpu_s=0.008)],
        ("python", "paced"): [RUN],
    }
    found = {(row["variant"], row["load"]): row for row in map(json.loads, packets.rows(10, results))}
    ours = found["python", "saturated"]
    assert ours["us_cpu_per_packet"] == 4.0, "runs that were disturbed do not count"
    assert (ours["ratio_to_limit"], ours["ratio_to_janus_best"]) == (2.0, 0.5)
    assert (ours["verified"], ours["bad"], ours["packets_per_second"]) == (15, 0, 2000)
    assert found["limit", "saturated"]["p99_us"] is None
    assert found["python", "paced"]["ratio_to_limit"] == 2.0
    assert found["python", "paced"]["ratio_to_janus_best"] is None, "no Janus was paced"


@pytest.mark.parametrize("nothing", [{"verified": 0}, {"received": 0}])
def test_no_figure_is_made_from_a_run_in_which_nothing_came_through(nothing: dict[str, int]) -> None:
    with pytest.raises(BenchFailed, match="python"):
        list(packets.rows(10, {("python", "saturated"): [RUN, replace(RUN, **nothing)]}))


def test_a_paced_publisher_is_slower_when_many_receive() -> None:
    assert paced_rate(10) == 1000
    assert paced_rate(200) == 100


async def test_the_cost_of_one_more_participant_is_that_of_all_that_pages_do() -> None:
    found = json.loads(await participant.row("python", 3, 2))
    assert (found["people"], found["relays"], found["consumers"]) == (3, 2, 12)
    assert found["changes"] > 4 * 3
    assert all(found[key] > 0 for key in ("hub_ms", "relay_ms", "leave_hub_ms", "leave_relay_ms"))
