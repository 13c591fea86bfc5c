"""Settings of one installation, read from the environment (``SELOSTE_*``); each has a default that works on a desk."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from seloste.errors import SelosteError

PREFIX = "SELOSTE_"


class SettingError(SelosteError):
    """A setting of the environment has a value that cannot be used; the message names the setting, not the value."""


class Durability(StrEnum):
    """When a journal entry of a read is safe on the disk. Entries of writes always commit with their write."""

    EACH = "each"
    """Before the answer to that read goes out."""
    GROUP = "group"
    """With the next group of entries, within a fraction of a second; a crash of the machine may lose that group."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation.

    ``database_url`` is ``None`` for SQLite files under ``data_dir``, else ``postgresql://...``.
    ``key_file`` holds the secret that encrypts sensitive items; keep it out of the backups of the database.
    ``ledger_dir`` holds what a restore must know of the time after a backup; keep it on another disk than the data.
    """

    data_dir: Path = Path("var")
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    key_file: Path = Path("var/secret.key")
    demo: bool = False
    journal_durability: Durability = Durability.GROUP
    allow_test_identity_codes: bool = False
    language: str = "en"
    ledger_dir: Path | None = None
    backup_days: int = 90
    """How long backups are kept: the ledger forgets what is older, and no older backup can be brought back."""
    smtp_url: str | None = None
    """The mail server, ``smtp://`` or ``smtps://``; without it no mail is sent (docs/howto/mail.md)."""
    smtp_password_file: Path | None = None
    mail_from: str | None = None
    public_url: str | None = None
    """Where people reach these pages, without a slash at the end; what letters link to. Never taken from a request."""
    identification_file: Path | None = None
    """The providers of strong identification, a TOML file (docs/howto/identification.md); without it there are none."""
    second_step: str = "optional"
    """``required``: whoever signs in by a password adds a second step before anything else (docs/howto/accounts.md)."""
    log_format: str | None = None
    """``text``, or ``json`` for one object a line; unset, text on a terminal and JSON elsewhere."""
    metrics_token_file: Path | None = None
    """What a monitor shows to read ``/metrics``; without it only a desk is answered (docs/howto/running.md)."""
    metrics_registers: bool = False
    """Whether metrics name registers. A register's name may be that of a person, so they do not by themselves."""
    security_contact: tuple[str, ...] = ()
    """Where faults of security are told, as addresses (``mailto:``, ``https:``, ``tel:``), the best one first."""
    security_expires: dt.date | None = None
    """The last day on which ``security.txt`` holds; after it none is served."""
    canary_to: str | None = None
    """Where the daily trial letter goes; unset, to the address of ``mail_from``."""
    canary_web: bool = False
    """Whether the daily trial asks for its page at ``public_url`` too, over the proxy and the network before it."""
    backups_dir: Path | None = None
    """The folder in which backups are made, a folder each, so that ``seloste doctor`` can see how old the last is."""
    certificate: str | None = None
    """The certificate that people's browsers are shown: a PEM file, or ``host:port`` where it is served."""
    cells_file: Path | None = None
    """PostgreSQL servers beside the installation's own, a TOML file (docs/howto/scale.md)."""

    @property
    def ledgers(self) -> Path:
        """The folder of the ledgers; in the data folder unless it is named."""
        return self.data_dir / "ledger" if self.ledger_dir is None else self.ledger_dir

    @property
    def sends_mail(self) -> bool:
        """Whether letters can be sent, with addresses that lead back here."""
        return None not in (self.smtp_url, self.mail_from, self.public_url)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read ``SELOSTE_DATA_DIR``, ``_DATABASE_URL``, ``_HOST``, ``_PORT``, ``_KEY_FILE``, ``_DEMO`` (``0``,
        ``1``), ``_JOURNAL_DURABILITY`` (``group``, ``each``), ``_ALLOW_TEST_IDENTITY_CODES`` (``0``, ``1``),
        ``_LANGUAGE`` (``fi``, ``en``), ``_LEDGER_DIR``, ``_BACKUP_DAYS``, ``_SMTP_URL``, ``_SMTP_PASSWORD_FILE``,
        ``_MAIL_FROM``, ``_PUBLIC_URL``, ``_IDENTIFICATION_FILE``, ``_SECOND_STEP`` (``optional``, ``required``),
        ``_LOG_FORMAT`` (``text``, ``json``), ``_METRICS_TOKEN_FILE``, ``_METRICS_REGISTERS`` (``0``, ``1``),
        ``_SECURITY_CONTACT`` (addresses with spaces between), ``_SECURITY_EXPIRES`` (a day), ``_CANARY_TO``,
        ``_CANARY_WEB`` (``0``, ``1``), ``_BACKUPS_DIR``, ``_CERTIFICATE`` and ``_CELLS_FILE``.

        An empty variable counts as not set. Without ``_LANGUAGE`` the system's locale decides: Finnish or English.
        Raises :class:`SettingError` for a value that cannot be used and for an unknown ``SELOSTE_`` variable.
        """
        environ = os.environ if environ is None else environ
        given = {key.removeprefix(PREFIX): value for key, value in environ.items() if key.startswith(PREFIX) and value}
        if unknown := sorted(given.keys() - {name.upper() for name in cls.__slots__}):
            raise SettingError(
                f"{PREFIX}{unknown[0]} ei ole Selosteen asetus. Korjaa nimi tai poista se.",
                f"{PREFIX}{unknown[0]} is not a setting of Seloste. Correct its name or remove it.",
            )
        data_dir = Path(given.get("DATA_DIR", "var"))
        return cls(
            data_dir=data_dir,
            database_url=_database_url(given.get("DATABASE_URL")),
            host=given.get("HOST", "127.0.0.1"),
            port=_port(given.get("PORT", "8000")),
            key_file=Path(given["KEY_FILE"]) if "KEY_FILE" in given else data_dir / "secret.key",
            demo=_switch(given, "DEMO"),
            journal_durability=Durability(_one_of(given, "JOURNAL_DURABILITY", "group", ("group", "each"))),
            allow_test_identity_codes=_switch(given, "ALLOW_TEST_IDENTITY_CODES"),
            language=_one_of(given, "LANGUAGE", _system_language(environ), ("fi", "en")),
            ledger_dir=_path(given, "LEDGER_DIR"),
            backup_days=_days(given.get("BACKUP_DAYS", "90")),
            smtp_url=_smtp_url(given.get("SMTP_URL")),
            smtp_password_file=_path(given, "SMTP_PASSWORD_FILE"),
            mail_from=_mail_address("MAIL_FROM", given.get("MAIL_FROM")),
            public_url=_public_url(given.get("PUBLIC_URL")),
            identification_file=_path(given, "IDENTIFICATION_FILE"),
            second_step=_one_of(given, "SECOND_STEP", "optional", ("optional", "required")),
            log_format=_one_of(given, "LOG_FORMAT", "text", ("text", "json")) if "LOG_FORMAT" in given else None,
            metrics_token_file=_path(given, "METRICS_TOKEN_FILE"),
            metrics_registers=_switch(given, "METRICS_REGISTERS"),
            security_contact=_contacts(given.get("SECURITY_CONTACT", "")),
            security_expires=_day("SECURITY_EXPIRES", given.get("SECURITY_EXPIRES")),
            canary_to=_mail_address("CANARY_TO", given.get("CANARY_TO")),
            canary_web=_switch(given, "CANARY_WEB"),
            backups_dir=_path(given, "BACKUPS_DIR"),
            certificate=given.get("CERTIFICATE"),
            cells_file=_path(given, "CELLS_FILE"),
        )


def _path(given: Mapping[str, str], name: str) -> Path | None:
    return Path(given[name]) if name in given else None


def _unusable(name: str, fi: str, en: str) -> SettingError:
    return SettingError(
        f"Asetuksen {PREFIX}{name} arvoa ei voi käyttää. Anna {fi}.",
        f"The value of {PREFIX}{name} cannot be used. Give {en}.",
    )


def _days(value: str) -> int:
    if value.isascii() and value.isdecimal() and 1 <= int(value) <= 3660:
        return int(value)
    raise _unusable("BACKUP_DAYS", "päivien määrä väliltä 1–3660", "a number of days between 1 and 3660")


def _database_url(value: str | None) -> str | None:
    if value is None or value.startswith(("postgresql://", "postgres://")):
        return value
    raise _unusable(
        "DATABASE_URL",
        "osoite, joka alkaa postgresql://, tai jätä asetus pois, jolloin käytetään SQLitea",
        "an address that begins with postgresql://, or leave it out to use SQLite",
    )


def _smtp_url(value: str | None) -> str | None:
    parts = _parts(value)
    if value is None or (parts and parts.scheme in ("smtp", "smtps") and parts.query in ("", "tls=off")):
        return value
    raise _unusable(
        "SMTP_URL",
        "osoite, joka alkaa smtp:// tai smtps://, esimerkiksi smtp://tunnus:salasana@posti.example:587",
        "an address that begins with smtp:// or smtps://, for example smtp://user:password@mail.example:587",
    )


def _contacts(value: str) -> tuple[str, ...]:
    found = tuple(value.split())
    if all(re.fullmatch(r"(mailto:[^@\s]+@[^@\s]+|https://\S+|tel:\+?[\d-]+)", each) for each in found):
        return found
    raise _unusable(
        "SECURITY_CONTACT",
        "osoitteita, jotka alkavat mailto:, https:// tai tel:, välilyönnein erotettuna",
        "addresses that begin with mailto:, https:// or tel:, with spaces between",
    )


def _day(name: str, value: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if value is not None else None
    except ValueError:
        raise _unusable(name, "päivä, esimerkiksi 2027-06-30", "a day, for example 2027-06-30") from None


def _mail_address(name: str, value: str | None) -> str | None:
    if value is None or re.fullmatch(r"([^<>@\r\n]*<)?[^<>@\s]+@[^<>@\s]+>?", value):
        return value
    raise _unusable(
        name,
        "sähköpostiosoite, esimerkiksi tietosuoja@yritys.example",
        "an e-mail address, for example privacy@company.example",
    )


def _public_url(value: str | None) -> str | None:
    parts = _parts(value)
    if value is None:
        return None
    if parts and parts.scheme in ("http", "https") and parts.path in ("", "/") and not parts.query:
        return value.rstrip("/")
    raise _unusable(
        "PUBLIC_URL",
        "osoite, jossa sivut näkyvät, esimerkiksi https://rekisteri.yritys.example",
        "the address at which the pages are seen, for example https://register.company.example",
    )


def _parts(value: str | None) -> SplitResult | None:
    """An address in parts; None when it is none."""
    try:
        parts = urlsplit(value or "")
        known = parts.hostname is not None and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if known and not parts.fragment else None


def _port(value: str) -> int:
    if value.isdecimal() and 0 < int(value) < 65536:
        return int(value)
    raise _unusable("PORT", "luku väliltä 1-65535", "a number from 1 to 65535")


def _switch(given: Mapping[str, str], name: str) -> bool:
    return _one_of(given, name, "0", ("0", "1")) == "1"


def _one_of(given: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = given.get(name, default)
    if value in allowed:
        return value
    raise _unusable(name, "jokin näistä: " + ", ".join(allowed), "one of: " + ", ".join(allowed))


def _system_language(environ: Mapping[str, str]) -> str:
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "fi" if locale.startswith("fi") else "en"
