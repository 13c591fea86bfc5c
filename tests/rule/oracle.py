"""The one rule read slowly: ``docs/why/one-rule.md`` sentence by sentence, over rows held in dictionaries.

It knows what a notice says (``notice.model``) and what the law says of periods, and nothing of tables, views, bits or
derived days: it asks every question anew of every row. What the register shows and stores is compared with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from tests.rule.oracle_guard import closed

from seloste.catalogue.model import Kind
from seloste.errors import BadValue
from seloste.law.periods import add
from seloste.law.retention import last_day
from seloste.notice.model import AtMost, Keep, Notice, Purpose, Ref, Term

HELSINKI_OF = "Europe/Helsinki"
FOREVER = dt.date.max
Row = tuple[str, int]
"""A row: its kind and its id."""
Rows = Mapping[str, Mapping[int, Mapping[str, Any]]]

AGREED = "sys_agreed"
"""Beside the cells of a row that is agreed to apart: the id of its own grant."""

ALWAYS = ("contract", "legal_obligation", "vital")


def day_of(text: str) -> dt.date:
    """The Finnish day of a date or of a UTC time."""
    if len(text) == len("2026-11-25"):
        return dt.date.fromisoformat(text)
    from zoneinfo import ZoneInfo

    moment = dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    return moment.astimezone(ZoneInfo(HELSINKI_OF)).date()


class Oracle:
    """The rows of a register on one day."""

    def __init__(self, notice: Notice, rows: Rows, today: dt.date) -> None:
        self.notice = notice
        self.kinds = notice.kinds
        self.rows = rows
        self.today = today
        self._held: dict[tuple[str, Row], bool] = {}
        self._running: dict[tuple[str, Row], bool] = {}

    # --- 1. Whose ---------------------------------------------------------------------------------------------------

    def persons(self, row: Row) -> frozenset[Row]:
        """The subjects a row is about; empty when it is nobody's."""
        kind, cells = self.kinds[row[0]], self.cells(row)
        if kind.subject:
            return frozenset({row})
        if kind.about == "nobody":
            owner = cells.get(kind.owner_item) if kind.owner_item else None
            return frozenset() if owner is None else frozenset({("person", owner)})
        own = [end for end in kind.of if end in self.kinds and self.kinds[end].subject]
        near = frozenset((end, cells[end]) for end in own if cells[end] is not None)
        if kind.tie and own:
            return near
        if near and kind.about != "owner":
            return near
        far: set[Row] = set()
        for end in kind.of:
            if end in self.kinds and end not in own and cells[end] is not None:
                far |= self.persons((end, cells[end]))
        return near | far

    def cell_persons(self, row: Row, column: str) -> frozenset[Row]:
        """The subjects a cell is about: whom a pointer points at, everybody a free text's row points at."""
        kind, cells = self.kinds[row[0]], self.cells(row)
        item = kind.items.get(column)
        if item is not None and self.is_pointer(row[0], column):
            assert item.refers_to is not None
            return frozenset() if cells[column] is None else frozenset({(item.refers_to, cells[column])})
        if item is not None and item.free_text:
            pointed = [name for name in kind.items if self.is_pointer(row[0], name) and cells[name] is not None]
            return self.persons(row) | {(str(kind.items[name].refers_to), cells[name]) for name in pointed}
        return self.persons(row)

    def is_pointer(self, kind: str, column: str) -> bool:
        item = self.kinds[kind].items.get(column)
        return item is not None and item.refers_to is not None and self.kinds[item.refers_to].subject

    def cells(self, row: Row) -> Mapping[str, Any]:
        return self.rows[row[0]][row[1]]

    # --- 2, 5, 6, 7. What a person says -----------------------------------------------------------------------------

    def says_yes(self, purpose: Purpose, subject: Row) -> bool:
        if self.always(purpose):
            return True
        upheld = self._objections(purpose, subject, "upheld")
        if purpose.basis == "consent":
            return any(
                self._grant_stands(grant) and not any(self._ends(objection, grant) for objection in upheld)
                for grant in self._events("permission", subject)
                if grant["purpose"] == purpose.key
            )
        return not upheld

    @staticmethod
    def always(purpose: Purpose) -> bool:
        """A person's word ends neither a duty nor a claim; a consent always rests on it."""
        if purpose.nature in ("claims", "accountability"):
            return purpose.basis != "consent"
        return purpose.basis in ALWAYS

    def may_use(self, purpose: Purpose, subject: Row) -> bool:
        if not self.says_yes(purpose, subject) or self.restricted(purpose, subject):
            return False
        if not self.always(purpose) and self._objections(purpose, subject, "pending"):
            return False
        return purpose.nature != "marketing" or not any(
            ban["channel"] == "all" and ban["sender"] is None and ban["purpose"] in (None, purpose.key)
            for ban in self._events("ban", subject)
            if ban["lifted_at"] is None
        )

    def restricted(self, purpose: Purpose, subject: Row) -> bool:
        """What people said and asked for stays in use, so that it can be obeyed."""
        return purpose.nature != "accountability" and self._stands("restriction", "lifted_at", subject)

    def kept_still(self, subject: Row) -> bool:
        """A hold or a restriction stands."""
        return self._stands("restriction", "lifted_at", subject) or self._stands("hold", "ended_at", subject)

    def _events(self, kind: str, subject: Row) -> Iterator[Mapping[str, Any]]:
        for cells in self.rows.get(kind, {}).values():
            if subject[0] in cells and cells[subject[0]] == subject[1]:
                yield cells

    def _stands(self, kind: str, end: str, subject: Row) -> bool:
        return any(
            (event["from_at"] is None or day_of(event["from_at"]) <= self.today)
            and (event[end] is None or day_of(event[end]) > self.today)
            for event in self._events(kind, subject)
        )

    def _objections(self, purpose: Purpose, subject: Row, state: str) -> list[Mapping[str, Any]]:
        return [
            event
            for event in self._events("objection", subject)
            if event["purpose"] == purpose.key and event["state"] == state and event["withdrawn_at"] is None
        ]

    def _grant_stands(self, grant: Mapping[str, Any]) -> bool:
        begun = grant["given_at"] is None or day_of(grant["given_at"]) <= self.today
        ended = grant["ends_on"] is not None and dt.date.fromisoformat(grant["ends_on"]) < self.today
        return begun and not ended and grant["withdrawn_at"] is None

    @staticmethod
    def _ends(objection: Mapping[str, Any], grant: Mapping[str, Any]) -> bool:
        """A yes given after the no is a yes."""
        given, raised = grant["given_at"], objection["raised_at"]
        return given is None or raised is None or given <= raised

    # --- 3. Matter and within -----------------------------------------------------------------------------------------

    def own_date(self, kind: Kind) -> str | None:
        """The item that dates a row itself."""
        if kind.dated or kind.act:
            return kind.dated or kind.act
        dates = (i.key for i in kind.items.values() if i.type in ("date", "time") and not i.sensitive and not i.many)
        return next(dates, None)

    def dated(self, row: Row) -> dt.date:
        """The day of a row: its own date, or else its recording."""
        item = self.own_date(self.kinds[row[0]])
        cells = self.cells(row)
        own = cells[item] if item is not None else None
        return day_of(own if own is not None else cells["sys_recorded_at"])

    def running(self, purpose: Purpose, row: Row) -> bool:
        """Whether a matter still runs."""
        known = (purpose.key, row)
        if known not in self._running:
            keep = next(keep for keep in purpose.keep if keep.matter == row[0])
            self._running[known] = self.ends(purpose, keep, row) >= self.today
        return self._running[known]

    def ends(self, purpose: Purpose, keep: Keep, matter: Row) -> dt.date:
        """The last day of a matter; no later than that of its own grant, where each row is agreed to apart."""
        number = self.cells(matter).get(AGREED)
        if purpose.per != "row" or number is None:
            return self.last_day(keep, matter)
        grant, subject = self.rows["permission"].get(number), ("person", self.cells(matter)["person"])
        if grant is None or grant["person"] != subject[1] or grant["purpose"] != purpose.key:
            return dt.date.min
        objected = any(self._ends(each, grant) for each in self._objections(purpose, subject, "upheld"))
        if grant["withdrawn_at"] is not None or objected:
            return dt.date.min
        ended = FOREVER if grant["ends_on"] is None else day_of(grant["ends_on"])
        return min(ended, self.last_day(keep, matter))

    def last_day(self, keep: Keep, matter: Row) -> dt.date:
        assert keep.base is not None
        day = self._end(keep.base, matter, "base")
        assert day is not None
        for term in keep.at_least:
            day = max(day, self._end(term, matter, "at_least") or dt.date.min)
        for term in keep.at_most:
            day = min(day, self._end(term, matter, "at_most") or FOREVER)
        return day

    def _end(self, term: Term, matter: Row, role: str) -> dt.date | None:
        """The last day of one period; None when it counts from rows of another kind and there are none."""
        start = self._start(term, matter)
        if start is None:
            if role != "base":
                return None
            start = day_of(self.cells(matter)["sys_recorded_at"])
        if start == FOREVER:
            return FOREVER
        try:
            if term.preset is not None:
                ends = self.notice.controller.financial_year_ends or (12, 31)
                return last_day(term.preset, start, financial_year_ends=ends)
            return add(start, term.amount, term.unit)
        except BadValue:
            return FOREVER

    def _start(self, term: Term, matter: Row) -> dt.date | None:
        if term.date == "last_contact" and term.kind is None:
            recorded = day_of(self.cells(matter)["sys_recorded_at"])
            return max(self._deeds(matter), default=recorded)
        if term.kind in (None, matter[0]):
            return self._date(matter, term.date)
        assert term.kind is not None
        others = [row for row in self._all(term.kind) if self.together(matter, row)]
        return max((self._date(row, term.date) for row in others), default=None)

    def _date(self, row: Row, item: str) -> dt.date:
        """A date of a row. An empty one means still running, but the day a thing happened is never still to come."""
        if item == self.own_date(self.kinds[row[0]]):
            return self.dated(row)
        value = self.cells(row)[item]
        return FOREVER if value is None else day_of(value)

    def _all(self, kind: str) -> Iterator[Row]:
        return ((kind, number) for number in self.rows.get(kind, {}))

    def together(self, matter: Row, other: Row) -> bool:
        """One names the other; or they agree in every parent that the other has, and share one."""
        mine, theirs = self.cells(matter), self.cells(other)
        for column, target in self.references(other[0]):
            if target == matter[0]:
                return bool(theirs[column] == matter[1])
        for column, target in self.references(matter[0]):
            if target == other[0]:
                return bool(mine[column] == other[1])
        ends = [end for end in self.kinds[other[0]].of if end in self.kinds and end in self.kinds[matter[0]].of]
        filled = [end for end in ends if theirs[end] is not None]
        return bool(filled) and all(theirs[end] == mine[end] for end in filled)

    def _deeds(self, matter: Row) -> Iterator[dt.date]:
        """The days of the deeds that count for a matter: those that name it, and its person's that may be in it."""
        for kind in self.kinds.values():
            if kind.act is None or kind.act not in kind.items or kind.key == matter[0]:
                continue
            for row in self._all(kind.key):
                if self._deed_of(matter, row):
                    yield self._deed_day(row, kind.act)

    def _deed_day(self, row: Row, act: str) -> dt.date:
        cells = self.cells(row)
        return day_of(cells[act] if cells[act] is not None else cells["sys_recorded_at"])

    def _deed_of(self, matter: Row, deed: Row) -> bool:
        mine, theirs = self.cells(matter), self.cells(deed)
        naming = [theirs[column] for column, target in self.references(deed[0]) if target == matter[0]]
        if matter[1] in naming:
            return True
        if any(named is not None for named in naming):
            return False
        own: dict[str, Any] = {}
        for column, target in self.references(matter[0]):
            own.setdefault(target, mine[column])
        by_person = any(
            theirs[column] is not None and theirs[column] == own.get(target)
            for column, target in self.references(deed[0])
            if self.kinds[target].subject
        )
        elsewhere = any(
            theirs[end] is not None and theirs[end] != own[end]
            for end in self.kinds[deed[0]].of
            if end in own and not self.kinds[end].subject
        )
        return by_person and not elsewhere

    def references(self, kind: str) -> list[tuple[str, str]]:
        """(column, kind it points at) of what a row belongs to and then of its items."""
        found = [(end, end) for end in self.kinds[kind].of if end in self.kinds]
        items = self.kinds[kind].items.values()
        return found + [(i.key, str(i.refers_to)) for i in items if i.refers_to in self.kinds and not i.many]

    def trimmed(self, purpose: Purpose, row: Row) -> bool:
        """Whether ``at_most`` has cut a row of its kind, however long its matter lasts."""
        for limit in purpose.at_most:
            if limit.kind == row[0]:
                return self.after(self.dated(row), limit) < self.today
        return False

    @staticmethod
    def after(start: dt.date, limit: AtMost) -> dt.date:
        """The last day of what a limit cuts."""
        try:
            return add(start, limit.amount, limit.unit)
        except BadValue:
            return FOREVER

    @cached_property
    def reading(self) -> Mapping[str, Ties]:
        return {key: Ties(self, purpose) for key, purpose in self.notice.purposes.items()}

    # --- 4. Needed ----------------------------------------------------------------------------------------------------

    def needed_by(self, purpose: Purpose, row: Row, column: str) -> bool:
        """Whether a purpose needs a cell that it uses."""
        return self._granted(purpose, row, column, lambda subject: self.says_yes(purpose, subject))

    def needed(self, row: Row, column: str) -> bool:
        """Sentence 4 of a cell."""
        if any(self.kept_still(subject) for subject in self.cell_persons(row, column)):
            return True
        return any(self.needed_by(purpose, row, column) for purpose in self.users(row[0], column))

    def _granted(self, purpose: Purpose, row: Row, column: str, word: Any) -> bool:
        if self.trimmed(purpose, row):
            return False
        ties = self.reading[purpose.key]
        persons = self.cell_persons(row, column)
        if ties.within(row):
            return any(word(subject) for subject in persons) or self._nobodys(row, column, persons)
        # It follows its persons: one who is held and says yes keeps it, and a pointer asks the one it points at too.
        keeper = any(ties.follows(row, subject) and word(subject) for subject in self.persons(row))
        return keeper and (not self.is_pointer(row[0], column) or any(word(subject) for subject in persons))

    def _nobodys(self, row: Row, column: str, persons: frozenset[Row]) -> bool:
        kind = self.kinds[row[0]]
        pointer = self.is_pointer(row[0], column) and column != kind.owner_item
        return not persons and kind.about in ("owner", "nobody") and not pointer

    def users(self, kind: str, column: str) -> list[Purpose]:
        return [purpose for purpose in self.notice.purposes.values() if _names(self.kinds, purpose.uses, kind, column)]

    # --- 5. Use -------------------------------------------------------------------------------------------------------

    def usable(self, acting: Iterable[str], row: Row, column: str) -> bool:
        """Sentence 5 of a cell for the purposes acted for."""
        return any(self._used_by(self.notice.purposes[key], row, column) for key in acting)

    def _used_by(self, purpose: Purpose, row: Row, column: str) -> bool:
        persons = self.cell_persons(row, column)
        if any(self.restricted(purpose, subject) for subject in persons):
            return False

        def word(subject: Row) -> bool:
            return self.may_use(purpose, subject)

        users = self.users(row[0], column)
        if purpose in users and self._granted(purpose, row, column, word):
            return True
        if not _names(self.kinds, purpose.borrows, row[0], column):
            return False
        lent = any(self.needed_by(lender, row, column) for lender in users)
        return lent and (any(word(subject) for subject in persons) or self._nobodys(row, column, persons))

    def seen(self, acting: tuple[str, ...], kind: str) -> dict[int, dict[str, Any]]:
        """What purposes acted for show of a kind: row id -> the cells that are not hidden, by column."""
        found: dict[int, dict[str, Any]] = {}
        columns = [column for column, _ in self.references(kind)]
        columns += [item for item in self.kinds[kind].items if item not in columns]
        for number, cells in self.rows.get(kind, {}).items():
            shown = [column for column in columns if self.usable(acting, (kind, number), column)]
            if shown:
                shut = closed(self, acting, (kind, number))
                open_ = (column for column in shown if column not in shut)
                found[number] = {column: cells[column] for column in open_ if cells[column] is not None}
        return found


class Ties:
    """Sentence 3 for one purpose: which rows are within, by the matters they are tied to by reference."""

    def __init__(self, oracle: Oracle, purpose: Purpose) -> None:
        self.oracle = oracle
        self.purpose = purpose
        self.matters = {keep.matter for keep in purpose.keep if keep.base is not None}
        self.standing = purpose.basis == "consent" and any(keep.base is None for keep in purpose.keep)
        self.used = {ref.kind for ref in purpose.uses} | self.matters

    def within(self, row: Row) -> bool:
        """Whether a row is within by a matter (not by its persons alone)."""
        kind = self.oracle.kinds[row[0]]
        if row[0] in self.matters:
            return self.oracle.running(self.purpose, row)
        leads = self.leads(row[0])
        if leads:
            ends, _ = self.ends(row)
            loose = kind.about == "nobody" and not ends and not self.oracle.persons(row)
            return loose or any(self._holds(end) for _, end in ends) or self.held(row)
        if kind.about == "nobody":
            return not self.oracle.persons(row) or self.held(row)
        return self.standing or self.held(row)

    def follows(self, row: Row, subject: Row) -> bool:
        """Whether a row that is tied to no matter follows a person who is held."""
        kind = self.oracle.kinds[row[0]]
        if row[0] in self.matters or kind.subject:
            return False
        if self.leads(row[0]):
            ends, broken = self.ends(row)
            if ends or not (kind.about == "nobody" or any(map(self._belongs_to_somebody, broken))):
                return False
        elif kind.about == "nobody":
            if self.standing or self.can_be_held(row[0]):
                return self.standing and self.subject_held(subject)
        elif self.standing or self.can_be_held(row[0]):
            return False
        return self.subject_held(subject)

    def subject_held(self, subject: Row) -> bool:
        if subject[0] in self.matters:
            return self.oracle.running(self.purpose, subject)
        return self.standing or self.held(subject)

    def _belongs_to_somebody(self, kind: str) -> bool:
        return any(end in self.oracle.kinds and self.oracle.kinds[end].subject for end in self.oracle.kinds[kind].of)

    # Upwards: what a row belongs to, one after another, people left out; an item that points where nothing else leads.

    def leads(self, kind: str, seen: tuple[str, ...] = ()) -> bool:
        return bool(self._steps(kind, seen))

    def _steps(self, kind: str, seen: tuple[str, ...] = ()) -> list[str]:
        """The columns of a kind that lead up."""
        kinds = self.oracle.kinds
        if kinds[kind].subject or kind in seen:
            return []
        parents = [end for end in kinds[kind].of if end in kinds and not kinds[end].subject]
        up = [
            end for end in parents if end in self.matters or self._carried(end, kind) or self.leads(end, (*seen, kind))
        ]
        if up:
            return up
        return [
            column
            for column, target in self.ties(kind)
            if column not in kinds[kind].of and target in self.matters and not kinds[target].subject
        ]

    def ties(self, kind: str) -> list[tuple[str, str]]:
        """The references of a kind that the purpose uses: what a row belongs to, and the items it names."""
        named = {ref.item for ref in self.purpose.uses if ref.kind == kind}
        return [
            (column, target)
            for column, target in self.oracle.references(kind)
            if column in self.oracle.kinds[kind].of or column in named
        ]

    def _carried(self, kind: str, asking: str) -> bool:
        """Whether matters point at rows of a kind (a complaint at the order it is about)."""
        if self.oracle.kinds[kind].about == "nobody":
            return False
        return any(
            target == kind
            for matter in self.matters
            if matter in self.oracle.kinds and matter not in (asking, kind)
            for _, target in self.ties(matter)
        )

    def ends(self, row: Row) -> tuple[list[tuple[str, Row]], list[str]]:
        """(first column, row at the end) of each way up; and the kinds at whose empty references a way broke off."""
        ends: list[tuple[str, Row]] = []
        broken: list[str] = []
        kinds, cells = self.oracle.kinds, self.oracle.cells(row)
        targets = dict(self.oracle.references(row[0]))
        for column in self._steps(row[0]):
            target = targets[column]
            if cells[column] is None:
                broken.append(row[0])
                continue
            end = (target, cells[column])
            if target in self.matters or self._carried(target, row[0]):
                ends.append((column, end))
            if target not in self.matters and column in kinds[row[0]].of and self.leads(target):
                further, gaps = self.ends(end)
                ends += [(column, above) for _, above in further]
                broken += gaps
        return ends, broken

    def _holds(self, end: Row) -> bool:
        return self.oracle.running(self.purpose, end) if end[0] in self.matters else self.held(end)

    # Downwards: a matter that points at a row, or a used row that points at it and itself follows a matter.

    def held(self, row: Row) -> bool:
        known = (self.purpose.key, row)
        if known not in self.oracle._held:
            self.oracle._held[known] = any(self._pointing(row))
        return self.oracle._held[known]

    def _pointing(self, row: Row) -> Iterator[bool]:
        for kind in self.used:
            if kind not in self.oracle.kinds or kind == row[0]:
                continue
            for column, target in self.ties(kind):
                if target != row[0]:
                    continue
                for number, cells in self.oracle.rows.get(kind, {}).items():
                    if cells[column] == row[1]:
                        yield self._by(column, (kind, number))

    def _by(self, column: str, other: Row) -> bool:
        if other[0] in self.matters:
            return self.oracle.running(self.purpose, other)
        return any(
            self.oracle.running(self.purpose, end)
            for first, end in self.ends(other)[0]
            if end[0] in self.matters and first != column
        )

    def can_be_held(self, kind: str) -> bool:
        """Whether any matter could hold rows of a kind from below."""
        for other in self.used:
            if other == kind or other not in self.oracle.kinds:
                continue
            for column, target in self.ties(other):
                if target == kind and (other in self.matters or any(self._matters_beside(other, column))):
                    return True
        return False

    def _matters_beside(self, kind: str, column: str, path: tuple[str, ...] = ()) -> Iterator[bool]:
        """Whether a way up from a kind reaches a matter without beginning with a column."""
        targets = dict(self.oracle.references(kind))
        for step in self._steps(kind):
            if step == column or step in path:
                continue
            if targets[step] in self.matters:
                yield True
            elif step in self.oracle.kinds[kind].of:
                yield from self._matters_beside(targets[step], "", (*path, step))


def _names(kinds: Mapping[str, Kind], refs: tuple[Ref, ...], kind: str, column: str) -> bool:
    """Whether a list of cells names one; naming any cell of a kind names what its rows belong to."""
    if Ref(kind, column) in refs:
        return True
    return column in kinds[kind].of and any(ref.kind == kind for ref in refs)
