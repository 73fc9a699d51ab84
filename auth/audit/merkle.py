"""The Merkle tree of RFC 6962 §2.1, as pure functions on hashes. Nothing here reads a clock, a file or a database.

A *node* ``(height, index)`` is the root of the perfect subtree over the 2**height leaves from ``index << height`` on.
Whoever keeps the tree gives a ``NodeReader``; proofs then need O(log n) nodes and never the whole log.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from auth.errors import ProofInvalid

NodeReader = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """RFC 6962 §2.1: the hash of one entry."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 §2.1: the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root of the tree over these leaf hashes."""
    if not leaf_hashes:
        return EMPTY_ROOT
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    split = _split(len(leaf_hashes))
    return node_hash(root(leaf_hashes[:split]), root(leaf_hashes[split:]))


@dataclass(frozen=True, slots=True)
class Frontier:
    """What must be remembered of a tree to append to it: the roots of its perfect subtrees, largest first."""

    size: int = 0
    nodes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> tuple["Frontier", list[bytes]]:
        """Return the frontier after one more leaf, and the roots that it completes: ``[leaf, height 1, …]``."""
        completed = [leaf]
        keep = len(self.nodes)
        rest = self.size
        while rest & 1:
            keep -= 1
            leaf = node_hash(self.nodes[keep], leaf)
            completed.append(leaf)
            rest >>= 1
        return Frontier(self.size + 1, (*self.nodes[:keep], leaf)), completed

    def root(self) -> bytes:
        if not self.nodes:
            return EMPTY_ROOT
        *larger, result = self.nodes
        for node in reversed(larger):
            result = node_hash(node, result)
        return result


def frontier_of(size: int, node: NodeReader) -> Frontier:
    """Read the frontier of a tree with ``size`` leaves."""
    return Frontier(size, tuple(node(height, index) for height, index in _perfect(0, size)))


def range_root(start: int, end: int, node: NodeReader) -> bytes:
    """Return the root of the leaves ``[start, end)``, a range that the recursion of RFC 6962 §2.1 can produce."""
    return Frontier(end - start, tuple(node(height, index) for height, index in _perfect(start, end))).root()


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """Return the audit path of RFC 6962 §2.1.1 for leaf ``index`` in the tree of the first ``size`` leaves."""
    if not 0 <= index < size:
        raise ProofInvalid(f"Entry {index} is not in a log of {size} entries.")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old_size: int, size: int, node: NodeReader) -> list[bytes]:
    """Return the proof of RFC 6962 §2.1.2 that the first ``old_size`` leaves are a prefix of the first ``size``."""
    if not 0 <= old_size <= size:
        raise ProofInvalid(f"A log of {size} entries has no prefix of {old_size}.")
    if old_size in (0, size):
        return []
    path = []
    start, end = 0, size
    while old_size != end:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start = middle
    if start:
        path.append(range_root(start, end, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected_root: bytes) -> None:
    """Check an audit path as RFC 9162 §2.1.3.2 does. Raises ProofInvalid."""
    if not 0 <= index < size:
        raise ProofInvalid(f"Entry {index} is not in a log of {size} entries.")
    position, last = index, size - 1
    result = leaf
    for sibling in proof:
        if last == 0:
            raise ProofInvalid("The inclusion proof is too long.")
        if position & 1 or position == last:
            result = node_hash(sibling, result)
            position, last = _up_to_left_turn(position, last)
        else:
            result = node_hash(result, sibling)
        position >>= 1
        last >>= 1
    if last != 0 or result != expected_root:
        raise ProofInvalid(f"Entry {index} is not in the log with this root.")


def verify_consistency(old_size: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check a consistency proof as RFC 9162 §2.1.4.2 does. Raises ProofInvalid."""
    if not 0 <= old_size <= size:
        raise ProofInvalid(f"A log of {size} entries has no prefix of {old_size}.")
    if old_size in (0, size):
        if proof or (old_size == size and old_root != new_root) or (old_size == 0 and old_root != EMPTY_ROOT):
            raise ProofInvalid("Two logs of one size differ, or an empty log has a wrong root.")
        return
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        raise ProofInvalid("The consistency proof is too short.")
    if _fold_consistency(old_size, size, path) != (old_root, new_root):
        raise ProofInvalid(f"The log of {old_size} entries is not a prefix of the log of {size}.")


def _fold_consistency(old_size: int, size: int, path: list[bytes]) -> tuple[bytes, bytes]:
    position, last = old_size - 1, size - 1
    while position & 1:
        position >>= 1
        last >>= 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofInvalid("The consistency proof is too long.")
        if position & 1 or position == last:
            old = node_hash(sibling, old)
            new = node_hash(sibling, new)
            position, last = _up_to_left_turn(position, last)
        else:
            new = node_hash(new, sibling)
        position >>= 1
        last >>= 1
    if last != 0:
        raise ProofInvalid("The consistency proof is too short.")
    return old, new


def _up_to_left_turn(position: int, last: int) -> tuple[int, int]:
    """Skip the levels at which an only child stands for its parent."""
    while position and not position & 1:
        position >>= 1
        last >>= 1
    return position, last


def _split(count: int) -> int:
    """RFC 6962 §2.1: the largest power of two smaller than ``count`` (count ≥ 2)."""
    return 1 << (count - 1).bit_length() - 1


def _perfect(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Split ``[start, end)`` into perfect subtrees, largest first; ``start`` is aligned to the largest."""
    while start < end:
        height = (end - start).bit_length() - 1
        yield height, start >> height
        start += 1 << height
