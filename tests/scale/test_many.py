"""Many registers over several cells in one process: what is open stays bounded, and nothing is lost by closing it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.operations.conftest import SALES, contact
from tests.web.conftest import TestClient

from seloste.cli import serve
from seloste.errors import SelosteError
from seloste.notice import load
from seloste.operations import daily
from seloste.operations.accounts import roles
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.sign_in import sign_in
from seloste.operations.actor import CLI
from seloste.operations.daily import run_due
from seloste.operations.records.read import row
from seloste.operations.running.health import look_on, ready
from seloste.operations.running.in_turn import AT_ONCE, FEW, in_turn
from seloste.operations.running.numbers import numbers
from seloste.settings import Settings
from seloste.store import daily as kept
from seloste.store import registers as room
from seloste.store.engine import Connection
from seloste.store.journal import verify
from seloste.store.places import FILES
from seloste.store.registers import Registers, RegisterStore
from seloste.web import registers as pages
from seloste.web.app import make_app

SMALL = Path(__file__).parents[2] / "scripts" / "kill_loop" / "notice.yaml"
COUNT, OPEN = 12, 3
CELLS = (FILES, "north", "south")
KEYS = [f"firm_{number:02}" for number in range(COUNT)]


def made(settings: Settings, cells: tuple[str, ...], now: dt.datetime) -> Registers:
    """Twelve registers over some cells."""
    registers, notice = Registers(settings), load(SMALL)
    for number, key in enumerate(KEYS):
        one = replace(notice, register=key, digest=f"{number:064x}")
        registers.apply(one, now=now, actor="cli", cell=cells[number % len(cells)])
    return registers


@pytest.fixture
def in_files(tmp_path: Path, fixed_now: dt.datetime) -> Iterator[Registers]:
    """Twelve registers in files."""
    registers = made(Settings(data_dir=tmp_path, key_file=tmp_path / "key"), (FILES,), fixed_now)
    yield registers
    registers.close()


def test_who_comes_to_the_door_has_no_register_opened_where_there_are_many(
    in_files: Registers, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(make_app(in_files.settings, in_files, now=lambda: fixed_now))
    monkeypatch.setattr(pages, "MOST_LISTED", COUNT - 1)
    page = client.get("/sign-in?lang=en").text
    assert "Open the notice of the company or body that you deal with" in page
    assert "/notice/" not in page
    assert in_files.opened() == ()
    monkeypatch.setattr(pages, "MOST_LISTED", COUNT)
    assert client.get("/sign-in").text.count('href="/notice/') == COUNT


def test_a_page_of_somebody_with_roles_in_many_registers_opens_its_own_alone(
    in_files: Registers, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of registers stand in their notices: where there are many, no list of them is on a page."""
    role = next(iter(in_files.open(KEYS[0]).register.lenses))
    given = create_account(
        in_files.deployment, "sari@example.fi", "Sari", password="kolme pientä kuusta", actor=CLI, now=fixed_now
    )
    for key in KEYS:
        roles.grant(in_files.deployment, given.account, key, role, lead=True, actor=CLI, now=fixed_now)
    signed = sign_in(in_files.deployment, "sari@example.fi", "kolme pientä kuusta", source="127.0.0.1", now=fixed_now)
    served = Registers(in_files.settings)
    client = TestClient(make_app(served.settings, served, now=lambda: fixed_now), cookies={"seloste": signed.token})
    monkeypatch.setattr(pages, "MOST_LISTED", COUNT - 1)
    page = client.get(f"/r/{KEYS[5]}/person").text
    assert 'href="/account#roles"' in page and f'href="/r/{KEYS[1]}/"' not in page
    assert [each.register.notice.register for each in served.opened()] == [KEYS[5]]
    page = client.get("/account").text
    assert all(f'href="/r/{key}/"' in page for key in KEYS)
    # The frame of a page outside any register is that of the first.
    assert [each.register.notice.register for each in served.opened()] == [KEYS[5], KEYS[0]]
    assert client.get("/r/nothing/person").status_code in (403, 404)
    monkeypatch.setattr(pages, "MOST_LISTED", COUNT)
    assert f'href="/r/{KEYS[1]}/"' in client.get(f"/r/{KEYS[5]}/person").text
    served.close()


def test_what_is_open_stays_bounded_and_every_look_is_journaled(
    settings: Settings, fixed_now: dt.datetime, pg_url: str, south_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_OPEN", OPEN)
    many = made(settings, CELLS, fixed_now)
    held = many.open(KEYS[0])
    for _ in range(2):
        for key in KEYS:
            store = many.open(key)
            person = contact(store, fixed_now)
            row(store, "person", person, actor=SALES, now=fixed_now)
            assert len(many.opened()) <= OPEN
    # Whoever holds one that was closed goes on with it.
    assert held not in many.opened()
    assert row(held, "person", contact(held, fixed_now), actor=SALES, now=fixed_now).id == 3
    held.reads.flush()
    connections = 0
    for url in (pg_url, south_url):
        with psycopg.connect(url) as conn:
            sql = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
            connections += conn.execute(sql).fetchall()[0][0]
    assert connections <= OPEN * 4
    other = Registers(settings)
    for key in KEYS:
        many.open(key).reads.flush()
        assert verify(other.open(key).database).ok
        with other.open(key).read(fixed_now) as read:
            looks = read.execute("SELECT count(*) FROM journal WHERE verb = 'look'").all()
        assert looks == [(3 if key == KEYS[0] else 2,)]
    other.close()
    done = run_due(many, now=fixed_now)
    assert {each.register for each in done} == set(KEYS) and not any(each.failed for each in done)
    many.close()
    # A server that is away stops its own registers alone, by day and by night.
    assert settings.cells_file is not None
    text = settings.cells_file.read_text()
    north = text.index('url = "', text.index("[north]"))
    away = 'url = "postgresql://nobody@127.0.0.1:9/nothing"\n'
    settings.cells_file.write_text(text[:north] + away + text[text.index("\n", north) :])
    registers = Registers(settings)
    since = time.monotonic()
    for number, key in enumerate(KEYS):
        if CELLS[number % len(CELLS)] != "north":
            contact(registers.open(key), fixed_now)
    done = run_due(registers, now=fixed_now + dt.timedelta(days=1))
    assert {each.register for each in done} == set(KEYS)
    away_now = {key for number, key in enumerate(KEYS) if CELLS[number % len(CELLS)] == "north"}
    assert {each.register for each in done if each.failed} == away_now
    assert time.monotonic() - since < 60
    registers.close()


@pytest.mark.parametrize(("seconds", "looked_at"), [(0.0, serve.FEW), (60.0, 4)])
def test_serve_looks_at_some_before_it_starts_and_at_the_others_when_they_are_used(
    in_files: Registers, monkeypatch: pytest.MonkeyPatch, seconds: float, looked_at: int
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(serve, "AT_START", 4)
    monkeypatch.setattr(serve, "START_SECONDS", seconds)
    monkeypatch.setattr(serve, "check_lenses", lambda store: looked.append(store.register.notice.register))
    serve.check(in_files)
    # On files one register stands for all lenses.
    assert looked == KEYS[:1]
    assert {each.register.notice.register for each in in_files.opened()} == set(KEYS[:looked_at])
    with in_files.open(KEYS[9]).database.transaction() as conn:
        conn.execute("UPDATE journal_head SET seq = seq + 1")
    fresh = Registers(in_files.settings)
    serve.check(fresh)
    closed: list[str] = []
    monkeypatch.setattr(RegisterStore, "close", lambda store: closed.append(store.register.notice.register))
    with pytest.raises(SelosteError, match=f"The journal of register {KEYS[9]} is not whole"):
        fresh.open(KEYS[9])
    assert closed == [KEYS[9]]
    monkeypatch.undo()
    assert fresh.open(KEYS[8]).register.notice.register == KEYS[8]
    fresh.close()


def test_many_are_asked_in_turn(in_files: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    assert AT_ONCE > COUNT
    assert len(in_turn(in_files, "all", str.upper)) == COUNT
    monkeypatch.setattr("seloste.operations.running.in_turn.AT_ONCE", 5)
    asked: list[str] = []

    def ask(key: str) -> int:
        asked.append(key)
        return len(asked)

    for said in (5, 10, COUNT):
        assert len(in_turn(in_files, "some", ask)) == said
    assert sorted(asked[:COUNT]) == KEYS
    assert asked[COUNT:] == asked[: 15 - COUNT]
    # A few, however slow they are; no more when the time is up.
    monkeypatch.setattr("seloste.operations.running.in_turn.SECONDS", 0.0)
    assert len(in_turn(in_files, "slow", str.upper)) == FEW


def test_what_only_looks_closes_no_register_in_use_and_keeps_none_open(
    in_files: Registers, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_OPEN", OPEN)
    monkeypatch.setattr(serve, "AT_START", OPEN)
    with in_files.open(KEYS[9]).database.transaction() as conn:
        conn.execute("UPDATE journal_head SET seq = seq + 1")
    registers, looked = Registers(in_files.settings), list[str]()
    serve.check(registers)
    first = registers.first_opened
    assert first is not None

    def counted(store: RegisterStore) -> None:
        looked.append(store.register.notice.register)
        first(store)

    registers.first_opened = counted
    in_use = registers.opened()
    assert len(in_use) == OPEN
    looking = look_on(registers)
    monkeypatch.setattr(looking._stopped, "wait", lambda _: False)
    # It ends by itself when each was looked at.
    looking.run()
    assert set(looked) == set(KEYS) - {each.register.notice.register for each in in_use}
    assert not ready(registers).parts["registers"]
    found = numbers(registers, now=fixed_now)
    assert (found.every, len(found.registers)) == (COUNT, COUNT)
    assert [key for key, each in found.registers.items() if not each.opens] == [KEYS[9]]
    assert registers.opened() == in_use
    looked.clear()
    registers.open(KEYS[8])
    assert looked == []
    registers.close()


def test_a_register_whose_notice_has_changed_may_be_put_aside_while_that_is_found_out(
    in_files: Registers, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_OPEN", 1)
    before = in_files.open(KEYS[0])
    other = Registers(in_files.settings)
    other.apply(replace(load(SMALL), register=KEYS[0], digest="f" * 64), now=fixed_now, actor="cli")
    other.close()
    monkeypatch.setattr(room, "LOOK_AGAIN", 0.0)
    real = room.system.meta

    def meta(conn: Connection, name: str) -> str | None:
        monkeypatch.setattr(room.system, "meta", real)
        in_files.open(KEYS[1])
        return real(conn, name)

    monkeypatch.setattr(room.system, "meta", meta)
    after = in_files.open(KEYS[0])
    assert after is not before and after.register.hash == "f" * 64


def test_the_night_opens_each_register_once(
    in_files: Registers, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_OPEN", OPEN)
    opened: list[str] = []
    real = Registers._opened

    def counted(registers: Registers, key: str) -> RegisterStore:
        opened.append(key)
        return real(registers, key)

    monkeypatch.setattr(Registers, "_opened", counted)
    done = run_due(in_files, now=fixed_now)
    assert {each.register for each in done} == set(KEYS) and not any(each.failed for each in done)
    assert opened == KEYS
    assert len(in_files.opened()) == OPEN


def test_two_that_work_at_night_take_registers_of_their_own(
    in_files: Registers, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another has taken the first job of a register, its turn comes after all others."""
    monkeypatch.setattr(daily, "JOBS", {"sweep": lambda *_: None, "figures": lambda *_: None})
    monkeypatch.setattr(daily, "TELLING", {})
    real, other = kept.claim, {(KEYS[0], "sweep"), (KEYS[4], "sweep"), (KEYS[4], "figures")}

    def claim(conn: Connection, register: str, job: str, *more: Any, **named: Any) -> bool:
        return (register, job) not in other and real(conn, register, job, *more, **named)

    monkeypatch.setattr(kept, "claim", claim)
    done = [(each.register, each.job) for each in run_due(in_files, now=fixed_now)]
    own = [key for key in KEYS if key not in (KEYS[0], KEYS[4])]
    assert done == [(key, job) for key in own for job in ("sweep", "figures")] + [(KEYS[0], "figures")]
