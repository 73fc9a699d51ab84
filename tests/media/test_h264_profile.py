"""Which H.264 a sender and a receiver share (RFC 6184 §8)."""

import pytest

from media.h264_profile import ProfileLevel, decodes, profile_level, same_format


def h264(profile_level_id: str | None = None, mode: int | None = 1) -> dict[str, int | str]:
    parameters: dict[str, int | str] = {} if mode is None else {"packetization-mode": mode}
    return parameters if profile_level_id is None else {**parameters, "profile-level-id": profile_level_id}


@pytest.mark.parametrize(
    ("text", "profile", "level"),
    [
        ("42e01f", "constrained baseline", 31),
        ("42c01f", "constrained baseline", 31),
        ("4de01f", "constrained baseline", 31),
        ("58f01f", "constrained baseline", 31),
        ("42f00b", "constrained baseline", 10.5),
        ("42e00b", "constrained baseline", 11),
        ("42001f", "baseline", 31),
        ("58A01f", "baseline", 31),
        ("4d0032", "main", 50),
        ("640c1f", "constrained high", 31),
        ("64000b", "high", 11),
    ],
)
def test_profiles_and_levels_are_told_apart(text: str, profile: str, level: float) -> None:
    assert profile_level(text) == ProfileLevel(profile, level)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["000000", "f4001f", "42ff1f", "64101f"])
def test_what_is_no_known_profile_is_none(text: str) -> None:
    assert profile_level(text) is None
    assert not same_format(h264(text), h264(text))


def test_a_format_is_profile_and_packetization_mode() -> None:
    assert same_format(h264("42e01f"), h264("4de00b"))
    assert same_format(h264(None, None), h264("42001f", 0))
    assert not same_format(h264("42e01f"), h264("42e01f", 0))
    assert not same_format(h264("42e01f"), h264("42001f"))


def test_a_receiver_decodes_no_higher_level_than_it_says() -> None:
    assert decodes(h264("42e01f"), h264("42e00d"))
    assert decodes(h264("42e01f"), h264("42f00b"))
    assert not decodes(h264("42e01f"), h264("42e028"))
    assert not decodes(h264("000000"), h264("42e01f"))
