"""The token bucket."""

from media.ratelimit import RateLimit


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    limit = RateLimit(10, 3)
    assert [limit.admits(0.0) for _ in range(5)] == [True, True, True, False, False]
    assert limit.admits(0.1)
    assert not limit.admits(0.1)
    assert [limit.admits(100.0) for _ in range(4)] == [True, True, True, False]
