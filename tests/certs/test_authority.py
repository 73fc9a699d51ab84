"""The authority on disk, what it issues, and what others say of it."""

import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from certs.authority import Authority, Issued
from certs.errors import AuthorityDamaged, InvalidName
from certs.profiles import DOCUMENT_SIGNING, fit


def certificate_of(issued: Issued) -> x509.Certificate:
    return x509.load_pem_x509_certificate(issued.certificate_pem)


def openssl_verify(tmp_path: Path, authority: Authority, issued: Issued, *options: str) -> str:
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    (tmp_path / "chain.pem").write_bytes(issued.chain_pem)
    (tmp_path / "leaf.pem").write_bytes(issued.certificate_pem)
    command = ["openssl", "verify", "-CAfile", "root.pem", "-untrusted", "chain.pem", *options, "leaf.pem"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_a_second_opening_gives_the_same_authority(tmp_path: Path, now: datetime) -> None:
    first = Authority.open_or_create(tmp_path / "ca", "Council", now)
    second = Authority.open_or_create(tmp_path / "ca", "Council", now + timedelta(days=1))
    assert first.root_pem == second.root_pem
    assert first.chain_pem == second.chain_pem


def test_private_keys_are_readable_by_their_owner_only(tmp_path: Path, now: datetime) -> None:
    Authority.open_or_create(tmp_path / "ca", "Council", now)
    assert (tmp_path / "ca").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "ca").iterdir()} == {0o600}


def test_a_creation_that_was_killed_leaves_room_for_a_complete_one(tmp_path: Path, now: datetime) -> None:
    killed = tmp_path / ".ca.deadbeef"
    killed.mkdir()
    (killed / "root.key").write_bytes(b"half a k")
    (tmp_path / "ca").mkdir()
    authority = Authority.open_or_create(tmp_path / "ca", "Council", now)
    assert authority.issue_tls(["hub.example"], now).key_pem


def test_an_incomplete_folder_is_refused_and_not_replaced(tmp_path: Path, now: datetime) -> None:
    Authority.open_or_create(tmp_path / "ca", "Council", now)
    (tmp_path / "ca" / "issuing.key").unlink()
    with pytest.raises(AuthorityDamaged):
        Authority.open_or_create(tmp_path / "ca", "Council", now)
    assert not (tmp_path / "ca" / "issuing.key").exists()


def test_a_key_of_another_certificate_is_refused(tmp_path: Path, now: datetime) -> None:
    Authority.open_or_create(tmp_path / "ca", "Council", now)
    (tmp_path / "ca" / "issuing.key").write_bytes((tmp_path / "ca" / "root.key").read_bytes())
    with pytest.raises(AuthorityDamaged):
        Authority.open_or_create(tmp_path / "ca", "Council", now)


def test_an_issuing_authority_of_another_root_is_refused(tmp_path: Path, now: datetime) -> None:
    Authority.open_or_create(tmp_path / "ca", "Council", now)
    Authority.open_or_create(tmp_path / "other", "Council", now)
    for name in ("issuing.key", "issuing.pem"):
        (tmp_path / "ca" / name).write_bytes((tmp_path / "other" / name).read_bytes())
    with pytest.raises(AuthorityDamaged):
        Authority.open_or_create(tmp_path / "ca", "Council", now)


def test_the_issuing_certificate_is_renewed_under_the_same_key(tmp_path: Path, now: datetime) -> None:
    old = Authority.open_or_create(tmp_path / "ca", "Council", now)
    later = now + timedelta(days=4 * 365)
    renewed = Authority.open_or_create(tmp_path / "ca", "Council", later)
    assert renewed.chain_pem != old.chain_pem
    before, after = (x509.load_pem_x509_certificate(pem) for pem in (old.chain_pem, renewed.chain_pem))
    assert before.public_key() == after.public_key()
    leaf = certificate_of(old.issue_tls(["hub.example"], now))
    leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(renewed.chain_pem))


def test_openssl_accepts_a_server_certificate(tmp_path: Path, authority: Authority, now: datetime) -> None:
    issued = authority.issue_tls(["hub.example", "10.0.0.1", "::1"], now)
    said = openssl_verify(tmp_path, authority, issued, "-purpose", "sslserver", "-verify_hostname", "hub.example")
    assert said.strip() == "leaf.pem: OK"


def test_openssl_accepts_the_timestamp_authority(tmp_path: Path, authority: Authority, now: datetime) -> None:
    issued = authority.issue_timestamper(now)
    assert openssl_verify(tmp_path, authority, issued, "-purpose", "timestampsign").strip() == "leaf.pem: OK"


def test_openssl_finds_a_revoked_certificate_by_the_revocation_list(
    tmp_path: Path, authority: Authority, now: datetime
) -> None:
    issued = authority.issue_signer("p-revoked", "Trần Thị Bình", now)
    authority.revoke(issued.certificate_pem, now)
    crl = x509.load_der_x509_crl(authority.crl(now))
    (tmp_path / "crl.pem").write_bytes(crl.public_bytes(Encoding.PEM))
    said = openssl_verify(tmp_path, authority, issued, "-crl_check", "-CRLfile", "crl.pem")
    assert "certificate revoked" in said


def test_server_certificates_last_397_days_and_name_hosts_and_addresses(authority: Authority, now: datetime) -> None:
    certificate = certificate_of(authority.issue_tls(["Hub.Example", "192.0.2.7", "[2001:db8::1]"], now))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["hub.example"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["192.0.2.7", "2001:db8::1"]
    assert certificate.not_valid_after_utc - now == timedelta(days=397)


@pytest.mark.parametrize(
    "name", ["", "a b", "-x.example", "x_y.example", "hội.example", "a..b", "x" * 64, "*.", "../etc"]
)
def test_what_is_no_host_name_is_refused(authority: Authority, now: datetime, name: str) -> None:
    with pytest.raises(InvalidName):
        authority.issue_tls([name], now)


def test_no_names_at_all_are_refused(authority: Authority, now: datetime) -> None:
    with pytest.raises(InvalidName):
        authority.issue_tls([], now)


@pytest.mark.parametrize("identifier", ["", "a/b", "a:b", "ộ", "a b"])
def test_identifiers_in_certificates_are_plain(authority: Authority, now: datetime, identifier: str) -> None:
    with pytest.raises(InvalidName):
        authority.issue_relay(identifier, now)
    with pytest.raises(InvalidName):
        authority.issue_signer(identifier, "Somebody", now)


def test_profiles_allow_their_use_and_no_other(authority: Authority, now: datetime) -> None:
    usages = {
        "relay": authority.issue_relay("r1", now),
        "signer": authority.issue_signer("p1", "Nguyễn Văn An", now),
        "time": authority.issue_timestamper(now),
        "tls": authority.issue_tls(["hub.example"], now),
    }
    found = {
        name: list(certificate_of(each).extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
        for name, each in usages.items()
    }
    assert found == {
        "relay": [ExtendedKeyUsageOID.CLIENT_AUTH],
        "signer": [DOCUMENT_SIGNING],
        "time": [ExtendedKeyUsageOID.TIME_STAMPING],
        "tls": [ExtendedKeyUsageOID.SERVER_AUTH],
    }
    signer = certificate_of(usages["signer"]).extensions.get_extension_for_class(x509.KeyUsage).value
    assert signer.content_commitment


def test_no_certificate_outlives_its_issuer(tmp_path: Path, now: datetime) -> None:
    authority = Authority.open_or_create(tmp_path / "ca", "Council", now)
    late = now + timedelta(days=1826)
    certificate = certificate_of(authority.issue_signer("p1", "Somebody", late))
    issuer = x509.load_pem_x509_certificate(authority.chain_pem)
    assert certificate.not_valid_after_utc == issuer.not_valid_after_utc


def test_renewal_is_due_in_the_last_third_of_a_life(authority: Authority, now: datetime) -> None:
    issued = authority.issue_tls(["hub.example"], now)
    assert not Authority.renewal_due(issued.certificate_pem, now + timedelta(days=260))
    assert Authority.renewal_due(issued.certificate_pem, now + timedelta(days=270))


def test_long_names_are_cut_at_a_character(tmp_path: Path, now: datetime) -> None:
    organisation = "Hội đồng điều phối phát triển kinh tế và xã hội của các tỉnh miền núi phía Bắc"
    authority = Authority.open_or_create(tmp_path / "ca", organisation, now)
    assert x509.load_pem_x509_certificate(authority.root_pem)
    assert len(fit(organisation).encode()) <= 64
    assert organisation.startswith(fit(organisation))


def test_an_issued_key_is_not_shown(authority: Authority, now: datetime) -> None:
    assert "PRIVATE" not in repr(authority.issue_tls(["hub.example"], now))
