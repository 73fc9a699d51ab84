"""Settings of the hub, read from the environment here and nowhere else.

The variable of a setting is ``PLENUM_`` and its name in capitals; ``plenum serve --help`` lists them all.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Annotated, get_type_hints

from auth.audit.alerts import parse_office_hours
from auth.email_address import canonical_email
from auth.errors import EmailInvalid
from auth.model import Label
from auth.session_policy import SESSION_POLICIES
from media.announce import parse_announcement
from media.errors import AnnouncementError
from signaling.errors import BadSetting
from signaling.proxies import is_loopback, parse_networks

UNIX = "unix:"
_RELAY_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_RELAY_PROCESSES = re.compile(r"auto|[1-9]|[1-5][0-9]|6[0-4]")
_LONGEST_SUFFIX = "-64"
DIST = Path(str(files("web_client"))) / "dist"


@dataclass(frozen=True, slots=True)
class Settings:
    """Frozen settings of one deployment; the defaults suit one machine."""

    data: Annotated[Path, "folder of database, keys and blobs"] = Path("var/plenum")
    host: Annotated[str, "address the browsers' listener binds to; unix:PATH for a proxy"] = "127.0.0.1"
    port: Annotated[int, "port of the browsers' listener"] = 8443
    tls: Annotated[str, "on; off only behind a proxy, on a loopback address or unix:PATH"] = "on"
    name: Annotated[str, "host name in the address that browsers open"] = "localhost"
    external_port: Annotated[int, "port in that address where a proxy has another; 0: the listener's"] = 0
    trusted_proxies: Annotated[str, "proxies' addresses or networks whose X-Forwarded-For counts, commas between"] = ""
    control_host: Annotated[str, "address of the relays' listener"] = "127.0.0.1"
    control_port: Annotated[int, "port of the relays' listener; 0: the browsers' port + 1, or + 2"] = 0
    relay_listen: Annotated[str, "address the relay beside the hub binds to; empty: all, IPv6 and IPv4"] = ""
    relay_port: Annotated[int, "UDP and TCP port of the relay beside the hub"] = 7443
    relay_name: Annotated[str, "its name, another for each relay of the deployment"] = "local"
    relay_processes: Annotated[str, "relays beside the hub, on following ports; auto: one for each core"] = "1"
    dataplane: Annotated[str, "what forwards packets: native, python, or auto, which prefers native"] = "auto"
    drain_seconds: Annotated[int, "longest time for which a relay that shall end waits for its people to move"] = 30
    relay_announce: Annotated[str, "relay's ADDRESS[:PORT][/udp|tcp] for pages, comma separated; empty: its own"] = ""
    pictures: Annotated[int, "pictures of others that a page receives at once; beyond them there is sound alone"] = 25
    turn_urls: Annotated[str, "TURN servers for pages, as turn:HOST:3478?transport=udp, comma separated"] = ""
    turn_secret_file: Annotated[str, "file that holds the secret shared with them (static-auth-secret of coturn)"] = ""
    organisation: Annotated[str, "name on certificates and papers"] = "Plenum"
    label_ceiling: Annotated[Label, "highest label this deployment is cleared for, 0 to 5"] = Label.INTERNAL
    session_policy: Annotated[str, "session policy: default or vn-l3"] = "default"
    upload_limit: Annotated[int, "largest paper in bytes"] = 64 * 2**20
    client: Annotated[Path, "folder of the built web client"] = DIST
    mail_from: Annotated[str, "sender of mail; empty: plenum@ and the host name"] = ""
    smtp_host: Annotated[str, "server that takes mail; empty: mail is written as files below the data folder"] = ""
    smtp_port: Annotated[int, "port of the mail server"] = 587
    smtp_security: Annotated[str, "starttls, tls, or none (only on this machine)"] = "starttls"
    smtp_username: Annotated[str, "account at the mail server; empty: no sign-in"] = ""
    smtp_password_file: Annotated[str, "file that holds the account's password"] = ""
    smtp_ca_file: Annotated[str, "certificates to trust for the mail server; empty: the system's"] = ""
    reminder_hours: Annotated[int, "hours before a meeting at which everybody is reminded; 0: never"] = 24
    presence_grace_s: Annotated[int, "seconds before a lost connection ends presence"] = 60
    chat_retention_days: Annotated[int, "days after which the chat of an archived meeting is erased"] = 30
    recording: Annotated[bool, "1: a meeting may be recorded where its chair or secretary allows it; 0: none"] = True
    recording_retention_days: Annotated[int, "days after which a recording is destroyed; 0: kept"] = 90
    audit_details_days: Annotated[int, "days after which details of log entries are erased; 0: kept"] = 0
    office_hours: Annotated[str, "sign-ins outside call an officer, as 07:00-19:00 Asia/Ho_Chi_Minh; empty: never"] = ""
    metrics_host: Annotated[str, "address of the listener for Prometheus"] = "127.0.0.1"
    metrics_port: Annotated[int, "its port; 0: there is none"] = 0
    metrics_token_file: Annotated[str, "file with the token that it asks for; needed beyond this machine"] = ""
    demo: Annotated[bool, "1: offer the demo's accounts and codes to everybody; never for real people"] = False

    @property
    def database_file(self) -> Path:
        """The SQLite file."""
        return self.data / "plenum.sqlite"

    @property
    def checkpoint_file(self) -> Path:
        """Signed checkpoints of the audit log, outside the database."""
        return self.data / "audit" / "checkpoints.txt"

    @property
    def sender(self) -> str:
        """The address mail comes from."""
        return self.mail_from or f"plenum@{self.name}"

    @property
    def origin(self) -> str:
        """The one origin whose pages may speak to the hub."""
        port = self.external_port or self.port
        return f"https://{self.name}" if port == 443 else f"https://{self.name}:{port}"

    @property
    def unix_socket(self) -> Path | None:
        """The socket that a proxy on this machine opens in place of a port."""
        return Path(self.host.removeprefix(UNIX)) if self.host.startswith(UNIX) else None

    @property
    def relays_port(self) -> int:
        """The port on which relays reach the hub."""
        following = self.port + 1
        return self.control_port or (following if following != self.relay_port else following + 1)

    @property
    def control_url(self) -> str:
        """Where a relay on this machine reaches the hub."""
        return f"wss://localhost:{self.relays_port}/control"

    @property
    def announced(self) -> tuple[str, ...]:
        """Relay addresses given to browsers; empty means that the relay lists its own."""
        return tuple(part.strip() for part in self.relay_announce.split(",") if part.strip())


DATA_PLANE_CHOICES = ("auto", "native", "python")
_LIMITS = (
    ("port", 1, 65535),
    ("external_port", 0, 65535),
    ("control_port", 0, 65535),
    ("relay_port", 1, 65535),
    ("pictures", 1, 200),
    ("smtp_port", 1, 65535),
    ("metrics_port", 0, 65535),
    ("drain_seconds", 0, 3600),
    ("reminder_hours", 0, 24 * 14),
    ("upload_limit", 1024, 2**31),
    ("presence_grace_s", 1, 86_400),
    ("chat_retention_days", 0, 36_500),
    ("recording_retention_days", 0, 36_500),
    ("audit_details_days", 0, 36_500),
)


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises BadSetting naming the variable and what it holds."""
    kinds = get_type_hints(Settings)
    values: dict[str, object] = {}
    for one in fields(Settings):
        text = environment.get(variable(one.name))
        if text is not None:
            values[one.name] = _convert(variable(one.name), kinds[one.name], text)
    settings = Settings(**values)  # type: ignore[arg-type]
    _check(settings)
    return settings


def to_environment(settings: Settings) -> dict[str, str]:
    """Return the environment from which ``from_environment`` reads the same settings, for processes we start."""
    return {variable(one.name): _text(getattr(settings, one.name)) for one in fields(Settings)}


def describe() -> str:
    """Return the settings' variables, meaning and defaults, one a line."""
    hints = get_type_hints(Settings, include_extras=True)
    return "\n".join(
        f"  {variable(one.name):25} {hints[one.name].__metadata__[0]} [{_text(one.default)}]"
        for one in fields(Settings)
    )


def _check(settings: Settings) -> None:
    """Raise BadSetting for a value of the right kind that cannot be meant."""
    for name, low, high in _LIMITS:
        value = getattr(settings, name)
        if not low <= value <= high:
            raise BadSetting(variable(name), str(value))
    try:
        for address in settings.announced:
            parse_announcement(address)
    except AnnouncementError as error:
        raise BadSetting(variable("relay_announce"), settings.relay_announce) from error
    if settings.session_policy not in SESSION_POLICIES:
        raise BadSetting(variable("session_policy"), settings.session_policy)
    if settings.dataplane not in DATA_PLANE_CHOICES:
        raise BadSetting(variable("dataplane"), settings.dataplane)
    try:
        parse_office_hours(settings.office_hours)
    except ValueError as error:
        raise BadSetting(variable("office_hours"), settings.office_hours) from error
    _check_mail(settings)
    _check_proxy(settings)
    _check_metrics(settings)
    _check_relays(settings)
    if not settings.name or any(letter in settings.name for letter in "/:@ "):
        raise BadSetting(variable("name"), settings.name)


def _check_metrics(settings: Settings) -> None:
    """Raise BadSetting where figures would be open to others."""
    if settings.metrics_port and not settings.metrics_token_file and not is_loopback(settings.metrics_host):
        raise BadSetting(variable("metrics_token_file"), settings.metrics_token_file)


def _check_relays(settings: Settings) -> None:
    """Raise BadSetting where relays could not be told apart, by the hub or by a firewall that forwards one port."""
    if not _RELAY_PROCESSES.fullmatch(settings.relay_processes):
        raise BadSetting(variable("relay_processes"), settings.relay_processes)
    several = settings.relay_processes != "1"
    if not _RELAY_NAME.fullmatch(settings.relay_name + (_LONGEST_SUFFIX if several else "")):
        raise BadSetting(variable("relay_name"), settings.relay_name)
    if several and any(parse_announcement(address).port for address in settings.announced):
        raise BadSetting(variable("relay_announce"), settings.relay_announce)


def _check_proxy(settings: Settings) -> None:
    """Raise BadSetting where passwords would cross a network in the clear, or a proxy's address cannot be read."""
    try:
        parse_networks(settings.trusted_proxies)
    except ValueError as error:
        raise BadSetting(variable("trusted_proxies"), settings.trusted_proxies) from error
    local = settings.unix_socket is not None or is_loopback(settings.host)
    if settings.tls not in ("on", "off") or (settings.tls == "off" and not local):
        raise BadSetting(variable("tls"), settings.tls)
    if settings.unix_socket is not None and (settings.tls == "on" or not settings.unix_socket.is_absolute()):
        raise BadSetting(variable("host"), settings.host)


def _check_mail(settings: Settings) -> None:
    """Raise BadSetting: mail leaves this machine encrypted or not at all, from one plain address."""
    if settings.smtp_security not in ("starttls", "tls", "none"):
        raise BadSetting(variable("smtp_security"), settings.smtp_security)
    if settings.smtp_security == "none" and settings.smtp_host not in ("", "localhost", "127.0.0.1", "::1"):
        raise BadSetting(variable("smtp_security"), settings.smtp_security)
    try:
        canonical_email(settings.mail_from)
    except EmailInvalid as error:
        raise BadSetting(variable("mail_from"), settings.mail_from) from error


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
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
