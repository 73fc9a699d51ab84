"""Settings of the hub, read from the environment here and nowhere else.

The variable of a setting is ``PLENUM_`` and its name in capitals; ``plenum serve --help`` lists them all.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, get_type_hints

from auth.model import Label
from auth.sessions import SESSION_POLICIES
from signaling.errors import BadSetting


@dataclass(frozen=True, slots=True)
class Settings:
    """Frozen settings of one deployment; the defaults suit one machine."""

    data: Annotated[Path, "folder of database, keys and blobs"] = Path("var/plenum")
    host: Annotated[str, "address the browsers' listener binds to"] = "127.0.0.1"
    port: Annotated[int, "port of the browsers' listener"] = 8443
    name: Annotated[str, "host name in the address that browsers open"] = "localhost"
    control_host: Annotated[str, "address of the relays' listener"] = "127.0.0.1"
    control_port: Annotated[int, "port of the relays' listener; 0: the browsers' port + 1"] = 0
    relay_listen: Annotated[str, "address the relay beside the hub binds to"] = "0.0.0.0"  # noqa: S104
    relay_port: Annotated[int, "UDP port of the relay beside the hub"] = 7443
    relay_announce: Annotated[str, "relay addresses given to browsers, comma separated; empty: its own"] = ""
    organisation: Annotated[str, "name on certificates and papers"] = "Plenum"
    label_ceiling: Annotated[Label, "highest label this deployment is cleared for, 0 to 5"] = Label.INTERNAL
    session_policy: Annotated[str, "session policy: default or vn-l3"] = "default"
    upload_limit: Annotated[int, "largest paper in bytes"] = 64 * 2**20
    presence_grace_s: Annotated[int, "seconds before a lost connection ends presence"] = 60

    @property
    def database_file(self) -> Path:
        """The SQLite file."""
        return self.data / "plenum.sqlite"

    @property
    def checkpoint_file(self) -> Path:
        """Signed checkpoints of the audit log, outside the database."""
        return self.data / "audit" / "checkpoints.txt"

    @property
    def origin(self) -> str:
        """The one origin whose pages may speak to the hub."""
        return f"https://{self.name}" if self.port == 443 else f"https://{self.name}:{self.port}"

    @property
    def relays_port(self) -> int:
        """The port on which relays reach the hub."""
        return self.control_port or self.port + 1

    @property
    def control_url(self) -> str:
        """Where a relay on this machine reaches the hub."""
        return f"wss://localhost:{self.relays_port}/control"

    @property
    def announced(self) -> tuple[str, ...]:
        """Relay addresses given to browsers; empty means that the relay lists its own."""
        return tuple(part.strip() for part in self.relay_announce.split(",") if part.strip())


_LIMITS = (
    ("port", 1, 65535),
    ("control_port", 0, 65535),
    ("relay_port", 1, 65535),
    ("upload_limit", 1024, 2**31),
    ("presence_grace_s", 1, 86_400),
)


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises BadSetting naming the variable and what it holds."""
    kinds = get_type_hints(Settings)
    values: dict[str, object] = {}
    for one in fields(Settings):
        text = environment.get(_variable(one.name))
        if text is not None:
            values[one.name] = _convert(_variable(one.name), kinds[one.name], text)
    settings = Settings(**values)  # type: ignore[arg-type]
    _check(settings)
    return settings


def to_environment(settings: Settings) -> dict[str, str]:
    """Return the environment from which ``from_environment`` reads the same settings, for processes we start."""
    return {_variable(one.name): _text(getattr(settings, one.name)) for one in fields(Settings)}


def describe() -> str:
    """Return the settings' variables, meaning and defaults, one a line."""
    hints = get_type_hints(Settings, include_extras=True)
    return "\n".join(
        f"  {_variable(one.name):25} {hints[one.name].__metadata__[0]} [{_text(one.default)}]"
        for one in fields(Settings)
    )


def _check(settings: Settings) -> None:
    """Raise BadSetting for a value of the right kind that cannot be meant."""
    for name, low, high in _LIMITS:
        value = getattr(settings, name)
        if not low <= value <= high:
            raise BadSetting(_variable(name), str(value))
    if settings.session_policy not in SESSION_POLICIES:
        raise BadSetting(_variable("session_policy"), settings.session_policy)
    if not settings.name or any(letter in settings.name for letter in "/:@ "):
        raise BadSetting(_variable("name"), settings.name)


def _variable(name: str) -> str:
    return f"PLENUM_{name.upper()}"


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, int) else str(value)


def _convert(name: str, kind: type, text: str) -> object:
    try:
        if issubclass(kind, Path):
            return Path(text)
        return kind(int(text)) if issubclass(kind, int) else text
    except ValueError as error:
        raise BadSetting(name, text) from error
