"""The demo organisation: invented people at invented places, and a meeting that waits to be convened."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from sqlalchemy import Connection

from auth.directory import add_person, add_site, add_unit, list_people
from auth.model import Label, MeetingRole, OrgRole, PersonId, SiteId, UnitId
from auth.passwords import hash_password
from documents import repository as papers
from documents.intake import accept_pdf
from documents.keys import KeyStore
from documents.store import BlobStore
from meetings import agenda_store, meeting_store, participant_store
from meetings.model import ItemId, ItemKind, MeetingId
from meetings.records import ItemDetails, MeetingDetails
from meetings.rules import PRESETS
from signaling.settings import Settings
from signaling.store.database import open_engine
from signaling.store.schema import migrate

ORGANISATION = "Liên hiệp Hợp tác xã Hoa Sen"
PASSWORD = "hoa-sen-demo-2026"  # noqa: S105 — printed at every start; the demo holds nothing of value
ZONE = "Asia/Ho_Chi_Minh"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of the demo; ``seat`` is the role in the demo meeting."""

    username: str
    name: str
    title: str
    site: str
    role: OrgRole
    seat: MeetingRole | None
    entitled: bool = False


CENTRE, NORTH, DELTA, HIGHLAND = "Văn phòng Trung tâm", "Điểm cầu Miền Bắc", "Điểm cầu Đồng bằng", "Điểm cầu Cao nguyên"
ACCOUNTS = (
    Account("chair", "Hoàng Lan", "Chủ tịch Hội đồng", CENTRE, OrgRole.MEMBER, MeetingRole.CHAIR, True),
    Account("secretary", "Thanh Trúc", "Chánh Văn phòng", CENTRE, OrgRole.SECRETARY, MeetingRole.SECRETARY),
    Account("north", "Minh Tùng", "Giám đốc Miền Bắc", NORTH, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("delta", "Thu Sen", "Giám đốc Đồng bằng", DELTA, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("highland", "Ngọc Bích", "Giám đốc Cao nguyên", HIGHLAND, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("observer", "Xuân Mai", "Chuyên viên", CENTRE, OrgRole.MEMBER, MeetingRole.OBSERVER),
    Account("officer", "Hải Đăng", "Cán bộ an ninh thông tin", CENTRE, OrgRole.SECURITY_OFFICER, None),
    Account("admin", "Kim Ngân", "Quản trị hệ thống", CENTRE, OrgRole.ADMINISTRATOR, None),
    Account("hall-north", "Hội trường Miền Bắc", "", NORTH, OrgRole.ROOM, MeetingRole.ROOM),
    Account("hall-delta", "Hội trường Đồng bằng", "", DELTA, OrgRole.ROOM, MeetingRole.ROOM),
)
ITEMS = (
    ("Báo cáo kết quả mùa vụ", ItemKind.INFORMATION, "highland", 15),
    ("Kế hoạch trạm bơm chung giai đoạn 2027–2030", ItemKind.DECISION, "delta", 30),
    ("Ý kiến của các điểm cầu", ItemKind.DISCUSSION, None, 20),
)


def prepare(settings: Settings) -> None:
    """Fill an empty database; one that has people is left as it is."""
    migrate(settings.database_file)
    engine = open_engine(settings.database_file, writer=True)
    try:
        with engine.connect() as conn, conn.begin():
            if not list_people(conn, include_disabled=True):
                people = _add_people(conn, datetime.now(UTC))
                _add_meeting(conn, settings, people, datetime.now(UTC))
    finally:
        engine.dispose()


def _add_people(conn: Connection, now: datetime) -> dict[str, PersonId]:
    password = hash_password(PASSWORD)
    sites: dict[str, tuple[UnitId, SiteId]] = {}
    people: dict[str, PersonId] = {}
    for account in ACCOUNTS:
        if account.site not in sites:
            unit = add_unit(conn, account.site.replace("Điểm cầu", "Chi nhánh"))
            sites[account.site] = (unit.id, add_site(conn, account.site, unit.id).id)
        unit_id, site_id = sites[account.site]
        added = add_person(
            conn,
            username=account.username,
            name=account.name,
            now=now,
            title=account.title,
            unit_id=unit_id,
            site_id=site_id,
            clearance=Label.INTERNAL,
            locale="vi",
            password_hash=password,
            roles=[account.role],
        )
        people[account.username] = added.id
    return people


def _add_meeting(conn: Connection, settings: Settings, people: dict[str, PersonId], now: datetime) -> None:
    start = now + timedelta(minutes=30)
    details = MeetingDetails(
        title="Phiên họp Hội đồng quý IV",
        starts_at=start,
        ends_at=start + timedelta(hours=2),
        rules=PRESETS["absolute_majority"],
        reference="01/HĐ-HS",
        description="Phiên họp trực tuyến giữa Văn phòng Trung tâm và ba điểm cầu.",
        place="Phòng họp số 1 và các điểm cầu",
        zone=ZONE,
        language="vi",
        label=Label.INTERNAL,
    )
    meeting_id = MeetingId(meeting_store.create_meeting(conn, details, people["secretary"], now)[0].id)
    for account in ACCOUNTS:
        if account.seat is not None:
            person_id = people[account.username]
            participant_store.invite(conn, meeting_id, person_id, account.seat, entitled=account.entitled, now=now)
    for title, kind, presenter, minutes in ITEMS:
        presenter_id = people[presenter] if presenter else None
        item = ItemDetails(title=title, kind=kind, presenter_id=presenter_id, minutes=minutes)
        item_id = ItemId(agenda_store.add_item(conn, meeting_id, item, now)[0].id)
        if kind is ItemKind.DECISION:
            _add_paper(conn, settings, meeting_id, item_id, people["secretary"], now)


def _add_paper(  # noqa: PLR0917
    conn: Connection, settings: Settings, meeting_id: MeetingId, item_id: ItemId, by: PersonId, now: datetime
) -> None:
    name = "demo-paper.pdf"
    clean = accept_pdf(name, files("signaling").joinpath(name).read_bytes())
    store = BlobStore(settings.data / "blobs", KeyStore.open_or_create(settings.data / "keys"))
    paper_id = papers.new_paper_id()
    blob = store.put(paper_id, 1, Label.INTERNAL, clean.data)
    papers.add_paper(
        conn,
        meeting_id,
        item_id,
        title="Tờ trình về trạm bơm chung",
        label=Label.INTERNAL,
        created_by=by,
        now=now,
        paper_id=paper_id,
    )
    papers.add_version(conn, paper_id, 1, blob, pages=clean.pages, file_name=name, uploaded_by=by, now=now)


def introduction(settings: Settings) -> str:
    """Return what a newcomer is told on the terminal: who is who, and what to try."""
    accounts = "\n".join(f"    {one.username:11} {one.name:20} {one.role.value}" for one in ACCOUNTS)
    return f"""
  Demo organisation "{ORGANISATION}", password of every account: {PASSWORD}

{accounts}

  Try this, each account in a browser profile of its own:
    1. secretary: open the prepared meeting, convene it (the agenda is signed), then open the session
    2. chair, north, delta: acknowledge the agenda, join the room
    3. secretary: take up item 2; chair: open a poll; members vote; close it and read the verdict
    4. secretary: adjourn, edit the minutes, sign; chair: sign; archive
    5. officer: read the log, verify it, download a checkpoint

  The certificate is signed by this deployment's own authority: {settings.data / "authority"}
  (download it from the sign-in page, or accept the browser's warning on this machine).
"""
