"""The security officer's console over the wire: search, timelines, alerts, verification, export."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from auth.audit.alert_store import list_alerts
from auth.audit.entry import Action, AuditEntry, Outcome
from auth.model import Label
from auth.tables import person as person_table
from documents.schema import paper
from meetings.schema import agenda_item, meeting
from signaling import housekeeping
from signaling.http import audit, audit_alerts, audit_export
from signaling.store.transaction import Transaction
from signaling.usecases import watch_log
from tests.signaling.conftest import StartHub
from tests.signaling.hub import Client, Hub, Json, Refused

ROUTES = [*audit.ROUTES, *audit_alerts.ROUTES, *audit_export.ROUTES]
FREE_OF_STEP_UP = {"audit:watch", "audit:checkpoint", "audit:verify"}


@pytest.fixture
async def officer(hub: Hub) -> Client:
    return await hub.client("officer", fresh=True)


def _path(hub: Hub, path: str) -> str:
    person = hub.seed.people["north"]
    return path.format(kind="person", id=person, alert="a" * 20, person=person)


def _body(method: str, path: str) -> dict[str, Any]:
    bodies = {"/audit/comparison": {"checkpoint": "x"}, "/audit/alerts/{alert}/acknowledgement": {"note": ""}}
    return {"json": bodies[path]} if method == "POST" and path in bodies else {}


@pytest.mark.parametrize("username", ["north", "chair", "secretary", "admin"])
async def test_nobody_but_an_officer_gets_anything_of_the_log(hub: Hub, username: str) -> None:
    client = await hub.client(username, fresh=True)
    for route in ROUTES:
        answer = await client.raw(route.method, _path(hub, route.path), **_body(route.method, route.path))
        assert answer.status == 403, route.path


async def test_an_officer_without_a_fresh_factor_reads_nothing(hub: Hub) -> None:
    client = await hub.client("officer")
    for route in ROUTES:
        if route.permission.value not in FREE_OF_STEP_UP:
            answer = await client.raw(route.method, _path(hub, route.path), **_body(route.method, route.path))
            assert (answer.status, (await answer.json())["error"]["code"]) == (403, "step_up_required"), route.path


def _by(hub: Hub, username: str, action: Action, object_type: str, object_id: str, **more: Any) -> Any:
    """Return a unit that logs an act of somebody."""

    def unit(tx: Transaction) -> None:
        made: dict[str, Any] = {"session": f"session-{username}", "actor": hub.seed.people[username], "at": tx.now}
        made |= more
        tx.audit(AuditEntry(action=action, object_type=object_type, object_id=object_id, **made))

    return unit


async def test_the_log_is_searched_by_group_session_site_and_source(hub: Hub, officer: Client) -> None:
    meeting_id = hub.seed.ours.meeting
    await hub.write(_by(hub, "north", Action.LOGON, "session", "x", details={"address": "192.0.2.7"}, site="s1"))
    await hub.write(_by(hub, "north", Action.MEETING_VIEW, "meeting", meeting_id, site="s1"))
    await hub.write(_by(hub, "chair", Action.MEETING_VIEW, "meeting", meeting_id))

    async def found(query: str) -> list[tuple[str, str]]:
        page = await officer.call("GET", f"/audit?{query}&actor={hub.seed.people['north']}")
        return [(row["action"], row["actorName"]) for row in page["rows"]]

    name = (await found("session=session-north"))[0][1]
    both = [("meeting.view", name), ("authentication.logon", name)]
    assert await found("session=session-north") == both
    assert await found("source=192.0.2.7") == both  # what came from there, and what its sessions did
    assert await found("source=192.0.2.8") == []
    assert await found("site=s1") == both
    assert await found("site=s1&group=sign_in") == both[1:]
    assert await found("site=s1&group=meeting") == both[:1]
    assert await found("group=denial") == []
    with pytest.raises(Refused, match="invalid"):
        await officer.call("GET", "/audit?group=everything")


async def _rows(officer: Client, query: str) -> list[Json]:
    rows: list[Json] = (await officer.call("GET", f"/audit?{query}"))["rows"]
    return rows


@pytest.mark.parametrize("secret", ["meeting", "item", "paper"])
async def test_titles_above_the_officers_duty_are_kept_back(hub: Hub, officer: Client, secret: str) -> None:
    place = hub.seed.ours
    details = {"title": "Sáp nhập", "version": 1, "sha256": "00", "remark": "Sáp nhập"}
    await hub.write(_by(hub, "north", Action.PAPER_VIEW, "paper", f"{place.paper}:1", details=details))
    query = f"object={place.paper}&actor={hub.seed.people['north']}"
    shown = (await _rows(officer, query))[0]
    assert (shown["restricted"], shown["withheld"], shown["details"]) == (False, False, details)
    assert shown["objectName"]
    title = shown["objectName"]

    def raise_label(tx: Transaction) -> None:
        if secret == "meeting":
            tx.conn.execute(update(meeting).where(meeting.c.id == place.meeting).values(label=Label.RESTRICTED))
        elif secret == "item":
            tx.conn.execute(
                update(agenda_item).where(agenda_item.c.meeting_id == place.meeting).values(restricted=True)
            )
        else:
            tx.conn.execute(update(paper).where(paper.c.id == place.paper).values(label=Label.RESTRICTED))

    await hub.write(raise_label)
    hidden = (await _rows(officer, query))[0]
    assert (hidden["objectName"], hidden["restricted"], hidden["withheld"]) == (None, True, True)
    assert hidden["details"] == {"version": 1, "sha256": "00"}
    told = await officer.call("GET", f"/audit/timelines/paper/{place.paper}")
    assert (told["name"], told["restricted"]) == (None, True)
    for form in ("ocsf", "syslog"):
        assert "Sáp nhập" not in (await officer.call("GET", f"/audit/export?format={form}&{query}")).decode()
    rows = await _proof(officer, query)
    assert rows[-1]["details"] is None and rows[-1]["salt"] is None
    person = zipfile.ZipFile(io.BytesIO(await officer.call("GET", f"/audit/people/{hub.seed.people['north']}/data")))
    assert "Sáp nhập" not in person.read("log.jsonl").decode()
    assert title not in person.read("log.jsonl").decode()


async def test_an_object_of_a_kind_unknown_here_counts_as_secret(hub: Hub, officer: Client) -> None:
    details = {"title": "Sáp nhập", "reason": "Sáp nhập", "count": 3}
    await hub.write(_by(hub, "north", Action.MEETING_EDIT, "dossier", "d1", details=details))
    row = (await _rows(officer, "object=d1"))[0]
    assert (row["details"], row["restricted"]) == ({"count": 3}, True)


async def test_timelines_tell_who_did_what(hub: Hub, officer: Client) -> None:
    await hub.open("north")
    place, north = hub.seed.ours, hub.seed.people["north"]
    client = await hub.client("north")
    for _ in range(3):
        await client.raw("GET", f"/meetings/{place.meeting}/papers/{place.paper}/versions/1?download=1")
    of_person = await officer.call("GET", f"/audit/timelines/person/{north}")
    assert of_person["name"]
    downloads = [line for line in of_person["lines"] if line["row"]["action"] == "paper.download"]
    assert [line["count"] for line in downloads] == [3]
    of_paper = await officer.call("GET", f"/audit/timelines/paper/{place.paper}")
    assert [line["row"]["actorId"] for line in of_paper["lines"] if line["row"]["action"] == "paper.download"] == [
        north
    ]
    of_meeting = await officer.call("GET", f"/audit/timelines/meeting/{place.meeting}")
    assert "paper.download" in [line["row"]["action"] for line in of_meeting["lines"]]
    session = downloads[0]["row"]["session"]
    of_session = await officer.call("GET", f"/audit/timelines/session/{session}")
    assert {line["row"]["actorId"] for line in of_session["lines"]} == {north}
    with pytest.raises(Refused, match="not_found"):
        await officer.call("GET", f"/audit/timelines/everything/{north}")
    read = (await hub.log(action=Action.AUDIT_READ))[0].entry
    assert (read.object_type, read.object_id, read.details["view"]) == ("session", session, "timeline")


async def test_a_burst_of_denials_becomes_one_alert_that_an_officer_acknowledges(
    start: StartHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "WATCH_EVERY_S", 0.05)
    async with start() as hub:
        officer = await hub.client("officer", fresh=True)
        client, north = await hub.client("north"), hub.seed.people["north"]
        for _ in range(9):
            await client.raw("GET", "/audit")
        assert await officer.call("GET", "/audit/alerts/count") == {"open": 0}
        for _ in range(6):
            await client.raw("GET", "/audit")
        alert = await _only_alert(officer, 15)
        assert (alert["rule"], alert["aboutKind"], alert["aboutId"]) == ("denials", "person", north)
        evidence = {row["index"] for row in await _rows(officer, f"outcome=denied&actor={north}")}
        assert set(alert["evidence"]) == evidence
        letters = await hub.services.db.read(
            lambda conn: conn.exec_driver_sql("SELECT kind FROM outbox").scalars().all()
        )
        assert letters == ["alert"]  # one, however often it repeats
        path = f"/audit/alerts/{alert['id']}/acknowledgement"
        done = await officer.call("POST", path, json={"note": "Đã hỏi"})
        assert done["acknowledgedBy"] and done["note"] == "Đã hỏi"
        with pytest.raises(Refused, match="alert_settled"):
            await officer.call("POST", path, json={"note": ""})
        assert await officer.call("GET", "/audit/alerts/count") == {"open": 0}
        logged = (await hub.log(action=Action.AUDIT_ACKNOWLEDGE))[0].entry
        assert (logged.object_id, logged.details["note"]) == (alert["id"], "Đã hỏi")
        listed = (await officer.call("GET", "/audit/alerts?state=acknowledged"))["alerts"]
        assert [one["id"] for one in listed] == [alert["id"]]


async def test_an_administrator_who_takes_over_an_officers_account_calls_the_officers(
    start: StartHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "WATCH_EVERY_S", 0.05)
    async with start() as hub:
        admin, mine = await hub.client("admin", fresh=True), hub.seed.people["officer"]
        officer = await hub.client("officer", fresh=True)
        await admin.call("POST", f"/administration/people/{mine}/welcome-link")
        alert = await _only_alert(officer, 1)
        assert (alert["rule"], alert["aboutId"]) == ("guardians", mine)
        (made,) = [one for one in await hub.log(action=Action.WELCOME_LINK) if one.index in alert["evidence"]]
        assert made.entry.actor == hub.seed.people["admin"]


async def _only_alert(officer: Client, count: int) -> Json:
    for _ in range(400):
        found: list[Json] = (await officer.call("GET", "/audit/alerts"))["alerts"]
        if found and found[0]["count"] == count:
            break
    assert [one["count"] for one in found] == [count]
    return found[0]


async def test_what_happened_while_the_hub_was_down_is_found_after_a_restart(
    start: StartHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "WATCH_EVERY_S", 0.05)
    monkeypatch.setattr(watch_log, "SAVE_EVERY", 1)
    async with start() as hub:
        await hub.write(_by(hub, "north", Action.MEETING_VIEW, "meeting", "m"))

        async def saved() -> bool:
            return bool(
                await hub.services.db.read(lambda conn: conn.exec_driver_sql("SELECT * FROM audit_watch").all())
            )

        while not await saved():
            pass
    monkeypatch.setattr(housekeeping, "WATCH_EVERY_S", 3600)
    async with start() as hub:
        for _ in range(12):
            await hub.write(_by(hub, "north", Action.DENIAL, "meeting", "m", outcome=Outcome.DENIED))
    monkeypatch.setattr(housekeeping, "WATCH_EVERY_S", 0.05)
    async with start() as hub:
        officer = await hub.client("officer", fresh=True)
        assert (await _only_alert(officer, 12))["rule"] == "denials"


async def test_officers_are_called_when_the_disk_is_nearly_full(
    hub: Hub, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_log, "_free_percent", lambda _: 9.9)
    await watch_log.watch_storage(hub.services)
    await watch_log.watch_storage(hub.services)
    found = (await officer.call("GET", "/audit/alerts"))["alerts"]
    assert [(one["rule"], one["aboutKind"]) for one in found] == [("storage_low", "storage")]
    await officer.call("POST", f"/audit/alerts/{found[0]['id']}/acknowledgement", json={})
    await watch_log.watch_storage(hub.services)  # reminded tomorrow, not at once
    assert await officer.call("GET", "/audit/alerts/count") == {"open": 0}


async def test_asking_for_the_number_of_alerts_does_not_keep_a_session_alive(
    hub: Hub, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    touched: list[str] = []

    def needs_touch(*_: object) -> bool:
        touched.append("x")
        return False

    monkeypatch.setattr("signaling.http.pipeline.sessions.needs_touch", needs_touch)
    await officer.call("GET", "/audit/alerts/count")
    await officer.call("GET", "/audit/verification")
    assert touched == []
    await officer.call("GET", "/audit/alerts")
    assert touched == ["x"]


async def test_the_verification_says_what_was_checked_and_a_kept_checkpoint_is_compared(
    hub: Hub, officer: Client
) -> None:
    kept = (await officer.call("GET", "/audit/checkpoint")).decode()
    await hub.write(_by(hub, "north", Action.MEETING_VIEW, "meeting", "m"))
    whole = await officer.call("POST", "/audit/verification")
    assert whole["ok"] and whole["size"] == whole["signed"] and whole["checkpoints"] >= 2
    assert whole["fromAt"] < whole["untilAt"]
    assert await officer.call("GET", "/audit/verification") == {
        "running": False,
        "checked": 0,
        "size": whole["size"],
    }
    compared = await officer.call("POST", "/audit/comparison", json={"checkpoint": kept.replace("\n", "\r\n")})
    assert compared["ok"] and compared["signed"] == int(kept.split("\n")[1]) and compared["checkpoints"] == 1
    changed = await officer.call("POST", "/audit/comparison", json={"checkpoint": kept.replace("\n", "\n ", 1)})
    assert (changed["ok"], changed["reason"]) == (False, "note_invalid")


async def test_a_log_that_fails_its_verification_calls_an_officer(
    start: StartHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "WATCH_EVERY_S", 0.05)
    async with start() as hub:
        officer = await hub.client("officer", fresh=True)
        await hub.write(lambda tx: tx.conn.exec_driver_sql("UPDATE audit_entry SET actor = 'x' WHERE entry_index = 0"))
        check = await officer.call("POST", "/audit/verification")
        assert (check["ok"], check["reason"], check["index"]) == (False, "log_altered", 0)
        assert (await _only_alert(officer, 1))["rule"] == "log_broken"


async def _proof(officer: Client, query: str, folder: Path | None = None) -> list[Json]:
    bundle = zipfile.ZipFile(io.BytesIO(await officer.call("GET", f"/audit/export?format=proof&{query}")))
    if folder is not None:
        bundle.extractall(folder)
    return [json.loads(line) for line in bundle.read("entries.jsonl").decode().splitlines()]


async def test_an_export_with_proof_is_verified_by_an_outsider(hub: Hub, officer: Client, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_bytes(await officer.call("GET", "/audit/checkpoint"))
    size = kept.read_text("utf-8").split("\n")[1]
    for _ in range(20):
        await hub.write(_by(hub, "north", Action.MEETING_VIEW, "meeting", hub.seed.ours.meeting))
    rows = await _proof(officer, f"actor={hub.seed.people['north']}&kept={size}", tmp_path / "bundle")
    assert len(rows) == 20
    exported = (await hub.log(action=Action.AUDIT_EXPORT))[0].entry
    assert (exported.details["count"], exported.details["q_format"]) == (20, "proof")
    folder = tmp_path / "bundle"

    def verify(checkpoint: Path) -> tuple[int, str]:
        command = [sys.executable, str(folder / "verifier.py"), str(folder / "entries.jsonl"), str(checkpoint)]
        ran = subprocess.run([*command, str(folder / "vkey.txt")], capture_output=True, text=True, check=False)
        return ran.returncode, ran.stdout

    assert verify(folder / "checkpoint.txt")[0] == 0
    assert verify(kept)[1].startswith("VERIFIED: 20 entries")
    text = (folder / "entries.jsonl").read_text("utf-8")
    (folder / "entries.jsonl").write_text(text.replace("meeting.view", "meeting.open", 1), encoding="utf-8")
    assert verify(kept)[0] == 1
    (folder / "entries.jsonl").write_text(text, encoding="utf-8")
    (folder / "consistency.json").write_text("{}", encoding="utf-8")
    assert verify(kept)[0] == 1


async def test_an_export_streams_what_the_search_finds_and_says_so_before(hub: Hub, officer: Client) -> None:
    for _ in range(5):
        await hub.write(_by(hub, "north", Action.MEETING_VIEW, "meeting", hub.seed.ours.meeting))
    query = f"actor={hub.seed.people['north']}&group=meeting"
    assert await officer.call("GET", f"/audit/export/preview?{query}") == {"count": 5, "provable": True}
    events = [json.loads(line) for line in (await officer.call("GET", f"/audit/export?{query}")).splitlines()]
    assert [one["metadata"]["event_code"] for one in events] == ["meeting.view"] * 5
    assert len((await officer.call("GET", f"/audit/export?format=syslog&{query}")).splitlines()) == 5
    with pytest.raises(Refused, match="invalid"):
        await officer.call("GET", "/audit/export?format=pdf")


async def test_everything_on_one_person_is_handed_over_readable(hub: Hub, officer: Client) -> None:
    north = hub.seed.people["north"]
    await hub.write(_by(hub, "north", Action.MEETING_VIEW, "meeting", hub.seed.ours.meeting))
    mail = update(person_table).where(person_table.c.id == north).values(email="north@example.org")
    await hub.write(lambda tx: tx.conn.execute(mail))
    bundle = zipfile.ZipFile(io.BytesIO(await officer.call("GET", f"/audit/people/{north}/data")))
    account, sessions = json.loads(bundle.read("account.json")), json.loads(bundle.read("sessions.json"))
    assert (account["id"], account["username"], account["email"]) == (north, "north", "north@example.org")
    assert sessions and "token" not in bundle.read("sessions.json").decode()
    assert "password" not in bundle.read("account.json").decode()
    told = [json.loads(line) for line in bundle.read("log.jsonl").splitlines()]
    assert told[-1]["action"] == "meeting.view"
    logged = (await hub.log(action=Action.AUDIT_EXPORT))[0].entry
    assert (logged.object_type, logged.object_id) == ("person", north)


async def test_details_are_erased_by_rule_and_the_log_still_verifies(start: StartHub) -> None:
    async with start(audit_details_days=1) as hub:
        officer = await hub.client("officer", fresh=True)
        await hub.write(
            lambda tx: tx.conn.exec_driver_sql("UPDATE audit_entry SET at_ms = at_ms - 172800000 WHERE entry_index = 0")
        )
        await housekeeping.erase_old_details(hub.services)
        await housekeeping.erase_old_details(hub.services)
        erasures = await hub.log(action=Action.AUDIT_ERASE)
        assert [one.entry.details["count"] for one in erasures] == [1]
        row = next(one for one in await _rows(officer, "limit=1000") if one["index"] == 0)
        assert row["erased"] is True and row["details"] == {}


async def test_details_are_kept_where_no_rule_says_otherwise(hub: Hub) -> None:
    await hub.write(lambda tx: tx.conn.exec_driver_sql("UPDATE audit_entry SET at_ms = 0 WHERE entry_index = 0"))
    await housekeeping.erase_old_details(hub.services)
    assert await hub.log(action=Action.AUDIT_ERASE) == []
    assert await hub.services.db.read(lambda conn: list_alerts(conn, acknowledged=False)) == []
