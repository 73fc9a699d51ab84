"""Who gets which layers where there is not room for everything."""

from hypothesis import given
from hypothesis import strategies as st

from media.allocation import SUSPENDED, Aim, Step, Wish, allocate, steps_of

RATES = ((40_000, 20_000, 40_000, 0), (160_000, 80_000, 160_000, 0), (480_000, 240_000, 480_000, 0))
HEIGHTS = (180, 360, 720)
CAMERA = steps_of(RATES, HEIGHTS, range(3))


def wish(
    name: str, rank: int = 100, tile: int | None = None, current: Aim = SUSPENDED, *, settled: bool = True
) -> Wish:
    return Wish(name, rank, tile, CAMERA, current, settled)


def aims(budget: int | None, *wishes: Wish) -> dict[str, Aim]:
    return dict(allocate(budget, wishes).aims)


def test_steps_rise_and_a_slow_large_picture_is_none() -> None:
    assert [step.aim for step in CAMERA] == [(0, 0), (0, 1), (0, 3), (1, 1), (1, 3), (2, 1), (2, 3)]
    assert [step.bps for step in CAMERA] == [40_000, 60_000, 100_000, 240_000, 400_000, 720_000, 1_200_000]
    single = steps_of(RATES[2:], HEIGHTS[2:], [0])
    assert [step.aim for step in single] == [(0, 0), (0, 1), (0, 3)]
    assert steps_of(((90_000, 0, 0, 0),), (0,), [0]) == (Step((0, 3), 90_000, 0),)
    assert [step.aim for step in steps_of(((9, 0, 0, 0), (5, 0, 0, 0)), (0, 0), [0, 1])] == [(1, 3)]
    assert [step.aim[0] for step in steps_of(RATES, HEIGHTS, [2])] == [2, 2, 2]


def test_a_tile_gets_the_smallest_picture_that_fills_it() -> None:
    for tile, encoding in ((90, 0), (180, 0), (220, 0), (240, 1), (360, 1), (450, 1), (480, 2), (720, 2), (2000, 2)):
        assert aims(None, wish("a", tile=tile)) == {"a": (encoding, 3)}
    assert aims(None, wish("a", tile=0)) == {"a": SUSPENDED}
    assert aims(None, wish("a")) == {"a": (2, 3)}
    assert aims(None, Wish("a", 100, 400, ())) == {"a": SUSPENDED}


def test_everybody_is_seen_then_ranks_are_served_in_order_up_to_a_moderate_picture_and_then_beyond() -> None:
    chair, pinned, tile = wish("chair", 0), wish("pinned", 1), wish("tile", 100, 180)
    assert aims(90_000, chair, pinned, tile) == {"chair": (0, 0), "pinned": (0, 0), "tile": SUSPENDED}
    assert aims(200_000, chair, pinned, tile) == {"chair": (0, 3), "pinned": (0, 0), "tile": (0, 0)}
    assert aims(420_000, chair, pinned, tile) == {"chair": (1, 1), "pinned": (0, 3), "tile": (0, 1)}
    assert aims(600_000, chair, pinned, tile) == {"chair": (1, 3), "pinned": (0, 3), "tile": (0, 1)}
    assert aims(450_000, chair, tile) == {"chair": (1, 1), "tile": (0, 3)}
    assert aims(460_000, chair, tile) == {"chair": (1, 3), "tile": (0, 0)}
    assert aims(560_000, chair, tile) == {"chair": (1, 3), "tile": (0, 3)}
    assert aims(1_000_000, chair, tile) == {"chair": (2, 1), "tile": (0, 3)}
    assert aims(1_500_000, chair, tile) == {"chair": (2, 3), "tile": (0, 3)}
    assert aims(40_000, chair, tile) == {"chair": SUSPENDED, "tile": SUSPENDED}


def test_the_rank_decides_and_not_the_order_in_which_they_are_named() -> None:
    chair, tile = wish("z", 0), wish("a", 100, 180)
    for people in ((chair, tile), (tile, chair)):
        assert aims(220_000, *people) == {"z": (0, 3), "a": (0, 3)}
        assert aims(190_000, *people) == {"z": (0, 3), "a": (0, 1)}
        assert aims(44_000, *people) == {"z": (0, 0), "a": SUSPENDED}
        assert aims(560_000, *people) == {"z": (1, 3), "a": (0, 3)}


def test_equals_rise_in_turn() -> None:
    result = aims(300_000, *(wish(name, tile=180) for name in "abcd"))
    assert sorted(result.values()) == [(0, 1), (0, 1), (0, 1), (0, 3)]
    assert sorted(aims(90_000, *(wish(name) for name in "abc")).values()) == [SUSPENDED, (0, 0), (0, 0)]


def test_a_step_up_needs_a_reserve_and_what_is_there_does_not() -> None:
    assert aims(400_000, wish("a", current=(1, 3))) == {"a": (1, 3)}
    assert aims(400_000, wish("a", current=(1, 1))) == {"a": (1, 1)}
    assert aims(416_000, wish("a", current=(1, 1))) == {"a": (1, 3)}
    assert aims(1_250_000, wish("a", current=(2, 1))) == {"a": (2, 3)}
    assert aims(1_200_000, wish("a", current=(2, 3))) == {"a": (2, 3)}
    assert aims(1_201_000, wish("a", current=(2, 1))) == {"a": (2, 1)}


def test_who_has_just_fallen_does_not_rise_again() -> None:
    assert aims(None, wish("a", current=(1, 1), settled=False)) == {"a": (2, 3)}
    assert aims(5_000_000, wish("a", current=(1, 1), settled=False)) == {"a": (1, 1)}
    assert aims(1_000_000, wish("a", current=(1, 1), settled=False)) == {"a": (1, 1)}
    assert aims(100_000, wish("a", current=(1, 1), settled=False)) == {"a": (0, 3)}


@given(
    st.integers(0, 6_000_000),
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([None, 0, 90, 200, 400, 1000]), st.sampled_from(CAMERA)),
        max_size=8,
    ),
)
def test_never_more_than_there_is_and_nothing_that_would_still_fit_twice(
    budget: int, people: list[tuple[int, int | None, Step]]
) -> None:
    wishes = [wish(str(index), rank, tile, step.aim) for index, (rank, tile, step) in enumerate(people)]
    result = allocate(budget, wishes)
    assert result.used_bps <= budget
    assert result.used_bps <= result.wanted_bps
    again = [Wish(one.consumer, one.rank, one.tile_height, one.steps, result.aims[one.consumer]) for one in wishes]
    assert allocate(budget, again).aims == result.aims
    more = allocate(budget + 100_000, again)
    assert more.used_bps >= result.used_bps or budget < 100_000
