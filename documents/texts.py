"""The words of documents in the meeting's language, from ``locales/*.ftl`` (Project Fluent)."""

from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from fluent.runtime import FluentBundle, FluentResource

from .errors import RenderFailed

LOCALES = Path(__file__).parent / "locales"
FALLBACK = "en"


def languages() -> frozenset[str]:
    """Return the languages in which documents can be made."""
    return frozenset(path.stem for path in LOCALES.glob("*.ftl"))


class Texts:
    """Messages and dates in one language and zone. A regional tag (``vi-VN``) uses its language, any other English."""

    def __init__(self, language: str, zone: str) -> None:
        base = language.replace("_", "-").split("-")[0].lower()
        self.language = base if base in languages() else FALLBACK
        self._bundle = _bundle(self.language)
        self._zone = ZoneInfo(zone)

    def __call__(self, key: str, **arguments: str | int) -> str:
        """Return a message. Raises ``RenderFailed`` if it is missing or lacks an argument."""
        pattern = self._bundle.get_message(key).value if self._bundle.has_message(key) else None
        if pattern is None:
            raise RenderFailed(f"{self.language} has no text {key}")
        text, errors = self._bundle.format_pattern(pattern, arguments)
        if errors:
            raise RenderFailed(f"{self.language} cannot form {key}: {errors[0]}")
        return str(text)

    def date(self, moment: datetime) -> str:
        """Return the local date in full."""
        local = moment.astimezone(self._zone)
        # Decree 30/2020: a zero stands before days below 10 and before January and February.
        month = f"{local.month:02}" if local.month < 3 else str(local.month)
        long = format_date(local.date(), "long", locale=self.language)
        return self("date", day=f"{local.day:02}", month=month, year=str(local.year), long=long)

    def time(self, moment: datetime, key: str = "time") -> str:
        """Return the local time of day in words, or short with ``key="clock"``."""
        local = moment.astimezone(self._zone)
        return self(key, hour=f"{local.hour:02}", minute=f"{local.minute:02}")

    def moment(self, moment: datetime) -> str:
        """Return local time and date."""
        return self("moment", time=self.time(moment), date=self.date(moment))

    def span(self, start: datetime, end: datetime) -> str:
        """Return from when to when, naming the date once if it is the same."""
        if start.astimezone(self._zone).date() == end.astimezone(self._zone).date():
            return self("span-same-day", start=self.time(start), end=self.time(end), date=self.date(start))
        return self(
            "span-days",
            start=self.time(start),
            startdate=self.date(start),
            end=self.time(end),
            enddate=self.date(end),
        )

    def interval(self, start: datetime, end: datetime | None) -> str:
        """Return a short interval of presence."""
        until = self("until-end") if end is None else self.time(end, "clock")
        return self("interval", start=self.time(start, "clock"), end=until)


@cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource((LOCALES / f"{language}.ftl").read_text(encoding="utf-8")))
    return bundle
