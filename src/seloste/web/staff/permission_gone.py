"""What a withdrawal or an objection would erase, before it is recorded: the page that asks, and says how much goes."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import PERSON
from seloste.operations.records.model import Record
from seloste.operations.rights.erase import Erasure, proof
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Cell, Column, Head, Link, Row, RowGroup, Table
from seloste.web.present import Presenter

CARRIED = ("act", "about", "reason")
"""What the button that was pressed sent, and the one of this page sends again."""


def page(request: Request, show: Presenter, person: Record, gone: Erasure, *, what: str, changed: str = "") -> Response:
    """Nothing is recorded yet. ``changed`` says that something else goes than was shown before."""
    t, form = show.t, request.state.form
    where = f"{show.href(PERSON, person.id)}/permissions"
    name = show.name(person)
    carried = tuple((each, str(form.get(each, ""))) for each in CARRIED)
    return responses.page(
        request,
        "staff/permission_gone.html",
        status=422 if changed else 200,
        frame=frame_of(request, current=show.href(PERSON)),
        head=Head(
            title=f"{t('permit.object' if form.get('act') == 'object' else 'permit.withdraw')}: {what}",
            sub=name,
            crumbs=(
                Link(text=show.plural(PERSON), href=show.href(PERSON)),
                Link(text=name, href=show.href(PERSON, person.id)),
                Link(text=t("permit.title"), href=where),
            ),
            opening=" ".join(_said(show, gone)),
            errors=bool(changed),
        ),
        faults=(Link(text=changed, href=""),) if changed else (),
        goes=_goes(show, gone),
        action=f"{where}/erase",
        hidden=(*security.hidden(request), *carried, ("expected", gone.mark)),
        submit=t("permit.erase_act", n=gone.goes),
        cancel=where,
    )


def _said(show: Presenter, gone: Erasure) -> Iterator[str]:
    t = show.t
    kinds = len({each.kind for each in gone.stays(beside=proof(show.store))})
    yield t("erase.first_goes", n=gone.goes)
    if kinds:
        yield t("requests.needed_still", n=kinds)
    if gone.ban_stays:
        yield t("requests.ban_stays")
    if not kinds and not gone.kept:
        yield t("requests.no_more_stays")
    # Who they are is for whoever leads privacy to see.
    if gone.told:
        yield t("erase.first_told", n=len(gone.told))
    if gone.kept:
        yield t("permit.kept_to_tell")


def _goes(show: Presenter, gone: Erasure) -> Table:
    """Values that go, of each kind that the role sees; of others how many there are."""
    t = show.t
    seen = {kind: count for kind, count in gone.gone.items() if show.lens.sees(kind)}
    rows = [(show.label(kind), count) for kind, count in seen.items()]
    if others := gone.goes - sum(seen.values()):
        rows.append((t("permit.other_data"), others))
    columns = (Column(text=t("requests.kind")), Column(text=t("requests.items"), right=True))
    cells = tuple(Row(cells=(Cell(text=text), Cell(text=show.f.number(count)))) for text, count in rows)
    return Table(caption=t("erase.goes"), columns=columns, groups=(RowGroup(rows=cells),))
