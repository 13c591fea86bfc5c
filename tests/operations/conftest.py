"""Registers of the examples on both engines, and short ways to put people into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.prepared import applied, example

from seloste.operations.actor import Actor
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings
from seloste.store.registers import Registers, RegisterStore


@pytest.fixture
def registers(tmp_path: Path, prepared_url: str) -> Iterator[Registers]:
    """An installation on each engine, with no register yet."""
    url = None if prepared_url.startswith("sqlite") else prepared_url
    made = Registers(
        Settings(data_dir=tmp_path, database_url=url, key_file=tmp_path / "key", allow_test_identity_codes=True)
    )
    yield made
    made.close()


@pytest.fixture
def opened(registers: Registers, fixed_now: dt.datetime) -> Callable[[str], RegisterStore]:
    """Apply an example's notice (``fluiconnecto/notice``) and open its register."""

    def opens(name: str) -> RegisterStore:
        notice = example(name)
        applied(registers, notice, fixed_now)
        return registers.open(notice.register)

    return opens


@pytest.fixture
def store(opened: Callable[[str], RegisterStore]) -> RegisterStore:
    """The register of company contacts."""
    return opened("fluiconnecto/notice")


SALES = Actor("a1", "sales")


def contact(
    store: RegisterStore, now: dt.datetime, *, first: str = "Sari", last: str = "Havukoski", **more: str
) -> int:
    """A company contact with phone and e-mail; returns the person's id."""
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow(
            "person",
            {
                "first_name": first,
                "last_name": last,
                "phone": ["050 000 0142"],
                "email": [f"{first.lower()}@havupumppu.example"],
            },
            ref="p",
        ),
        NewRow("relationship", {"title": "Huoltopäällikkö", **more}, {"person": "p", "organisation": "o"}, ref="r"),
    ]
    return collect(store, rows, actor=SALES, now=now).ids["p"]
