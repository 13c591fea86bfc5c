"""Random notices, as people write them, and random histories of the registers they describe.

A notice has kinds of its own that belong to people, companies and each other, and purposes of every basis that keep
them by every form of ``keep``. A history inserts, changes and deletes rows and lets people say yes, no and stop, with
dates close to where periods end.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from seloste.catalogue.model import Item
from seloste.clock import HELSINKI, to_utc_text
from seloste.compiler.lower import CannotCompileError, compile_notice
from seloste.compiler.register import Register
from seloste.law.periods import add
from seloste.notice import load
from seloste.notice.check import check_parsed
from seloste.notice.model import Notice, Ref
from seloste.notice.own import own
from seloste.notice.parse import read, read_text
from seloste.notice.ways import references

NOW = dt.datetime(2026, 11, 25, 9, 12, tzinfo=HELSINKI)
BASES = (
    "consent",
    "contract",
    "company_contract",
    "legal_obligation",
    "legitimate_interest",
    "public_task",
    "vital",
)
NATURES = ("ordinary", "ordinary", "claims", "marketing", "research", "statistics")
OWN = ("alpha", "beta", "gamma", "delta", "epsilon")
PERSON_ITEMS = ("first_name", "email", "remark", "birth_date", "non_disclosure")
WHERE = {
    "number": "phone",
    "place": {"type": "text", "label": "place", "dpv": "pd:PhysicalAddress"},
    "town": {"type": "text", "label": "town", "dpv": "pd:City"},
}
"""Items that tell where somebody is, which a guard of theirs closes."""
PERIODS = ((1, "day"), (30, "day"), (1, "month"), (6, "month"), (1, "year"), (2, "year"), (6, "year"))
SAID = ("permission", "objection", "ban", "restriction", "hold")

# Findings about other things than what the register means do not keep a notice from being compiled.
_MEANING = ("V", "D", "K", "P01")


def period(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


# --- notices ----------------------------------------------------------------------------------------------------------


@st.composite
def own_kinds(draw: st.DrawFn) -> dict[str, Any]:
    """Kinds of the notice's own, each belonging to people, companies or kinds before it."""
    found: dict[str, Any] = {}
    count = draw(st.integers(1, len(OWN)))
    visitors = draw(st.integers(0, 3)) == 0
    roots = ["person", "organisation", *(["device"] if visitors else [])]
    for key in OWN[:count]:
        about = draw(st.sampled_from(["person", "person", "owner", "owner", "nobody", "visitor"]))
        ends = draw(st.lists(st.sampled_from([*roots, *found, *found]), max_size=3, unique=True))
        if about != "nobody" and not ends:
            ends = ["person"]
        kind: dict[str, Any] = {"label": key, "about": about}
        if ends:
            kind["of"] = ends
        if len(ends) > 1 and about in ("person", "visitor"):
            kind["tie"] = draw(st.booleans())
            spare = [end for end in ends if end != "person"]
            if kind["tie"] and spare and draw(st.booleans()):
                kind["optional_of"] = [draw(st.sampled_from(spare))]
        kind["items"] = items = {"began": draw(st.sampled_from(["date", "time"])), "ended": "date", "name": "text"}
        if draw(st.booleans()):
            items["note"] = "text_long T"
        if draw(st.booleans()):
            items["who"] = "person >"
        if found and draw(st.booleans()):
            items["about_it"] = draw(st.sampled_from([*found, "organisation"]))
        if draw(st.integers(0, 5)) == 0:
            items["secret"] = "text S"
        if draw(st.integers(0, 3)) == 0:
            items |= WHERE
        if kind.get("tie") and draw(st.booleans()):
            items["lives"] = {"type": "text", "label": "lives", "dpv": "pd:Residency"}
        dating = draw(st.sampled_from(["act", "dated", None]))
        if dating is not None:
            kind[dating] = "began"
        found[key] = kind
    return found


@st.composite
def keep_rule(draw: st.DrawFn, matter: str, kinds: Mapping[str, Any], used: Sequence[str]) -> str:
    """One rule of one matter."""

    def date() -> str:
        own = [f"{matter}.began", f"{matter}.ended", f"{matter}.ended"]
        others = [f"{kind}.{item}" for kind in used if kind in kinds for item in ("began", "ended")]
        return draw(st.sampled_from([*own, *others]))

    def term() -> str:
        return draw(
            st.sampled_from(
                [
                    f"until {date()}",
                    f"{period(*draw(st.sampled_from(PERIODS)))} after {date()}",
                    f"{period(*draw(st.sampled_from(PERIODS)))} after last_contact",
                ]
            )
        )

    base = draw(st.sampled_from(["term", "term", "each", "law"]))
    said = term()
    if base == "each":
        said = f"{period(*draw(st.sampled_from(PERIODS)))} each"
    if base == "law":
        said = draw(st.sampled_from(["accounting_voucher", "accounting_ledger", "annual_leave", "damages"]))
    for word in draw(st.lists(st.sampled_from(["at least", "at most"]), max_size=2)):
        said += f", {word} {term()}"
    return said


@st.composite
def purpose(draw: st.DrawFn, kinds: Mapping[str, Any]) -> dict[str, Any]:
    """One purpose over the kinds."""
    basis = draw(st.sampled_from(BASES))
    found: dict[str, Any] = {
        "text": "A purpose",
        "basis": basis,
        "is": draw(st.sampled_from(NATURES)),
        "interest": "an interest",
        "law": "A law 1/2000",
        "consent": "You may.",
        "needed_for": "Without them nothing works.",
    }
    own = draw(st.lists(st.sampled_from(list(kinds)), min_size=1, max_size=4, unique=True))
    words: list[str] = []
    for kind in own:
        names = list(kinds[kind]["items"])
        whole = draw(st.integers(0, 3)) > 0
        words += [kind] if whole else [f"{kind}.{item}" for item in draw(_some(names))] or [kind]
        if "secret" in names and draw(st.booleans()):
            words.append(f"{kind}.secret")
    words += draw(_some(PERSON_ITEMS))
    words += draw(_some(["organisation", "organisation.proprietor"]))
    if any("device" in kind.get("of", ()) for kind in kinds.values()) and draw(st.booleans()):
        words.append("device")
    found["uses"] = words
    standing = basis == "consent" and draw(st.booleans())
    matters = draw(st.lists(st.sampled_from(own), min_size=1, max_size=2, unique=True))
    found["keep"] = "until withdrawn" if standing else {key: draw(keep_rule(key, kinds, own)) for key in matters}
    if draw(st.integers(0, 2)) == 0:
        found["at_most"] = {draw(st.sampled_from(own)): period(*draw(st.sampled_from(PERIODS)))}
    return found


def _some(words: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(list(words)), max_size=len(words), unique=True)


@st.composite
def borrower(draw: st.DrawFn, kinds: Mapping[str, Any]) -> dict[str, Any]:
    """A purpose that holds nothing of its own."""
    words = [*PERSON_ITEMS, "organisation", *kinds]
    words += [f"{key}.{item}" for key, kind in kinds.items() for item in kind["items"]]
    return {
        "text": "A purpose that borrows",
        "basis": draw(st.sampled_from(["legitimate_interest", "consent"])),
        "is": draw(st.sampled_from(["ordinary", "marketing", "statistics"])),
        "interest": "an interest",
        "consent": "You may.",
        "borrows": draw(st.lists(st.sampled_from(words), min_size=1, max_size=4, unique=True)),
    }


@st.composite
def agreed_apart(draw: st.DrawFn, kinds: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A kind each of whose rows is agreed to apart, with what hangs on them, and the purpose that asks for it."""
    items = {"began": draw(st.sampled_from(["date", "time"])), "ended": "date", "name": "text"}
    ends = ["person", *draw(_some(["organisation", *kinds]))]
    more: dict[str, Any] = {"each": {"label": "each", "about": "person", "of": ends, "items": items}}
    if draw(st.booleans()):
        more["each"]["items"] = {**items, "who": "person >", "note": "text_long T"}
    if draw(st.booleans()):
        more["below"] = {"label": "below", "about": "person", "of": ["each"], "items": {"name": "text"}}
    rule = draw(st.sampled_from(["until each.ended", "until each.ended", "drawn"]))
    found = draw(purpose(kinds)) | {"basis": "consent", "per": "row", "uses": [*more, *draw(_some(PERSON_ITEMS))]}
    found["keep"] = {"each": draw(keep_rule("each", {**kinds, **more}, ["each"])) if rule == "drawn" else rule}
    found.pop("at_most", None)
    return more, found


@st.composite
def written(draw: st.DrawFn) -> dict[str, Any]:
    """A notice as written, not yet known to mean anything."""
    kinds = draw(own_kinds())
    purposes = {f"p{number}": draw(purpose(kinds)) for number in range(1, draw(st.integers(1, 4)) + 1)}
    if draw(st.booleans()):
        purposes["b1"] = draw(borrower(kinds))
    if draw(st.integers(0, 2)) == 0:
        more, purposes["r1"] = draw(agreed_apart(kinds))
        kinds |= more
    keys = [*purposes, "accountability"]
    staff = {"all": keys}
    for number in range(1, draw(st.integers(1, 2)) + 1):
        staff[f"some{number}"] = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True))
    return {
        "seloste": 1,
        "vocabulary": "2026-11",
        "register": "drawn",
        "title": "Drawn",
        "languages": ["en"],
        "effective": "2026-11-01",
        "controller": {
            "name": "Drawn Ltd",
            "address": "Katu 1, 00100 Helsinki",
            "email": "drawn@drawn.example",
            "financial_year_ends": draw(st.sampled_from(["12-31", "02-28", "06-30", "02-29"])),
        },
        "kinds": kinds,
        "purposes": purposes,
        "staff": staff,
        "sources": ["subject"],
    }


def meant(raw: Mapping[str, Any]) -> Notice | None:
    """The notice that is written, with what has no matter taken out of its uses; None when nothing sensible is left."""
    raw = dict(json.loads(json.dumps(raw)))
    for _ in range(6):
        result = check_parsed(read_text(json.dumps(raw)))
        errors = [each for each in result.findings if each.severity == "error" and each.code.startswith(_MEANING)]
        if not errors:
            return result.notice
        if not any(_mend(raw, error.at) for error in errors):
            return None
    return None


def _mend(raw: dict[str, Any], path: str) -> bool:
    """Leave out of a purpose the kind or the date that an error is about."""
    parts = path.split(".")
    if len(parts) < 4 or parts[0] != "purposes" or parts[1] not in raw["purposes"]:
        return False
    of = raw["purposes"][parts[1]]
    if parts[2] == "keep" and isinstance(of.get("keep"), dict):
        return _mend_keep(of["keep"], parts[3])
    if parts[2] == "uses":
        kind = parts[3]
        left = [word for word in of["uses"] if word.partition(".")[0] != kind]
        if kind == "person":
            left = [word for word in of["uses"] if word not in PERSON_ITEMS]
        changed = len(left) < len(of["uses"])
        of["uses"] = left
        for part in ("keep", "at_most"):
            if isinstance(of.get(part), dict):
                of[part].pop(kind, None)
        return changed
    if parts[2] == "at_most":
        return of["at_most"].pop(parts[3], None) is not None
    return False


def _mend_keep(keep: dict[str, str], matter: str) -> bool:
    said = keep.get(matter)
    if said is None:
        return False
    if ", " in said:
        keep[matter] = said.rpartition(", ")[0]
    elif "last_contact" in said or "." in said:
        keep[matter] = "1 year after ended"
    else:
        del keep[matter]
    return True


@lru_cache(maxsize=64)
def _compiled(text: str) -> Register | None:
    notice = meant(json.loads(text))
    if notice is None:
        return None
    try:
        return compile_notice(notice)
    except CannotCompileError:
        return None


class Drawn:
    """A compiled random notice; shown as it was written, not as the thousands of lines it means."""

    def __init__(self, raw: str, register: Register) -> None:
        self.raw = raw
        self.register = register

    def __repr__(self) -> str:
        return f"Drawn({self.raw})"


@st.composite
def registers(draw: st.DrawFn) -> Drawn:
    """A compiled random notice."""
    raw = json.dumps(draw(written()))
    found = _compiled(raw)
    assume(found is not None)
    assert found is not None
    return Drawn(raw, found)


@st.composite
def narrowed(draw: st.DrawFn, drawn: Drawn) -> Drawn:
    """The same with every role narrowed to the acting person's own, by any reference that says whose something is."""
    notice = drawn.register.notice
    refs = [Ref(kind, each.column) for kind, held in notice.kinds.items() for each in references(held)]
    only = draw(st.sampled_from([ref for ref in refs if own(notice.kinds, ref) is not None]))
    staff = {key: replace(lens, only=only) for key, lens in notice.staff.items()}
    return Drawn(f"{drawn.raw} only {only}", compile_notice(replace(notice, staff=staff)))


@st.composite
def changes(draw: st.DrawFn) -> tuple[Drawn, Drawn]:
    """A notice, and what it is changed to: a purpose more or less or said otherwise, or another notice altogether."""
    first = draw(registers())
    raw = json.loads(first.raw)
    kinds = raw["kinds"]
    purposes = {}
    for key, said in raw["purposes"].items():
        fate = draw(st.sampled_from(["stays", "stays", "goes", "anew", "part"]))
        if fate == "anew":
            said = draw(purpose(kinds))
        elif fate == "part":
            said = {**said, draw(st.sampled_from(["basis", "is"])): "legitimate_interest"} | {"is": "ordinary"}
        if fate != "goes":
            purposes[key] = said
    if not purposes or draw(st.booleans()):
        purposes["new"] = draw(purpose(kinds))
    if draw(st.integers(0, 4)) == 0:
        return first, draw(registers())
    raw["purposes"] = purposes
    keys = [*purposes, "accountability"]
    raw["staff"] = {"all": keys, "other": draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique=True))}
    raw["controller"]["financial_year_ends"] = draw(st.sampled_from(["12-31", "06-30"]))
    text = json.dumps(raw)
    found = _compiled(text)
    assume(found is not None)
    assert found is not None
    return first, Drawn(text, found)


EXAMPLES = sorted(path for path in (Path(__file__).parents[2] / "examples").glob("*/*.yaml") if not read(path).is_frame)


@lru_cache(maxsize=16)
def _example(path: Path) -> Drawn:
    return Drawn(path.name, compile_notice(load(path)))


def examples() -> st.SearchStrategy[Drawn]:
    """The notices that are shipped."""
    return st.sampled_from(EXAMPLES).map(_example)


# --- histories --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One deed: ``insert`` (kind, values), ``change`` or ``delete`` (kind, nth row of it, values)."""

    verb: str
    kind: str
    nth: int
    values: Mapping[str, Any]
    references: Mapping[str, int]
    """Column -> nth row of the kind it points at; resolved when the step is done."""
    recorded_at: dt.datetime
    grant: Mapping[str, Any] | None = None
    """The consent that a row comes with where each is agreed to apart."""


def _days_near_ends(now: dt.datetime) -> list[dt.date]:
    """Days whose periods end about now, the ends of months, and days far off."""
    today = now.date()
    found = [today, today - dt.timedelta(days=1), today + dt.timedelta(days=1), today + dt.timedelta(days=200)]
    for amount, unit in PERIODS:
        begun = add(today, -amount if unit == "day" else -amount * (1 if unit == "month" else 12), _small(unit))
        found += [begun - dt.timedelta(days=1), begun, begun + dt.timedelta(days=1)]
    year = today.year
    found += [dt.date(year - 6, 12, 31), dt.date(year - 7, 12, 31), dt.date(year - 10, 12, 31), dt.date(2024, 2, 29)]
    return [*found, dt.date(year - 2, 2, 28), dt.date(year - 1, 1, 31), dt.date(1950, 1, 1), dt.date(9998, 5, 5)]


def _small(unit: str) -> Any:
    return "day" if unit == "day" else "month"


DAYS = _days_near_ends(NOW)
HOURS = ((0, 5), (12, 0), (23, 55))


@st.composite
def moments(draw: st.DrawFn) -> dt.datetime:
    day = draw(st.sampled_from([day for day in DAYS if day.year < 9000]))
    hour, minute = draw(st.sampled_from(HOURS))
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=HELSINKI)


def value_of(item: Item, purposes: Sequence[str]) -> st.SearchStrategy[Any]:
    """A value of an item that is not a reference; often none for a date."""
    if item.type == "date":
        return st.one_of(st.none(), st.sampled_from(DAYS))
    if item.type == "time":
        return st.one_of(st.none(), moments())
    if item.type == "choice":
        return st.one_of(st.none(), st.sampled_from([option.key for option in item.options]))
    if item.type == "code" and item.key == "purpose":
        return st.sampled_from([*purposes, None])
    value = _plain_value(item)
    return st.sampled_from([value, value, None])


@st.composite
def steps(draw: st.DrawFn, register: Register, verbs: Sequence[str] = ("insert", "change", "delete")) -> Step:
    kinds = list(register.tables)
    favoured = [kind for kind in kinds if not register.tables[kind].kind.built_in]
    kind = draw(st.sampled_from([*favoured, *favoured, *favoured, *(k for k in SAID if k in kinds)]))
    verb = draw(st.sampled_from(["insert", "insert", "insert", *verbs])) if len(verbs) > 1 else verbs[0]
    found = register.tables[kind].kind
    pointing = {reference.column: reference for reference in references(found)}
    values = {
        item.key: draw(value_of(item, list(register.purposes)))
        for item in found.items.values()
        if item.key not in pointing
    }
    ends: dict[str, int] = {}
    for column, reference in pointing.items():
        if reference.target not in register.tables:
            continue
        needed = found.tie and reference.parent and column not in found.optional_of
        if needed or draw(st.integers(0, 3)) > 0:
            ends[column] = draw(st.integers(0, 3))
    if verb == "change":
        names = draw(_some([*values, *pointing] or ["-"]))
        values = {name: value for name, value in values.items() if name in names}
        ends = {name: nth for name, nth in ends.items() if name in names}
    grant = None
    if verb == "insert" and kind in register.agreed and draw(st.integers(0, 5)):
        grant = {"given_at": NOW, "ends_on": draw(st.one_of(st.none(), st.sampled_from(DAYS)))}
    return Step(verb, kind, draw(st.integers(0, 5)), values, ends, draw(moments()), grant)


@st.composite
def histories(draw: st.DrawFn, drawn: Drawn, most: int = 20) -> list[Step]:
    """A row of each kind first, so that there is something to point at; then anything."""
    register = drawn.register
    kinds = [key for key, table in register.tables.items() if not table.kind.built_in and key != "person"]
    people = [Step("insert", "person", 0, _filled(register, "person"), {}, NOW) for _ in range(2)]
    first = [
        Step("insert", kind, 0, _filled(register, kind), _pointing(register, kind), NOW, _granted(register, kind))
        for kind in kinds
    ]
    return people + first + draw(st.lists(steps(register), min_size=5, max_size=most))


@st.composite
def operations(draw: st.DrawFn, drawn: Drawn) -> list[Step]:
    """What one operation writes: new rows that may belong together, and changes."""
    return draw(st.lists(steps(drawn.register, ("insert", "change")), min_size=1, max_size=4))


def _granted(register: Register, kind: str) -> Mapping[str, Any] | None:
    return {"given_at": NOW} if kind in register.agreed else None


def _pointing(register: Register, kind: str) -> dict[str, int]:
    return {reference.column: 0 for reference in references(register.tables[kind].kind) if reference.target != kind}


def _filled(register: Register, kind: str) -> dict[str, Any]:
    found = register.tables[kind].kind
    pointing = {reference.column for reference in references(found)}
    return {
        item.key: None if item.key == "ended" else _plain_value(item)
        for item in found.items.values()
        if item.key not in pointing
    }


def _plain_value(item: Item) -> Any:
    if item.type == "date":
        return NOW.date()
    if item.type == "time":
        return NOW
    if item.type == "choice":
        return item.options[0].key
    value: Any = PLAIN.get(item.type, "x")
    return [value] if item.many else value


PLAIN: Mapping[str, Any] = {
    "int": 3,
    "money": 1000,
    "bool": True,
    "degrees": 60.1,
    "phone": "+358500000140",
    "email": "x@x.example",
    "iban": "FI2112345600000785",
    "business_id": "9184206-9",
    "reference_number": "1232",
    "hetu": "131052-9085",
    "fields": {"a": "b"},
    "items": [],
    "lines": [],
    "file": {"name": "a.pdf"},
    "country": "FI",
    "postal_code": "00100",
}


def later_days(now: dt.datetime = NOW) -> list[dt.datetime]:
    """Moments to look at again: the next day just after midnight, and after each period."""
    ahead = (1, 31, 184, 367, 800, 2200)
    days = [now + dt.timedelta(days=number) for number in ahead]
    return [day.replace(hour=0, minute=5) if number % 2 == 0 else day for number, day in enumerate(days)]


__all__ = [
    "NOW",
    "Drawn",
    "Step",
    "changes",
    "examples",
    "histories",
    "later_days",
    "meant",
    "operations",
    "registers",
    "to_utc_text",
    "written",
]
