"""The demo organisation: invented people at invented places, and a meeting that waits to be convened."""

from base64 import b32decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files

from sqlalchemy import Connection

from auth import totp
from auth.directory import add_person, add_site, add_unit, list_people
from auth.errors import WrongCode
from auth.factors import enrol, secret_of, used_counters
from auth.model import Label, MeetingRole, OrgRole, PersonId, SiteId, UnitId
from auth.passwords import hash_password
from auth.permissions import LEADING, MUST_HAVE_FACTOR
from auth.sealing import FactorSeal
from documents import repository as papers
from documents.intake import accept_pdf
from documents.keys import KeyStore
from documents.store import BlobStore
from meetings import agenda_store, meeting_store, participant_store
from meetings.model import ItemId, ItemKind, MeetingId
from meetings.records import ItemDetails, MeetingDetails
from meetings.rules import PRESETS
from signaling.factor_key import open_seal
from signaling.settings import Settings
from signaling.store.database import open_engine
from signaling.store.schema import migrate

ORGANISATION = "Liên hiệp Hợp tác xã Hoa Sen"
PASSWORD = "hoa-sen-demo-2026"  # noqa: S105 — printed at every start; the demo holds nothing of value
SECRET = b32decode("PLENUMDEMOHOASENPLENUMDEMOHOASEN")  # printed too: of the authenticator of accounts that need one
ZONE = "Asia/Ho_Chi_Minh"
DOMAIN = "hoa-sen.example"


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

    @property
    def needs_factor(self) -> bool:
        """Whether the duties demand a second factor."""
        return self.role in MUST_HAVE_FACTOR or self.seat in LEADING


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
MORE_MEMBERS = (  # they exist only where bots take part: nobody else would fill so many seats
    Account("quang", "Đức Quang", "Phó Giám đốc Miền Bắc", NORTH, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("chau", "Bảo Châu", "Kế toán trưởng", DELTA, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("hung", "Gia Hưng", "Phó Giám đốc Cao nguyên", HIGHLAND, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("yen", "Hải Yến", "Trưởng ban Thủy lợi", NORTH, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("khang", "Minh Khang", "Trưởng ban Vận tải", DELTA, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("diep", "Ngân Điệp", "Trưởng ban Giống", HIGHLAND, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("son", "Trường Sơn", "Trưởng ban Kiểm soát", CENTRE, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("thao", "Thanh Thảo", "Trưởng ban Đào tạo", NORTH, OrgRole.MEMBER, MeetingRole.MEMBER, True),
    Account("long", "Hoàng Long", "Trưởng ban Thị trường", DELTA, OrgRole.MEMBER, MeetingRole.MEMBER, True),
)
ITEMS = (
    ("Báo cáo kết quả mùa vụ", ItemKind.INFORMATION, "highland", 15),
    ("Kế hoạch trạm bơm chung giai đoạn 2027–2030", ItemKind.DECISION, "delta", 30),
    ("Ý kiến của các điểm cầu", ItemKind.DISCUSSION, None, 20),
)


BOTS = (*(one for one in ACCOUNTS if one.seat is MeetingRole.MEMBER), *MORE_MEMBERS)  # in the order they take part


def prepare(settings: Settings, bots: int = 0) -> None:
    """Fill an empty database, with enough members for the bots; one that has people is left as it is."""
    migrate(settings.database_file)
    engine = open_engine(settings.database_file, writer=True)
    try:
        with engine.connect() as conn, conn.begin():
            if not list_people(conn, include_disabled=True):
                accounts = (*ACCOUNTS, *BOTS[len(BOTS) - len(MORE_MEMBERS) : bots])
                people = _add_people(conn, accounts, datetime.now(UTC))
                _enrol(conn, open_seal(KeyStore.open_or_create(settings.data / "keys")), people, datetime.now(UTC))
                _add_meeting(conn, settings, accounts, people, datetime.now(UTC))
    finally:
        engine.dispose()


def _add_people(conn: Connection, accounts: tuple[Account, ...], now: datetime) -> dict[str, PersonId]:
    password = hash_password(PASSWORD)
    sites: dict[str, tuple[UnitId, SiteId]] = {}
    people: dict[str, PersonId] = {}
    for account in accounts:
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
            email=None if account.role is OrgRole.ROOM else f"{account.username}@{DOMAIN}",
            unit_id=unit_id,
            site_id=site_id,
            clearance=Label.INTERNAL,
            locale="vi",
            password_hash=password,
            roles=[account.role],
        )
        people[account.username] = added.id
    return people


def _enrol(conn: Connection, seal: FactorSeal, people: dict[str, PersonId], now: datetime) -> None:
    for account in ACCOUNTS:
        if account.needs_factor:
            enrol(conn, seal, people[account.username], SECRET, now)


def unused_code(conn: Connection, seal: FactorSeal, person_id: PersonId, now: datetime, window: int) -> str:
    """Return the code next to now that is not spent yet. Raises WrongCode where the secret is not the published one."""
    if secret_of(conn, seal, person_id) != SECRET:
        raise WrongCode
    used, here = used_counters(conn, person_id), totp.counter_at(now)
    # The oldest and the newest step may be out of the window before the code is typed.
    near = sorted(range(here - window + 1, here + window), key=lambda step: abs(step - here))
    free = [step for step in near if step not in used]
    if not free:
        raise WrongCode
    return totp.code_at(SECRET, free[0])


def _add_meeting(
    conn: Connection, settings: Settings, accounts: tuple[Account, ...], people: dict[str, PersonId], now: datetime
) -> None:
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
    for account in accounts:
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


ALONE = """  Try this, each account in a browser profile of its own:
    1. secretary: open the prepared meeting, convene it (the agenda is signed), then open the session
    2. chair, north, delta: acknowledge the agenda, join the room
    3. secretary: take up item 2; chair: open a poll; members vote; close it and read the verdict
    4. secretary: adjourn, edit the minutes, sign; chair: sign; archive
    5. officer: read the log, verify it, download a checkpoint
"""


def _with_bots(bots: int) -> str:
    members = ", ".join(one.name for one in BOTS[:bots])
    return f"""  Members who take part by themselves, with picture and voice: {members}.
  They answer, acknowledge, speak in turn, ask for the floor and vote. Who signs in as one of them takes the seat over.

  Try this, alone:
    1. secretary: open the prepared meeting, convene it (the agenda is signed), open the session, join the room
    2. give the floor to who asks for it; take up item 2; open a poll, watch the ballots, close it and read the verdict
    3. adjourn, edit the minutes, sign; chair, in another browser profile: sign; secretary: archive
    4. officer: read the log, verify it, download a checkpoint
"""


def introduction(settings: Settings, bots: int = 0) -> str:
    """Return what a newcomer is told on the terminal: who is who, and what to try."""
    accounts = "\n".join(
        f"    {one.username:11} {one.name:20} {one.role.value:17}{'code' if one.needs_factor else ''}".rstrip()
        for one in ACCOUNTS
    )
    return f"""
  Demo organisation "{ORGANISATION}", password of every account: {PASSWORD}

{accounts}

  Accounts marked "code" have a second factor. The page offers their codes, in this demo only; an authenticator app
  makes them too, from the secret {totp.secret_text(SECRET)}.

{_with_bots(bots) if bots else ALONE}
  The certificate is signed by this deployment's own authority: {settings.data / "authority"}
  (download it from the sign-in page, or accept the browser's warning on this machine).
"""
