"""Draws the permission matrix by asking ``decide`` about everything.

python -m tests.auth.matrix > tests/auth/matrix.md
"""

import sys
from collections.abc import Iterable

from auth.decide import Context, decide
from auth.model import Label, MeetingRole, OrgRole, PersonId, SessionId, Subject
from auth.permissions import RULES, WITHOUT_FACTOR, Permission

STATES = {
    "D": "draft",
    "C": "convened",
    "I": "in_session",
    "S": "suspended",
    "A": "adjourned",
    "R": "minutes_review",
    "M": "minutes_signed",
    "X": "archived",
    "N": "cancelled",
}
INTRODUCTION = """\
# Who may do what

Drawn from the code; a test compares it. ⇧ asks for a fresh factor. In meetings: D draft, C convened, I in session,
S suspended, A adjourned, R minutes under review, M minutes signed, X archived, N cancelled; `(…)` only with an own
vote. Security officers and administrators hold none of the permissions in meetings, whatever role a meeting gives them.

Who must have a second factor (the roles secretary, security officer and administrator, and chair and secretary of a
meeting that is neither archived nor cancelled) holds without one only: {without}.
"""


def subject(*roles: OrgRole, clearance: Label = Label.INTERNAL, **values: object) -> Subject:
    return Subject(
        PersonId("p"),
        SessionId("s"),
        frozenset(roles),
        clearance,
        None,
        None,
        **{"second_factor": True, **values},  # type: ignore[arg-type]
    )


def in_organisation() -> list[Permission]:
    return [permission for permission, rule in RULES.items() if not rule.grants]


def in_meetings() -> list[Permission]:
    return [permission for permission, rule in RULES.items() if rule.grants]


def render() -> str:
    organisation = _table(
        [role.value for role in OrgRole],
        ((permission, [_org_cell(permission, role) for role in OrgRole]) for permission in in_organisation()),
    )
    meetings = _table(
        [role.value for role in MeetingRole],
        ((permission, [_meeting_cell(permission, role) for role in MeetingRole]) for permission in in_meetings()),
    )
    without = ", ".join(f"`{one.value}`" for one in Permission if one in WITHOUT_FACTOR)
    introduction = INTRODUCTION.format(without=without)
    return f"{introduction}\n## In the organisation\n\n{organisation}\n## In a meeting\n\n{meetings}"


def _org_cell(permission: Permission, role: OrgRole) -> str:
    return "yes" if decide(subject(role), permission).allowed else "·"


def _meeting_cell(permission: Permission, role: MeetingRole) -> str:
    who = subject(OrgRole.ROOM if role is MeetingRole.ROOM else OrgRole.MEMBER)
    plain = _letters(who, permission, role, entitled=False)
    entitled = _letters(who, permission, role, entitled=True)
    return plain or (f"({entitled})" if entitled else "·")


def _letters(who: Subject, permission: Permission, role: MeetingRole, *, entitled: bool) -> str:
    return "".join(
        letter
        for letter, state in STATES.items()
        if decide(who, permission, Context(meeting_role=role, state=state, entitled=entitled)).allowed
    )


def _table(columns: list[str], rows: Iterable[tuple[Permission, list[str]]]) -> str:
    lines = [["permission", *columns]]
    lines += [[permission.value + (" ⇧" if RULES[permission].step_up else ""), *cells] for permission, cells in rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    lines.insert(1, ["-" * width for width in widths])
    return "".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |\n"
        for line in lines
    )


if __name__ == "__main__":
    sys.stdout.write(render())
