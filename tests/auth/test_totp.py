"""RFC 6238 Appendix B, RFC 4226 Appendix D, and what is built on them."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from auth import totp
from auth.errors import WrongCode

SECRET = b"12345678901234567890"
HOTP = ("755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489")
TOTP = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


def test_codes_are_those_of_rfc_4226() -> None:
    assert tuple(totp.code_at(SECRET, counter) for counter in range(10)) == HOTP


@pytest.mark.parametrize(("seconds", "code"), TOTP.items())
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_at(SECRET, totp.counter_at(at), digits=8) == code
    assert totp.verify(SECRET, code[-6:], at) == seconds // 30


def test_a_code_is_right_one_step_early_and_late_and_no_further(now: datetime) -> None:
    here = totp.counter_at(now)
    code = totp.code_at(SECRET, here)
    for steps in (-1, 0, 1):
        assert totp.verify(SECRET, code, now + timedelta(seconds=30 * steps)) == here
    for steps in (-2, 2):
        with pytest.raises(WrongCode):
            totp.verify(SECRET, code, now + timedelta(seconds=30 * steps))


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "１２３４５６", "\ud800", "000000"])
def test_anything_else_is_wrong(text: str, now: datetime) -> None:
    with pytest.raises(WrongCode):
        totp.verify(SECRET, text, now)


def test_a_secret_has_160_bits_and_is_never_the_same() -> None:
    assert len(totp.new_secret()) == 20
    assert totp.new_secret() != totp.new_secret()


def test_the_address_for_the_app_carries_everything_it_needs() -> None:
    uri = totp.provisioning_uri(SECRET, "Liên hiệp: Hoa Sen", "chair@hub")
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/Li%C3%AAn%20hi%E1%BB%87p%3A%20Hoa%20Sen:chair%40hub"
    assert parse_qs(parts.query) == {
        "secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
        "issuer": ["Liên hiệp: Hoa Sen"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }
    assert "+" not in uri  # some apps show it instead of a space
