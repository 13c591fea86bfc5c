"""Versions of the databases that lose data, or that nobody mends any more. Dated facts, to be kept up.

SQLite: https://sqlite.org/wal.html#walresetbug. PostgreSQL: https://www.postgresql.org/support/versioning/ and
https://www.postgresql.org/docs/release/14.4/.
"""

from __future__ import annotations

import datetime as dt

from seloste.operations.running.doctor.model import Level, Text

Version = tuple[int, ...]

WAL_RESET_FROM, WAL_RESET_FIXED = (3, 7, 0), (3, 51, 3)
WAL_RESET_BACKPORTED: dict[Version, int] = {(3, 44): 6, (3, 50): 7}
"""The patch of an older line from which it is mended."""
WITHDRAWN = frozenset({(3, 52, 0)})

ENDS = {
    13: dt.date(2025, 11, 13),
    14: dt.date(2026, 11, 12),
    15: dt.date(2027, 11, 11),
    16: dt.date(2028, 11, 9),
    17: dt.date(2029, 11, 8),
    18: dt.date(2030, 11, 14),
}
"""The last day on which a version of PostgreSQL is mended."""
INDEXES_BROKEN = ((14, 0), (14, 3))
"""CREATE INDEX CONCURRENTLY loses rows of the index."""

Judged = tuple[Level, Text, Text]


def sqlite(version: Version) -> Judged:
    """What is known of a version of SQLite: level, what, what to do."""
    name = ".".join(map(str, version))
    todo = (
        "Asenna Pythonille SQLite 3.51.3 tai uudempi (ei 3.52.0), tai 3.50.7 tai 3.44.6 korjauksineen.",
        "Give Python SQLite 3.51.3 or newer (not 3.52.0), or 3.50.7 or 3.44.6, which have the fix.",
    )
    if version in WITHDRAWN:
        return "warn", (f"SQLite {name} on vedetty takaisin.", f"SQLite {name} was withdrawn."), todo
    patch = WAL_RESET_BACKPORTED.get(version[:2])
    mended = version >= WAL_RESET_FIXED or (patch is not None and version[2:] >= (patch,))
    if not mended and version >= WAL_RESET_FROM:
        what = (
            f"SQLite {name} voi hyvin harvoin kadottaa kirjoituksia, kun kaksi yhteyttä kirjoittaa yhtä aikaa "
            "(WAL-reset). Jakelusi on ehkä korjannut sen itse.",
            f"SQLite {name} may, very rarely, lose writes when two connections write at once (WAL-reset). Your "
            "distribution may have mended it by itself.",
        )
        return "warn", what, todo
    return "ok", (f"SQLite {name}: ei tunnettuja vikoja.", f"SQLite {name}: no known faults."), ("", "")


def postgresql(version: Version, today: dt.date) -> Judged:
    """What is known of a version of PostgreSQL, (major, minor)."""
    name = ".".join(map(str, version))
    if INDEXES_BROKEN[0] <= version <= INDEXES_BROKEN[1]:
        return (
            "bad",
            (f"PostgreSQL {name} rikkoo hakemistoja.", f"PostgreSQL {name} breaks indexes."),
            ("Päivitä versioon 14.4 tai uudempaan ja aja REINDEX.", "Update to 14.4 or newer, and run REINDEX."),
        )
    ends = ENDS.get(version[0], dt.date.min if version[0] < min(ENDS) else dt.date.max)
    if ends < today:
        return (
            "warn",
            (f"PostgreSQL {name}: tietoturvan korjauksia ei enää tule.", f"PostgreSQL {name} is mended no more."),
            ("Päivitä uudempaan pääversioon.", "Update to a newer major version."),
        )
    return "ok", (f"PostgreSQL {name}: ei tunnettuja vikoja.", f"PostgreSQL {name}: no known faults."), ("", "")
