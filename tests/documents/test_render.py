"""Papers as PDF: complete in every language, and whatever people write stays text."""

import re
import subprocess
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auth.model import Label, MeetingRole
from documents import layout
from documents.content import AgendaData, MinutesData
from documents.errors import RenderFailed
from documents.glyphs import FONTS, REPLACEMENT, covered, printable
from documents.layout import agenda_layout, minutes_layout
from documents.model import SignatureRole
from documents.render import render_agenda, render_minutes, signature_places
from documents.texts import LOCALES, Texts, languages
from meetings.model import ItemKind, ItemState, PresenceMode, PresenceStatus, Verdict
from tests.documents import example

SOURCES = [Path(layout.__file__), Path(layout.__file__).with_name("texts.py")]
HOSTILE_TEXTS = [
    '#eval("1/0")',
    "$ x^2 $ *bold* _emph_ = Heading",
    '"; panic("x") //',
    "{{ }} { $name } \\u{1F600} \\",
    '#import "paper.typ": *',
    "<signature-place>",
    "{page}",
    "مرحبا بالعالم",
    "\u202eevil\u202c",
    "a\x00b",
]


def messages(language: str) -> set[str]:
    resource = FluentParser().parse((LOCALES / f"{language}.ftl").read_text(encoding="utf-8"))
    return {entry.id.name for entry in resource.body if isinstance(entry, Message)}


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """The text as another program extracts it."""
    (tmp_path / "a.pdf").write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", "a.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def enumerated_keys() -> set[str]:
    groups = {
        "role": [each.value for each in MeetingRole],
        "kind": [each.value for each in ItemKind],
        "outcome": [each.value for each in ItemState],
        "status": [each.value for each in PresenceStatus],
        "mode": [each.value for each in PresenceMode],
        "verdict": [each.value for each in Verdict],
        "label": [each.name.lower() for each in Label],
        "signer": [each.value for each in SignatureRole],
        "choice": sorted(layout.KNOWN_CHOICES),
    }
    return {f"{group}-{value}" for group, values in groups.items() for value in values}


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_language_has_every_text_and_no_other(language: str) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    named = set(re.findall(r'(?:say|self)\(\s*"([a-z-]+)"', source)) | {"clock", "time"}
    columns = {"number", "item", "presenter", "time", "name", "title", "unit", "role", "status", "hours"}
    needed = named | enumerated_keys() | {f"column-{each}" for each in columns}
    assert messages(language) == needed


def test_the_languages_are_those_that_are_promised() -> None:
    assert languages() >= {"vi", "en"}


@pytest.mark.parametrize("language", sorted(languages()))
def test_agenda_and_minutes_are_archival_pdf_in_every_language(language: str) -> None:
    for pdf in (render_agenda(example.agenda(language)), render_minutes(example.minutes(language))):
        with pikepdf.open(BytesIO(pdf)) as opened:
            assert str(opened.Root.Lang) == language
            metadata = opened.open_metadata()
            assert (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) == ("2", "U")
            assert opened.Root.MarkInfo.Marked


@pytest.mark.needs("pdftotext")
def test_the_agenda_says_what_was_convened(agenda: AgendaData, tmp_path: Path) -> None:
    text = text_of(render_agenda(agenda), tmp_path)
    for expected in (
        "HỘI ĐỒNG ĐIỀU PHỐI VÙNG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: 15/CTr-HĐĐP",
        "Hà Nội, ngày 21 tháng 11 năm 2026",
        "CHƯƠNG TRÌNH HỌP",
        "08 giờ 00 – 11 giờ 30, ngày 24 tháng 11 năm 2026",
        "Quyết định phân bổ kinh phí dự phòng",
        "Tờ trình về kinh phí · 6 trang",
        agenda.items[1].papers[0].sha256[:8],
        "Tổng thời lượng dự kiến: 55 phút",
        "Đặng Thuỳ Dương",
        "Quan sát viên",
        "Trang 1/",
    ):
        assert expected in text


@pytest.mark.needs("pdftotext")
def test_the_minutes_say_what_happened(minutes_pdf: bytes, tmp_path: Path) -> None:
    text = text_of(minutes_pdf, tmp_path)
    for expected in (
        "BIÊN BẢN",
        "Có mặt 2/4; vắng có lý do 1; vắng không lý do 1.",
        "08:00 – đến hết",
        "2. Phân bổ kinh phí",
        "Phương án trước",
        "bị hủy lúc 9:12",
        "Được thông qua",
        "3·2 = 6 > 5: được thông qua.",
        "Phương án B",
        "Kết luận: đã quyết định",
        "THƯ KÝ",
        "CHỦ TRÌ",
    ):
        assert expected in text


@pytest.mark.needs("pdftotext")
def test_english_papers_bear_no_foreign_motto(tmp_path: Path) -> None:
    text = text_of(render_agenda(example.agenda("en")), tmp_path)
    assert "CỘNG HÒA" not in text
    assert "08:00 – 11:30, November 24, 2026" in text
    assert "1 page" in text
    assert "6 pages" in text


def test_an_unknown_language_falls_back_and_a_regional_one_to_its_own() -> None:
    assert Texts("xx", "UTC").language == "en"
    assert Texts("vi-VN", "UTC").language == "vi"
    assert Texts("vi_VN", "UTC").language == "vi"


def test_a_missing_text_is_an_error() -> None:
    say = Texts("vi", "UTC")
    with pytest.raises(RenderFailed):
        say("no-such-text")
    with pytest.raises(RenderFailed):
        say("reference")


def test_meetings_over_midnight_name_both_days() -> None:
    say = Texts("en", "UTC")
    span = say.span(datetime(2026, 1, 5, 23, 0, tzinfo=UTC), datetime(2026, 1, 6, 1, 0, tzinfo=UTC))
    assert span == "23:00, January 5, 2026 – 01:00, January 6, 2026"
    assert Texts("vi", "UTC").date(datetime(2026, 1, 5, tzinfo=UTC)) == "ngày 05 tháng 01 năm 2026"


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_user_text_is_printed_and_never_run(hostile: str, tmp_path: Path) -> None:
    for pdf in (render_agenda(example.agenda(title=hostile)), render_minutes(example.minutes(text=hostile))):
        text = text_of(pdf, tmp_path)
        if hostile.isascii() and "\x00" not in hostile:
            assert "".join(hostile.split()) in "".join(text.split())


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_laid_out(text: str) -> None:
    assert render_agenda(example.agenda(title=text)).startswith(b"%PDF-")


def test_a_place_for_each_signer_becomes_a_field_on_the_last_page(minutes: MinutesData, minutes_pdf: bytes) -> None:
    with pikepdf.open(BytesIO(minutes_pdf)) as pdf:
        fields = {str(field.T): field for field in pdf.Root.AcroForm.Fields.as_list()}
        last_page = pdf.pages[-1]
        assert set(fields) == {"secretary", "chair"}
        boxes = {name: [float(each) for each in field.Rect.as_list()] for name, field in fields.items()}
        assert all(field.P.objgen == last_page.obj.objgen for field in fields.values())
    assert [place.name for place in signature_places(minutes_layout(minutes))] == ["secretary", "chair"]
    for left, bottom, right, top in boxes.values():
        assert right - left == pytest.approx(176, abs=2)
        assert top - bottom == pytest.approx(71, abs=2)
        assert 0 < bottom < top < 842
    assert boxes["secretary"][2] <= boxes["chair"][0]


def test_the_same_minutes_give_the_same_layout_of_places(minutes: MinutesData) -> None:
    first = signature_places(minutes_layout(minutes))
    assert first == signature_places(minutes_layout(minutes))


@pytest.mark.needs("pdftotext")
def test_labels_are_marked_on_the_paper(tmp_path: Path) -> None:
    assert "TUYỆT MẬT" in text_of(render_agenda(example.agenda(label=Label.TOP_SECRET)), tmp_path)
    assert agenda_layout(example.agenda(label=Label.PUBLIC))["marked"] is False
    assert agenda_layout(example.agenda(label=Label.CONFIDENTIAL))["classified"] is True


def test_the_fonts_and_their_licences_are_there() -> None:
    names = {path.name for path in FONTS.iterdir()}
    assert {"BeVietnamPro-Regular.ttf", "OFL-BeVietnamPro.txt", "NotoSansArabic-Regular.ttf"} <= names


def test_every_letter_of_vietnamese_and_common_signs_can_be_printed() -> None:
    letters = "ăâđêôơư" + "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
    assert {
        each for each in letters + letters.upper() + "–—“”·×≥²αΩЖمرحبا" + REPLACEMENT if ord(each) not in covered()
    } == set()


def test_what_cannot_be_printed_is_replaced_or_left_out() -> None:
    assert printable("Họp 😀 a\x00b\u202ec\u2028d\u3000e") == "Họp \ufffd abc\nd e"
    assert printable("Hô\u0323p") == "Hộp"
    assert printable("\ud800") == REPLACEMENT
