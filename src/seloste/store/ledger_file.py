"""The ledger of a register as a file of its own, apart from the register and from its backups: JSON, one entry a line.

The first line names the line of entries that the file is of. Entries are only added, each batch synced to the disk
before it counts; a last line that was cut off is none. Nothing else has to be kept: the file can be written anew from
the register, as long as that is there.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from seloste.clock import to_utc_text
from seloste.errors import SelosteError
from seloste.store import backup_rows, ledger
from seloste.store.engine import Connection
from seloste.store.registers import RegisterStore
from seloste.store.system import meta

AT_ONCE = 1000
_TAIL = 1 << 16


class LedgerError(SelosteError):
    """A ledger that is not there, is that of another register, or does not go with this one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is replayed. ``cells`` are of an event, ``notice`` and ``text`` of a notice put into force."""

    seq: int
    kind: str
    row: int
    at: str
    others: str | None = None
    """Further rows that went with it, as the register's ledger has them."""
    gone: bool = False
    cells: Mapping[str, Any] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    """Items of the event that held something which the ledger does not keep."""
    notice: str = ""
    text: str = ""

    @property
    def rows(self) -> tuple[int, ...]:
        return ledger.rows_of(self.row, self.others)


@dataclass(frozen=True, slots=True)
class Read:
    """A file as read from a number on. ``last`` is its last number, ``numbers`` the highest given in each table;
    ``forgotten`` is the last number of what it no longer tells."""

    entries: tuple[Entry, ...]
    last: int
    numbers: Mapping[str, int]
    forgotten: int = 0

    @property
    def notice(self) -> Entry | None:
        """The notice that came into force last."""
        return next((each for each in reversed(self.entries) if each.notice), None)


def path_of(folder: Path, key: str) -> Path:
    """The file that is written now; one of an earlier register of that key lies beside it under its own name."""
    return folder / f"{key}.jsonl"


# --- writing ----------------------------------------------------------------------------------------------------------


def write(store: RegisterStore, folder: Path, *, soon: bool = False) -> int:
    """Bring the file up to date with the register; returns how many entries were added.

    ``soon``: only when there is something to add, and not while others write for long; that raises StoreError. Raises
    LedgerError when the file goes with another state of the register, as when an older copy of the database was put in
    its place by hand.
    """
    key = store.register.notice.register
    path = path_of(folder, key)
    wait = ledger.SHORT_MS if soon else ledger.WAIT_MS
    try:
        if soon and _up_to_date(store, path):
            return 0
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(folder / f".{key}.lock"), ledger.moment(store.database, wait) as conn:
            line = ledger.line_of(conn) or ""
            last = _continued(path, line, conn)
            if last is None:
                last = 0
                _append(path, [{"ledger": line, "register": key, "format": 1}])
            return _add(store, conn, path, last, numbers=not soon)
    except OSError as problem:
        raise _unwritable(path) from problem


def _unwritable(path: Path) -> LedgerError:
    return LedgerError(
        f"Poistoluetteloa {path} ei voi kirjoittaa. Tarkista kansion oikeudet ja vapaa tila (SELOSTE_LEDGER_DIR).",
        f"The ledger {path} cannot be written. Check the folder's permissions and free space (SELOSTE_LEDGER_DIR).",
    )


def _up_to_date(store: RegisterStore, path: Path) -> bool:
    with store.database.read() as conn:
        top = ledger.last(conn)
    if not path.exists():
        return top == 0
    found = _last_entry(path)
    return found is not None and found["seq"] == top


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Programs that write the same file take turns."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _continued(path: Path, line: str, conn: Connection) -> int | None:
    """The last number of the file, cut to whole lines; None when it is to be begun."""
    if not path.exists() or _whole(path) == 0:
        return None
    with path.open("rb") as file:
        head = _parsed(file.readline())
    if head is None or head.get("ledger") != line:
        # Another register had this key; its backups may still need it.
        path.rename(path.with_name(f"{path.stem}.{_safe(head)}.jsonl"))
        return None
    last = _last_entry(path)
    if last is None:
        return 0
    found = ledger.after(conn, int(last["seq"]) - 1, 1)
    mine = (last["seq"], last["kind"], last["row"], last["at"])
    if not found or (found[0][0], found[0][1], found[0][2], found[0][4]) != mine:
        raise LedgerError(
            f"Poistoluettelo {path} tietää enemmän kuin rekisteri: tietokanta on vaihdettu vanhempaan muuten kuin "
            "komennolla seloste restore. Palauta varmuuskopio sillä, jotta poistetut pysyvät poistettuina.",
            f"The ledger {path} knows more than the register: the database was replaced by an older one otherwise than "
            "by seloste restore. Restore a backup with it, so that whoever was erased stays erased.",
        )
    return int(last["seq"])


def _safe(head: Mapping[str, Any] | None) -> str:
    name = str(head.get("ledger", "")) if head else ""
    return name if name.isalnum() else "damaged"


def _whole(path: Path) -> int:
    """Cut off a last line that was not written to its end; the length that stays."""
    with path.open("rb+") as file:
        size = end = file.seek(0, os.SEEK_END)
        while end:
            start = max(end - _TAIL, 0)
            file.seek(start)
            at = file.read(end - start).rfind(b"\n")
            if at >= 0:
                end = start + at + 1
                break
            end = start
        if end < size:
            file.truncate(end)
        return end


def _last_entry(path: Path) -> dict[str, Any] | None:
    """The last line that has a number."""
    with path.open("rb") as file:
        size, back = file.seek(0, os.SEEK_END), _TAIL
        while True:
            start = max(size - back, 0)
            file.seek(start)
            lines = file.read(size - start).split(b"\n")
            for text in reversed(lines if start == 0 else lines[1:]):
                found = _parsed(text)
                if found is not None and "seq" in found:
                    return found
            if start == 0:
                return None
            back *= 4


def _add(store: RegisterStore, conn: Connection, path: Path, last: int, *, numbers: bool) -> int:
    count = 0
    while rows := ledger.after(conn, last, AT_ONCE):
        cells = _cells(store, conn, [(str(kind), int(row)) for _, kind, row, gone, *_ in rows if not gone])
        _append(path, [_line(conn, row, cells) for row in rows])
        last = int(rows[-1][0])
        count += len(rows)
    if count or numbers:
        given = {table: number for table, number in backup_rows.highest(conn).items() if number}
        _append(path, [{"ids": given}])
    return count


def _cells(
    store: RegisterStore, conn: Connection, rows: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], tuple[dict[str, Any], list[str]]]:
    """What events say now: the cells that are kept, and the names of those that hold something else."""
    register = store.register
    found = {}
    ids: dict[str, list[int]] = {}
    for kind, row in rows:
        if kind in register.tables:
            ids.setdefault(kind, []).append(row)
    for kind, wanted in ids.items():
        kept, left = ledger.kept_columns(register, kind), ledger.left_columns(register, kind)
        for number, *values in ledger.rows_by_id(conn, kind, (*kept, *left), wanted):
            said = dict(zip((*kept, *left), values, strict=True))
            found[kind, int(number)] = (
                {name: said[name] for name in kept if said[name] is not None},
                [name for name in left if said[name] is not None],
            )
    return found


def _line(
    conn: Connection, row: tuple[Any, ...], cells: Mapping[tuple[str, int], tuple[dict[str, Any], list[str]]]
) -> dict[str, Any]:
    seq, kind, number, gone, at, others = row
    line: dict[str, Any] = {"seq": seq, "kind": kind, "row": number, "at": at}
    if kind == ledger.NOTICE:
        text = conn.execute("SELECT text FROM sys_notice WHERE id = :id", {"id": number}).first()
        return {**line, "notice": meta(conn, "notice"), "text": text[0] if text is not None else ""}
    found = cells.get((kind, number))
    if gone or found is None:
        return {**line, "gone": 1, **({"others": others} if others else {})}
    return {**line, "cells": found[0], **({"left": found[1]} if found[1] else {})}


def _append(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "wb") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


# --- forgetting -------------------------------------------------------------------------------------------------------


def forget(store: RegisterStore, folder: Path, before: datetime) -> int:
    """Forget entries that only a backup older than a moment would need, in the file and in the register; how many.

    Those of the latest time stay, and so does the last of all, by which the file and the register know each other.
    Files of earlier registers of the key that nobody wrote to since go whole. Raises LedgerError.
    """
    key, moment = store.register.notice.register, to_utc_text(before)
    path = path_of(folder, key)
    try:
        if not path.exists():
            return 0
        with _locked(folder / f".{key}.lock"):
            for other in folder.glob(f"{key}.*.jsonl"):
                if other.stat().st_mtime < before.timestamp():
                    other.unlink()
            upto = _last_before(path, moment)
            if upto is None:
                return 0
            # The register first: what it forgot and the file still tells does no harm, the other way round neither.
            with store.database.transaction() as conn:
                conn.execute(f"DELETE FROM {ledger.TABLE} WHERE seq <= :seq", {"seq": upto})
            return _rewritten(path, upto)
    except OSError as problem:
        raise _unwritable(path) from problem


def _last_before(path: Path, moment: str) -> int | None:
    """The number of the last entry of those that are all older than a moment; None when there is none to forget."""
    older, last = None, None
    with path.open("rb") as file:
        for raw in _complete(file):
            line = _parsed(raw) or {}
            if "seq" not in line:
                continue
            if last is not None:
                older = last
            if line["at"] >= moment:
                return older
            last = int(line["seq"])
    return older


def _rewritten(path: Path, upto: int) -> int:
    """Write the file anew without the entries up to a number, whole or not at all."""
    forgotten, numbers = 0, b""
    fresh = path.with_name(f".{path.name}.new")
    with path.open("rb") as file, fresh.open("wb") as new:
        os.fchmod(new.fileno(), 0o600)
        for raw in _complete(file):
            line = _parsed(raw) or {}
            if "ledger" in line:
                new.write(json.dumps(line | {"forgotten": upto}, separators=(",", ":")).encode() + b"\n")
            elif "ids" in line:
                numbers = raw
            elif int(line.get("seq", 0)) > upto:
                new.write(raw)
            else:
                forgotten += 1
        new.write(numbers)
        new.flush()
        os.fsync(new.fileno())
    fresh.replace(path)
    return forgotten


# --- reading ----------------------------------------------------------------------------------------------------------


def find(folder: Path, key: str, line: str) -> Path | None:
    """The file of a line of entries, whichever name it has now."""
    for path in (path_of(folder, key), path_of(folder, f"{key}.{line}")):
        if path.is_file():
            with path.open("rb") as file:
                head = _parsed(file.readline())
            if head is not None and head.get("ledger") == line:
                return path
    return None


def read(path: Path, after: int) -> Read:
    """Entries after a number. Raises LedgerError when a line other than the last is not whole."""
    entries: list[Entry] = []
    last, numbers, forgotten = 0, {}, 0
    with path.open("rb") as file:
        for raw in _complete(file):
            line = _parsed(raw)
            if line is None:
                raise LedgerError(
                    f"Poistoluettelo {path} on vioittunut. Mitään ei palautettu. Käytä sen toista kopiota (--ledger).",
                    f"The ledger {path} is damaged. Nothing was restored. Use another copy of it (--ledger).",
                )
            if "ledger" in line:
                forgotten = int(line.get("forgotten", 0))
                last = forgotten
            elif "ids" in line:
                numbers = {str(table): int(number) for table, number in line["ids"].items()}
            elif "seq" in line:
                last = int(line["seq"])
                if last > after:
                    entries.append(_entry(line))
    return Read(tuple(entries), last, numbers, forgotten)


def _complete(file: BinaryIO) -> Iterator[bytes]:
    for raw in file:
        if raw.endswith(b"\n"):
            yield raw


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(raw)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _entry(line: Mapping[str, Any]) -> Entry:
    return Entry(
        seq=int(line["seq"]),
        kind=str(line["kind"]),
        row=int(line["row"]),
        at=str(line["at"]),
        others=line.get("others"),
        gone=bool(line.get("gone")),
        cells=line.get("cells", {}),
        left=tuple(line.get("left", ())),
        notice=line.get("notice", ""),
        text=line.get("text", ""),
    )
