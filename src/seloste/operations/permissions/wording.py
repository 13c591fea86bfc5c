"""A consent as it is kept: to what, in which words of which notice, how and when; and what must be confirmed first."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from seloste.clock import today
from seloste.compiler.audience import partners
from seloste.law.periods import add
from seloste.notice.model import Purpose
from seloste.operations.permissions.errors import CannotSayError
from seloste.store.registers import RegisterStore

PROVED = frozenset({"portal", "import"})
"""How a consent came that shows whose the address is: by a link sent there, or as an earlier register has it."""


def consent_values(
    store: RegisterStore,
    purpose: str,
    *,
    channel: str,
    language: str,
    given_at: dt.datetime,
    evidence: str = "",
    recipient: str = "",
    confirmed: bool = False,
) -> dict[str, Any]:
    """The cells of a permission: what was agreed to, in which words, when, until when. Raises CannotSayError.

    Where the notice says so nothing is a consent before it is ``confirmed``, whoever wrote it down; see ``confirm``.
    """
    found = purpose_of(store, purpose)
    if found.basis != "consent" and not (found.consent and "consent" in found.channels.values()):
        raise CannotSayError(
            "Tämä tarkoitus ei perustu suostumukseen, joten siihen ei voi antaa lupaa.",
            "This purpose does not rest on consent, so none can be given to it.",
        )
    if found.per == "recipient" and recipient not in partners(store.register, found):
        raise CannotSayError(
            "Tämä lupa annetaan yhdelle vastaanottajalle kerrallaan. Valitse vastaanottaja, jonka seloste nimeää.",
            "This consent is given to one recipient at a time. Choose a recipient that the notice names.",
        )
    if needs_confirming(found, channel) and not confirmed:
        raise CannotSayError(
            "Selosteen mukaan tämä lupa vahvistetaan sähköpostista avatusta linkistä ennen kuin se on voimassa.",
            "By the notice this consent is confirmed through a link sent by e-mail before it holds.",
        )
    wording = wording_of(found, language, recipient)
    return {
        "purpose": purpose,
        "recipient": recipient or None,
        "given_at": given_at,
        "ends_on": add(today(given_at), *found.lasts) if found.lasts else None,
        "wording": mark_of(wording),
        "notice": store.register.hash[:32],
        "language": language,
        "channel": channel,
        "evidence": evidence or None,
    }


def wording_of(purpose: Purpose, language: str, recipient: str = "") -> str:
    """The words that were agreed to: what was read, the recipient's name included."""
    words = (purpose.consent or {}).get(language) or next(iter((purpose.consent or {"": ""}).values()))
    return words.replace("{recipient}", recipient)


def mark_of(wording: str) -> str:
    """By what a consent tells its words."""
    return hashlib.sha256(wording.encode()).hexdigest()[:32]


def needs_confirming(purpose: Purpose, channel: str) -> bool:
    """Whether a yes to a purpose is a consent only once a link sent to the address was opened."""
    return purpose.confirm is not None and channel not in PROVED


def purpose_of(store: RegisterStore, key: str) -> Purpose:
    """The purpose of a key. Raises CannotSayError when the notice has none such."""
    found = store.register.purposes.get(key)
    if found is None:
        raise CannotSayError("Selosteessa ei ole tätä tarkoitusta.", "The notice has no such purpose.")
    return found
