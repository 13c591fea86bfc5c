"""What a sweep says of itself: counts by kind, item and purpose. No value, and no number of anybody."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from seloste.clock import from_utc_text, to_utc_text
from seloste.compiler.late import Late
from seloste.compiler.register import FOREVER, Register
from seloste.compiler.sweep_whole import MOST, WholeKind
from seloste.compiler.why import Asked, staying_statement
from seloste.notice.model import Keep
from seloste.notice.ways import cell_paths
from seloste.store.due import ids_value
from seloste.store.engine import Connection, Dialect, quote
from seloste.store.functions import functions
from seloste.store.sweep import Judged, Swept

PART = 500


@dataclass(frozen=True, slots=True)
class Stay:
    """Cells that a purpose still needs: how many, under which law, and between which days their last ones end.

    ``running`` of them have no last day yet: their clock has not begun, or the person's word holds them.
    """

    purpose: str
    law: tuple[str, ...]
    rule: str
    """The period as the notice writes it."""
    cells: int
    first: dt.date | None
    last: dt.date | None
    running: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """Cells of one item among the rows that were looked at: how many went, how many stay and why.

    ``held`` of those that stay are under a hold or restriction. ``bare`` stay needed by nobody, with a row that is.
    """

    kind: str
    item: str
    goes: int
    stays: int
    held: int
    bare: int
    why: tuple[Stay, ...]


@dataclass(frozen=True, slots=True)
class KindLine:
    """Rows of one kind: gone whole, emptied in part, looked at and kept; ``bare`` of these as a key only."""

    kind: str
    gone: int
    emptied: int
    stays: int
    held: int
    bare: int


@dataclass(frozen=True, slots=True)
class SweepReport:
    """One run. ``every_row``: everything was looked at, not only what time and events had let go."""

    at: dt.datetime
    dry_run: bool
    every_row: bool
    kinds: tuple[KindLine, ...]
    items: tuple[ItemLine, ...]
    holds: int
    """Holds that stand in the whole register."""
    restrictions: int
    by: str = ""
    """Whose account or which part of the program ran it; empty in reports of earlier versions."""
    seconds: float = 0.0
    """How long it took."""

    @property
    def rows(self) -> int:
        """Rows that went whole."""
        return sum(line.gone for line in self.kinds)

    @property
    def cells(self) -> int:
        """Filled cells that went, those of whole rows included."""
        return sum(line.goes for line in self.items)

    def line(self, kind: str, item: str) -> ItemLine:
        """The line of one item; all zero when none was looked at."""
        found = (line for line in self.items if (line.kind, line.item) == (kind, item))
        return next(found, ItemLine(kind, item, 0, 0, 0, 0, ()))

    def to_json(self) -> str:
        return json.dumps(asdict(self) | {"at": to_utc_text(self.at)}, default=str, ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> SweepReport:
        raw = json.loads(text)
        raw["at"] = from_utc_text(raw["at"])
        raw["kinds"] = tuple(KindLine(**line) for line in raw["kinds"])
        raw["items"] = tuple(
            ItemLine(**(line | {"why": tuple(_stay(each) for each in line["why"])})) for line in raw["items"]
        )
        return SweepReport(**raw)


def _stay(raw: dict[str, Any]) -> Stay:
    days = {name: dt.date.fromisoformat(raw[name]) if raw[name] else None for name in ("first", "last")}
    return Stay(**(raw | days | {"law": tuple(raw["law"])}))


def report(conn: Connection, register: Register, swept: Swept, *, at: dt.datetime, dry_run: bool) -> SweepReport:
    """Write the report of what was swept, asking of every row that was looked at and stays why it does."""
    items: list[ItemLine] = []
    kinds: list[KindLine] = []
    gone: dict[str, dict[str, int]] = defaultdict(dict)
    for (of, item), count in swept.gone.items():
        gone[of][item] = count
    seen = {*gone, *swept.rows, *swept.emptied, *(kind for kind, ids in swept.stayed.items() if ids)}
    for kind in register.tables:
        if kind not in seen:
            continue
        staying = _Staying(register, kind)
        bare, left = swept.bare.get(kind, set()), swept.stayed.get(kind, set())
        if (judged := swept.judged.get(kind)) is not None:
            staying.know(judged, bare)
            left = left - judged.rows.keys()
        staying.read(conn, sorted(left), bare)
        items += staying.lines(gone[kind])
        counts = (swept.rows[kind], swept.emptied[kind], staying.rows, staying.held, staying.bare)
        if any(counts):
            kinds.append(KindLine(kind, *counts))
    return SweepReport(
        at=at,
        dry_run=dry_run,
        every_row=swept.every_row,
        kinds=tuple(kinds),
        items=tuple(items),
        holds=_standing(conn, register, "hold", "ended_at", at),
        restrictions=_standing(conn, register, "restriction", "lifted_at", at),
    )


def _standing(conn: Connection, register: Register, kind: str, end: str, at: dt.datetime) -> int:
    if kind not in register.tables:
        return 0
    sql = f"SELECT count(*) FROM {quote(kind)} WHERE {quote(end)} IS NULL OR {quote(end)} > :now"
    row = conn.execute(sql, {"now": to_utc_text(at)}).first()
    return int(row[0]) if row else 0


def laws_of(register: Register, kind: str, key: str) -> tuple[str, ...]:
    """The laws by which a purpose keeps rows of a kind: those it cites, and those that its periods come from."""
    keeps = _keeps(register, kind, key)
    cited = (*register.purposes[key].law, *(keep.law for keep in keeps if keep.law is not None))
    return tuple(dict.fromkeys(cited))


def _keeps(register: Register, kind: str, key: str) -> list[Keep]:
    keeps = register.purposes[key].keep
    return [keep for keep in keeps if keep.matter == kind] or list(keeps)


def _kept(register: Register, kind: str, key: str) -> tuple[tuple[str, ...], str]:
    """The laws by which a purpose keeps rows of a kind, and its periods as the notice writes them."""
    return laws_of(register, kind, key), "; ".join(dict.fromkeys(keep.text for keep in _keeps(register, kind, key)))


class _Asked:
    """What is asked of the rows of a kind, and where in an answer the purposes of each column stand."""

    def __init__(self, register: Register, kind: str, dialect: Dialect) -> None:
        statement = staying_statement(register, kind, dialect)
        places = {(each.purpose, each.paths): 2 + 3 * place for place, each in enumerate(statement.asked)}
        columns = [column.name for column in register.tables[kind].of_role("reference", "item")]
        self.sql = statement.sql
        self.columns: list[tuple[str, tuple[tuple[str, int], ...]]] = []
        for name in columns:
            paths = cell_paths(register.notice.kinds, kind, name)
            self.columns.append((name, tuple((key, places[key, paths]) for key in register.users(kind, name))))
        self.filled = 2 + 3 * len(places)
        """Where in an answer it says of each column whether it is filled."""


Columns = Sequence[tuple[str, Sequence[tuple[str, int]]]]
"""Each filled column with the purposes that need it, and which last day is that of each."""


class _Known:
    """What follows from the answers to a row of a kind: of its filled columns who needs them, and until when."""

    def __init__(self, register: Register, of: WholeKind) -> None:
        functions_ = functions(register)
        self._of = of
        self._whys = [(why.asked, why.need, why.until(functions_)) for why in of.whys]
        self._users: dict[str, list[Asked]] = {}
        for name in of.filled:
            paths = cell_paths(register.notice.kinds, of.of.kind, name)
            self._users[name] = [Asked(key, paths) for key in register.users(of.of.kind, name)]
        self._found: dict[int, tuple[Sequence[Late], Columns]] = {}

    def of(self, flags: int) -> tuple[Sequence[Late], Columns]:
        """The last days to be worked out, and the columns."""
        found = self._found.get(flags)
        if found is None:
            if len(self._found) > MOST:
                self._found.clear()
            needing = [(asked, until) for asked, need, until in self._whys if need & flags]
            places = {asked: place for place, (asked, _) in enumerate(needing)}
            columns = [
                (name, [(asked.purpose, places[asked]) for asked in self._users[name] if asked in places])
                for name in self._of.verdict(flags).filled
            ]
            found = self._found[flags] = [until for _, until in needing], columns
        return found


class _Staying:
    """The rows of a kind that stay, counted by item and purpose."""

    def __init__(self, register: Register, kind: str) -> None:
        self.register = register
        self.kind = kind
        self.rows = self.held = self.bare = 0
        self._cells: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        self._days: dict[tuple[str, str], list[str | None]] = defaultdict(list)

    def read(self, conn: Connection, ids: Sequence[int], bare: set[int]) -> None:
        if not ids:
            return
        key = "staying", self.kind, conn.dialect
        asked = self.register.once(key, lambda: _Asked(self.register, self.kind, conn.dialect))
        for start in range(0, len(ids), PART):
            # One text however many ids there are, so that it is prepared once.
            params = {"ids": ids_value(conn, ids[start : start + PART])}
            for row in conn.execute(asked.sql, params):
                self._row(asked, row, row[asked.filled :], bare=row[0] in bare)

    def know(self, judged: Judged, bare: set[int]) -> None:
        """Rows of which the sweep itself has read why they stay."""
        of, key = judged.of, ("staying of", self.kind)
        known = self.register.once(key, lambda: _Known(self.register, of))
        for number, (row, flags) in judged.rows.items():
            held = bool(flags & of.held)
            self.rows += 1
            self.held += held
            self.bare += number in bare
            untils, columns = known.of(flags)
            late = [row[place] for place in of.late]
            days = [until(late) for until in untils]
            for column, needing in columns:
                for purpose, place in needing:
                    self._days[column, purpose].append(days[place])
                counts = self._cells[column]
                counts[0] += 1
                counts[1] += held
                counts[2] += not needing and not held

    def _row(self, asked: _Asked, row: Sequence[Any], filled: Sequence[int], *, bare: bool) -> None:
        held = bool(row[1])
        self.rows += 1
        self.held += held
        self.bare += bare
        for (column, users), there in zip(asked.columns, filled, strict=True):
            if not there:
                continue
            needed = False
            for key, place in users:
                if row[place]:
                    needed = True
                    self._days[column, key].append(row[place + 2])
            counts = self._cells[column]
            counts[0] += 1
            counts[1] += held
            counts[2] += not needed and not held

    def lines(self, gone: Mapping[str, int]) -> Iterator[ItemLine]:
        # Columns that the same purposes need are mostly filled in the same rows.
        made: dict[tuple[str, tuple[str | None, ...]], Stay] = {}
        for column in self.register.tables[self.kind].of_role("reference", "item"):
            name = column.name
            stays, held, bare = self._cells.get(name, (0, 0, 0))
            goes = gone.get(name, 0)
            if not goes and not stays:
                continue
            why = []
            for key in self.register.users(self.kind, name):
                if days := self._days.get((name, key)):
                    same = key, tuple(days)
                    if same not in made:
                        made[same] = self._stay(key, days)
                    why.append(made[same])
            yield ItemLine(self.kind, name, goes, stays, held, bare, tuple(why))

    def _stay(self, key: str, days: Sequence[str | None]) -> Stay:
        law, rule = self.register.once(("kept", self.kind, key), lambda: _kept(self.register, self.kind, key))
        dated = sorted(day for day in days if day is not None and day < FOREVER)
        return Stay(
            purpose=key,
            law=law,
            rule=rule,
            cells=len(days),
            first=dt.date.fromisoformat(dated[0]) if dated else None,
            last=dt.date.fromisoformat(dated[-1]) if dated else None,
            running=len(days) - len(dated),
        )
