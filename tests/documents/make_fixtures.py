"""Makes the PDFs of the tests, the hostile ones included: ``python -m tests.documents.make_fixtures FOLDER``.

The tests call these functions and keep nothing on disk; the command writes them out for a look with other tools.
"""

import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

MARK = "FORBIDDEN-PAYLOAD"  # what must not survive the rewriting carries this
SHOWN = "shown-content"


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    output = BytesIO()
    pdf.save(output, **{"compress_streams": False, **options})  # type: ignore[arg-type]
    return output.getvalue()


def page_content(text: str) -> bytes:
    return f"BT /F1 12 Tf 40 700 Td ({text}) Tj ET".encode()


def blank(pages: int = 1) -> pikepdf.Pdf:
    """Pages with a line of text in a standard font."""
    pdf = pikepdf.new()
    for number in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj[Name.Resources] = Dictionary(
            Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        )
        page.obj[Name.Contents] = pdf.make_stream(page_content(f"{SHOWN} {number}"))
    return pdf


def plain(pages: int = 1) -> bytes:
    return saved(blank(pages))


def text_named_pdf() -> bytes:
    return b"This is a text and no PDF.\n" * 10


def truncated() -> bytes:
    return plain(3)[:-300]


def encrypted(user_password: str = "secret") -> bytes:
    return saved(blank(), encryption=pikepdf.Encryption(owner="owner", user=user_password))


def encrypted_without_password() -> bytes:
    """Opens without asking, but forbids printing."""
    return encrypted("")


def with_javascript() -> bytes:
    """Scripts wherever a PDF may hold one."""
    pdf = blank()
    script = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{MARK}')"))
    pdf.Root[Name.OpenAction] = script
    pdf.Root[Name.AA] = Dictionary(WC=script)
    pdf.Root[Name.Names] = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), pdf.make_indirect(script)])))
    pdf.pages[0].obj[Name.AA] = Dictionary(O=script)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=script)
    chained = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 9, 9]),
        A=Dictionary(S=Name.GoTo, D=Array([pdf.pages[0].obj, Name.Fit]), Next=script),
    )
    outside = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=Dictionary(S=Name.URI, URI=String(MARK))
    )
    pdf.pages[0].obj[Name.Annots] = Array([pdf.make_indirect(each) for each in (link, chained, outside)])
    item = pdf.make_indirect(Dictionary(Title=String("Chapter"), A=script))
    outlines = pdf.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))
    item[Name.Parent] = outlines
    pdf.Root[Name.Outlines] = outlines
    return saved(pdf)


def with_attachment() -> bytes:
    pdf = blank()
    pdf.attachments["macro.exe"] = pikepdf.AttachedFileSpec(
        pdf,
        MARK.encode(),
        description="",
        filename="macro.exe",
        mime_type="application/x-msdownload",
        creation_date="",
        mod_date="",
    )
    spec = pdf.attachments["macro.exe"].obj
    pdf.Root[Name("/AF")] = Array([spec])
    pin = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=spec)
    pdf.pages[0].obj[Name.Annots] = Array([pdf.make_indirect(pin)])
    return saved(pdf)


def with_form() -> bytes:
    """A field whose appearance is part of what the reader sees, under an XFA packet and a calculating script."""
    pdf = blank()
    shown = pdf.make_stream(b"BT /F1 10 Tf 2 2 Td (field-value) Tj ET")
    shown[Name.Type], shown[Name.Subtype] = Name.XObject, Name.Form
    shown[Name.BBox] = Array([0, 0, 100, 20])
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("amount"),
            V=String("field-value"),
            Rect=Array([50, 50, 150, 70]),
            F=4,
            AP=Dictionary(N=shown),
            AA=Dictionary(C=Dictionary(S=Name.JavaScript, JS=String(MARK))),
        )
    )
    pdf.pages[0].obj[Name.Annots] = Array([field])
    pdf.Root[Name.AcroForm] = Dictionary(Fields=Array([field]), XFA=pdf.make_stream(f"<xdp>{MARK}</xdp>".encode()))
    return saved(pdf)


def with_hidden_layer() -> bytes:
    """Two layers in one page and one in a form: the hidden ones can be switched on by any reader."""
    pdf = blank()
    hidden = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("secret")))
    visible = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("open")))
    either = pdf.make_indirect(Dictionary(Type=Name.OCMD, OCGs=Array([hidden]), P=Name.AllOn))
    negated = pdf.make_indirect(Dictionary(Type=Name.OCMD, VE=Array([Name.And, Array([Name.Not, hidden]), visible])))
    pdf.Root[Name.OCProperties] = Dictionary(OCGs=Array([hidden, visible]), D=Dictionary(OFF=Array([hidden])))
    form = pdf.make_stream(page_content(MARK + "-form"))
    form[Name.Type], form[Name.Subtype], form[Name.OC] = Name.XObject, Name.Form, hidden
    form[Name.BBox] = Array([0, 0, 595, 842])
    page = pdf.pages[0].obj
    page[Name.Resources][Name.XObject] = Dictionary(Fm0=form)
    page[Name.Resources][Name.Properties] = Dictionary(H=hidden, V=visible, E=either, N=negated)
    parts = [
        b"/OC /H BDC /Span <<>> BDC " + page_content(MARK) + b" EMC EMC",
        b"/OC /V BDC " + page_content("layer-visible") + b" EMC",
        b"/OC /E BDC " + page_content(MARK + "-member") + b" EMC",
        b"/OC /N BDC " + page_content("layer-negated") + b" EMC",
        b"/Fm0 Do",
        page_content(SHOWN),
    ]
    page[Name.Contents] = pdf.make_stream(b"\n".join(parts))
    return saved(pdf)


def with_metadata() -> bytes:
    pdf = blank()
    pdf.docinfo[Name.Author] = MARK
    pdf.Root[Name.Metadata] = pdf.make_stream(f"<x>{MARK}</x>".encode())
    pdf.pages[0].obj[Name.PieceInfo] = Dictionary(App=Dictionary(Private=String(MARK)))
    return saved(pdf)


def with_old_revision() -> bytes:
    """The first revision says what the second one takes back; any editor can undo that."""
    first = saved(blank_saying(MARK))
    body = page_content(SHOWN)
    stream = b"<</Length %d>>\nstream\n%s\nendstream" % (len(body), body)
    return append_revision(first, contents_number(first), stream)


def blank_saying(text: str) -> pikepdf.Pdf:
    pdf = blank()
    pdf.pages[0].obj[Name.Contents] = pdf.make_stream(page_content(text))
    return pdf


def contents_number(data: bytes, page: int = 0) -> int:
    """The object number of a page's content stream."""
    with pikepdf.open(BytesIO(data)) as pdf:
        contents = pdf.pages[page].obj[Name.Contents]
        if isinstance(contents, Array):
            contents = contents[0]
        return contents.objgen[0]


def append_revision(data: bytes, number: int, body: bytes) -> bytes:
    """An incremental update by hand that replaces one object; what any editor, or attacker, can append."""
    with pikepdf.open(BytesIO(data)) as pdf:
        root, size = pdf.Root.objgen[0], int(pdf.trailer[Name.Size])
    previous = int(data[data.rindex(b"startxref") + 9 :].split()[0])
    start = len(data) + 1
    update = b"\n%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d /Root %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        number,
        start,
        size,
        root,
        previous,
        len(data) + len(update),
    )
    return data + update + table


def bomb(unpacked: int = 300_000_000) -> bytes:
    """A small file with one stream of zeros."""
    pdf = blank()
    packed = zlib.compress(b"\0" * unpacked, 9)
    pdf.pages[0].obj[Name.Contents] = Stream(pdf, packed, Filter=Name.FlateDecode)
    return saved(pdf)


def many_bombs(streams: int = 10, unpacked: int = 60_000_000) -> bytes:
    """No stream is large by itself, all together are."""
    pdf = blank()
    packed = zlib.compress(b"\0" * unpacked, 9)
    pdf.Root[Name("/Many")] = Array(
        [pdf.make_indirect(Stream(pdf, packed, Filter=Name.FlateDecode)) for _ in range(streams)]
    )
    return saved(pdf)


def pixel_bomb() -> bytes:
    pdf = blank()
    image = Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Image, Width=60_000, Height=60_000, BitsPerComponent=1)
    image[Name.ColorSpace], image[Name.Filter] = Name.DeviceGray, Name.CCITTFaxDecode
    pdf.pages[0].obj[Name.Resources][Name.XObject] = Dictionary(Im0=image)
    return saved(pdf)


def deeply_nested(depth: int = 400) -> bytes:
    pdf = blank()
    inner: pikepdf.Object = Array([])
    for _ in range(depth):
        inner = Array([inner])
    pdf.pages[0].obj[Name.Resources][Name("/Deep")] = inner
    return saved(pdf)


HOSTILE: dict[str, Callable[[], bytes]] = {
    each.__name__: each
    for each in (
        text_named_pdf,
        truncated,
        encrypted,
        encrypted_without_password,
        with_javascript,
        with_attachment,
        with_form,
        with_hidden_layer,
        with_metadata,
        with_old_revision,
        bomb,
        many_bombs,
        pixel_bomb,
        deeply_nested,
    )
}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in HOSTILE.items():
        (folder / f"{name}.pdf").write_bytes(make())


if __name__ == "__main__":
    main()
