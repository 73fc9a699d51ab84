"""One JSON line a measurement."""

import json
from collections.abc import Sequence


def line(bench: str, **fields: object) -> str:
    """Return the line; fields keep their order."""
    return json.dumps({"bench": bench, **fields}, ensure_ascii=False)


def percentile_ms(seconds: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile in milliseconds, two decimals."""
    ordered = sorted(seconds)
    rank = max(0, min(len(ordered) - 1, round(share * len(ordered)) - 1))
    return round(ordered[rank] * 1000, 2)
