"""Who is invited in which role, and what they answer."""

from auth.model import MeetingRole
from meetings.errors import BadRole, ReasonRequired, WrongState
from meetings.lifecycle import ATTENDABLE, LIVE, PLANNED, require
from meetings.model import MeetingState, Response

_VOICELESS = frozenset({MeetingRole.ROOM, MeetingRole.TECHNICIAN, MeetingRole.GUEST, MeetingRole.OBSERVER})


def check_role(state: MeetingState, role: MeetingRole, entitled: bool) -> None:
    """Raise ``WrongState`` after the meeting, ``BadRole`` where the role has no vote."""
    require(state, PLANNED | LIVE)
    if entitled and role in _VOICELESS:
        raise BadRole(f"a {role} has no vote")


def check_removal(state: MeetingState) -> None:
    """Raise ``WrongState`` once the meeting has been opened: whoever was invited stays on record."""
    require(state, PLANNED)


def check_response(state: MeetingState, response: Response, reason: str) -> None:
    """Raise ``ReasonRequired`` for a refusal without reason, ``WrongState`` where nobody has been asked."""
    require(state, ATTENDABLE)
    if response is Response.INVITED:
        raise WrongState("an answer accepts or declines")
    if response is Response.DECLINED and not reason.strip():
        raise ReasonRequired("say why you cannot attend")
