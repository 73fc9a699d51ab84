"""Every sentence exists in every language with the same values."""

from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast, parse
from fluent.syntax.visitor import Visitor

from meetings import phrases as phrases_module
from meetings.phrases import LANGUAGES, Phrases, listed
from tests.meetings.conftest import NOW


class _Variables(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: Any) -> None:
        self.found.add(node.id.name)


def _messages(language: str) -> Iterator[tuple[str, frozenset[str]]]:
    for entry in parse(files("meetings").joinpath("locales", f"{language}.ftl").read_text("utf-8")).body:
        assert not isinstance(entry, ast.Junk), entry.content
        if isinstance(entry, ast.Message):
            variables = _Variables()
            variables.visit(entry)
            yield entry.id.name, frozenset(variables.found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_are_complete(language: str) -> None:
    assert dict(_messages(language)) == dict(_messages("en"))


def test_languages_are_found_by_their_base() -> None:
    assert [listed(tag) for tag in ("vi", "vi-VN", "VI_vn", "en-GB", "fr", "")] == ["vi", "vi", "vi", "en", "en", "en"]


def test_times_are_told_in_the_zone_and_numbers_in_the_language() -> None:
    phrases = Phrases("vi", "Asia/Ho_Chi_Minh")
    assert "15:00" in phrases.say("closing-ended", at=NOW)
    step = phrases.say(
        "step-participation", participating=465, total=478, percent=Decimal("97.28"), abstentions=0, not_voting=0
    )
    assert "97,28" in step


def test_a_sentence_without_text_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = FluentBundle(["en"])
    bundle.add_resource(FluentResource("bare =\n    .title = Only an attribute\n"))
    monkeypatch.setattr(phrases_module, "_bundle", lambda language: bundle)
    with pytest.raises(LookupError):
        Phrases("en", "UTC").say("bare")


@pytest.mark.parametrize("key", ["no-such-sentence", "closing-ended"])
def test_missing_sentences_and_values_are_errors(key: str) -> None:
    with pytest.raises(LookupError):
        Phrases("en", "UTC").say(key)
