"""A letter to whoever has an account when what opens it was changed: if it was not them, they learn of it at once.

It says what was changed and nothing else. Without mail nobody is told, and the journal alone has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import Maker
from seloste.store import accounts, outbox
from seloste.store.registers import Registers

LETTER = "account_changed"
LASTS = timedelta(days=2)

What = Literal["password", "added", "removed", "recovery", "recovery_used", "reset"]

_WHAT: Mapping[str, tuple[str, str]] = {
    "password": ("Salasana vaihdettiin.", "The password was changed."),
    "added": (
        "Tunnukselle lisättiin kirjautumisen toinen vaihe tai pääsyavain.",
        "A second step of signing in or a passkey was added.",
    ),
    "removed": (
        "Tunnukselta poistettiin kirjautumisen toinen vaihe tai pääsyavain.",
        "A second step of signing in or a passkey was removed.",
    ),
    "recovery": ("Tunnukselle tehtiin uudet varakoodit.", "New recovery codes were made."),
    "recovery_used": ("Tunnukselle kirjauduttiin varakoodilla.", "Somebody signed in with a recovery code."),
    "reset": (
        "Kirjautumisen toinen vaihe poistettiin rekisterin vastuuhenkilön tai ylläpitäjän toimesta.",
        "The second step of signing in was dropped by whoever is in charge of the register.",
    ),
}
_TEXTS = {
    "fi": (
        "Tunnuksesi muuttui",
        "Hei,\n\n{what}\n\nJos teit tämän itse tai pyysit sitä, sinun ei tarvitse tehdä mitään.\n\nJos et, kerro heti "
        "rekisterin vastuuhenkilölle: hän voi lukita tunnuksesi.\n",
    ),
    "en": (
        "Your account was changed",
        "Hello,\n\n{what}\n\nIf you did this or asked for it, you need not do anything.\n\nIf not, tell whoever is in "
        "charge of the register at once: they can lock your account.\n",
    ),
}


def tell(registers: Registers, account: str, what: What, *, now: datetime) -> None:
    """Leave the letter, where mail is sent."""
    if not registers.settings.sends_mail:
        return
    with registers.deployment.transaction() as conn:
        parts = {"account": account, "what": what}
        outbox.put(conn, registers.own_keys, "", LETTER, parts, now=now, expires_at=now + LASTS)


def letter(registers: Registers, register: str, parts: Mapping[str, str], now: datetime) -> Letter | None:
    """The letter; None when the account has ended."""
    with registers.deployment.read() as conn:
        account = accounts.by_id(conn, parts["account"])
    if account is None or account.left_at is not None:
        return None
    finnish = (account.language or registers.settings.language) == "fi"
    subject, text = _TEXTS["fi" if finnish else "en"]
    return Letter(account.email, subject, text.format(what=_WHAT[parts["what"]][0 if finnish else 1]))


LETTERS: Mapping[str, Maker] = {LETTER: letter}
