"""Which daily job of which register was begun and done: what two processes go by, so that nothing is done twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from seloste.clock import from_utc_text, to_utc_text
from seloste.store.engine import Connection

TABLE = """CREATE TABLE daily (
  register TEXT NOT NULL, job TEXT NOT NULL, day TEXT NOT NULL, begun_at TEXT NOT NULL, ended_at TEXT, failed TEXT,
  PRIMARY KEY (register, job, day))"""

KEPT_DAYS = 60

MORE = "0001-01-01T00:00:00Z"
"""In place of when a job was begun: there is more to do of it. Anybody may claim it, as what was given up."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job for a day. ``failed`` is the name of the error that ended it."""

    register: str
    job: str
    day: dt.date
    begun_at: dt.datetime
    ended_at: dt.datetime | None
    failed: str | None


def waiting(
    conn: Connection, registers: Iterable[str], jobs: Iterable[str], day: dt.date, given_up: dt.datetime
) -> list[tuple[str, str]]:
    """(register, job) not done for a day and not under way; begun before ``given_up`` and not ended is no longer.
    Those of which there is more to do are not among them: see :func:`goes_on`."""
    rows = conn.execute(
        "SELECT register, job FROM daily WHERE day = :day"
        " AND (ended_at IS NOT NULL OR begun_at >= :given_up OR begun_at = :more)",
        {"day": day.isoformat(), "given_up": to_utc_text(given_up), "more": MORE},
    )
    taken = {(register, job) for register, job in rows}
    jobs = tuple(jobs)
    return [(register, job) for register in registers for job in jobs if (register, job) not in taken]


def claim(conn: Connection, register: str, job: str, day: dt.date, *, now: dt.datetime, given_up: dt.datetime) -> bool:
    """Begin a job of a day, unless another process has it or has done it."""
    done = conn.execute(
        """INSERT INTO daily (register, job, day, begun_at) VALUES (:register, :job, :day, :now)
        ON CONFLICT (register, job, day) DO UPDATE SET begun_at = excluded.begun_at, failed = NULL
        WHERE daily.ended_at IS NULL AND daily.begun_at < :given_up""",
        {
            "register": register,
            "job": job,
            "day": day.isoformat(),
            "now": to_utc_text(now),
            "given_up": to_utc_text(given_up),
        },
    )
    return done.rowcount == 1


def end(conn: Connection, register: str, job: str, day: dt.date, *, now: dt.datetime) -> None:
    """The job of the day is done; what is older than KEPT_DAYS is forgotten."""
    conn.execute(
        "UPDATE daily SET ended_at = :now, failed = NULL WHERE register = :register AND job = :job AND day = :day",
        {"now": to_utc_text(now), "register": register, "job": job, "day": day.isoformat()},
    )
    old = day - dt.timedelta(days=KEPT_DAYS)
    conn.execute(
        "DELETE FROM daily WHERE register = :register AND job = :job AND day < :old",
        {"register": register, "job": job, "old": old.isoformat()},
    )


def put_off(conn: Connection, register: str, job: str, day: dt.date) -> None:
    """There is more to do of the job: whoever comes next claims it anew and goes on."""
    conn.execute(
        "UPDATE daily SET begun_at = :more WHERE register = :register AND job = :job AND day = :day",
        {"more": MORE, "register": register, "job": job, "day": day.isoformat()},
    )


def goes_on(conn: Connection, day: dt.date) -> list[tuple[str, str]]:
    """(register, job) of a day of which there is more to do, and nobody is at it."""
    rows = conn.execute(
        "SELECT register, job FROM daily WHERE day = :day AND ended_at IS NULL AND begun_at = :more ORDER BY register",
        {"day": day.isoformat(), "more": MORE},
    )
    return [(str(register), str(job)) for register, job in rows]


def claim_anew(conn: Connection, register: str, job: str, day: dt.date, *, now: dt.datetime) -> bool:
    """Begin a job of a day that was done, unless another process has just begun it anew."""
    done = conn.execute(
        "UPDATE daily SET begun_at = :now, ended_at = NULL"
        " WHERE register = :register AND job = :job AND day = :day AND ended_at IS NOT NULL",
        {"register": register, "job": job, "day": day.isoformat(), "now": to_utc_text(now)},
    )
    return done.rowcount == 1


def fail(conn: Connection, register: str, job: str, day: dt.date, error: str) -> None:
    """The job ended with an error. It is tried again when it would be taken for given up."""
    conn.execute(
        "UPDATE daily SET failed = :error WHERE register = :register AND job = :job AND day = :day",
        {"error": error, "register": register, "job": job, "day": day.isoformat()},
    )


def runs(conn: Connection, register: str) -> list[Run]:
    """Runs of the jobs of a register, newest first."""
    rows = conn.execute(
        "SELECT register, job, day, begun_at, ended_at, failed FROM daily WHERE register = :register"
        " ORDER BY day DESC, job",
        {"register": register},
    )
    return [
        Run(
            key,
            job,
            dt.date.fromisoformat(day),
            from_utc_text(begun),
            from_utc_text(ended) if ended is not None else None,
            failed,
        )
        for key, job, day, begun, ended, failed in rows
    ]


def states(conn: Connection, day: dt.date) -> list[tuple[str, str]]:
    """(job, state) of every run for a day, of all registers: ``failed``, ``done`` or ``under_way``."""
    rows = conn.execute(
        "SELECT job, CASE WHEN failed IS NOT NULL THEN 'failed' WHEN ended_at IS NOT NULL THEN 'done'"
        " ELSE 'under_way' END FROM daily WHERE day = :day",
        {"day": day.isoformat()},
    )
    return [(str(job), str(state)) for job, state in rows]
