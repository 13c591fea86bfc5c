"""The one statement of a person's copy: its rows are found by index, and what it tells late is what SQL would tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from tests.prepared import EXAMPLES, applied, example, read_people

from seloste.compiler.copy import copy_of
from seloste.compiler.functions import add, day, earliest, latest, or_forever
from seloste.compiler.late import late
from seloste.compiler.register import FOREVER
from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.why import told
from seloste.operations.rights.gather import gather
from seloste.settings import Settings
from seloste.store.functions import functions
from seloste.store.registers import Registers, RegisterStore

NOW = dt.datetime(2026, 11, 25, 7, 12, tzinfo=dt.UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def homes(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[RegisterStore]:
    """A housing company with its invented people."""
    url = None if request.param == "sqlite" else request.getfixturevalue("pg_url")
    settings = Settings(data_dir=tmp_path, key_file=tmp_path / "key", database_url=url, allow_test_identity_codes=True)
    registers = Registers(settings)
    applied(registers, example("fluxio/as-oy-tuulikello"), NOW)
    store = registers.open("tuulikello")
    collect(store, read_people(EXAMPLES / "fluxio" / "people" / "tuulikello.yaml", NOW).rows, actor=CLI, now=NOW)
    yield store
    registers.close()


def test_reasons_worked_out_late_are_those_that_the_statement_of_reasons_gives(homes: RegisterStore) -> None:
    """For every cell of every person: the same purposes, needs, uses, last days, sources and recipients."""
    compared = 0
    with homes.read(NOW) as conn:
        for (person,) in conn.execute("SELECT id FROM person ORDER BY id").all():
            for row in gather(homes, conn, int(person), now=NOW).rows:
                asked = told(homes, conn, row.kind, [row.id], [cell.item for cell in row.cells])[row.id]
                assert {cell.item: cell.why for cell in row.cells} == asked.cells
                needing = (why.purpose for cell in row.cells for why in cell.why.reasons if why.needed)
                assert row.purposes == tuple(dict.fromkeys(needing))
                compared += len(row.cells)
    assert compared > 300
    if homes.database.dialect == "postgresql":
        keeps_what_was_prepared(homes)
    else:
        finds_by_index(homes)


def finds_by_index(store: RegisterStore) -> None:
    """A person's copy costs what is theirs, not what is stored. PostgreSQL reads small tables whole, and may."""
    copy = copy_of(store.register, "sqlite")
    given = dict.fromkeys(copy.names) | {"person": 1}
    with store.read(NOW) as conn:
        for sql in {text for step in copy.steps for text in (step.sql, *step.few)}:
            found = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}", given)]
            assert [each for each in found if each.startswith("SCAN") and each != "SCAN c"] == []


def keeps_what_was_prepared(store: RegisterStore) -> None:
    """A read leaves the statement to the next one on the connection."""
    asked = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT t.id AS id, t.sys_source AS %'"
    (step,) = copy_of(store.register, "postgresql").steps
    with store.database.read() as conn:
        conn.fetch(step.sql, {"person": 1})
    with store.database.read() as conn:
        assert conn.execute(asked).all() == [(1,)]


COLUMN = sa.column("x", sa.Text())
OTHER = sa.column("y", sa.Text())


@pytest.mark.parametrize(
    ("expression", "cells", "value"),
    [
        (add(day(COLUMN), 3, "year"), ["2024-02-29"], "2027-02-28"),
        (add(day(COLUMN), 1, "month"), ["2026-01-31T22:30:00Z"], "2026-03-01"),
        (add(or_forever(COLUMN), 3, "year"), [None], FOREVER),
        (latest([sa.func.coalesce(COLUMN, ""), sa.func.coalesce(OTHER, "")]), [None, "2026-05-01"], "2026-05-01"),
        (sa.func.nullif(latest([sa.func.coalesce(COLUMN, ""), sa.literal("")]), ""), [None], None),
        (earliest([or_forever(COLUMN), OTHER]), [None, "2026-05-01"], "2026-05-01"),
        (sa.case((COLUMN.is_(None), None), else_=OTHER), [None, "2026-05-01"], None),
        (sa.case((COLUMN.is_(None), None), else_=OTHER), ["there", "2026-05-01"], "2026-05-01"),
        (sa.func.upper(COLUMN), ["WHOLE"], "WHOLE"),
    ],
)
def test_an_expression_gives_what_sql_gives(
    expression: Any, cells: list[str | None], value: str | None, homes_functions: Any
) -> None:
    columns: list[str] = []

    def place(column: Any) -> int:
        text = str(column)
        if text not in columns:
            columns.append(text)
        return columns.index(text)

    made = late(expression, place)(homes_functions)
    assert len(columns) == len(cells)
    assert made(cells) == value


@pytest.fixture(scope="module")
def homes_functions() -> Any:
    from seloste.compiler.lower import compile_notice

    return functions(compile_notice(example("fluxio/as-oy-tuulikello")))
