"""Settings of one installation, read from the environment (``SELOSTE_*``); each has a default that works on a desk."""

from __future__ import annotations

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
        """Read ``SELOSTE_DATA_DIR``, ``_DATABASE_URL``, ``_HOST``, ``_PORT``, ``_KEY_FILE``, ``_DEMO`` (``0``, ``1``),
        ``_JOURNAL_DURABILITY`` (``group``, ``each``), ``_ALLOW_TEST_IDENTITY_CODES`` (``0``, ``1``),
        ``_LANGUAGE`` (``fi``, ``en``), ``_LEDGER_DIR``, ``_BACKUP_DAYS``, ``_SMTP_URL``, ``_SMTP_PASSWORD_FILE``,
        ``_MAIL_FROM``, ``_PUBLIC_URL``, ``_IDENTIFICATION_FILE`` and ``_SECOND_STEP`` (``optional``, ``required``).

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
            ledger_dir=Path(given["LEDGER_DIR"]) if "LEDGER_DIR" in given else None,
            backup_days=_days(given.get("BACKUP_DAYS", "90")),
            smtp_url=_smtp_url(given.get("SMTP_URL")),
            smtp_password_file=Path(given["SMTP_PASSWORD_FILE"]) if "SMTP_PASSWORD_FILE" in given else None,
            mail_from=_mail_from(given.get("MAIL_FROM")),
            public_url=_public_url(given.get("PUBLIC_URL")),
            identification_file=Path(given["IDENTIFICATION_FILE"]) if "IDENTIFICATION_FILE" in given else None,
            second_step=_one_of(given, "SECOND_STEP", "optional", ("optional", "required")),
        )


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


def _mail_from(value: str | None) -> str | None:
    if value is None or re.fullmatch(r"([^<>@\r\n]*<)?[^<>@\s]+@[^<>@\s]+>?", value):
        return value
    raise _unusable(
        "MAIL_FROM",
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
