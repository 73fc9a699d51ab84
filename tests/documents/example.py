"""An invented meeting for the tests of rendering and signing."""

import hashlib
from datetime import UTC, datetime, timedelta

from auth.model import Label, MeetingRole
from documents.content import (
    AgendaData,
    AgendaItemLine,
    AttendanceLine,
    MinutesData,
    MinutesSection,
    PaperLine,
    ParticipantLine,
    PollResult,
    Signer,
    VoteLine,
)
from documents.model import SignatureRole
from meetings.model import ItemKind, ItemState, PresenceMode, PresenceStatus, Verdict

STARTS = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ENDS = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
ZONE = "Asia/Ho_Chi_Minh"
ORGANISATION = "Hội đồng Điều phối Vùng"
PEOPLE = (
    ("Nguyễn Thị Hường", "Chủ tịch", "Văn phòng", MeetingRole.CHAIR),
    ("Trần Quốc Vượng", "Thư ký", "Văn phòng", MeetingRole.SECRETARY),
    ("Lê Ngọc Ánh", "Uỷ viên", "Sở Tài chính", MeetingRole.MEMBER),
    ("Phạm Hữu Nghĩa", "Uỷ viên", "Sở Xây dựng", MeetingRole.MEMBER),
    ("Đặng Thuỳ Dương", "Uỷ viên", "Sở Y tế", MeetingRole.OBSERVER),
)


def paper(title: str, pages: int) -> PaperLine:
    return PaperLine(title, pages, hashlib.sha256(title.encode()).hexdigest())


def agenda(
    language: str = "vi", title: str = "Phiên họp thường kỳ tháng 11", label: Label = Label.INTERNAL
) -> AgendaData:
    return AgendaData(
        organisation=ORGANISATION,
        meeting_title=title,
        reference="15/CTr-HĐĐP",
        version=2,
        language=language,
        zone=ZONE,
        starts_at=STARTS,
        ends_at=ENDS,
        place="Phòng họp A và các điểm cầu",
        label=label,
        convened_by=PEOPLE[0][0],
        convened_at=STARTS - timedelta(days=3),
        participants=tuple(ParticipantLine(*person) for person in PEOPLE),
        items=(
            AgendaItemLine("1", "Thông qua chương trình họp", ItemKind.INFORMATION, 10, PEOPLE[0][0]),
            AgendaItemLine(
                "2",
                "Quyết định phân bổ kinh phí dự phòng",
                ItemKind.DECISION,
                45,
                PEOPLE[2][0],
                (paper("Tờ trình về kinh phí", 6), paper("Phụ lục số liệu", 1)),
            ),
        ),
        town="Hà Nội",
    )


def poll() -> PollResult:
    return PollResult(
        title="Phương án phân bổ",
        question="Hội đồng thông qua phương án?",
        tallies=(("yes", 3), ("no", 1), ("abstain", 0), ("not_voting", 0), ("absent", 1)),
        verdict=Verdict.CARRIED,
        derivation=("Túc số: có mặt 4/5, cần 4: đủ.", "3·2 = 6 > 5: được thông qua."),
        figures=(("Tổng số thành viên", "5"),),
        votes=(*(VoteLine(person[0], "yes") for person in PEOPLE[:3]), VoteLine(PEOPLE[3][0], "Phương án B")),
    )


def annulled_poll() -> PollResult:
    said = "Cuộc biểu quyết bắt đầu lúc 9:10 và bị hủy lúc 9:12; không có kết quả. Lý do: câu hỏi sai"
    return PollResult("Phương án trước", "", (), None, annulment=said)


def minutes(
    language: str = "vi", text: str = "Chủ trì khai mạc phiên họp.", label: Label = Label.INTERNAL
) -> MinutesData:
    present, remote = PresenceStatus.PRESENT, PresenceMode.REMOTE
    return MinutesData(
        organisation=ORGANISATION,
        meeting_title="Phiên họp thường kỳ tháng 11",
        reference="16/BB-HĐĐP",
        version=1,
        language=language,
        zone=ZONE,
        opened_at=STARTS,
        closed_at=ENDS,
        place="Phòng họp A và các điểm cầu",
        label=label,
        chair=PEOPLE[0][0],
        secretary=PEOPLE[1][0],
        attendance=(
            AttendanceLine(*PEOPLE[0][:3], present, PresenceMode.IN_PERSON, "Hội trường A", ((STARTS, None),)),
            AttendanceLine(*PEOPLE[1][:3], present, remote, "Đà Nẵng", ((STARTS, ENDS), (ENDS, None))),
            AttendanceLine(*PEOPLE[2][:3], PresenceStatus.EXCUSED),
            AttendanceLine(*PEOPLE[3][:3], PresenceStatus.ABSENT),
        ),
        sections=(
            MinutesSection("1", "Thông qua chương trình họp", ItemKind.INFORMATION, ItemState.NOTED, (text,)),
            MinutesSection(
                "2", "Phân bổ kinh phí", ItemKind.DECISION, ItemState.DECIDED, (text, text), (annulled_poll(), poll())
            ),
        ),
        signers=(Signer(SignatureRole.SECRETARY, PEOPLE[1][0]), Signer(SignatureRole.CHAIR, PEOPLE[0][0])),
        made_at=ENDS,
        town="Hà Nội",
    )
