"""No kind of a notice may stand in the way of a page or a table: every name that is taken is a finding of the check."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.prepared import applied, example

from seloste.catalogue.load import vocabulary
from seloste.notice.expand.kinds import RESERVED, RESERVED_BEGINNINGS
from seloste.settings import Settings
from seloste.store.registers import Registers
from seloste.web.routes import ROUTES


def taken(name: str) -> bool:
    return name in RESERVED or name.startswith(RESERVED_BEGINNINGS)


def test_every_page_beside_the_lists_of_kinds_has_a_reserved_name() -> None:
    pages = {route.path.split("/")[3] for route in ROUTES if route.path.startswith("/r/{reg}/")}
    assert {page for page in pages if page and not page.startswith("{") and not taken(page)} == set()


def test_no_kind_of_the_vocabulary_has_a_reserved_name() -> None:
    assert [kind for kind in vocabulary("2026-11").kinds if taken(kind)] == []


def test_every_table_beside_the_kinds_has_a_reserved_name(tmp_path: Path, fixed_now: dt.datetime) -> None:
    registers = Registers(Settings(data_dir=tmp_path))
    try:
        notice = example("proseduuri/notice")
        applied(registers, notice, fixed_now)
        with closing(sqlite3.connect(tmp_path / "registers" / f"{notice.register}.db")) as file:
            tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    finally:
        registers.close()
    assert {table for table in tables - set(notice.kinds) if not taken(table)} == set()
