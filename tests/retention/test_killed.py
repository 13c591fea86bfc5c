"""Programs killed in the middle of a sweep, an erasure, an apply and an import, a handful of the many of the loop.

``python -m scripts.kill_loop --times 200`` kills more, and says what was left.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.kill_loop.deeds import HalfDoneError, deeds
from scripts.kill_loop.loop import Loop, victims
from scripts.kill_loop.place import KEY, NOW, Place, notice, people

from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.store import opened, sweep_due, sweep_run

KILLS = 6
"""On each engine: every deed at least once."""


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Place:
    return Place(str(tmp_path), None if database_url.startswith("sqlite") else database_url)


@pytest.fixture(autouse=True)
def as_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop keeps what is compiled, and gives it back."""
    monkeypatch.setattr(opened, "Statements", opened.Statements)


def test_killed_at_any_statement(place: Place) -> None:
    """Nothing half done, no event lost, the journal whole, nothing derived differs; done again it is done."""
    steps = sweep_due.MANY, sweep_run.FIRST
    with victims(place) as program:
        loop = Loop(place, seed=7, victim=program)
        figures = loop.run(KILLS)
    assert figures.kills == KILLS
    assert figures.statements.keys() == {"sweep", "day", "erase", "apply", "import"}
    assert sum(figures.before.values()) + sum(figures.part.values()) >= KILLS // 2, "most kills fell after the end"
    # Here too deeds are done again, in small steps; other tests sweep as the product does.
    assert steps == (sweep_due.MANY, sweep_run.FIRST)


HARM = {
    "sweep": ("DELETE FROM interaction WHERE id = (SELECT min(id) FROM interaction)", "not in the journal"),
    "day": ("DELETE FROM interaction WHERE id = (SELECT min(id) FROM interaction)", "not in the journal"),
    "erase": ("UPDATE person SET email = NULL WHERE first_name LIKE 'pyyt%0'", "half done"),
    "apply": ("UPDATE person SET remark = NULL", "the item is gone"),
    "import": ("UPDATE person SET first_name = 'tuotu1x' WHERE first_name = 'muu0'", "of 25 people"),
}


def test_what_is_half_done_is_seen(tmp_path: Path) -> None:
    """Were a row to go unjournaled, somebody half erased, an item lost or half a file come, the loop would stop."""
    with Place(str(tmp_path), None).opened() as opened:
        opened.apply(notice(), now=NOW, actor="cli")
        collect(opened.open(KEY), people("muu", 1), actor=CLI, now=NOW)
        for deed in deeds(tmp_path):
            facts = deed.prepare(opened)
            assert deed.check(opened, facts, []) == 0
            harm, said = HARM[deed.name]
            with opened.open(KEY).database.transaction() as conn:
                conn.execute(harm)
            with pytest.raises(HalfDoneError, match=said):
                deed.check(opened, facts, [])
