"""A word written all at once leaves what it would leave step by step, and writes nothing where more follows from it."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.operations.conftest import contact
from tests.retention.test_word import no
from tests.rule.strategies import NOW, Drawn, histories, registers
from tests.rule.world import Names, built, do, new_place, writing

from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.records.model import NoSuchRowError
from seloste.store import at_once
from seloste.store.engine import quote
from seloste.store.journal import Entry, append, verify
from seloste.store.registers import RegisterStore
from seloste.store.verify import verify_derived

BESIDE = ("sys_ledger", "sys_find", "sys_cell_source", "journal", "journal_head", "journal_person")


def everything(store: RegisterStore) -> dict[str, list[dict[str, Any]]]:
    """All rows, derived cells, ledger and journal with its hashes included."""
    found = {}
    with store.database.read() as conn:
        for table in (*store.register.tables, *BESIDE):
            result = conn.execute(f"SELECT * FROM {quote(table)}")
            kind = store.register.tables.get(table)
            # What is encrypted is another text each time.
            closed = {name for name, item in kind.kind.items.items() if item.sensitive} if kind is not None else set()
            names = [None if name in closed else name for name in result.keys]
            rows = [{name: cell for name, cell in zip(names, row, strict=True) if name} for row in result]
            if table == "sys_ledger":
                # A number of a transaction that came to nothing is given to nobody else on PostgreSQL.
                rows = [row | {"seq": None} for row in rows]
            found[table] = sorted(rows, key=repr)
    return found


def step_by_step(monkeypatch: pytest.MonkeyPatch, deed: Callable[[], None]) -> None:
    with monkeypatch.context() as patched:
        for verb in ("withdraw", "object_to"):
            patched.setattr(at_once, verb, lambda *_: None)
        deed()


def live(drawn: Drawn, data: st.DataObject, new: Callable[[], tuple[str, str | None]], patch: Any) -> None:
    steps = data.draw(histories(drawn), label="history")
    with built(drawn.register, new()) as quick, built(drawn.register, new()) as whole:
        for store in (quick, whole):
            names = Names()
            with writing(store, NOW) as work:
                for step in steps:
                    do(work, names, step)
        assert everything(quick) == everything(whole)
        with quick.read(NOW) as conn:
            persons = [int(number) for (number,) in conn.execute("SELECT id FROM person ORDER BY id")]
        purposes = [key for key, each in quick.register.purposes.items() if not each.built_in]
        for person in persons:
            for purpose in data.draw(st.permutations(purposes), label="no"):

                def says(store: RegisterStore, person: int = person, purpose: str = purpose) -> None:
                    with suppress(NoSuchRowError):
                        no(store, person, purpose)

                says(quick)
                step_by_step(patch, lambda: says(whole))
                assert everything(quick) == everything(whole), purpose
        assert verify(quick.database).ok


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


def agreed(store: RegisterStore, now: dt.datetime) -> int:
    """A contact, whom others need too, and who has agreed to hear from partners."""
    person = contact(store, now)
    partner = "Letkuset Oy"
    say.grant(store, person, "partner_marketing", channel="phone", language="fi", recipient=partner, actor=CLI, now=now)
    return person


@pytest.fixture
def outcomes(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """What each withdrawal or objection at once has given."""
    found: list[int | None] = []

    def noting(verb: Callable[..., int | None]) -> Callable[..., int | None]:
        def noted(*args: Any) -> int | None:
            found.append(verb(*args))
            return found[-1]

        return noted

    for name in ("withdraw", "object_to"):
        monkeypatch.setattr(at_once, name, noting(getattr(at_once, name)))
    return found


def test_of_whom_others_need_the_rest_a_withdrawal_is_written_at_once(
    store: RegisterStore, fixed_now: dt.datetime, outcomes: list[int | None]
) -> None:
    person = agreed(store, fixed_now)
    for ended in (1, 0):
        said = say.withdraw(store, person, "partner_marketing", actor=CLI, now=fixed_now)
        assert (said.ended, said.swept) == (ended, None)
    assert outcomes == [1, 0]
    with pytest.raises(NoSuchRowError):
        say.withdraw(store, person + 1000, "partner_marketing", actor=CLI, now=fixed_now)
    # The day is another one, on which somebody's bits may be others; the register goes to it first.
    say.withdraw(store, person, "partner_marketing", actor=CLI, now=fixed_now + dt.timedelta(days=1))
    assert outcomes == [1, 0, None, None]
    assert verify_derived(store, fixed_now).differences == ()
    assert verify(store.database).ok


def test_an_objection_to_marketing_is_written_at_once_unless_a_ban_on_the_address_stands(
    store: RegisterStore, fixed_now: dt.datetime, outcomes: list[int | None]
) -> None:
    first, same = (contact(store, fixed_now) for _ in range(2))
    said = say.object_to(store, first, "marketing", actor=CLI, now=fixed_now)
    assert outcomes == [said.id] and said.swept is None
    # The ban of the first is known by their address, which the second has too.
    again = say.object_to(store, same, "marketing", actor=CLI, now=fixed_now)
    assert outcomes == [said.id, None] and again.id != said.id
    bans = "SELECT person, channel, purpose FROM ban WHERE fingerprints IS NOT NULL ORDER BY id"
    with store.read(fixed_now) as conn:
        assert conn.execute(bans).all() == [(first, "all", "marketing"), (same, "all", "marketing")]
        assert conn.execute("SELECT count(*) FROM sys_ledger WHERE kind IN ('objection', 'ban')").all() == [(4,)]
    with pytest.raises(NoSuchRowError):
        say.object_to(store, same + 1000, "marketing", actor=CLI, now=fixed_now)
    assert verify_derived(store, fixed_now).differences == ()
    assert verify(store.database).ok


def test_what_somebody_else_wrote_meanwhile_is_looked_at_before_anything_is_written(
    store: RegisterStore, fixed_now: dt.datetime, outcomes: list[int | None]
) -> None:
    if store.database.dialect == "sqlite":
        pytest.skip("writers take turns on SQLite, and look when it is theirs")
    person, said = agreed(store, fixed_now), []
    other = threading.Thread(
        target=lambda: said.append(say.withdraw(store, person, "partner_marketing", actor=CLI, now=fixed_now).ended)
    )
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with store.write(fixed_now) as work:
        work.insert("hold", {"person": person, "reason": "Riita", "from_at": fixed_now}, source="subject")
        append(work.conn, Entry(fixed_now, "cli", "", "hold", "person", (person,)))
        other.start()
        while not work.conn.execute(waits).all()[0][0]:
            time.sleep(0.01)
    other.join()
    # It had begun before, and would have seen none of that.
    assert (outcomes, said) == ([None], [1])
    assert verify_derived(store, fixed_now).differences == ()
    assert verify(store.database).ok


@pytest.mark.parametrize("kind", ["person", "permission"])
def test_whoever_changes_the_same_rows_meanwhile_does_not_wait_in_a_ring(
    store: RegisterStore, fixed_now: dt.datetime, kind: str
) -> None:
    """They hold a row and come to the journal last; so the statement takes its rows before the journal."""
    if store.database.dialect == "sqlite":
        pytest.skip("writers take turns on SQLite")
    person = agreed(store, fixed_now)
    said: list[int] = []
    other = threading.Thread(
        target=lambda: said.append(say.withdraw(store, person, "partner_marketing", actor=CLI, now=fixed_now).ended)
    )
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with store.write(fixed_now) as work:
        if kind == "person":
            work.update(kind, person, {"first_name": "Saara"})
        else:
            work.conn.execute("UPDATE permission SET language = 'sv' WHERE person = :person", {"person": person})
        other.start()
        while not work.conn.execute(waits).all()[0][0]:
            time.sleep(0.01)
        # Of two that wait for each other the server ends the one that has waited for its second before the other came.
        time.sleep(1.5)
        append(work.conn, Entry(fixed_now, "cli", "", "rectify", kind, (person,)))
    other.join()
    assert said == [1]
    assert verify(store.database).ok
