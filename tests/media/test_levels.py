"""Who speaks."""

import random

from hypothesis import given
from hypothesis import strategies as st

from media.levels import AUDIBLE, ROUND_S, SILENCE, SpeakerDetector

QUIET = -75


def rounds(seconds: float) -> int:
    return round(seconds / ROUND_S)


def hear(detector: SpeakerDetector, seconds: float, **levels: int) -> list[str | None]:
    """Let every producer be heard at a level for a time; the speakers after each round."""
    heard = []
    for _ in range(rounds(seconds)):
        detector.observe(levels)
        heard.append(detector.speaker)
    return heard


def talk(seed: int, seconds: float) -> list[int]:
    """Levels of a voice as it is: syllables, and a pause of up to 300 ms after each second or so."""
    choice = random.Random(seed)
    levels: list[int] = []
    while len(levels) < rounds(seconds):
        levels += [choice.randint(-40, -18) for _ in range(choice.randint(6, 16))]
        levels += [choice.randint(-80, -68) for _ in range(choice.randint(0, 3))]
    return levels[: rounds(seconds)]


def test_who_begins_to_talk_is_the_speaker_after_half_a_second() -> None:
    detector = SpeakerDetector()
    hear(detector, 1, a=QUIET, b=QUIET)
    heard = hear(detector, 1, a=-25, b=QUIET)
    assert heard.index("a") == rounds(0.5) - 1


def test_who_answers_is_the_speaker_half_a_second_later() -> None:
    detector = SpeakerDetector()
    hear(detector, 1, a=QUIET, b=QUIET)
    hear(detector, 5, a=-20, b=QUIET)
    heard = hear(detector, 1, a=QUIET, b=-30)
    assert heard.index("b") <= rounds(0.6)


def test_a_cough_is_not_speech_however_loud_and_wherever_the_rounds_fall() -> None:
    for touched in (1, 2, 3, 4):
        detector = SpeakerDetector()
        hear(detector, 1, a=QUIET, b=QUIET)
        for _ in range(touched):
            detector.observe({"a": QUIET, "b": -5})
        assert hear(detector, 3, a=QUIET, b=QUIET) == [None] * rounds(3)


def test_coughs_do_not_take_the_floor_from_a_speaker_who_pauses() -> None:
    detector = SpeakerDetector()
    hear(detector, 1, a=QUIET, b=QUIET)
    hear(detector, 3, a=-25, b=QUIET)
    for _ in range(5):
        for level in (-5, -5, -5, QUIET, QUIET, QUIET):
            detector.observe({"a": QUIET, "b": level})
        assert hear(detector, 1, a=-25, b=QUIET) == ["a"] * rounds(1)


def test_a_slightly_louder_one_does_not_interrupt_but_a_much_louder_one_does_within_a_second() -> None:
    detector = SpeakerDetector()
    hear(detector, 1, a=QUIET, b=QUIET)
    hear(detector, 3, a=-30, b=QUIET)
    assert hear(detector, 5, a=-30, b=-27) == ["a"] * rounds(5)
    hear(detector, 2, a=-30, b=QUIET)
    heard = hear(detector, 2, a=-30, b=-15)
    assert rounds(0.5) <= heard.index("b") <= rounds(1.1)


def test_a_constant_noise_is_nobodys_voice() -> None:
    detector = SpeakerDetector()
    assert hear(detector, 20, fan=-42) == [None] * rounds(20)
    hear(detector, 2, fan=-20)
    assert detector.speaker == "fan", "who talks over a fan is heard"


def test_a_noise_that_begins_later_is_learnt() -> None:
    detector = SpeakerDetector()
    hear(detector, 2, a=QUIET)
    hear(detector, 30, a=-42)
    assert detector.speaker is None


def test_silence_is_borne_for_two_seconds() -> None:
    detector = SpeakerDetector()
    hear(detector, 1, a=QUIET)
    hear(detector, 3, a=-20)
    assert hear(detector, 1.8, a=SILENCE) == ["a"] * rounds(1.8)
    hear(detector, 0.3)
    assert detector.speaker is None


def test_of_two_who_begin_together_the_louder_is_the_speaker_and_of_equals_the_first_by_id() -> None:
    for first, second, expected in ((-30, -20, "b"), (-20, -30, "a"), (-20, -20, "a")):
        detector = SpeakerDetector()
        hear(detector, 1, a=QUIET, b=QUIET)
        hear(detector, 1, b=second, a=first)
        assert detector.speaker == expected


def test_two_who_talk_in_turn_change_as_often_as_they_do() -> None:
    detector = SpeakerDetector()
    hear(detector, 1, a=QUIET, b=QUIET)
    changes: list[str | None] = []
    for turn in range(10):
        for level in talk(turn, 6):
            detector.observe({"ab"[turn % 2]: level, "ba"[turn % 2]: QUIET})
            if not changes or changes[-1] != detector.speaker:
                changes.append(detector.speaker)
    assert changes == [None, *"ababababab"]


def test_one_who_talks_stays_the_speaker_while_others_murmur() -> None:
    detector = SpeakerDetector()
    hear(detector, 1, a=QUIET, b=QUIET, c=QUIET)
    choice = random.Random(7)
    heard = set()
    for index, level in enumerate(talk(3, 60)):
        murmur = -35 if index % 20 < choice.randint(0, 4) else QUIET  # "mm-hm", every two seconds
        detector.observe({"a": level, "b": murmur, "c": QUIET})
        heard.add(detector.speaker)
    assert heard == {None, "a"}


def test_nothing_is_said_when_nothing_changed_and_levels_once_a_second() -> None:
    detector = SpeakerDetector()
    assert detector.observe({}) is None
    said = [detector.observe({"a": -20 if index else QUIET}) for index in range(30)]
    told = [index for index, one in enumerate(said) if one is not None]
    assert said[told[0]] == ({"a": -20}, "a")
    assert len(told) == 1, "the level stayed the same"
    said = [detector.observe({"a": -20 - index % 3}) for index in range(30)]
    assert len([one for one in said if one is not None]) == 3


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(-127, 0)), max_size=80))
def test_the_speaker_has_always_been_heard_within_two_seconds(trace: list[dict[str, int]]) -> None:
    detector = SpeakerDetector()
    for index, levels in enumerate(trace):
        detector.observe(levels)
        if detector.speaker is not None:
            recent = trace[max(0, index - 19) : index + 1]
            assert sum(one.get(detector.speaker, SILENCE) >= AUDIBLE for one in recent) >= 1
