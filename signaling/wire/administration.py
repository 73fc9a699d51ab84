"""What administrators read and change: accounts, units and sites, imports, policies; and what a welcome link shows."""

from typing import Annotated

from pydantic import Field, StringConstraints

from auth.account_search import AccountState
from auth.directory_csv import Column
from auth.directory_import import Act
from auth.model import OrgRole
from signaling.wire.base import Id, Line, Place, Timestamp, Wire
from signaling.wire.identity import Password

Username = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
Title = Place  # one line, or none
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)]
LocaleName = Annotated[str, StringConstraints(pattern=r"^(vi|en)$")]
LabelNumber = Annotated[int, Field(ge=0, le=5)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Range = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class AccountDetails(Wire):
    """What is known of a person or hall, apart from rights."""

    username: Username
    name: Line
    title: Title = ""
    email: Email | None = None
    unit_id: Id | None = None
    site_id: Id | None = None
    locale: LocaleName = "vi"


class AccountRights(Wire):
    """Administrators, security officers and halls hold no other role."""

    roles: Annotated[list[OrgRole], Field(min_length=1, max_length=5)]
    clearance: LabelNumber = 0


class NewAccount(Wire):
    details: AccountDetails
    rights: AccountRights


class AccountLock(Wire):
    """Whether nobody may sign in with the account; what is open ends at once."""

    disabled: bool


class AccountLine(Wire):
    """An account in a list. ``state``: ``active``, ``waiting`` (for its first password) or ``disabled``."""

    id: Id
    username: str
    name: str
    title: str
    unit_id: Id | None
    site_id: Id | None
    roles: list[OrgRole]
    clearance: int
    state: AccountState


class AccountPage(Wire):
    """``total`` accounts were found; ``page`` counts from 1."""

    people: list[AccountLine]
    total: int
    page: int
    pages: int


class AdministeredAccount(Wire):
    """All that an administrator sees of an account. ``own``: the viewer's, whose rights nobody changes themself."""

    account: AccountLine
    email: str | None
    locale: str
    own: bool
    second_factor: bool
    has_password: bool
    link_until: Timestamp | None
    disabled_at: Timestamp | None
    created_at: Timestamp
    sessions: int


class WelcomeLink(Wire):
    """Shown this once: only the hash of its token is kept. ``path`` is below the product's address."""

    person_id: Id
    username: str
    name: str
    path: str
    expires_at: Timestamp


class PlaceUnit(Wire):
    id: Id
    name: str
    parent_id: Id | None
    people: int


class PlaceSite(Wire):
    """``address_ranges`` are networks in CIDR notation, by which the hub tells from which site somebody signs in."""

    id: Id
    name: str
    unit_id: Id | None
    address_ranges: list[str]
    people: int


class PlaceList(Wire):
    """``label_ceiling`` is the highest clearance that can be given here."""

    units: list[PlaceUnit]
    sites: list[PlaceSite]
    label_ceiling: int


class UnitBody(Wire):
    name: Line
    parent_id: Id | None = None


class SiteBody(Wire):
    name: Line
    unit_id: Id | None = None
    address_ranges: Annotated[list[Range], Field(max_length=32)] = Field(default_factory=list)


class ImportField(Wire):
    """``old`` is null in a new account."""

    field: Column
    old: str | None
    new: str


class ImportRow(Wire):
    """One row of the file, by its number in a spreadsheet; ``reason`` and ``cell`` say why it is refused."""

    number: int
    username: str
    name: str
    act: Act
    changes: list[ImportField]
    reason: str | None
    cell: str


class ImportPlan(Wire):
    """What importing the file would do. Whoever confirms sends ``digest`` back, with the same file."""

    digest: str
    rows: list[ImportRow]
    new_units: list[str]
    new_sites: list[str]
    ignored: list[str]


class ImportDone(Wire):
    """``links`` are the welcome links of the new accounts, shown this once."""

    created: int
    changed: int
    refused: int
    links: list[WelcomeLink]


class Policy(Wire):
    """One setting of the deployment: a key that the client words, its value, and the variable that sets it."""

    key: str
    value: str | int
    variable: str


class CertificateInfo(Wire):
    """``kind``: ``root``, ``issuing``, ``hub`` or ``relay``; ``due``: it should have been renewed by now."""

    kind: str
    name: str
    expires_at: Timestamp
    due: bool


class RelayInfo(Wire):
    id: str
    connected: bool
    transports: int


class Storage(Wire):
    free_bytes: int
    total_bytes: int
    used_bytes: int


class Operations(Wire):
    """State of the deployment, for administrators."""

    version: str
    policies: list[Policy]
    certificates: list[CertificateInfo]
    relays: list[RelayInfo]
    storage: Storage


class AccountCounts(Wire):
    """How many accounts are in each state, and how many halls there are."""

    active: int
    waiting: int
    disabled: int
    halls: int
    units: int
    sites: int


class LookUpLink(Wire):
    token: Token


class LinkOwner(Wire):
    """Whose link it is; ``first``: there is no password yet."""

    username: str
    name: str
    locale: str
    first: bool


class ChoosePassword(Wire):
    token: Token
    password: Password
