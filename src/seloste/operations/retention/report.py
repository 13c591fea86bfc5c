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
from seloste.store.engine import Connection, Dialect, one, quote
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
        return sum([line.goes for line in self.items])

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
    standing = _standing(conn, register, at)
    return SweepReport(
        at=at,
        dry_run=dry_run,
        every_row=swept.every_row,
        kinds=tuple(kinds),
        items=tuple(items),
        holds=standing.get("hold", 0),
        restrictions=standing.get("restriction", 0),
    )


def _standing(conn: Connection, register: Register, at: dt.datetime) -> dict[str, int]:
    """How many holds and restrictions stand, by kind."""
    ends = {kind: end for kind, end in (("hold", "ended_at"), ("restriction", "lifted_at")) if kind in register.tables}
    sql, now = "SELECT count(*) FROM {0} WHERE {1} IS NULL OR {1} > :now", {"now": to_utc_text(at)}
    counted = conn.ask([(sql.format(quote(kind), quote(end)), now) for kind, end in ends.items()])
    return {kind: int(one(rows)[0]) for kind, rows in zip(ends, counted, strict=True)}


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


@dataclass(frozen=True, slots=True)
class _Alike:
    """What follows from the same answers to rows of a kind. ``untils``: the last days to be worked out of each.

    ``columns``: each that is filled, with the purposes that need it, and which last day is that of each.
    """

    held: bool
    untils: Sequence[Late]
    columns: Sequence[tuple[str, Sequence[tuple[str, int]]]]


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
        self._found: dict[int, _Alike] = {}

    def of(self, flags: int) -> _Alike:
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
            held = bool(flags & self._of.held)
            found = self._found[flags] = _Alike(held, [until for _, until in needing], columns)
        return found


def _users(register: Register, kind: str) -> Sequence[tuple[str, tuple[str, ...]]]:
    """The columns of a kind, each with the purposes that may need it."""
    columns = register.tables[kind].of_role("reference", "item")
    return [(column.name, register.users(kind, column.name)) for column in columns]


NONE = (0, 0, 0)


class _Staying:
    """The rows of a kind that stay, counted by item and purpose."""

    def __init__(self, register: Register, kind: str) -> None:
        self.register = register
        self.kind = kind
        self.rows = self.held = self.bare = 0
        self._cells: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        self._days: dict[tuple[str, str], list[str | None]] = defaultdict(list)
        self._stays: dict[tuple[str, tuple[str | None, ...]], Stay] = {}
        """Columns that the same purposes need are mostly filled in the same rows."""

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
        places, alike = of.late, defaultdict[int, list[tuple[Any, ...]]](list)
        for row, flags in judged.rows.values():
            alike[flags].append(tuple([row[place] for place in places]))
        self.rows += len(judged.rows)
        self.bare += len(bare & judged.rows.keys()) if bare else 0
        for flags, rows in alike.items():
            self._know(known.of(flags), rows)

    def _know(self, of: _Alike, rows: Sequence[tuple[Any, ...]]) -> None:
        """Rows of which the same was answered, each as what its last days are worked out of."""
        number = len(rows)
        worked_out: dict[tuple[Any, ...], list[str | None]] = {}
        for late in rows:
            if late not in worked_out:
                worked_out[late] = [until(late) for until in of.untils]
        days = list(zip(*[worked_out[late] for late in rows], strict=True))
        held = number if of.held else 0
        self.held += held
        for column, needing in of.columns:
            for purpose, place in needing:
                self._days[column, purpose] += days[place]
            counts = self._cells[column]
            counts[0] += number
            counts[1] += held
            if not needing and not held:
                counts[2] += number

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
        for name, users in self.register.once(("users of", self.kind), lambda: _users(self.register, self.kind)):
            if name not in self._cells:
                if goes := gone.get(name):
                    yield ItemLine(self.kind, name, goes, *NONE, ())
                continue
            stays, held, bare = self._cells[name]
            yield ItemLine(self.kind, name, gone.get(name, 0), stays, held, bare, tuple(self._whys(name, users)))

    def _whys(self, name: str, users: Sequence[str]) -> Iterator[Stay]:
        for key in users:
            if days := self._days.get((name, key)):
                same = key, tuple(days)
                stay = self._stays.get(same)
                if stay is None:
                    stay = self._stays[same] = self._stay(key, days)
                yield stay

    def _stay(self, key: str, days: Sequence[str | None]) -> Stay:
        law, rule = self.register.once(("kept", self.kind, key), lambda: _kept(self.register, self.kind, key))
        dated = [day for day in days if day is not None and day < FOREVER]
        return Stay(
            purpose=key,
            law=law,
            rule=rule,
            cells=len(days),
            first=dt.date.fromisoformat(min(dated)) if dated else None,
            last=dt.date.fromisoformat(max(dated)) if dated else None,
            running=len(days) - len(dated),
        )
