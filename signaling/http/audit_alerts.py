"""Alerts for security officers: how many wait, what they say, and that somebody has seen to them."""

from datetime import datetime

from sqlalchemy import Connection

from auth.audit.alert_store import Alert, acknowledge, count_open, list_alerts
from auth.audit.entry import Action
from auth.permissions import Permission
from signaling.audit_entries import entry
from signaling.http.audit_query import record
from signaling.http.route import Call, Route
from signaling.projection.officer import OfficerView
from signaling.store.transaction import Transaction
from signaling.wire import audit as wire
from signaling.wire.base import Wire


async def waiting(call: Call[Wire]) -> wire.AlertCount:
    """Tell how many alerts are open; pages ask this again and again, so it is not a read of the log."""
    return await call.services.read(call.subject, lambda conn, _: wire.AlertCount(open=count_open(conn)))


async def alerts(call: Call[Wire]) -> wire.AlertList:
    """Return the open alerts, or with ``?state=acknowledged`` those that were seen to."""
    done = call.request.query.get("state") == "acknowledged"
    await record(call, Action.AUDIT_READ, "alert", None)

    def run(conn: Connection, _: datetime) -> wire.AlertList:
        view = OfficerView(conn)
        return wire.AlertList(alerts=[_info(one, view) for one in list_alerts(conn, acknowledged=done)])

    return await call.services.read(call.subject, run)


async def settle(call: Call[wire.Acknowledgement]) -> wire.AlertInfo:
    """Acknowledge an alert with a note."""

    def run(tx: Transaction) -> wire.AlertInfo:
        done = acknowledge(tx.conn, call.part("alert"), call.subject.person_id, call.body.note, tx.now)
        told = {"rule": done.rule.value, "about": done.about, "note": call.body.note[:2000]}
        tx.audit(entry(Action.AUDIT_ACKNOWLEDGE, tx.now, call.subject, "alert", done.id, **told))
        return _info(done, OfficerView(tx.conn))

    return await call.services.write(call.subject, run)


def _info(alert: Alert, view: OfficerView) -> wire.AlertInfo:
    kind, _, about = alert.about.partition(":")
    return wire.AlertInfo(
        id=alert.id,
        rule=alert.rule.value,
        about_kind=kind,
        about_id=about,
        about_name=view.person(about) if kind == "person" else None,
        first_at=alert.first_at,
        last_at=alert.last_at,
        count=alert.count,
        evidence=list(alert.evidence),
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=view.person(alert.acknowledged_by),
        note=alert.note,
    )


ROUTES = [
    Route(
        "GET",
        "/audit/alerts/count",
        Permission.AUDIT_WATCH,
        waiting,
        "How many alerts wait",
        answers=wire.AlertCount,
        passive=True,
    ),
    Route("GET", "/audit/alerts", Permission.AUDIT_ALERTS, alerts, "Alerts", answers=wire.AlertList),
    Route(
        "POST",
        "/audit/alerts/{alert}/acknowledgement",
        Permission.AUDIT_ALERTS,
        settle,
        "Acknowledge an alert",
        wire.Acknowledgement,
        wire.AlertInfo,
    ),
]
