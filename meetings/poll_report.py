"""A closed poll in sentences: figures, verdict, and how the verdict came about."""

from collections.abc import Iterator
from decimal import Decimal

from meetings.decision import Step
from meetings.model import PollMethod, Verdict
from meetings.phrases import Phrases
from meetings.records import Poll, PollResult
from meetings.tally import ABSTAIN

_SILENT = ("not_voting", "absent")


def report(poll: Poll, result: PollResult, phrases: Phrases) -> list[str]:
    """Return the paragraphs on a poll: what was asked, the count, the derivation, the verdict."""
    lines = [phrases.say("poll-title", title=poll.details.title)]
    if poll.details.question:
        lines.append(phrases.say("poll-question", question=poll.details.question))
    lines += _counts(poll, result, phrases)
    if poll.quorum_lost_at is not None:
        lines.append(phrases.say("poll-quorum-lost", at=poll.quorum_lost_at))
    lines += [derivation(step, phrases) for step in result.outcome.derivation]
    return [*lines, _verdict(poll, result, phrases)]


def derivation(step: Step, phrases: Phrases) -> str:
    """Return one step of a derivation in words."""
    params = dict(step.params)
    parts = [step.key]
    if step.key == "base":
        parts.append(str(params["base"]))
    if step.key == "threshold":
        parts.append(str(params["comparison"]))
    if step.key == "tie":
        parts.append(str(params["rule"]))
    if step.key in ("quorum", "threshold") or parts == ["tie", "chair"]:
        parts.append("holds" if step.holds else "fails")
    values: dict[str, str | int | Decimal] = {**params}
    if "percent" in params:
        values["percent"] = Decimal(str(params["percent"]))
    return phrases.say("-".join(["step", *parts]), **values)


def _counts(poll: Poll, result: PollResult, phrases: Phrases) -> Iterator[str]:
    """The silent are told only where there are any."""
    for share in result.outcome.percentages:
        if share.key == "participation" or (share.key in _SILENT and share.count == 0):
            continue
        option = option_name(poll, share.key, phrases)
        yield phrases.say("poll-count", option=option, count=share.count, percent=Decimal(share.percent))


def _verdict(poll: Poll, result: PollResult, phrases: Phrases) -> str:
    outcome = result.outcome
    if outcome.verdict is Verdict.CARRIED and poll.details.method is PollMethod.ONE_OF and outcome.winner:
        return phrases.say("poll-verdict-winner", option=option_name(poll, outcome.winner, phrases))
    return phrases.say(f"poll-verdict-{outcome.verdict.value}")


def option_name(poll: Poll, key: str, phrases: Phrases) -> str:
    """Return an option's own label, or the word for yes, no, abstentions and the silent."""
    labels = {option.id: option.label for option in poll.details.options}
    if key in (*_SILENT, ABSTAIN) or poll.details.method is PollMethod.YES_NO_ABSTAIN:
        return labels.get(key) or phrases.say(f"option-{key}")
    return labels.get(key) or key
