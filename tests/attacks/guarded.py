"""The registers of the examples, each with one person of whom everything is held, and marks in all that tells where.

Every notice is given an order of non-disclosure where it has none. One row of each kind leads to the person by every
reference there is.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import shutil
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.rule.oracle import Oracle
from tests.rule.oracle_guard import LIVES, closed, reaching
from tests.rule.strategies import NOW, Step, _filled, _pointing
from tests.rule.world import Names, do, dump, writing

from seloste.catalogue.load import plain_yaml
from seloste.catalogue.model import PERSON, Item
from seloste.compiler.lower import compile_notice
from seloste.errors import SelosteError
from seloste.notice import load
from seloste.notice.model import Notice
from seloste.store.registers import Registers, RegisterStore

EXAMPLES = Path(__file__).parents[2] / "examples"
GUARD = "non_disclosure"
NAME = "Xhiddenperson"
_numbers = itertools.count(97001)


@dataclass
class Planted:
    """One register, its rows by kind, and the mark of each item that tells where somebody is."""

    store: RegisterStore
    rows: dict[str, int]
    marks: dict[tuple[str, str], str]
    homes: set[str] = field(default_factory=set)
    """Marks of the rows of homes: what an apartment and its building are called."""

    @property
    def now(self) -> dt.datetime:
        return NOW

    def found_in(self, answer: object) -> set[tuple[str, str]]:
        """The items whose marks stand in an answer, however it is spaced."""
        text = plain(answer)
        return {cell for cell, mark in self.marks.items() if mark in text}

    def homes_in(self, answer: object) -> set[str]:
        text = plain(answer)
        return {mark for mark in self.homes if mark in text}

    def guard(self) -> None:
        """Write down the order. The marks left are those of what is the person's; a company may be nobody's."""
        with writing(self.store, NOW) as work:
            work.update(PERSON, self.rows[PERSON], {GUARD: True})
        oracle = Oracle(self.store.register.notice, dump(self.store), NOW.date())
        shut = {(kind, item) for kind, row in self.rows.items() for item in closed(oracle, (), (kind, row))}
        self.marks = {cell: mark for cell, mark in self.marks.items() if cell in shut}


def plain(answer: object) -> str:
    """An answer without spaces, and without the random texts of forms, which may hold any digits."""
    text = answer if isinstance(answer, str) else repr(answer)
    return re.sub(r"\s|&nbsp;", "", re.sub(r"[0-9a-f]{16,}", "", text))


@cache
def notices() -> tuple[Notice, ...]:
    """Each register of the examples, with a purpose that holds the order; of two alike housing companies one."""
    with TemporaryDirectory() as folder:
        copied = Path(folder) / "examples"
        shutil.copytree(EXAMPLES, copied)
        return tuple(
            _with_guard(path)
            for path in sorted(copied.glob("*/*.yaml"))
            if "register:" in path.read_text("utf-8") and path.stem != "as-oy-metsakulma"
        )


def _with_guard(path: Path) -> Notice:
    notice = load(path)
    if GUARD in notice.kinds[PERSON].items:
        return notice
    raw = plain_yaml(path.read_text("utf-8"))
    for key in notice.purposes:
        said = dict((raw.get("purposes") or {}).get(key) or {})
        uses = said.get("uses") or ["+"]
        changed = {**raw, "purposes": {**(raw.get("purposes") or {}), key: {**said, "uses": [*uses, GUARD]}}}
        path.write_text(json.dumps(changed, default=str), "utf-8")
        try:
            found = load(path)
        except SelosteError:
            continue
        lenses = compile_notice(found).lenses.values()
        if any(lens.sees(PERSON) and not lens.sees(PERSON, GUARD) for lens in lenses):
            return found
    raise AssertionError(f"{path}: no purpose of a role beside others can hold the order")


def plant(registers: Registers, notice: Notice) -> Planted:
    """Apply a notice and fill it."""
    registers.apply(notice, now=NOW, actor="cli")
    store = registers.open(notice.register)
    register = store.register
    marks: dict[tuple[str, str], str] = {}
    homes = {
        end for table in register.tables.values() if _lives(table.kind.items.values()) for end in table.kind.of
    } - {PERSON}
    homes |= {end for key in homes for end in register.tables[key].kind.of}
    names, shown = Names(), set[str]()
    with writing(store, NOW) as work:
        kinds = [key for key, table in register.tables.items() if not table.kind.built_in]
        for kind in [PERSON, *kinds, *kinds, *kinds]:
            if kind in names.ids:
                continue
            values = _filled(register, kind)
            for name in reaching(register.tables[kind].kind):
                values[name], marks[kind, name] = _marked(register.tables[kind].kind.items[name])
            if kind in homes:
                called = {name: f"Home{next(_numbers)}" for name in register.tables[kind].kind.title}
                values |= called
                shown |= set(called.values())
            if kind == PERSON:
                values = {**values, "last_name": NAME, GUARD: None}
            do(work, names, Step("insert", kind, 0, values, _pointing(register, kind), NOW))
    rows = {kind: ids[0] for kind, ids in names.ids.items()}
    return Planted(store, rows, {cell: mark for cell, mark in marks.items() if cell[0] in rows}, shown)


def _lives(items: Any) -> bool:
    return any(item.dpv in LIVES for item in items)


def _marked(item: Item) -> tuple[Any, str]:
    number = next(_numbers)
    values: dict[str, tuple[str, str]] = {
        "phone": (f"+35850{number}40", f"{number}40"),
        "email": (f"mark{number}@x.example", f"mark{number}@"),
        "postal_code": (f"{number}", f"{number}"),
    }
    value, mark = values.get(item.type, (f"Where{number}", f"Where{number}"))
    return ([value] if item.many else value), mark
