"""One authority for the tests that only read from it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from certs.authority import Authority

NOW = datetime.now(UTC).replace(microsecond=0)  # TLS compares with the machine's clock


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    folder: Path = tmp_path_factory.mktemp("authority") / "ca"
    return Authority.open_or_create(folder, "Hội đồng Điều phối Vùng", NOW)
