"""The directory as a CSV file (RFC 4180): reading what spreadsheets write, and writing what they cannot execute."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from auth.account_search import folded
from auth.errors import ImportInvalid

MAX_ROWS = 20_000
DELIMITERS = (",", ";", "\t")
# What spreadsheets take for a formula at the start of a cell (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where a cell starts: also after what the spreadsheets of other languages take for the end of the one before.
_START = re.compile(rf"(^|[;,\t\r\n]\"*)('*)(?=[{re.escape(''.join(FORMULA))}])")


class Column(StrEnum):
    """The columns, by the names under which the directory is exported."""

    USERNAME = "username"
    NAME = "name"
    TITLE = "title"
    EMAIL = "email"
    UNIT = "unit"
    SITE = "site"
    ROLES = "roles"
    CLEARANCE = "clearance"
    LOCALE = "locale"
    STATE = "state"  # exported for the reader; an import never disables anybody


REQUIRED = (Column.USERNAME, Column.NAME)
# Without case, marks and signs; the columns' own names are understood too.
ALIASES: Mapping[str, Column] = {
    **{column.value: column for column in Column},
    "user name": Column.USERNAME,
    "login": Column.USERNAME,
    "account": Column.USERNAME,
    "ten dang nhap": Column.USERNAME,
    "tai khoan": Column.USERNAME,
    "full name": Column.NAME,
    "ho ten": Column.NAME,
    "ho va ten": Column.NAME,
    "position": Column.TITLE,
    "chuc danh": Column.TITLE,
    "chuc vu": Column.TITLE,
    "e mail": Column.EMAIL,
    "mail": Column.EMAIL,
    "thu dien tu": Column.EMAIL,
    "department": Column.UNIT,
    "don vi": Column.UNIT,
    "phong ban": Column.UNIT,
    "location": Column.SITE,
    "diem cau": Column.SITE,
    "dia diem": Column.SITE,
    "role": Column.ROLES,
    "vai tro": Column.ROLES,
    "label": Column.CLEARANCE,
    "do mat": Column.CLEARANCE,
    "muc do mat": Column.CLEARANCE,
    "cap do tiep can": Column.CLEARANCE,
    "language": Column.LOCALE,
    "ngon ngu": Column.LOCALE,
    "status": Column.STATE,
    "trang thai": Column.STATE,
}


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One record; ``number`` is its row as a spreadsheet counts (the header is row 1)."""

    number: int
    cells: Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class CsvDirectory:
    """A file that could be read. ``ignored`` are headers that mean nothing here."""

    rows: tuple[CsvRow, ...]
    ignored: tuple[str, ...]


def read_csv(data: bytes) -> CsvDirectory:
    """Read a file: UTF-8 with or without byte order mark, cells separated by comma, semicolon or tab.

    Raises ImportInvalid with ``not_utf8``, ``empty``, ``broken``, ``too_many_rows``, ``column_twice``,
    ``username_missing`` or ``name_missing``.
    """
    text = _text(data)
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count), strict=True)
    records = _records(reader)
    if not records:
        raise ImportInvalid("empty")
    (number, header), *body = records
    columns = [ALIASES.get(_header(cell)) for cell in header]
    _check_columns(columns, number)
    ignored = tuple(
        cell.strip() for cell, column in zip(header, columns, strict=True) if column is None and cell.strip()
    )
    rows = tuple(
        CsvRow(row, {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column is not None})
        for row, cells in body
    )
    return CsvDirectory(rows, ignored)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportInvalid("not_utf8", data[: error.start].count(b"\n") + 1) from error
    if "\0" in text:
        raise ImportInvalid("not_utf8", text[: text.index("\0")].count("\n") + 1)
    return text


def _records(reader: Iterable[list[str]]) -> list[tuple[int, list[str]]]:
    """Return the records that are not blank, with their rows."""
    records: list[tuple[int, list[str]]] = []
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                records.append((number, cells))
            if len(records) > MAX_ROWS + 1:
                raise ImportInvalid("too_many_rows", number)
    except csv.Error as error:
        raise ImportInvalid("broken", number + 1) from error
    return records


def _header(cell: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", folded(cell)).strip()


def _check_columns(columns: Sequence[Column | None], row: int) -> None:
    known = [column for column in columns if column is not None]
    if len(set(known)) < len(known):
        raise ImportInvalid("column_twice", row)
    for column in REQUIRED:
        if column not in known:
            raise ImportInvalid(f"{column.value}_missing", row)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a file that every spreadsheet opens rightly: UTF-8 with byte order mark, CRLF, and no formula in it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet executes: what looks like a formula gets an apostrophe before it."""
    return _START.sub(r"\1'\2", cell)


def unguarded(cell: str) -> str:
    """Return the text that ``guarded`` was given."""
    return _START.sub(lambda found: found[1] + found[2][1:], cell)
