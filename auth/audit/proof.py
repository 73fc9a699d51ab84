"""Entries with proof: each one leads by its audit path (RFC 6962 §2.1.1) to the root that a checkpoint signed.

An outsider needs no other entry of the log, and learns nothing of it but how long it is.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from sqlalchemy import Connection

from auth.audit.entry import LoggedEntry
from auth.audit.merkle import NodeReader, consistency_proof, inclusion_proof, verify_consistency, verify_inclusion
from auth.audit.note import Checkpoint, checkpoint_of
from auth.audit.query import sealed_at
from auth.audit.tree import node_reader, read_frontier
from auth.errors import ProofTooLong

MAX_PROVED = 20_000  # entries; beyond, the whole log is the shorter proof
CACHED_NODES = 65_536

MayTell = Callable[[LoggedEntry], bool]


def proved(conn: Connection, indexes: Sequence[int], checkpoint: Checkpoint, may_tell: MayTell) -> Iterator[str]:
    """Yield these entries as JSON Lines for ``verifier.py``, each with its path to the checkpoint's root.

    Details leave only where ``may_tell`` says so; the proof of the leaf does not need them. Every proof is checked
    before it leaves. Raises ProofTooLong, ProofInvalid, and LogAltered when nodes of the tree are missing.
    """
    if len(indexes) > MAX_PROVED:
        raise ProofTooLong(f"Proof is given for {MAX_PROVED} entries at once. Narrow the search.")
    node = _cached(node_reader(conn))
    for sealed in sealed_at(conn, indexes):
        path = inclusion_proof(sealed.logged.index, checkpoint.size, node)
        verify_inclusion(sealed.logged.leaf_hash, sealed.logged.index, checkpoint.size, path, checkpoint.root)
        told = sealed.details is not None and may_tell(sealed.logged)
        line = {
            "index": sealed.logged.index,
            "leaf": sealed.leaf.decode(),
            "salt": sealed.salt.hex() if told and sealed.salt is not None else None,
            "details": sealed.details if told else None,
            "proof": [node.hex() for node in path],
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def continued(conn: Connection, earlier: Sequence[Checkpoint], checkpoint: Checkpoint) -> dict[str, list[str]]:
    """Return by size the proofs (RFC 6962 §2.1.2) that ``checkpoint`` continues earlier ones.

    Raises ProofInvalid when it does not, LogAltered when nodes of the tree are missing.
    """
    node, proofs = _cached(node_reader(conn)), {}
    for one in earlier:
        if 0 < one.size < checkpoint.size:
            path = consistency_proof(one.size, checkpoint.size, node)
            verify_consistency(one.size, one.root, checkpoint.size, checkpoint.root, path)
            proofs[str(one.size)] = [each.hex() for each in path]
    return proofs


def checkpoint_at(conn: Connection, size: int, origin: str) -> Checkpoint:
    """Return what the checkpoint of an earlier size must have been, from the tree as it is."""
    return checkpoint_of(origin, read_frontier(conn, size))


def _cached(node: NodeReader) -> NodeReader:
    return lru_cache(CACHED_NODES)(node)
