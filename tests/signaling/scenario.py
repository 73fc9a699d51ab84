"""A scripted meeting with every kind of event, as units of work; from the first invitation to the archive."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from auth.directory import add_person, add_site, add_unit
from auth.model import Label, MeetingRole, OrgRole, PersonId, opaque_id
from documents import repository as papers
from documents.model import BlobId, BlobRef, KeyId, PaperId, RecordId, RecordKind
from meetings import (
    agenda_store,
    chat_store,
    meeting_store,
    minutes_store,
    participant_store,
    poll_store,
    presence_store,
    session_store,
    sitting_store,
    speaker_store,
    version_store,
)
from meetings.changes import Change, ChangeKind
from meetings.model import (
    Audience,
    BallotId,
    ItemId,
    ItemKind,
    ItemState,
    MeetingId,
    MessageId,
    PollId,
    PollKind,
    PollMethod,
    PresenceHow,
    PresenceMode,
    PresenceStatus,
    Response,
    SpeakerId,
    SpeakerKind,
)
from meetings.presence_store import RollCallMark
from meetings.records import ItemDetails, MeetingDetails, PollDetails, PollOption
from meetings.rules import PRESETS
from signaling.recording import store as recordings
from signaling.recording.model import Recording, StopReason
from signaling.store.transaction import Transaction
from signaling.usecases.close_poll import close_poll

Unit = Callable[[Transaction], list[Change]]
MANIFEST = BlobRef(BlobId("a" * 32), KeyId("b" * 32), 2, "c" * 64)
HOSTILE = "<img src=x onerror=alert(1)> \u202e\"'&"
CAST: dict[str, tuple[OrgRole, MeetingRole, bool]] = {
    "chair": (OrgRole.MEMBER, MeetingRole.CHAIR, True),
    "secretary": (OrgRole.SECRETARY, MeetingRole.SECRETARY, False),
    "named": (OrgRole.MEMBER, MeetingRole.MEMBER, True),
    "member": (OrgRole.MEMBER, MeetingRole.MEMBER, True),
    "observer": (OrgRole.MEMBER, MeetingRole.OBSERVER, False),
    "hall": (OrgRole.ROOM, MeetingRole.ROOM, False),
    "guest": (OrgRole.MEMBER, MeetingRole.GUEST, False),
}
VIEWERS = ("chair", "secretary", "named", "member", "observer", "hall")  # the guest comes and goes


@dataclass(frozen=True, slots=True)
class Step:
    """One unit of work of the script."""

    name: str
    run: Unit


class Script:
    """The meeting. ``prepare`` comes first; then ``steps`` in their order, each in a transaction of its own."""

    def __init__(self) -> None:
        self.people: dict[str, PersonId] = {}
        self.meeting = MeetingId("")
        self._made: dict[str, str] = {}

    def prepare(self, tx: Transaction) -> list[Change]:
        """Add people, meeting and everybody but the guest; the stream begins."""
        unit = add_unit(tx.conn, "Đơn vị")
        site = add_site(tx.conn, "Điểm cầu", unit.id)
        for username, (role, _, _) in CAST.items():
            added = add_person(
                tx.conn,
                username=f"s-{username}",
                name=f"Người {username}",
                now=tx.now,
                unit_id=unit.id,
                site_id=site.id,
                roles=[role],
            )
            self.people[username] = added.id
        details = MeetingDetails(
            title="Phiên họp mẫu",
            starts_at=tx.now + timedelta(hours=1),
            ends_at=tx.now + timedelta(hours=3),
            rules=PRESETS["simple_majority"],
            zone="Asia/Ho_Chi_Minh",
            language="vi",
            label=Label.INTERNAL,
        )
        changes = meeting_store.create_meeting(tx.conn, details, self.people["secretary"], tx.now)
        self.meeting = MeetingId(changes[0].id)
        for username in VIEWERS:
            changes += self._invite(tx, username)
        return changes

    def _invite(self, tx: Transaction, username: str) -> list[Change]:
        _, seat, entitled = CAST[username]
        return participant_store.invite(
            tx.conn, self.meeting, self.people[username], seat, entitled=entitled, now=tx.now
        )

    def steps(self) -> Iterator[Step]:
        """Return the script."""
        yield from self._preparation()
        yield from self._convening()
        yield from self._presence()
        yield from self._table()
        yield from self._restricted_item()
        yield from self._open_item()
        yield from self._end()

    # --- before ---

    def _preparation(self) -> Iterator[Step]:
        yield Step("invite a guest", lambda tx: self._invite(tx, "guest"))
        for name, readers in (("first", None), ("restricted", {"chair", "named"}), ("third", None)):
            yield Step(f"add the {name} item", partial(self._add_item, name=name, readers=readers))
        yield Step("edit an item", self._edit_item)
        yield Step("paper on an item", lambda tx: self._add_paper(tx, "first"))
        yield Step("second paper on an item", lambda tx: self._add_paper(tx, "first"))
        yield Step("paper on a restricted item", lambda tx: self._add_paper(tx, "restricted"))
        yield Step("order the agenda", self._reorder)
        yield Step(
            "remove an item", lambda tx: agenda_store.remove_item(tx.conn, self.meeting, self._item("third"), tx.now)
        )
        yield Step("add an item again", lambda tx: self._add_item(tx, "fourth", None))
        yield Step("other rules of procedure", self._change_rules)
        yield Step("another seat for the guest", self._reseat)

    def _respond(self, tx: Transaction, response: Response, reason: str) -> list[Change]:
        return participant_store.respond(
            tx.conn, self.meeting, self.people["guest"], response, reason=reason, now=tx.now
        )

    def _add_item(self, tx: Transaction, name: str, readers: set[str] | None) -> list[Change]:
        details = ItemDetails(
            title=f"Mục {name}",
            kind=ItemKind.DECISION,
            minutes=10,
            presenter_id=self.people["chair"],
            restricted=readers is not None,
            readers=frozenset(self.people[one] for one in readers or ()),
        )
        changes = agenda_store.add_item(tx.conn, self.meeting, details, tx.now)
        self._made[name] = changes[0].id
        return changes

    def _edit_item(self, tx: Transaction) -> list[Change]:
        details = ItemDetails(title=HOSTILE, kind=ItemKind.DECISION, description=HOSTILE, minutes=20)
        return agenda_store.edit_item(tx.conn, self.meeting, self._item("first"), details, tx.now)

    def _add_paper(self, tx: Transaction, item: str) -> list[Change]:
        paper_id = papers.new_paper_id()
        by, item_id = self.people["secretary"], self._item(item)
        papers.add_paper(
            tx.conn,
            self.meeting,
            item_id,
            title=f"Tờ trình {item}",
            label=Label.INTERNAL,
            created_by=by,
            now=tx.now,
            paper_id=PaperId(paper_id),
        )
        papers.add_version(tx.conn, paper_id, 1, _blob(), pages=3, file_name="to-trinh.pdf", uploaded_by=by, now=tx.now)
        return [Change(ChangeKind.ITEM, item_id)]

    def _reorder(self, tx: Transaction) -> list[Change]:
        order = [self._item(name) for name in ("third", "first", "restricted")]
        return agenda_store.reorder(tx.conn, self.meeting, order, tx.now)

    def _change_rules(self, tx: Transaction) -> list[Change]:
        """As the route does it: the quorum travels with a participant."""
        found = meeting_store.load_meeting(tx.conn, self.meeting)
        details = MeetingDetails(
            title="Phiên họp khác",
            starts_at=found.details.starts_at,
            ends_at=found.details.ends_at,
            rules=PRESETS["two_thirds"],
            zone=found.details.zone,
            language=found.details.language,
            label=found.details.label,
        )
        changes = meeting_store.edit_meeting(tx.conn, self.meeting, details, found.revision, tx.now)
        return [*changes, Change(ChangeKind.PARTICIPANT, self.people["secretary"])]

    def _reseat(self, tx: Transaction) -> list[Change]:
        return participant_store.change_participant(
            tx.conn, self.meeting, self.people["guest"], MeetingRole.MEMBER, entitled=True, now=tx.now
        )

    # --- convening ---

    def _convening(self) -> Iterator[Step]:
        yield Step("convene", self._convene)
        yield Step("the guest declines", lambda tx: self._respond(tx, Response.DECLINED, HOSTILE))
        yield Step("the guest accepts", lambda tx: self._respond(tx, Response.ACCEPTED, ""))
        yield Step("the guest acknowledges", lambda tx: self._acknowledge(tx, "guest"))
        yield Step("a member acknowledges", lambda tx: self._acknowledge(tx, "member"))
        yield Step("convene again", self._convene)
        yield Step("take the guest's invitation back", self._uninvite)

    def _convene(self, tx: Transaction) -> list[Change]:
        return version_store.convene(
            tx.conn,
            self.meeting,
            self.people["secretary"],
            manifest_sha256="a" * 64,
            pdf_sha256="b" * 64,
            now=tx.now,
        )

    def _acknowledge(self, tx: Transaction, username: str) -> list[Change]:
        return version_store.acknowledge(tx.conn, self.meeting, 1, self.people[username], tx.now)

    def _uninvite(self, tx: Transaction) -> list[Change]:
        """As the route does it: the agendas that the guest acknowledged are told again."""
        removed = participant_store.remove_participant(tx.conn, self.meeting, self.people["guest"], tx.now)
        return [*removed, Change(ChangeKind.VERSION, "1")]

    # --- presence ---

    def _presence(self) -> Iterator[Step]:
        for username in ("chair", "named", "member", "secretary", "observer"):
            yield Step(f"{username} arrives", partial(self._arrive, username=username))
        yield Step("excuse an observer", lambda tx: self._roll_call(tx, "observer", PresenceStatus.EXCUSED))
        yield Step("open the session", lambda tx: session_store.open_meeting(tx.conn, self.meeting, tx.now))
        yield Step("a connection is lost", lambda tx: self._lose(tx, "member"))
        yield Step("and found again", lambda tx: self._arrive(tx, "member"))

    def _arrive(self, tx: Transaction, username: str) -> list[Change]:
        return presence_store.arrive(
            tx.conn,
            self.meeting,
            self.people[username],
            how=PresenceHow.CONNECTED,
            mode=PresenceMode.REMOTE,
            site_id=None,
            endpoint_id=None,
            now=tx.now,
        )

    def _lose(self, tx: Transaction, username: str) -> list[Change]:
        return presence_store.lose(tx.conn, self.meeting, self.people[username], tx.now)

    def _roll_call(self, tx: Transaction, username: str, status: PresenceStatus) -> list[Change]:
        marks = {self.people[username]: RollCallMark(status)}
        return presence_store.roll_call(tx.conn, self.meeting, marks, self.people["secretary"], tx.now)

    # --- at the table ---

    def _table(self) -> Iterator[Step]:
        everyone, secretariat = Audience.EVERYONE, Audience.SECRETARIAT
        yield Step("a message to everyone", lambda tx: self._say(tx, "hello", "member", everyone))
        yield Step("a message to the secretariat", lambda tx: self._say(tx, "asks", "member", secretariat))
        yield Step("another's", lambda tx: self._say(tx, "other", "named", secretariat))
        yield Step("an answer", lambda tx: self._say(tx, "answer", "secretary", secretariat, to="member"))
        yield Step("another message", lambda tx: self._say(tx, "second", "chair", everyone))
        yield Step("remove a message", lambda tx: self._unsay(tx, "hello"))
        yield Step("remove a private one", lambda tx: self._unsay(tx, "other"))
        yield Step("close the chat", lambda tx: self._sit(tx, chat_open=False))
        yield Step("close the list", lambda tx: self._sit(tx, floor_open=False))
        yield Step("open both", lambda tx: self._sit(tx, chat_open=True, floor_open=True))
        yield Step("announce", lambda tx: self._announce(tx, "Nghỉ giải lao 15 phút"))
        yield Step("announce anew", lambda tx: self._announce(tx, HOSTILE))
        yield Step("withdraw it", lambda tx: sitting_store.withdraw_announcement(tx.conn, self.meeting, tx.now))
        yield from self._recording()

    def _recording(self) -> Iterator[Step]:
        yield Step("allow recording", self._allow_recording)
        yield Step("record", self._record)
        yield Step("it runs", lambda tx: list(recordings.set_capturing(tx.conn, self._recorded(tx).id, True)))
        yield Step("it waits", lambda tx: list(recordings.set_capturing(tx.conn, self._recorded(tx).id, False)))
        yield Step("stop it", self._stop_recording)
        yield Step("it is complete", lambda tx: list(recordings.end(tx.conn, self._recorded(tx), MANIFEST)))

    def _allow_recording(self, tx: Transaction) -> list[Change]:
        return list(recordings.set_allowed(tx.conn, self.meeting, True, self.people["chair"], tx.now))

    def _record(self, tx: Transaction) -> list[Change]:
        recordings.start(tx.conn, self.meeting, Label.INTERNAL, self.people["secretary"], tx.now)
        return [Change(ChangeKind.RECORDING, self.meeting)]

    def _recorded(self, tx: Transaction) -> Recording:
        return recordings.of_meeting(tx.conn, self.meeting)[-1]

    def _stop_recording(self, tx: Transaction) -> list[Change]:
        by = self.people["chair"]
        return list(recordings.stop(tx.conn, self._recorded(tx), by, StopReason.ASKED, tx.now))

    def _say(
        self, tx: Transaction, name: str, username: str, audience: Audience, to: str | None = None
    ) -> list[Change]:
        return chat_store.send(
            tx.conn,
            self.meeting,
            self.people[username],
            message_id=MessageId(f"message-{name}-0000000"),
            audience=audience,
            recipient_id=self.people[to] if to else None,
            text=f"{HOSTILE} {name}",
            now=tx.now,
        )

    def _unsay(self, tx: Transaction, name: str) -> list[Change]:
        message_id = MessageId(f"message-{name}-0000000")
        return chat_store.remove(tx.conn, self.meeting, message_id, self.people["secretary"], tx.now)

    def _sit(self, tx: Transaction, **changes: bool) -> list[Change]:
        return sitting_store.set_sitting(tx.conn, self.meeting, **changes)

    def _announce(self, tx: Transaction, text: str) -> list[Change]:
        return sitting_store.announce(tx.conn, self.meeting, text, self.people["chair"], tx.now)

    # --- in session ---

    def _restricted_item(self) -> Iterator[Step]:
        yield Step("ask for the floor", lambda tx: self._request(tx, "early", "named"))
        yield Step("another asks for the floor", lambda tx: self._request(tx, "gone", "member"))
        yield Step("and withdraws", lambda tx: self._floor(tx, speaker_store.withdraw_request, "gone"))
        yield Step("take up the restricted item", lambda tx: self._start(tx, "restricted"))
        yield Step("grant the floor on it", self._grant)
        yield Step("end the turn", lambda tx: self._floor(tx, speaker_store.end_speaker, "early"))
        yield Step("ask for the floor on it", lambda tx: self._request(tx, "late", "chair"))
        yield Step(
            "a hidden poll on it", lambda tx: self._create_poll(tx, "secret", "restricted", PollKind.NAMED_HIDDEN)
        )
        yield from self._poll("secret", {"named": "yes", "chair": "no"})
        yield Step("decide it", lambda tx: self._conclude(tx, "restricted", ItemState.DECIDED))

    def _open_item(self) -> Iterator[Step]:
        yield Step("take up an item", lambda tx: self._start(tx, "first"))
        yield Step("a poll on it", lambda tx: self._create_poll(tx, "open", "first", PollKind.NAMED))
        yield Step("a hidden poll on no item", lambda tx: self._create_poll(tx, "hidden", None, PollKind.NAMED_HIDDEN))
        yield from self._annulled()
        yield from self._poll("open", {"member": "yes", "named": "yes", "chair": "abstain"})
        yield Step("open the hidden poll", lambda tx: self._open_poll(tx, "hidden"))
        yield Step("cast a hidden ballot", lambda tx: self._cast(tx, "hidden", "member", "1"))
        yield Step("a member leaves and the quorum is lost", lambda tx: self._leave(tx, "named"))
        yield Step("cast after that", lambda tx: self._cast(tx, "hidden", "chair", "2"))
        yield Step("close the hidden poll", lambda tx: self._close_poll(tx, "hidden"))
        yield Step(
            "put the item back",
            lambda tx: agenda_store.put_back_item(tx.conn, self.meeting, self._item("first"), tx.now),
        )
        yield Step("suspend", lambda tx: session_store.suspend_meeting(tx.conn, self.meeting, tx.now))
        yield Step("resume", lambda tx: session_store.resume_meeting(tx.conn, self.meeting, tx.now))
        yield Step("take it up again", lambda tx: self._start(tx, "first"))
        yield Step("somebody waits for the floor", lambda tx: self._request(tx, "waiting", "member"))
        yield Step("decide that, too", lambda tx: self._conclude(tx, "first", ItemState.DECIDED))
        yield Step("note the last", lambda tx: self._conclude(tx, "fourth", ItemState.NOTED))

    def _annulled(self) -> Iterator[Step]:
        yield Step("a draft of a poll", lambda tx: self._create_poll(tx, "draft", "first", PollKind.NAMED))
        yield Step("delete the draft", lambda tx: poll_store.delete_poll(tx.conn, self.meeting, self._poll_id("draft")))
        yield Step("a poll to be annulled", lambda tx: self._create_poll(tx, "void", None, PollKind.NAMED_HIDDEN))
        yield Step("open it", lambda tx: self._open_poll(tx, "void"))
        yield Step("cast in it", lambda tx: self._cast(tx, "void", "named", "1"))
        yield Step(
            "give it time", lambda tx: poll_store.extend_poll(tx.conn, self.meeting, self._poll_id("void"), 60, tx.now)
        )
        yield Step(
            "annul it",
            lambda tx: poll_store.annul_poll(tx.conn, self.meeting, self._poll_id("void"), "Mất kết nối", tx.now),
        )

    def _poll_id(self, name: str) -> PollId:
        return PollId(self._made[name])

    def _poll(self, name: str, choices: dict[str, str]) -> Iterator[Step]:
        yield Step(f"open the poll {name}", lambda tx: self._open_poll(tx, name))
        for username, option in choices.items():
            yield Step(
                f"{username} casts in {name}",
                partial(self._cast, name=name, username=username, option=option),
            )
        yield Step(f"close the poll {name}", lambda tx: self._close_poll(tx, name))

    def _request(self, tx: Transaction, name: str, username: str) -> list[Change]:
        person_id = self.people[username]
        changes = speaker_store.request_floor(tx.conn, self.meeting, person_id, SpeakerKind.TURN, tx.now)
        self._made[name] = changes[0].id
        return changes

    def _floor(self, tx: Transaction, run: Callable[..., list[Change]], name: str) -> list[Change]:
        return run(tx.conn, self.meeting, SpeakerId(self._made[name]), tx.now)

    def _grant(self, tx: Transaction) -> list[Change]:
        return speaker_store.grant_floor(tx.conn, self.meeting, SpeakerId(self._made["early"]), None, tx.now)

    def _start(self, tx: Transaction, item: str) -> list[Change]:
        return agenda_store.start_item(tx.conn, self.meeting, self._item(item), tx.now)

    def _conclude(self, tx: Transaction, item: str, state: ItemState) -> list[Change]:
        return agenda_store.conclude_item(
            tx.conn, self.meeting, self._item(item), state, outcome=f"Kết luận {item}", now=tx.now
        )

    def _create_poll(self, tx: Transaction, name: str, item: str | None, kind: PollKind) -> list[Change]:
        options = ("Phương án A", "Phương án B") if item is None else ()
        details = PollDetails(
            title=f"Biểu quyết {name}",
            rules=PRESETS["simple_majority"],
            item_id=self._item(item) if item else None,
            kind=kind,
            method=PollMethod.ONE_OF if options else PollMethod.YES_NO_ABSTAIN,
            options=tuple(PollOption(str(number), text) for number, text in enumerate(options, start=1)),
        )
        changes = poll_store.create_poll(tx.conn, self.meeting, details, self.people["chair"], tx.now)
        self._made[name] = changes[0].id
        return changes

    def _open_poll(self, tx: Transaction, name: str) -> list[Change]:
        return poll_store.open_poll(tx.conn, self.meeting, PollId(self._made[name]), tx.now)

    def _cast(self, tx: Transaction, name: str, username: str, option: str) -> list[Change]:
        _, changes = poll_store.cast_ballot(
            tx.conn,
            self.meeting,
            PollId(self._made[name]),
            self.people[username],
            ballot_id=BallotId(f"ballot-{name}-{username}-0"),
            option_id=option,
            now=tx.now,
        )
        return changes

    def _close_poll(self, tx: Transaction, name: str) -> list[Change]:
        close_poll(tx, self.meeting, PollId(self._made[name]))
        return []

    def _leave(self, tx: Transaction, username: str) -> list[Change]:
        return presence_store.leave(tx.conn, self.meeting, self.people[username], tx.now)

    # --- afterwards ---

    def _end(self) -> Iterator[Step]:
        yield Step("adjourn", lambda tx: session_store.adjourn_meeting(tx.conn, self.meeting, tx.now))
        yield Step("draft the minutes", lambda tx: minutes_store.draft_minutes(tx.conn, self.meeting, {}, tx.now))
        yield Step("end editing", self._submit)
        yield Step("the secretary signs", lambda tx: self._sign(tx, "secretary"))
        yield Step("the chair signs", lambda tx: self._sign(tx, "chair"))
        yield Step("archive", lambda tx: meeting_store.archive_meeting(tx.conn, self.meeting, tx.now))
        yield Step("erase the chat", lambda tx: chat_store.clear(tx.conn, self.meeting))

    def _submit(self, tx: Transaction) -> list[Change]:
        revision = minutes_store.load_minutes(tx.conn, self.meeting).revision
        changes = minutes_store.submit_minutes(tx.conn, self.meeting, tx.now)
        changes += minutes_store.freeze_minutes(tx.conn, self.meeting, revision, tx.now)
        record_id = RecordId(papers.new_record_id())
        papers.save_record(tx.conn, record_id, self.meeting, RecordKind.MINUTES_PDF, 1, blob=_blob(), now=tx.now)
        return changes

    def _sign(self, tx: Transaction, username: str) -> list[Change]:
        _, seat, _ = CAST[username]
        changes = minutes_store.sign_minutes(tx.conn, self.meeting, self.people[username], seat, tx.now)
        return [*changes, Change(ChangeKind.MINUTES, self.meeting)]

    def _item(self, name: str) -> ItemId:
        return ItemId(self._made[name])


def _blob() -> BlobRef:
    return BlobRef(BlobId(opaque_id()), KeyId("key"), 12_345, "c" * 64)
