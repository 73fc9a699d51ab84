#!/usr/bin/env python3
"""Verify an exported audit log offline, with nothing but Python's standard library.

    python verifier.py export.jsonl checkpoint.txt 'origin+keyid+key'

``export.jsonl``   the log as JSON Lines, or single entries of it that carry their proofs
``checkpoint.txt`` signed checkpoints that were kept **elsewhere** (by a witness, on paper, on another machine)
``vkey``           the log's public key, or a file that holds it

It shows that the export is the very log that was signed: RFC 6962 hashes, c2sp.org/tlog-checkpoint in a
c2sp.org/signed-note, Ed25519 (RFC 8032 §5.1.7). It shares no code with the program that wrote the log.
Exit status: 0 verified, 1 not, 2 usage.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path


class Refused(Exception):
    """The log is not what was signed, or cannot be checked."""


# --- Ed25519, RFC 8032 §5.1 -------------------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)

Point = tuple[int, int, int, int]  # extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z


def _add(p: Point, q: Point) -> Point:
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _multiply(scalar: int, point: Point) -> Point:
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _decompress(encoded: bytes) -> Point:
    """RFC 8032 §5.1.3; refuses what is not the one encoding of a point."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    x_squared = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x_squared, (P + 3) // 8, P)
    if x * x % P != x_squared:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or x * x % P != x_squared or (x == 0 and sign):
        raise Refused("a key or signature is not a point of the curve")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _same(p: Point, q: Point) -> bool:
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


BASE = _decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519_verify(key: bytes, signature: bytes, message: bytes) -> None:
    """RFC 8032 §5.1.7. Raises Refused."""
    if len(key) != 32 or len(signature) != 64:
        raise Refused("a key or signature has a wrong length")
    a, r = _decompress(key), _decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if s >= ORDER:
        raise Refused("the signature is malformed")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    if not _same(_multiply(s, BASE), _add(r, _multiply(k, a))):
        raise Refused("the signature is wrong")


# --- signed notes and checkpoints -------------------------------------------------------------------------------------


def read_vkey(text: str) -> tuple[str, bytes, bytes]:
    """Return name, key id and key."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise Refused("the verifier key does not have the form name+keyid+key")
    key = base64.b64decode(parts[2], validate=True)
    key_id = hashlib.sha256(parts[0].encode() + b"\n" + key).digest()[:4]
    if len(key) != 33 or key[0] != 1 or key_id.hex() != parts[1]:
        raise Refused("the verifier key is not an Ed25519 key with its id")
    return parts[0], key_id, key[1:]


class Checkpoints:
    """What was signed: sizes with their roots, and where the operator declared that an older database was put back."""

    def __init__(self) -> None:
        self.signed: list[tuple[int, bytes]] = []
        self.restores: set[int] = set()

    def add(self, size: int, root: bytes) -> None:
        self.signed.append((size, root))

    def restore(self, size: int, declaration: str) -> None:
        """Leave out what was given up by a declared restore, and say so."""
        _, abandoned, _, *time = declaration.split(" ")
        when = f" ({time[0]})" if time else ""
        lost = max([int(abandoned), *(earlier for earlier, _ in self.signed)]) - 1
        given_up = f"the entries {size} to {lost}, once signed, are lost" if lost >= size else "no signed entry is lost"
        sys.stdout.write(f"NOTE: an older database was put back at entry {size}{when}: {given_up}\n")
        self.signed = [earlier for earlier in self.signed if earlier[0] <= size]
        self.restores = {earlier for earlier in self.restores if earlier < size} | {size}


def read_checkpoints(text: str, vkey: str) -> Checkpoints:
    """Return all checkpoints after verifying all signatures."""
    name, key_id, key = read_vkey(vkey)
    parts = text.rstrip("\n").split("\n\n")
    if len(parts) % 2:
        raise Refused("the checkpoint file ends in the middle of a note")
    found = Checkpoints()
    for body, signatures in zip(parts[::2], parts[1::2], strict=True):
        _verify_note(body + "\n", signatures, name, key_id, key)
        origin, size, root, *extensions = body.split("\n")
        if origin != name:
            raise Refused(f"the checkpoint is of another log: {origin}")
        for declaration in extensions:
            if declaration.startswith("restored "):
                found.restore(int(size), declaration)
        found.add(int(size), base64.b64decode(root, validate=True))
    return found


def _verify_note(body: str, signatures: str, name: str, key_id: bytes, key: bytes) -> None:
    for line in signatures.split("\n"):
        dash, signer, encoded = line.split(" ")
        signature = base64.b64decode(encoded, validate=True)
        if dash == "—" and signer == name and signature[:4] == key_id:
            ed25519_verify(key, signature[4:], body.encode())
            return
    raise Refused(f"a checkpoint is not signed by {name}")


# --- the log ----------------------------------------------------------------------------------------------------------


class Tree:
    """Roots of the perfect subtrees of the entries so far, RFC 6962 §2.1."""

    def __init__(self) -> None:
        self.size = 0
        self.subtrees: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        node, rest = hashlib.sha256(b"\0" + leaf).digest(), self.size
        while rest & 1:
            node = hashlib.sha256(b"\1" + self.subtrees.pop() + node).digest()
            rest >>= 1
        self.subtrees.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self.subtrees:
            return hashlib.sha256(b"").digest()
        node = self.subtrees[-1]
        for left in self.subtrees[-2::-1]:
            node = hashlib.sha256(b"\1" + left + node).digest()
        return node


def verify_export(lines: Iterable[str], checkpoints: Checkpoints) -> tuple[int, int]:
    """Compare an export with checkpoints; return how many entries are proved and how many follow unproved.

    Raises Refused, naming the entry.
    """
    expected = dict(checkpoints.signed)
    if len(expected) != len(set(checkpoints.signed)):
        raise Refused("two checkpoints of one size differ: the log was forked")
    signed_size = max(expected)
    tree, agreed, recorded = Tree(), 0, set[int]()
    _compare(tree, expected, agreed, recorded)
    for line in lines:
        leaf = _leaf(line, tree.size)
        if json.loads(leaf)["action"] == "system.restore":
            recorded.add(tree.size)
        tree.append(leaf)
        agreed = _compare(tree, expected, agreed, recorded)
    if tree.size < signed_size:
        found = f"the export ends at entry {tree.size}, but {signed_size} entries were signed"
        raise Refused(found + _recorded_since(recorded, agreed))
    for entry in sorted(checkpoints.restores - recorded):
        raise Refused(f"a restore was signed before entry {entry}, but that entry does not record it")
    for entry in sorted(recorded - checkpoints.restores):
        sys.stdout.write(f"NOTE: entry {entry} records that a backup was restored; these checkpoints are older\n")
    return signed_size, tree.size - signed_size


def verify_rows(lines: Iterable[str], size: int, root: bytes) -> int:
    """Check that every row, by its audit path (RFC 9162 §2.1.3.2), stands at its place in the log with this root.

    Returns how many rows there are. Raises Refused, naming the entry.
    """
    count = 0
    for line in lines:
        row = json.loads(line)
        path = [bytes.fromhex(node) for node in row["proof"]]
        _follow(_leaf(line, row["index"]), row["index"], size, path, root)
        count += 1
    return count


def _bundled(folder: Path, vkey: str, kept_size: int, kept_root: bytes) -> tuple[int, bytes]:
    """Return the checkpoint to which the proofs beside an export lead, once it continues the one that was kept.

    RFC 9162 §2.1.4.2. Raises Refused.
    """
    size, root = max(read_checkpoints((folder / "checkpoint.txt").read_text(encoding="utf-8"), vkey).signed)
    if (kept_size, kept_root) == (size, root):
        return size, root
    known = json.loads((folder / "consistency.json").read_text(encoding="utf-8"))
    if str(kept_size) not in known:
        raise Refused(f"there is no proof from the kept checkpoint ({kept_size} entries) to this export's ({size})")
    path = [bytes.fromhex(node) for node in known[str(kept_size)]]
    _continue(kept_size, kept_root, size, root, path)
    return size, root


def _continue(old: int, old_root: bytes, size: int, root: bytes, path: list[bytes]) -> None:
    if old & (old - 1) == 0:
        path = [old_root, *path]
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0] if path else b""
    for sibling in path[1:]:
        if not last:
            raise Refused(f"the proof that the log of {size} entries continues the one of {old} is too long")
        if place & 1 or place == last:
            first, second = _inner(sibling, first), _inner(sibling, second)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            second = _inner(second, sibling)
        place, last = place >> 1, last >> 1
    if not 0 < old < size or last or (first, second) != (old_root, root):
        raise Refused(f"the log of {size} entries does not continue the kept one of {old}")


def _inner(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def _follow(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> None:
    node, place, last = hashlib.sha256(b"\0" + leaf).digest(), index, size - 1
    for sibling in path:
        if not last:
            raise Refused(f"the proof of entry {index} is too long")
        if place & 1 or place == last:
            node = _inner(sibling, node)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            node = _inner(node, sibling)
        place, last = place >> 1, last >> 1
    if not 0 <= index < size or last or node != root:
        raise Refused(f"entry {index} does not stand in the log that was signed")


def _compare(tree: Tree, expected: dict[int, bytes], agreed: int, recorded: set[int]) -> int:
    if tree.size not in expected:
        return agreed
    if tree.root() != expected[tree.size]:
        found = f"the entries {agreed} to {tree.size - 1} are not those that were signed"
        raise Refused(found + _recorded_since(recorded, agreed))
    return tree.size


def _recorded_since(recorded: set[int], agreed: int) -> str:
    """Return where the log itself tells of a restore that these checkpoints do not know of."""
    since = ", ".join(str(entry) for entry in sorted(recorded) if entry >= agreed)
    where = f"; the log records a restored backup at entry {since}"
    return f"{where}: add the hub's own checkpoints after these" if since else ""


def _leaf(line: str, index: int) -> bytes:
    """Return the bytes of a leaf after checking its place and what it commits to."""
    row = json.loads(line)
    if row["index"] != index:
        raise Refused(f"entry {index} is missing")
    leaf: bytes = row["leaf"].encode()
    if row["details"] is not None:
        digest = hashlib.sha256(bytes.fromhex(row["salt"]) + row["details"].encode()).hexdigest()
        if digest != json.loads(leaf)["commitment"]:
            raise Refused(f"the details of entry {index} are not those that were logged")
    return leaf


def main(arguments: list[str]) -> int:
    if len(arguments) != 3:
        sys.stderr.write(str(__doc__))
        return 2
    export, checkpoint, vkey = arguments
    try:
        if "+" not in vkey:
            vkey = Path(vkey).read_text(encoding="utf-8")
        checkpoints = read_checkpoints(Path(checkpoint).read_text(encoding="utf-8"), vkey)
        with Path(export).open(encoding="utf-8") as lines:
            if '"proof": [' in lines.readline():
                lines.seek(0)
                size, root = _bundled(Path(export).parent, vkey, *max(checkpoints.signed))
                return _told_rows(verify_rows(lines, size, root))
            lines.seek(0)
            proved, unproved = verify_export(lines, checkpoints)
    except Refused as error:
        sys.stdout.write(f"NOT VERIFIED: {error}\n")
        return 1
    except (ValueError, KeyError, TypeError, OSError) as error:
        sys.stdout.write(f"NOT VERIFIED: cannot be read: {error!r}\n")
        return 1
    later = f"; {unproved} later entries are not covered" if unproved else ""
    sys.stdout.write(f"VERIFIED: {proved} entries{later}\n")
    return 0


def _told_rows(count: int) -> int:
    sys.stdout.write(f"VERIFIED: {count} entries stand in the log that was signed; others may be missing here\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
