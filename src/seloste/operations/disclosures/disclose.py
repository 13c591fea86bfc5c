"""Data given to somebody the notice names: looked at first, then a file, and the record of each person (Art. 5(2))."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from seloste.catalogue.model import PERSON
from seloste.catalogue.types.normal import one_line
from seloste.clock import today
from seloste.errors import BadValue
from seloste.notice.model import Purpose
from seloste.operations.actor import Actor
from seloste.operations.disclosures import files
from seloste.operations.disclosures.contents import Contents, contents, parties_of_rows
from seloste.operations.disclosures.files import Form
from seloste.operations.disclosures.model import DISCLOSURE, DisclosureError, Plan, Target, Why
from seloste.operations.disclosures.targets import target, transfer_block
from seloste.operations.disclosures.transfers import transfer_state
from seloste.operations.disclosures.who import people
from seloste.operations.records.model import NoSuchRowError
from seloste.store import journal
from seloste.store.engine import Connection
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

IN_MEMORY = 4 << 20
TRIES = 5
"""Times a file is made anew because what is in it changed meanwhile."""
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Disclosed:
    """The file, from its start, and what was written down of it. The name tells the recipient's key, nobody's name."""

    file: IO[bytes]
    name: str
    form: Form
    count: int
    left_out: Mapping[Why, int]


def parties(store: RegisterStore, key: str, *, now: dt.datetime) -> tuple[str, ...]:
    """The names among which one is chosen: those the notice tells, or those that rows name; none when whoever gives
    the data says who it is.
    """
    with store.read(now) as conn:
        return _parties(store, conn, target(store, conn, key, today(now)))


def preview(
    store: RegisterStore,
    key: str,
    purpose: str,
    *,
    party: str = "",
    persons: Collection[int] | None = None,
    exact_to: int | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Plan:
    """Who would be in the file, and how many are left out for which reason. Raises as :func:`disclose`.

    Of more people than ``exact_to`` only who might be in it: what there is of each is not read. Journaled with the
    count: whoever looks learns how many.
    """
    # Read first: of a large register it takes seconds, and nobody could write meanwhile.
    with store.read(now) as conn:
        to, why, party = _asked(store, conn, key, purpose, party, today(now))
        plan = _plan(store, conn, to, why, party, persons, exact_to, today(now))
    with store.write(now) as work:
        entry = Entry(at=now, actor=actor.account, lens=actor.lens, verb="plan_disclosure", kind=PERSON,
                      count=plan.count, note=to.key)  # fmt: skip
        work.journal.add(entry)
    return plan


def _plan(
    store: RegisterStore,
    conn: Connection,
    to: Target,
    why: Purpose,
    party: str,
    persons: Collection[int] | None,
    exact_to: int | None,
    on: dt.date,
) -> Plan:
    if exact_to is not None:
        who = people(store, conn, to, why, party, persons, on)
        if len(who.persons) > exact_to:
            return Plan(who.persons, who.left_out, exact=False)
    found = contents(store, conn, to, why, party=party, chosen=persons, on=on)
    return Plan(tuple(each.person for each in found.people), found.left_out)


def disclose(
    store: RegisterStore,
    key: str,
    purpose: str,
    *,
    party: str = "",
    persons: Collection[int] | None = None,
    evidence: str = "",
    country: str = "",
    form: Form = "csv",
    lang: str = "en",
    actor: Actor,
    now: dt.datetime,
) -> Disclosed:
    """Write what the recipient gets into a file and, in the same transaction, one disclosure for each person.

    ``party`` is who of several gets it; ``persons`` only these; ``evidence`` what a condition rests on (``agreed``,
    ``released``); ``country`` where the recipient is (ISO 3166 alpha-2), when nothing else says it. Raises
    NoSuchRowError for a key the notice does not name; DisclosureError where something stands in the way, the condition
    is not shown, there is nobody whose data may be given, or people keep saying no while the file is made.
    """
    on = today(now)
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the caller closes what it is given

    def given(work: Work) -> Contents:
        began = journal.head(work.conn).seq
        to, why, name = _asked(store, work.conn, key, purpose, party, on)
        ground, where = _ground(to, evidence), _where(to, name, country, on)

        def read() -> Contents:
            return contents(store, work.conn, to, why, party=name, chosen=persons, on=on)

        found = read()
        _somebody(found)
        files.write(file, form, store.register, found, _head(store, name, why), now, lang)
        _record(work, found, to, why, name, where, ground, actor)
        # From here on nobody else writes: who said no while the file was made has an entry, and is found now.
        work.claim()
        if journal.head(work.conn).seq != began and read() != found:
            raise _ChangedError
        return found

    try:
        for _ in range(TRIES):
            file.seek(0)
            file.truncate()
            with suppress(_ChangedError), store.write(now) as work:
                found = given(work)
                break
        else:
            raise DisclosureError(
                "Tiedot muuttuivat koko ajan, kun tiedostoa tehtiin. Yritä hetken kuluttua uudelleen.",
                "The data kept changing while the file was made. Try again in a moment.",
            )
    except BaseException:
        file.close()
        raise
    file.seek(0)
    plain = re.sub(r"[^a-z0-9_]", "", f"{store.register.notice.register}_{key}")
    return Disclosed(file, f"{plain}_{on.isoformat()}.{form}", form, len(found.people), found.left_out)


class _ChangedError(Exception):
    """Ends the transaction, so that nothing of it stays."""


def _somebody(found: Contents) -> None:
    if not found.people:
        raise DisclosureError(
            "Kenenkään tietoja ei voi antaa tälle vastaanottajalle tähän tarkoitukseen nyt.",
            "There is nobody whose data may be given to this recipient for this purpose now.",
        )


def _head(store: RegisterStore, party: str, why: Purpose) -> Mapping[str, str]:
    notice = store.register.notice
    return {
        "register": notice.register,
        "controller": notice.controller.name,
        "recipient": party,
        "purpose": why.key,
    }


def _asked(
    store: RegisterStore, conn: Connection, key: str, purpose: str, party: str, on: dt.date
) -> tuple[Target, Purpose, str]:
    """The target, the purpose, and by what name the recipient is written down."""
    to = target(store, conn, key, on)
    if to.blocks:
        raise DisclosureError(to.blocks[0].fi, to.blocks[0].en)
    if to.by_request or not to.gets:
        raise DisclosureError(
            "Tälle vastaanottajalle annetaan tietoja vain pyynnöstä. Kirjaa pyyntö ja ratkaise se.",
            "This recipient is given data on request only. Record the request and decide it.",
        )
    if purpose not in to.purposes or purpose not in store.register.purposes:
        raise DisclosureError(
            "Seloste ei nimeä tätä tarkoitusta tälle vastaanottajalle.",
            "The notice does not name this purpose for this recipient.",
        )
    names = _parties(store, conn, to)
    # A party of whom nothing is known is refused: a made-up carrier would have nothing to receive.
    if names and party not in names and (party or len(names) > 1):
        raise DisclosureError("Valitse, kuka tiedot saa.", "Choose who receives the data.")
    if not names and to.name_from_row:
        raise DisclosureError("Mikään rivi ei nimeä tätä vastaanottajaa vielä.", "No row names this recipient yet.")
    return to, store.register.purposes[purpose], _name(party or (names[0] if names else ""), to)


def _name(given: str, to: Target) -> str:
    if given.strip():
        try:
            return one_line(given, LONGEST)
        except BadValue as problem:
            raise DisclosureError(problem.message("fi"), problem.message("en")) from None
    return to.text.get("fi") or next(iter(to.text.values()), to.key)


def _parties(store: RegisterStore, conn: Connection, to: Target) -> tuple[str, ...]:
    if to.recipient is not None and to.recipient.who_from is not None:
        return tuple(sorted(set(parties_of_rows(store, conn, to.recipient.who_from).values())))
    return tuple(party.name for party in to.parties)


def _where(to: Target, party: str, country: str, on: dt.date) -> str | None:
    """The country that the data go to, None where each row says it. Raises DisclosureError."""
    of = to.recipient or to.processor
    assert of is not None
    known = next((one.country for one in to.parties if one.name == party), None) or of.country
    if known is not None or not to.asks_country:
        return known
    try:
        state = transfer_state(country, of.safeguard, on)
    except BadValue:
        raise DisclosureError("Valitse maa, johon tiedot menevät.", "Choose the country the data go to.") from None
    if not state.ok:
        block = transfer_block(state)
        raise DisclosureError(block.fi, block.en)
    return country


def _ground(to: Target, evidence: str) -> str:
    """What the disclosure rests on beside its purpose. Raises DisclosureError when a condition is not shown."""
    if to.needs_evidence and not evidence.strip():
        raise DisclosureError(
            "Kirjoita, mihin luovutus perustuu: sopimus tai päätös ja sen päivä.",
            "Write what the disclosure rests on: the agreement or decision and its day.",
        )
    try:
        return one_line(evidence, LONGEST) if evidence.strip() else ""
    except BadValue as problem:
        raise DisclosureError(problem.message("fi"), problem.message("en")) from None


def _record(
    work: Work, found: Contents, to: Target, why: Purpose, party: str, where: str | None, ground: str, actor: Actor
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "recipient": party,
            "at": work.now,
            "what": list(each.items),
            "ground": ground or None,
            "purpose": why.key,
            "recipient_key": to.key,
            "country": where,
            "provision": "; ".join(why.law) or None if why.basis == "legal_obligation" else None,
            PERSON: each.person,
        }
        for each in found.people
    ]
    work.insert_many(DISCLOSURE, rows, source="own_records")
    alike: dict[tuple[str, ...], list[int]] = {}
    for each in found.people:
        alike.setdefault(each.items, []).append(each.person)
    by: dict[str, Any] = {
        "at": work.now,
        "actor": actor.account,
        "lens": actor.lens,
        "verb": "disclose",
        "kind": PERSON,
    }
    entries = [
        Entry(**by, persons=tuple(persons), items=items, count=len(persons), note=to.key)
        for items, persons in alike.items()
    ]
    work.journal.add(*entries)


__all__ = ["Disclosed", "NoSuchRowError", "disclose", "parties", "preview"]
