"""One pure decision: may this subject do this here? Deny by default, and always with a reason for the log.

In order: the second factor that somebody's duties demand · label and need-to-know · role in the organisation · role in
the meeting · state. A fresh factor comes last and is asked for only from somebody who otherwise may.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from auth.errors import Denied, SecondFactorRequired, StepUpRequired
from auth.model import Label, MeetingRole, OrgRole, Subject
from auth.permissions import (
    LEADING,
    MUST_HAVE_FACTOR,
    OVER,
    RULES,
    WITHOUT_CONTENT,
    WITHOUT_FACTOR,
    Grant,
    Permission,
)


class Reason(StrEnum):
    """Why a decision is what it is."""

    ALLOWED = "allowed"
    NOT_SIGNED_IN = "not_signed_in"
    SECOND_FACTOR_REQUIRED = "second_factor_required"
    CLEARANCE = "clearance"
    COMPARTMENT = "compartment"
    NOT_NAMED = "not_named"
    ORGANISATION_ROLE = "organisation_role"
    MEETING_ROLE = "meeting_role"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Context:
    """What is asked about: the object's label and the meeting around it.

    ``state`` is the value of the meeting's state; ``named`` is False for a restricted item on which the subject is not
    named; ``entitled`` tells that a secretary also holds a seat and a vote.
    """

    label: Label = Label.PUBLIC
    compartments: frozenset[str] = frozenset()
    meeting_role: MeetingRole | None = None
    state: str | None = None
    named: bool = True
    entitled: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """``step_up``: what is allowed is allowed only with a fresh factor."""

    allowed: bool
    reason: Reason
    step_up: bool = False


NOWHERE = Context()


def decide(subject: Subject | None, permission: Permission, context: Context = NOWHERE) -> Decision:
    """Decide; ``subject`` is None for somebody who is not signed in."""
    if permission is Permission.PUBLIC:
        return Decision(True, Reason.ALLOWED)
    if subject is None:
        return Decision(False, Reason.NOT_SIGNED_IN)
    refusal = (
        _second_factor(subject, permission, context)
        or _need_to_know(subject, context)
        or _role(subject, permission, context)
    )
    if refusal is not None:
        return Decision(False, refusal)
    return Decision(True, Reason.ALLOWED, RULES[permission].step_up)


def require(subject: Subject | None, permission: Permission, context: Context = NOWHERE, *, now: datetime) -> None:
    """Return if the subject may.

    Raises SecondFactorRequired, Denied with the reason, or StepUpRequired when only a fresh factor lacks.
    """
    decision = decide(subject, permission, context)
    if decision.reason is Reason.SECOND_FACTOR_REQUIRED:
        raise SecondFactorRequired
    if not decision.allowed:
        raise Denied(decision.reason.value)
    if decision.step_up and not _is_fresh(subject, now):
        raise StepUpRequired


def must_enrol(subject: Subject) -> bool:
    """Say whether somebody's duties demand a second factor that is not there."""
    return not subject.second_factor and (subject.leads or bool(subject.roles & MUST_HAVE_FACTOR))


def _second_factor(subject: Subject, permission: Permission, context: Context) -> Reason | None:
    if permission in WITHOUT_FACTOR or subject.second_factor:
        return None
    # The meeting in question counts by itself: its role is newer than what the subject was looked up with.
    leads_here = context.meeting_role in LEADING and context.state not in OVER
    return Reason.SECOND_FACTOR_REQUIRED if leads_here or must_enrol(subject) else None


def _need_to_know(subject: Subject, context: Context) -> Reason | None:
    if subject.clearance < context.label:
        return Reason.CLEARANCE
    if not context.compartments <= subject.compartments:
        return Reason.COMPARTMENT
    return None if context.named else Reason.NOT_NAMED


def _role(subject: Subject, permission: Permission, context: Context) -> Reason | None:
    rule = RULES[permission]
    if not rule.grants:
        return None if subject.roles & rule.org_roles else Reason.ORGANISATION_ROLE
    if subject.roles & WITHOUT_CONTENT or not subject.roles or _is_misplaced_room(subject, context):
        return Reason.ORGANISATION_ROLE
    grants = [grant for grant in rule.grants if _holds(grant, context)]
    if not grants:
        return Reason.MEETING_ROLE
    if not any(grant.states is None or context.state in grant.states for grant in grants):
        return Reason.STATE
    return None


def _holds(grant: Grant, context: Context) -> bool:
    return context.meeting_role in grant.roles and (context.entitled or not grant.entitled)


def _is_misplaced_room(subject: Subject, context: Context) -> bool:
    # A hall that somebody made a member of a meeting must not gain a seat by that.
    return OrgRole.ROOM in subject.roles and context.meeting_role not in (None, MeetingRole.ROOM)


def _is_fresh(subject: Subject | None, now: datetime) -> bool:
    return subject is not None and subject.stepped_up_until is not None and now < subject.stepped_up_until
