"""Who speaks."""

from media.levels import SpeakerDetector


def test_the_loudest_becomes_the_speaker() -> None:
    detector = SpeakerDetector()
    for _ in range(5):
        detector.observe({"a": -20, "b": -60})
    assert detector.speaker == "a"


def test_a_slightly_louder_one_does_not_take_over_but_a_much_louder_one_does() -> None:
    detector = SpeakerDetector()
    for _ in range(5):
        detector.observe({"a": -30})
    for _ in range(10):
        detector.observe({"a": -30, "b": -27})
    assert detector.speaker == "a"
    for _ in range(10):
        detector.observe({"a": -30, "b": -15})
    assert detector.speaker == "b"


def test_silence_is_borne_for_a_while() -> None:
    detector = SpeakerDetector()
    for _ in range(5):
        detector.observe({"a": -20})
    detector.observe({"a": -127})
    assert detector.speaker == "a"
    for _ in range(20):
        detector.observe({})
    assert detector.speaker is None


def test_nothing_is_said_when_nothing_changed() -> None:
    detector = SpeakerDetector()
    assert detector.observe({}) is None
    assert detector.observe({"a": -127}) is None
    for _ in range(4):
        detector.observe({"a": -20})
    assert detector.observe({"a": -20}) is None
    assert detector.observe({"a": -21}) == ({"a": -21}, "a")
