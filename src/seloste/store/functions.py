"""The SQL functions of ``compiler.functions``, defined on each engine to give the same days, and ``seloste_order``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache

from seloste.catalogue.types.normal import DIGITS, ORDER, order
from seloste.clock import from_utc_text
from seloste.compiler.register import FOREVER, Period, Register
from seloste.errors import BadValue
from seloste.law.periods import add as add_period
from seloste.law.retention import Preset, last_day, preset
from seloste.store.dialects.sqlite import SqliteDatabase
from seloste.store.engine import Connection

DAY = 10


@lru_cache(maxsize=4096)
def day(moment: str | None) -> str | None:
    """The Finnish day of a date or a UTC time."""
    if moment is None or len(moment) == DAY:
        return moment
    return from_utc_text(moment).date().isoformat()


@lru_cache(maxsize=4096)
def add(start: str | None, amount: int, unit: str) -> str | None:
    """``start`` + amount units, clipped to the month's last day (Reg. 1182/71 Art. 3(2)(c)); FOREVER stays."""
    if start is None or start >= FOREVER:
        return start
    try:
        return add_period(dt.date.fromisoformat(start), amount, unit).isoformat()  # type: ignore[arg-type]
    except BadValue:
        return FOREVER


def last(period: Period, start: str, financial_year_ends: tuple[int, int]) -> str:
    """The last day of a period counted from a day."""
    if period.preset is None:
        return add(start, period.amount, period.unit) or FOREVER
    return _preset(start, period.preset, financial_year_ends) or FOREVER


def _preset(start: str | None, name: str, financial_year_ends: tuple[int, int]) -> str | None:
    if start is None or start >= FOREVER:
        return start
    try:
        return last_day(name, dt.date.fromisoformat(start), financial_year_ends=financial_year_ends).isoformat()
    except BadValue:
        return FOREVER


def order_key(value: object) -> str | None:
    """``seloste_order(text)`` on SQLite: by what a text is sorted."""
    return order(value) if isinstance(value, str) else None


def order_sql(name: str) -> str:
    """``seloste_order(text)`` on PostgreSQL, as bytes, so that no collation of the database has a say.

    A lens may call neither ``translate`` nor a regular expression; this function does, with patterns of its own. Its
    body is bound when it is made, so that no search path of a caller changes what it does.
    """
    small = 'lower(value COLLATE "C")'
    beyond = {char: key for char, key in ORDER.items() if not char.isascii()}
    letters = f"translate({small}, '{''.join(beyond)}', '{''.join(beyond.values())}')"
    placed = f"CASE WHEN octet_length(value) = char_length(value) THEN {small} ELSE {letters} END"
    longer = f"regexp_replace({placed}, '([0-9]+)', '{'0' * DIGITS}\\1', 'g')"
    numbers = f"regexp_replace({longer}, '0+([0-9]{{{DIGITS},}})', '\\1', 'g')"
    return (
        f"CREATE OR REPLACE FUNCTION {name}(value text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE"
        " SECURITY DEFINER"
        f" RETURN convert_to(CASE WHEN value ~ '[0-9]' THEN {numbers} ELSE {placed} END, 'UTF8')"
    )


def financial_year(register: Register) -> tuple[int, int]:
    return register.notice.controller.financial_year_ends or (12, 31)


def functions(register: Register) -> Mapping[str, Callable[..., str | None]]:
    """The functions by their names, as the program itself applies them (see ``compiler.late``)."""
    ends = financial_year(register)
    return {"seloste_day": day, "seloste_add": add, "seloste_preset": lambda start, name: _preset(start, name, ends)}


def define_sqlite(database: SqliteDatabase, register: Register) -> None:
    """Make the functions known to every connection of a SQLite register."""
    arguments = {"seloste_day": 1, "seloste_add": 3, "seloste_preset": 2}
    for name, function in functions(register).items():
        database.add_function(name, arguments[name], function)


def define_postgresql(conn: Connection, register: Register) -> None:
    """Create or replace the functions in the register's schema.

    PostgreSQL counts past the year 9999, and its ``least`` takes no notice of NULL: a day that is not stays none.
    """
    conn.send(
        "CREATE OR REPLACE FUNCTION seloste_day(moment text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$"
        " SELECT CASE WHEN length(moment) = 10 THEN moment"
        " ELSE to_char(moment::timestamptz AT TIME ZONE 'Europe/Helsinki', 'YYYY-MM-DD') END $$"
    )
    conn.send(
        "CREATE OR REPLACE FUNCTION seloste_add(start text, amount bigint, unit text) RETURNS text LANGUAGE sql"
        f" IMMUTABLE PARALLEL SAFE AS $$ SELECT CASE WHEN start IS NULL OR start >= '{FOREVER}' THEN start ELSE"
        f" to_char(least(start::date + (amount::text || ' ' || unit)::interval, timestamp '{FOREVER}'), 'YYYY-MM-DD')"
        " END $$"
    )
    conn.send(order_sql("seloste_order"))
    month, end = financial_year(register)
    branches = " ".join(
        f"WHEN '{name}' THEN {_preset_sql(preset(name), month, end)}" for name in sorted(_presets(register))
    )
    body = f"CASE name {branches} END" if branches else "start"
    conn.send(
        "CREATE OR REPLACE FUNCTION seloste_preset(start text, name text) RETURNS text LANGUAGE sql IMMUTABLE"
        f" AS $$ SELECT CASE WHEN start IS NULL OR start >= '{FOREVER}' THEN start"
        f" ELSE to_char(least(({body})::date, '{FOREVER}'), 'YYYY-MM-DD') END $$"
    )


def _presets(register: Register) -> set[str]:
    return {
        term.preset
        for purpose in register.purposes.values()
        for keep in purpose.keep
        for term in (keep.base, *keep.at_least, *keep.at_most)
        if term is not None and term.preset is not None
    }


def _preset_sql(rule: Preset, month: int, end: int) -> str:
    # The year's end is found from the first of its month, so that the last of February is right in every year.
    first = f"make_date(extract(year from start::date)::int, {month}, 1)"
    clipped = f"least({first} + {end - 1}, ({first} + interval '1 month' - interval '1 day')::date)"
    if (month, end) in ((2, 28), (2, 29)):
        clipped = f"({first} + interval '1 month' - interval '1 day')::date"
    following = f"make_date(extract(year from start::date)::int + 1, {month}, 1)"
    clipped_next = clipped.replace(first, following)
    year_end = f"(CASE WHEN {clipped} >= start::date THEN {clipped} ELSE {clipped_next} END)"
    length = f"interval '{rule.amount} {rule.unit}'"
    if rule.kind == "after":
        return f"start::date + {length}"
    if rule.kind == "calendar_year":
        return f"make_date(extract(year from start::date)::int, 12, 31) + {length}"
    if rule.kind == "financial_year":
        return f"{year_end} + {length}"
    return f"make_date(extract(year from {year_end})::int, 12, 31) + {length}"
