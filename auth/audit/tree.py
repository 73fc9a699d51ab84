"""Nodes of the log's tree, read from the database: leaf hashes and roots of full tiles are stored, the rest follows."""

from sqlalchemy import Connection, select

from auth.audit import merkle
from auth.audit.merkle import Frontier, NodeReader
from auth.audit.tables import audit_entry, audit_tree
from auth.errors import LogAltered

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT


def node_reader(conn: Connection) -> NodeReader:
    """Return a reader of nodes; it raises LogAltered for a node whose parts are missing."""

    def node(height: int, index: int) -> bytes:
        level, inner = divmod(height, TILE_HEIGHT)
        first, count = index << inner, 1 << inner
        hashes = stored_hashes(conn, level, first, count)
        if len(hashes) != count:
            start = index << height
            raise LogAltered(start, f"Hashes of the entries from {start} on are missing.")
        return merkle.root(hashes)

    return node


def stored_hashes(conn: Connection, level: int, first: int, count: int) -> list[bytes]:
    """Return up to ``count`` hashes of one level of tiles, from ``first`` on: the body of a tile."""
    if level == 0:
        column = audit_entry.c.entry_index
        query = select(audit_entry.c.leaf_hash)
    else:
        column = audit_tree.c.node_index
        query = select(audit_tree.c.hash).where(audit_tree.c.level == level)
    query = query.where(column >= first, column < first + count).order_by(column)
    return [bytes(found) for found in conn.execute(query).scalars()]


def read_frontier(conn: Connection, size: int) -> Frontier:
    """Return the frontier over the first ``size`` entries as the database has them."""
    return merkle.frontier_of(size, node_reader(conn))


def tile_roots(completed: list[bytes], size: int) -> list[dict[str, object]]:
    """Return the rows of ``audit_tree`` that the append which made ``size`` entries has completed."""
    return [
        {
            "level": height // TILE_HEIGHT,
            "node_index": (size >> height) - 1,
            "hash": completed[height],
        }
        for height in range(TILE_HEIGHT, len(completed), TILE_HEIGHT)
    ]
