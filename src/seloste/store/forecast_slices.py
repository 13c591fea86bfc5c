"""The months ahead of a large register, counted a part at a time: each is kept, and whoever comes next goes on.

A part is some thousand rows of a kind, read in a transaction of its own, so that none is long; with what was found of
it lies how far the count is. Two that were at the same part keep it once: the second finds that the count has moved on.
What was counted is given only when there is all of it. A count is one of its day: it is begun anew where the day has
turned, the notice is another or a sweep has run since it was begun, for then its parts would be of two registers.

Ids and numbers lie here, and no value; all of it goes when the count has ended, and no backup carries it.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import time
import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from seloste.clock import from_utc_text, to_utc_text, today
from seloste.compiler.register import Register
from seloste.compiler.sweep import sweep
from seloste.compiler.sweep_whole import whole
from seloste.store import kept_figures, runs
from seloste.store.engine import Connection, has_table
from seloste.store.forecast import Ahead, still_stale, told
from seloste.store.forecast_months import let_go
from seloste.store.forecast_rows import Asking, Rows
from seloste.store.forecast_said import Then, subjects, words_above

if TYPE_CHECKING:
    from seloste.store.opened import RegisterStore

ROWS, SAID = "sys_ahead", "sys_ahead_said"
COLUMNS = ("kind", "part", "text", "gone")
"""Of no kind is the row that says how far the count is."""

FIRST, LEAST, MOST = 1_000, 200, 10_000
"""Rows of a part that go: of the first, and between these as many as take about SECONDS."""
SECONDS = 1.0

WINDOW = 10
"""So many times as many are looked at for them: to see whether anything of a row goes takes a tenth of what follows."""

WORDS = 1_000
"""Subjects of a part, of whom a consent ends."""

KEPT = "months ahead, counted so far"


@dataclass(frozen=True)
class Under:
    """How far a count is: who says something else by then, which rows go, then when they go whole."""

    digest: str
    made: str
    days: tuple[str, ...]
    stale: tuple[str, ...]
    """Kinds of which it is not known yet when their rows go whole."""
    at: int = 0
    """How many subjects and kinds have been looked at before the one at work."""
    above: int = 0
    """Of that the id up to which it has been looked at; at the end the part of the kind."""
    part: int = 0
    most: int = 0
    window: int = 0
    said: Mapping[str, Mapping[str, tuple[Sequence[str], bool]]] = field(default_factory=dict)
    """Step -> subject -> the purposes of which somebody says something else by then, and whether a hold ended."""
    changed: bool = False

    def text(self) -> str:
        return json.dumps(asdict(self))

    @property
    def dates(self) -> list[dt.date]:
        return [dt.date.fromisoformat(day) for day in self.days]


@dataclass
class _Parts:
    """What was found of all kinds, as it lies in the register at ``text``, and where each part of a kind ends."""

    text: str
    kinds: dict[str, Rows]
    ends: dict[str, list[int]]


def create(conn: Connection) -> None:
    """Make the tables where they are not there yet."""
    number = "INTEGER" if conn.dialect == "sqlite" else "BIGINT"
    conn.execute(
        f"CREATE TABLE IF NOT EXISTS {ROWS} (kind TEXT NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL,"
        " gone TEXT NOT NULL, PRIMARY KEY (kind, part))"
    )
    conn.execute(
        f"CREATE TABLE IF NOT EXISTS {SAID} (subject TEXT NOT NULL, row {number} NOT NULL, since INTEGER NOT NULL,"
        " until INTEGER NOT NULL, cells TEXT NOT NULL, PRIMARY KEY (subject, row, since))"
    )


def drop(conn: Connection) -> None:
    """Nothing is being counted."""
    for table in (ROWS, SAID):
        if has_table(conn, table):
            conn.execute(f"DELETE FROM {table}")


def begun(conn: Connection, register: Register, now: dt.datetime) -> dt.datetime | None:
    """Since when the months ahead are being counted, None where they are not."""
    found = _under_way(conn, register, now)
    return None if found is None else from_utc_text(found.made)


def go_on(
    store: RegisterStore,
    days: Sequence[dt.date],
    *,
    now: dt.datetime,
    seconds: float,
    named: int,
    keep: Callable[[Ahead, dt.datetime], str],
) -> bool:
    """Count on for about so long, one part at least, from the beginning where nothing is under way; for no time, only
    begin. Whether there is more to count.

    ``days`` as :func:`~seloste.store.forecast.ahead` takes them. What ``keep`` makes of all of it is kept at the end,
    in place of what was before.
    """
    until = time.monotonic() + seconds
    with store.read(now) as conn:
        found = _under_way(conn, store.register, now)
    if found is None:
        found = _begin(store, days, now)
    count = _Count(store, found, now)
    while count.more and seconds:
        if not count.step():
            # Another process has gone on from here.
            return True
        if time.monotonic() >= until:
            break
    if count.more:
        return True
    kinds = count.parts().kinds
    text = keep(told(kinds, len(days) - 1, named), from_utc_text(count.under.made))
    with store.database.transaction() as conn:
        if not _moved_on(conn, count.under, "{}"):
            return True
        kept_figures.put(conn, text, kept_figures.AHEAD)
        drop(conn)
    store.kept.pop(KEPT, None)
    return False


def _under_way(conn: Connection, register: Register, now: dt.datetime) -> Under | None:
    row = conn.execute(f"SELECT text FROM {ROWS} WHERE kind = ''").first() if has_table(conn, ROWS) else None
    try:
        found = Under(**json.loads(row[0])) if row is not None else None
    except TypeError:
        # Another version of the program began it; it is begun anew.
        return None
    if found is None or found.digest != register.hash or found.days[0] != today(now).isoformat():
        return None
    swept = runs.last(conn)
    return None if swept is not None and swept > found.made else replace(found, days=tuple(found.days))


def _begin(store: RegisterStore, days: Sequence[dt.date], now: dt.datetime) -> Under:
    kinds = tuple(sweep(store.register, store.database.dialect).kinds)
    found = Under(store.register.hash, to_utc_text(now), tuple(day.isoformat() for day in days), kinds)
    with store.database.transaction() as conn:
        create(conn)
        drop(conn)
        conn.append(ROWS, COLUMNS, [("", 0, found.text(), "")])
    return found


def _moved_on(conn: Connection, before: Under, text: str) -> bool:
    """Note how far the count is, if it is still where it was."""
    params = {"before": before.text(), "text": text}
    return conn.execute(f"UPDATE {ROWS} SET text = :text WHERE kind = '' AND text = :before", params).rowcount == 1


class _Count:
    """A count while a process is at it."""

    def __init__(self, store: RegisterStore, under: Under, now: dt.datetime) -> None:
        self.store, self.register, self.under, self.now = store, store.register, under, now
        self.kinds = tuple(sweep(store.register, store.database.dialect).kinds)
        self.plan: list[tuple[Callable[[str], bool], str]] = [(self._said, each) for each in subjects(store.register)]
        self.plan += [(self._rows, each) for each in self.kinds]

    @property
    def more(self) -> bool:
        return self.under.at < len(self.plan) or bool(self.under.stale)

    def step(self) -> bool:
        """Do the next part. False where another process did it meanwhile; then nothing of this is kept."""
        if self.under.at < len(self.plan):
            act, of = self.plan[self.under.at]
            return act(of)
        return self._gone(self.under.stale[0])

    def _kept(self, under: Under, keep: Callable[[Connection], object]) -> bool:
        """Keep what a part gave and how far the count is now, unless another process has."""
        with self.store.database.transaction() as conn:
            if not _moved_on(conn, self.under, under.text()):
                return False
            keep(conn)
        self.under = under
        return True

    def _next(self, above: int | None) -> Under:
        """How far the count is once it has been looked at so far, None for to the end."""
        if above is None:
            return replace(self.under, at=self.under.at + 1, above=0, part=0, most=0, window=0)
        return replace(self.under, above=above, part=self.under.part + 1)

    def _said(self, subject: str) -> bool:
        with self.store.read(self.now) as conn:
            words, above = words_above(conn, self.register, subject, self.under.dates, self.under.above, WORDS)
        said = {step: dict(of) for step, of in self.under.said.items()}
        for word in words:
            for step in map(str, range(word.since, word.until)):
                purposes, held = said.setdefault(step, {}).get(subject, ((), False))
                said[step][subject] = (sorted({*purposes, *word.purposes}), held or word.held)
        cells = [(subject, each.owner, each.since, each.until, json.dumps(each.cells)) for each in words]
        names = ("subject", "row", "since", "until", "cells")
        return self._kept(
            replace(self._next(above), said=said), lambda conn: conn.append(SAID, names, cells) if cells else None
        )

    def _rows(self, kind: str) -> bool:
        # What goes of one kind tells nothing of the next: each begins with few.
        most, window = self.under.most or FIRST, self.under.window or WINDOW * FIRST
        began = time.monotonic()
        with self.store.read(self.now) as conn:
            asking = Asking(conn, self.register, self.under.dates, self._then(), self.now, SAID)
            found, above = asking.going(kind, self.under.above, window, most)
        took, under = time.monotonic() - began, self._next(above)
        if above is not None:
            if took < SECONDS / 3:
                most = min(2 * most, MOST)
            elif took > SECONDS * 3 / 2:
                most = max(most // 2, LEAST)
            # Where more go than are taken at once, what lies behind them would be looked at again and again.
            window = found.looked if found.looked < window else 2 * window
            under = replace(under, most=most, window=min(window, WINDOW * most))
        row = (kind, self.under.part, _text_of(found), _packed(found.gone))
        return self._kept(under, lambda conn: conn.append(ROWS, COLUMNS, [row]))

    def _then(self) -> list[dict[str, Then]]:
        found: list[dict[str, Then]] = [{} for _ in self.under.days]
        for step, said in self.under.said.items():
            for subject, (purposes, held) in said.items():
                found[int(step)][subject] = Then(purposes=set(purposes), held=held)
        return found

    def _gone(self, kind: str) -> bool:
        parts = self.parts()
        # What is in memory is what lies in the register only once this part is kept there too.
        self.store.kept.pop(KEPT, None)
        each, ends, at = parts.kinds[kind], parts.ends[kind], self.under.above
        places, changed = range(0), False
        if at < len(ends):
            places = range(ends[at - 1] if at else 0, ends[at])
            with self.store.read(self.now) as conn:
                changed = let_go(conn, self.register, parts.kinds, kind, places)
        after = replace(self.under, above=at + 1, changed=self.under.changed or changed)
        if at + 1 >= len(ends):
            stale = still_stale(self.register, parts.kinds, kind, after.stale[1:], changed=after.changed)
            after = replace(after, above=0, changed=False, stale=tuple(stale))
        gone = {"gone": _packed(each.gone[places.start : places.stop]), "kind": kind, "part": at}
        text = f"UPDATE {ROWS} SET gone = :gone WHERE kind = :kind AND part = :part"
        if not self._kept(after, lambda conn: conn.execute(text, gone) if changed else None):
            return False
        parts.text = after.text()
        self.store.kept[KEPT] = parts
        return True

    def parts(self) -> _Parts:
        """All that was found, from memory where it is what lies in the register."""
        known: _Parts | None = self.store.kept.get(KEPT)
        if known is None or known.text != self.under.text():
            known = self._read()
        return known

    def _read(self) -> _Parts:
        found = _Parts(self.under.text(), {}, {})
        with self.store.read(self.now) as conn:
            for kind in self.kinds:
                each = found.kinds[kind] = Rows(whole(self.register, kind, conn.dialect))
                ends = found.ends[kind] = []
                sql = f"SELECT text, gone FROM {ROWS} WHERE kind = :kind ORDER BY part"
                for text, gone in conn.execute(sql, {"kind": kind}):
                    each.add(_rows_of(each, str(text), str(gone)))
                    ends.append(len(each.ids))
        return found


# --- as it lies in the register ---------------------------------------------------------------------------------------


def _packed(numbers: array[int]) -> str:
    return base64.b64encode(zlib.compress(numbers.tobytes(), 1)).decode()


def _unpacked(code: str, text: str) -> array[int]:
    return array(code, zlib.decompress(base64.b64decode(text)))


def _text_of(found: Rows) -> str:
    cells: dict[str, Any] = {name: _packed(getattr(found, name)) for name in _CODES}
    return json.dumps({**cells, "traces": list(found.traces), "looked": found.looked})


def _rows_of(like: Rows, text: str, gone: str) -> Rows:
    cells = json.loads(text)
    traces = {tuple((step, flags) for step, flags in trace): place for place, trace in enumerate(cells["traces"])}
    arrays = {name: _unpacked(code, cells[name]) for name, code in _CODES.items()}
    return Rows(like.of, traces=traces, gone=_unpacked("h", gone), looked=cells["looked"], **arrays)


_CODES: Mapping[str, str] = {"ids": "q", "trace": "i", "bare": "h"}
