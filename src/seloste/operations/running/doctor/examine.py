"""All checks, one after another; a check that breaks is a finding, and the others go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from seloste.errors import SelosteError
from seloste.operations.running.doctor import databases, duties, house
from seloste.operations.running.doctor.model import Case, Check, Finding
from seloste.settings import Settings
from seloste.store import deployment
from seloste.store.deployment import MIGRATIONS, opened_as_is, register_places
from seloste.store.engine import Database
from seloste.store.registers import Registers

CHECKS: Mapping[str, Check] = {
    "key": house.key,
    "database": databases.databases,
    "migrations": databases.migrations,
    "clock": databases.clock,
    "journal": databases.journals,
    "backup": duties.backups,
    "sweep": duties.sweeps,
    "road": duties.road,
    "mail": duties.mail,
    "disk": house.disks,
    "certificate": house.certificate,
    "security_txt": house.security_txt,
    "settings": house.settings,
}
"""In the order they are told."""


def examine(settings: Settings, *, now: dt.datetime, network: bool = True) -> tuple[Finding, ...]:
    """Look at an installation from outside, whatever state it is in. Nothing is made, migrated or written."""
    try:
        database = opened_as_is(settings)
    except Exception as problem:  # noqa: BLE001  the database may be away, or be none
        return (_unreached(settings, problem), *_run(Case(settings, now, network)))
    if database is None:
        return (_nothing(settings),)
    try:
        return _opened(settings, database, now, network)
    finally:
        database.close()


def examine_open(registers: Registers, *, now: dt.datetime, only: str) -> tuple[Finding, ...]:
    """Look quickly at an installation that is open in this process, and ``only`` at one of its registers."""
    return tuple(_run(Case(registers.settings, now, False, registers.deployment, registers, (only,), quick=True)))


def _opened(settings: Settings, database: Database, now: dt.datetime, network: bool) -> tuple[Finding, ...]:
    try:
        with database.read() as conn:
            whole = deployment.reached(conn) == MIGRATIONS[-1].number
            keys = tuple(place.key for place in register_places(conn)) if whole else ()
    except Exception as problem:  # noqa: BLE001
        return (_unreached(settings, problem), *_run(Case(settings, now, network)))
    try:
        registers = Registers(settings) if whole and settings.key_file.exists() else None
    except SelosteError:
        registers = None  # the check of the key says why
    try:
        return tuple(_run(Case(settings, now, network, database, registers, keys)))
    finally:
        if registers is not None:
            registers.close()


def _run(case: Case) -> list[Finding]:
    found: list[Finding] = []
    for name, check in CHECKS.items():
        try:
            found += check(case)
        except Exception as problem:  # noqa: BLE001  one check's trouble is not another's
            error = type(problem).__name__
            found.append(
                Finding(
                    name,
                    "bad",
                    (f"Tarkistus keskeytyi virheeseen {error}.", f"The check was ended by the error {error}."),
                    todo=("Katso loki, ja kerro viasta tekijöille.", "See the log, and tell the makers of it."),
                )
            )
    return found


def _unreached(settings: Settings, problem: Exception) -> Finding:
    error = type(problem).__name__
    return Finding(
        "database",
        "bad",
        (f"Tietokantaan ei saada yhteyttä ({error}).", f"The database cannot be reached ({error})."),
        where="SELOSTE_DATABASE_URL" if settings.database_url else str(settings.data_dir / "seloste.db"),
        todo=(
            "Tarkista, että se on käynnissä, ja että osoite ja oikeudet ovat oikein.",
            "Check that it runs, and that its address and who may use it are right.",
        ),
    )


def _nothing(settings: Settings) -> Finding:
    return Finding(
        "database",
        "bad",
        ("Tässä kansiossa ei ole asennusta.", "There is no installation here."),
        where="SELOSTE_DATABASE_URL" if settings.database_url else str(settings.data_dir),
        todo=(
            "Anna oikea kansio (--data-dir), tai tee rekisteri komennolla seloste apply.",
            "Give the right folder (--data-dir), or make a register with seloste apply.",
        ),
    )
