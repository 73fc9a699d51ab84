"""Chains that hold, and every way in which one can fail."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from certs.authority import Authority
from certs.chain import check_chain
from certs.errors import SignerRejected
from certs.profiles import DOCUMENT_SIGNING


def load(pem: bytes) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem)


@pytest.fixture
def leaf(authority: Authority, now: datetime) -> x509.Certificate:
    return load(authority.issue_signer("p1", "Somebody", now).certificate_pem)


def check(
    leaf: x509.Certificate,
    authority: Authority,
    now: datetime,
    *,
    usage: ObjectIdentifier = DOCUMENT_SIGNING,
    revoked: frozenset[int] = frozenset(),
) -> None:
    check_chain(leaf, [load(authority.chain_pem)], [load(authority.root_pem)], now, usage=usage, revoked=revoked)


def test_a_signer_of_ours_is_accepted(leaf: x509.Certificate, authority: Authority, now: datetime) -> None:
    check(leaf, authority, now)


@pytest.mark.parametrize("days", [-1, 732])
def test_it_must_hold_at_the_time(leaf: x509.Certificate, authority: Authority, now: datetime, days: int) -> None:
    with pytest.raises(SignerRejected):
        check(leaf, authority, now + timedelta(days=days))


def test_it_must_be_for_the_use(leaf: x509.Certificate, authority: Authority, now: datetime) -> None:
    with pytest.raises(SignerRejected):
        check(leaf, authority, now, usage=ExtendedKeyUsageOID.CLIENT_AUTH)


def test_it_must_not_be_revoked(leaf: x509.Certificate, authority: Authority, now: datetime) -> None:
    with pytest.raises(SignerRejected):
        check(leaf, authority, now, revoked=frozenset([leaf.serial_number]))


def test_a_revoked_issuing_authority_ends_all_it_issued(
    leaf: x509.Certificate, authority: Authority, now: datetime
) -> None:
    with pytest.raises(SignerRejected):
        check(leaf, authority, now, revoked=frozenset([load(authority.chain_pem).serial_number]))


def test_a_foreign_root_is_not_trusted(
    tmp_path: Path, leaf: x509.Certificate, authority: Authority, now: datetime
) -> None:
    foreign = Authority.open_or_create(tmp_path / "ca", "Hội đồng Điều phối Vùng", now)
    with pytest.raises(SignerRejected):
        check_chain(leaf, [load(foreign.chain_pem)], [load(foreign.root_pem)], now, usage=DOCUMENT_SIGNING)
    with pytest.raises(SignerRejected):
        check_chain(leaf, [load(authority.chain_pem)], [load(foreign.root_pem)], now, usage=DOCUMENT_SIGNING)


def test_an_end_entity_cannot_issue(leaf: x509.Certificate, authority: Authority, now: datetime) -> None:
    with pytest.raises(SignerRejected):
        check_chain(leaf, [leaf], [leaf], now, usage=DOCUMENT_SIGNING)
    with pytest.raises(SignerRejected):
        check_chain(load(authority.root_pem), [], [load(authority.root_pem)], now, usage=DOCUMENT_SIGNING)
