"""What was written is on the disk before the writer is told so; reads are journaled in groups, which may wait."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from seloste.store.dialects import sqlite
from seloste.store.engine import Database, open_database

FULL, NORMAL = 2, 1


def syncs(database: Database, *, relaxed: bool) -> object:
    with database.transaction(relaxed=relaxed) as conn:
        asked = "PRAGMA synchronous" if conn.dialect == "sqlite" else "SHOW synchronous_commit"
        return conn.execute(asked).all()[0][0]


@pytest.fixture(params=[False, True], ids=["group", "each"])
def opened(request: pytest.FixtureRequest, database_url: str) -> Iterator[tuple[Database, bool]]:
    database = open_database(database_url, full_sync=request.param)
    yield database, request.param
    database.close()


def test_only_groups_of_reads_may_wait_for_the_disk(
    opened: tuple[Database, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "SYNCHRONOUS", "FULL")
    database, each = opened
    if database.dialect == "sqlite":
        assert syncs(database, relaxed=False) == FULL
        assert syncs(database, relaxed=True) == (FULL if each else NORMAL)
        assert syncs(database, relaxed=False) == FULL
    else:
        # The server of the tests relaxes by itself; ours says nothing against its setting but where it must.
        with database.read() as conn:
            servers = conn.execute("SELECT reset_val FROM pg_settings WHERE name = 'synchronous_commit'").all()[0][0]
        assert syncs(database, relaxed=False) == ("on" if each else servers)
        assert syncs(database, relaxed=True) == ("on" if each else "off")
        assert syncs(database, relaxed=False) == ("on" if each else servers)


def test_the_program_itself_waits() -> None:
    program = "from seloste.store.dialects.sqlite import SYNCHRONOUS; print(SYNCHRONOUS)"
    assert (
        subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout == "FULL\n"
    )
