"""Addresses that mail is sent to."""

import re

from auth.errors import EmailInvalid

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PART = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_PART}(?:\.{_PART})*")
MAX_ADDRESS = 254  # RFC 5321 §4.5.3.1.3


def canonical_email(text: str | None) -> str | None:
    """Return the address as mail is sent to it; None for none. Raises EmailInvalid.

    Plain addresses only (RFC 5321 §4.1.2 without quoted strings and address literals): nothing that could be two
    recipients, or more than one line of a header.
    """
    address = (text or "").strip()
    if not address:
        return None
    if len(address) > MAX_ADDRESS or not _ADDRESS.fullmatch(address):
        raise EmailInvalid("This is not an e-mail address.")
    local, _, domain = address.rpartition("@")
    return f"{local}@{domain.lower()}"
