"""The address in a letter by which its mailing ends, without signing in (RFC 8058; Act 917/2014, s. 200(3)).

The address names the person and the mailing encrypted with the register's key: nobody reads it, and nobody makes one.
It does not grow old, since letters are kept.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from contextlib import suppress
from dataclasses import dataclass

from seloste.operations.mail.letter import one_click
from seloste.operations.mail.smtp import MailNotSetUpError
from seloste.operations.permissions.say import CannotSayError
from seloste.operations.portal.choices import Choice, choice_of, turn
from seloste.operations.records.model import NoSuchRowError
from seloste.settings import Settings
from seloste.store.engine import StoreError
from seloste.store.keys import NONCE, Keys
from seloste.store.registers import RegisterStore

PLACE = "portal.unsubscribe"
LONGEST = 2000


class NoSuchMailingError(NoSuchRowError):
    """The address is not one of ours, or the notice has no such mailing any more."""


@dataclass(frozen=True, slots=True)
class Mailing:
    """Whose mailing, and which."""

    person: int
    choice: Choice


def token(keys: Keys, mailing: Mailing) -> str:
    """What the address ends in."""
    text = json.dumps([mailing.person, mailing.choice.key])
    return base64.urlsafe_b64encode(keys.encrypt(text, place=PLACE)).decode().rstrip("=")


def mailing_of(store: RegisterStore, text: str) -> Mailing:
    """Whose mailing an address is of. Raises NoSuchMailingError."""
    if len(text) > LONGEST:
        raise NoSuchMailingError
    try:
        cell = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if len(cell) <= NONCE:
            raise NoSuchMailingError
        person, key = json.loads(store.keys.decrypt(cell, place=PLACE))
        return Mailing(int(person), choice_of(store.register, str(key)))
    except (binascii.Error, ValueError, TypeError, StoreError, CannotSayError) as problem:
        raise NoSuchMailingError from problem


def end_mailing(store: RegisterStore, text: str, *, language: str, now: dt.datetime) -> Mailing:
    """End it at once. Ending it again, or for somebody who is not held any more, is no error.

    Raises NoSuchMailingError.
    """
    found = mailing_of(store, text)
    with suppress(NoSuchRowError):
        turn(store, found.person, found.choice, on=False, language=language, how="letter", now=now)
    return found


def headers(settings: Settings, store: RegisterStore, mailing: Mailing) -> dict[str, str]:
    """The headers that a letter of the mailing carries. Raises MailNotSetUpError; LetterError without https."""
    if settings.public_url is None:
        raise MailNotSetUpError
    register = store.register.notice.register
    return one_click(f"{settings.public_url}/own/{register}/unsubscribe/{token(store.keys, mailing)}")
