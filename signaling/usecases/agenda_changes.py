"""What changed in an agenda since a version of it was convened, as one viewer may see it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from auth.model import PersonId
from documents import repository as papers
from meetings import agenda_store, version_store
from meetings.agenda import heading_of
from meetings.differences import ChangedLine, Differences, Field, HeadingField, differences
from meetings.model import ItemId, MeetingId
from meetings.records import AgendaHeading, AgendaLine, AgendaVersion, Meeting, PaperMark
from signaling.access import Access, readers_of
from signaling.projection.meeting import Names
from signaling.wire.preparation import AgendaChanges, FieldChange, ItemChange, ItemChangeKind

Readers = Mapping[ItemId, list[str] | None]


@dataclass(frozen=True, slots=True)
class Agenda:
    """One side of a comparison. ``number`` is None for the agenda as it stands."""

    number: int | None
    heading: AgendaHeading | None
    lines: Sequence[AgendaLine]


def paper_marks(conn: Connection, meeting_id: MeetingId) -> dict[ItemId, tuple[PaperMark, ...]]:
    """Return the papers that hang on each item at this moment."""
    found: dict[ItemId, tuple[PaperMark, ...]] = {}
    for paper in papers.papers_of_meeting(conn, meeting_id):
        if paper.item_id is not None and paper.latest is not None:
            mark = PaperMark(paper.paper_id, paper.title, paper.latest.version)
            found[paper.item_id] = (*found.get(paper.item_id, ()), mark)
    return found


def agenda_now(conn: Connection, meeting: Meeting) -> Agenda:
    """Return the agenda as it would be convened at this moment."""
    lines = version_store.lines_now(conn, meeting.id, paper_marks(conn, meeting.id))
    return Agenda(None, heading_of(meeting.details), lines)


def agenda_of(version: AgendaVersion) -> Agenda:
    """Return the agenda as it was convened."""
    return Agenda(version.number, version.heading, version.lines)


def compared(old: Agenda, new: Agenda) -> Differences:
    """Return what changed from one to the other."""
    return differences(old.lines, new.lines, heading=(old.heading, new.heading))


def changes(conn: Connection, access: Access, old: Agenda, new: Agenda) -> AgendaChanges:
    """Return what changed, in the form of the wire; of items that are not for the viewer only that they changed."""
    readers = {item.id: readers_of(item) for item in agenda_store.items(conn, access.meeting.id)}
    told = _Told(access, Names(conn), readers, {line.item_id: at for at, line in enumerate(new.lines, 1)})
    found = compared(old, new)
    by_id = {line.item_id: line for line in new.lines}
    changed = {line.after.item_id for line in found.changed}
    return AgendaChanges(
        since=old.number or 0,
        number=new.number,
        heading=[_heading(field, old.heading, new.heading) for field in found.heading],
        items=[
            *(told.item(ItemChangeKind.ADDED, line) for line in found.added),
            *(told.item(ItemChangeKind.REMOVED, line) for line in found.removed),
            *(told.changed(line) for line in found.changed),
            *(told.item(ItemChangeKind.MOVED, by_id[item_id]) for item_id in found.moved if item_id not in changed),
        ],
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """Puts lines into the wire's form for one viewer."""

    access: Access
    names: Names
    readers: Readers
    numbers: Mapping[ItemId, int]

    def item(self, kind: ItemChangeKind, line: AgendaLine, fields: Sequence[FieldChange] = ()) -> ItemChange:
        hidden = self._hidden(line)
        return ItemChange(
            item_id=line.item_id,
            number=self.numbers.get(line.item_id),
            title="" if hidden else line.title,
            hidden=hidden,
            kind=kind,
            fields=[] if hidden else list(fields),
        )

    def changed(self, line: ChangedLine) -> ItemChange:
        fields = [] if self._hidden(line.before) else list(self._fields(line))
        return self.item(ItemChangeKind.CHANGED, line.after, fields)

    def _hidden(self, line: AgendaLine) -> bool:
        """A line that was restricted stays with those named now; of a deleted item nobody is named any more."""
        readers = self.readers.get(line.item_id, [] if line.restricted else None)
        return not self.access.viewer.may_read(readers if readers is not None or not line.restricted else [])

    def _fields(self, line: ChangedLine) -> Iterator[FieldChange]:
        for field in line.fields:
            if field is Field.PAPERS:
                yield from _papers(line.before.papers, line.after.papers)
            else:
                yield FieldChange(
                    field=field.value, before=self._text(field, line.before), after=self._text(field, line.after)
                )

    def _text(self, field: Field, line: AgendaLine) -> str:
        match field:
            case Field.TITLE:
                return line.title
            case Field.DESCRIPTION:
                return line.description
            case Field.KIND:
                return line.kind.value
            case Field.PRESENTER:
                return self._name(line.presenter_id)
            case Field.MINUTES:
                return str(line.minutes or 0)
            case _:
                return "true" if line.restricted else "false"

    def _name(self, person_id: PersonId | None) -> str:
        return self.names.person(person_id).name if person_id else ""


def _papers(old: Sequence[PaperMark], new: Sequence[PaperMark]) -> Iterator[FieldChange]:
    had, has = {paper.paper_id: paper for paper in old}, {paper.paper_id: paper for paper in new}
    for key in had.keys() - has.keys():
        yield FieldChange(field="paper_removed", before=had[key].title, after="")
    for key, paper in has.items():
        if key not in had:
            yield FieldChange(field="paper_added", before="", after=paper.title)
        elif had[key].version != paper.version:
            yield FieldChange(field="paper_version", before=had[key].title, after=paper.title)
        elif had[key].title != paper.title:
            yield FieldChange(field="paper_title", before=had[key].title, after=paper.title)


def _heading(field: HeadingField, old: AgendaHeading | None, new: AgendaHeading | None) -> FieldChange:
    return FieldChange(field=field.value, before=_heading_text(field, old), after=_heading_text(field, new))


def _heading_text(field: HeadingField, of: AgendaHeading | None) -> str:
    if of is None:
        return ""
    match field:
        case HeadingField.TITLE:
            return of.title
        case HeadingField.PLACE:
            return of.place
        case HeadingField.TIME:
            return f"{of.starts_at.isoformat()}/{of.ends_at.isoformat()}"
