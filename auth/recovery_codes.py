"""Recovery codes: what somebody types once when the device with the second factor is gone.

A code has 80 random bits, so a salted SHA-256 is enough to store it: nobody tries 2^80 hashes, whereas argon2 is there
to make the few guesses at a *chosen* password dear. Ten argon2 checks would also cost half a second for each attempt.
"""

import base64
import hashlib
import re
import secrets

COUNT = 10
CODE_BYTES = 10
_FORM = re.compile(r"[a-z2-7]{16}", re.ASCII)


def new_codes() -> tuple[str, ...]:
    """Return ten fresh codes in groups of four letters and digits: ``abcd-efgh-ijkl-mnop``."""
    return tuple(_grouped(base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()) for _ in range(COUNT))


def canonical(text: str) -> str | None:
    """Return a code as it was made, whatever separators and capitals were typed; None for what cannot be one."""
    bare = re.sub(r"[\s\-]", "", text[:64]).lower()
    return bare if _FORM.fullmatch(bare) else None


def digest(person_id: str, code: str) -> bytes:
    """Return what is stored of a canonical code; the person's id is the salt, so that equal codes differ."""
    return hashlib.sha256(f"plenum-recovery-code-1|{person_id}|{code}".encode()).digest()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
