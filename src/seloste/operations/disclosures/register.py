"""The register of processors: who works on the controller's behalf with what, where, and under which agreement."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from seloste.clock import today
from seloste.notice.model import Processor
from seloste.notice.render.tell import Teller
from seloste.notice.render.transfers import goings
from seloste.operations.disclosures.agreements import CLAUSES, Agreed, agreements
from seloste.operations.disclosures.model import AGREEMENT
from seloste.operations.processing_record import MEDIA, RecordFile, sheet
from seloste.store.registers import RegisterStore

Form = Literal["xlsx", "json"]
FORMS: tuple[Form, ...] = ("xlsx", "json")


@dataclass(frozen=True, slots=True)
class Processing:
    """One processor with its agreement. Words in one language; ``state`` and ``lacks`` are codes of the agreement."""

    key: str
    name: str
    does: str
    country: str
    purposes: tuple[str, ...]
    """Empty: every purpose."""
    sub_processors: tuple[str, ...]
    transfers: tuple[str, ...]
    state: str
    lacks: tuple[str, ...]
    signed_on: dt.date | None
    ended_on: dt.date | None
    paper: str


def processors(store: RegisterStore, *, lang: str, now: dt.datetime) -> tuple[Processing, ...]:
    """Every processor of the notice, in its order."""
    with store.read(now) as conn:
        agreed = agreements(store, conn, today(now))
    t = Teller(store.register.notice, lang)
    return tuple(_one(t, one, agreed[one.key]) for one in store.register.notice.processors)


def processors_file(store: RegisterStore, form: Form, *, lang: str, now: dt.datetime) -> RecordFile:
    """The register of processors as a file: XLSX to read, JSON for programs."""
    found = processors(store, lang=lang, now=now)
    notice = store.register.notice
    name = f"{notice.register}_processors_{today(now).isoformat()}_{lang}.{form}"
    if form == "json":
        whole = {"format": "seloste processors 1", "register": notice.register, "lang": lang,
                 "processors": [plain(each) for each in found]}  # fmt: skip
        return RecordFile(name, MEDIA["json"][0], (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode())
    return RecordFile(name, MEDIA["xlsx"][0], _xlsx(store, found, lang))


def plain(each: Processing) -> dict[str, Any]:
    """One as JSON has it, days as 2026-01-30."""
    names = ("key", "name", "does", "country", "state", "paper")
    many = ("purposes", "sub_processors", "transfers", "lacks")
    days = {name: day.isoformat() if (day := getattr(each, name)) else None for name in ("signed_on", "ended_on")}
    return {name: getattr(each, name) for name in names} | {name: list(getattr(each, name)) for name in many} | days


def _one(t: Teller, one: Processor, agreed: Agreed) -> Processing:
    values = agreed.current.values if agreed.current is not None else {}
    return Processing(
        key=one.key,
        name=one.name or str(values.get("company") or ""),
        does=t.pick(one.does),
        country=t.country(one.country) if one.country else "",
        purposes=tuple(t.name(key) for key in one.purposes),
        sub_processors=tuple(t.party(party) for party in one.sub_processors),
        transfers=tuple(going.line for going in goings(t, only={one.key})),
        state=agreed.state,
        lacks=agreed.current.lacks if agreed.current is not None else (),
        signed_on=values.get("signed_on"),
        ended_on=values.get("ended_on"),
        paper=str(values.get("paper") or one.agreement or ""),
    )


_STATES: dict[str, dict[str, str]] = {
    "in_force": {"fi": "voimassa", "en": "in force", "sv": "i kraft"},
    "not_yet": {"fi": "ei vielä voimassa", "en": "not in force yet", "sv": "inte i kraft ännu"},
    "incomplete": {"fi": "vajaa", "en": "incomplete", "sv": "bristfälligt"},
    "ended": {"fi": "päättynyt", "en": "ended", "sv": "upphört"},
    "missing": {"fi": "puuttuu", "en": "missing", "sv": "saknas"},
}
_LACKS = {"fi": "Puuttuu sopimuksesta", "en": "Lacking in the agreement", "sv": "Saknas i avtalet"}
_SUBS = {"fi": "Alikäsittelijät", "en": "Sub-processors", "sv": "Underbiträden"}


def _xlsx(store: RegisterStore, found: tuple[Processing, ...], lang: str) -> bytes:
    from openpyxl import Workbook

    t = Teller(store.register.notice, lang)
    say, kind = t.w.say, store.register.tables[AGREEMENT].kind
    items = kind.items
    heads = (
        t.pick(items["company"].label), say("recipients.does"), say("recipients.where"), say("recipients.for"),
        _SUBS[lang], say("record.transfers"), t.pick(kind.label), _LACKS[lang], t.pick(items["signed_on"].label),
        t.pick(items["ended_on"].label), t.pick(items["paper"].label),
    )  # fmt: skip
    labels = {name: t.pick(item.label) for name, item in items.items()}
    labels |= {option.key: t.pick(option.label) for option in items[CLAUSES].options}
    rows = [tuple(_cells(each, t, labels)) for each in found]
    book = Workbook()
    first: Any = book.active
    sheet(first, say("recipients.processors"), heads, rows, (26, 30, 14, 34, 26, 34, 16, 34, 14, 14, 26))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(each: Processing, t: Teller, labels: dict[str, str]) -> Iterator[Any]:
    yield each.name
    yield each.does
    yield each.country
    yield "\n".join(each.purposes) or t.w.say("recipients.all_purposes")
    yield "\n".join(each.sub_processors)
    yield "\n".join(each.transfers) or t.w.say("record.none_transfers")
    yield _STATES[each.state][t.w.lang]
    yield "\n".join(labels.get(name, name) for name in each.lacks)
    yield each.signed_on or ""
    yield each.ended_on or ""
    yield each.paper
