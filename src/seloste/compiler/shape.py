"""The shape of a register: what is built in a database, as plain data that can be kept there and compared.

A shape is what a plan compares. It holds names and rules, never a value, and is written into the register by apply.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.resources import files

from seloste.catalogue.model import Kind
from seloste.compiler.guard import guard_of
from seloste.compiler.marks import Marks, marks
from seloste.compiler.orders import alphabet, index_sql, orders
from seloste.compiler.register import Register


@dataclass(frozen=True, slots=True)
class ShapeColumn:
    """One column: name, storage, role, the kind it points at."""

    name: str
    storage: str
    role: str
    target: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything of a register that a database is built from."""

    digest: str
    tables: dict[str, tuple[ShapeColumn, ...]]
    purposes: tuple[str, ...]
    rules: dict[str, str]
    """A mark of what each derived day is computed from, by ``kind.column``: a change means computing it again."""
    cuts: dict[str, str]
    lenses: dict[str, tuple[str, ...]]
    reading: str = ""
    """A mark of everything else that decides what a lens shows: a change means building the views again."""
    orders: dict[str, str] = field(default_factory=dict)
    """A mark of what the index of a kind's list is made of: a change means making that again."""

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Shape:
        raw = json.loads(text)
        return Shape(
            digest=raw["digest"],
            tables={key: tuple(ShapeColumn(**column) for column in columns) for key, columns in raw["tables"].items()},
            purposes=tuple(raw["purposes"]),
            rules=raw["rules"],
            cuts=raw["cuts"],
            lenses={key: tuple(value) for key, value in raw["lenses"].items()},
            reading=raw.get("reading", ""),
            orders=raw.get("orders", {}),
        )


@cache
def compiler_mark() -> str:
    """A mark of the code that shapes come from. Where it is what built a register, its shape need not be computed."""
    rooms = files("seloste")
    sources = [each for each in rooms.joinpath("compiler").iterdir() if each.name.endswith(".py")]
    sources.append(rooms.joinpath("notice", "ways.py"))
    return _mark(sorted((each.name, each.read_bytes()) for each in sources))


def shape(register: Register) -> Shape:
    """The shape of a compiled register."""
    return replace(register.once("shape", lambda: _shape(register)), digest=register.hash)


def _shape(register: Register) -> Shape:
    derived = marks(register, "sqlite")
    tables = {
        key: tuple(
            ShapeColumn(
                column.name,
                column.storage,
                column.role,
                column.target,
                table.kind.items[column.item].type if column.item else None,
            )
            for column in table.columns
        )
        for key, table in register.tables.items()
    }
    return Shape(
        digest="",
        tables=tables,
        purposes=tuple(
            f"{key}:{purpose.basis}:{purpose.nature}:{purpose.lasts or ''}"
            for key, purpose in register.purposes.items()
        ),
        rules=_rules(register, derived),
        cuts={
            cut.column: f"{cut.purpose}:{cut.kind}:{cut.period.amount}:{cut.period.unit}:{cut.period.preset or ''}"
            for cut in (*register.cuts.values(), *(cut for _, cut in register.trims.values()))
        },
        lenses={
            lens.key: tuple(f"{kind}.{item}" for kind, items in lens.shows.items() for item in (*items, ""))
            for lens in register.lenses.values()
        },
        orders={
            name: _mark(order, index_sql(key, order), alphabet() if order.text else "")
            for key, table in register.tables.items()
            for name, order in orders(table.kind).items()
        },
        reading=_mark(register.ways, register.uses, register.borrows, [*_whose_all(register)]),
    )


def _rules(register: Register, derived: Marks) -> dict[str, str]:
    """A derived day hangs on its statement, on those of its purpose's matters, and on when the financial year ends."""
    year_end = register.notice.controller.financial_year_ends
    rules = {f"{mark.kind}.{mark.column}": _mark(mark.all_sql, year_end) for mark in derived.matters}
    for mark in derived.held:
        matters = [other.all_sql for other in derived.matters if other.column == mark.column]
        rules[f"{mark.kind}.{mark.column}"] = _mark(mark.all_sql, year_end, *matters)
    return rules


def _whose_all(register: Register) -> Iterable[tuple[object, ...]]:
    return ((*_whose(table.kind), guard_of(register, key)) for key, table in register.tables.items())


def _whose(kind: Kind) -> tuple[object, ...]:
    """What of a kind decides whose its cells are and how it is dated."""
    items = [(item.key, item.refers_to, item.free_text, item.many, item.sensitive) for item in kind.items.values()]
    dates = (kind.act, kind.dated)
    return (
        kind.key,
        kind.about,
        kind.of,
        kind.tie,
        kind.subject,
        kind.owner_item,
        kind.optional_of,
        dates,
        items,
    )


def _mark(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:24]
