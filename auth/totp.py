"""Time-based one-time passwords (RFC 6238) over HOTP (RFC 4226): SHA-1, six digits, thirty seconds.

These are the parameters that every authenticator app speaks; SHA-1 as an HMAC is not weakened by its collisions (RFC
6238 §1.2). A code is right for its own step and one before and after, since clocks differ and typing takes time.
"""

import base64
import hashlib
import hmac
import secrets
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

from auth.errors import WrongCode

SECRET_BYTES = 20  # RFC 4226 §4, R6: 160 bits recommended
DIGITS = 6
STEP_S = 30
WINDOW = 1  # steps before and after (RFC 6238 §5.2)


def new_secret() -> bytes:
    """Return a random shared secret."""
    return secrets.token_bytes(SECRET_BYTES)


def counter_at(now: datetime) -> int:
    """Return the number of the time step at an instant."""
    return int(now.timestamp()) // STEP_S


def code_at(secret: bytes, counter: int, digits: int = DIGITS) -> str:
    """Return the code of one step (RFC 4226 §5.3)."""
    mac = hmac.digest(secret, struct.pack(">Q", counter), hashlib.sha1)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def verify(secret: bytes, code: str, now: datetime, window: int = WINDOW) -> int:
    """Return the step to which a code belongs; all steps are compared, in constant time each. Raises WrongCode.

    The caller keeps which steps were used: a code is good once (RFC 6238 §5.2).
    """
    given, now_step = code.encode(errors="replace"), counter_at(now)
    steps = range(now_step - window, now_step + window + 1)
    found = [step for step in steps if hmac.compare_digest(code_at(secret, step).encode(), given)]
    if not found:
        raise WrongCode
    return found[0]


def secret_text(secret: bytes) -> str:
    """Return the secret as people type it: Base32 (RFC 4648 §6) without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def provisioning_uri(secret: bytes, issuer: str, account: str) -> str:
    """Return the ``otpauth://`` address that a QR code carries into an authenticator app."""
    label = f"{quote(issuer, safe='')}:{quote(account, safe='')}"
    parameters = {
        "secret": secret_text(secret),
        "issuer": issuer,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP_S,
    }
    return f"otpauth://totp/{label}?{urlencode(parameters, quote_via=quote)}"
