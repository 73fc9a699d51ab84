"""Quorum: present, entitled members, never ballots."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from auth.model import PersonId
from meetings.rules import RulesOfProcedure


@dataclass(frozen=True, slots=True)
class Quorum:
    """``required`` of ``total`` members must be ``present``; ``entitled`` have a vote in this meeting."""

    entitled: int
    total: int
    present: int
    required: int
    met: bool


def quorum_of(entitled: AbstractSet[PersonId], present: AbstractSet[PersonId], rules: RulesOfProcedure) -> Quorum:
    """Count the present among the entitled against the quorum of the rules."""
    return quorum_by_count(len(entitled), len(entitled & present), rules)


def quorum_by_count(entitled: int, present: int, rules: RulesOfProcedure) -> Quorum:
    """Hold the number of the present among the entitled against the quorum of the rules."""
    total = rules.total(entitled)
    return Quorum(
        entitled=entitled,
        total=total,
        present=present,
        required=rules.quorum.required(total),
        met=rules.quorum.holds(present, total),
    )
