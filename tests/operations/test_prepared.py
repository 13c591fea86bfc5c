"""A copy of a register just applied, with which tests begin on PostgreSQL, is what applying the notice makes."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.prepared import applied, applied_all, example

from seloste.store.lens import check_lens
from seloste.store.registers import Registers


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_a_copied_register_is_as_it_was_applied(registers: Registers, fixed_now: dt.datetime, turn: int) -> None:
    notice = example("fluiconnecto/notice")
    applied(registers, notice, fixed_now)
    store = registers.open(notice.register)
    for lens in store.register.lenses.values():
        assert check_lens(store.database, store.register, lens, store.keys) == ()
    with store.database.transaction() as conn:
        assert conn.execute("SELECT verb FROM journal").all() == [("apply",)]
        login = conn.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'lens%' ORDER BY 1").all()[0][0]
        # As a test may leave them; the second turn gets them as they were.
        conn.execute(f'ALTER ROLE "{login}" CREATEDB PASSWORD NULL')


def test_a_register_that_is_there_is_not_copied_over(registers: Registers, fixed_now: dt.datetime) -> None:
    """A second register of an installation is applied beside the first."""
    for name in ("fluiconnecto/notice", "fluent-progress/customers"):
        applied(registers, example(name), fixed_now)
    assert len(registers.keys()) == 2


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_two_registers_are_copied_with_the_logins_of_both(
    registers: Registers, fixed_now: dt.datetime, turn: int
) -> None:
    """Those of the first are there already, as another copied database knows them."""
    notices = [example(name) for name in ("fluiconnecto/notice", "proseduuri/notice")]
    applied_all(registers, notices, fixed_now)
    for notice in notices:
        store = registers.open(notice.register)
        for lens in store.register.lenses.values():
            assert check_lens(store.database, store.register, lens, store.keys) == ()
