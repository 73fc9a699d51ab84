"""Revocations on disk, and the lists made from them."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from certs.authority import Authority
from certs.errors import AuthorityDamaged
from certs.revocation import Revocation, RevocationList


def test_a_revocation_survives_a_restart(tmp_path: Path, now: datetime) -> None:
    first = Authority.open_or_create(tmp_path / "ca", "Council", now)
    issued = first.issue_relay("r1", now)
    first.revoke(issued.certificate_pem, now, x509.ReasonFlags.key_compromise)
    second = Authority.open_or_create(tmp_path / "ca", "Council", now)
    serial = x509.load_pem_x509_certificate(issued.certificate_pem).serial_number
    assert second.revoked_serials == {serial}
    entry = x509.load_der_x509_crl(second.crl(now)).get_revoked_certificate_by_serial_number(serial)
    assert entry is not None
    assert entry.revocation_date_utc == now
    assert entry.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.key_compromise


def test_the_first_revocation_stands(tmp_path: Path, now: datetime) -> None:
    revoked = RevocationList(tmp_path / "revoked.json")
    revoked.add(Revocation(7, now))
    revoked.add(Revocation(7, now + timedelta(days=1)))
    assert [entry.since for entry in revoked.entries] == [now]


def test_what_another_process_revokes_counts_at_once(tmp_path: Path, now: datetime) -> None:
    here, there = RevocationList(tmp_path / "revoked.json"), RevocationList(tmp_path / "revoked.json")
    there.add(Revocation(7, now))
    assert here.serials == {7}
    here.add(Revocation(8, now))
    assert there.serials == {7, 8}
    (tmp_path / "revoked.json").unlink()
    assert here.serials == {7, 8}


def test_both_lists_are_signed_by_their_authorities(authority: Authority, now: datetime) -> None:
    for der, pem in ((authority.crl(now), authority.chain_pem), (authority.root_crl(now), authority.root_pem)):
        key = x509.load_pem_x509_certificate(pem).public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        assert x509.load_der_x509_crl(der).is_signature_valid(key)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"revoked": [{"serial": "zz"}]}', b'{"revoked": 3}'])
def test_a_damaged_list_is_an_error_and_not_an_empty_list(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "revoked.json").write_bytes(content)
    with pytest.raises(AuthorityDamaged):
        RevocationList(tmp_path / "revoked.json")
