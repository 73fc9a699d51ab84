import csv
import io
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from auth import accounts, directory, places, sessions
from auth.directory import Person
from auth.directory_csv import FORMULA, Column, guarded, read_csv, unguarded, write_csv
from auth.directory_import import Act, ImportPlan, Options, export_rows, plan_import
from auth.errors import ImportInvalid, ImportStale, LastAdministrator
from auth.import_apply import Applied, apply_import
from auth.model import Label, OrgRole
from auth.sessions import Source
from auth.tables import person

TWO = "username,name\nlan,Hoàng Lan\ntung,Minh Tùng\n"


@pytest.fixture
def options(conn: Connection, now: datetime) -> Options:
    admin = directory.add_person(
        conn, username="admin", name="Admin", now=now, roles=[OrgRole.ADMINISTRATOR], password_hash="x"
    )
    return Options(by=admin.id, ceiling=Label.RESTRICTED, locale="vi")


def _plan(conn: Connection, text: str | bytes, options: Options) -> ImportPlan:
    return plan_import(conn, read_csv(text.encode() if isinstance(text, str) else text), options)


def _apply(conn: Connection, text: str | bytes, options: Options, now: datetime) -> Applied:
    file = read_csv(text.encode() if isinstance(text, str) else text)
    return apply_import(conn, file, options, plan_import(conn, file, options).digest, now)


def _acts(plan: ImportPlan) -> list[str]:
    return [row.reason or row.act.value for row in plan.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_files_of_all_spreadsheets_are_read(encoding: str, delimiter: str, newline: str) -> None:
    text = newline.join(["Tên đăng nhập,HỌ VÀ TÊN,Độ mật,?", '"lan",Hoàng Lan,mật,1', ",,,", "tung,Minh Tùng"])
    file = read_csv(text.replace(",", delimiter).encode(encoding))
    assert [row.number for row in file.rows] == [2, 4]
    assert file.rows[0].cells == {Column.USERNAME: "lan", Column.NAME: "Hoàng Lan", Column.CLEARANCE: "mật"}
    assert file.ignored == ("?",)


@pytest.mark.parametrize(
    ("data", "reason", "row"),
    [
        (b"", "empty", 0),
        (b"\n\n", "empty", 0),
        ("username,name\nlan,Hoàng".encode("utf-16"), "not_utf8", 1),
        (b"username,name\nlan,Ho\xe0ng", "not_utf8", 2),
        (b"username,name\nlan,\0", "not_utf8", 2),
        (b'username,name\nlan,"open', "broken", 2),
        (b"name\nLan", "username_missing", 1),
        (b"username\nlan", "name_missing", 1),
        (b"username,name,login", "column_twice", 1),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_where(data: bytes, reason: str, row: int) -> None:
    with pytest.raises(ImportInvalid) as refused:
        read_csv(data)
    assert (refused.value.reason, refused.value.row) == (reason, row)


def test_twenty_thousand_rows_are_read_and_no_more() -> None:
    rows = b"".join(b"u%d,N\n" % number for number in range(20_001))
    with pytest.raises(ImportInvalid, match="too_many_rows"):
        read_csv(b"username,name\n" + rows)
    assert len(read_csv(b"username,name\n" + rows.rsplit(b"\n", 2)[0]).rows) == 20_000


def test_a_dry_run_writes_nothing(conn: Connection, options: Options) -> None:
    plan = _plan(conn, TWO, options)
    assert _acts(plan) == ["create", "create"]
    assert conn.execute(select(func.count()).select_from(person)).scalar_one() == 1


def test_importing_twice_changes_nothing(conn: Connection, options: Options, now: datetime) -> None:
    wanted = replace(options, create_units=True, create_sites=True)
    text = "username;name;title;email;unit;site;roles;clearance;locale\n"
    text += "lan;Hoàng Lan;Head;lan@example.org;Ban Một;Trụ sở;member, thư ký;2;English\n"
    text += "hall;Hội trường;;;ban  một;TRỤ SỞ;hội trường;nội bộ;\n"
    done = _apply(conn, text, wanted, now)
    assert [one.name for one in done.units] == ["Ban Một"]
    assert [one.name for one in done.sites] == ["Trụ sở"]
    lan = directory.person_by_username(conn, "lan")
    assert lan is not None
    assert (lan.roles, lan.clearance, lan.locale) == (
        frozenset({OrgRole.MEMBER, OrgRole.SECRETARY}),
        Label.RESTRICTED,
        "en",
    )
    assert (lan.title, lan.email, lan.unit_id) == ("Head", "lan@example.org", done.units[0].id)
    again = _plan(conn, text, wanted)
    assert _acts(again) == ["unchanged", "unchanged"]
    assert not again.new_units + again.new_sites
    assert not _apply(conn, text, wanted, now).created


def test_changes_are_shown_with_old_and_new_and_an_empty_cell_keeps(
    conn: Connection, options: Options, member: Person, now: datetime
) -> None:
    _, session = sessions.start(conn, member, now, Source("::1"))
    text = "username,name,title,clearance,roles\nM.ITO,Mika Itō,,public,\n"
    plan = _plan(conn, text, options)
    assert _acts(plan) == ["change"]
    shown = [(one.field, one.old, one.new) for one in plan.rows[0].changes]
    assert shown == [("name", "Mika Ito", "Mika Itō"), ("clearance", "restricted", "public")]
    done = _apply(conn, text, options, now)
    assert (done.changed, done.ended) == ([member.id], [session.id])
    found = directory.get_person(conn, member.id)
    assert (found.name, found.clearance, found.roles) == ("Mika Itō", Label.PUBLIC, member.roles)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"username": "a b"}, "username_invalid"),
        ({"username": ""}, "username_invalid"),
        ({"username": "=cmd"}, "formula"),
        ({"name": "=HYPERLINK(1)"}, "formula"),
        ({"title": "@SUM(1)"}, "formula"),
        ({"unit": "-2+3"}, "formula"),
        ({"name": ""}, "name_missing"),
        ({"name": "x" * 201}, "too_long"),
        ({"name": "Lan\nHoàng"}, "control_characters"),
        ({"name": "Lan\u202egnàoH"}, "control_characters"),
        ({"email": "nobody"}, "email_invalid"),
        ({"unit": "Ban lạ"}, "unit_unknown"),
        ({"site": "Chỗ lạ"}, "site_unknown"),
        ({"roles": "vua"}, "role_unknown"),
        ({"roles": "administrator; member"}, "role_conflict"),
        ({"roles": "security_officer|administrator"}, "role_conflict"),
        ({"roles": "room"}, "hall_without_site"),
        ({"clearance": "hush"}, "clearance_unknown"),
        ({"clearance": "3"}, "label_above_ceiling"),
        ({"locale": "xx"}, "locale_unknown"),
        ({"username": "admin", "roles": "member"}, "own_account"),
    ],
)
def test_a_row_that_cannot_be_done_is_refused_with_its_reason(
    conn: Connection, options: Options, now: datetime, cells: dict[str, str], reason: str
) -> None:
    row = {"username": "lan", "name": "Lan"} | cells
    out = io.StringIO()
    csv.writer(out).writerows([row.keys(), row.values(), *([["tung", "Tùng"]] if len(row) == 2 else [])])
    assert _acts(_plan(conn, out.getvalue(), options))[0] == reason
    assert not [one for one in _apply(conn, out.getvalue(), options, now).created if one.username != "tung"]


def test_names_that_are_in_the_file_twice_are_refused_in_all_their_rows(conn: Connection, options: Options) -> None:
    assert _acts(_plan(conn, TWO + "LAN,Another\n", options)) == ["username_twice", "create", "username_twice"]


def test_a_disabled_account_is_not_changed(conn: Connection, options: Options, member: Person, now: datetime) -> None:
    accounts.disable(conn, member.id, options.by, now)
    assert _acts(_plan(conn, "username,name\nm.ito,Mika Ito", options)) == ["unchanged"]
    assert _acts(_plan(conn, "username,name\nm.ito,Another", options)) == ["account_disabled"]


def test_an_import_leaves_an_administrator_who_can_sign_in(
    conn: Connection, options: Options, member: Person, now: datetime
) -> None:
    text = "username,name,roles\nadmin,Admin,member\n"
    by_member = replace(options, by=member.id)  # as if the importer's own rights had just been taken
    with pytest.raises(LastAdministrator):
        _apply(conn, text, by_member, now)


def test_a_plan_is_applied_only_as_it_was_shown(
    conn: Connection, options: Options, member: Person, now: datetime
) -> None:
    file = read_csv(b"username,name\nm.ito,Another\nlan,Lan")
    digest = plan_import(conn, file, options).digest
    accounts.change_details(conn, member.id, replace(accounts.details_of(member), title="Unseen"))
    apply_import(conn, file, options, digest, now)  # what changed meanwhile is nothing that the plan speaks of
    digest = plan_import(conn, file, options).digest
    accounts.change_details(conn, member.id, replace(accounts.details_of(member), name="Meanwhile"))
    with pytest.raises(ImportStale):
        apply_import(conn, file, options, digest, now)
    with pytest.raises(ImportStale):
        apply_import(conn, read_csv(TWO.encode()), options, digest, now)
    assert directory.get_person(conn, member.id).name == "Meanwhile"


def test_what_is_exported_can_be_imported_again_and_executes_nothing(
    conn: Connection, options: Options, member: Person, now: datetime
) -> None:
    unit = places.create_unit(conn, "=Unit")
    details = replace(accounts.details_of(member), name='=1+1, "two"', title="'@x", unit_id=unit.id)
    accounts.change_details(conn, member.id, details)
    everybody = directory.list_people(conn, include_disabled=True)
    data = write_csv(list(Column), export_rows(everybody, places.load_places(conn)))
    cells = [cell for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {row.act for row in _plan(conn, data, options).rows} == {Act.UNCHANGED}


@pytest.mark.parametrize("text", ["=1", "x;=1", 'x,"=1', "x\t@y", "＝1", "x;'=1", "\n-1"])
@pytest.mark.parametrize("end_of_cell", [";", ",", "\t", "\n"])
def test_a_guarded_cell_is_inert_whatever_ends_a_cell_elsewhere(text: str, end_of_cell: str) -> None:
    written = guarded(text)
    assert not [part for part in written.split(end_of_cell) if part.lstrip('"').startswith(FORMULA)]
    assert unguarded(written) == text


@given(st.text(st.sampled_from("=-@;,\t\n\"'＝ab") | st.characters(codec="utf-8", exclude_categories=["Cs"])))
def test_a_guarded_cell_is_inert_and_means_the_same(text: str) -> None:
    assert not guarded(text).startswith(FORMULA)
    assert unguarded(guarded(text)) == text
