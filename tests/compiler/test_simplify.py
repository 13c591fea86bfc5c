"""A simplified predicate says the same as the given one on every row, with bits and cells that are NULL as well."""

from __future__ import annotations

import itertools
import sqlite3

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from seloste.compiler.functions import Sql
from seloste.compiler.simplify import FALSE, TRUE, formula, implies, some, sql
from seloste.compiler.views import render

TABLE = sa.Table(
    "r",
    sa.MetaData(),
    sa.Column("id", sa.Integer),
    sa.Column("day", sa.Text),
    sa.Column("use", sa.Integer),
    sa.Column("need", sa.Integer),
)
_ids = itertools.count()
ROWS = [
    (next(_ids), day, use, need)
    for day in (None, "2025", "2027")
    for use in (None, 0, 1, 2, 3, 5)
    for need in (None, 0, 2, 7)
]


def _mask(column: str, bits: int) -> Sql:
    return TABLE.c[column].op("&")(sa.literal(bits)) != 0


leaves = st.one_of(
    st.builds(_mask, st.sampled_from(["use", "need"]), st.sampled_from([1, 2, 4])),
    st.sampled_from(["2024", "2026"]).map(lambda day: TABLE.c.day >= day),
    st.just(TABLE.c.day.is_(None)),
    st.sampled_from([sa.true(), sa.false()]),
)
predicates = st.recursive(
    leaves,
    lambda parts: st.one_of(
        st.lists(parts, max_size=4).map(lambda found: sa.and_(sa.true(), *found)),
        st.lists(parts, max_size=4).map(lambda found: sa.or_(sa.false(), *found)),
    ),
    max_leaves=14,
)


def _answers(clause: Sql) -> list[object]:
    """The predicate's own value on every row: 1, 0 or None."""
    with sqlite3.connect(":memory:") as raw:
        raw.execute("CREATE TABLE r (id, day, use, need)")
        raw.executemany("INSERT INTO r VALUES (?, ?, ?, ?)", ROWS)
        statement = render(sa.select(sa.case((clause, "yes"), (sa.not_(clause), "no"), else_=None)), "sqlite")
        text = statement if "FROM" in statement else f"{statement} FROM r"
        found = [row[0] for row in raw.execute(f"{text} ORDER BY id")]
    raw.close()
    return found


@given(predicates)
def test_a_simplified_predicate_answers_alike(clause: Sql) -> None:
    assert _answers(sql(formula(clause))) == _answers(clause)


@given(predicates, predicates)
def test_what_is_said_to_follow_follows(one: Sql, other: Sql) -> None:
    first, second = formula(one), formula(other)
    if implies(first, second):
        both = zip(_answers(sql(first)), _answers(sql(second)), strict=True)
        assert all(then == "yes" for when, then in both if when == "yes")


def test_bits_asked_in_the_same_case_are_one_test() -> None:
    late = TABLE.c.day >= "2026"
    found = sql(some([formula(sa.and_(late, _mask("use", 1))), formula(sa.and_(late, _mask("use", 4)))]))
    assert render(found, "sqlite") == "r.day >= '2026' AND (r.use & 5) != 0"


def test_what_always_holds_is_not_asked() -> None:
    assert formula(sa.and_(sa.true())) == TRUE
    assert formula(sa.or_(sa.false())) == FALSE
    assert render(sql(formula(sa.and_(sa.and_(sa.true()), _mask("use", 1)))), "sqlite") == "(r.use & 1) != 0"
