"""A register is moved between real servers and files while people write, and is in one place whatever is killed."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.operations.conftest import SALES, contact
from tests.scale.conftest import KEY, everything, installed

from seloste.cli import group
from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.register import move as moving
from seloste.operations.register.move import move
from seloste.settings import SettingError, Settings
from seloste.store import moving_rows
from seloste.store.journal import verify
from seloste.store.moving import MoveError
from seloste.store.places import FILES, HOME, NoCellError, Place
from seloste.store.registers import Registers
from seloste.store.verify import verify_derived

EXAMPLE = Path(__file__).parents[2] / "examples" / "fluiconnecto" / "notice.yaml"
WAYS = ["files-north", "north-south"]


@pytest.mark.parametrize("way", WAYS)
def test_it_is_moved_while_people_write_and_nothing_is_lost(
    settings: Settings, way: str, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "SETTLE_SECONDS", 1.2)
    start, goal = way.split("-")
    registers = installed(settings, start, fixed_now)
    served = Registers(settings)  # another process, as far as the two share nothing but files and servers
    store = served.open(KEY)
    people: list[int] = []
    over, longest = threading.Event(), [0.0]

    def write() -> None:
        while not over.is_set():
            since = time.monotonic()
            person = contact(store, fixed_now, first=f"Nro{len(people)}")
            say.ban(store, person, "phone", actor=SALES, now=fixed_now)
            longest[0] = max(longest[0], time.monotonic() - since)
            people.append(person)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        report = move(registers, KEY, goal, now=fixed_now, actor=CLI)
        after = len(people)
        until = time.monotonic() + 20
        while len(people) < after + 3 and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        over.set()
        writer.join()
    start, goal = (HOME if cell == FILES else cell for cell in (start, goal))
    assert (report.came_from, report.goes_to, report.journal.ok) == (start, goal, True)
    assert report.changes > 0 and report.waited < 10
    assert len(people) >= after + 3, "the writer of another process found its way"
    store.reads.flush()
    with store.read(fixed_now) as conn:
        there = {int(row[0]) for row in conn.execute("SELECT id FROM person")}
        bans = {int(row[0]) for row in conn.execute("SELECT person FROM ban")}
    assert set(people) <= there and set(people) <= bans
    assert verify(store.database).ok and verify_derived(store, fixed_now).ok
    # What was written down while it was moved is taken away with the old copy, and so is the old copy.
    assert moving_rows.LOG not in everything(store) and moving_rows.ARRIVING not in everything(store)
    assert not (settings.data_dir / "registers" / f"{KEY}.db").exists() or goal == HOME
    assert registers.place(KEY).cell == goal
    served.close()
    registers.close()


def test_every_cell_of_every_table_comes_along(
    settings: Settings, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "SETTLE_SECONDS", 0)
    registers = installed(settings, "files", fixed_now)
    before = everything(registers.open(KEY))
    assert {"sys_due", "sys_outbox", "sys_planned", "sys_breach", "sys_unconfirmed", "sys_find", "ban"} <= before.keys()
    monkeypatch.setenv("SELOSTE_CELLS_FILE", str(settings.cells_file))
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    folder = ["--data-dir", str(settings.data_dir)]
    elsewhere = CliRunner().invoke(group, ["apply", str(EXAMPLE), "--cell", "north", *folder])
    assert elsewhere.exit_code == 2 and f"seloste move {KEY} north" in elsewhere.output
    for cell, came_from in (("north", "home"), ("south", "north"), ("files", "south")):
        done = CliRunner().invoke(group, ["move", KEY, cell, *folder])
        assert done.exit_code == 0, done.output
        assert done.output.startswith(f"{KEY}: {came_from} -> {HOME if cell == FILES else cell}, ")
        assert "the journal is whole" in done.output
        time.sleep(1.1)  # this process has not been told
        assert everything(registers.open(KEY)) == before
    # The third person went before, and the number is given to nobody else.
    assert contact(registers.open(KEY), fixed_now) == 4
    registers.close()


def test_it_stays_where_it_is_when_the_copy_is_not_the_same(
    settings: Settings, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    registers = installed(settings, "files", fixed_now)
    copied = moving_rows.copy

    def badly(source: object, target: object, tables: object, alive: object) -> int:
        count = copied(source, target, tables, alive)  # type: ignore[arg-type]
        with target.transaction() as conn:  # type: ignore[attr-defined]
            conn.execute("UPDATE sys_ledger SET row = row + 1 WHERE seq = 1")
        return count

    monkeypatch.setattr(moving_rows, "copy", badly)
    before = everything(registers.open(KEY))
    with pytest.raises(MoveError, match="sys_ledger"):
        move(registers, KEY, "north", now=fixed_now, actor=CLI)
    assert registers.place(KEY).cell == "home"
    assert everything(registers.open(KEY)) == before
    monkeypatch.undo()
    monkeypatch.setattr(moving, "SETTLE_SECONDS", 0)
    assert move(registers, KEY, "north", now=fixed_now, actor=CLI).goes_to == "north"
    with pytest.raises(MoveError, match="already"):
        move(registers, KEY, "north", now=fixed_now, actor=CLI)
    with pytest.raises(NoCellError, match="north, south"):
        move(registers, KEY, "west", now=fixed_now, actor=CLI)
    registers.close()


KILLED = """
import datetime as dt, json, os, signal, sys
from pathlib import Path
from seloste.operations.actor import CLI
from seloste.operations.register import move as moving
from seloste.settings import Settings
from seloste.store.registers import Registers

moving.SETTLE_SECONDS = 0
folder, key, goal, point, now = sys.argv[1:]
folder = Path(folder)
settings = Settings(
    data_dir=folder, key_file=folder / "secret.key", cells_file=folder / "cells.toml", ledger_dir=folder / "ledger"
)

def reached(at):
    if at == point:
        os.kill(os.getpid(), signal.SIGKILL)

moving.move(Registers(settings), key, goal, now=dt.datetime.fromisoformat(now), actor=CLI, reached=reached)
"""


def test_killed_anywhere_one_copy_is_in_charge(
    settings: Settings, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "SETTLE_SECONDS", 0)
    registers = installed(settings, "files", fixed_now)
    before = everything(registers.open(KEY))
    at, goal = "home", "north"
    for point in ("copied", "brought", "switched", "opened"):
        args = [str(settings.data_dir), KEY, goal, point, fixed_now.isoformat()]
        ended = subprocess.run([sys.executable, "-c", KILLED, *args], check=False, timeout=120)
        assert ended.returncode == -9, point
        # Another process goes on in it as it lies there, and writes are not refused.
        now_at = registers.place(KEY).cell
        assert now_at == (goal if point in ("switched", "opened") else at), point
        other = Registers(settings)
        there = everything(other.open(KEY))
        half_done = (moving_rows.LOG, moving_rows.ARRIVING)
        assert {table: rows for table, rows in there.items() if table not in half_done} == before, point
        with other.open(KEY).write(fixed_now):
            pass
        other.close()
        if now_at == goal:
            assert move(registers, KEY, goal, now=fixed_now, actor=CLI).finished
            at, goal = goal, "south" if goal == "north" else "north"
    report = move(registers, KEY, goal, now=fixed_now, actor=CLI)
    assert report.journal.ok and not report.finished
    assert everything(registers.open(KEY)) == before
    registers.close()


def test_a_file_of_cells_says_what_is_wrong_in_it(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    for text, said in (
        ('[north]\nurl = "mysql://x"\n', r"\[north\] takes one line"),
        ("[north\n", "not TOML"),
        ('[home]\nurl = "postgresql://x"\n', r"\[home\] is not a name"),
    ):
        file.write_text(text)
        registers = Registers(replace(settings, cells_file=file))
        with pytest.raises(SettingError, match=said):
            registers.database_at(KEY, Place("north", "reg"))
        registers.close()
