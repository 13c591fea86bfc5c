"""Notices and registers that many tests begin with, made once for a worker.

A register just applied is a file on SQLite and a database with its logins on PostgreSQL, so that a copy of one is as
good as applying the notice again; whatever tests of applying itself need is not taken from here.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from tests import prepared_postgresql

from seloste.cli.people import People
from seloste.cli.people import read_people as read
from seloste.notice import load
from seloste.notice.model import Notice
from seloste.notice.serial import to_json
from seloste.store.deployment import put_register
from seloste.store.registers import Registers

EXAMPLES = Path(__file__).parents[1] / "examples"
_built: dict[tuple[str, dt.datetime], bytes] = {}
_texts: dict[int, tuple[Notice, str]] = {}
"""By the notice itself, which is kept so that no other takes its number."""


@cache
def example(name: str) -> Notice:
    """The notice of an example, as ``fluxio/customers``."""
    return load(EXAMPLES / f"{name}.yaml")


@cache
def read_people(path: Path, now: dt.datetime) -> People:
    """The people of an example's file, which take as long to read as many tests do with them."""
    return read(path, now)


def applied(registers: Registers, notice: Notice, now: dt.datetime) -> None:
    """Have a register that is not there yet as ``registers.apply`` would make it."""
    applied_all(registers, [notice], now)


def applied_all(registers: Registers, notices: Sequence[Notice], now: dt.datetime) -> None:
    """Have several registers that are not there yet as ``registers.apply`` would make them, one after another."""
    wanted = [(_text(notice), now) for notice in notices]
    if registers.settings.database_url is not None:
        prepared_postgresql.applied(registers, notices, now, tuple(wanted))
        return
    for notice, key in zip(notices, wanted, strict=True):
        _copied(registers, notice, now, key)


def _text(notice: Notice) -> str:
    if id(notice) not in _texts:
        _texts[id(notice)] = notice, to_json(notice)
    return _texts[id(notice)][1]


def _copied(registers: Registers, notice: Notice, now: dt.datetime, wanted: tuple[str, dt.datetime]) -> None:
    path = registers.settings.data_dir / "registers" / f"{notice.register}.db"
    if wanted not in _built:
        registers.apply(notice, now=now, actor="cli")
        copy = Path(mkdtemp(prefix="seloste-built-")) / "register.db"
        with closing(sqlite3.connect(path)) as there, closing(sqlite3.connect(copy)) as here:
            there.backup(here)
        _built[wanted] = copy.read_bytes()
        copy.unlink()
        copy.parent.rmdir()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_built[wanted])
    with registers.deployment.transaction() as conn:
        put_register(conn, key=notice.register, schema="", digest=notice.digest, now=now)
