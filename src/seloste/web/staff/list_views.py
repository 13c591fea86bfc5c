"""Views of a list that the account keeps under a name: links above the list, and the two forms that change them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.accounts.list_views import LONGEST_NAME, forget_view, keep_view, views
from seloste.web import registers, responses
from seloste.web.parts import Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.security import hidden
from seloste.web.staff.asked import Asked
from seloste.web.staff.shown import kind_of


@dataclass(frozen=True, slots=True)
class Views:
    """``current`` is the name of the view that the list shows. ``post`` takes ``name``, or ``forget`` with a name."""

    links: tuple[Link, ...]
    current: str
    post: str
    may_keep: bool
    suggested: str
    hidden: tuple[tuple[str, str], ...]
    longest: int = LONGEST_NAME


def views_of(request: Request, asked: Asked) -> Views:
    """The views of the list, and whether what it shows now may be kept as another."""
    show, kept = asked.show, asked.kept()
    found = views(registers.deployment(request), show.key, asked.kind.key, actor=show.actor)
    current = next((each.name for each in found if each.state == kept), "") if asked.state_of() == kept else ""
    return Views(
        links=tuple(Link(text=each.name, href=_address(asked, dict(each.state))) for each in found),
        current=current,
        post=_address(asked, kept, f"{asked.path}/views"),
        may_keep=bool(kept) and not current,
        suggested=asked.words()[:LONGEST_NAME],
        hidden=hidden(request),
    )


def change(request: Request) -> Response:
    """Keep what the address shows under the name sent along, or forget the view of that name."""
    show = Presenter(request)
    kind = kind_of(request, show)
    asked, form, deployment = Asked(request, show, kind), request.state.form, registers.deployment(request)
    forgotten = form.get("forget")
    if isinstance(forgotten, str) and forgotten:
        forget_view(deployment, show.key, kind, forgotten, actor=show.actor)
        return responses.redirect(_address(asked, asked.kept()), done="view_forgotten")
    kept = asked.kept()
    if not kept:
        raise NotFoundError
    name = form.get("name")
    called = name if isinstance(name, str) and name.strip() else asked.words() or show.t("list.view")
    keep_view(deployment, show.key, kind, called, kept, actor=show.actor)
    return responses.redirect(_address(asked, kept), done="view_kept")


def _address(asked: Asked, state: dict[str, str], path: str = "") -> str:
    return f"{path or asked.path}?{urlencode(state)}" if state else path or asked.path
