"""Server-held keys: one per person, renewed, retired, and never bare on disk."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from certs.authority import Authority
from certs.errors import InvalidName
from documents.keys import KeyStore
from documents.model import KeyId
from documents.signer_keys import SignerKeys

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)


@pytest.fixture
def signers(tmp_path: Path) -> SignerKeys:
    authority = Authority.open_or_create(tmp_path / "ca", "Council", NOW)
    return SignerKeys(tmp_path / "signers", KeyStore.open_or_create(tmp_path / "keys"), authority)


def serial(certificate_pem: bytes) -> int:
    return x509.load_pem_x509_certificate(certificate_pem).serial_number


def test_a_person_keeps_the_key(signers: SignerKeys) -> None:
    first = signers.for_person("p1", "Nguyễn Thị Hường", NOW)
    assert signers.for_person("p1", "Nguyễn Thị Hường", NOW + timedelta(days=100)) == first
    assert first.common_name == "Nguyễn Thị Hường"
    assert signers.for_person("p2", "Nguyễn Thị Hường", NOW) != first


def test_a_long_name_does_not_make_a_new_key_each_time(signers: SignerKeys) -> None:
    name = "Công Tằng Tôn Nữ " * 6
    assert signers.for_person("p1", name, NOW) == signers.for_person("p1", name, NOW)


def test_a_new_name_or_a_short_rest_of_life_makes_a_new_key(signers: SignerKeys) -> None:
    first = signers.for_person("p1", "Before", NOW)
    second = signers.for_person("p1", "After", NOW)
    assert second != first
    assert signers.for_person("p1", "After", NOW + timedelta(days=600)) != second


def test_a_retired_key_is_revoked_and_gone(tmp_path: Path, signers: SignerKeys) -> None:
    key = signers.for_person("p1", "Somebody", NOW)
    signers.retire("p1", NOW)
    signers.retire("p1", NOW)
    authority = Authority.open_or_create(tmp_path / "ca", "Council", NOW)
    assert authority.revoked_serials == {serial(key.certificate_pem)}
    assert not KeyStore.open_or_create(tmp_path / "keys").exists(KeyId(f"signer-{serial(key.certificate_pem):x}"))
    assert signers.for_person("p1", "Somebody", NOW) != key


def test_a_revoked_certificate_is_not_used_again(tmp_path: Path) -> None:
    authority = Authority.open_or_create(tmp_path / "ca", "Council", NOW)
    signers = SignerKeys(tmp_path / "signers", KeyStore.open_or_create(tmp_path / "keys"), authority)
    key = signers.for_person("p1", "Somebody", NOW)
    authority.revoke(key.certificate_pem, NOW)
    assert signers.for_person("p1", "Somebody", NOW) != key


def test_a_lost_key_is_replaced(tmp_path: Path, signers: SignerKeys) -> None:
    key = signers.for_person("p1", "Somebody", NOW)
    KeyStore.open_or_create(tmp_path / "keys").destroy(KeyId(f"signer-{serial(key.certificate_pem):x}"))
    assert signers.for_person("p1", "Somebody", NOW) != key


def test_the_timestamp_authority_keeps_its_key(signers: SignerKeys) -> None:
    first = signers.timestamper(NOW)
    assert signers.timestamper(NOW + timedelta(days=1)) == first
    assert signers.timestamper(NOW + timedelta(days=1500)) != first


def test_private_keys_are_neither_in_the_folder_nor_in_a_log(tmp_path: Path, signers: SignerKeys) -> None:
    key = signers.for_person("p1", "Somebody", NOW)
    assert "PRIVATE" not in repr(key)
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.parent.name != "ca":
            assert b"PRIVATE KEY" not in path.read_bytes()


@pytest.mark.parametrize("person", ["../x", "", "a b", "ộ"])
def test_an_id_is_never_a_path(signers: SignerKeys, person: str) -> None:
    with pytest.raises(InvalidName):
        signers.for_person(person, "Somebody", NOW)
