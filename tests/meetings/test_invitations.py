"""Invitations and answers."""

import pytest

from auth.model import MeetingRole
from meetings import invitations
from meetings.errors import BadRole, ReasonRequired, WrongState
from meetings.model import MeetingState, Response


def test_a_room_has_no_vote() -> None:
    invitations.check_role(MeetingState.DRAFT, MeetingRole.ROOM, False)
    invitations.check_role(MeetingState.IN_SESSION, MeetingRole.MEMBER, True)
    with pytest.raises(BadRole):
        invitations.check_role(MeetingState.DRAFT, MeetingRole.ROOM, True)


def test_nobody_is_invited_afterwards_or_removed_once_it_began() -> None:
    with pytest.raises(WrongState):
        invitations.check_role(MeetingState.ADJOURNED, MeetingRole.MEMBER, True)
    invitations.check_removal(MeetingState.CONVENED)
    with pytest.raises(WrongState):
        invitations.check_removal(MeetingState.IN_SESSION)


def test_declining_needs_a_reason() -> None:
    invitations.check_response(MeetingState.CONVENED, Response.ACCEPTED, "")
    invitations.check_response(MeetingState.CONVENED, Response.DECLINED, "on leave")
    with pytest.raises(ReasonRequired):
        invitations.check_response(MeetingState.CONVENED, Response.DECLINED, " ")


def test_only_an_answer_answers_and_only_to_a_convened_meeting() -> None:
    with pytest.raises(WrongState):
        invitations.check_response(MeetingState.CONVENED, Response.INVITED, "")
    with pytest.raises(WrongState):
        invitations.check_response(MeetingState.DRAFT, Response.ACCEPTED, "")
