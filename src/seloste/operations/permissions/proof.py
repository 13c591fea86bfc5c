"""The proof of a consent as people read it: the words agreed to in place of their mark, and how it was confirmed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

from seloste.catalogue.model import Item
from seloste.clock import from_utc_text, to_utc_text
from seloste.compiler.audience import partners
from seloste.compiler.register import Register
from seloste.operations.permissions.wording import mark_of, wording_of

_CONFIRMED = re.compile(r"double opt-in; asked (\S+?)(?:; confirmed (\S+))?(?=;|$)")

_SAID = {
    "fi": ("pyydetty vahvistamaan sähköpostin linkistä {asked}", "vahvistettu sähköpostin linkistä {confirmed}"),
    "en": ("asked to confirm by a link sent by e-mail {asked}", "confirmed by the link {confirmed}"),
    "sv": ("ombedd att bekräfta via en länk i e-posten {asked}", "bekräftat via länken {confirmed}"),
}
_OLDER = {
    "fi": "aiemman selosteen sanamuoto, tunniste {mark}",
    "en": "the wording of an earlier notice, mark {mark}",
    "sv": "ordalydelse i en tidigare beskrivning, märke {mark}",
}


def confirming(asked: dt.datetime, confirmed: dt.datetime) -> str:
    """What a consent keeps of its being confirmed."""
    return f"double opt-in; asked {to_utc_text(asked)}; confirmed {to_utc_text(confirmed)}"


def proof_told(
    register: Register, item: Item, value: Any, lang: str, moment: Callable[[dt.datetime], str]
) -> str | None:
    """A cell of a consent's proof in words of ``fi``, ``en`` or ``sv``; None for any other cell."""
    known = register.tables["permission"].kind.items
    if not isinstance(value, str) or known.get(item.key) is not item:
        return None
    if item.key == "wording":
        words = register.once(("wordings",), lambda: _wordings(register)).get(value)
        return words if words is not None else _OLDER.get(lang, _OLDER["en"]).format(mark=value[:8])
    return _CONFIRMED.sub(lambda found: _told(found, lang, moment), value) if item.key == "evidence" else None


def _told(found: re.Match[str], lang: str, moment: Callable[[dt.datetime], str]) -> str:
    asked, confirmed = _SAID.get(lang, _SAID["en"])
    try:
        said = [asked.format(asked=moment(from_utc_text(found[1])))]
        said += [confirmed.format(confirmed=moment(from_utc_text(found[2])))] if found[2] else []
    except ValueError:
        return found[0]
    return "; ".join(said)


def _wordings(register: Register) -> Mapping[str, str]:
    """The words that the notice asks consents in, by their marks."""
    found = {}
    for purpose in register.purposes.values():
        for language in purpose.consent or {}:
            for recipient in partners(register, purpose) if purpose.per == "recipient" else ("",):
                words = wording_of(purpose, language, recipient)
                found[mark_of(words)] = words
    return found
