"""Who looked at the person's data: when, in which role, for what. Nobody of the staff is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.portal.looks import Look, looks
from seloste.web import registers
from seloste.web.i18n import texts
from seloste.web.parts import Link
from seloste.web.portal import session
from seloste.web.portal.frame import contact_of
from seloste.web.portal.frame import page as own_page
from seloste.web.portal.view import OwnView


@dataclass(frozen=True, slots=True)
class Seen:
    """What one role did in one minute."""

    when: str
    who: str
    what: str
    purposes: str
    items: str


def page(request: Request) -> Response:
    """A page of the journal as it concerns the person, newest first, by month."""
    view = OwnView(request)
    before = request.query_params.get("before", "")
    found = looks(view.store, view.person, before=int(before[:18]) if before.isdecimal() else None)
    months = [
        (month, tuple(_seen(view, several)))
        for month, several in groupby(found.entries, key=lambda look: view.f.month(look.at))
    ]
    older = session.path(request, "/looked", before=str(found.older)) if found.older is not None else ""
    return own_page(
        request,
        "looked",
        view.t("portal.looked"),
        months=months,
        older=Link(text=view.t("list.older"), href=older) if older else None,
        contact=contact_of(view.register.notice.controller),
    )


def _seen(view: OwnView, several: Iterable[Look]) -> list[Seen]:
    """Reads of the same minute, role and sort as one: a page reads several kinds at once."""
    rows = []
    for (when, _, verb, mine), group in groupby(
        several, key=lambda look: (view.f.moment(look.at), look.lens, look.verb, look.mine)
    ):
        entries: list[Look] = list(group)
        purposes = list(dict.fromkeys(key for look in entries for key in look.purposes))
        kinds = [said for look in entries if (said := _about(view, look))]
        # One knows what one looked at oneself; the list is for what others did.
        key = f"portal.did.{verb}" if mine else f"journal.verb.{verb}"
        rows.append(
            Seen(
                when=when,
                who=view.t("common.yourself") if mine else _role(view, entries[0].lens),
                what=view.t(key) if key in texts(view.lang) else "",
                purposes="" if mine else view.f.listed(view.short(each) for each in purposes),
                items="" if mine else "; ".join(dict.fromkeys(kinds)),
            )
        )
    return rows


def _about(view: OwnView, look: Look) -> str:
    if look.kind not in view.register.tables or not look.items:
        return ""
    items = view.items_said(look.kind, look.items)
    label = view.label(look.kind)
    return f"{label}: {items}" if items else label


def _role(view: OwnView, lens: str) -> str:
    found = view.register.lenses.get(lens)
    if found is None or not found.text:
        return view.t("portal.the_register")
    # A title of many, as that of the whole staff, would read as if all of them had looked.
    return view.t("portal.of_role", role=registers.said(found.text, view.lang))
