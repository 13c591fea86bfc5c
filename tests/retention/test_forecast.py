"""What is told of the months ahead is what the sweeps of those days then do, over the people of the examples."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from tests.prepared import EXAMPLES, applied, example, read_people

from seloste.clock import HELSINKI, today
from seloste.compiler.sweep_whole import answers
from seloste.operations import daily
from seloste.operations.actor import CLI, Actor
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.retention import forecast as forecasting
from seloste.operations.retention.forecast import Forecast, Month, forecast
from seloste.operations.retention.sweep import sweep
from seloste.settings import Settings
from seloste.store import forecast_rows
from seloste.store.registers import Registers, RegisterStore

SWEPT = (1, 2, 6, 13, 24)
"""The months after which the register is swept."""

PEOPLED = {
    "fluiconnecto/notice": "fluiconnecto_customers",
    "fluent-progress/customers": "fluent_customers",
    "fluxio/as-oy-tuulikello": "tuulikello",
}


def peopled(registers: Registers, name: str, now: dt.datetime) -> RegisterStore:
    notice = example(name)
    applied(registers, notice, now)
    store = registers.open(notice.register)
    people = read_people(EXAMPLES / name.partition("/")[0] / "people" / f"{PEOPLED[name]}.yaml", now)
    collect(store, people.rows, actor=CLI, now=now)
    if "newsletter" in store.register.purposes:
        # Nobody but the newsletter holds her, and her yes ends by itself.
        said = {"purpose": "newsletter", "given_at": now - dt.timedelta(days=995), "ends_on": today(now) + CONSENT_LEFT}
        rows = [
            NewRow("person", {"first_name": "Aino", "last_name": "Lehto", "email": ["aino@lehto.example"]}, ref="p"),
            NewRow("permission", said | {"channel": "web_form"}, {"person": "p"}, source="subject"),
        ]
        collect(store, rows, actor=CLI, now=now)
    return store


ACTOR = Actor("sari", "sales")
CONSENT_LEFT = dt.timedelta(days=100)
Counts = tuple[Counter[str], Counter[tuple[str, str]]]


def told(months: Sequence[Month]) -> Counts:
    rows: Counter[str] = Counter()
    values: Counter[tuple[str, str]] = Counter()
    for each in (each for month in months for each in month.kinds):
        rows[each.kind] += each.rows
        values.update({(each.kind, item): count for item, count in each.items.items()})
    return +rows, +values


def swept(store: RegisterStore, day: dt.date) -> Counts:
    done = sweep(store, now=dt.datetime.combine(day, dt.time(3), HELSINKI), actor=CLI)
    rows = Counter({line.kind: line.gone for line in done.kinds if line.gone})
    return rows, Counter({(line.kind, line.item): line.goes for line in done.items if line.goes})


def agrees(store: RegisterStore, now: dt.datetime) -> Forecast:
    found = forecast(store, now=now, months=24)
    assert len(found.months) == 24
    for first, last in pairwise((0, *SWEPT)):
        months = found.months[first:last]
        assert swept(store, months[-1].ends + dt.timedelta(days=1)) == told(months), f"until {months[-1].ends}"
    return found


@pytest.mark.parametrize("name", ["fluent-progress/customers", "fluxio/as-oy-tuulikello"])
def test_what_was_told_goes(name: str, tmp_path: Path, fixed_now: dt.datetime) -> None:
    registers = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "key", allow_test_identity_codes=True))
    found = agrees(peopled(registers, name, fixed_now), fixed_now)
    assert sum(month.rows for month in found.months) and sum(month.values for month in found.months)
    registers.close()


def test_a_forecast_that_took_long_is_shown_again_for_an_hour(
    tmp_path: Path, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    registers = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "key"))
    applied(registers, example("fluiconnecto/notice"), fixed_now)
    store = registers.open(example("fluiconnecto/notice").register)
    for slow, again in ((-1.0, True), (1e9, False)):
        monkeypatch.setattr(forecasting, "SLOW", slow)
        first = forecasting.kept_forecast(store, now=fixed_now)
        soon = forecasting.kept_forecast(store, now=fixed_now + dt.timedelta(minutes=59))
        assert (soon[1] == first[1]) is again
        late = fixed_now + dt.timedelta(minutes=61)
        assert forecasting.kept_forecast(store, now=late)[1] == late
    registers.close()


def test_what_was_told_goes_on_postgresql(pg_url: str, tmp_path: Path, fixed_now: dt.datetime) -> None:
    key = tmp_path / "key"
    registers = Registers(Settings(data_dir=tmp_path, database_url=pg_url, key_file=key))
    agrees(peopled(registers, "fluiconnecto/notice", fixed_now), fixed_now)
    registers.close()


def test_of_a_large_register_the_daily_work_counts_beforehand(
    tmp_path: Path, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    registers = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "key"))
    store = peopled(registers, "fluiconnecto/notice", fixed_now)
    goes = next(month for month in forecast(store, now=fixed_now).months if month.rows)
    fixed_now = dt.datetime.combine(goes.begins, dt.time(9), HELSINKI)
    told, coming = forecast(store, now=fixed_now), forecasting.next_month(store, actor=ACTOR, now=fixed_now)
    assert coming is not None and coming[0] and any(each.whole for each in coming[0])
    rows = sum(1 for kind in store.register.tables for _ in _every(store, kind, fixed_now))
    for large, is_large in ((rows, False), (rows - 1, True)):
        monkeypatch.setattr(forecasting, "LARGE", large)
        assert forecasting.is_large(store, now=fixed_now) is is_large
        counted(store, fixed_now)
        assert (forecasting.read_ahead(store, now=fixed_now) is not None) is is_large
    later = fixed_now + dt.timedelta(hours=20)
    assert forecasting.kept_forecast(store, now=later) == (told, fixed_now)
    assert forecasting.next_month(store, actor=ACTOR, now=later) == coming
    # What has gone since is not taken for what the role does not see.
    monkeypatch.setattr(forecasting, "LARGE", 0)
    goes_whole = {each.kind: each.whole for each in coming[0] if not each.parted and not each.others}
    with store.write(later) as work:
        for kind in ("relationship", "person"):
            for row in goes_whole.pop(kind):
                work.delete(kind, row)
    assert forecasting.next_month(store, actor=ACTOR, now=later) == ((), fixed_now) and not goes_whole
    whole = forecasting.kept_forecast(store, now=later, months=24)
    assert whole is not None and whole[0].months[:12] == told.months and len(whole[0].months) == 24
    # What was counted by another notice is not shown; the register in use counts anew by itself.
    changed = replace(store.register.notice, purposes={**store.register.notice.purposes}, digest="e" * 64)
    registers.apply(changed, now=later, actor="cli")
    store = registers.open(changed.register)
    assert forecasting.kept_forecast(store, now=later) is None
    assert forecasting.next_month(store, actor=ACTOR, now=later) is None
    daily.run_due(registers, now=later)
    counted(store, later)
    again = forecasting.kept_forecast(store, now=later)
    assert again is not None and again[1] == later
    # Of a register that is large no more nothing is kept: there are ids in it.
    monkeypatch.setattr(forecasting, "LARGE", rows)
    counted(store, later)
    assert forecasting.read_ahead(store, now=later) is None
    registers.close()


def counted(store: RegisterStore, now: dt.datetime) -> None:
    while forecasting.count_ahead(store, now=now):
        pass


def _every(store: RegisterStore, kind: str, now: dt.datetime) -> list[object]:
    with store.read(now) as conn:
        return list(conn.execute(f'SELECT id FROM "{kind}"').all())


def test_whose_word_ends_is_looked_up_by_key_and_no_table_of_everybody_is_made(
    pg_url: str, tmp_path: Path, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    registers = Registers(Settings(data_dir=tmp_path, database_url=pg_url, key_file=tmp_path / "key"))
    store = peopled(registers, "fluent-progress/customers", fixed_now)
    asked: list[str] = []
    monkeypatch.setattr(forecast_rows, "at_a_later_day", _told_of(forecast_rows.at_a_later_day, asked))
    forecast(store, now=fixed_now, months=12)
    heads = [head for head in asked if "said_person" in head]
    assert heads, "somebody's consent ends, and statements that go by it are given it"
    with store.database.read() as conn:
        conn.execute("SET LOCAL enable_seqscan TO off")
        head = re.sub(r":said_\w+", "'{1,2}'", re.sub(r":then_\w+", "'x'", heads[-1]))
        every = (answers(store.register, kind, "postgresql") for kind in store.register.tables)
        twice = [sql.replace(":ids", "'{1}'") for sql in every if len(re.findall(r"JOIN \"?person\"? AS", sql)) > 1]
        assert twice, "some statement reaches people by more than one way"
        for sql in twice:
            plan = "\n".join(str(row[0]) for row in conn.execute(f"EXPLAIN {head}{sql}"))
            assert "using person_pkey" in plan and "CTE person" not in plan, plan
    registers.close()


def _told_of(make: Callable[..., str], asked: list[str]) -> Callable[..., str]:
    def made(*given: object) -> str:
        asked.append(make(*given))
        return asked[-1]

    return made
