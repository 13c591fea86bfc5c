"""Make an account for a person of the staff."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from seloste.catalogue.types.normal import one_line
from seloste.clock import to_utc_text
from seloste.errors import BadValue
from seloste.operations.accounts import passwords
from seloste.operations.accounts.errors import AccountError
from seloste.operations.actor import Actor
from seloste.store import accounts, journal
from seloste.store.engine import Database


@dataclass(frozen=True, slots=True)
class Created:
    """The new account's id."""

    account: str


def create_account(
    deployment: Database,
    email: str,
    name: str,
    *,
    language: str = "fi",
    password: str | None = None,
    actor: Actor,
    now: datetime,
) -> Created:
    """Add an account. Without a password nobody can sign in to it yet; ``language`` is empty until one is chosen.

    Raises AccountError for an e-mail that is not one or is taken, an empty name or an unknown language, and
    PasswordError.
    """
    address = checked_email(email)
    called = one_name(name, 100)
    if called is None:
        raise AccountError(
            "Nimi puuttuu, on liian pitkä, tai siinä on merkki, joka ei kuulu nimeen. Kirjoita etunimi ja sukunimi.",
            "The name is missing, is too long, or has a character that no name has. Write the first and the last name.",
        )
    if language not in ("", "fi", "en"):
        raise AccountError("Kieli on fi tai en.", "The language is fi or en.")
    if password is not None:
        passwords.check(password, email=address, name=called)
    hashed = None if password is None else passwords.hashed(password)
    # A letter first, so that an id is never taken for a number.
    identity = "a" + secrets.token_hex(6)
    account = accounts.Account(identity, address, called, language, "system", True, False, to_utc_text(now), None)
    with deployment.transaction() as conn:
        if not accounts.insert(conn, account, hashed):
            raise AccountError(
                "Sähköpostilla on jo tunnus. Listaa tunnukset komennolla seloste user list.",
                "The e-mail has an account already. List the accounts with seloste user list.",
            )
        journal.append(conn, journal.Entry(now, actor.account, "", "create_account", note=identity))
    return Created(identity)


def one_name(text: str, most: int) -> str | None:
    """A name as any text of a register is kept: on one line, nothing invisible in it; None when it is none.

    What turns the direction of writing, or moves the mark of a terminal, would have one account look like another.
    """
    try:
        return one_line(text, most)
    except BadValue:
        return None


def checked_email(text: str) -> str:
    """An e-mail address in its normal form. Raises AccountError."""
    from email_validator import EmailNotValidError, validate_email

    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as problem:
        raise AccountError(
            "Sähköpostiosoite ei ole oikein. Kirjoita esimerkiksi etunimi.sukunimi@yritys.example.",
            "The e-mail address is not right. Write for example first.last@company.example.",
        ) from problem
    return normal_email(found.normalized)


def normal_email(text: str) -> str:
    """An address as it is looked up: composed letters (NFC), small ones, no spaces around it."""
    return unicodedata.normalize("NFC", text.strip().casefold())
