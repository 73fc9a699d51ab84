"""Every action as an OCSF event that has what its class requires, and as a syslog message."""

import json
import re
from typing import Any

import pytest

from auth.audit.entry import Action, AuditEntry, Detail, Outcome
from auth.audit.ocsf import OTHER, Product, Told, event, kind_of
from auth.audit.syslog import message
from tests.auth.audit.conftest import START

PRODUCT = Product("1.2.3", "plenum.example")
# What OCSF 1.3.0 requires (https://schema.ocsf.io/1.3.0/classes): of every event, and of each class beside that.
ALWAYS = {"activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid"}
REQUIRED = {
    3001: {"user"},
    3002: {"user"},
    3005: {"user", "privileges"},
    6002: {"app"},
    6003: {"actor", "api", "src_endpoint"},
    6005: {"actor", "src_endpoint"},
}
ONE_OF = {3002: {"service", "dst_endpoint"}, 6005: {"database", "databucket", "table"}}
ACTIVITIES = {
    3001: range(12),
    3002: range(6),
    3005: range(5),
    6002: range(5),
    6003: range(5),
    6005: range(11),
}
ONE_OF_OBJECT = {
    "actor": {"process", "user", "session", "app_name", "app_uid"},
    "user": {"account", "name", "uid"},
    "src_endpoint": {"ip", "uid", "name", "hostname"},
    "databucket": {"name", "uid"},
    "service": {"name", "uid"},
}


def told(action: Action, outcome: Outcome = Outcome.SUCCESS, actor: str | None = "p1", **details: Detail) -> Told:
    made = AuditEntry(
        action=action,
        at=START,
        actor=actor,
        object_type="paper",
        object_id="d1:2",
        outcome=outcome,
        session="s1" if actor else None,
        site="north" if actor else None,
        details=details,
    )
    return Told(7, made, details, "Nguyễn An" if actor else None, "Tờ trình", "192.0.2.7" if actor else None)


@pytest.mark.parametrize("actor", ["p1", None])
@pytest.mark.parametrize("action", Action)
def test_every_action_has_what_its_class_requires(action: Action, actor: str | None) -> None:
    made: dict[str, Any] = json.loads(json.dumps(event(told(action, actor=actor), PRODUCT)))
    class_uid = made["class_uid"]
    assert ALWAYS | REQUIRED[class_uid] <= set(made)
    assert not ONE_OF.get(class_uid) or ONE_OF[class_uid] & set(made)
    assert made["category_uid"] == class_uid // 1000
    assert made["type_uid"] == class_uid * 100 + made["activity_id"]
    assert made["activity_id"] in ACTIVITIES[class_uid] or (made["activity_id"] == OTHER and made["activity_name"])
    assert {"product", "version"} <= set(made["metadata"])
    assert {"name", "vendor_name"} <= set(made["metadata"]["product"])
    for name, choices in ONE_OF_OBJECT.items():
        assert name not in made or choices & set(made[name]), name
    assert None not in made.values()


def test_actions_have_the_classes_that_monitoring_expects() -> None:
    assert kind_of(Action.LOGON) == kind_of(Action.LOGON_FAILURE) == (3002, 1)
    assert kind_of(Action.LOGOFF) == (3002, 2)
    assert kind_of(Action.PERSON_DISABLE) == (3001, 5)
    assert kind_of(Action.ROLE_CHANGE) == (3005, 3)
    assert kind_of(Action.PAPER_DOWNLOAD) == (6005, 1)
    assert kind_of(Action.SYSTEM_START) == (6002, 3)
    assert kind_of(Action.MEETING_CREATE) == (6003, 1)
    assert kind_of(Action.MEETING_VIEW) == (6003, 2)
    assert kind_of(Action.MEETING_OPEN) == (6003, 3)


def test_an_event_says_who_whence_and_how_it_ended() -> None:
    denied = event(told(Action.DENIAL, Outcome.DENIED, reason="not_named"), PRODUCT)
    assert (denied["status_id"], denied["status_detail"], denied["severity_id"]) == (2, "denied", 3)
    assert denied["actor"] == {"user": {"uid": "p1", "name": "Nguyễn An", "type_id": 1}, "session": {"uid": "s1"}}
    assert denied["src_endpoint"]["ip"] == "192.0.2.7"
    assert denied["resources"] == [{"type": "paper", "uid": "d1:2", "name": "Tờ trình"}]
    assert denied["unmapped"]["reason"] == "not_named"
    assert denied["metadata"]["sequence"] == 7
    assert event(told(Action.AUDIT_VERIFY, Outcome.FAILURE), PRODUCT)["severity_id"] == 4


MESSAGE = re.compile(
    r"<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) "
    r"(\[[^ =\]\"]{1,32}( [^ =\]\"]{1,32}=\"(?:[^\"\\\]]|\\[\"\\\]])*\")*\]) (\ufeff.*)"
)


@pytest.mark.parametrize("action", Action)
def test_every_action_is_one_message_of_rfc_5424(action: Action) -> None:
    assert MESSAGE.fullmatch(message(told(action, title="x"), PRODUCT))


def test_text_cannot_break_out_of_a_message() -> None:
    evil = message(told(Action.PAPER_VIEW, title='a"]\\\n<13>1 forged'), PRODUCT)
    found = MESSAGE.fullmatch(evil)
    assert found is not None and "\n" not in evil
    assert found[1] == str(13 * 8 + 6)
    assert r'd_title="a\"\]\\ <13>1 forged"' in evil
