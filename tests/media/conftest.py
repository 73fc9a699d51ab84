"""Settings of the tests of the relay."""

import pytest
from hypothesis import HealthCheck, settings

from tests.media import planes

# The machine may be busy; how long one example takes says nothing here. The data plane is the same for all examples.
settings.register_profile(
    "media", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("media")


@pytest.fixture(params=list(planes.PLANES))
def plane(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the test with each data plane; its name."""
    name = str(request.param)
    monkeypatch.setattr(planes, "under_test", name)
    return name
