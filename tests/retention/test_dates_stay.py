"""An end date stays as long as its row does: emptied, it would read "still running" and bring back what had ended."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.retention.test_sweep import cells, years

from seloste.notice import load
from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.retention.sweep import sweep
from seloste.operations.rights.gather import gather
from seloste.operations.rights.letter_access import _reason
from seloste.operations.rights.say import Voice
from seloste.store.registers import Registers

NOTICE = """
seloste: 1
vocabulary: 2026-11
register: deals
title: Deals
languages: [en]
effective: 2026-11-01
controller:
  name: Deals Ltd
  address: Katu 1, 00100 Helsinki
  email: privacy@deals.example
  contact: {role: Office, email: privacy@deals.example}
  financial_year_ends: 12-31
people:
  buyer: {text: buyers, tie: deal}
kinds:
  deal:
    label: Deal
    plural: Deals
    about: person
    of: [person]
    items: {signed: date, ended: date, number: text}
purposes:
  dealing:
    text: Dealing
    basis: contract
    uses: [deal, first_name]
    needed_for: Without them no deal.
    keep: {deal: 1 year after deal.ended}
  register_of_deals:
    text: The register of deals
    basis: legal_obligation
    law: A law 1/2000
    uses: [deal.number, deal.signed]
    keep: {deal: 6 years after deal.signed}
sources: [subject]
security: [personal_accounts]
staff:
  all: [dealing, register_of_deals]
"""


def test_what_has_ended_does_not_begin_again(registers: Registers, fixed_now: dt.datetime, tmp_path: Path) -> None:
    file = tmp_path / "notice.yaml"
    file.write_text(NOTICE, "utf-8")
    registers.apply(load(file), now=fixed_now, actor="cli")
    store = registers.open("deals")
    day = fixed_now.date()
    rows = [
        NewRow("person", {"first_name": "Sari"}, ref="p"),
        NewRow("deal", {"signed": day, "ended": day, "number": "7"}, {"person": "p"}),
    ]
    collect(store, rows, actor=CLI, now=fixed_now)
    later = years(fixed_now, 2)
    done = sweep(store, now=later, actor=CLI)
    assert [set(row) for row in cells(store, "person", later)] == [{"id"}]
    assert [set(row) for row in cells(store, "deal", later)] == [{"id", "person", "signed", "ended", "number"}]
    assert done.line("deal", "ended").bare == 1
    # What is held is told (Art. 15): also the date that no purpose needs any more.
    with store.read(later) as conn:
        own = gather(store, conn, 1, now=later)
    (told,) = ({cell.item: cell.why for cell in row.cells} for row in own.rows if row.kind == "deal")
    assert set(told) == {"signed", "ended", "number"}
    assert (told["ended"].end, [each.purpose for each in told["ended"].reasons if each.needed]) == ("row", [])
    assert "Kept with its entry, since it says" in _reason(Voice(store.register, "en"), told["ended"])
    new = [NewRow("person", {"first_name": "Olli"}, ref="p"), NewRow("deal", {"number": "8"}, {"person": "p"})]
    collect(store, new, actor=CLI, now=later)
    assert sweep(store, now=later, actor=CLI, every_row=True).cells == 0
    sweep(store, now=years(fixed_now, 6.1), actor=CLI)
    assert [row["first_name"] for row in cells(store, "person", later)] == ["Olli"]
