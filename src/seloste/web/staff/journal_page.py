"""The journal of a register: who did what, about whom, which items, and whether it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.types.normal import order
from seloste.clock import HELSINKI
from seloste.operations.accounts.roles import account_names
from seloste.operations.journal import JournalView, check_journal, persons_called, read_journal
from seloste.store.journal import JournalReport
from seloste.store.journal_pages import Query, Written
from seloste.web import registers, responses, security
from seloste.web.frame import frame_of, role_name
from seloste.web.i18n import formats, texts, translator
from seloste.web.parts import Cell, Chip, Choice, Column, Filter, Head, Link, Row, RowGroup, Table

SMALL = 20_000
"""A journal of so many entries is checked when it is first opened; a longer one when somebody asks."""


@dataclass(frozen=True, slots=True)
class Check:
    """The last check in this program."""

    report: JournalReport
    at: datetime


def page(request: Request) -> Response:
    """Entries newest first, filtered by the address."""
    store, state = registers.store(request), request.state
    asked = {name: request.query_params.get(name, "").strip()[:100] for name in ("who", "about", "what", "from")}
    persons = persons_called(store, asked["about"], actor=state.actor, now=state.now) if asked["about"] else None
    query = Query(
        actor=asked["who"] or None,
        persons=persons,
        verb=asked["what"] if asked["what"] not in ("", "refused") else None,
        outcome="refused" if asked["what"] == "refused" else None,
        since=_day(asked["from"]),
        before=_number(request.query_params.get("before")),
    )
    opened = _number(request.query_params.get("entry"))
    view = read_journal(store, query, opened=opened, actor=state.actor, now=state.now)
    known: Check | None = _checks(request).get(state.register_key)
    if known is None and view.head.seq <= SMALL:
        known = _check(request)
    return responses.page(request, "staff/journal.html", **_context(request, view, asked, known))


def check(request: Request) -> Response:
    """Check it now."""
    _check(request)
    return responses.redirect(f"/r/{request.state.register_key}/privacy/journal", done="journal_checked")


def _check(request: Request) -> Check:
    store, state = registers.store(request), request.state
    done = Check(check_journal(store, actor=state.actor, now=state.now), state.now)
    _checks(request)[state.register_key] = done
    return done


def _checks(request: Request) -> dict[str, Check]:
    app = request.app
    if not hasattr(app.state, "journal_checks"):
        app.state.journal_checks = {}
    found: dict[str, Check] = app.state.journal_checks
    return found


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # The first day that there is begins before time itself.
    return datetime.combine(day, datetime.min.time(), HELSINKI) if day > date.min else None


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 19 else None


def _context(request: Request, view: JournalView, asked: Mapping[str, str], known: Check | None) -> dict[str, Any]:
    lang = responses.language_of(request)
    t, f = translator(lang), formats(lang)
    path = f"/r/{request.state.register_key}/privacy/journal"
    words = Words(request, view)
    kept = {name: value for name, value in asked.items() if value}
    older = f"{path}?{urlencode({**kept, 'before': view.page.older})}" if view.page.older else ""
    return {
        "frame": frame_of(request),
        "head": Head(title=t("journal.title"), flash=responses.flash(request)),
        "hidden": security.hidden(request),
        "path": path,
        "ok": known.report.ok if known else None,
        "broken_at": str(known.report.first_bad) if known and not known.report.ok else "",
        "checked": t("journal.checked", when=f.when(known.at, request.state.now)) if known else "",
        "count": view.head.seq,
        "since": f.date(view.since) if view.since else "",
        "seal": view.head.hash,
        "filters": _filters(words, view, asked),
        "table": _table(words, view.page.entries, f"{path}?{urlencode(kept)}{'&' if kept else ''}entry="),
        "empty": not view.page.entries,
        "older": Link(text=t("list.older"), href=older) if older else None,
        "opened": _opened(words, view.opened) if view.opened else None,
    }


class Words:
    """Codes and keys of the journal in the reader's words."""

    def __init__(self, request: Request, view: JournalView) -> None:
        self.lang = responses.language_of(request)
        self.t, self.f = translator(self.lang), formats(self.lang)
        self.register = registers.store(request).register
        self.names, self.accounts = view.names, account_names(registers.deployment(request))

    def _text(self, key: str, code: str) -> str:
        return self.t(key) if key in texts(self.lang) else code.replace("_", " ")

    def verb(self, code: str) -> str:
        return self._text(f"journal.verb.{code}", code)

    def actor(self, code: str) -> str:
        return self.accounts.get(code) or self._text(f"journal.actor.{code}", code)

    def role(self, lens: str) -> str:
        return role_name(self.register, lens, self.lang)

    def about(self, one: Written) -> Cell:
        """Whom it was about: a name, a number when the name is erased or not shown, or how many people."""
        persons, kind = one.entry.persons, self.register.notice.kinds.get(one.entry.kind)
        label = registers.said(kind.label, self.lang) if kind is not None and one.entry.kind != "person" else ""
        if len(persons) == 1:
            known = self.names.get(persons[0])
            return Cell(text=known or self.t("journal.erased_person", number=f"{persons[0]:04d}"), sub=label)
        if persons:
            return Cell(text=self.t("common.people", n=len(persons)), sub=label)
        return Cell(text=label or self.t("journal.the_register"))

    def items(self, one: Written) -> str:
        found = self.register.notice.kinds.get(one.entry.kind)
        labels = []
        for key in one.entry.items:
            kind_key, _, item_key = key.rpartition(".")
            kind = self.register.notice.kinds.get(kind_key) if kind_key else found
            item = kind.items.get(item_key) if kind is not None else None
            labels.append(registers.said(item.label, self.lang).lower() if item is not None else key.replace("_", " "))
        return ", ".join(labels)


def _filters(words: Words, view: JournalView, asked: Mapping[str, str]) -> tuple[Filter, ...]:
    t = words.t
    who = sorted((Choice(value=code, text=words.actor(code)) for code in view.actors), key=lambda one: order(one.text))
    what = sorted((Choice(value=code, text=words.verb(code)) for code in view.verbs), key=lambda one: order(one.text))
    refused = Choice(value="refused", text=t("journal.refused"))
    return (
        Filter(
            name="who",
            label=t("journal.who_did"),
            value=asked["who"],
            choices=(Choice(value="", text=t("list.anyone")), *who),
        ),
        Filter(name="about", label=t("journal.about_whom"), value=asked["about"]),
        Filter(
            name="what",
            label=t("journal.what"),
            value=asked["what"],
            choices=(Choice(value="", text=t("list.everything")), refused, *what),
        ),
        Filter(name="from", label=t("journal.from"), value=asked["from"], kind="date"),
    )


def _table(words: Words, entries: tuple[Written, ...], address: str) -> Table:
    t, f = words.t, words.f
    columns = (
        Column(text=t("journal.time")),
        Column(text=t("journal.who_as")),
        Column(text=t("journal.did")),
        Column(text=t("journal.about")),
        Column(text=t("journal.which"), rank=2),
        Column(text=t("journal.number"), right=True, rank=2),
    )
    days = groupby(entries, key=lambda one: f.day(one.entry.at))
    groups = tuple(RowGroup(title=day, rows=tuple(_row(words, one, address) for one in ones)) for day, ones in days)
    return Table(caption=t("journal.caption"), columns=columns, groups=groups, blocks=True, look="journal")


def _row(words: Words, one: Written, address: str) -> Row:
    t, f, entry = words.t, words.f, one.entry
    refused = entry.outcome == "refused"
    said = words.verb(entry.verb)
    chip = Chip(text=f"{t('journal.refused')}: {said}", tone="soon", icon="no") if refused else None
    return Row(
        cells=(
            Cell(text=f.time(entry.at)),
            Cell(text=words.actor(entry.actor), sub=words.role(entry.lens) if entry.lens else ""),
            Cell(chip=chip) if refused else Cell(text=said),
            words.about(one),
            Cell(text=words.items(one)),
            Cell(text=str(one.seq), href=f"{address}{one.seq}"),
        )
    )


def _opened(words: Words, one: Written) -> dict[str, Any]:
    t, f, entry = words.t, words.f, one.entry
    refused = f"{t('journal.refused')}: " if entry.outcome == "refused" else ""
    who = words.actor(entry.actor) + (f", {words.role(entry.lens)}" if entry.lens else "")
    pairs = [
        (t("journal.time"), f.moment(entry.at)),
        (t("journal.who_as"), who),
        (t("journal.did"), refused + words.verb(entry.verb)),
        (t("journal.about"), words.about(one).text),
    ]
    if entry.items:
        pairs.append((t("journal.which"), words.items(one)))
    if entry.note:
        pairs.append((t("journal.note"), entry.note))
    pairs += [(t("journal.hash"), one.hash), (t("journal.previous_hash"), one.previous)]
    return {"title": t("journal.entry", number=str(one.seq)), "pairs": pairs}
