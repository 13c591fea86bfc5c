"""One installation with one small register: where it is, its notices, and short ways to put people into it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from seloste.clock import HELSINKI
from seloste.notice import load
from seloste.notice.check import check_parsed
from seloste.notice.model import Notice
from seloste.notice.parse import read_text
from seloste.operations.actor import Actor
from seloste.operations.records.model import NewRow
from seloste.settings import Settings
from seloste.store.engine import Dialect, one, quote
from seloste.store.registers import Registers, RegisterStore

KEY = "killed"
NOW = dt.datetime(2026, 11, 25, 9, 12, tzinfo=HELSINKI)
LONG_AGO = NOW - dt.timedelta(days=5 * 366)
SALES = Actor("a1", "sales")
FILE = Path(__file__).with_name("notice.yaml")


@dataclass(frozen=True, slots=True)
class Place:
    """``url`` is a PostgreSQL server's, None for SQLite under ``folder``."""

    folder: str
    url: str | None

    @property
    def engine(self) -> Dialect:
        return "sqlite" if self.url is None else "postgresql"

    @contextmanager
    def opened(self) -> Iterator[Registers]:
        """The installation, as any program opens it."""
        folder = Path(self.folder)
        registers = Registers(Settings(data_dir=folder, database_url=self.url, key_file=folder / "key"))
        try:
            yield registers
        finally:
            registers.close()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@cache
def notice() -> Notice:
    """The notice in force at first."""
    return load(FILE)


@cache
def other() -> Notice:
    """The notice without the remark on a person: applying it erases every remark."""
    text = FILE.read_text("utf-8")
    found = check_parsed(read_text(text.replace(", remark", "")))
    assert found.notice is not None
    return found.notice


def people(prefix: str, count: int, *, first: int = 0) -> Sequence[NewRow]:
    """Customers of one company, each with a remark, a contact and an order."""
    rows = [NewRow("organisation", {"name": f"{prefix} Oy"}, ref="o")]
    for number in range(first, first + count):
        who = {"first_name": f"{prefix}{number}", "email": [f"{prefix}{number}@tapettava.example"], "remark": "Soita"}
        rows += [
            NewRow("person", who, ref=f"p{number}"),
            NewRow(
                "relationship", {"title": "Ostaja"}, {"person": f"p{number}", "organisation": "o"}, ref=f"r{number}"
            ),
            NewRow("interaction", {"text": "Kävi"}, {"person": f"p{number}", "relationship": f"r{number}"}),
            NewRow("order", {"number": f"T-{number}"}, {"person": f"p{number}", "organisation": "o"}),
        ]
    return rows


def number(store: RegisterStore, sql: str, **values: Any) -> int:
    """The one number that a statement gives, as the database has it now."""
    with store.database.read() as conn:
        return int(one(conn.execute(sql, values))[0] or 0)


def count(store: RegisterStore, kind: str, column: str = "id") -> int:
    """How many rows of a kind have something in a column."""
    return number(store, f"SELECT count({quote(column)}) FROM {quote(kind)}")


def named(store: RegisterStore, prefix: str) -> int:
    """How many people there are whose name begins so."""
    return number(store, "SELECT count(*) FROM person WHERE first_name LIKE :like", like=f"{prefix}%")


def journaled(store: RegisterStore, verb: str, kind: str = "", note: str = "") -> int:
    """What the journal counts of a verb, and of a kind and a note where they are said; all entries together."""
    sql = "SELECT sum(count) FROM journal WHERE verb = :verb AND :kind IN ('', kind) AND :note IN ('', note)"
    return number(store, sql, verb=verb, kind=kind, note=note)
