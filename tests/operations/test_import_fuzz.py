"""Any file at all into an import: it is refused in our words with nothing stored, or what it says is stored."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.operations.conftest import SALES
from tests.operations.test_import import AKI, EERO, HEADS, SARI, planned

from seloste.errors import SelosteError
from seloste.operations.records import import_ as op
from seloste.operations.records import read
from seloste.operations.records.transfer.plan import Fault
from seloste.store.registers import RegisterStore

ODD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "=1+1", "\u202eoniA", "A\u200bino", "Z" + "\u0301" * 40, "\x00", "31.2.2026", "1e400", '"']),
    st.sampled_from([cell for row in (SARI, EERO, AKI) for cell in row]),
)
GOOD = st.sampled_from([SARI, EERO, AKI])
NEARLY = st.builds(lambda row, at, cell: [*row[:at], cell, *row[at + 1 :]], GOOD, st.integers(0, len(HEADS) - 1), ODD)
PEOPLE = st.lists(GOOD | NEARLY, min_size=1, max_size=4)
ROWS = st.lists(st.lists(ODD, min_size=1, max_size=len(HEADS)), max_size=5)


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8", "surrogatepass")


FILES = st.one_of(
    st.binary(max_size=300),
    ROWS.map(as_csv),
    ROWS.map(lambda rows: as_csv([HEADS, *rows])),
    PEOPLE.map(lambda rows: as_csv([HEADS, *rows])),
    PEOPLE.map(as_csv),
    ROWS.map(lambda rows: as_csv([HEADS, *rows]).decode("utf-8", "replace").encode("utf-16")),
    st.binary(max_size=60).map(lambda data: b"PK\x03\x04" + data),
)


def count(store: RegisterStore, now: dt.datetime) -> int:
    return read.rows(store, "person", actor=SALES, now=now).total


def files_try(store: RegisterStore, now: dt.datetime, folder: Path, content: bytes) -> None:
    path = folder / "rows"
    path.write_bytes(content)
    before, faults = count(store, now), list[Fault]()
    try:
        plan = planned(store, path)
        how = {"skip_faulty": True, "doubles": "store", "actor": SALES, "now": now}
        report, done = op.run(store, path, plan, sink=faults.append, **how)  # type: ignore[arg-type]
    except SelosteError as refused:
        assert refused.message("fi")
        assert refused.message("en")
        assert count(store, now) == before
        return
    assert count(store, now) == before + (done.taken if done else 0)
    assert {fault.row for fault in faults} == set() or report.faulty
    assert all(fault.message("fi") and fault.message("en") for fault in faults)


@pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)
@given(content=FILES)
@settings(max_examples=40)
def test_any_file_is_refused_or_stored_and_nothing_between(
    store: RegisterStore, fixed_now: dt.datetime, tmp_path: Path, content: bytes
) -> None:
    files_try(store, fixed_now, tmp_path, content)
