"""A correction written all at once leaves what it would leave step by step, and nothing where more follows from it."""

from __future__ import annotations

import datetime as dt
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.operations.conftest import SALES, contact
from tests.retention.test_said_at_once import everything
from tests.rule.strategies import NOW, Drawn, histories, registers, value_of
from tests.rule.world import Names, built, do, new_place, writing

from seloste.errors import SelosteError
from seloste.operations.actor import CLI
from seloste.operations.records import read, rectify
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.store import corrected_at_once
from seloste.store.dialects.postgresql_sent import SendingConnection
from seloste.store.dialects.sqlite import SqliteConnection
from seloste.store.journal import Entry, append, verify
from seloste.store.registers import RegisterStore
from seloste.store.verify import verify_derived


def changed(store: RegisterStore, kind: str, row: int, values: dict[str, Any]) -> object:
    """What a correction says, or what it was refused with."""
    source = next(iter(store.register.notice.sources))
    try:
        return rectify.rectify(store, kind, row, values, source=source, actor=CLI, now=NOW)
    except SelosteError as problem:
        return type(problem), str(problem)


def live(drawn: Drawn, data: st.DataObject, place: Any, patch: pytest.MonkeyPatch) -> None:
    steps = data.draw(histories(drawn), label="history")
    with built(drawn.register, place()) as quick, built(drawn.register, place()) as whole:
        for store in (quick, whole):
            names = Names()
            with writing(store, NOW) as work:
                for step in steps:
                    do(work, names, step)
        with quick.read(NOW) as conn:
            rows = [
                (kind, int(number))
                for kind in quick.register.tables
                for (number,) in conn.execute(f'SELECT id FROM "{kind}" ORDER BY id').all()[:2]
            ]
        for kind, row in rows:
            items = [each for each in quick.register.tables[kind].kind.items.values() if each.refers_to is None]
            for chosen in ([each] for each in items[:6]):
                values = {each.key: data.draw(value_of(each, list(quick.register.purposes))) for each in chosen}
                said = changed(quick, kind, row, values)
                with patch.context() as patched:
                    patched.setattr(rectify, "correct", lambda *_: False)
                    assert changed(whole, kind, row, values) == said
                assert everything(quick) == everything(whole), (kind, values)
        assert verify(quick.database).ok
        assert verify_derived(quick, NOW).differences == ()


@settings(max_examples=6)
@given(drawn=registers(), data=st.data())
def test_sqlite(drawn: Drawn, data: st.DataObject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    live(drawn, data, lambda: new_place("sqlite", tmp_path, None), monkeypatch)


@settings(max_examples=2)
@given(drawn=registers(), data=st.data())
def test_postgresql(
    drawn: Drawn, data: st.DataObject, tmp_path: Path, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(drawn, data, lambda: new_place("postgresql", tmp_path, pg_url), monkeypatch)


def company(store: RegisterStore, now: dt.datetime) -> int:
    contact(store, now)
    return read.rows(store, "organisation", actor=SALES, now=now).rows[0].id


def test_a_name_is_corrected_at_once_and_found_by_the_new_one_alone(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one statement on PostgreSQL, and few on SQLite."""
    row = company(store, fixed_now)
    asked: list[str] = []
    for each in (SqliteConnection, SendingConnection):

        def noted(self: Any, sql: str, params: Any = (), _run: Any = each.execute) -> Any:
            asked.append(sql)
            return _run(self, sql, params)

        monkeypatch.setattr(each, "execute", noted)
    for name in ("Havumetsä Oy", "Havulampi Oy"):
        asked.clear()
        rectify.rectify(store, "organisation", row, {"name": name}, source="subject", actor=SALES, now=fixed_now)
        assert len(asked) <= (6 if store.database.dialect == "sqlite" else 0), asked
    sql = "SELECT DISTINCT key FROM sys_find WHERE kind = 'organisation' AND row = :row AND item = 'name'"
    with store.read(fixed_now) as conn:
        keys = {str(key) for (key,) in conn.execute(sql, {"row": row})}
        source = "SELECT source FROM sys_cell_source WHERE kind = 'organisation' AND item = 'name'"
        assert conn.execute(source).all() == [("subject",)]
    assert any("havulampi" in key for key in keys) and not any("metsa" in key or "metsä" in key for key in keys)
    assert verify(store.database).ok


def test_what_nobody_needs_any_more_is_not_judged_here(store: RegisterStore, fixed_now: dt.datetime) -> None:
    row = company(store, fixed_now)
    entry = Entry(fixed_now, "cli", "", "change", "organisation", items=("name",))
    given = {"name": "Havupuu Oy"}
    assert not corrected_at_once.correct(store, "organisation", row + 1000, given, "subject", entry)
    tomorrow = fixed_now + dt.timedelta(days=1)
    late = Entry(tomorrow, "cli", "", "change", "organisation", items=("name",))
    assert not corrected_at_once.correct(store, "organisation", row, given, "subject", late)
    # A person is known by addresses to be banned, and a tie's last day decides how long others are kept.
    assert not corrected_at_once.correct(store, "person", 1, {"first_name": "Aino"}, "subject", entry)
    assert corrected_at_once.correct(store, "organisation", row, given, "subject", entry)
    assert verify(store.database).ok


def test_whoever_writes_meanwhile_is_waited_for(store: RegisterStore, fixed_now: dt.datetime) -> None:
    if store.database.dialect == "sqlite":
        pytest.skip("writers take turns on SQLite")
    row = company(store, fixed_now)
    other = threading.Thread(
        target=lambda: rectify.rectify(
            store, "organisation", row, {"name": "Havula Oy"}, source="subject", actor=SALES, now=fixed_now
        )
    )
    with store.write(fixed_now) as work:
        work.update("organisation", row, {"name": "Muu Oy"})
        append(work.conn, Entry(fixed_now, "cli", "", "change", "organisation"))
        other.start()
        time.sleep(0.3)
        assert other.is_alive()
    other.join()
    assert read.row(store, "organisation", row, actor=SALES, now=fixed_now).values["name"] == "Havula Oy"
    assert verify(store.database).ok


def test_a_cell_may_be_emptied(store: RegisterStore, fixed_now: dt.datetime) -> None:
    rows = [NewRow("organisation", {"name": "Havupumppu Oy", "business_id": "0112038-9"}, ref="o")]
    row = collect(store, rows, actor=SALES, now=fixed_now).ids["o"]
    rectify.rectify(store, "organisation", row, {"business_id": None}, source="subject", actor=SALES, now=fixed_now)
    assert "business_id" not in read.row(store, "organisation", row, actor=SALES, now=fixed_now).values
    with store.read(fixed_now) as conn:
        sql = "SELECT count(*) FROM sys_find WHERE kind = 'organisation' AND item = 'business_id'"
        assert conn.execute(sql).all() == [(0,)]
