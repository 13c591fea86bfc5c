"""The mail server: where it is, and one letter handed to it (RFC 5321), always encrypted outside this machine."""

from __future__ import annotations

import datetime as dt
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import unquote, urlsplit

from seloste.errors import SelosteError
from seloste.operations.mail.letter import Letter, message
from seloste.settings import Settings

SECONDS = 20.0
"""How long the server may take to answer."""
LOOK_SECONDS = 8.0
"""The same, while somebody waits to be told whether it does."""


class MailNotSetUpError(SelosteError):
    """This installation sends no mail. Said to whoever is at work: what did not happen, and whom to ask.

    What the owner sets is told by ``seloste doctor``.
    """

    def __init__(self, fi: str = "", en: str = "") -> None:
        super().__init__(
            f"{fi or 'Tätä ei voi tehdä.'} Seloste ei vielä lähetä sähköpostia. Mitään ei tallennettu. Kerro asiasta "
            "sille, joka pitää Selostetta yllä: komento `seloste doctor` neuvoo hänelle, mitä asettaa.",
            f"{en or 'This cannot be done.'} Seloste sends no e-mail yet. Nothing was stored. Tell whoever runs "
            "Seloste for you: the command `seloste doctor` shows them what to set.",
        )


class MailError(SelosteError):
    """The letter did not leave. ``lasting`` says that another try would not help."""

    def __init__(self, *, lasting: bool) -> None:
        super().__init__("Kirje ei lähtenyt.", "The letter did not leave.")
        self.lasting = lasting


class Transport(Protocol):
    """What hands letters on."""

    def send(self, letter: Letter, now: dt.datetime) -> None:
        """Hand one letter on. Raises MailError."""
        ...


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. ``tls`` is ``at_once`` (smtps), ``start`` (STARTTLS, RFC 3207, or nothing) or ``off``."""

    host: str
    port: int
    tls: str
    user: str
    password: str
    sender: str

    def send(self, letter: Letter, now: dt.datetime, context: Callable[[], ssl.SSLContext] | None = None) -> None:
        """Hand one letter on. Raises MailError."""
        made = message(letter, self.sender, now)
        with _told(), self._known(context or ssl.create_default_context, SECONDS) as client:
            client.send_message(made)

    def look(self, context: Callable[[], ssl.SSLContext] | None = None) -> bool:
        """Go as far as a letter would and hand none on; whether it was encrypted. Raises MailError."""
        with _told(), self._known(context or ssl.create_default_context, LOOK_SECONDS) as client:
            code, words = client.mail(parseaddr(self.sender)[1])
            if code != 250:
                raise smtplib.SMTPResponseException(code, words)
            client.rset()
            return isinstance(client.sock, ssl.SSLSocket)

    @contextmanager
    def _known(self, context: Callable[[], ssl.SSLContext], seconds: float) -> Iterator[smtplib.SMTP]:
        """A connection that letters may go by."""
        client: smtplib.SMTP
        if self.tls == "at_once":
            client = smtplib.SMTP_SSL(self.host, self.port, timeout=seconds, context=context())
        else:
            client = smtplib.SMTP(self.host, self.port, timeout=seconds)
        with client:
            client.ehlo_or_helo_if_needed()
            if self.tls == "start":
                client.starttls(context=context())
            if self.user:
                client.login(self.user, self.password)
            yield client


@contextmanager
def _told() -> Iterator[None]:
    """What the server or the network says, as a MailError."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _ in problem.recipients.values()]
        raise MailError(lasting=all(code >= 500 for code in codes)) from problem
    except smtplib.SMTPAuthenticationError as problem:
        # The password may be put right while the letter waits.
        raise MailError(lasting=False) from problem
    except smtplib.SMTPResponseException as problem:
        raise MailError(lasting=problem.smtp_code >= 500) from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise MailError(lasting=False) from problem


def server_of(settings: Settings) -> Server:
    """The mail server of the settings. Raises MailNotSetUpError."""
    if not is_set_up(settings):
        raise MailNotSetUpError
    assert settings.smtp_url is not None and settings.mail_from is not None
    parts = urlsplit(settings.smtp_url)
    host = parts.hostname or ""
    at_once = parts.scheme == "smtps"
    plain = parts.query == "tls=off" or _is_here(host)
    password = unquote(parts.password or "")
    if settings.smtp_password_file is not None:
        password = _read(settings)
    return Server(
        host=host,
        port=parts.port or (465 if at_once else 25 if plain else 587),
        tls="at_once" if at_once else "off" if plain else "start",
        user=unquote(parts.username or ""),
        password=password,
        sender=settings.mail_from,
    )


def is_set_up(settings: Settings) -> bool:
    """Whether letters can be sent, with addresses that lead back here."""
    return None not in (settings.smtp_url, settings.mail_from, settings.public_url)


def _read(settings: Settings) -> str:
    assert settings.smtp_password_file is not None
    try:
        return settings.smtp_password_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise SelosteError(
            "Asetuksen SELOSTE_SMTP_PASSWORD_FILE tiedostoa ei voi lukea. Tarkista polku ja lukuoikeus.",
            "The file of SELOSTE_SMTP_PASSWORD_FILE cannot be read. Check its path and who may read it.",
        ) from problem


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
