"""Settings of the tests of the relay."""

from hypothesis import HealthCheck, settings

# The machine may be busy; how long one example takes says nothing here.
settings.register_profile("media", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("media")
