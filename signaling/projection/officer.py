"""What a security officer may see of an entry: who, when, which act; never content above ``internal``.

Officers hold no clearance for content. Titles of meetings, items, votes and papers are shown only where everything
they hang on is ``internal`` at most and not restricted to named readers. Of an entry about anything else only those
details are shown that cannot carry content: an object that is unknown, or of a kind unknown here, counts as secret.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from auth.audit.entry import Action, AuditEntry, Detail, LoggedEntry
from auth.model import Label
from documents.schema import paper, record
from meetings.schema import agenda_item, meeting, poll
from signaling.projection.meeting import Names
from signaling.recording.tables import recording
from signaling.wire import audit as wire

HIGHEST = Label.INTERNAL
WITHOUT_CONTENT = frozenset(
    {None, "log", "alert", "person", "site", "unit", "session", "relay", "system", "key", "backup", "factor"}
)
# Details that are counts, codes, ids and addresses, whatever they belong to.
SAFE_DETAILS = frozenset(
    {
        "address",
        "answer",
        "code",
        "count",
        "endpoint",
        "entitled_from",
        "entitled_to",
        "factor",
        "format",
        "from",
        "items",
        "kind",
        "label",
        "minute",
        "mode",
        "pages",
        "participants",
        "permission",
        "person",
        "receipt",
        "removed",
        "restricted",
        "role",
        "sections",
        "sha256",
        "size",
        "source",
        "state",
        "status",
        "to",
        "turnout",
        "verdict",
        "version",
    }
)
CODED_REASONS = frozenset({Action.DENIAL, Action.PRESENCE_LEAVE, Action.MEDIA_LEAVE, Action.MEDIA_KICK})
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Named:
    """What may be said of an object: its name, or that it is not for officers."""

    name: str | None
    restricted: bool = False


HIDDEN = Named(None, restricted=True)
NAMELESS = Named(None)
Key = tuple[str, str]


class OfficerView:
    """Names for one answer. Load what is about to be shown, then ask."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._people = Names(conn)
        self._people.load_everybody()
        self._known: dict[Key, Named] = {}

    def load(self, entries: Iterable[AuditEntry]) -> None:
        """Read the names of the objects of these entries."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for one in entries:
            if one.object_type and one.object_id and one.object_type in _READERS:
                wanted[one.object_type].add(bare(one.object_id))
        for kind, ids in wanted.items():
            missing = sorted(each for each in ids if (kind, each) not in self._known)
            for start in range(0, len(missing), CHUNK):
                self._read(kind, missing[start : start + CHUNK])

    def load_object(self, object_type: str, object_id: str) -> None:
        """Read the name of one object."""
        if object_type in _READERS:
            self._read(object_type, [bare(object_id)])

    def _read(self, kind: str, ids: list[str]) -> None:
        statement, name_of = _READERS[kind]
        for row in self._conn.execute(statement(ids)):
            self._known[kind, row.id] = Named(name_of(row)) if is_open(row) else HIDDEN

    def named(self, object_type: str | None, object_id: str | None) -> Named:
        """Return what may be said of an object that was loaded."""
        if object_type == "person":
            return Named(self.person(object_id))
        if object_type == "site":
            return Named(self.site(object_id))
        if object_type in WITHOUT_CONTENT:
            return NAMELESS
        return self._known.get((object_type or "", bare(object_id or "")), HIDDEN)

    def person(self, person_id: str | None) -> str | None:
        """Return somebody's name."""
        found = self._people.known_person(person_id)
        return found.name if found else None

    def site(self, site_id: str | None) -> str | None:
        """Return a site's name."""
        return self._people.site(site_id)

    def details(self, of: AuditEntry) -> dict[str, Detail]:
        """Return the details that an officer may see."""
        if not self.named(of.object_type, of.object_id).restricted:
            return dict(of.details)
        return {name: value for name, value in of.details.items() if _is_safe(name, of.action)}

    def may_tell(self, logged: LoggedEntry) -> bool:
        """Whether all details of an entry may be shown."""
        return len(self.details(logged.entry)) == len(logged.entry.details)

    def row(self, logged: LoggedEntry) -> wire.AuditRow:
        """Return an entry as the console shows it."""
        made = logged.entry
        named, details = self.named(made.object_type, made.object_id), self.details(made)
        mentioned = {str(value): self.person(str(value)) for value in details.values() if isinstance(value, str)}
        return wire.AuditRow(
            index=logged.index,
            at=made.at,
            action=made.action.value,
            outcome=made.outcome.value,
            actor_id=made.actor,
            actor_name=self.person(made.actor),
            object_type=made.object_type,
            object_id=made.object_id,
            object_name=named.name,
            restricted=named.restricted,
            session=made.session,
            site_id=made.site,
            site_name=self.site(made.site),
            details=details,
            names={person_id: name for person_id, name in mentioned.items() if name},
            withheld=len(details) < len(made.details),
            erased=logged.erased,
        )


def bare(object_id: str) -> str:
    """Return the id of an object without the number of its version."""
    return object_id.partition(":")[0]


def is_open(row: Any) -> bool:
    """Whether everything on which an object hangs is open to officers."""
    return max(row.meeting_label, getattr(row, "label", 0)) <= HIGHEST and not getattr(row, "restricted", False)


def _is_safe(name: str, action: Action) -> bool:
    return name in SAFE_DETAILS or (name == "reason" and action in CODED_REASONS)


def _meetings(ids: list[str]) -> Select[Any]:
    return select(meeting.c.id, meeting.c.title, meeting.c.label.label("meeting_label")).where(meeting.c.id.in_(ids))


def _items(ids: list[str]) -> Select[Any]:
    columns = agenda_item.c
    chosen = select(columns.id, columns.title, columns.restricted, meeting.c.label.label("meeting_label"))
    return chosen.join(meeting, meeting.c.id == columns.meeting_id).where(columns.id.in_(ids))


def _polls(ids: list[str]) -> Select[Any]:
    columns = poll.c
    chosen = select(columns.id, columns.title, agenda_item.c.restricted, meeting.c.label.label("meeting_label"))
    joined = chosen.join(meeting, meeting.c.id == columns.meeting_id)
    return joined.outerjoin(agenda_item, agenda_item.c.id == columns.item_id).where(columns.id.in_(ids))


def _papers(ids: list[str]) -> Select[Any]:
    columns = paper.c
    shown = (columns.id, columns.title, columns.label, agenda_item.c.restricted, meeting.c.label.label("meeting_label"))
    joined = select(*shown).join(meeting, meeting.c.id == columns.meeting_id)
    return joined.outerjoin(agenda_item, agenda_item.c.id == columns.item_id).where(columns.id.in_(ids))


def _records(ids: list[str]) -> Select[Any]:
    shown = (record.c.id, meeting.c.title, meeting.c.label.label("meeting_label"))
    return select(*shown).join(meeting, meeting.c.id == record.c.meeting_id).where(record.c.id.in_(ids))


def _recordings(ids: list[str]) -> Select[Any]:
    shown = (recording.c.id, meeting.c.title, meeting.c.label.label("meeting_label"))
    return select(*shown).join(meeting, meeting.c.id == recording.c.meeting_id).where(recording.c.id.in_(ids))


def _title(row: Any) -> str:
    return str(row.title)


_Reader = tuple[Callable[[list[str]], Select[Any]], Callable[[Any], str]]
_READERS: Mapping[str, _Reader] = {
    "meeting": (_meetings, _title),
    "item": (_items, _title),
    "poll": (_polls, _title),
    "paper": (_papers, _title),
    "record": (_records, _title),
    "recording": (_recordings, _title),
}
