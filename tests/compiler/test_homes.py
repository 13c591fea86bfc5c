"""Which kinds are somebody's home: also those that a tie leads to over somebody's own row."""

from __future__ import annotations

from seloste.compiler.guard import homes
from seloste.compiler.lower import compile_text
from seloste.notice.check import check_parsed
from seloste.notice.parse import read_text
from seloste.notice.serial import to_json

NOTICE = """
seloste: 1
vocabulary: 2026-11
register: lettings
title: Lettings
languages: [en]
effective: 2026-10-01
controller: {name: Lettings Ltd, address: "Katu 1, 00100 Helsinki", email: post@lettings.example}
people: [customer]
sources: [subject]
security: [personal_accounts]
kinds:
  building: {label: building, about: nobody, items: {name: text}}
  flat: {label: flat, about: nobody, of: [building], items: {name: text}}
  lease: {label: lease, about: owner, of: [person, flat], items: {began: date, ended: date}}
  stay:
    label: stay
    about: person
    of: [person, lease]
    tie: true
    items:
      began: date
      lives: {type: text, label: lives, dpv: "pd:Residency"}
purposes:
  letting:
    text: Letting
    basis: contract
    needed_for: Nothing is let without them.
    uses: [first_name, building, flat, lease, stay]
    keep: {lease: 1 year after ended}
"""


def test_a_flat_that_somebody_lives_in_by_a_lease_is_a_home() -> None:
    found = check_parsed(read_text(NOTICE))
    assert found.notice is not None, [str(each) for each in found.findings]
    assert homes(compile_text(to_json(found.notice))) == {"flat", "building"}
