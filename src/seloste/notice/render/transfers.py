"""Where data go outside the EEA, under what, and how to get a copy of the safeguard (Art. 13(1)(f))."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from seloste.law.countries import transfer
from seloste.notice.model import Processor, Recipient
from seloste.notice.render.model import Block, Bullets, Paragraph, said
from seloste.notice.render.tell import Teller


@dataclass(frozen=True, slots=True)
class Going:
    """One way out of the EEA.

    ``country`` is an ISO 3166-1 alpha-2 code, None where each row says it. ``mechanism`` is a key of the vocabulary's
    safeguards, ``adequacy`` where the Commission's decision covers the country; ``safeguard`` says it in words.
    """

    who: str
    country: str | None
    where: str
    mechanism: str | None
    safeguard: str
    line: str
    rule: str
    """Where the notice says so: ``processors.servers.country``."""


def transfer_blocks(t: Teller, *, only: Container[str] | None = None) -> list[Block]:
    """``only``: the keys of the processors and recipients to tell of; None tells of all."""
    lines = {going.line: going.rule for going in goings(t, only=only)}
    if not lines:
        return [Paragraph(said("transfers", t.w.say("transfers.none")))]
    return [
        Paragraph(said("transfers", t.w.say("transfers.intro"))),
        Bullets(tuple(said(rule, line) for line, rule in lines.items())),
        Paragraph(said("transfers", t.w.say("transfers.copy", contact=t.contact))),
    ]


def goings(t: Teller, *, only: Container[str] | None = None) -> tuple[Going, ...]:
    """Every way out of the EEA, processors first. ``only``: the keys to tell of; None tells of all."""
    processors = [one for one in t.notice.processors if only is None or one.key in only]
    recipients = [one for one in t.notice.recipients if only is None or one.key in only]
    return tuple(
        going
        for found in (*(_processor(t, one) for one in processors), *(_recipient(t, one) for one in recipients))
        for going in found
    )


def _processor(t: Teller, one: Processor) -> list[Going]:
    who = t.pick(one.does) + (f", {one.name}" if one.name else "")
    countries = [one.country, *(party.country for party in one.sub_processors)]
    rule = f"processors.{one.key}.country"
    return [_going(t, who, code, one.safeguard, rule) for code in dict.fromkeys(countries) if code and _leaves(t, code)]


def _recipient(t: Teller, one: Recipient) -> list[Going]:
    who, rule = t.w.capital(t.pick(one.text)), f"recipients.{one.key}.country"
    if one.country_from is not None:
        told = t.w.say("transfers.no_adequacy_row", safeguard=_safeguard(t, one.safeguard))
        line = t.w.say("transfers.line_row", who=who, safeguard=told)
        return [Going(who, None, t.w.say("transfers.where_row"), one.safeguard, told, line, rule)]
    found = []
    for code in dict.fromkeys([one.country, *(party.country for party in one.who)]):
        if code and _leaves(t, code):
            names = t.w.listed(party.name for party in one.who if party.country == code)
            found.append(_going(t, f"{who} ({names})" if names else who, code, one.safeguard, rule))
    return found


def _going(t: Teller, who: str, code: str, mechanism: str | None, rule: str) -> Going:
    found = transfer(code, t.day)
    if found.status == "adequate":
        mechanism = "adequacy"
        told = t.w.say("transfers.adequate")
    elif found.status == "partial" and mechanism in (None, "adequacy", "dpf"):
        mechanism = mechanism or "adequacy"
        told = t.w.say("transfers.adequate_partial", scope=t.pick(found.scope))
    else:
        told = t.w.say("transfers.no_adequacy", safeguard=_safeguard(t, mechanism))
    where = t.country(code)
    line = t.w.say("transfers.line", who=who, country=where, safeguard=told)
    return Going(who, code, where, mechanism, told, line, rule)


def _leaves(t: Teller, code: str) -> bool:
    return transfer(code, t.day).status != "eea"


def _safeguard(t: Teller, mechanism: str | None) -> str:
    if mechanism is None:
        return t.w.say("transfers.unknown")
    return t.shared_text("safeguards", mechanism)
