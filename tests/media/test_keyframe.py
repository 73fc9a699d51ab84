"""When keyframes are asked for."""

from media.keyframe import (
    FIRST_INTERVAL,
    HURRIES,
    HURRIES_PER_S,
    INTERVAL,
    MAX_RETRIES,
    RETRY,
    KeyFrameRequests,
)


def test_the_first_receiver_does_not_wait() -> None:
    requests = KeyFrameRequests()
    assert not requests.take(0.0)
    requests.want(0.0, first=True)
    assert requests.take(0.0)


def test_an_unanswered_request_is_repeated_until_a_keyframe_comes() -> None:
    requests = KeyFrameRequests()
    requests.want(0.0, first=True)
    assert requests.take(0.0)
    assert not requests.take(RETRY - 0.01)
    assert requests.take(RETRY)
    requests.arrived()
    assert not requests.take(10.0)


def test_others_join_the_request_under_way() -> None:
    requests = KeyFrameRequests()
    requests.want(0.0, first=False)
    assert requests.take(0.0)
    requests.want(0.01, first=False)
    assert not requests.take(0.3)


def test_a_new_receiver_waits_a_fifth_of_a_second_at_most() -> None:
    requests = KeyFrameRequests()
    requests.want(0.0, first=True)
    assert requests.take(0.0)
    requests.arrived()
    requests.want(0.1, first=True)
    assert not requests.take(0.1)
    assert requests.take(FIRST_INTERVAL)


def test_ordinary_requests_are_coalesced_to_one_a_second() -> None:
    requests = KeyFrameRequests()
    requests.want(0.0, first=False)
    assert requests.take(0.0)
    requests.arrived()
    sent = 0
    for step in range(100):
        now = 0.01 + step / 20
        requests.want(now, first=False)
        if requests.take(now):
            sent += 1
            requests.arrived()
    assert sent <= 5 / INTERVAL


def test_it_gives_up_and_a_reminder_starts_again() -> None:
    requests = KeyFrameRequests()
    requests.want(0.0, first=True)
    assert sum(requests.take(step * RETRY) for step in range(100)) == MAX_RETRIES
    requests.remind(100.0)
    requests.remind(100.0)
    assert requests.take(100.0)


def test_who_loses_the_picture_again_and_again_does_not_set_the_pace() -> None:
    requests = KeyFrameRequests()
    sent = 0
    for step in range(600):
        now = step / 10
        requests.want(now, first=True)
        if requests.take(now):
            sent += 1
            requests.arrived()
    assert sent <= HURRIES + 60 * (1 + HURRIES_PER_S)
    requests.want(120.0, first=True)
    assert requests.take(120.0)
    requests.want(120.1, first=True)
    assert requests.take(120.1 + FIRST_INTERVAL), "after a while of peace there is no wait again"
