"""What an address names, as far as the role sees it: a kind, a row."""

from __future__ import annotations

from starlette.requests import Request

from seloste.operations.records.gone import is_gone
from seloste.web import registers
from seloste.web.present import Presenter
from seloste.web.problems import ForbiddenError, GoneError, NotFoundError, NotShownError, WebError


def kind_of(request: Request, show: Presenter) -> str:
    """The kind of the address. Raises NotFoundError for one the notice does not name, ForbiddenError with the role
    that sees it and whom to ask for one that is not part of this role.
    """
    kind = str(request.path_params["kind"])
    if kind not in show.register.tables:
        raise NotFoundError
    if not show.lens.sees(kind):
        raise forbidden(show, kind)
    return kind


def forbidden(show: Presenter, kind: str) -> ForbiddenError:
    """Which roles see a kind; it is the same for every row, so it tells of none."""
    roles = [registers.said(lens.text, show.lang) for lens in show.register.lenses.values() if lens.sees(kind)]
    controller = show.register.notice.controller
    contact = registers.said(controller.contact_role, show.lang) if controller.contact_role else controller.name
    return ForbiddenError(role=show.f.listed(roles), contact=contact)


def absent(show: Presenter, kind: str, number: int) -> WebError:
    """What to say of a row that is not shown: that a person whom this role saw has left, else nothing."""
    if is_gone(show.store, kind, number, actor=show.actor, now=show.now):
        return GoneError(person=True)
    return NotShownError()


def number_of(request: Request) -> int:
    """The row of the address. Raises NotShownError for a number no row can have."""
    number = int(request.path_params["id"])
    if number >= 2**63:
        raise NotShownError
    return number
