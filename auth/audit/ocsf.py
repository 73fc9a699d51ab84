"""Entries in terms of the Open Cybersecurity Schema Framework (OCSF 1.3.0), for security monitoring.

Every action has a class and an activity of that class; what only this product knows stands in ``unmapped``. The class
decides which objects are required: see https://schema.ocsf.io/1.3.0.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from auth.audit.entry import Action, AuditEntry, Detail, Outcome, milliseconds

OCSF_VERSION = "1.3.0"
LOG_NAME = "audit"
OTHER = 99  # the activity that no class names

AUTHENTICATION, ACCOUNT_CHANGE, USER_ACCESS = 3002, 3001, 3005
APPLICATION_LIFECYCLE, API_ACTIVITY, DATASTORE_ACTIVITY = 6002, 6003, 6005

_CLASS_NAMES = {
    AUTHENTICATION: "Authentication",
    ACCOUNT_CHANGE: "Account Change",
    USER_ACCESS: "User Access Management",
    APPLICATION_LIFECYCLE: "Application Lifecycle",
    API_ACTIVITY: "API Activity",
    DATASTORE_ACTIVITY: "Datastore Activity",
}
_CREATE, _READ, _UPDATE, _DELETE = 1, 2, 3, 4  # of API Activity

# Class and activity of the actions that are not plain use of the interface.
_KINDS: Mapping[Action, tuple[int, int]] = {
    Action.LOGON: (AUTHENTICATION, 1),
    Action.LOGON_FAILURE: (AUTHENTICATION, 1),
    Action.STEP_UP: (AUTHENTICATION, OTHER),
    Action.LOGOFF: (AUTHENTICATION, 2),
    Action.SESSION_REVOKE: (AUTHENTICATION, 2),
    Action.PERSON_CREATE: (ACCOUNT_CHANGE, 1),
    Action.PERSON_CHANGE: (ACCOUNT_CHANGE, OTHER),
    Action.PERSON_DISABLE: (ACCOUNT_CHANGE, 5),
    Action.PASSWORD_CHANGE: (ACCOUNT_CHANGE, 3),
    Action.FACTOR_ENROL: (ACCOUNT_CHANGE, 10),  # MFA Factor(s) Enable
    Action.FACTOR_REMOVE: (ACCOUNT_CHANGE, 11),  # MFA Factor(s) Disable
    Action.FACTOR_RESET: (ACCOUNT_CHANGE, 11),
    Action.RECOVERY_CODES: (ACCOUNT_CHANGE, OTHER),
    Action.RECOVERY_CODE_USE: (AUTHENTICATION, OTHER),
    Action.ROLE_CHANGE: (USER_ACCESS, 3),
    Action.CLEARANCE_CHANGE: (USER_ACCESS, 1),
    Action.PAPER_VIEW: (DATASTORE_ACTIVITY, 1),
    Action.PAPER_DOWNLOAD: (DATASTORE_ACTIVITY, 1),
    Action.PAPER_PRINT: (DATASTORE_ACTIVITY, 1),
    Action.PAPER_UPLOAD: (DATASTORE_ACTIVITY, 6),
    Action.PAPER_REMOVE: (DATASTORE_ACTIVITY, 7),
    Action.RECORD_EXPORT: (DATASTORE_ACTIVITY, 1),
    Action.RECORDING_DOWNLOAD: (DATASTORE_ACTIVITY, 1),
    Action.RECORDING_DELETE: (DATASTORE_ACTIVITY, 7),
    Action.AUDIT_READ: (DATASTORE_ACTIVITY, 4),
    Action.AUDIT_EXPORT: (DATASTORE_ACTIVITY, 1),
    Action.AUDIT_ERASE: (DATASTORE_ACTIVITY, 7),
    Action.SYSTEM_START: (APPLICATION_LIFECYCLE, 3),
    Action.SYSTEM_STOP: (APPLICATION_LIFECYCLE, 4),
}
# Endings of action codes that read, create or delete; everything else updates.
_ACTIVITIES = {"view": _READ, "verify": _READ, "checkpoint": _READ, "create": _CREATE, "draft": _CREATE}
_ACTIVITIES |= {"cast": _CREATE, "remove": _DELETE}

_INFORMATIONAL, _LOW, _MEDIUM, _HIGH = 1, 2, 3, 4
_SEVERITIES = {
    Action.BREAK_GLASS: _HIGH,
    Action.AUDIT_ALERT: _HIGH,
    Action.SYSTEM_RESTORE: _HIGH,
    Action.ROLE_CHANGE: _LOW,
    Action.CLEARANCE_CHANGE: _LOW,
    Action.POLICY_CHANGE: _LOW,
}
_STATUS = {Outcome.SUCCESS: (1, "Success"), Outcome.FAILURE: (2, "Failure"), Outcome.DENIED: (2, "Failure")}


@dataclass(frozen=True, slots=True)
class Told:
    """An entry as it may leave: ``details`` and names are already without what the reader is not cleared for."""

    index: int
    entry: AuditEntry
    details: Mapping[str, Detail]
    actor_name: str | None
    object_name: str | None
    address: str | None  # of the entry or of where its session began


@dataclass(frozen=True, slots=True)
class Product:
    """Who wrote the log."""

    version: str
    host: str


def event(told: Told, product: Product) -> dict[str, Any]:
    """Return an entry as one OCSF event, ready for JSON."""
    made = told.entry
    class_uid, activity = kind_of(made.action)
    status_id, status = _STATUS[made.outcome]
    body: dict[str, Any] = {
        "activity_id": activity,
        "activity_name": made.action.value if activity == OTHER else None,
        "actor": _actor(told),
        "category_uid": class_uid // 1000,
        "class_name": _CLASS_NAMES[class_uid],
        "class_uid": class_uid,
        "message": made.action.value,
        "metadata": _metadata(told, product),
        "severity_id": _severity(made),
        "status": status,
        "status_detail": made.outcome.value if made.outcome is Outcome.DENIED else None,
        "status_id": status_id,
        "time": milliseconds(made.at),
        "type_uid": class_uid * 100 + activity,
        "unmapped": _unmapped(told),
    }
    body |= _OF_CLASS[class_uid](told, product)
    return {name: value for name, value in body.items() if value is not None}


def kind_of(action: Action) -> tuple[int, int]:
    """Return class and activity of an action; what the tables do not name is use of the interface."""
    known = _KINDS.get(action)
    return known or (API_ACTIVITY, _ACTIVITIES.get(action.value.rpartition(".")[2], _UPDATE))


def _severity(made: AuditEntry) -> int:
    if made.outcome is Outcome.DENIED:
        return _MEDIUM
    if made.outcome is Outcome.FAILURE:
        return _HIGH if made.action is Action.AUDIT_VERIFY else _LOW
    return _SEVERITIES.get(made.action, _INFORMATIONAL)


def _metadata(told: Told, product: Product) -> dict[str, Any]:
    return {
        "event_code": told.entry.action.value,
        "log_name": LOG_NAME,
        "logged_time": milliseconds(told.entry.at),
        "product": {"name": "Plenum", "vendor_name": "Plenum", "version": product.version},
        "sequence": told.index,
        "uid": f"{product.host}/{told.index}",
        "version": OCSF_VERSION,
    }


def _user(uid: str | None, name: str | None) -> dict[str, Any]:
    if uid is None:
        return {"name": name or "unknown", "type_id": 0}
    return {"uid": uid, "name": name or uid, "type_id": 1}


def _actor(told: Told) -> dict[str, Any]:
    made = told.entry
    if made.actor is None:
        return {"app_name": "plenum"}
    session = {"session": {"uid": made.session}} if made.session else {}
    return {"user": _user(made.actor, told.actor_name)} | session


def _source(told: Told) -> dict[str, Any]:
    site = {"location": {"desc": told.entry.site}} if told.entry.site else {}
    where = {"ip": told.address} if told.address else {"name": "plenum" if told.entry.actor is None else "unknown"}
    return {"src_endpoint": where | site}


def _target(told: Told) -> dict[str, Any]:
    """Return the account that an act was about: the object, who the details name, or who acted."""
    made = told.entry
    if made.object_type == "person":
        return _user(made.object_id, told.object_name)
    named = told.details.get("person")
    return _user(named, None) if isinstance(named, str) else _user(made.actor, told.actor_name)


def _authentication(told: Told, product: Product) -> dict[str, Any]:
    factor = {"auth_protocol_id": OTHER, "auth_protocol": str(told.details.get("factor", "unknown"))}
    service = {"service": {"name": "plenum", "uid": product.host}, "user": _target(told), "is_remote": True}
    session = {"session": {"uid": told.entry.session}} if told.entry.session else {}
    return factor | service | session | _source(told)


def _account(told: Told, _: Product) -> dict[str, Any]:
    return {"user": _target(told)} | _source(told)


def _access(told: Told, _: Product) -> dict[str, Any]:
    granted = [str(told.details[name]) for name in ("to", "role", "clearance") if told.details.get(name) is not None]
    return {"user": _target(told), "privileges": granted or [told.entry.action.value]} | _source(told)


def _lifecycle(_: Told, product: Product) -> dict[str, Any]:
    return {"app": {"name": "Plenum", "vendor_name": "Plenum", "version": product.version}}


def _api(told: Told, _: Product) -> dict[str, Any]:
    resources = {"resources": [_resource(told)]} if told.entry.object_id else {}
    return {"api": {"operation": told.entry.action.value}} | resources | _source(told)


def _datastore(told: Told, product: Product) -> dict[str, Any]:
    made = told.entry
    bucket: dict[str, Any] = {"name": made.object_type or LOG_NAME, "uid": made.object_id or product.host}
    return {"databucket": bucket, "type_id": 2} | _source(told)


def _resource(told: Told) -> dict[str, Any]:
    made = told.entry
    name = {"name": told.object_name} if told.object_name else {}
    return {"type": made.object_type or "unknown", "uid": made.object_id} | name


def _unmapped(told: Told) -> dict[str, Any] | None:
    known = {name: value for name, value in told.details.items() if value is not None}
    extra = {"object_type": told.entry.object_type, "object_id": told.entry.object_id, "site": told.entry.site}
    return {name: value for name, value in (known | extra).items() if value is not None} or None


_OF_CLASS: Mapping[int, Callable[[Told, Product], dict[str, Any]]] = {
    AUTHENTICATION: _authentication,
    ACCOUNT_CHANGE: _account,
    USER_ACCESS: _access,
    APPLICATION_LIFECYCLE: _lifecycle,
    API_ACTIVITY: _api,
    DATASTORE_ACTIVITY: _datastore,
}
