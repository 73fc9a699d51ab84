"""A straight line through measurements. Pure."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import fmean, median


def slope(points: Sequence[tuple[float, float]]) -> float:
    """How much y grows with each unit of x, by least squares. Raises ValueError unless there are two different x."""
    x_mean, y_mean = fmean(x for x, _ in points), fmean(y for _, y in points)
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    if not spread:
        raise ValueError("a slope needs two different places")
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / spread


def minutes(samples: Iterable[tuple[float, float]]) -> list[float]:
    """The median of what was sampled within each minute, for samples of (minutes, value) in order."""
    return [median(value for _, value in some) for _, some in groupby(samples, lambda sample: int(sample[0]))]
