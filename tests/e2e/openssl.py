"""Signatures checked with openssl, without a line of the product's own verification."""

import subprocess
from pathlib import Path

from documents.acceptance import extract_cms


def verify_with_openssl(pdf: bytes, index: int, root_pem: bytes, folder: Path) -> None:
    """Check one signature of a PDF: its CMS over the bytes it covers, its chain up to our root."""
    cms, signed = extract_cms(pdf, index)
    files = {"signature.der": cms, "signed.bin": signed, "root.pem": root_pem}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    result = subprocess.run(
        [
            *("openssl", "cms", "-verify", "-inform", "DER", "-binary", "-purpose", "any"),
            *("-in", "signature.der", "-content", "signed.bin", "-CAfile", "root.pem", "-out", "/dev/null"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
