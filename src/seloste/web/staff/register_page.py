"""The register's own page: what it holds, how long, what leaves soon, which notice it runs, who sees what."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.load import vocabulary
from seloste.notice.model import Notice
from seloste.notice.render.periods import Periods
from seloste.notice.render.wording import Wording
from seloste.operations.register.holdings import Holdings, holdings
from seloste.store.registers import RegisterStore
from seloste.web import registers, responses
from seloste.web.frame import frame_of
from seloste.web.i18n import Formats, Translator, formats, translator
from seloste.web.parts import Act, Cell, Column, Head, Row, RowGroup, Table


def page(request: Request) -> Response:
    """Counts over everybody; no row is read through any lens and nobody is named."""
    store, state = registers.store(request), request.state
    t, f = translator(state.lang), formats(state.lang)
    notice = store.register.notice
    held = holdings(store, now=state.now)
    lens = store.register.lenses[state.lens]
    leaving = sum(each.leaving for each in held.kinds)
    seen = [kind for kind in held.kinds if lens.sees(kind.kind)]
    return responses.page(
        request,
        "staff/register.html",
        frame=frame_of(request),
        head=Head(
            title=registers.said(notice.title, state.lang),
            sub=notice.controller.name,
            opening=t("holds.opening", n=leaving) if leaving else t("holds.nothing_leaves"),
            acts=(Act(text=t("holds.read_notice"), href=f"/notice/{notice.register}/{_language(notice, state.lang)}"),),
        ),
        kinds=_kinds(store, held, state.lang, t, f),
        roles=_roles(store, t, state.lang),
        facts=_facts(held, notice, t, f),
        seen=t("holds.seen", shown=f.number(len(seen)), all=f.number(len(held.kinds))),
    )


def _language(notice: Notice, lang: str) -> str:
    return lang if lang in notice.languages else notice.languages[0]


def _kinds(store: RegisterStore, held: Holdings, lang: str, t: Translator, f: Formats) -> Table:
    """A row for each kind that holds something, with the periods of the purposes it is a matter of."""
    periods = _periods(store.register.notice, lang)
    rows = tuple(
        Row(
            cells=(
                Cell(
                    text=registers.said(store.register.tables[each.kind].kind.plural, lang),
                    strong=True,
                    sub=periods.get(each.kind) or _follows(store, each.kind, lang, t),
                ),
                Cell(text=f.number(each.rows)),
                Cell(text=f.number(each.leaving) if each.leaving else "–", tone="soon" if each.leaving else ""),
            ),
            tone="" if each.rows else "quiet",
        )
        for each in held.kinds
        if each.rows or not store.register.tables[each.kind].kind.built_in
    )
    columns = (
        Column(text=t("holds.kind")),
        Column(text=t("holds.rows"), right=True),
        Column(text=t("holds.leaving", date=f.date(held.soon)), right=True),
    )
    return Table(caption=t("holds.title"), columns=columns, groups=(RowGroup(rows=rows),), blocks=True)


def _follows(store: RegisterStore, kind: str, lang: str, t: Translator) -> str:
    """What a kind without a period of its own goes with: the matters that its rows belong to or are pointed at by."""
    tables, table = store.register.tables, store.register.tables[kind].kind
    ends: dict[str, None] = {}
    for (_, key), way in store.register.ways.items():
        if key == kind:
            ends |= dict.fromkeys([*(up.kind for up in way.ups), *(down.kind for down in way.downs)])
    if not ends and table.about != "nobody":
        # No other matter holds it: it lasts as long as whoever it belongs to.
        ends = dict.fromkeys(end for end in table.of if end in tables)
    named = [registers.said(tables[end].kind.plural, lang).lower() for end in ends if not tables[end].kind.built_in]
    return t("holds.follows", what=", ".join(named)) if named else t("holds.stays")


def _periods(notice: Notice, lang: str) -> Mapping[str, str]:
    """Kind -> its periods in a few words, one for each different rule."""
    chosen = _language(notice, lang)
    say = Periods(notice, vocabulary(notice.vocabulary), Wording(chosen), staff=True)
    found: dict[str, dict[str, None]] = {}
    for purpose in notice.purposes.values():
        for keep in purpose.keep:
            if keep.base is not None:
                found.setdefault(keep.matter, {})[say.rule(keep)] = None
        for limit in purpose.at_most:
            found.setdefault(limit.kind, {})
    return {kind: _sentence("; ".join(rules)) for kind, rules in found.items() if rules}


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _roles(store: RegisterStore, t: Translator, lang: str) -> Table:
    rows = tuple(
        Row(
            cells=(
                Cell(text=registers.said(lens.text, lang), strong=True),
                Cell(text=", ".join(registers.said(store.register.purposes[key].text, lang) for key in lens.purposes)),
            )
        )
        for lens in store.register.lenses.values()
    )
    columns = (Column(text=t("holds.role")), Column(text=t("holds.purposes")))
    return Table(caption=t("holds.roles"), columns=columns, groups=(RowGroup(rows=rows),), blocks=True)


def _facts(held: Holdings, notice: Notice, t: Translator, f: Formats) -> tuple[tuple[str, str], ...]:
    facts = [
        (t("holds.version"), str(held.version)),
        (t("holds.in_force"), f.date(notice.effective) if notice.effective else "–"),
        (t("holds.applied"), f.moment(held.applied_at) if held.applied_at else "–"),
        (t("holds.digest"), held.digest[:16]),
        (t("holds.journal"), f.number(held.journal_entries)),
    ]
    return tuple(facts)
