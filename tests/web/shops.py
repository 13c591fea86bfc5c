"""A shop whose notice ``seloste new`` wrote: its customers are private people, companies, or both. All invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

from tests.prepared import applied
from tests.web.conftest import Site

from seloste.notice.answers import Answers, Customers, Helper
from seloste.notice.check import check_parsed
from seloste.notice.model import Notice
from seloste.notice.new import activities, complete, draft, helpers
from seloste.notice.parse import read_text
from seloste.settings import Settings
from seloste.store.registers import Registers
from seloste.web.app import make_app

PEKKA = "pekka@ketju.example"


@cache
def shop_notice(customers: Customers, day: datetime) -> Notice:
    """The notice that comes of choosing every activity, all of it done by one role."""
    return read(shop_text(customers, day))


def shop_text(customers: Customers, day: datetime) -> str:
    """The same as its file."""
    chosen = tuple(activities(customers))
    agreed = Helper(agreement="Palvelusopimus, 2026-01-01")
    given = Answers(
        name="Pyöräpaja Ketju Oy",
        email="info@ketju.example",
        activities=chosen,
        customers=customers,
        business_id="9184206-9",
        address="Ketjukuja 1, 00100 Helsinki",
        languages=("fi", "en"),
        helpers=dict.fromkeys(helpers(complete(chosen, customers)), agreed),
        staff={"shop": chosen},
    )
    return draft(given, day=day.date(), lang="fi")


def read(text: str) -> Notice:
    result = check_parsed(read_text(text))
    assert result.notice is not None, result.findings
    return result.notice


def shop(folder: Path, customers: Customers, now: datetime) -> Iterator[Site]:
    """The pages of the shop, with one who does everything there."""
    yield from pages(folder, shop_notice(customers, now), now)


def pages(folder: Path, notice: Notice, now: datetime) -> Iterator[Site]:
    """The pages of a notice that has the role ``shop``."""
    registers = Registers(Settings(data_dir=folder, key_file=folder / "key", language="fi"))
    applied(registers, notice, now)
    found: list[Site] = []
    app = make_app(registers.settings, registers, now=lambda: found[0].now)
    found.append(Site(registers, app, notice.register, now))
    found[0].add(PEKKA, "Pekka Paja", "shop")
    yield found[0]
    registers.close()
