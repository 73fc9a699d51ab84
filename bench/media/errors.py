"""What ends a measurement."""

from bench.hub import BenchFailed


class NotHere(BenchFailed):
    """This machine lacks what the row needs; the others are measured without it."""


__all__ = ["BenchFailed", "NotHere"]
