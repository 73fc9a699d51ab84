"""A straight line through measurements. Pure."""

from collections.abc import Sequence
from statistics import fmean


def slope(points: Sequence[tuple[float, float]]) -> float:
    """How much y grows with each unit of x, by least squares. Raises ValueError unless there are two different x."""
    x_mean, y_mean = fmean(x for x, _ in points), fmean(y for _, y in points)
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    if not spread:
        raise ValueError("a slope needs two different places")
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / spread


def settled(points: Sequence[tuple[float, float]], share: float = 0.2) -> list[tuple[float, float]]:
    """The points after the first share of the way, in which caches fill and pools grow to their size."""
    first, last = points[0][0], points[-1][0]
    return [point for point in points if point[0] >= first + share * (last - first)]
