"""Whose data a recipient may be given for a purpose today, and how many others are left out for which reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from seloste.catalogue.model import PERSON
from seloste.clock import HELSINKI, to_utc_text
from seloste.compiler.audience import audience_sql
from seloste.compiler.given import given_lens, people_statement
from seloste.compiler.register import CompiledLens
from seloste.law.marketing import rows
from seloste.notice.model import Purpose, Ref
from seloste.operations.disclosures.model import Target, Why
from seloste.operations.permissions.contact import channels
from seloste.store.engine import Connection
from seloste.store.masks import read_said, standing_grants
from seloste.store.registers import RegisterStore

REACHED = {"email": ("email",), "phone": ("phone", "sms")}
"""Item types that are addresses, and the channels by which they are used."""

_REFUSED: Mapping[str, Why] = {"1": "banned", "2": "restricted", "12": "not_sent"}
"""Rows of the dated table of marketing by id, and the reason as it is counted; others lack a yes."""


@dataclass(frozen=True, slots=True)
class People:
    """``persons`` may be in a file; of an address only those whose channel is open to them (``open_to``: by person the
    channels; None where no purpose of marketing asks).
    """

    persons: tuple[int, ...]
    left_out: Mapping[Why, int] = field(default_factory=dict)
    open_to: Mapping[int, frozenset[str]] | None = None


def people(
    store: RegisterStore,
    conn: Connection,
    target: Target,
    purpose: Purpose,
    party: str,
    chosen: Collection[int] | None,
    on: dt.date,
) -> People:
    """Of ``chosen`` (None: everybody whom the purpose has to do with) those of whom something may be given.

    Restricted people are left out (Art. 18(2)), those with a non-disclosure order where the recipient is no authority,
    and of marketing whoever objected, has a ban, or has not said yes to this recipient by name.
    """
    lens = _lens(store, purpose)
    if not lens.sees(PERSON):
        return People((), {"nothing": len(set(chosen))} if chosen else {})
    found = _concerned(store, conn, lens)
    if chosen is not None:
        found = {number: told for number, told in found.items() if number in chosen}
    why: dict[int, Why] = dict.fromkeys(chosen or (), "nothing")
    why |= {number: "objected" for number in _said_no(store, conn, purpose) if chosen is None or number in chosen}
    going = []
    for number, (usable, restricted, guarded) in found.items():
        if restricted:
            why[number] = "restricted"
        elif guarded and target.role != "authority":
            why[number] = "protected"
        elif not usable and purpose.nature != "marketing":
            why[number] = "objected"
        else:
            going.append(number)
    open_to = None
    if purpose.nature == "marketing":
        going, refused, open_to = _reached(store, conn, target, purpose, lens, party, going, on)
        why |= refused
    elif target.when == "consent":
        agreed = _agreed(store, conn, purpose, party, going, on)
        why |= dict.fromkeys(set(going).difference(agreed), "no_consent")
        going = agreed
    given = set(going)
    left = Counter(reason for number, reason in why.items() if number not in given)
    return People(tuple(going), dict(left), open_to)


def _said_no(store: RegisterStore, conn: Connection, purpose: Purpose) -> set[int]:
    """Those whose objection to the purpose stands, upheld or pending."""
    if store.register.tables["objection"].column(PERSON) is None:
        return set()
    sql = (
        "SELECT DISTINCT person FROM objection WHERE purpose = :purpose AND state <> 'refused'"
        " AND withdrawn_at IS NULL AND person IS NOT NULL"
    )
    return {int(number) for (number,) in conn.execute(sql, {"purpose": purpose.key})}


def _lens(store: RegisterStore, purpose: Purpose) -> CompiledLens:
    """Everything that one purpose may use."""
    found: CompiledLens | None = store.kept.get(("given lens", purpose.key))
    if found is None:
        every = (Ref(kind, item) for kind, table in store.register.tables.items() for item in table.kind.items)
        found = store.kept["given lens", purpose.key] = given_lens(store.register, (purpose.key,), every)
    return found


def _concerned(store: RegisterStore, conn: Connection, lens: CompiledLens) -> dict[int, tuple[bool, bool, bool]]:
    """By person: may be used, restricted, guarded."""
    key = ("given people", lens.purposes)
    sql = store.kept.get(key) or people_statement(store.register, lens, store.database.dialect)
    store.kept[key] = sql
    return {int(row[0]): (bool(row[1]), bool(row[2]), bool(row[3])) for row in conn.execute(sql)}


def _reached(
    store: RegisterStore,
    conn: Connection,
    target: Target,
    purpose: Purpose,
    lens: CompiledLens,
    party: str,
    persons: list[int],
    on: dt.date,
) -> tuple[list[int], dict[int, Why], dict[int, frozenset[str]]]:
    """By the dated table of marketing: whom this sender may reach by which channels, and why not the others.

    What is given to a processor is the controller's own marketing.
    """
    sender = "" if target.role == "processor" else party
    table = {decision.rule: decision for decision, _ in rows(on)}
    opened: dict[int, set[str]] = {}
    refusals: dict[int, Why] = {}
    wanted = set(persons)
    for channel in channels(purpose):
        sql = audience_sql(store.register, lens, purpose, channel, sender, store.database.dialect, on)
        tomorrow = dt.datetime.combine(on + dt.timedelta(days=1), dt.time(), HELSINKI)
        params = {
            "purpose": purpose.key,
            "channel": channel,
            "sender": sender or store.register.notice.controller.name,
            "day": on.isoformat(),
            "tomorrow": to_utc_text(tomorrow),
        }
        for person, rule in conn.execute(sql, params):
            decision = table[str(rule)]
            if decision.allow:
                opened.setdefault(int(person), set()).add(channel)
            elif int(person) in wanted:
                refusals.setdefault(int(person), _REFUSED.get(decision.rule, "no_consent"))
    going = [number for number in persons if number in opened]
    refused = {number: refusals.get(number, "objected") for number in persons if number not in opened}
    return going, refused, {number: frozenset(found) for number, found in opened.items()}


def _agreed(
    store: RegisterStore, conn: Connection, purpose: Purpose, party: str, persons: list[int], on: dt.date
) -> list[int]:
    """Those whose consent to the purpose stands, to nobody in particular or to this recipient by name."""
    said = read_said(conn, store.register, PERSON, persons)
    return [
        number
        for number in persons
        if number in said
        and any(each["recipient"] in (None, party) for each in standing_grants(purpose, said[number], on.isoformat()))
    ]
