"""How the verdict of a closed poll came about, in sentences."""

from decimal import Decimal

from meetings.decision import Step
from meetings.model import PollState
from meetings.phrases import Phrases
from meetings.records import Poll, PollResult


def report(poll: Poll, result: PollResult, phrases: Phrases) -> list[str]:
    """Return the derivation, a sentence a step; figures and verdict stand beside it as facts."""
    lines = [derivation(step, phrases) for step in result.outcome.derivation]
    if poll.quorum_lost_at is not None:
        lines.append(phrases.say("poll-quorum-lost", at=poll.quorum_lost_at))
    return lines


def annulment(poll: Poll, phrases: Phrases) -> str:
    """Return when an annulled poll was open, and why it counts for nothing; empty for any other."""
    if poll.state is not PollState.ANNULLED or poll.opened_at is None or poll.closed_at is None:
        return ""
    reason = poll.state_reason or ""
    return phrases.say("poll-annulled", opened=poll.opened_at, annulled=poll.closed_at, reason=reason)


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
