"""Convening: the agenda is frozen as a version, its manifest and its PDF are signed, everybody invited is told.

Rendering and signing take a moment, so they happen between a read and a write; the write is refused if anything of the
meeting changed in between, and the caller starts again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from auth.audit.entry import Action
from auth.directory import list_people
from auth.errors import AuthError
from auth.model import MeetingRole, Subject
from auth.permissions import Permission
from documents import repository as papers
from documents.content import AgendaData, AgendaItemLine, PaperLine, ParticipantLine
from documents.errors import DocumentError
from documents.manifest import canonical_json, sign_manifest
from documents.model import BlobRef, Paper, RecordId, RecordKind, SignatureRole
from documents.render import render_agenda
from documents.signer_keys import SignerKey
from documents.signing import SigningSetup, prepare, sign
from documents.trust import Trust
from meetings import agenda_store, participant_store, version_store
from meetings.agenda import heading_of
from meetings.change_report import change_report
from meetings.errors import MeetingError, StaleRevision
from meetings.model import ItemId, MeetingId, MeetingState
from meetings.phrases import Phrases
from meetings.readiness import require_ready
from meetings.records import AgendaItem, Meeting, Participant
from signaling.access import access_meeting
from signaling.audit_entries import entry
from signaling.errors import HubError
from signaling.projection.meeting import Names, version
from signaling.services import Services
from signaling.store.streams import last_revision
from signaling.store.transaction import Transaction, meeting_stream
from signaling.usecases.agenda_changes import agenda_now, agenda_of, compared, paper_marks
from signaling.usecases.readiness import prepared
from signaling.usecases.telling import tell_everybody
from signaling.wire.meeting import AgendaVersion

RENDER_TIMEOUT_S = 60
ATTEMPTS = 3
REFUSALS = (AuthError, MeetingError, DocumentError, HubError)


@dataclass(frozen=True, slots=True)
class _Draft:
    """The agenda as it is about to be convened; ``revision`` is the stream's when it was read."""

    meeting: Meeting
    revision: int
    number: int
    signer_name: str
    data: AgendaData
    manifest: bytes


@dataclass(frozen=True, slots=True)
class _Signed:
    pdf: BlobRef
    pdf_id: RecordId
    manifest: BlobRef
    manifest_id: RecordId


async def convene(services: Services, subject: Subject, meeting_id: MeetingId) -> AgendaVersion:
    """Convene, or convene again with a new version. Raises what the rules refuse, and StepUpRequired."""
    for attempt in range(ATTEMPTS):
        now = datetime.now(UTC)
        draft = await services.read(subject, lambda conn, at: _read(conn, services, subject, meeting_id, at))
        pdf = await services.workers.run(render_agenda, draft.data, timeout=RENDER_TIMEOUT_S)
        signed = await asyncio.to_thread(_sign_and_seal, services, subject, draft, pdf, now)
        try:
            return await services.write(subject, _Commit(services, subject, draft, signed))
        except REFUSALS as refusal:  # and nothing else: after any other failure the commit may have happened
            await asyncio.to_thread(_discard, services, signed)
            if not isinstance(refusal, StaleRevision) or attempt == ATTEMPTS - 1:
                raise
    raise StaleRevision("the meeting keeps changing; try again")


def _read(conn: Connection, services: Services, subject: Subject, meeting_id: MeetingId, now: datetime) -> _Draft:
    access = access_meeting(conn, subject, meeting_id, Permission.MEETING_CONVENE, now)
    meeting = access.meeting
    people = participant_store.participants(conn, meeting_id)
    items = agenda_store.items(conn, meeting_id)
    version_store.check_convening(conn, meeting_id)
    require_ready(prepared(conn, services, meeting), now)
    names = Names(conn)
    number = version_store.newest(conn, meeting_id) + 1
    by_item = defaultdict(list)
    for paper in papers.papers_of_meeting(conn, meeting_id):
        by_item[paper.item_id].append(paper)
    return _Draft(
        meeting=meeting,
        revision=last_revision(conn, meeting_stream(meeting_id)),
        number=number,
        signer_name=names.person(subject.person_id).name,
        data=_agenda(
            services,
            meeting,
            people,
            items,
            by_item,
            names,
            changes=_changes(conn, meeting, number),
            number=number,
            by=subject,
            now=now,
        ),
        manifest=_manifest(meeting, people, items, by_item, number=number, by=subject, now=now),
    )


def _changes(conn: Connection, meeting: Meeting, number: int) -> tuple[str, ...]:
    """Return in the meeting's words what is different from the version before."""
    if number == 1:
        return ()
    old, new = agenda_of(version_store.load_version(conn, meeting.id, number - 1)), agenda_now(conn, meeting)
    names = {person.id: person.name for person in list_people(conn, include_disabled=True)}
    phrases = Phrases(meeting.details.language, meeting.details.zone)
    return change_report(compared(old, new), (heading_of(meeting.details), new.lines), names, phrases)


def _agenda(  # noqa: PLR0917
    services: Services,
    meeting: Meeting,
    people: tuple[Participant, ...],
    items: tuple[AgendaItem, ...],
    by_item: Mapping[ItemId | None, list[Paper]],
    names: Names,
    *,
    changes: tuple[str, ...],
    number: int,
    by: Subject,
    now: datetime,
) -> AgendaData:
    details = meeting.details
    return AgendaData(
        organisation=services.settings.organisation,
        meeting_title=details.title,
        reference=details.reference,
        version=number,
        language=details.language,
        zone=details.zone,
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        place=details.place,
        label=details.label,
        convened_by=names.person(by.person_id).name,
        convened_at=now,
        participants=tuple(_participant_line(one, names) for one in people if one.role is not MeetingRole.ROOM),
        items=tuple(_item_line(item, by_item[item.id], names) for item in items),
        changes=changes,
    )


def _participant_line(of: Participant, names: Names) -> ParticipantLine:
    person = names.person(of.person_id)
    return ParticipantLine(person.name, person.title, names.unit(person.unit_id) or "", of.role)


def _item_line(item: AgendaItem, its_papers: list[Paper], names: Names) -> AgendaItemLine:
    """A restricted item stands on the printed agenda with its number only; its title is for those named."""
    details = item.details
    if details.restricted:
        return AgendaItemLine(str(item.position), "—", details.kind, details.minutes)
    lines = [
        PaperLine(paper.title, paper.latest.pages, paper.latest.blob.sha256) for paper in its_papers if paper.latest
    ]
    presenter = names.person(details.presenter_id).name if details.presenter_id else ""
    return AgendaItemLine(str(item.position), details.title, details.kind, details.minutes, presenter, tuple(lines))


def _manifest(
    meeting: Meeting,
    people: tuple[Participant, ...],
    items: tuple[AgendaItem, ...],
    by_item: Mapping[ItemId | None, list[Paper]],
    *,
    number: int,
    by: Subject,
    now: datetime,
) -> bytes:
    """What was convened, for machines: every item, every paper by digest.

    Titles of restricted items stay out, their digests too: a title can be guessed and compared.
    """
    return canonical_json(
        {
            "type": "plenum-agenda",
            "meeting": meeting.id,
            "reference": meeting.details.reference,
            "title": meeting.details.title,
            "version": number,
            "label": int(meeting.details.label),
            "startsAt": meeting.details.starts_at.isoformat(),
            "endsAt": meeting.details.ends_at.isoformat(),
            "zone": meeting.details.zone,
            "convenedBy": by.person_id,
            "convenedAt": now.isoformat(),
            "participants": [
                {"person": one.person_id, "role": one.role.value, "entitled": one.entitled} for one in people
            ],
            "items": [_manifest_item(item, by_item[item.id]) for item in items],
        }
    )


def _manifest_item(item: AgendaItem, its_papers: list[Paper]) -> dict[str, object]:
    return {
        "id": item.id,
        "position": item.position,
        "title": None if item.details.restricted else item.details.title,
        "kind": item.details.kind.value,
        "papers": [
            {"id": paper.paper_id, "version": paper.latest.version, "sha256": paper.latest.blob.sha256}
            for paper in its_papers
            if paper.latest
        ],
    }


def _sign_and_seal(services: Services, subject: Subject, draft: _Draft, pdf: bytes, now: datetime) -> _Signed:
    """Blocking: sign with the convener's key, seal both files; runs in a thread of the hub, which holds the keys."""
    key = services.signers.for_person(subject.person_id, draft.signer_name, now)
    signed_pdf = _sign_pdf(services, key, draft, pdf, now)
    jws = sign_manifest(draft.manifest, key).encode()
    label = draft.meeting.details.label
    pdf_id, manifest_id = papers.new_record_id(), papers.new_record_id()
    return _Signed(
        pdf=services.blobs.put(pdf_id, draft.number, label, signed_pdf),
        pdf_id=pdf_id,
        manifest=services.blobs.put(manifest_id, draft.number, label, jws),
        manifest_id=manifest_id,
    )


def _discard(services: Services, signed: _Signed) -> None:
    """Blocking: what was sealed for a version that did not come about is taken away again."""
    for blob in (signed.pdf, signed.manifest):
        services.blobs.delete(blob)


def _sign_pdf(services: Services, key: SignerKey, draft: _Draft, pdf: bytes, now: datetime) -> bytes:
    details = draft.meeting.details
    setup = SigningSetup(
        trust=Trust.of(services.authority, now),
        timestamper=services.signers.timestamper(now),
        language=details.language,
        zone=details.zone,
    )
    prepared = prepare(pdf, [SignatureRole.AUTHOR.value])
    return sign(prepared, SignatureRole.AUTHOR.value, key, f"Agenda v{draft.number}", now, setup=setup, last=True)


@dataclass(frozen=True, slots=True)
class _Commit:
    """The unit of work at the end: everything that convening means, or nothing."""

    services: Services
    subject: Subject
    draft: _Draft
    signed: _Signed

    def __call__(self, tx: Transaction) -> AgendaVersion:
        draft, signed, subject = self.draft, self.signed, self.subject
        meeting_id = draft.meeting.id
        access_meeting(tx.conn, subject, meeting_id, Permission.MEETING_CONVENE, tx.now)
        require_ready(prepared(tx.conn, self.services, draft.meeting), tx.now)
        if last_revision(tx.conn, meeting_stream(meeting_id)) != draft.revision:
            raise StaleRevision("the meeting changed while its agenda was signed")
        changes = version_store.convene(
            tx.conn,
            meeting_id,
            subject.person_id,
            manifest_sha256=signed.manifest.sha256,
            pdf_sha256=signed.pdf.sha256,
            now=tx.now,
            papers=paper_marks(tx.conn, meeting_id),
        )
        tx.changed(meeting_id, changes)
        self._save_records(tx)
        self._tell_everybody(tx)
        tx.audit(entry(Action.AGENDA_CONVENE, tx.now, subject, "meeting", meeting_id, version=draft.number))
        return version(version_store.load_version(tx.conn, meeting_id, draft.number))

    def _save_records(self, tx: Transaction) -> None:
        signed, number = self.signed, self.draft.number
        kinds = (
            (RecordKind.AGENDA_PDF, signed.pdf_id, signed.pdf, "pades"),
            (RecordKind.AGENDA_MANIFEST, signed.manifest_id, signed.manifest, "jws"),
        )
        for kind, record_id, blob, form in kinds:
            papers.save_record(tx.conn, record_id, self.draft.meeting.id, kind, number, blob=blob, now=tx.now)
            papers.add_signature(
                tx.conn,
                record_id,
                role=SignatureRole.AUTHOR,
                person_id=self.subject.person_id,
                field=SignatureRole.AUTHOR.value,
                signed_at=tx.now,
                factor=self.subject.stepped_up_with,
                sha256_after=blob.sha256,
            )
            tx.audit(
                entry(
                    Action.DOCUMENT_SIGN,
                    tx.now,
                    self.subject,
                    "record",
                    record_id,
                    kind=kind.value,
                    form=form,
                    factor=self.subject.stepped_up_with,
                    sha256=blob.sha256,
                )
            )

    def _tell_everybody(self, tx: Transaction) -> None:
        meeting = self.draft.meeting
        again = meeting.state is not MeetingState.DRAFT
        kind = "agenda_changed" if again else "invitation"
        tell_everybody(tx, kind, meeting.id, version=self.draft.number)
