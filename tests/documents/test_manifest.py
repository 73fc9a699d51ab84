"""Signed JSON and the tricks that JWS verifiers have fallen for."""

import base64
import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from documents.errors import NotAccepted, SigningFailed
from documents.manifest import canonical_json, sign_manifest, verify_manifest
from documents.signer_keys import SignerKey
from documents.trust import Trust
from tests.documents.conftest import MakeOffice, Office

PAYLOAD = canonical_json({"meeting": "m1", "title": "Phiên họp", "items": [1, 2], "open": True, "none": None})


def encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def header_of(jws: str) -> dict[str, object]:
    return dict(jwt.get_unverified_header(jws))


def with_header(jws: str, **changes: object) -> str:
    _, payload, signature = jws.split(".")
    return f"{encoded(header_of(jws) | changes)}.{payload}.{signature}"


@pytest.fixture(scope="module")
def key(office: Office) -> SignerKey:
    return office.signers.for_person("p1", "Người ký p1", office.now)


@pytest.fixture(scope="module")
def jws(key: SignerKey) -> str:
    return sign_manifest(PAYLOAD, key)


def test_the_exact_bytes_come_back(office: Office, jws: str) -> None:
    assert verify_manifest(jws, office.trust, office.now) == PAYLOAD
    assert header_of(jws)["alg"] == "ES256"


def test_the_chain_may_come_from_the_header_alone(office: Office, jws: str) -> None:
    assert verify_manifest(jws, Trust(office.authority.root_pem), office.now) == PAYLOAD


@given(st.binary(max_size=300))
def test_any_bytes_can_be_signed(office: Office, key: SignerKey, payload: bytes) -> None:
    assert verify_manifest(sign_manifest(payload, key), office.trust, office.now) == payload


def test_canonical_json_has_one_form() -> None:
    assert canonical_json({"b": "Ộ", "a": [1, {"d": 1, "c": 2}]}) == '{"a":[1,{"c":2,"d":1}],"b":"Ộ"}'.encode()
    for value in ({"a": 1.0}, {"a": [float("nan")]}, {"a": {"b": (0.1,)}}):
        with pytest.raises(ValueError, match="whole numbers"):
            canonical_json(value)


def test_other_bytes_are_refused(office: Office, jws: str) -> None:
    header, _, signature = jws.split(".")
    with pytest.raises(NotAccepted):
        verify_manifest(f"{header}.{encoded({'meeting': 'm2'})}.{signature}", office.trust, office.now)


def test_alg_none_is_refused(office: Office, jws: str) -> None:
    _, payload, _ = jws.split(".")
    for name in ("none", "None", "HS256", "RS256", "ES384"):
        with pytest.raises(NotAccepted):
            verify_manifest(with_header(jws, alg=name), office.trust, office.now)
        with pytest.raises(NotAccepted):
            verify_manifest(f"{encoded(header_of(jws) | {'alg': name})}.{payload}.", office.trust, office.now)


def test_a_key_in_the_header_is_ignored(office: Office, make_office: MakeOffice, jws: str) -> None:
    stranger = make_office(office.now).signers.for_person("p1", "Người ký p1", office.now)
    private = load_pem_private_key(stranger.key_pem, None)
    jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(private.public_key()))  # type: ignore[arg-type]
    headers = {key: value for key, value in header_of(jws).items() if key != "alg"}
    forged = jwt.PyJWS().encode(
        PAYLOAD,
        private,  # type: ignore[arg-type]
        "ES256",
        headers | {"jwk": jwk, "jku": "https://example.invalid", "x5u": "https://example.invalid"},
    )
    with pytest.raises(NotAccepted):
        verify_manifest(forged, office.trust, office.now)


def test_a_foreign_signer_is_refused(office: Office, make_office: MakeOffice) -> None:
    stranger = make_office(office.now).signers.for_person("p1", "Người ký p1", office.now)
    with pytest.raises(NotAccepted):
        verify_manifest(sign_manifest(PAYLOAD, stranger), office.trust, office.now)


def test_an_expired_signer_is_refused(office: Office, jws: str) -> None:
    with pytest.raises(NotAccepted):
        verify_manifest(jws, Trust(office.authority.root_pem), office.now + timedelta(days=800))


def test_a_revoked_signer_is_refused(make_office: MakeOffice, office: Office) -> None:
    other = make_office(office.now)
    jws = sign_manifest(PAYLOAD, other.signers.for_person("p1", "Somebody", other.now))
    assert verify_manifest(jws, other.trust, other.now)
    other.signers.retire("p1", other.now)
    with pytest.raises(NotAccepted):
        verify_manifest(jws, other.trust, other.now)


def test_a_revocation_list_of_somebody_else_is_refused(office: Office, make_office: MakeOffice, jws: str) -> None:
    foreign = make_office(office.now)
    trust = Trust(office.authority.root_pem, office.authority.chain_pem, (foreign.authority.crl(office.now),))
    with pytest.raises(NotAccepted):
        verify_manifest(jws, trust, office.now)
    with pytest.raises(NotAccepted):
        verify_manifest(jws, Trust(office.authority.root_pem, crls=(b"no list",)), office.now)


def test_a_certificate_for_another_use_is_refused(office: Office) -> None:
    issued = office.authority.issue_tls(["hub.example"], office.now)
    jws = sign_manifest(PAYLOAD, SignerKey(issued.certificate_pem, issued.chain_pem, issued.key_pem))
    with pytest.raises(NotAccepted):
        verify_manifest(jws, office.trust, office.now)


@pytest.mark.parametrize("x5c", [None, [], "text", ["%%%"], ["AAAA"], ["AAAA"] * 9, [1]])
def test_a_header_without_a_proper_chain_is_refused(office: Office, jws: str, x5c: object) -> None:
    with pytest.raises(NotAccepted):
        verify_manifest(with_header(jws, x5c=x5c), office.trust, office.now)


def test_another_type_of_token_is_refused(office: Office, jws: str) -> None:
    with pytest.raises(NotAccepted):
        verify_manifest(with_header(jws, typ="at+jwt"), office.trust, office.now)


@given(st.text(max_size=200))
def test_any_text_is_refused(office: Office, text: str) -> None:
    with pytest.raises(NotAccepted):
        verify_manifest(text, office.trust, office.now)


def test_a_key_of_another_kind_does_not_sign(key: SignerKey) -> None:
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(SigningFailed):
        sign_manifest(PAYLOAD, SignerKey(key.certificate_pem, key.chain_pem, pem))
