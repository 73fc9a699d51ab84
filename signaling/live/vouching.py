"""What a relay keeps of an endpoint for the hub's next start, vouched for by the hub."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Final

from documents.keys import KeyStore
from documents.model import KeyId
from signaling.live.endpoint import EndpointIdentity

ENDPOINT_KEY: Final = KeyId("endpoints")
_NAME_LENGTH: Final = 80


@dataclass(frozen=True, slots=True)
class Vouching:
    """Writes and reads the ``app`` strings of transports: an identity, and HMAC-SHA256 (RFC 2104) under the hub's key.

    It holds for one room on one relay, so that no relay shows a restarted hub people whom it has never carried there.
    """

    key: bytes = field(repr=False)

    @classmethod
    def of(cls, keys: KeyStore) -> "Vouching":
        """Blocking: with the deployment's key, which is made at the first start."""
        return cls(keys.get_or_create(ENDPOINT_KEY))

    def write(self, room_id: str, relay_id: str, identity: EndpointIdentity, direction: str) -> str:
        """Return the ``app`` string of one of its transports."""
        site = (identity.site_name or "")[:_NAME_LENGTH]
        who = [identity.id, identity.kind, identity.name[:_NAME_LENGTH], identity.owner_id, identity.site_id, site]
        fields = [*who, direction]
        return json.dumps([*fields, self._code(room_id, relay_id, fields)], ensure_ascii=False)

    def read(self, room_id: str, relay_id: str, app: str) -> tuple[EndpointIdentity, str]:
        """Return identity and direction. Raises ValueError unless this hub wrote it for that room and relay."""
        values = json.loads(app)
        if not isinstance(values, list) or len(values) != 8 or not all(isinstance(one, str | None) for one in values):
            raise ValueError("not an endpoint")
        *fields, code = values
        if not hmac.compare_digest(self._code(room_id, relay_id, fields).encode(), str(code).encode()):
            raise ValueError("an endpoint of somebody else's")
        endpoint_id, kind, name, owner_id, site_id, site_name, direction = fields
        return EndpointIdentity(endpoint_id, kind, name, owner_id, site_id, site_name or None), direction

    def _code(self, room_id: str, relay_id: str, fields: list[str | None]) -> str:
        context = json.dumps(["plenum-endpoint-1", room_id, relay_id, *fields])
        return hmac.new(self.key, context.encode(), hashlib.sha256).hexdigest()
