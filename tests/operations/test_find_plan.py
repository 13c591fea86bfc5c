"""Looking somebody up reads the keys that begin so, and not all keys of a kind, on an engine without statistics."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from tests.operations.conftest import SALES, contact

from seloste.operations.actor import Actor
from seloste.operations.records.find import find
from seloste.operations.rights.read import persons_called
from seloste.store.dialects.sqlite import SqliteConnection
from seloste.store.registers import RegisterStore


@pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)
def test_what_is_looked_up_goes_by_its_keys(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact(store, fixed_now)
    asked: list[tuple[str, Mapping[str, Any]]] = []
    run = SqliteConnection.execute

    def kept(self: SqliteConnection, sql: str, params: Any = {}) -> Any:  # noqa: B006 - as the method it stands for
        if "sys_find" in sql:
            asked.append((sql, params))
        return run(self, sql, params)

    monkeypatch.setattr(SqliteConnection, "execute", kept)
    assert find(store, "havukoski", actor=SALES, now=fixed_now).hits
    assert persons_called(store, "havukoski", actor=Actor("a1", ""), now=fixed_now)
    monkeypatch.undo()
    assert len(asked) >= 2
    with store.read(fixed_now) as conn:
        for sql, params in asked:
            plan = " ".join(str(row[3]) for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}", params).all())
            assert "sys_find_key (key>? AND key<?)" in plan, (sql, plan)
