"""A turn of the sweep that had to be taken back has moved nothing on: what it had removed goes in the next."""

from __future__ import annotations

import datetime as dt
import time
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.retention.test_word import ALBUM
from tests.rule.strategies import NOW, meant
from tests.rule.world import built, dump, new_place, writing

from seloste.compiler.lower import compile_notice
from seloste.operations.actor import CLI
from seloste.operations.retention import sweep as sweeping
from seloste.store import ledger

LATER = NOW + dt.timedelta(days=11 * 366)


def test_while_the_ledger_is_being_read_it_gives_way_and_then_does_all_of_it(
    tmp_path: Path, pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = meant(ALBUM)
    assert notice is not None
    with built(compile_notice(notice), new_place("postgresql", tmp_path, pg_url)) as store, ExitStack() as reading:
        with writing(store, NOW) as work:
            person = work.insert("person", {"first_name": "Sari"}, source="subject")
            work.insert("sitting", {"person": person, "began": NOW.date()}, source="subject")
        reading.enter_context(ledger.gate(store.database))
        waited: list[float] = []

        def wait(seconds: float) -> None:
            waited.append(seconds)
            reading.close()

        monkeypatch.setattr(sweeping, "AT_MOST", 600)  # all of it in one turn
        monkeypatch.setattr(sweeping, "time", SimpleNamespace(sleep=wait, monotonic=time.monotonic))
        done = sweeping.sweep(store, now=LATER, actor=CLI)
        assert len(waited) == 1
        assert (done.rows, dump(store)["sitting"]) == (2, {})
        assert sweeping.sweep(store, now=LATER, actor=CLI, every_row=True).rows == 0
