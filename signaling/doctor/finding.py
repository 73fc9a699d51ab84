"""What a check found. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"  # works today
    PROBLEM = "problem"  # does not work, or is not safe


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; ``advice`` says what to do about it."""

    check: str
    level: Level
    words: str
    advice: str = ""


def ok(check: str, words: str) -> Finding:
    """Return a finding that asks for nothing."""
    return Finding(check, Level.OK, words)


def warning(check: str, words: str, advice: str) -> Finding:
    """Return a finding that can wait."""
    return Finding(check, Level.WARNING, words, advice)


def problem(check: str, words: str, advice: str) -> Finding:
    """Return a finding that cannot."""
    return Finding(check, Level.PROBLEM, words, advice)
