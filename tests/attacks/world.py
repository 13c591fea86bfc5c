"""Two registers full of marked people, and what each lens may show of their marks.

Every text of every row is a mark that stands nowhere else, so one look at an answer tells what it let out.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seloste.clock import HELSINKI
from seloste.notice import load
from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.rectify import rectify
from seloste.settings import Settings
from seloste.store.engine import quote
from seloste.store.registers import Registers, RegisterStore

ROOT = Path(__file__).parents[2]
NOW = dt.datetime(2026, 11, 25, 9, 12, tzinfo=HELSINKI)
LONG_AGO = dt.datetime(2009, 3, 2, 9, 0, tzinfo=HELSINKI)
CODE = "131052-9085"
"""A personal identity code of the test series (900 to 999)."""


@dataclass
class World:
    """An installation on one engine with both registers, and every mark that was stored in each."""

    dialect: str
    url: str
    registers: Registers
    marks: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    """Register -> mark -> (kind, item)."""
    persons: dict[tuple[str, str], int] = field(default_factory=dict)
    """(register, how they are hidden) -> person."""
    _hidden: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def store(self, register: str) -> RegisterStore:
        return self.registers.open(register)

    def lenses(self) -> Iterator[tuple[RegisterStore, str]]:
        """Every lens of both registers."""
        for register in self.marks:
            store = self.store(register)
            for lens in store.register.lenses:
                yield store, lens

    def seen(self, store: RegisterStore, lens: str) -> set[str]:
        """Marks that the lens shows when it is asked plainly for everything it has."""
        found: set[str] = set()
        with store.through(lens, NOW) as conn:
            for kind in store.register.lenses[lens].shows:
                found |= self.marks_in(store, conn.execute(f"SELECT * FROM {quote(kind)}").all())
        return found

    def hidden(self, store: RegisterStore, lens: str) -> set[str]:
        """Marks that the lens must never let out; nothing of the world changes, so they are found once."""
        register = store.register.notice.register
        if (register, lens) not in self._hidden:
            self._hidden[register, lens] = set(self.marks[register]) - self.seen(store, lens)
        return self._hidden[register, lens]

    def marks_in(self, store: RegisterStore, answer: object) -> set[str]:
        """Marks that stand in an answer, in whatever shape."""
        text = repr(answer)
        return {mark for mark in self.marks[store.register.notice.register] if mark in text}


_numbers = itertools.count(1)


def build(folder: Path, database_url: str | None) -> World:
    """Apply both notices and fill the registers."""
    registers = Registers(
        Settings(data_dir=folder, database_url=database_url, key_file=folder / "key", allow_test_identity_codes=True)
    )
    world = World("sqlite" if database_url is None else "postgresql", database_url or "", registers)
    for example, rows in (("fluiconnecto/notice", _company_contact), ("fluxio/as-oy-tuulikello", _resident)):
        notice = load(ROOT / "examples" / f"{example}.yaml")
        registers.apply(notice, now=LONG_AGO, actor="cli", text="sys_notice_mark")
        store = registers.open(notice.register)
        world.marks[notice.register] = {}
        for how, now in (("expired", LONG_AGO), ("plain", NOW), ("restricted", NOW), ("objecting", NOW)):
            world.persons[notice.register, how] = _store(world, store, rows(how, now), now)
        _hide(world, store)
        store.reads.flush()
    return world


def _hide(world: World, store: RegisterStore) -> None:
    register = store.register.notice.register
    restricted, objecting = world.persons[register, "restricted"], world.persons[register, "objecting"]
    say.restrict(store, restricted, "accuracy", actor=CLI, now=NOW)
    for purpose in store.register.purposes.values():
        if purpose.basis in ("legitimate_interest", "company_contract"):
            say.object_to(store, objecting, purpose.key, actor=CLI, now=NOW)


def _store(world: World, store: RegisterStore, rows: list[NewRow], now: dt.datetime) -> int:
    known = world.marks[store.register.notice.register]
    for row in rows:
        for item, value in row.values.items():
            if isinstance(value, str) and value.startswith("Mark"):
                known[value] = (row.kind, item)
    ids = collect(store, rows, actor=CLI, now=now).ids
    if now == LONG_AGO:
        later = now + dt.timedelta(days=30)
        for kind, ref, item in (("relationship", "r", "ended"), ("residency", "r", "moved_out")):
            if kind in store.register.tables:
                changes = {item: later.date().isoformat()}
                rectify(store, kind, ids[ref], changes, source="subject", actor=CLI, now=later)
    return ids["p"]


def mark(how: str) -> str:
    """A text that stands nowhere else, as long as the others so that none holds another."""
    return f"Mark{how}{next(_numbers):05d}"


def _row(kind: str, ref: str, parents: Mapping[str, str], how: str, texts: str, **values: Any) -> NewRow:
    """A row whose named text items are marks."""
    return NewRow(kind, {**{item: mark(how) for item in texts.split()}, **values}, dict(parents), ref=ref)


def _company_contact(how: str, now: dt.datetime) -> list[NewRow]:
    day = (now.date() - dt.timedelta(days=3)).isoformat()
    own = {"person": "p"}
    tie = {"relationship": "r", "person": "p"}
    return [
        _row("organisation", "o", {}, how, "name street city"),
        _row("person", "p", {}, how, "first_name last_name salutation remark"),
        _row("relationship", "r", {"person": "p", "organisation": "o"}, how, "title", began=day),
        _row("interaction", "i", tie, how, "subject text", at=now, channel="call", direction="incoming"),
        _row("task", "t", tie, how, "subject", due_on=day),
        _row("message", "m", tie, how, "subject", sent_at=now, channel="email"),
        _row("feedback", "f", own, how, "text", given_at=now),
        _row("complaint", "c", tie, how, "number subject text", received_on=day),
        _row(
            "agreement", "a", {"organisation": "o"}, how, "number subject", signed_on=day, ended_on=day, signatory="p"
        ),
        _row("order", "d", {"organisation": "o", "person": "p"}, how, "number notes", ordered_on=day, contact="p"),
        _row("delivery", "y", {"order": "d"}, how, "recipient_name address", shipped_on=day, recipient="p"),
        _row("service_job", "s", {"person": "p", "order": "d"}, how, "number site description", ordered_on=day),
        _row("invoice", "v", {"order": "d"}, how, "number billed_name billed_address", dated=day, due_on=day),
        _row("ledger_entry", "l", {"invoice": "v"}, how, "number text", dated=day),
    ]


def _resident(how: str, now: dt.datetime) -> list[NewRow]:
    day = (now.date() - dt.timedelta(days=3)).isoformat()
    own = {"person": "p"}
    home = {"person": "p", "apartment": "h"}
    return [
        _row("housing_company", "k", {}, how, "name street city"),
        _row("apartment", "h", {"housing_company": "k"}, how, "code address rooms area shares charge_basis"),
        NewRow("person", {"first_name": mark(how), "last_name": mark(how), "personal_identity_code": CODE}, ref="p"),
        NewRow("residency", {"moved_in": day}, home, ref="r"),
        _row("message", "m", {"residency": "r", "person": "p"}, how, "subject", sent_at=now, channel="email"),
        _row("feedback", "f", own, how, "text", given_at=now),
        _row("maintenance_order", "x", home, how, "number subject description", reported_at=now),
        _row("complaint", "c", own, how, "number subject text", received_on=day, maintenance_order="x"),
        _row("account", "a", own, how, "username", created_on=day),
        _row("usage_event", "u", {"account": "a"}, how, "service", at=now),
        _row("charge", "g", home, how, "period", due_on=day, amount=30000),
        NewRow("debtor", {}, {"charge": "g", "person": "p"}, ref="b"),
        NewRow("collection", {"opened_on": day, "debtor": "p"}, {"charge": "g"}, ref="n"),
        _row("ledger_entry", "l", {"charge": "g"}, how, "number text", dated=day),
    ]
