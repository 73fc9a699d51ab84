"""The log on its way out: as events for security monitoring, as messages, or with proof for an outsider."""

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import IO

from sqlalchemy import Connection

from auth.audit.entry import LoggedEntry
from auth.audit.note import Checkpoint
from auth.audit.ocsf import Product, Told, event
from auth.audit.proof import checkpoint_at, continued, proved
from auth.audit.query import entries_at, session_sources
from auth.audit.syslog import message
from signaling.projection.officer import OfficerView

CHUNK = 500


class ExportFormat(StrEnum):
    OCSF = "ocsf"
    SYSLOG = "syslog"
    PROOF = "proof"


def _ocsf(told: Told, product: Product) -> str:
    return json.dumps(event(told, product), ensure_ascii=False, separators=(",", ":"))


LINES: Mapping[ExportFormat, Callable[[Told, Product], str]] = {ExportFormat.OCSF: _ocsf, ExportFormat.SYSLOG: message}


def lines(conn: Connection, indexes: Sequence[int], form: ExportFormat, product: Product) -> bytes:
    """Return entries as lines of a format, without what officers are not cleared for."""
    entries = entries_at(conn, indexes)
    return b"".join((LINES[form](told, product) + "\n").encode() for told in tell(conn, entries))


def tell(conn: Connection, entries: Sequence[LoggedEntry]) -> Iterable[Told]:
    """Yield entries with the names and details that may leave."""
    view = OfficerView(conn)
    view.load(one.entry for one in entries)
    sources = session_sources(conn, {one.entry.session for one in entries if one.entry.session})
    for one in entries:
        made = one.entry
        details = view.details(made)
        own = details.get("address") or details.get("source")
        yield Told(
            index=one.index,
            entry=made,
            details=details,
            actor_name=view.person(made.actor),
            object_name=view.named(made.object_type, made.object_id).name,
            address=str(own) if own else sources.get(made.session or ""),
        )


@dataclass(frozen=True, slots=True)
class Signed:
    """The checkpoint to which proofs lead, as its note, and the key that signed it.

    ``kept`` is the size of a checkpoint that the receiver keeps, None if the export is to be compared with this one.
    """

    checkpoint: Checkpoint
    note: str
    vkey: str
    kept: int | None = None


def write_proof(conn: Connection, indexes: Sequence[int], signed: Signed, out: IO[bytes]) -> None:
    """Write a ZIP with which an outsider verifies these entries. Raises ProofTooLong, ProofInvalid, LogAltered."""
    view = OfficerView(conn)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        with bundle.open("entries.jsonl", "w", force_zip64=True) as rows:
            for start in range(0, len(indexes), CHUNK):
                part = indexes[start : start + CHUNK]
                view.load(one.entry for one in entries_at(conn, part))
                for line in proved(conn, part, signed.checkpoint, view.may_tell):
                    rows.write(line.encode())
        bundle.writestr("checkpoint.txt", signed.note)
        if signed.kept is not None and 0 < signed.kept < signed.checkpoint.size:
            kept = checkpoint_at(conn, signed.kept, signed.checkpoint.origin)
            bundle.writestr("consistency.json", json.dumps(continued(conn, [kept], signed.checkpoint)) + "\n")
        bundle.writestr("vkey.txt", signed.vkey + "\n")
        bundle.writestr("verifier.py", _verifier())
        bundle.writestr("HOW-TO-VERIFY.txt", HOW_TO.format(count=len(indexes), size=signed.checkpoint.size))


def _verifier() -> str:
    return (files("auth.audit") / "verifier.py").read_text("utf-8")


HOW_TO = """\
How to verify these {count} entries of an audit log of {size}
========================================================

You need Python 3.11 or later and nothing else:

    python verifier.py entries.jsonl checkpoint.txt vkey.txt

VERIFIED means: each entry in entries.jsonl stands, at the place that is written with it, in the log that the
checkpoint signs (RFC 6962 audit paths, Ed25519 signature).

If you keep an older checkpoint, name that file instead of checkpoint.txt. The archive must then have been made for it
(the officer enters the size that stands in its second line); it holds the proof that the log only grew since.

It is worth as much as the checkpoint and the key. Take both from where they were kept before the dispute: from a
site's relay, from another machine, from paper. The copies in this archive come from the same hand as the entries, and
alone they prove only that the archive fits together.

What it does not prove: that no other entry would belong here. An archive of a search holds what the search found.
Whoever must show that nothing is missing exports the whole log (docs/verify.md) and verifies that.

"details": null means that the details of an entry were erased by rule, or that the person who made this archive is not
cleared for them. The entry itself is proved all the same; its commitment binds the details to it.
"""
