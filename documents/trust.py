"""Whom signatures are checked against: roots, the certificates between, and what they have revoked."""

from dataclasses import dataclass
from datetime import datetime

from certs.authority import Authority


@dataclass(frozen=True, slots=True)
class Trust:
    """``roots_pem`` are trust anchors, ``chain_pem`` the authorities under them (PEM, each may hold several);
    ``crls`` are DER revocation lists, as fresh as the caller has them."""

    roots_pem: bytes
    chain_pem: bytes = b""
    crls: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, authority: Authority, now: datetime) -> "Trust":
        """Return the trust in our own authority with its revocation lists as of ``now``."""
        return cls(authority.root_pem, authority.chain_pem, (authority.crl(now), authority.root_crl(now)))
