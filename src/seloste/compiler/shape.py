"""The shape of a register: what is built in a database, as plain data that can be kept there and compared.

A shape is what a plan compares. It holds names and rules, never a value, and is written into the register by apply.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

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
    """What each derived day is computed from, by ``kind.column``: a change means computing it again."""
    cuts: dict[str, str]
    lenses: dict[str, tuple[str, ...]]

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
        )


def shape(register: Register) -> Shape:
    """The shape of a compiled register."""
    from seloste.compiler.marks import marks

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
        digest=register.hash,
        tables=tables,
        purposes=tuple(
            f"{key}:{purpose.basis}:{purpose.nature}:{purpose.lasts or ''}"
            for key, purpose in register.purposes.items()
        ),
        rules={f"{mark.kind}.{mark.column}": mark.all_sql for mark in (*derived.matters, *derived.held)},
        cuts={
            cut.column: f"{cut.purpose}:{cut.kind}:{cut.period.amount}:{cut.period.unit}:{cut.period.preset or ''}"
            for cut in (*register.cuts.values(), *(cut for _, cut in register.trims.values()))
        },
        lenses={
            lens.key: tuple(f"{kind}.{item}" for kind, items in lens.shows.items() for item in (*items, ""))
            for lens in register.lenses.values()
        },
    )
