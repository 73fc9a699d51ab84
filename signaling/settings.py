"""Settings of the hub, read from the environment here and nowhere else.

Every variable starts with ``PLENUM_``; ``plenum serve --help`` lists them with their defaults.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from auth.model import Label
from signaling.errors import BadSetting


def _setting(name: str, default: object, text: str) -> object:
    return field(default=default, metadata={"name": f"PLENUM_{name}", "text": text})


@dataclass(frozen=True, slots=True)
class Settings:
    """Frozen settings of one deployment; defaults suit one machine."""

    data: Path = _setting("DATA", Path("var/plenum"), "folder of database, keys and blobs")  # type: ignore[assignment]
    host: str = _setting("HOST", "127.0.0.1", "address the browsers' listener binds to")  # type: ignore[assignment]
    port: int = _setting("PORT", 8443, "port of the browsers' listener")  # type: ignore[assignment]
    name: str = _setting("NAME", "localhost", "host name in the address that browsers open")  # type: ignore[assignment]
    control_host: str = _setting("CONTROL_HOST", "127.0.0.1", "address of the relays' listener")  # type: ignore[assignment]
    control_port: int = _setting("CONTROL_PORT", 8444, "port of the relays' listener")  # type: ignore[assignment]
    relay_listen: str = _setting("RELAY_LISTEN", "0.0.0.0", "address the sibling relay binds to")  # type: ignore[assignment]  # noqa: S104
    relay_port: int = _setting("RELAY_PORT", 7443, "UDP port of the sibling relay")  # type: ignore[assignment]
    relay_announce: str = _setting("RELAY_ANNOUNCE", "", "addresses given to browsers, comma separated; empty: own ones")  # type: ignore[assignment]
    organisation: str = _setting("ORGANISATION", "Plenum", "name on certificates and papers")  # type: ignore[assignment]
    label_ceiling: Label = _setting("LABEL_CEILING", Label.INTERNAL, "highest label this deployment is cleared for, 0-5")  # type: ignore[assignment]
    session_policy: str = _setting("SESSION_POLICY", "default", "session policy: default or vn-l3")  # type: ignore[assignment]
    upload_limit: int = _setting("UPLOAD_LIMIT", 64 * 2**20, "largest paper in bytes")  # type: ignore[assignment]
    presence_grace_s: int = _setting("PRESENCE_GRACE_S", 60, "seconds before a lost connection ends presence")  # type: ignore[assignment]

    @property
    def origin(self) -> str:
        """The one origin whose pages may speak to the hub."""
        return f"https://{self.name}" if self.port == 443 else f"https://{self.name}:{self.port}"

    @property
    def control_url(self) -> str:
        """Where a relay on this machine reaches the hub."""
        return f"wss://localhost:{self.control_port}/control"

    @property
    def announced(self) -> tuple[str, ...]:
        """Relay addresses given to browsers; empty means that the relay lists its own."""
        return tuple(part.strip() for part in self.relay_announce.split(",") if part.strip())


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises BadSetting naming the variable and what it should hold."""
    values: dict[str, object] = {}
    for one in fields(Settings):
        text = environment.get(one.metadata["name"])
        if text is not None:
            values[one.name] = _convert(one.metadata["name"], type(one.default), text)
    return Settings(**values)  # type: ignore[arg-type]


def _convert(name: str, kind: type, text: str) -> object:
    try:
        if issubclass(kind, Path):
            return Path(text)
        return kind(int(text)) if issubclass(kind, int) else text
    except ValueError as error:
        raise BadSetting(name, text) from error


def describe() -> str:
    """Return the settings' names, defaults and meaning, one a line."""
    return "\n".join(f"  {one.metadata['name']:26} {one.metadata['text']} [{one.default}]" for one in fields(Settings))
