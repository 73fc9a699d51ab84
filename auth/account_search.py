"""Finding accounts as an administrator does: by parts of names, however they are typed."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from auth.accounts import with_password
from auth.directory import Person, list_people
from auth.model import OrgRole, SiteId, UnitId
from auth.welcome import links_until


class AccountState(StrEnum):
    """``waiting``: there is no password yet, so the person has not come in by a welcome link."""

    ACTIVE = "active"
    WAITING = "waiting"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Account:
    """A person with what an administrator has to know of the way in; ``link_until``: a welcome link is valid."""

    person: Person
    has_password: bool
    link_until: datetime | None

    @property
    def state(self) -> AccountState:
        if self.person.disabled_at is not None:
            return AccountState.DISABLED
        return AccountState.ACTIVE if self.has_password else AccountState.WAITING


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """What is looked for; every word of ``text`` has to be in the names, the title or the address."""

    text: str = ""
    role: OrgRole | None = None
    unit_id: UnitId | None = None
    site_id: SiteId | None = None
    state: AccountState | None = None


def load_account(conn: Connection, of: Person, now: datetime) -> Account:
    return Account(of, of.id in with_password(conn, [of.id]), links_until(conn, now).get(of.id))


def search_accounts(conn: Connection, query: AccountQuery, now: datetime) -> list[Account]:
    """Return the accounts found, halls and disabled ones included, by name."""
    passwords, links = with_password(conn), links_until(conn, now)
    everybody = (
        Account(one, one.id in passwords, links.get(one.id)) for one in list_people(conn, include_disabled=True)
    )
    words = folded(query.text).split()
    return [one for one in everybody if _fits(one, query) and _matches(one.person, words)]


def count_states(accounts: Sequence[Account]) -> dict[AccountState, int]:
    """Return how many accounts are in each state."""
    return {state: sum(one.state is state for one in accounts) for state in AccountState}


def _fits(account: Account, query: AccountQuery) -> bool:
    person = account.person
    return (
        (query.role is None or query.role in person.roles)
        and query.unit_id in (None, person.unit_id)
        and query.site_id in (None, person.site_id)
        and query.state in (None, account.state)
    )


def _matches(person: Person, words: list[str]) -> bool:
    if not words:
        return True
    text = folded(f"{person.name} {person.username} {person.title} {person.email or ''}")
    return all(word in text for word in words)


def folded(text: str) -> str:
    """Return text without case and marks: whoever types ``Ngoc Bich`` finds ``Ngọc Bích``."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
