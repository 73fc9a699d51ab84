"""Errors of the certificate authority.

::

    CertificateError            base; never raised itself
    ├── AuthorityDamaged        the authority's folder is incomplete or its files do not belong together
    ├── InvalidName             a name cannot stand in a certificate
    ├── PeerRejected            the other side of a connection is not who it must be
    └── SignerRejected          a certificate does not lead to a trusted root, is revoked, or is not for this use
"""


class CertificateError(Exception):
    """Base of all errors of this folder; ``code`` is stable and may be shown, logged and translated."""

    code = "certificate_error"


class AuthorityDamaged(CertificateError):
    """Restore the folder of the authority from a backup, or remove it to make a new authority."""

    code = "authority_damaged"


class InvalidName(CertificateError):
    """The name is neither a host name nor an address; correct it in the settings."""

    code = "certificate_name_invalid"


class PeerRejected(CertificateError):
    """The peer presented no certificate of ours, or one that is revoked or meant for something else."""

    code = "peer_rejected"


class SignerRejected(CertificateError):
    """The certificate does not chain to a trusted root at the given time, is revoked, or lacks the needed usage."""

    code = "signer_rejected"
