"""A file's row -> the rows it makes, each value read by its type; what is wrong is told by row and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from seloste.compiler.register import CompiledLens, Register
from seloste.operations.records.model import NewRow, Problem
from seloste.operations.records.transfer.plan import Fault, ImportPlan
from seloste.operations.records.transfer.target import Field, Node
from seloste.operations.records.validate import Validator, say
from seloste.store.registers import RegisterStore

OWN = "own_records"
"""The source of master data that the chosen source may not bring: it is the controller's own."""

_SEVERAL = re.compile(r"[;\n]|,(?=\s*\S)")
MOST_FAULTS = 5
"""Faults told of one row."""

Typed = dict[str, dict[str, Any]]
"""Values of a row's nodes as their types read them, by kind and item. A node without any is left out."""


def source_for(register: Register, chosen: str, kind: str) -> str:
    """The chosen source, or the controller's own for master data that it may not bring."""
    sources = register.notice.sources
    known = sources.get(chosen)
    about = register.tables[kind].kind.about
    brings = known is None or known.brings_all or any(ref.kind == kind for ref in known.items)
    return chosen if brings or about != "nobody" or OWN not in sources else OWN


class RowReader:
    """Reads the rows of one file under one plan."""

    def __init__(self, store: RegisterStore, plan: ImportPlan, lens: CompiledLens | None) -> None:
        self.store = store
        self.plan = plan
        self.lens = lens
        self.validator = Validator(store.register, lens, store.types)
        self.assumed: frozenset[str] = frozenset()
        """Kinds of which the register has the one row that is meant where none is named."""
        self._columns: list[tuple[int, Field]] = []
        self._column_of: dict[tuple[str, str], int] = {}
        for column, key in enumerate(plan.fields):
            field = plan.target.field(key) if key else None
            if field is None:
                continue
            self._columns.append((column, field))
            for item in field.items:
                self._column_of.setdefault((field.node, item.key), column)

    def source_of(self, node: Node) -> str:
        return source_for(self.store.register, self.plan.source, node.kind)

    def read(self, number: int, cells: Sequence[str]) -> tuple[Typed, list[Fault]]:
        """The typed values by node, and every fault."""
        raw: dict[str, dict[str, Any]] = {}
        for column, field in self._columns:
            text = cells[column].strip() if column < len(cells) else ""
            if text:
                _put(raw.setdefault(field.node, {}), field, text)
        self.validator.problems.clear()
        typed: Typed = {}
        missing: list[Fault] = []
        for node in self.plan.target.nodes:
            given = raw.get(node.kind, {})
            if not given:
                if node.required and not self._stands_alone(node):
                    missing.append(self._missing(number, node))
                continue
            parents = {end: end for column, end in node.ends if column == end and self._is_there(end, raw, typed)}
            row = NewRow(node.kind, given, parents, source=self.source_of(node), ref=node.kind)
            if node.mode == "new":
                typed[node.kind] = self.validator.row(row)
            else:
                typed[node.kind] = self.validator.values(row)
        missing += [self._missing(number, self.plan.target.node(kind)) for kind in self._untitled(typed)]
        faults = missing + [self._fault(number, problem) for problem in self.validator.problems]
        return typed, faults[:MOST_FAULTS]

    def _is_there(self, end: str, raw: Mapping[str, Any], typed: Typed) -> bool:
        """A required row that is missing is told of as that, once."""
        return bool(raw.get(end)) or end in typed or end in self.assumed or self.plan.target.node(end).required

    def _stands_alone(self, node: Node) -> bool:
        """A tie says by being there what it ties; it need not hold anything more."""
        return node.kind == self.plan.target.tie

    def _untitled(self, typed: Mapping[str, Mapping[str, Any]]) -> list[str]:
        """New subjects and master data that nothing names."""
        found = []
        for node in self.plan.target.nodes:
            kind = self.store.register.tables[node.kind].kind
            named = kind.subject or kind.about == "nobody"
            if node.mode == "find" or node.kind not in typed or not named or not kind.title:
                continue
            seen = [name for name in kind.title if self.lens is None or self.lens.sees(node.kind, name)]
            given = typed[node.kind]
            recognised = node.mode == "find_or_new" and any(given.values())
            if seen and not recognised and not any(given.get(name) for name in seen):
                found.append(node.kind)
        return found

    def _missing(self, number: int, node: Node) -> Fault:
        kind = self.store.register.tables[node.kind].kind
        return Fault(
            number,
            next((column for column, field in self._columns if field.node == node.kind), None),
            f"Puuttuu: {say(kind.label, 'fi')}.",
            f"Missing: {say(kind.label, 'en')}.",
        )

    def _fault(self, number: int, problem: Problem) -> Fault:
        """The column says which item it was, so the sentence need not begin with it."""
        column = self.column_of(problem.kind, problem.item)
        item = self.store.register.tables[problem.kind].kind.items.get(problem.item)
        fi, en = problem.fi, problem.en
        if item is not None and column is not None:
            fi, en = fi.removeprefix(f"{say(item.label, 'fi')}: "), en.removeprefix(f"{say(item.label, 'en')}: ")
        return Fault(number, column, fi, en)

    def column_of(self, kind: str, item: str) -> int | None:
        """The column that an item came from."""
        return self._column_of.get((kind, item))


def _put(into: dict[str, Any], field: Field, text: str) -> None:
    if len(field.items) > 1:
        first, last = split_name(text)
        values = dict(zip((item.key for item in field.items), (first, last), strict=False))
        into.update({key: value for key, value in values.items() if value})
        return
    item = field.items[0]
    if not item.many:
        into[item.key] = text
        return
    into.setdefault(item.key, []).extend(part.strip() for part in _SEVERAL.split(text) if part.strip())


def split_name(text: str) -> tuple[str, str]:
    """``Sari Anneli Havukoski`` and ``Havukoski, Sari Anneli`` as first and last; a single word is a last name."""
    last, comma, first = text.partition(",")
    if comma:
        return first.strip(), last.strip()
    words = text.split()
    return " ".join(words[:-1]), words[-1] if words else ""
