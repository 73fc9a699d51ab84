"""How long sessions live."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from auth.model import OrgRole


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """How long a session lives, used and unused."""

    absolute: timedelta = timedelta(hours=12)
    idle: timedelta = timedelta(minutes=60)
    administrator_idle: timedelta = timedelta(minutes=15)

    def idle_for(self, roles: Collection[OrgRole]) -> timedelta:
        return self.administrator_idle if OrgRole.ADMINISTRATOR in roles else self.idle


DEFAULT_POLICY = SessionPolicy()
SESSION_POLICIES = {
    "default": DEFAULT_POLICY,
    "vn-l3": SessionPolicy(idle=timedelta(minutes=15), administrator_idle=timedelta(minutes=5)),
}
