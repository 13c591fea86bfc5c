"""An open register follows a notice that another process applies, and one of another version says what to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from seloste.cli.serve import _renewed
from seloste.compiler.register import until_column
from seloste.notice import load
from seloste.settings import Settings
from seloste.store import registers as room
from seloste.store import system
from seloste.store.engine import StoreError
from seloste.store.registers import ChangedError, OtherVersionError, Registers

EXAMPLE = Path(__file__).parents[2] / "examples" / "fluiconnecto" / "notice.yaml"
KEY = "fluiconnecto_customers"


@pytest.fixture
def two(tmp_path: Path, database_url: str) -> Iterator[tuple[Registers, Registers]]:
    """Two processes, as far as one can be two: nothing is shared but the files and the database."""
    url = None if database_url.startswith("sqlite") else database_url
    settings = Settings(data_dir=tmp_path, database_url=url, key_file=tmp_path / "key")
    one, other = Registers(settings), Registers(settings)
    yield one, other
    one.close()
    other.close()


def test_it_reads_by_the_notice_that_another_process_applied(
    two: tuple[Registers, Registers], fixed_now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    served, applying = two
    whole = load(EXAMPLE)
    staff = {key: lens for key, lens in whole.staff.items() if key != "sales"}
    less = replace(whole, staff=staff, digest="0" * 64)
    applying.apply(whole, now=fixed_now, actor="cli")
    before = served.open(KEY)
    assert served.open(KEY) is before
    applying.apply(less, now=fixed_now, actor="cli")
    monkeypatch.setattr(room, "LOOK_AGAIN", 0)
    after = served.open(KEY)
    assert after is not before
    assert "sales" not in after.register.lenses
    assert served.open(KEY) is after
    with after.through("service", fixed_now) as conn:
        assert conn.execute("SELECT count(id) FROM person").all() == [(0,)]
    # Whoever began with the earlier one may end; they write nothing by it.
    with pytest.raises(ChangedError), before.write(fixed_now) as work:
        work.insert("organisation", {"name": "Havupumppu Oy"}, source="subject")
    monkeypatch.setattr(room, "LET_BE", -1)
    served.open(KEY)
    assert served._retired == []


@pytest.mark.parametrize(("key", "value"), [("shape", "{}"), ("shape", "[1"), ("notice", "{}")])
def test_a_register_of_another_version_asks_to_be_applied(
    two: tuple[Registers, Registers], fixed_now: datetime, key: str, value: str
) -> None:
    served, applying = two
    applying.apply(load(EXAMPLE), now=fixed_now, actor="cli")
    database = applying.database(KEY)
    with database.transaction() as conn:
        system.put_meta(conn, key, value)
        system.put_meta(conn, "compiler", "another")
    database.close()
    with pytest.raises(OtherVersionError) as told:
        served.open(KEY)
    assert f"Register {KEY} was built by another version" in told.value.message("en")
    assert applying.renew(KEY, now=fixed_now, actor="register") is None
    if key == "shape":
        # What is built is not guessed from the database.
        with pytest.raises(StoreError, match="bring back a backup: seloste restore"):
            applying.apply(load(EXAMPLE), now=fixed_now, actor="cli")


def built_otherwise(registers: Registers, *sql: str, change: Callable[[list[dict[str, Any]]], None]) -> None:
    """Have the persons' table look as if another version of the program had built it."""
    database = registers.database(KEY)
    with database.transaction() as conn:
        shape = json.loads(system.meta(conn, "shape") or "")
        change(shape["tables"]["person"])
        for each in sql:
            # Only PostgreSQL has views that would stand in the way, and only it takes the word.
            conn.execute(f"{each} CASCADE" if "DROP" in each and conn.dialect == "postgresql" else each)
        system.put_meta(conn, "shape", json.dumps(shape))
        system.put_meta(conn, "compiler", "another")
    database.close()


def test_what_a_new_version_only_adds_is_added_when_the_register_is_opened_to_be_served(
    two: tuple[Registers, Registers], fixed_now: datetime
) -> None:
    served, applying = two
    applying.apply(load(EXAMPLE), now=fixed_now, actor="cli", text="as written")
    with applying.open(KEY).write(fixed_now) as work:
        person = work.insert("person", {"last_name": "Havukoski"}, source="subject")
        firm = work.insert("organisation", {"name": "Havupumppu Oy"}, source="subject")
        work.insert("relationship", {"person": person, "organisation": firm}, source="subject")
    ours = until_column("customer_care")
    with applying.open(KEY).database.read() as conn:
        ((day,),) = conn.execute(f"SELECT {ours} FROM person").all()
    assert day

    def without(columns: list[dict[str, Any]]) -> None:
        columns[:] = [each for each in columns if each["name"] != ours]

    built_otherwise(applying, f"ALTER TABLE person DROP COLUMN {ours}", change=without)
    with pytest.raises(OtherVersionError):
        served.open(KEY)
    served.other_version = partial(_renewed, served)
    with served.open(KEY).database.read() as conn:
        assert conn.execute(f"SELECT last_name, {ours} FROM person").all() == [("Havukoski", day)]
        assert conn.execute("SELECT count(*), max(text) FROM sys_notice").all() == [(1, "as written")]
        assert conn.execute("SELECT actor FROM journal WHERE verb = 'apply' ORDER BY seq").all()[-1] == ("register",)


def test_nothing_is_taken_away_by_a_new_version_without_somebody_who_looks(
    two: tuple[Registers, Registers], fixed_now: datetime
) -> None:
    served, applying = two
    applying.apply(load(EXAMPLE), now=fixed_now, actor="cli")
    more = {"name": "shoe_size", "storage": "integer", "role": "item", "target": None, "type": "int"}
    built_otherwise(applying, "ALTER TABLE person ADD COLUMN shoe_size BIGINT", change=lambda own: own.append(more))
    served.other_version = partial(_renewed, served)
    with pytest.raises(OtherVersionError, match="See with its file what changes: seloste plan"):
        served.open(KEY)
