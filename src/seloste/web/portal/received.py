"""Who has received the person's data, and who may: disclosures one by one, then recipients and processors."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import Text
from seloste.catalogue.types import TYPES
from seloste.operations.portal.held import held
from seloste.operations.records.model import NoSuchRowError
from seloste.web import registers
from seloste.web.parts import Item
from seloste.web.portal import identify
from seloste.web.portal.frame import contact_of
from seloste.web.portal.frame import page as own_page
from seloste.web.portal.view import OwnView, record_of

DISCLOSURE = "disclosure"
"""The built-in kind of what was given out."""


WHO = ("recipient", "country")
TOLD = ("what", "purpose", "provision", "ground")
"""Of each: who and where; which data, what for, by which provision, on what ground."""


def page(request: Request) -> Response:
    """First what was given to whom, then to whom the notice lets data be given."""
    view = OwnView(request)
    try:
        found = held(view.store, view.person, kinds=[DISCLOSURE], proven=view.proven, now=view.now)
    except NoSuchRowError:
        return own_page(request, "nothing", view.t("portal.nothing_held"))
    notice = view.register.notice
    given = []
    for row in sorted(found.own.rows, key=view.age, reverse=True):
        said = {cell.item: ", ".join(each.text for each in view.shown_own(row, cell, found)) for cell in row.cells}
        moment = view.moment(record_of(row))
        sub = ". ".join(part for part in (said.get(name, "") for name in TOLD) if part)
        given.append(
            Item(
                text=", ".join(said[name] for name in WHO if said.get(name)),
                when=view.f.date(moment) if moment is not None else "",
                sub=sub,
            )
        )
    may = tuple(
        Item(text=_name(view, each.text), sub=_parties(view, [(one.name, one.country) for one in each.who]))
        for each in notice.recipients
    )
    works = tuple(
        Item(text=_name(view, each.does), sub=_parties(view, [(each.name or "", each.country)]))
        for each in notice.processors
    )
    return own_page(
        request,
        "received",
        view.t("portal.received"),
        given=given,
        may=may,
        works=works,
        guarded=found.guarded,
        by=identify.offered(request) if found.guarded else (),
        contact=contact_of(notice.controller),
    )


def _name(view: OwnView, text: Text) -> str:
    return view.teller.w.capital(registers.said(text, view.lang))


def _parties(view: OwnView, parties: list[tuple[str, str | None]]) -> str:
    shown = [
        ", ".join(part for part in (name, TYPES["country"].show(country, view.lang) if country else "") if part)
        for name, country in parties
    ]
    return "; ".join(part for part in shown if part)
