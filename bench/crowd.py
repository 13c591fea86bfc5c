"""Invented people of the access and erasure cases: 16,000 with 120,000 orders and 300,000 contacts over twenty kinds.

The sizes are those of the published evaluation of Edna (SOSP 2023, section 7), which they are read beside: there 16,000
users, 120,000 stories and 300,000 comments. How much is whose goes by Zipf, so that a few have very much.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
from collections.abc import Iterator, Sequence

from bench.people import Cell, Population, Rows

ORDERS, CONTACTS = 7.5, 18.75
"""For each person on average."""


class Crowd(Population):
    """Private customers; everything is recent, so that all of it is needed until somebody asks for its erasure."""

    register = "private_customers"

    def __init__(self, people: int, now: dt.datetime, *, seed: int = 917) -> None:
        super().__init__(people, now, seed=seed)
        self._left = set()
        ranks = list(range(1, people + 1))
        self._chance = random.Random(seed)
        self._chance.shuffle(ranks)
        self._weights = list(itertools.accumulate(1 / rank for rank in ranks))

    def kinds(self) -> Iterator[Rows]:
        yield self._organisations()
        yield self._persons()
        yield self._addresses()
        yield self._relationships()
        yield from self._dealings()
        yield from self._bought()
        yield from self._asked()
        yield from self._words()

    def _whose(self, average: float) -> list[int]:
        """A person for each row, by Zipf."""
        people = range(1, self.people + 1)
        return self._chance.choices(people, cum_weights=self._weights, k=round(self.people * average))

    def _each(self, kind: str, columns: Sequence[str], *cells: Cell) -> Rows:
        """A row for each person, alike but for whose it is."""
        rows = [(n, n, *cells) for n in range(1, self.people + 1)]
        return Rows(kind, ("id", "person", *columns, "sys_source"), [(*row, "own_records") for row in rows])

    def _relationships(self) -> Rows:
        rows: list[tuple[Cell, ...]] = [
            (n, n, self._company_of(n), "customer", "Ostaja", self._day(100, 900), "subject")
            for n in range(1, self.people + 1)
        ]
        return Rows("relationship", ("id", "person", "organisation", "stage", "title", "began", "sys_source"), rows)

    def _dealings(self) -> Iterator[Rows]:
        whose = self._whose(CONTACTS)
        deeds: list[tuple[Cell, ...]] = [
            (n, person, f"{self._day(1, 600)}T09:00:00Z", "phone", "out", "Puhelu", "Sovittu jatkosta.", "own_records")
            for n, person in enumerate(whose, 1)
        ]
        names = ("id", "relationship", "at", "channel", "direction", "subject", "text", "sys_source")
        yield Rows("interaction", names, deeds)
        present: list[tuple[Cell, ...]] = [
            (n, number, person, "Läsnä", "own_records")
            for n, (number, person) in enumerate(enumerate(whose, 1), 1)
            if n % 7 == 0
        ]
        yield Rows("interaction_participant", ("id", "interaction", "person", "role", "sys_source"), present)
        soon = (self._today + dt.timedelta(days=9)).isoformat()
        yield Rows(
            "task",
            ("id", "relationship", "subject", "due_on", "assignee", "sys_source"),
            [(n, n, "Soita", soon, "sales", "own_records") for n in range(1, self.people + 1)],
        )
        sent = f"{self._day(5, 200)}T12:00:00Z"
        yield Rows(
            "message",
            ("id", "relationship", "sent_at", "channel", "subject", "template", "status", "sys_source"),
            [
                (n, n, sent, "email", "Uutiskirje", "newsletter", "sent", "own_records")
                for n in range(1, self.people + 1)
            ],
        )

    def _bought(self) -> Iterator[Rows]:
        lines = json.dumps([{"text": "Letku", "quantity": "2", "price": 1890}])
        orders: list[tuple[Cell, ...]] = [
            (n, person, f"T{n}", self._day(1, 600), lines, 3780, "delivered", "own_records")
            for n, person in enumerate(self._whose(ORDERS), 1)
        ]
        yield Rows("order", ("id", "person", "number", "ordered_on", "lines", "total", "status", "sys_source"), orders)
        yield Rows(
            "delivery",
            ("id", "order", "shipped_on", "recipient_name", "sys_source"),
            [(n, row[0], row[3], "Vastaanottaja", "own_records") for n, row in enumerate(orders[::5], 1)],
        )
        day = self._day(100, 300)
        yield self._each("service_job", ("number", "ordered_on", "description", "minutes"), "H", day, "Huolto", 30)
        yield self._each("invoice", ("number", "dated", "due_on", "total", "billed_name"), "L", day, day, 3780, "Nimi")
        payments: list[tuple[Cell, ...]] = [(n, n, day, 3780, "own_records") for n in range(1, self.people + 1)]
        yield Rows("payment", ("id", "invoice", "paid_on", "amount", "sys_source"), payments)
        entries: list[tuple[Cell, ...]] = [
            (n, n, f"K{n}", day, "Myynti", 3780, "own_records") for n in range(1, self.people + 1)
        ]
        yield Rows("ledger_entry", ("id", "invoice", "number", "dated", "text", "amount", "sys_source"), entries)
        yield self._each("agreement", ("number", "subject", "signed_on"), "S", "Toimitus", self._day(300, 600))

    def _asked(self) -> Iterator[Rows]:
        when, day = f"{self._day(50, 200)}T10:00:00Z", self._day(50, 200)
        yield self._each("feedback", ("given_at", "text", "score"), when, "Hyvin meni", 5)
        yield self._each(
            "complaint", ("number", "received_on", "subject", "text", "resolved_on"), "R", day, "Letku", "Vuotaa", day
        )
        yield self._each("survey_response", ("survey", "at", "answers"), "Kysely", when, json.dumps([{"q": "a"}]))
        yield self._each(
            "disclosure",
            ("recipient", "at", "what", "ground"),
            "carrier",
            when,
            json.dumps(["order.number"]),
            "Toimitus",
        )
