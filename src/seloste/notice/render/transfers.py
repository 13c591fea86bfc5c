"""Where data go outside the EEA, under what, and how to get a copy of the safeguard (Art. 13(1)(f))."""

from __future__ import annotations

from collections.abc import Container

from seloste.law.countries import transfer
from seloste.notice.render.model import Block, Bullets, Paragraph, words
from seloste.notice.render.tell import Teller


def transfer_blocks(t: Teller, *, only: Container[str] | None = None) -> list[Block]:
    """``only``: the keys of the processors and recipients to tell of; None tells of all."""
    lines = [*_processors(t, only), *_recipients(t, only)]
    if not lines:
        return [Paragraph(words(t.w.say("transfers.none")))]
    return [
        Paragraph(words(t.w.say("transfers.intro"))),
        Bullets(tuple(words(line) for line in dict.fromkeys(lines))),
        Paragraph(words(t.w.say("transfers.copy", contact=t.contact))),
    ]


def _processors(t: Teller, only: Container[str] | None) -> list[str]:
    lines = []
    for one in t.notice.processors:
        if only is not None and one.key not in only:
            continue
        who = t.pick(one.does) + (f", {one.name}" if one.name else "")
        countries = [one.country, *(party.country for party in one.sub_processors)]
        lines += [_line(t, who, code, one.safeguard) for code in dict.fromkeys(countries) if code and _leaves(t, code)]
    return lines


def _recipients(t: Teller, only: Container[str] | None) -> list[str]:
    lines = []
    for one in t.notice.recipients:
        if only is not None and one.key not in only:
            continue
        who = t.w.capital(t.pick(one.text))
        if one.country_from is not None:
            said = t.w.say("transfers.no_adequacy_row", safeguard=_safeguard(t, one.safeguard))
            lines.append(t.w.say("transfers.line_row", who=who, safeguard=said))
            continue
        for code in dict.fromkeys([one.country, *(party.country for party in one.who)]):
            if code and _leaves(t, code):
                names = t.w.listed(party.name for party in one.who if party.country == code)
                lines.append(_line(t, f"{who} ({names})" if names else who, code, one.safeguard))
    return lines


def _line(t: Teller, who: str, code: str, mechanism: str | None) -> str:
    found = transfer(code, t.day)
    if found.status == "adequate":
        said = t.w.say("transfers.adequate")
    elif found.status == "partial" and mechanism in (None, "adequacy", "dpf"):
        said = t.w.say("transfers.adequate_partial", scope=t.pick(found.scope))
    else:
        said = t.w.say("transfers.no_adequacy", safeguard=_safeguard(t, mechanism))
    return t.w.say("transfers.line", who=who, country=t.country(code), safeguard=said)


def _leaves(t: Teller, code: str) -> bool:
    return transfer(code, t.day).status != "eea"


def _safeguard(t: Teller, mechanism: str | None) -> str:
    if mechanism is None:
        return t.w.say("transfers.unknown")
    return t.shared_text("safeguards", mechanism)
