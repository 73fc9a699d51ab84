"""What the words in the cells of an imported file mean, in both languages of the product."""

import re
import unicodedata
from collections.abc import Mapping

from auth.account_search import folded
from auth.directory import canonical_username
from auth.directory_csv import FORMULA, unguarded
from auth.email_address import canonical_email
from auth.errors import EmailInvalid, UsernameInvalid
from auth.model import Label, OrgRole

MAX_LINE = 200
LOCALES: Mapping[str, str] = {
    "vi": "vi",
    "vietnamese": "vi",
    "tieng viet": "vi",
    "en": "en",
    "english": "en",
    "tieng anh": "en",
}
ROLES: Mapping[str, OrgRole] = {
    **{role.value: role for role in OrgRole},
    "thanh vien": OrgRole.MEMBER,
    "dai bieu": OrgRole.MEMBER,
    "thu ky": OrgRole.SECRETARY,
    "security officer": OrgRole.SECURITY_OFFICER,
    "can bo an ninh": OrgRole.SECURITY_OFFICER,
    "can bo an ninh thong tin": OrgRole.SECURITY_OFFICER,
    "admin": OrgRole.ADMINISTRATOR,
    "quan tri": OrgRole.ADMINISTRATOR,
    "quan tri vien": OrgRole.ADMINISTRATOR,
    "hall": OrgRole.ROOM,
    "hoi truong": OrgRole.ROOM,
    "phong hop": OrgRole.ROOM,
}
CLEARANCES: Mapping[str, Label] = {
    **{str(int(label)): label for label in Label},
    **{label.name.lower(): label for label in Label},
    "top secret": Label.TOP_SECRET,
    "cong khai": Label.PUBLIC,
    "noi bo": Label.INTERNAL,
    "han che": Label.RESTRICTED,
    "mat": Label.CONFIDENTIAL,
    "toi mat": Label.SECRET,
    "tuyet mat": Label.TOP_SECRET,
}
UNSEEN = frozenset({"Cc", "Cs", "Zl", "Zp"})  # control characters, half characters, breaks
# Directional overrides, embeddings and isolates (Unicode UAX #9 §2): they make a name read as another.
REORDERING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


class BadCell(Exception):
    """A cell that a row cannot be done with; ``reason`` is a stable word."""

    def __init__(self, reason: str, cell: str) -> None:
        self.reason = reason
        self.cell = cell
        super().__init__(reason)


def line_of(cell: str) -> str:
    """Return a cell's text: one line, no formula. Raises BadCell."""
    if cell.startswith(FORMULA):
        raise BadCell("formula", cell)
    text = unguarded(cell)
    if any(unicodedata.category(letter) in UNSEEN or letter in REORDERING for letter in text):
        raise BadCell("control_characters", repr(text))
    if len(text) > MAX_LINE:
        raise BadCell("too_long", text)
    return " ".join(text.split())


def username_of(cell: str) -> str:
    """Return the user name in a cell in its one spelling. Raises BadCell."""
    try:
        return canonical_username(line_of(cell))
    except UsernameInvalid as error:
        raise BadCell("username_invalid", cell) from error


def email_of(cell: str) -> str | None:
    """Return the address in a cell, None for an empty one. Raises BadCell."""
    try:
        return canonical_email(line_of(cell))
    except EmailInvalid as error:
        raise BadCell("email_invalid", cell) from error


def roles_of(cell: str) -> frozenset[OrgRole]:
    """Return the roles that a cell names, separated by commas, semicolons or bars; none for an empty one."""
    words = [word for word in (_word(part) for part in re.split(r"[,;|/]", cell)) if word]
    unknown = next((word for word in words if word not in ROLES), None)
    if unknown is not None:
        raise BadCell("role_unknown", unknown)
    return frozenset(ROLES[word] for word in words)


def clearance_of(cell: str) -> Label | None:
    """Return the label that a cell names, None for an empty one. Raises BadCell."""
    if not cell:
        return None
    if (found := CLEARANCES.get(_word(cell))) is None:
        raise BadCell("clearance_unknown", cell)
    return found


def locale_of(cell: str) -> str | None:
    """Return the language that a cell names, None for an empty one. Raises BadCell."""
    if not cell:
        return None
    if (found := LOCALES.get(_word(cell))) is None:
        raise BadCell("locale_unknown", cell)
    return found


def _word(cell: str) -> str:
    return " ".join(folded(cell).split())
