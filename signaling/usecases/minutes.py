"""Minutes: drafted from what is on record, frozen and rendered for signing, signed by secretary and chair in order.

Laying out takes a moment, so freezing reads, renders, and commits only if nothing of the meeting changed in between:
what is signed is what is on record. In review nothing printed changes any more: the rules of meetings refuse it.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from auth.audit.entry import Action
from auth.directory import list_people
from auth.model import MeetingRole, PersonId, Subject
from auth.permissions import Permission
from documents import repository as papers
from documents.content import AttendanceLine, MinutesData, MinutesSection, Signer, VoteLine
from documents.content import PollResult as PrintedPoll
from documents.model import BlobRef, Record, RecordKind, SignatureRole
from documents.render import render_minutes
from documents.signing import SigningSetup, sign
from documents.trust import Trust
from meetings import agenda_store, minutes_store, participant_store, poll_store, presence_store
from meetings.changes import Change, ChangeKind
from meetings.errors import SigningOrder, StaleRevision
from meetings.lifecycle import submit_minutes
from meetings.meeting_store import item_states
from meetings.model import ItemId, MeetingId, MeetingState, PollId, PresenceStatus, SectionKind
from meetings.phrases import Phrases
from meetings.poll_report import annulment, report
from meetings.records import Meeting, Minutes, Participant, Poll, PresenceInterval, Section
from signaling.access import Access, access_meeting, unreadable_items
from signaling.audit_entries import entry
from signaling.projection.meeting import Names
from signaling.services import Services
from signaling.store.streams import last_revision
from signaling.store.transaction import Transaction, meeting_stream
from signaling.usecases.telling import tell_role

RENDER_TIMEOUT_S = 120
SIGNING_ORDER = (SignatureRole.SECRETARY, SignatureRole.CHAIR)
FREEZE_ATTEMPTS = 3
_SIGNING = frozenset({MeetingState.MINUTES_REVIEW, MeetingState.MINUTES_SIGNED, MeetingState.ARCHIVED})
_ROLES = {MeetingRole.SECRETARY: SignatureRole.SECRETARY, MeetingRole.CHAIR: SignatureRole.CHAIR}


async def draft(services: Services, subject: Subject, meeting_id: MeetingId) -> None:
    """Draft the minutes from the record of the meeting, once."""

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, subject, meeting_id, Permission.MINUTES_EDIT, tx.now)
        if minutes_store.find_minutes(tx.conn, meeting_id) is not None:
            return
        names = {person.id: person.name for person in list_people(tx.conn, include_disabled=True)}
        tx.changed(meeting_id, minutes_store.draft_minutes(tx.conn, meeting_id, names, tx.now))
        tx.audit(entry(Action.MINUTES_DRAFT, tx.now, subject, "meeting", meeting_id))

    await services.write(subject, run)


@dataclass(frozen=True, slots=True)
class _ToFreeze:
    """The record as it is about to be printed; ``revision`` is the stream's when it was read."""

    access: Access
    revision: int
    text_revision: int
    data: MinutesData


async def freeze(services: Services, subject: Subject, meeting_id: MeetingId) -> None:
    """End editing: the text is fixed, and its PDF made ready for signing.

    Raises ItemUndecided and WrongState, and StaleRevision if the meeting changes each time while it is printed.
    """
    for attempt in range(FREEZE_ATTEMPTS):
        found = await services.read(subject, lambda conn, now: _to_freeze(conn, services, subject, meeting_id, now))
        try:
            return await _freeze(services, subject, found)
        except StaleRevision:
            if attempt == FREEZE_ATTEMPTS - 1:
                raise
    raise StaleRevision("the meeting keeps changing; try again")


def _to_freeze(
    conn: Connection, services: Services, subject: Subject, meeting_id: MeetingId, now: datetime
) -> _ToFreeze:
    """Read what will be printed, if the minutes can be submitted at all: rendering is for what can follow it."""
    access = access_meeting(conn, subject, meeting_id, Permission.MINUTES_EDIT, now)
    found = minutes_store.load_minutes(conn, meeting_id)
    submit_minutes(access.meeting.state, item_states(conn, meeting_id))
    revision = last_revision(conn, meeting_stream(meeting_id))
    return _ToFreeze(access, revision, found.revision, _data(conn, services, access.meeting, found, now))


async def _freeze(services: Services, subject: Subject, found: _ToFreeze) -> None:
    """Print and commit. Raises StaleRevision, with the file removed again, if the meeting has changed meanwhile."""
    pdf = await services.workers.run(render_minutes, found.data, timeout=RENDER_TIMEOUT_S)
    record_id, meeting_id = papers.new_record_id(), found.access.meeting.id
    label = found.access.meeting.details.label
    blob = await asyncio.to_thread(services.blobs.put, record_id, 1, label, pdf)

    def run(tx: Transaction) -> None:
        access_meeting(tx.conn, subject, meeting_id, Permission.MINUTES_EDIT, tx.now)
        if last_revision(tx.conn, meeting_stream(meeting_id)) != found.revision:
            raise StaleRevision("the meeting changed while its minutes were printed")
        tx.changed(meeting_id, minutes_store.submit_minutes(tx.conn, meeting_id, tx.now))
        tx.changed(meeting_id, minutes_store.freeze_minutes(tx.conn, meeting_id, found.text_revision, tx.now))
        tell_role(tx, "minutes_to_sign", meeting_id, MeetingRole.SECRETARY)
        papers.save_record(tx.conn, record_id, meeting_id, RecordKind.MINUTES_PDF, 1, blob=blob, now=tx.now)
        tx.audit(entry(Action.MINUTES_SUBMIT, tx.now, subject, "meeting", meeting_id, sha256=blob.sha256))

    try:
        await services.write(subject, run)
    except StaleRevision:
        await asyncio.to_thread(services.blobs.delete, blob)
        raise


def withheld_items(conn: Connection, access: Access) -> frozenset[ItemId]:
    """Return the items whose minutes are not for this viewer.

    The minutes are one signed file, and nobody signs what he may not see: from review on, the meeting's chair and
    secretary, who sign, read all of it. Before that, and for everybody else at any time, a restricted item's minutes
    are for those named in the item.
    """
    if access.role in _ROLES and access.meeting.state in _SIGNING:
        return frozenset()
    return unreadable_items(conn, access)


@dataclass(frozen=True, slots=True)
class _ToSign:
    access: Access
    record: Record
    role: SignatureRole
    name: str


async def sign_minutes(services: Services, subject: Subject, meeting_id: MeetingId) -> None:
    """Sign the minutes as secretary or chair. Raises SigningOrder when somebody else is next."""

    def read(conn: Connection, now: datetime) -> _ToSign:
        access = access_meeting(conn, subject, meeting_id, Permission.MINUTES_SIGN, now)
        found = minutes_store.load_minutes(conn, meeting_id)
        role = _ROLES[access.role]
        expected = SignatureRole.CHAIR if found.secretary_signed_at else SignatureRole.SECRETARY
        if role is not expected:
            raise SigningOrder(f"the {expected.value} signs next")
        record = papers.latest_record(conn, meeting_id, RecordKind.MINUTES_PDF)
        return _ToSign(access, record, role, Names(conn).person(subject.person_id).name)

    wanted = await services.read(subject, read)
    blob = await asyncio.to_thread(_sign_and_seal, services, subject, wanted, datetime.now(UTC))

    def run(tx: Transaction) -> None:
        access = access_meeting(tx.conn, subject, meeting_id, Permission.MINUTES_SIGN, tx.now)
        record_id = wanted.record.record_id
        papers.replace_record(tx.conn, record_id, blob, expected_sha256=wanted.record.blob.sha256)
        papers.add_signature(
            tx.conn,
            record_id,
            role=wanted.role,
            person_id=subject.person_id,
            field=wanted.role.value,
            signed_at=tx.now,
            factor=subject.stepped_up_with,
            sha256_after=blob.sha256,
        )
        changes = minutes_store.sign_minutes(tx.conn, meeting_id, subject.person_id, access.role, tx.now)
        tx.changed(meeting_id, [*changes, Change(ChangeKind.MINUTES, meeting_id)])
        if wanted.role is SignatureRole.SECRETARY:
            tell_role(tx, "minutes_to_sign", meeting_id, MeetingRole.CHAIR)
        tx.audit(
            entry(
                Action.DOCUMENT_SIGN,
                tx.now,
                subject,
                "record",
                record_id,
                kind=RecordKind.MINUTES_PDF.value,
                role=wanted.role.value,
                factor=subject.stepped_up_with,
                sha256=blob.sha256,
            )
        )

    await services.write(subject, run)


def _sign_and_seal(services: Services, subject: Subject, wanted: _ToSign, now: datetime) -> BlobRef:
    """Blocking, in a thread of the hub: read the PDF, add one signature, seal the new file."""
    details, record = wanted.access.meeting.details, wanted.record
    pdf = services.blobs.get(record.blob, record.record_id, record.version, details.label)
    setup = SigningSetup(
        trust=Trust.of(services.authority, now),
        timestamper=services.signers.timestamper(now),
        language=details.language,
        zone=details.zone,
    )
    key = services.signers.for_person(subject.person_id, wanted.name, now)
    reason = Phrases(details.language, details.zone).say(f"sign-as-{wanted.role.value}")
    last = wanted.role is SIGNING_ORDER[-1]
    signed = sign(pdf, wanted.role.value, key, reason, now, setup=setup, last=last)
    return services.blobs.put(record.record_id, record.version, details.label, signed)


# --- what is printed ---


def _data(conn: Connection, services: Services, meeting: Meeting, minutes: Minutes, now: datetime) -> MinutesData:
    details, names = meeting.details, Names(conn)
    names.load_everybody()
    people = participant_store.participants(conn, meeting.id)
    chair, secretary = (_holder(people, role, names) for role in (MeetingRole.CHAIR, MeetingRole.SECRETARY))
    return MinutesData(
        organisation=services.settings.organisation,
        meeting_title=details.title,
        reference=details.reference,
        version=1,
        language=details.language,
        zone=details.zone,
        opened_at=meeting.opened_at or details.starts_at,
        closed_at=meeting.closed_at or details.ends_at,
        place=details.place,
        label=details.label,
        chair=chair,
        secretary=secretary,
        attendance=_attendance(conn, meeting, people, names),
        sections=_Sections(conn, meeting, names).print(minutes.sections),
        signers=(Signer(SignatureRole.SECRETARY, secretary), Signer(SignatureRole.CHAIR, chair)),
        made_at=now,
    )


def _holder(people: tuple[Participant, ...], role: MeetingRole, names: Names) -> str:
    return next((names.person(one.person_id).name for one in people if one.role is role), "")


def _attendance(
    conn: Connection, meeting: Meeting, people: tuple[Participant, ...], names: Names
) -> tuple[AttendanceLine, ...]:
    """Whoever had a stay at any time was present; of the others the marks tell who was excused."""
    stays: dict[PersonId, list[PresenceInterval]] = {}
    for stay in presence_store.intervals(conn, meeting.id):
        stays.setdefault(stay.person_id, []).append(stay)
    marks = {one.person_id: one.status for one in presence_store.attendance(conn, meeting.id)}
    lines = []
    for one in people:
        if one.role is MeetingRole.ROOM:
            continue
        person, mine = names.person(one.person_id), stays.get(one.person_id, [])
        lines.append(
            AttendanceLine(
                name=person.name,
                title=person.title,
                unit=names.unit(person.unit_id) or "",
                status=PresenceStatus.PRESENT if mine else marks.get(one.person_id, PresenceStatus.ABSENT),
                mode=mine[-1].mode if mine else None,
                site=names.site(mine[-1].site_id if mine else person.site_id) or "",
                intervals=tuple((stay.arrived_at, stay.left_at) for stay in mine),
            )
        )
    return tuple(lines)


class _Sections:
    """Turns sections of minutes into what is printed, with the polls as facts beside the secretary's text."""

    def __init__(self, conn: Connection, meeting: Meeting, names: Names) -> None:
        self._conn = conn
        self._names = names
        self._phrases = Phrases(meeting.details.language, meeting.details.zone)
        self._items = {item.id: item for item in agenda_store.items(conn, meeting.id)}
        self._polls = {poll.id: poll for poll in poll_store.polls(conn, meeting.id)}

    def print(self, sections: tuple[Section, ...]) -> tuple[MinutesSection, ...]:
        """Return the sections that say something."""
        return tuple(self._one(section) for section in sections if section.text.strip() or section.poll_ids)

    def _one(self, section: Section) -> MinutesSection:
        item = self._items.get(section.item_id) if section.item_id else None
        is_item = section.kind is SectionKind.ITEM and item is not None
        return MinutesSection(
            number=str(item.position) if item else "",
            title=item.details.title if item else section.title,
            kind=item.details.kind if item and is_item else None,
            outcome=item.state if item and is_item else None,
            text=tuple(line for line in section.text.split("\n") if line.strip()),
            polls=tuple(self._poll(self._polls[poll_id]) for poll_id in section.poll_ids if poll_id in self._polls),
        )

    def _poll(self, poll: Poll) -> PrintedPoll:
        result, labels = poll.result, {option.id: option.label for option in poll.details.options}
        if result is None:
            said = annulment(poll, self._phrases)
            return PrintedPoll(poll.details.title, poll.details.question, (), None, annulment=said)
        tally = result.tally
        counts = [(labels.get(option) or option, count) for option, count in tally.counts]
        return PrintedPoll(
            title=poll.details.title,
            question=poll.details.question,
            tallies=(*counts, ("not_voting", tally.not_voting), ("absent", tally.absent)),
            verdict=result.outcome.verdict,
            derivation=tuple(report(poll, result, self._phrases)),
            votes=self._votes(poll.id, labels),
        )

    def _votes(self, poll_id: PollId, labels: dict[str, str]) -> tuple[VoteLine, ...]:
        ballots = poll_store.ballots(self._conn, poll_id)
        lines = [
            VoteLine(self._names.person(one.person_id).name, labels.get(one.option_id) or one.option_id)
            for one in ballots
        ]
        return tuple(sorted(lines, key=lambda line: line.name))
