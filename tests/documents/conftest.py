"""An authority, its signers and a meeting's papers, made once for all tests that only read from them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from certs.authority import Authority
from documents.content import AgendaData, MinutesData
from documents.keys import KeyStore
from documents.render import render_minutes
from documents.signer_keys import SignerKeys
from documents.signing import SigningSetup, sign
from documents.trust import Trust
from tests.documents import example

NOW = datetime.now(UTC).replace(microsecond=0)  # the validator dates its proofs by the machine's clock


@dataclass(frozen=True, slots=True)
class Office:
    """Everything that signing takes, at one moment."""

    authority: Authority
    signers: SignerKeys
    now: datetime

    @property
    def trust(self) -> Trust:
        return Trust.of(self.authority, self.now)

    @property
    def setup(self) -> SigningSetup:
        return SigningSetup(self.trust, self.signers.timestamper(self.now))

    def sign(self, pdf: bytes, field: str, person: str, *, last: bool = False) -> bytes:
        key = self.signers.for_person(person, f"Người ký {person}", self.now)
        return sign(pdf, field, key, "Phê duyệt", self.now, setup=self.setup, last=last)


MakeOffice = Callable[[datetime], Office]


@pytest.fixture(scope="session")
def make_office(tmp_path_factory: pytest.TempPathFactory) -> MakeOffice:
    def make(now: datetime) -> Office:
        folder: Path = tmp_path_factory.mktemp("office")
        authority = Authority.open_or_create(folder / "ca", "Hội đồng Điều phối Vùng", now - timedelta(hours=1))
        keys = KeyStore.open_or_create(folder / "keys")
        return Office(authority, SignerKeys(folder / "signers", keys, authority), now)

    return make


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def office(make_office: MakeOffice) -> Office:
    return make_office(NOW)


@pytest.fixture(scope="session")
def agenda() -> AgendaData:
    return example.agenda()


@pytest.fixture(scope="session")
def minutes() -> MinutesData:
    return example.minutes()


@pytest.fixture(scope="session")
def minutes_pdf(minutes: MinutesData) -> bytes:
    return render_minutes(minutes)


@pytest.fixture(scope="session")
def once_signed(office: Office, minutes_pdf: bytes) -> bytes:
    return office.sign(minutes_pdf, "secretary", "p2")


@pytest.fixture(scope="session")
def fully_signed(office: Office, once_signed: bytes) -> bytes:
    return office.sign(once_signed, "chair", "p1", last=True)
