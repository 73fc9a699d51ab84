from datetime import datetime

import pytest
from sqlalchemy import Connection

from auth import directory, sessions
from auth.directory import Person
from auth.errors import (
    AddressRangeInvalid,
    NoSession,
    PersonUnknown,
    RoleConflict,
    UsernameInvalid,
    UsernameTaken,
)
from auth.model import Label, OrgRole, PersonId
from auth.sessions import Source


def test_a_person_comes_back_as_it_was_added(conn: Connection, now: datetime) -> None:
    unit = directory.add_unit(conn, "North")
    child = directory.add_unit(conn, "North, archive", unit.id)
    site = directory.add_site(conn, "Hall 1", child.id, ["10.1.0.0/16", "2001:db8::/32"])
    added = directory.add_person(
        conn,
        username="T.Ng",
        name="Tâm Ng",
        title="Chair",
        now=now,
        unit_id=child.id,
        site_id=site.id,
        clearance=Label.SECRET,
        locale="vi",
        password_hash="x",
        roles=[OrgRole.MEMBER, OrgRole.SECRETARY],
    )
    assert directory.get_person(conn, added.id) == added
    assert directory.person_by_username(conn, " t.NG ") == added
    assert directory.list_people(conn) == [added]
    assert directory.list_units(conn) == [unit, child]
    assert directory.list_sites(conn) == [site]
    assert directory.password_hash_of(conn, added.id) == "x"
    assert not added.is_room


def test_a_user_name_has_one_spelling_and_one_owner(conn: Connection, member: Person, now: datetime) -> None:
    with pytest.raises(UsernameTaken):
        directory.add_person(conn, username="M.ITO", name="Somebody else", now=now)
    for bad in ("", "  ", "a b", "x" * 65, "a\x00b"):
        with pytest.raises(UsernameInvalid):
            directory.add_person(conn, username=bad, name="Nobody", now=now)
        assert directory.person_by_username(conn, bad) is None


@pytest.mark.parametrize("alone", [OrgRole.SECURITY_OFFICER, OrgRole.ADMINISTRATOR, OrgRole.ROOM])
def test_some_duties_need_an_account_of_their_own(
    conn: Connection, member: Person, alone: OrgRole, now: datetime
) -> None:
    with pytest.raises(RoleConflict):
        directory.set_roles(conn, member.id, frozenset({OrgRole.MEMBER, alone}))
    with pytest.raises(RoleConflict):
        directory.add_person(conn, username="two", name="Two", now=now, roles=[alone, OrgRole.MEMBER])
    single = directory.add_person(conn, username="one", name="One", now=now, roles=[alone])
    assert directory.get_person(conn, single.id).roles == {alone}


def test_roles_and_clearance_act_at_once(conn: Connection, member: Person, now: datetime) -> None:
    _, session = sessions.start(conn, member, now, Source("10.0.0.1"))
    directory.set_roles(conn, member.id, frozenset({OrgRole.SECRETARY}))
    directory.set_clearance(conn, member.id, Label.PUBLIC)
    subject = directory.subject_of(conn, session)
    assert subject.roles == {OrgRole.SECRETARY}
    assert subject.clearance is Label.PUBLIC
    assert subject.session_id == session.id


def test_a_disabled_account_is_no_subject_and_has_no_credentials(
    conn: Connection, member: Person, now: datetime
) -> None:
    _, session = sessions.start(conn, member, now, Source("10.0.0.1"))
    directory.set_password(conn, member.id, "hash")
    credentials = directory.credentials_of(conn, member.username)
    assert credentials == directory.Credentials(member.id, "hash")
    directory.disable_person(conn, member.id, now)
    assert directory.credentials_of(conn, member.username) is None
    assert directory.credentials_of(conn, "nobody") is None
    assert directory.list_people(conn) == []
    assert len(directory.list_people(conn, include_disabled=True)) == 1
    with pytest.raises(NoSession):
        directory.subject_of(conn, session)
    directory.enable_person(conn, member.id)
    assert directory.credentials_of(conn, member.username) == credentials


def test_an_unknown_person_is_refused(conn: Connection, now: datetime) -> None:
    nobody = PersonId("nobody")
    with pytest.raises(PersonUnknown):
        directory.get_person(conn, nobody)
    with pytest.raises(PersonUnknown):
        directory.set_clearance(conn, nobody, Label.SECRET)
    with pytest.raises(PersonUnknown):
        directory.set_roles(conn, nobody, frozenset({OrgRole.MEMBER}))


def test_an_address_belongs_to_the_site_with_the_narrowest_network(conn: Connection) -> None:
    wide = directory.add_site(conn, "Province", address_ranges=["10.0.0.0/8"])
    hall = directory.add_site(conn, "Hall", address_ranges=["10.1.2.0/24", "2001:db8:1::/48"])
    sites = directory.list_sites(conn)
    assert directory.site_for_address(sites, "10.1.2.3") == hall
    assert directory.site_for_address(sites, "::ffff:10.1.2.3") == hall
    assert directory.site_for_address(sites, "2001:db8:1::5") == hall
    assert directory.site_for_address(sites, "10.9.9.9") == wide
    assert directory.site_for_address(sites, "192.0.2.1") is None
    with pytest.raises(AddressRangeInvalid):
        directory.add_site(conn, "Nowhere", address_ranges=["10.1.2.3/8"])
