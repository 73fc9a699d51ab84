"""Who gets which layers of which video, where there is not room for everything. Pure.

Sound comes first and is never part of this: the budget is what it leaves. Ranks are served one after the other, lowest
number first, three times: at first everybody is seen at all, then each rank gets what makes a good picture of moderate
size, then, while there is room, what its tiles can show. Within a rank everybody rises step by step, in turn. Nobody
gets more than the tile can show; what is not drawn, and what finds no room, is suspended.

A step is an encoding with its temporal layers. Of a single encoding frames are dropped before anything else, so that a
screen stays readable; of several, pictures of fewer than half the frames are only taken from the lowest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

#: What every rank gets before a better picture for anybody: lines of a picture, and before that the first step alone.
MODERATE_HEIGHT: Final = 400
_SEEN_AT_ALL: Final = -1
#: A picture is large enough for a tile from this part of its height on.
_ENOUGH_OF_TILE: Final = 0.8
#: To take a step up there must be this much more room than it needs.
_RESERVE: Final = 1.1

Aim = tuple[int, int]
SUSPENDED: Final[Aim] = (-1, 0)


@dataclass(frozen=True, slots=True)
class Step:
    """One way to forward a source. ``height`` is 0 where it is unknown, ``bps`` includes the layers below."""

    aim: Aim
    bps: int
    height: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """A consumer of video. ``steps`` are of its source, upwards; ``tile_height`` None means no limit, 0 not drawn.

    ``settled`` is False for one that has fallen just now and shall not rise again yet.
    """

    consumer: str
    rank: int
    tile_height: int | None
    steps: Sequence[Step]
    current: Aim = SUSPENDED
    settled: bool = True


@dataclass(frozen=True, slots=True)
class Allocation:
    """The aim of each consumer, and its aim if there were room for everything; what both take in all."""

    aims: Mapping[str, Aim]
    tops: Mapping[str, Aim]
    used_bps: int
    wanted_bps: int


def steps_of(rates: Sequence[Sequence[int]], heights: Sequence[int], available: Iterable[int]) -> tuple[Step, ...]:
    """The steps of a source, from the rates (bps) of the temporal layers of each encoding, lowest first.

    Only ``available`` encodings are taken; a step that costs no less than a better one is left out.
    """
    usable = sorted(available)
    steps: list[Step] = []
    for encoding in usable:
        layers = [index for index, bps in enumerate(rates[encoding]) if bps > 0] or [0]
        if encoding != usable[0] and len(layers) > 1:
            layers = layers[1:]
        for temporal in layers:
            bps = sum(rates[encoding][: temporal + 1])
            while steps and steps[-1].bps >= bps:
                steps.pop()
            aim = (encoding, 3 if temporal == layers[-1] else temporal)
            steps.append(Step(aim, bps, heights[encoding]))
    return tuple(steps)


def allocate(budget_bps: int | None, wishes: Iterable[Wish]) -> Allocation:
    """Distribute what there is; None is no limit."""
    climbers = [_Climber(wish) for wish in sorted(wishes, key=lambda wish: (wish.rank, wish.consumer))]
    wanted = sum(climber.cost_of(climber.top) for climber in climbers)
    if budget_bps is None or wanted * _RESERVE <= budget_bps:
        for climber in climbers:
            climber.reached = climber.top if budget_bps is None else climber.allowed(climber.top)
    else:
        room = budget_bps
        for limit in (_SEEN_AT_ALL, MODERATE_HEIGHT, None):
            for _, rank in groupby(climbers, key=lambda climber: climber.wish.rank):
                room = _serve(list(rank), limit, room)
    used = sum(climber.cost_of(climber.reached) for climber in climbers)
    aims = {climber.wish.consumer: climber.aim_of(climber.reached) for climber in climbers}
    tops = {climber.wish.consumer: climber.aim_of(climber.top) for climber in climbers}
    return Allocation(aims, tops, used, wanted)


def fitting(tile_height: int | None, heights: Sequence[int]) -> int:
    """The encoding that a tile can show, of those with these heights: the first that is large enough, else the last."""
    last = len(heights) - 1
    if tile_height is None:
        return last
    return next((index for index, height in enumerate(heights) if height >= tile_height * _ENOUGH_OF_TILE), last)


class _Climber:
    """A wish on its way up. Indices of steps; −1 is suspended."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.reached = -1
        self.top = _top(wish)
        self._current = max((i for i, step in enumerate(wish.steps) if step.aim <= wish.current), default=-1)

    def aim_of(self, index: int) -> Aim:
        return self.wish.steps[index].aim if index >= 0 else SUSPENDED

    def cost_of(self, index: int) -> int:
        return self.wish.steps[index].bps if index >= 0 else 0

    def allowed(self, index: int) -> int:
        """The step itself, or the current one where rising has to wait."""
        return index if self.wish.settled else min(index, self._current)

    def can_rise(self, limit: int | None, room: int) -> bool:
        """Whether the next step exists, is within the limit and finds room."""
        following = self.reached + 1
        if following > self.allowed(self.top):
            return False
        step = self.wish.steps[following]
        if limit is not None and step.height > limit and following > 0:
            return False
        needs = step.bps - self.cost_of(self.reached)
        return needs * (_RESERVE if following > self._current else 1.0) <= room


def _top(wish: Wish) -> int:
    """The best step that the tile can show."""
    if wish.tile_height == 0 or not wish.steps:
        return -1
    encoding = wish.steps[fitting(wish.tile_height, [step.height for step in wish.steps])].aim[0]
    return max(index for index, step in enumerate(wish.steps) if step.aim[0] == encoding)


def _serve(climbers: Sequence[_Climber], limit: int | None, room: int) -> int:
    """Raise those of one rank in turn as far as there is room; what is left."""
    rising = list(climbers)
    while rising:
        still: list[_Climber] = []
        for climber in rising:
            if climber.can_rise(limit, room):
                room -= climber.cost_of(climber.reached + 1) - climber.cost_of(climber.reached)
                climber.reached += 1
                still.append(climber)
        rising = still
    return room
