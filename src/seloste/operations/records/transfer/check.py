"""A dry run: every row read, matched, written and judged as it would be, and nothing of it kept.

Rows are written in parts whose transaction is rolled back, so that others can go on writing between them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.records.transfer.mapping import check_mapping
from seloste.operations.records.transfer.match import AMBIGUOUS, Key, Matcher, as_cells
from seloste.operations.records.transfer.plan import CheckReport, Fault, ImportPlan, ReadyRow
from seloste.operations.records.transfer.rows import RowReader, Typed
from seloste.operations.records.transfer.target import Node
from seloste.operations.records.transfer.write import write_rows
from seloste.operations.records.validate import say
from seloste.store.registers import RegisterStore
from seloste.store.spool import PART

FIRST_FAULTS = 1000
"""Faults that a report itself carries."""

Step = Callable[[int], None]
"""Told how many rows are done; raises ImportCancelledError to stop."""


class _NothingKept(Exception):  # noqa: N818  not an error: the way out of a transaction that is to leave no trace
    pass


class Checker:
    """One dry run over a file's rows."""

    def __init__(self, store: RegisterStore, plan: ImportPlan, *, actor: Actor, now: dt.datetime) -> None:
        check_mapping(plan.target, plan.fields)
        self.store = store
        self.plan = plan
        self.now = now
        self.lens = store.acted_in(actor.lens)
        self.reader = RowReader(store, plan, self.lens)
        self.matchers = {
            node.kind: Matcher(store, self.lens, node.kind, above=_above(node), actor=actor, now=now)
            for node in plan.target.nodes
            if node.mode != "new" or node.kind == PERSON
        }
        self._only = {kind: only for kind in self._assumable() if (only := self.matchers[kind].only()) is not None}
        self.reader.assumed = frozenset(self._only)
        self._new: dict[tuple[str, Key, int | str | None], int] = {}
        self._seen: set[Key] = set()
        self.rows = self.faulty = self.doubles = 0
        self.made: Counter[str] = Counter()
        self.found: dict[str, set[int]] = {}
        self.faults: list[Fault] = []

    def run(
        self, rows: Iterable[tuple[int, list[str]]], *, sink: Callable[[Fault], None], step: Step
    ) -> Iterator[ReadyRow]:
        """The rows that can be stored, in order; faults of the others go to ``sink``."""
        counted: set[tuple[str, int]] = set()
        for part in _parts(rows):
            ready, faults = self._part(part)
            unneeded = list(self._judge(ready))
            faulty = {fault.row for fault in unneeded}
            for fault in sorted([*faults, *unneeded], key=lambda each: each.row):
                if len(self.faults) < FIRST_FAULTS:
                    self.faults.append(fault)
                sink(fault)
            self.rows += len(part)
            self.faulty += len({fault.row for fault in faults} | faulty)
            for row in ready:
                if row.number not in faulty:
                    self._count(row, counted)
                    yield row
            step(self.rows)

    def report(self) -> CheckReport:
        found = {kind: len(numbers) for kind, numbers in self.found.items()}
        return CheckReport(self.rows, self.faulty, self.doubles, dict(self.made), found, tuple(self.faults))

    def _count(self, row: ReadyRow, counted: set[tuple[str, int]]) -> None:
        self.doubles += row.double
        for kind, node in row.nodes.items():
            if "id" in node:
                self.found.setdefault(kind, set()).add(node["id"])
            elif "key" not in node or (kind, node["key"]) not in counted:
                self.made[kind] += 1
                if "key" in node:
                    counted.add((kind, node["key"]))

    def _part(self, part: Sequence[tuple[int, list[str]]]) -> tuple[list[ReadyRow], list[Fault]]:
        read = [(number, *self.reader.read(number, cells)) for number, cells in part]
        for kind, matcher in self.matchers.items():
            matcher.learn(typed[kind] for _, typed, faults in read if kind in typed and not faults)
        ready: list[ReadyRow] = []
        faults: list[Fault] = []
        for number, typed, wrong in read:
            row = ReadyRow(number)
            told = wrong or [fault for node in self.plan.target.nodes for fault in self._place(row, node, typed)]
            faults += told
            if not told:
                row.double = self._is_double(typed)
                ready.append(row)
        return ready, faults

    def _place(self, row: ReadyRow, node: Node, typed: Typed) -> Iterator[Fault]:
        """Put a node into the row: found, shared with earlier rows, or new."""
        kind = self.store.register.tables[node.kind].kind
        values = typed.get(node.kind)
        if node.mode == "new":
            if values is not None or node.kind == self.plan.target.tie:
                row.nodes[node.kind] = {"cells": as_cells(kind.items, values or {})}
            return
        above = row.nodes.get(node.ends[0][1]) if node.ends else None
        if not values:
            if node.kind in self._only:
                row.nodes[node.kind] = {"id": self._only[node.kind]}
            return
        matcher = self.matchers[node.kind]
        found = matcher.find(values, above.get("id") if above else None)
        label = {lang: say(kind.label, lang) for lang in ("fi", "en")}
        column = next((self.reader.column_of(node.kind, item) for item in values), None)
        if found == AMBIGUOUS:
            yield Fault(
                row.number,
                column,
                f"{label['fi']}: rekisterissä on useita, joihin tämä sopii. Anna tarkempi tieto.",
                f"{label['en']}: several in the register fit this. Give something that tells them apart.",
            )
        elif found is not None:
            row.nodes[node.kind] = {"id": found}
        elif node.mode == "find":
            yield Fault(
                row.number,
                column,
                f"{label['fi']}: tätä ei löydy rekisteristä.",
                f"{label['en']}: this is not found in the register.",
            )
        else:
            within = (above.get("id") or f"k{above.get('key')}") if above else None
            row.nodes[node.kind] = {"cells": as_cells(kind.items, values), "key": self._shared(node, values, within)}

    def _shared(self, node: Node, values: dict[str, object], within: int | str | None) -> int:
        """The number of a new row, the same for every row of the file that means it."""
        keys = self.matchers[node.kind].keys(values)
        known = next((self._new[node.kind, key, within] for key in keys if (node.kind, key, within) in self._new), None)
        number = len(self._new) if known is None else known
        for key in keys:
            self._new.setdefault((node.kind, key, within), number)
        return number

    def _assumable(self) -> Iterator[str]:
        """What master data belong to (an apartment's company): where there is only one, it need not be named."""
        tables = self.store.register.tables
        for node in self.plan.target.nodes:
            if tables[node.kind].kind.about == "nobody":
                yield from (end for column, end in node.ends if column == end and end in self.matchers)

    def _is_double(self, typed: Typed) -> bool:
        """Whether the person to be made is there already, or earlier in the file, by address or number."""
        if self.plan.target.kind != PERSON or PERSON not in typed:
            return False
        matcher = self.matchers[PERSON]
        keys = [key for key in matcher.keys(typed[PERSON]) if "+" not in key[0]]
        known = any(matcher.holds(key) for key in keys) or not self._seen.isdisjoint(keys)
        self._seen.update(keys)
        return known

    def _judge(self, ready: Sequence[ReadyRow]) -> Iterator[Fault]:
        """What the notice does not need, found by writing the rows and taking them back."""
        if not ready:
            return
        with contextlib.suppress(_NothingKept), self.store.write(self.now) as work:
            made = write_rows(work, self.reader, ready, {})
            unneeded = work.unneeded()
            raise _NothingKept
        rows: dict[int, dict[tuple[str, str], None]] = {}
        for kind, number, item in unneeded:
            if (kind, number) in made:
                rows.setdefault(made[kind, number], {})[kind, item] = None
        for row, cells in rows.items():
            yield self._refused(row, list(cells))

    def _refused(self, row: int, cells: Sequence[tuple[str, str]]) -> Fault:
        """One sentence for a row, however many of its cells nobody needs."""
        fi, en = (
            ", ".join(dict.fromkeys(label for cell in cells if (label := self._label(cell, lang)))) or "–"
            for lang in ("fi", "en")
        )
        return Fault(
            row,
            None,
            f"Mikään selosteen tarkoitus ei tarvitse näitä vielä tai enää: {fi}.",
            f"No purpose of the notice needs these yet, or any more: {en}.",
        )

    def _label(self, cell: tuple[str, str], lang: str) -> str:
        item = self.store.register.tables[cell[0]].kind.items.get(cell[1])
        return say(item.label, lang) if item is not None else ""


def _above(node: Node) -> str | None:
    return node.ends[0][0] if node.ends and node.mode != "new" else None


def _parts(rows: Iterable[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    found = iter(rows)
    while part := list(islice(found, PART)):
        yield part
