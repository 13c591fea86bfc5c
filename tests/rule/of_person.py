"""What a notice says is about one person, read slowly: which cells, what an erasure leaves of them, why and until when.

The same dictionaries of rows as :mod:`tests.rule.oracle`, and the same ten sentences; nothing of statements.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from tests.rule.oracle import AGREED, Oracle, Row, day_of

from seloste.catalogue.model import PERSON
from seloste.notice.model import Notice, Purpose
from seloste.notice.ways import own_date

Cell = tuple[str, int, str]
Rows = Mapping[str, Mapping[int, Mapping[str, Any]]]
SYSTEM = ("id", "sys_source", "sys_recorded_at", AGREED)


def filled(rows: Rows) -> Iterator[Cell]:
    """Every cell that holds something."""
    for kind, found in rows.items():
        for number, cells in found.items():
            yield from (
                (kind, number, name) for name, value in cells.items() if value is not None and name not in SYSTEM
            )


def about(oracle: Oracle, person: int) -> set[Cell]:
    """Every filled cell that is about a person, others beside them or not."""
    who: Row = (PERSON, person)
    return {cell for cell in filled(oracle.rows) if who in oracle.cell_persons((cell[0], cell[1]), cell[2])}


def declared(oracle: Oracle, person: int) -> set[Cell]:
    """What is about them and needed; that a row is theirs is said by its being there."""
    return {
        (kind, number, name)
        for kind, number, name in about(oracle, person)
        if oracle.needed((kind, number), name)
        and not (name == PERSON and oracle.cells((kind, number))[name] == person and name in oracle.kinds[kind].of)
    }


def stays_with_row(notice: Notice) -> set[tuple[str, str]]:
    """(kind, cell) of what a row belongs to and of the dates that a period counts from: see docs/why/retention.md."""
    found = {(key, str(name)) for key, of in notice.kinds.items() for name in (*of.of, of.owner_item)}
    for purpose in notice.purposes.values():
        for keep in purpose.keep:
            for term in filter(None, (keep.base, *keep.at_least, *keep.at_most)):
                if term.date == "last_contact":
                    found |= {(key, of.act) for key, of in notice.kinds.items() if of.act}
                else:
                    found.add((term.kind or keep.matter, term.date))
        found |= {(limit.kind, str(own_date(notice.kinds[limit.kind]))) for limit in purpose.at_most}
    return found


def ends(purpose: Purpose) -> bool:
    """Whether an erasure ends a purpose for the person: a duty, a contract, a public task and a claim it does not."""
    return not Oracle.always(purpose) and (purpose.basis != "public_task" or purpose.nature == "marketing")


def after_words(notice: Notice, rows: Rows, person: int, now: str) -> Rows:
    """The same rows when the person's consents are withdrawn and objections upheld (sentence 8)."""
    made: dict[str, dict[int, dict[str, Any]]] = deepcopy({kind: dict(found) for kind, found in rows.items()})  # type: ignore[arg-type]
    for row in _of(made, "permission", person):
        row["withdrawn_at"] = row["withdrawn_at"] or now
    for purpose in notice.purposes.values():
        if not ends(purpose) or (purpose.basis == "consent" and purpose.nature != "marketing"):
            continue
        standing = [
            row
            for row in _of(made, "objection", person)
            if row["purpose"] == purpose.key and row["withdrawn_at"] is None
        ]
        pending = [row for row in standing if row["state"] == "pending"]
        if pending:
            pending[0]["state"] = "upheld"
        elif not any(row["state"] == "upheld" for row in standing):
            _add(made, notice, "objection", person, purpose=purpose.key, state="upheld", raised_at=now)
    return made


def _of(rows: Rows, kind: str, person: int) -> Iterator[Any]:
    return (row for row in rows.get(kind, {}).values() if row[PERSON] == person)


def _add(made: dict[str, dict[int, dict[str, Any]]], notice: Notice, kind: str, person: int, **values: Any) -> None:
    of = notice.kinds[kind]
    empty = dict.fromkeys((*(end for end in of.of if end in notice.kinds), *of.items))
    given = values | {PERSON: person, "sys_source": "subject", "sys_recorded_at": values.get("raised_at")}
    found = made.setdefault(kind, {})
    found[min([0, *found]) - 1] = {**empty, **given}


def leads_to(oracle: Oracle, person: int) -> set[Row]:
    """The person's row, every row that refers to it, and every row that refers to one of those."""
    found, edge = {(PERSON, person)}, {(PERSON, person)}
    while edge:
        further = {
            (kind, number)
            for kind, rows in oracle.rows.items()
            for column, target in oracle.references(kind)
            for number, cells in rows.items()
            if (target, cells[column]) in edge
        }
        edge = further - found
        found |= edge
    return found


def last_day(oracle: Oracle, purpose: Purpose, row: Row, column: str) -> dt.date | None:
    """The last day on which a purpose needs a cell, if nobody says or does anything more; None: it has no end yet."""
    last = oracle.today
    for day in _turning_days(oracle):
        if day > last:
            if not Oracle(oracle.notice, oracle.rows, day).needed_by(purpose, row, column):
                return last
            last = day
    return None


def _turning_days(oracle: Oracle) -> list[dt.date]:
    """Days, and the days after them, on which a matter, a limit or a word may end."""
    found: set[dt.date] = set()
    for purpose in oracle.notice.purposes.values():
        for keep in purpose.keep:
            if keep.base is not None:
                found |= {
                    oracle.ends(purpose, keep, (keep.matter, number)) for number in oracle.rows.get(keep.matter, {})
                }
        for limit in purpose.at_most:
            found |= {
                Oracle.after(oracle.dated((limit.kind, number)), limit) for number in oracle.rows.get(limit.kind, {})
            }
    found |= {day_of(row["ends_on"]) for row in oracle.rows.get("permission", {}).values() if row["ends_on"]}
    return sorted({each for day in found if day < dt.date.max for each in (day, day + dt.timedelta(days=1))})
