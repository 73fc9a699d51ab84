"""Request bodies in pieces of any size, with limits that hold at the byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.errors import UploadError, UploadMalformed, UploadTooLarge
from documents.upload import MAX_FIELD_BYTES, MAX_FIELDS, Upload, UploadParser, display_name

BOUNDARY = "----boundary7"
CONTENT_TYPE = f'multipart/form-data; boundary="{BOUNDARY}"'


def part(disposition: str, content: bytes) -> bytes:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + content + b"\r\n"


def file_part(name: str = "a.pdf", content: bytes = b"%PDF-") -> bytes:
    return part(f'name="file"; filename="{name}"', content)


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def parse(data: bytes, max_bytes: int = 1_000_000, step: int = 4096) -> Upload:
    parser = UploadParser(CONTENT_TYPE, max_bytes)
    for start in range(0, len(data), step):
        parser.feed(data[start : start + step])
    return parser.finish()


def test_a_file_and_its_fields_come_out() -> None:
    upload = parse(body(part('name="title"', "Tờ trình".encode()), file_part("Tờ trình số 1.pdf", b"%PDF-1.7")))
    assert upload == Upload({"title": "Tờ trình"}, "Tờ trình số 1.pdf", b"%PDF-1.7")


@given(st.binary(max_size=3000), st.text(max_size=200), st.integers(min_value=1, max_value=700))
def test_any_content_survives_in_pieces_of_any_size(content: bytes, title: str, step: int) -> None:
    if BOUNDARY.encode() in content or BOUNDARY in title:
        return
    upload = parse(body(part('name="title"', title.encode()), file_part(content=content)), step=step)
    assert upload.data == content
    assert upload.fields == {"title": title}


@given(st.binary(max_size=2000), st.integers(min_value=1, max_value=100))
def test_any_body_is_an_upload_or_an_upload_error(data: bytes, step: int) -> None:
    with pytest.raises(UploadError):
        parse(data, step=step)


@given(st.integers(min_value=0, max_value=400), st.binary(max_size=9))
def test_damage_anywhere_never_escapes_as_another_error(position: int, noise: bytes) -> None:
    data = body(part('name="title"', b"x"), file_part(content=b"y" * 100))
    try:
        parse(data[:position] + noise + data[position + len(noise) :], step=17)
    except UploadError:
        return


def test_what_follows_the_end_is_ignored() -> None:
    """RFC 2046 §5.1.1: the epilogue is to be ignored."""
    assert parse(body(file_part()) + b"epilogue", step=7).data == b"%PDF-"


def test_the_limit_holds_at_the_byte() -> None:
    assert len(parse(body(file_part(content=b"x" * 1000)), max_bytes=1000).data) == 1000
    parser = UploadParser(CONTENT_TYPE, 1000)
    parser.feed(file_part(content=b"x" * 1000)[:-2])
    with pytest.raises(UploadTooLarge):
        parser.feed(b"xxxxxxxx")


def test_a_body_of_endless_headers_or_preamble_is_stopped() -> None:
    parser = UploadParser(CONTENT_TYPE, 1000)
    with pytest.raises(UploadError):
        for _ in range(100_000):
            parser.feed(b"\r\n" * 50)


def test_fields_are_short_and_few() -> None:
    with pytest.raises(UploadTooLarge):
        parse(body(part('name="title"', b"x" * (MAX_FIELD_BYTES + 1)), file_part()))
    with pytest.raises(UploadMalformed):
        parse(body(*(part(f'name="f{number}"', b"") for number in range(MAX_FIELDS + 1)), file_part()))
    with pytest.raises(UploadMalformed):
        parse(body(part('name="title"', b"1"), part('name="title"', b"2"), file_part()))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        body(),
        body(part('name="title"', b"x")),
        body(file_part(), file_part("b.pdf")),
        file_part(),
        body(file_part())[:-8],
        body(part('filename="a.pdf"', b"x")),
        body(part('name="title"', b"\xff\xfe"), file_part()),
        body(f"--{BOUNDARY}\r\nContent-Type: text/plain\r\n\r\nx\r\n".encode(), file_part()),
    ],
)
def test_anything_but_one_complete_file_is_malformed(data: bytes) -> None:
    with pytest.raises(UploadMalformed):
        parse(data)


@pytest.mark.parametrize(
    "content_type",
    ["", "application/pdf", "multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=x",
     f"multipart/form-data; boundary={'x' * 71}", "multipart/form-data; boundary=ộ"],
)  # fmt: skip
def test_another_content_type_is_refused(content_type: str) -> None:
    with pytest.raises(UploadMalformed):
        UploadParser(content_type, 1000)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\An\\báo cáo.pdf", "báo cáo.pdf"),
        ("a\x00b\x1b[31m.pdf", "ab[31m.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("  two   spaces .pdf ", "two spaces .pdf"),
        ("..", "-"),
        ("", "-"),
        ("a\u0301.pdf", "á.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
        ("x" * 300, "x" * 200),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_file_names_are_harmless_text(given_name: str, shown: str) -> None:
    assert display_name(given_name) == shown


@given(st.text(max_size=500))
def test_no_name_becomes_a_path_or_hides_something(name: str) -> None:
    shown = display_name(name)
    assert 1 <= len(shown) <= 200
    assert not set(shown) & set("/\\\x00\r\n\u202e\u200b")
    assert shown not in (".", "..")
