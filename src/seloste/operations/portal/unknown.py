"""Somebody who was identified strongly, and whom the register cannot tell: they may send a request all the same.

Who they are is proven; which row is theirs, if any, the staff find out. Until then what the provider said of them
travels with their browser, sealed, and is written down only with a request.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from seloste.catalogue.types import TYPES
from seloste.clock import from_utc_text, to_utc_text
from seloste.errors import BadValue
from seloste.operations.actor import Actor
from seloste.operations.identification.flow import Proven
from seloste.operations.identification.person import names_of
from seloste.operations.portal.me import ACCOUNT
from seloste.operations.rights.model import REQUEST, Done, RequestError
from seloste.operations.rights.receive import receive
from seloste.store import identified
from seloste.store.engine import StoreError
from seloste.store.keys import NONCE
from seloste.store.registers import Registers

PLACE = "portal.unknown"
LASTS = timedelta(minutes=30)
LONGEST = 3000

_HOW = {"fi": "tunnistettu vahvasti", "en": "identified strongly", "sv": "identifierad starkt"}
"""How they were known, for the staff, in the register's own language."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Who they are as the provider says, and its key."""

    name: str
    provider: str


def seal(registers: Registers, proven: Proven, now: datetime) -> str | None:
    """What the browser keeps; None when the provider told no name, for nobody could be found by that."""
    name = names_of(proven)
    if not name:
        return None
    text = json.dumps([name, proven.provider.key, proven.trip.register, to_utc_text(now + LASTS)])
    cell = registers.register_keys(proven.trip.register).encrypt(text, place=PLACE)
    return base64.urlsafe_b64encode(cell).decode().rstrip("=")


def unknown_of(registers: Registers, register: str, sealed: str | None, now: datetime) -> Unknown | None:
    """Who the browser's seal is of; None for one that is too old, of another register, or not ours."""
    if not sealed or len(sealed) > LONGEST:
        return None
    try:
        cell = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        if len(cell) <= NONCE:
            return None
        name, provider, whose, ends = json.loads(registers.register_keys(register).decrypt(cell, place=PLACE))
    except (binascii.Error, ValueError, StoreError):
        return None
    return Unknown(name, provider) if whose == register and now < from_utc_text(ends) else None


def ask_unknown(
    registers: Registers,
    register: str,
    sealed: str,
    right: str,
    *,
    asked: str,
    answer_to: str,
    language: str,
    now: datetime,
) -> Done:
    """Send a request; the month begins today. Each identification sends one.

    ``answer_to`` is an e-mail address or a phone number. Raises RequestError, also for a seal that is no good.
    """
    found = unknown_of(registers, register, sealed, now)
    if found is None:
        raise RequestError(
            "Tunnistautumisesi on vanhentunut. Tunnistaudu uudelleen.",
            "Your identification has grown too old. Identify yourself again.",
            "Din identifiering är för gammal. Identifiera dig på nytt.",
        )
    store = registers.open(register)
    if right not in {option.key for option in store.register.tables[REQUEST].kind.items["right"].options}:
        raise RequestError("Valitse, mitä pyydät.", "Choose what you ask.", "Välj vad du begär.")
    where = _address(answer_to)
    mark = hashlib.sha256(sealed.encode()).hexdigest()
    with registers.deployment.transaction() as conn:
        fresh = identified.use_up(conn, mark, now + LASTS, now)
    if not fresh:
        raise RequestError(
            "Pyyntösi on jo lähetetty. Vastaamme siihen.",
            "Your request has been sent already. We answer it.",
            "Din begäran har redan skickats. Vi besvarar den.",
        )
    how = _HOW.get(store.register.notice.languages[0], _HOW["en"])
    try:
        return receive(
            store,
            right,
            channel="portal",
            asked=asked,
            asked_by=f"{found.name}, {where}, {how}: {found.provider}",
            language=language,
            actor=Actor(ACCOUNT, ""),
            now=now,
        )
    except BaseException:
        # Two databases have no transaction in common. Whoever sends it once more may still be heard.
        with registers.deployment.transaction() as conn:
            identified.give_back(conn, mark)
        raise


def _address(text: str) -> str:
    """Where the answer goes, as it is written. Raises RequestError."""
    for name in ("email", "phone"):
        try:
            return str(TYPES[name].parse(text))
        except BadValue:
            continue
    raise RequestError(
        "Kirjoita sähköpostiosoite tai puhelinnumero, johon voimme vastata.",
        "Write an e-mail address or a phone number to which we can answer.",
        "Skriv en e-postadress eller ett telefonnummer dit vi kan svara.",
    )
