"""The way to the organisation's mail server (RFC 5321, RFC 3207). Blocking; the hub calls it in a thread."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType

from signaling.settings import Settings

TIMEOUT_S = 30.0
PERMANENT = 500  # SMTP replies from here on are final (RFC 5321 §4.2.1)


class SendFailed(Exception):
    """``code`` is stable; ``final``: trying again would not help; ``everybody``: it concerns every message."""

    def __init__(self, code: str, *, final: bool = False, everybody: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.final = final
        self.everybody = everybody


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over, and how."""

    host: str
    port: int
    security: str
    username: str
    password_file: str
    ca_file: str

    @classmethod
    def of(cls, settings: Settings) -> "MailServer":
        """Return the server that the settings name."""
        return cls(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_username,
            settings.smtp_password_file,
            settings.smtp_ca_file,
        )


class MailSession:
    """One connection to the server. Raises SendFailed; after one that concerns everybody it is of no use."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> "MailSession":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def open(self) -> smtplib.SMTP:
        """Connect, encrypt and sign in."""
        server = self._server
        try:
            if server.security == "tls":
                client: smtplib.SMTP = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=TIMEOUT_S, context=self._tls()
                )
            else:
                client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
            self._client = client
            if server.security == "starttls":
                client.starttls(context=self._tls())
            if server.username:
                client.login(server.username, Path(server.password_file).read_text("utf-8").strip())
        except smtplib.SMTPAuthenticationError as error:
            raise SendFailed("smtp_sign_in", everybody=True) from error
        except ssl.SSLError as error:
            raise SendFailed("smtp_certificate", everybody=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise SendFailed("smtp_unreachable", everybody=True) from error
        return client

    def send(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        """Hand one message over to one recipient; once this returns the server answers for it."""
        client = self._client or self.open()
        try:
            client.send_message(mail, sender, [recipient])
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(next(iter(error.recipients.values()))[0]) from error
        except smtplib.SMTPSenderRefused as error:
            raise SendFailed("smtp_sender", everybody=True) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise SendFailed("smtp_unreachable", everybody=True) from error

    def close(self) -> None:
        """End the connection; harmless if it has ended."""
        client, self._client = self._client, None
        if client is None:
            return
        try:
            client.quit()
        except (smtplib.SMTPException, OSError):
            client.close()

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self._server.ca_file or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def _refused(code: int) -> SendFailed:
    final = code >= PERMANENT
    return SendFailed("smtp_refused" if final else "smtp_deferred", final=final)
