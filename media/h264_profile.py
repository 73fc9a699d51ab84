"""What an H.264 sender and a receiver have to agree on: packetization mode, profile, level (RFC 6184 §8). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Profile = Literal["constrained baseline", "baseline", "main", "constrained high", "high"]

#: What stands for a stream whose parameters do not say: Baseline at level 1 (RFC 6184 §8.1).
DEFAULT: Final = "42000a"
_CONSTRAINT_SET_3: Final = 0x10
_LEVEL_1_1, _LEVEL_1B = 11, 10.5
#: profile_idc, the bits of profile-iop that count, and what they are (RFC 6184 §8.1, table 5).
_PROFILES: Final[tuple[tuple[int, int, int, Profile], ...]] = (
    (0x42, 0b0100_1111, 0b0100_0000, "constrained baseline"),
    (0x4D, 0b1000_1111, 0b1000_0000, "constrained baseline"),
    (0x58, 0b1100_1111, 0b1100_0000, "constrained baseline"),
    (0x42, 0b0100_1111, 0b0000_0000, "baseline"),
    (0x58, 0b1100_1111, 0b1000_0000, "baseline"),
    (0x4D, 0b1010_1111, 0b0000_0000, "main"),
    (0x64, 0b1111_1111, 0b0000_1100, "constrained high"),
    (0x64, 0b1111_1111, 0b0000_0000, "high"),
)


@dataclass(frozen=True, slots=True)
class ProfileLevel:
    """A ``profile-level-id``. Levels are ten times their number; 1b lies between 1 and 1.1."""

    profile: Profile
    level: float


def profile_level(profile_level_id: str) -> ProfileLevel | None:
    """Read six hexadecimal digits; None for a profile that is none of the five."""
    idc, iop, level = bytes.fromhex(profile_level_id)
    for known_idc, mask, value, profile in _PROFILES:
        if idc == known_idc and iop & mask == value:
            is_1b = level == _LEVEL_1_1 and iop & _CONSTRAINT_SET_3 and idc != 0x64
            return ProfileLevel(profile, _LEVEL_1B if is_1b else level)
    return None


def same_format(one: Mapping[str, int | str], other: Mapping[str, int | str]) -> bool:
    """Whether two descriptions are of one media format: packetization mode and profile must be equal (§8.2.2)."""
    profiles = _profile_level(one), _profile_level(other)
    if profiles[0] is None or profiles[1] is None or profiles[0].profile != profiles[1].profile:
        return False
    return one.get("packetization-mode", 0) == other.get("packetization-mode", 0)


def decodes(receiver: Mapping[str, int | str], sender: Mapping[str, int | str]) -> bool:
    """Whether a receiver with these parameters takes what this sender sends: the same format, at no higher level."""
    takes, sends = _profile_level(receiver), _profile_level(sender)
    return takes is not None and sends is not None and sends.level <= takes.level and same_format(receiver, sender)


def _profile_level(parameters: Mapping[str, int | str]) -> ProfileLevel | None:
    return profile_level(str(parameters.get("profile-level-id", DEFAULT)))
