"""Administrators' routes on units and sites."""

from datetime import datetime

from sqlalchemy import Connection

from auth import places
from auth.audit.entry import Action
from auth.directory import Site, Unit
from auth.model import SiteId, UnitId
from auth.permissions import Permission
from signaling.audit_entries import entry
from signaling.http.route import Call, Route
from signaling.store.transaction import Transaction
from signaling.wire import administration as wire
from signaling.wire.base import Created, Wire


async def list_places(call: Call[Wire]) -> wire.PlaceList:
    """Return all units and sites, and how many accounts belong to each."""

    def run(conn: Connection, _: datetime) -> wire.PlaceList:
        found, counts = places.load_places(conn), places.people_by_place(conn)
        return wire.PlaceList(
            units=[_unit(one, counts.get(one.id, 0)) for one in found.units],
            sites=[_site(one, counts.get(one.id, 0)) for one in found.sites],
            label_ceiling=call.services.settings.label_ceiling,
        )

    return await call.services.read(call.subject, run)


def _unit(of: Unit, people: int) -> wire.PlaceUnit:
    return wire.PlaceUnit(id=of.id, name=of.name, parent_id=of.parent_id, people=people)


def _site(of: Site, people: int) -> wire.PlaceSite:
    ranges = list(of.address_ranges)
    return wire.PlaceSite(id=of.id, name=of.name, unit_id=of.unit_id, address_ranges=ranges, people=people)


def _unit_id(text: str | None) -> UnitId | None:
    return UnitId(text) if text else None


async def add_unit(call: Call[wire.UnitBody]) -> Created:
    """Add a unit."""

    def run(tx: Transaction) -> Unit:
        made = places.create_unit(tx.conn, call.body.name, _unit_id(call.body.parent_id))
        tx.audit(entry(Action.UNIT_CHANGE, tx.now, call.subject, "unit", made.id, new=made.name))
        return made

    return Created(id=(await call.services.write(call.subject, run)).id)


async def change_unit(call: Call[wire.UnitBody]) -> None:
    """Rename or move a unit."""
    unit_id, body = UnitId(call.part("unit")), call.body

    def run(tx: Transaction) -> None:
        before = places.change_unit(tx.conn, unit_id, body.name, _unit_id(body.parent_id))
        told = {"old": before.name, "new": body.name, "old_parent": before.parent_id, "new_parent": body.parent_id}
        tx.audit(entry(Action.UNIT_CHANGE, tx.now, call.subject, "unit", unit_id, **told))

    await call.services.write(call.subject, run)


async def remove_unit(call: Call[Wire]) -> None:
    """Remove a unit to which nothing belongs."""
    unit_id = UnitId(call.part("unit"))

    def run(tx: Transaction) -> None:
        before = places.remove_unit(tx.conn, unit_id)
        tx.audit(entry(Action.UNIT_CHANGE, tx.now, call.subject, "unit", unit_id, old=before.name))

    await call.services.write(call.subject, run)


async def add_site(call: Call[wire.SiteBody]) -> Created:
    """Add a site."""
    body = call.body

    def run(tx: Transaction) -> Site:
        made = places.create_site(tx.conn, body.name, _unit_id(body.unit_id), body.address_ranges)
        ranges = " ".join(made.address_ranges)
        tx.audit(entry(Action.SITE_CHANGE, tx.now, call.subject, "site", made.id, new=made.name, new_ranges=ranges))
        return made

    return Created(id=(await call.services.write(call.subject, run)).id)


async def change_site(call: Call[wire.SiteBody]) -> None:
    """Change a site."""
    site_id, body = SiteId(call.part("site")), call.body

    def run(tx: Transaction) -> None:
        before, after = places.change_site(tx.conn, site_id, body.name, _unit_id(body.unit_id), body.address_ranges)
        told = {
            "old": before.name,
            "new": after.name,
            "old_unit": before.unit_id,
            "new_unit": after.unit_id,
            "old_ranges": " ".join(before.address_ranges),
            "new_ranges": " ".join(after.address_ranges),
        }
        tx.audit(entry(Action.SITE_CHANGE, tx.now, call.subject, "site", site_id, **told))

    await call.services.write(call.subject, run)


async def remove_site(call: Call[Wire]) -> None:
    """Remove a site to which nobody belongs."""
    site_id = SiteId(call.part("site"))

    def run(tx: Transaction) -> None:
        before = places.remove_site(tx.conn, site_id)
        tx.audit(entry(Action.SITE_CHANGE, tx.now, call.subject, "site", site_id, old=before.name))

    await call.services.write(call.subject, run)


_MANAGE = Permission.DIRECTORY_MANAGE
_UNIT, _SITE = "/administration/units/{unit}", "/administration/sites/{site}"
ROUTES = [
    Route(
        "GET",
        "/administration/places",
        Permission.DIRECTORY_REVIEW,
        list_places,
        "Units and sites",
        answers=wire.PlaceList,
    ),
    Route("POST", "/administration/units", _MANAGE, add_unit, "Add a unit", wire.UnitBody, Created),
    Route("PUT", _UNIT, _MANAGE, change_unit, "Change a unit", wire.UnitBody),
    Route("DELETE", _UNIT, _MANAGE, remove_unit, "Remove a unit"),
    Route("POST", "/administration/sites", _MANAGE, add_site, "Add a site", wire.SiteBody, Created),
    Route("PUT", _SITE, _MANAGE, change_site, "Change a site", wire.SiteBody),
    Route("DELETE", _SITE, _MANAGE, remove_site, "Remove a site"),
]
