"""Invented people of the benchmark: a register of customers as it looks after some years, the same one every time.

Most people are customers now. Some left long ago and are past their periods, some object, some restrict, a fifth said
yes to partners: so every predicate of the rule has rows that it lets through and rows that it stops.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Cell = str | int | None

_FIRST = ("Aino", "Eero", "Helmi", "Onni", "Sari", "Timo", "Venla", "Väinö", "Kerttu", "Ilmari", "Lumi", "Otso")
_LAST = ("Havukoski", "Koivuniemi", "Peltomaa", "Rautaranta", "Lumiaho", "Saarnimäki", "Tervakoski", "Virtavuori")
_CITIES = ("Jyväskylä", "Tampere", "Oulu", "Kuopio", "Lahti", "Turku")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind, cells as the database holds them, in the order of ``columns``."""

    kind: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]


class Population:
    """Everybody and their dealings. ``people`` is how many; companies are a third of that."""

    register = "fluiconnecto_customers"
    """The key of the register they are in."""
    notice = Path(__file__).resolve().parents[1] / "examples" / "fluiconnecto" / "notice.yaml"
    """Which its notice is, but for that key."""

    def __init__(self, people: int, now: dt.datetime, *, seed: int = 917) -> None:
        self.people = people
        self.companies = max(people // 3, 1)
        self._today = now.date()
        self._random = random.Random(seed)
        self._left = {person for person in range(1, people + 1) if self._random.random() < 0.10}

    def kinds(self) -> Iterator[Rows]:
        """Rows of each kind; kinds pointed at come before those that point."""
        yield self._organisations()
        yield self._persons()
        yield self._addresses()
        yield self._relationships()
        yield from self._contacts()
        yield self._agreements()
        yield from self._trade()
        yield from self._words()

    def _day(self, low: int, high: int) -> str:
        """A day between so many days ago."""
        return (self._today - dt.timedelta(days=self._random.randint(low, high))).isoformat()

    def _company_of(self, person: int) -> int:
        return (person * 7) % self.companies + 1

    def _organisations(self) -> Rows:
        rows: list[tuple[Cell, ...]] = [
            (n, f"Yritys {n} Oy", f"yritys{n}@yritys.example", _CITIES[n % len(_CITIES)], "FI", "company_website")
            for n in range(1, self.companies + 1)
        ]
        return Rows("organisation", ("id", "name", "email", "city", "country", "sys_source"), rows)

    def _persons(self) -> Rows:
        pick = self._random.choice
        rows = [
            (
                n,
                pick(_FIRST),
                f"{pick(_LAST)}-{n % 977}",
                json.dumps([f"+35850000{n % 10000:04d}"]),
                json.dumps([f"henkilo.{n}@yritys.example"]),
                "Soita aamulla." if n % 5 == 0 else None,
                "subject",
            )
            for n in range(1, self.people + 1)
        ]
        return Rows("person", ("id", "first_name", "last_name", "phone", "email", "remark", "sys_source"), rows)

    def _addresses(self) -> Rows:
        rows = [(n, n * 2, f"Koekatu {n}", "40100", "Jyväskylä", "subject") for n in range(1, self.people // 2 + 1)]
        return Rows("address", ("id", "person", "street", "postal_code", "city", "sys_source"), rows)

    def _relationships(self) -> Rows:
        rows = [
            (
                n,
                n,
                self._company_of(n),
                "customer",
                "Ostaja",
                self._day(2000, 3000),
                self._day(400, 1900) if n in self._left else None,
                "subject",
            )
            for n in range(1, self.people + 1)
        ]
        names = ("id", "person", "organisation", "stage", "title", "began", "ended", "sys_source")
        return Rows("relationship", names, rows)

    def _contacts(self) -> Iterator[Rows]:
        deeds: list[tuple[Cell, ...]] = []
        for person in range(1, self.people + 1):
            oldest = (1300, 2000) if person in self._left else (1, 1000)
            for _ in range(person % 4 + 1):
                at = f"{self._day(*oldest)}T09:00:00Z"
                deeds.append((len(deeds) + 1, person, at, "phone", "out", "Puhelu", "Sovittu jatkosta.", "own_records"))
        names = ("id", "relationship", "at", "channel", "direction", "subject", "text", "sys_source")
        yield Rows("interaction", names, deeds)
        tasks = [
            (n, n * 5, "Soita", (self._today + dt.timedelta(days=n % 30)).isoformat(), "sales", "own_records")
            for n in range(1, self.people // 5 + 1)
        ]
        yield Rows("task", ("id", "relationship", "subject", "due_on", "assignee", "sys_source"), tasks)
        messages = [
            (n, n * 2, f"{self._day(1, 340)}T12:00:00Z", "email", "Uutiskirje", "newsletter", "sent", "own_records")
            for n in range(1, self.people // 2 + 1)
        ]
        names = ("id", "relationship", "sent_at", "channel", "subject", "template", "status", "sys_source")
        yield Rows("message", names, messages)

    def _agreements(self) -> Rows:
        rows = []
        for n in range(1, self.people // 10 + 1):
            person = n * 10 - 3
            ended = self._day(500, 3500) if n % 3 == 0 else None
            rows.append((n, self._company_of(person), f"S{n}", "Toimitus", self._day(3600, 3900), ended, person))
        names = ("id", "organisation", "number", "subject", "signed_on", "ended_on", "signatory", "sys_source")
        return Rows("agreement", names, [(*row, "own_records") for row in rows])

    def _trade(self) -> Iterator[Rows]:
        orders: list[tuple[Cell, ...]] = []
        invoices: list[tuple[Cell, ...]] = []
        payments: list[tuple[Cell, ...]] = []
        lines = json.dumps([{"text": "Letku", "quantity": "2", "price": 1890}])
        for person in range(1, self.people + 1):
            for _ in range(1 + person % 2):
                n, company = len(orders) + 1, self._company_of(person)
                ordered = self._day(1300, 2400) if person in self._left else self._day(1, 1400)
                orders.append((n, company, f"T{n}", ordered, person, lines, 3780, "delivered", "own_records"))
                billed = f"Yritys {company} Oy"
                invoices.append((n, company, n, f"L{n}", ordered, ordered, 3780, lines, billed, person, "own_records"))
                if n % 20:
                    payments.append((n, n, ordered, 3780, "own_records"))
        names = ("id", "organisation", "number", "ordered_on", "contact", "lines", "total", "status", "sys_source")
        yield Rows("order", names, orders)
        billing = ("id", "organisation", "order", "number", "dated", "due_on", "total", "lines", "billed_name")
        yield Rows("invoice", (*billing, "contact", "sys_source"), invoices)
        yield Rows("payment", ("id", "invoice", "paid_on", "amount", "sys_source"), payments)

    def _words(self) -> Iterator[Rows]:
        """What people said: a fifth permits partners, one in twenty objects to marketing, a few more rest."""
        when = f"{self._day(300, 300)}T08:00:00Z"
        ends = (self._today + dt.timedelta(days=200)).isoformat()
        given = [(p, "partner_marketing", when, ends, "subject") for p in range(5, self.people + 1, 5)]
        names = ("person", "purpose", "given_at", "ends_on", "sys_source")
        yield Rows("permission", ("id", *names), _numbered(given))
        objections: list[tuple[Cell, ...]] = [
            (p, "marketing", "upheld", when, when, "subject") for p in range(7, self.people + 1, 20)
        ]
        objections += [(p, "customer_care", "pending", when, None, "subject") for p in range(33, self.people + 1, 100)]
        said = ("person", "purpose", "state", "raised_at", "decided_at", "sys_source")
        yield Rows("objection", ("id", *said), _numbered(objections))
        bans = [(p, "all", "marketing", when, "subject") for p in range(51, self.people + 1, 150)]
        yield Rows("ban", ("id", "person", "channel", "purpose", "set_at", "sys_source"), _numbered(bans))
        restrictions = [(p, "accuracy", when, "subject") for p in range(199, self.people + 1, 200)]
        yield Rows("restriction", ("id", "person", "ground", "from_at", "sys_source"), _numbered(restrictions))
        holds = [(p, "Riita", "management", when, "own_records") for p in range(402, self.people + 1, 500)]
        yield Rows("hold", ("id", "person", "reason", "owner", "from_at", "sys_source"), _numbered(holds))


def _numbered(rows: Sequence[tuple[Cell, ...]]) -> list[tuple[Cell, ...]]:
    return [(number, *row) for number, row in enumerate(rows, 1)]


def search_rows(rows: Rows, keys: Mapping[str, object]) -> Iterator[tuple[str, str, int, str]]:
    """(key, kind, row, item) by which the rows are found, as the store keeps them. ``keys``: column -> item."""
    from seloste.catalogue.model import Item
    from seloste.store.values import from_cell, search_keys

    for place, column in enumerate(rows.columns):
        item = keys.get(column)
        if not isinstance(item, Item):
            continue
        for row in rows.rows:
            for key in search_keys(item, from_cell(item, row[place])):
                yield key, rows.kind, int(row[0] or 0), column
