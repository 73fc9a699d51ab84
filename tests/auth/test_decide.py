from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from auth.decide import Context, Reason, decide, must_enrol, require
from auth.errors import Denied, SecondFactorRequired, StepUpRequired
from auth.model import Label, MeetingRole, OrgRole
from auth.permissions import KNOWN, LEADING, MUST_HAVE_FACTOR, OVER, RULES, WITHOUT_FACTOR, Permission
from meetings.model import MeetingState
from tests.auth.matrix import STATES, in_meetings, render, subject

MEMBER = subject(OrgRole.MEMBER)
SITTING = Context(meeting_role=MeetingRole.MEMBER, state="in_session")


def test_the_matrix_is_the_committed_one() -> None:
    committed = (Path(__file__).parent / "matrix.md").read_text(encoding="utf-8")
    assert render() == committed, "review it, then: python -m tests.auth.matrix > tests/auth/matrix.md"


def test_every_permission_but_public_has_a_rule() -> None:
    assert set(RULES) == set(Permission) - {Permission.PUBLIC}


def test_the_states_are_those_of_meetings() -> None:
    assert set(STATES.values()) == {state.value for state in MeetingState} == KNOWN | {"draft"}


def test_nobody_signed_in_gets_only_what_is_public() -> None:
    for permission in Permission:
        decision = decide(None, permission, SITTING)
        assert decision.allowed is (permission is Permission.PUBLIC)
        assert decision.reason is (Reason.ALLOWED if decision.allowed else Reason.NOT_SIGNED_IN)


@pytest.mark.parametrize("officer", [OrgRole.SECURITY_OFFICER, OrgRole.ADMINISTRATOR])
def test_officers_and_administrators_hold_no_content_whatever_their_role(officer: OrgRole) -> None:
    for held in ({officer}, {officer, OrgRole.MEMBER}):
        who = subject(*held, clearance=Label.TOP_SECRET)
        for permission, role, state in product(in_meetings(), MeetingRole, STATES.values()):
            decision = decide(who, permission, Context(meeting_role=role, state=state, entitled=True))
            assert decision.reason is Reason.ORGANISATION_ROLE


def test_somebody_outside_a_meeting_may_nothing_in_it() -> None:
    for permission, role, state in product(in_meetings(), OrgRole, STATES.values()):
        assert not decide(subject(role), permission, Context(state=state)).allowed


def test_an_account_without_any_role_may_nothing() -> None:
    for permission in RULES:
        assert not decide(subject(), permission, SITTING).allowed


def test_a_hall_never_gains_a_seat() -> None:
    hall = subject(OrgRole.ROOM)
    for permission, role in product(in_meetings(), set(MeetingRole) - {MeetingRole.ROOM}):
        assert not decide(hall, permission, Context(meeting_role=role, state="in_session", entitled=True)).allowed
    seen = Context(meeting_role=MeetingRole.ROOM, state="in_session")
    may = {permission for permission in in_meetings() if decide(hall, permission, seen).allowed}
    screens = {Permission.DISPLAY_READ, Permission.PAPER_SHOWN}
    assert may == screens | {Permission.MEETING_READ, Permission.MEDIA_JOIN, Permission.MEDIA_PRODUCE}


def test_the_reasons_come_in_order_from_label_to_state() -> None:
    ask = Permission.POLL_CAST
    sealed = frozenset({"budget"})
    cleared = subject(OrgRole.MEMBER, clearance=Label.SECRET)
    trusted = subject(OrgRole.MEMBER, clearance=Label.SECRET, compartments=sealed)
    secret = Context(label=Label.SECRET, compartments=sealed, named=False)
    assert decide(MEMBER, ask, secret).reason is Reason.CLEARANCE
    assert decide(cleared, ask, secret).reason is Reason.COMPARTMENT
    assert decide(trusted, ask, secret).reason is Reason.NOT_NAMED
    assert decide(subject(OrgRole.ADMINISTRATOR), ask, SITTING).reason is Reason.ORGANISATION_ROLE
    assert decide(MEMBER, ask, Context(state="in_session")).reason is Reason.MEETING_ROLE
    assert decide(MEMBER, ask, Context(meeting_role=MeetingRole.MEMBER, state="convened")).reason is Reason.STATE
    assert decide(MEMBER, ask, Context(meeting_role=MeetingRole.MEMBER)).reason is Reason.STATE
    assert decide(MEMBER, ask, SITTING).reason is Reason.ALLOWED


def test_clearance_is_enough_exactly_from_the_label_on() -> None:
    for clearance, label in product(Label, Label):
        who = subject(OrgRole.MEMBER, clearance=clearance)
        context = Context(label=label, meeting_role=MeetingRole.MEMBER, state="in_session")
        assert decide(who, Permission.PAPER_READ, context).allowed is (clearance >= label)


def test_a_secretary_casts_only_with_an_own_vote() -> None:
    secretary = subject(OrgRole.SECRETARY)
    for entitled in (False, True):
        context = Context(meeting_role=MeetingRole.SECRETARY, state="in_session", entitled=entitled)
        assert decide(secretary, Permission.POLL_CAST, context).allowed is entitled


def test_require_raises_with_the_reason(now: datetime) -> None:
    require(MEMBER, Permission.POLL_CAST, SITTING, now=now)
    with pytest.raises(Denied) as caught:
        require(MEMBER, Permission.POLL_MANAGE, SITTING, now=now)
    assert (caught.value.reason, caught.value.code) == ("meeting_role", "denied")
    assert "meeting_role" not in str(caught.value)
    with pytest.raises(Denied):
        require(None, Permission.SESSION_OWN, now=now)
    require(None, Permission.PUBLIC, now=now)


def test_sensitive_acts_need_a_fresh_factor_but_refusals_never_ask_for_one(now: datetime) -> None:
    stale = subject(OrgRole.SECURITY_OFFICER, stepped_up_until=now)
    fresh = subject(OrgRole.SECURITY_OFFICER, stepped_up_until=now + timedelta(minutes=5))
    for who in (subject(OrgRole.SECURITY_OFFICER), stale):
        with pytest.raises(StepUpRequired):
            require(who, Permission.AUDIT_READ, now=now)
    require(fresh, Permission.AUDIT_READ, now=now)
    with pytest.raises(Denied):
        require(MEMBER, Permission.AUDIT_READ, now=now)


@pytest.mark.parametrize("role", sorted(MUST_HAVE_FACTOR))
def test_without_the_factor_that_a_role_demands_nothing_is_open_but_the_own_account(role: OrgRole) -> None:
    who = subject(role, second_factor=False)
    assert must_enrol(who)
    assert not must_enrol(subject(role))
    for permission, state in product(RULES, STATES.values()):
        decision = decide(who, permission, Context(meeting_role=MeetingRole.MEMBER, state=state))
        assert (decision.reason is Reason.SECOND_FACTOR_REQUIRED) is (permission not in WITHOUT_FACTOR)
        assert decision.allowed is (permission in WITHOUT_FACTOR)


def test_leading_a_meeting_demands_a_factor_everywhere(now: datetime) -> None:
    who = subject(OrgRole.MEMBER, second_factor=False, leads=True)
    for permission in (Permission.DIRECTORY_READ, Permission.POLL_CAST, Permission.LIVE_OWN):
        with pytest.raises(SecondFactorRequired) as caught:
            require(who, permission, SITTING, now=now)
        assert (caught.value.code, caught.value.reason) == ("second_factor_required", "second_factor_required")
        assert "second_factor_required" not in str(caught.value)
    require(who, Permission.SESSION_OWN, now=now)


def test_the_role_in_the_meeting_at_hand_counts_at_once_until_it_is_over() -> None:
    who = subject(OrgRole.MEMBER, second_factor=False)
    for role, state in product(MeetingRole, STATES.values()):
        decision = decide(who, Permission.MEETING_READ, Context(meeting_role=role, state=state))
        demanded = role in LEADING and state not in OVER
        assert (decision.reason is Reason.SECOND_FACTOR_REQUIRED) is demanded


def test_nobody_else_needs_a_second_factor() -> None:
    for role in set(OrgRole) - MUST_HAVE_FACTOR:
        assert not must_enrol(subject(role, second_factor=False))
