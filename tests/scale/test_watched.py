"""What is written down of changes while a register is moved, whatever its tables are called."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from tests.scale.test_many import SMALL

from seloste.compiler.register import MOST_LETTERS
from seloste.notice import load
from seloste.settings import Settings
from seloste.store.engine import quote
from seloste.store.moving_rows import LOG, unwatch, watch
from seloste.store.registers import Registers


def test_tables_whose_long_names_begin_alike_are_told_apart(
    database_url: str, tmp_path: Path, fixed_now: dt.datetime
) -> None:
    url = None if database_url.startswith("sqlite") else database_url
    registers, notice = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "key", database_url=url)), load(SMALL)
    registers.apply(notice, now=fixed_now, actor="cli")
    database = registers.open(notice.register).database
    names = [f"{'long_' * 11}{item}" for item in ("phone", "post")]
    assert max(map(len, names)) < MOST_LETTERS < len(f"{LOG}_{names[1]}")
    with database.transaction() as conn:
        for name in names:
            conn.execute(f"CREATE TABLE {quote(name)} (id INTEGER PRIMARY KEY, text TEXT)")
    watch(database, lambda: None)
    with database.transaction() as conn:
        for number, name in enumerate(names):
            conn.execute(f"INSERT INTO {quote(name)} VALUES (:id, 'x')", {"id": number})
        found = conn.execute(f"SELECT name, key FROM {LOG} ORDER BY seq").all()
    assert [tuple(row) for row in found] == [(names[0], "[0]"), (names[1], "[1]")]
    unwatch(database)
    with database.transaction() as conn:
        conn.execute(f"INSERT INTO {quote(names[0])} VALUES (2, 'x')")
    registers.close()
