"""What the databases are asked: whether they answer, their version, their tables, their clock, their journals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from seloste.clock import today
from seloste.errors import SelosteError
from seloste.operations.running.doctor import versions
from seloste.operations.running.doctor.model import Case, Finding, Level, Text
from seloste.store import deployment
from seloste.store.engine import Database
from seloste.store.journal import head, verify_end
from seloste.store.journal_pages import entry
from seloste.store.places import HOME
from seloste.store.server import server_time, version_of

LAST = 1000
"""Entries of each journal that are computed anew; seloste journal verify computes all."""
OFF, FAR_OFF = dt.timedelta(seconds=5), dt.timedelta(seconds=60)
INSTALLATION = "installation"


def databases(case: Case) -> Iterator[Finding]:
    """The version of the database and of each cell, and each register that does not open."""
    if case.deployment is None:
        return
    yield _judged(case, case.deployment, case.deployment.dialect)
    cells = {HOME}
    if case.registers is None:
        return
    for key in case.keys:
        try:
            store = case.registers.open(key)
            cell = case.registers.place(key).cell
            if cell not in cells:
                cells.add(cell)
                yield _judged(case, store.database, cell)
        except SelosteError as problem:
            yield Finding(
                "register",
                "bad",
                (problem.message("fi"), problem.message("en")),
                todo=(
                    "Korjaa syy; ellei se onnistu, palauta varmuuskopio (seloste restore).",
                    "Mend the cause; if that cannot be done, restore a backup (seloste restore).",
                ),
                register=key,
            )


def _judged(case: Case, database: Database, where: str) -> Finding:
    found = version_of(database)
    told = versions.sqlite(found) if database.dialect == "sqlite" else versions.postgresql(found[:2], today(case.now))
    return Finding("database", told[0], told[1], where=where, todo=told[2])


def migrations(case: Case) -> Iterator[Finding]:
    """Whether the tables of the installation are of this version. Nothing is migrated by looking."""
    if case.deployment is None:
        return
    newest = deployment.MIGRATIONS[-1].number
    with case.deployment.read() as conn:
        reached = deployment.reached(conn)
    if reached < newest:
        waiting = newest - reached
        yield Finding(
            "migrations",
            "warn",
            (
                f"{waiting} tietokannan muutosta odottaa. Muu jää tarkistamatta siihen asti.",
                f"{waiting} changes of the database wait. The rest is not checked until then.",
            ),
            todo=(
                "Tee varmuuskopio edellisellä versiolla ja käynnistä sitten seloste serve: se tekee muutokset.",
                "Make a backup with the version before, then start seloste serve: it makes the changes.",
            ),
        )
    elif reached > newest:
        yield Finding(
            "migrations",
            "bad",
            (
                "Tiedot on tallettanut uudempi versio ohjelmasta.",
                "The data were written by a newer version of the program.",
            ),
            todo=("Asenna uudempi versio.", "Install the newer version."),
        )
    else:
        yield Finding("migrations", "ok", ("Taulut ovat tämän version.", "The tables are of this version."))


def clock(case: Case) -> Iterator[Finding]:
    """This machine's clock against the database server's, and against what the journals say was done last."""
    if case.deployment is None:
        return
    there = server_time(case.deployment)
    if there is not None:
        off = abs(there - case.now)
        level: Level = "bad" if off > FAR_OFF else "warn" if off > OFF else "ok"
        seconds = round(off.total_seconds())
        yield Finding(
            "clock",
            level,
            (
                f"Kello ja tietokantapalvelimen kello eroavat {seconds} s.",
                f"The clock and that of the database server are {seconds} s apart.",
            ),
            todo=_SET if level != "ok" else ("", ""),
        )
    ahead = max((each for each in _last_deeds(case)), default=None)
    if ahead is not None and ahead > case.now + FAR_OFF:
        yield Finding(
            "clock",
            "bad",
            (
                "Loki on edellä kelloa: kello on ollut väärässä, tai on nyt.",
                "The journal is ahead of the clock: the clock was wrong, or is now.",
            ),
            todo=_SET,
        )
    elif there is None:
        yield Finding(
            "clock",
            "ok",
            ("Kello ei ole jäljessä siitä, mitä viimeksi tehtiin.", "The clock is not behind what was done last."),
        )


_SET: Text = ("Tahdista koneen kello (NTP). Määräajat lasketaan siitä.", "Set the clock by NTP. Last days follow it.")


def _last_deeds(case: Case) -> Iterator[dt.datetime]:
    for _, database in _journals(case):
        with database.read() as conn:
            last = entry(conn, head(conn).seq)
        if last is not None:
            yield last.entry.at


def journals(case: Case) -> Iterator[Finding]:
    """The end of each journal, computed anew."""
    for key, database in _journals(case):
        report = verify_end(database, LAST)
        fi, en = ("Lokin", "the journal") if key else ("Tilien lokin", "the journal of accounts")
        if report.ok:
            what = (
                f"{fi} viimeiset {report.count} merkintää ovat ehjiä.",
                f"The last {report.count} entries of {en} are whole.",
            )
            yield Finding("journal", "ok", what, register=key)
            continue
        yield Finding(
            "journal",
            "bad",
            (
                f"{fi} merkinnät eivät ole ehjiä merkinnästä {report.first_bad} alkaen.",
                f"The entries of {en} are not as they were written from number {report.first_bad} on.",
            ),
            register=key,
            todo=(
                f"Aja seloste journal verify {key or INSTALLATION}. Selvitä, kuka on päässyt tietokantaan.",
                f"Run seloste journal verify {key or INSTALLATION}. Find out who got into the database.",
            ),
        )


def _journals(case: Case) -> Iterator[tuple[str, Database]]:
    if case.deployment is None or case.registers is None:
        return
    yield "", case.deployment
    for key in case.keys:
        try:
            store = case.registers.open(key)
            store.reads.flush()
        except SelosteError:
            continue  # told of by :func:`databases`
        yield key, store.database
