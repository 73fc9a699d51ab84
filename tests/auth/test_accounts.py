from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from auth import accounts, directory, places, sessions, welcome
from auth.account_search import AccountQuery, AccountState, count_states, load_account, search_accounts
from auth.accounts import Rights
from auth.directory import Person
from auth.errors import (
    AccountDisabled,
    EmailInvalid,
    HallWithoutSite,
    LastAdministrator,
    LastOfficer,
    NoSession,
    OwnAccount,
    PersonUnknown,
    PlaceInItself,
    PlaceInUse,
    PlaceNameTaken,
    PlaceUnknown,
    RoleConflict,
    UsernameTaken,
)
from auth.model import Label, OrgRole, PersonId, SiteId, UnitId
from auth.sessions import Source


@pytest.fixture
def admin(conn: Connection, now: datetime) -> Person:
    return _administrator(conn, now, "admin")


def _administrator(conn: Connection, now: datetime, username: str) -> Person:
    return directory.add_person(
        conn, username=username, name=username, now=now, roles=[OrgRole.ADMINISTRATOR], password_hash="x"
    )


def _officer(conn: Connection, now: datetime, username: str) -> Person:
    return directory.add_person(
        conn, username=username, name=username, now=now, roles=[OrgRole.SECURITY_OFFICER], password_hash="x"
    )


def _rights(*roles: OrgRole, clearance: Label = Label.INTERNAL) -> Rights:
    return Rights(frozenset(roles), clearance)


def test_details_change_and_what_differs_is_told(conn: Connection, member: Person) -> None:
    site = places.create_site(conn, "Hall 1")
    wanted = replace(accounts.details_of(member), username=" M.Ito2 ", title="Head", site_id=site.id)
    before, after = accounts.change_details(conn, member.id, wanted)
    assert before == member
    assert after == directory.get_person(conn, member.id)
    differences = accounts.differences(accounts.details_of(before), accounts.details_of(after))
    assert differences == {"username": ("m.ito", "m.ito2"), "title": ("", "Head"), "site_id": (None, site.id)}


def test_details_of_others_and_of_nowhere_are_refused(conn: Connection, member: Person, admin: Person) -> None:
    mine = accounts.details_of(member)
    for error, change in (
        (UsernameTaken, {"username": "ADMIN"}),
        (PlaceUnknown, {"unit_id": UnitId("x")}),
        (PlaceUnknown, {"site_id": SiteId("x")}),
        (EmailInvalid, {"email": "a@b, c@d"}),
    ):
        with pytest.raises(error):
            accounts.change_details(conn, member.id, replace(mine, **change))
    with pytest.raises(PersonUnknown):
        accounts.change_details(conn, PersonId("nobody"), mine)
    assert directory.get_person(conn, member.id) == member


def test_duties_stay_apart(conn: Connection, member: Person, admin: Person, now: datetime) -> None:
    alone = (OrgRole.SECURITY_OFFICER, OrgRole.ADMINISTRATOR, OrgRole.ROOM)
    for one in alone:
        for other in {*OrgRole} - {one}:
            with pytest.raises(RoleConflict):
                accounts.change_rights(conn, member.id, _rights(one, other), admin.id, now)
    with pytest.raises(HallWithoutSite):
        accounts.change_rights(conn, member.id, _rights(OrgRole.ROOM), admin.id, now)
    accounts.change_rights(conn, member.id, _rights(OrgRole.MEMBER, OrgRole.SECRETARY), admin.id, now)


def test_nobody_changes_the_own_rights_or_closes_the_own_account(
    conn: Connection, admin: Person, now: datetime
) -> None:
    with pytest.raises(OwnAccount):
        accounts.change_rights(conn, admin.id, _rights(OrgRole.MEMBER), admin.id, now)
    with pytest.raises(OwnAccount):
        accounts.disable(conn, admin.id, admin.id, now)
    assert accounts.change_rights(conn, admin.id, accounts.rights_of(admin), admin.id, now) == (admin, [])


def test_somebody_who_can_sign_in_remains_administrator(conn: Connection, admin: Person, now: datetime) -> None:
    other = _administrator(conn, now, "other")
    accounts.disable(conn, other.id, admin.id, now)
    with pytest.raises(LastAdministrator):  # two who act on each other at the same moment
        accounts.disable(conn, admin.id, other.id, now)
    with pytest.raises(LastAdministrator):
        accounts.change_rights(conn, admin.id, _rights(OrgRole.MEMBER), other.id, now)
    directory.add_person(conn, username="new", name="No password yet", now=now, roles=[OrgRole.ADMINISTRATOR])
    with pytest.raises(LastAdministrator):
        accounts.disable(conn, admin.id, other.id, now)
    directory.enable_person(conn, other.id)
    accounts.disable(conn, admin.id, other.id, now)


def test_somebody_who_can_sign_in_remains_security_officer(conn: Connection, admin: Person, now: datetime) -> None:
    one, other = _officer(conn, now, "one"), _officer(conn, now, "other")
    accounts.disable(conn, one.id, admin.id, now)
    with pytest.raises(LastOfficer):
        accounts.disable(conn, other.id, admin.id, now)
    with pytest.raises(LastOfficer):
        accounts.change_rights(conn, other.id, _rights(OrgRole.MEMBER), admin.id, now)
    directory.enable_person(conn, one.id)
    accounts.change_rights(conn, other.id, _rights(OrgRole.MEMBER), admin.id, now)


@pytest.mark.parametrize(
    ("wanted", "ends"),
    [
        (_rights(OrgRole.MEMBER, clearance=Label.INTERNAL), True),
        (_rights(OrgRole.SECRETARY, clearance=Label.RESTRICTED), True),
        (_rights(OrgRole.MEMBER, clearance=Label.SECRET), False),
        (_rights(OrgRole.MEMBER, clearance=Label.RESTRICTED), False),
    ],
)
def test_sessions_end_with_rights_that_shrink(
    conn: Connection, member: Person, admin: Person, now: datetime, wanted: Rights, ends: bool
) -> None:
    token, session = sessions.start(conn, member, now, Source("10.0.0.1"))
    before, ended = accounts.change_rights(conn, member.id, wanted, admin.id, now)
    assert before == member
    assert ended == ([session.id] if ends else [])
    if ends:
        with pytest.raises(NoSession):
            sessions.look_up(conn, token, now)
    found = directory.get_person(conn, member.id)
    assert accounts.rights_of(found) == wanted


def test_a_disabled_account_has_neither_sessions_nor_a_link(
    conn: Connection, member: Person, admin: Person, now: datetime
) -> None:
    token, session = sessions.start(conn, member, now, Source("10.0.0.1"))
    accounts.new_link(conn, member.id, now)
    assert accounts.disable(conn, member.id, admin.id, now) == [session.id]
    assert accounts.disable(conn, member.id, admin.id, now) == []
    assert welcome.links_until(conn, now) == {}
    with pytest.raises(NoSession):
        sessions.look_up(conn, token, now)
    with pytest.raises(AccountDisabled):
        accounts.new_link(conn, member.id, now)


def test_a_link_lasts_longer_before_the_first_password(
    conn: Connection, member: Person, admin: Person, now: datetime
) -> None:
    assert accounts.new_link(conn, member.id, now)[1] == now + timedelta(days=7)
    assert accounts.new_link(conn, admin.id, now)[1] == now + timedelta(days=1)


def test_accounts_are_found_by_parts_of_names_however_they_are_typed(
    conn: Connection, member: Person, admin: Person, now: datetime
) -> None:
    directory.add_person(conn, username="bich", name="Đỗ Thị Ngọc Bích", title="Giám đốc", now=now)

    def found(**query: object) -> list[str]:
        return [one.person.username for one in search_accounts(conn, AccountQuery(**query), now)]  # type: ignore[arg-type]

    assert found(text="NGOC do") == found(text="giám") == ["bich"]
    assert found(text="ngoc ito") == []
    assert found(role=OrgRole.ADMINISTRATOR) == found(state=AccountState.ACTIVE) == ["admin"]
    assert found(state=AccountState.WAITING) == ["m.ito", "bich"]
    assert len(found()) == 3
    accounts.disable(conn, member.id, admin.id, now)
    assert found(state=AccountState.DISABLED) == ["m.ito"]
    assert count_states(search_accounts(conn, AccountQuery(), now)) == {
        AccountState.ACTIVE: 1,
        AccountState.WAITING: 1,
        AccountState.DISABLED: 1,
    }
    accounts.new_link(conn, admin.id, now)
    assert load_account(conn, admin, now).link_until == now + timedelta(days=1)


def test_units_form_a_tree_with_one_name_each(conn: Connection, member: Person) -> None:
    top = places.create_unit(conn, "North")
    below = places.create_unit(conn, "Archive", top.id)
    with pytest.raises(PlaceNameTaken):
        places.create_unit(conn, " NORTH ")
    with pytest.raises(PlaceUnknown):
        places.create_unit(conn, "Nowhere", UnitId("x"))
    with pytest.raises(PlaceInItself):
        places.change_unit(conn, top.id, "North", below.id)
    with pytest.raises(PlaceInUse):
        places.remove_unit(conn, top.id)
    assert places.change_unit(conn, below.id, "Records", None) == below
    assert places.remove_unit(conn, top.id) == top
    accounts.change_details(conn, member.id, replace(accounts.details_of(member), unit_id=below.id))
    assert places.people_by_place(conn) == {below.id: 1}
    with pytest.raises(PlaceInUse):
        places.remove_unit(conn, below.id)


def test_sites_have_one_name_each_and_stay_while_somebody_belongs_there(conn: Connection, now: datetime) -> None:
    site = places.create_site(conn, "Hall", None, ["10.1.0.0/16"])
    other = places.create_site(conn, "Yard")
    directory.add_person(conn, username="hall", name="Hall", now=now, site_id=site.id, roles=[OrgRole.ROOM])
    with pytest.raises(PlaceNameTaken):
        places.change_site(conn, other.id, "hall", None)
    with pytest.raises(PlaceUnknown):
        places.change_site(conn, SiteId("x"), "Other", None)
    with pytest.raises(PlaceUnknown):
        places.create_site(conn, "Other", UnitId("x"))
    with pytest.raises(PlaceInUse):
        places.remove_site(conn, site.id)
    before, after = places.change_site(conn, site.id, "Great hall", None, ["10.2.0.0/16"])
    assert (before, after.address_ranges) == (site, ("10.2.0.0/16",))
    assert places.remove_site(conn, other.id) == other
    assert directory.list_sites(conn) == [after]
