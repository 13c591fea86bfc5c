"""A register of a choir's friends, who have agreed that their names are printed: as small as one with consents is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.notice import load_text
from seloste.notice.model import Notice
from seloste.operations.permissions.wording import consent_values
from seloste.store.registers import RegisterStore

REGISTER = "friends"


def friends(*staff: str, uses: str = "name, email") -> Notice:
    """The notice; ``staff``: lines of its roles."""
    return load_text(
        f"""
seloste: 1
vocabulary: 2026-11
register: {REGISTER}
title: {{fi: Kuoron ystävät, en: Friends of the choir}}
languages: [fi, en]
effective: 2026-08-01
controller:
  name: Kuoro ry
  address: Laulukuja 1, 20100 Turku
  contact: {{role: {{fi: Sihteeri, en: Secretary}}, email: tietosuoja@kuoro.example}}
people:
  friend: {{text: {{fi: ystävät, en: friends}}, tie: permission}}
purposes:
  printing:
    text: {{fi: Ystäväluettelo, en: List of friends}}
    basis: consent
    consent: {{fi: Nimeni saa painaa luetteloon., en: My name may be printed in the list.}}
    uses: [{uses}]
    keep: until withdrawn
recipients:
  printer: {{text: {{fi: Painotalo, en: The printer}}, who: [Painotalo Oy (FI)], for: printing, gets: [name, email]}}
sources: [subject]
security: [personal_accounts]
staff:
"""
        + "\n".join(f"  {each}" for each in staff)
    )


def befriended(store: RegisterStore, now: dt.datetime, **values: Any) -> tuple[int, int]:
    """A friend who agreed by a form, and the consent."""
    with store.write(now) as work:
        person = work.insert(PERSON, values, source="subject")
        words = consent_values(store, "printing", channel="web_form", language="fi", given_at=now)
        columns = store.register.tables["permission"]
        given = {name: value for name, value in words.items() if value is not None and columns.column(name)}
        return person, work.insert("permission", {**given, PERSON: person}, source="subject")
