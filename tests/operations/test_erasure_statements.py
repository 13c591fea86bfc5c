"""How many statements an erasure sends: as many as what it touches asks for, whatever else the notice has and however
many rows there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.operations.conftest import contact
from tests.operations.test_rights_access import LEAD, asks

from seloste.operations.rights.erase import erase
from seloste.store.dialects.postgresql_sent import SendingConnection
from seloste.store.dialects.sqlite import SqliteDatabase
from seloste.store.placed import here
from seloste.store.registers import RegisterStore

ALONE = 90
"""Statements for somebody of whom there is a name, a tie to a company and nothing else."""
EACH = 8
"""For each further kind: it is judged twice at most, goes, and what it may have been pointed at is looked for."""


@contextmanager
def listening(store: RegisterStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []
    database = here(store.database)
    if isinstance(database, SqliteDatabase):
        with database.transaction():
            writer = database._writer
        assert writer is not None
        # A trigger's own statements begin with two dashes.
        writer.set_trace_callback(lambda text: None if text.startswith("--") else sent.append(text))
        yield sent
        writer.set_trace_callback(None)
        return
    said = SendingConnection._say

    def say(self: SendingConnection, sql: str, params: object) -> object:
        sent.append(sql)
        return said(self, sql, params)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(SendingConnection, "_say", say)
        yield sent


def erased(store: RegisterStore, person: int, now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many statements the erasure of somebody sends."""
    number = asks(store, person, now, "erasure")
    with listening(store, monkeypatch) as sent:
        assert erase(store, number, actor=LEAD, now=now).goes
    return len(sent)


def talked(store: RegisterStore, person: int, now: dt.datetime, times: int) -> None:
    """So many calls of a contact, each with a note of who was there."""
    with store.write(now) as work:
        ((tie,),) = work.conn.execute("SELECT id FROM relationship WHERE person = :id", {"id": person}).all()
        for _ in range(times):
            values = {"relationship": tie, "channel": "phone", "direction": "out", "subject": "Letku", "at": now}
            work.insert("interaction", values, source="own_records")
        values = {"relationship": tie, "subject": "Soita", "due_on": now.date()}
        work.insert("task", values, source="own_records")


def test_an_erasure_sends_what_it_touches_asks_for(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm, one, few, many = (contact(store, fixed_now, first=name) for name in ("Aino", "Sari", "Eero", "Oona"))
    talked(store, few, fixed_now, 1)
    talked(store, many, fixed_now, 30)
    erased(store, warm, fixed_now, monkeypatch)  # what is made once is made
    alone = erased(store, one, fixed_now, monkeypatch)
    assert len(store.register.tables) > 25 and alone <= ALONE
    further = erased(store, few, fixed_now, monkeypatch) - alone
    assert 0 < further <= 2 * EACH, "calls and a task"
    # What is told of looks is written down by itself meanwhile, and may be heard too.
    more = erased(store, many, fixed_now, monkeypatch) - alone - further
    assert abs(more) <= 2, "rows are not asked about one by one"
