"""The search of a request's query string, shared by console, timelines and export; every use of it is itself logged."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from auth.audit.entry import Action, Outcome
from auth.audit.groups import Group, actions_of
from auth.audit.query import AuditQuery
from signaling.audit_entries import entry
from signaling.errors import BadRequest
from signaling.http.route import Call
from signaling.store.transaction import Transaction
from signaling.wire.base import Timestamp, Wire

PAGE = 100
MAX_PAGE = 1000
MAX_ID = 128
Member = TypeVar("Member", bound=StrEnum)
_TIME: TypeAdapter[datetime] = TypeAdapter(Timestamp)


def query_of(request: web.Request) -> AuditQuery:
    """Return the search that a request asks for. Raises BadRequest naming the part that cannot be read."""
    given = request.query
    limit, before = number_of(request, "limit"), number_of(request, "before")
    group = _one_of(Group, given.get("group"), "group")
    return AuditQuery(
        actor=_id(request, "actor"),
        object_id=_id(request, "object"),
        session=_id(request, "session"),
        site=_id(request, "site"),
        source=_id(request, "source"),
        action=_one_of(Action, given.get("action"), "action"),
        actions=actions_of(group) if group else (),
        outcome=_one_of(Outcome, given.get("outcome"), "outcome"),
        since=_time(given.get("since"), "since"),
        until=_time(given.get("until"), "until"),
        limit=min(limit or PAGE, MAX_PAGE),
        before_index=before,
    )


async def record(call: Call[Wire], action: Action, object_type: str, object_id: str | None, **told: str | int) -> None:
    """Log what an officer asks for, with the filters, before the answer leaves."""

    def run(tx: Transaction) -> None:
        tx.audit(entry(action, tx.now, call.subject, object_type, object_id, **told, **_filters(call.request)))

    await call.services.write(call.subject, run)


def _filters(request: web.Request) -> dict[str, str]:
    given = request.query.items()
    return {f"q_{name}": value[:200] for name, value in given if name.isascii() and len(name) < 20}


def _id(request: web.Request, field: str) -> str | None:
    text = request.query.get(field, "").strip()
    if len(text) > MAX_ID:
        raise BadRequest(field, "too long for an id")
    return text or None


def number_of(request: web.Request, field: str) -> int | None:
    """Return a part of the query string that is a number. Raises BadRequest."""
    text = request.query.get(field)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise BadRequest(field, "a whole number is needed")
    return int(text)


def _one_of(kind: type[Member], text: str | None, field: str) -> Member | None:
    try:
        return kind(text) if text else None
    except ValueError as error:
        raise BadRequest(field, "not one of the known values") from error


def _time(text: str | None, field: str) -> datetime | None:
    try:
        return _TIME.validate_python(text) if text else None
    except ValidationError as error:
        raise BadRequest(field, "a time with its zone is needed") from error
