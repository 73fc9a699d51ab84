"""When keyframes are asked for."""

from media.keyframe import FIRST_INTERVAL, INTERVAL, MAX_RETRIES, RETRY, KeyFrameRequests


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
