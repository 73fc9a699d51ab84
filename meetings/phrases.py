"""Sentences of minutes in the language of a meeting, from ``locales/*.ftl`` (Project Fluent)."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from fluent.runtime import FluentBundle, FluentResource

LANGUAGES: Final = ("en", "vi")
_FALLBACK: Final = "en"


class Phrases:
    """The texts of one language; times are told in one zone."""

    def __init__(self, language: str, zone: str) -> None:
        self._bundle = _bundle(listed(language))
        self._zone = ZoneInfo(zone)

    def say(self, key: str, **values: str | int | Decimal | datetime) -> str:
        """Return a sentence. Raises ``LookupError`` for one that is missing or lacks a value."""
        message = self._bundle.get_message(key)
        told = {
            name: value.astimezone(self._zone) if isinstance(value, datetime) else value
            for name, value in values.items()
        }
        if message.value is None:
            raise LookupError(f"{key} has no text")
        text, errors = self._bundle.format_pattern(message.value, told)
        if errors:
            raise LookupError(f"{key}: {errors[0]}")
        return str(text)


def listed(language: str) -> str:
    """Return the language among ours that serves a BCP 47 tag: the same, its base, else English."""
    base = language.lower().replace("_", "-").split("-")[0]
    return base if base in LANGUAGES else _FALLBACK


@lru_cache
def _bundle(language: str) -> FluentBundle:
    text = files("meetings").joinpath("locales", f"{language}.ftl").read_text("utf-8")
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(text))
    return bundle
