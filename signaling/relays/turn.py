"""TURN servers for pages that reach no relay themselves, with credentials that end soon (the TURN REST API).

The server and the hub share a secret, so that nothing has to be agreed between them for each page: the user name says
until when it holds and whose it is, the password is its HMAC (draft-uberti-behave-turn-rest-00 §2.2).
"""

import base64
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from signaling.errors import BadSetting
from signaling.settings import Settings, variable

LIFETIME: Final = timedelta(hours=1)
MIN_SECRET_BYTES: Final = 16
_HOST: Final = r"(?:\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9.-]{1,253})"
_URL: Final = re.compile(rf"turns?:{_HOST}(?::\d{{1,5}})?(?:\?transport=(?:udp|tcp))?")


@dataclass(frozen=True, slots=True)
class TurnServers:
    """Where they are (RFC 7065) and what they and the hub know; none is the default."""

    urls: tuple[str, ...] = ()
    secret: bytes = field(default=b"", repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "TurnServers":
        """Read the secret from its file. Raises BadSetting; no address and no file means that there are none."""
        urls = tuple(url.strip() for url in settings.turn_urls.split(",") if url.strip())
        if not urls and not settings.turn_secret_file:
            return cls()
        if not urls or not all(map(_URL.fullmatch, urls)):
            raise BadSetting(variable("turn_urls"), settings.turn_urls)
        try:
            secret = Path(settings.turn_secret_file).read_bytes().strip()
        except OSError as error:
            raise BadSetting(variable("turn_secret_file"), settings.turn_secret_file) from error
        if len(secret) < MIN_SECRET_BYTES:
            raise BadSetting(variable("turn_secret_file"), settings.turn_secret_file)
        return cls(urls, secret)

    def ice_servers(self, user: str, now: datetime) -> list[dict[str, object]]:
        """What RTCPeerConnection takes as ``iceServers``, for one user until an hour from now."""
        if not self.urls:
            return []
        name = f"{int((now + LIFETIME).timestamp())}:{user}"
        password = base64.b64encode(hmac.digest(self.secret, name.encode(), "sha1")).decode()
        return [{"urls": list(self.urls), "username": name, "credential": password}]
