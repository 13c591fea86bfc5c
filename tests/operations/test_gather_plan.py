"""What is asked of one person goes by the indexes on PostgreSQL, whoever else has most of the rows."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.operations.conftest import contact

from seloste.operations.rights.gather import gather
from seloste.store.engine import one
from seloste.store.registers import RegisterStore

HOW = "SELECT current_setting('enable_hashjoin'), current_setting('enable_mergejoin')"


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_a_person_is_gathered_by_the_indexes_and_nobody_else_is(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    with store.read(fixed_now) as conn:
        usual = one(conn.execute(HOW))
        assert gather(store, conn, person, now=fixed_now).rows
        assert one(conn.execute(HOW)) == ("off", "off")
    with store.read(fixed_now) as conn:
        assert one(conn.execute(HOW)) == usual == ("on", "on")
