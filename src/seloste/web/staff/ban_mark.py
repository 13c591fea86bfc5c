"""The ban of somebody who is erased, found by an address that they show to be theirs, and removed if they ask.

Nobody can be looked for by name any more: what is left is a ban and keyed hashes of the addresses. The address that is
typed stays in the body of the form; no address of a page, no line of a log and no entry of the journal holds it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.errors import SelosteError
from seloste.operations.permissions.forget import WARNING, FoundBan, FoundBans, find_bans, forget_bans
from seloste.operations.records.model import NoSuchRowError
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Field, Head, Item, Link
from seloste.web.present import Presenter
from seloste.web.staff.requests import base


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/requests/ban``: the address is asked."""
    return _shown(request, Presenter(request), "")


def look(request: Request) -> Response:
    """What would be removed; nothing is yet."""
    show, address = Presenter(request), _typed(request)
    try:
        found = find_bans(show.store, address, actor=show.actor, now=show.now)
    except SelosteError as fault:
        return _shown(request, show, address, fault=fault.message(show.lang))
    return _shown(request, show, address, found)


def erase(request: Request) -> Response:
    """Remove it, once the address is shown to be theirs and they know what they lose."""
    show, address, form = Presenter(request), _typed(request), request.state.form
    missing = [name for name in ("proved", "warned") if not form.get(name)]
    try:
        if missing:
            found = find_bans(show.store, address, actor=show.actor, now=show.now)
            return _shown(request, show, address, found, missing=missing)
        forget_bans(show.store, address=address, warned=True, actor=show.actor, now=show.now)
    except NoSuchRowError:
        return _shown(request, show, address, FoundBans((), 0, 0))
    except SelosteError as fault:
        return _shown(request, show, address, fault=fault.message(show.lang))
    return responses.redirect(base(show), done="ban_forgotten")


def _typed(request: Request) -> str:
    return str(request.state.form.get("address", "")).strip()[:320]


def _shown(
    request: Request,
    show: Presenter,
    address: str,
    found: FoundBans | None = None,
    *,
    fault: str = "",
    missing: list[str] | None = None,
) -> Response:
    t, where = show.t, f"{base(show)}/ban"
    asked = Field(name="address", label=t("ban_mark.address"), hint=t("ban_mark.address_hint"), shown=(address,),
                  error=fault)  # fmt: skip
    bans = found.bans if found is not None else ()
    ticks = tuple(
        Field(name=name, label=t(f"ban_mark.{name}"), widget="checkbox",
              shown=("1",) if request.state.form.get(name) else (),
              error=t("ban_mark.tick") if name in (missing or ()) else "")
        for name in ("proved", "warned")
    )  # fmt: skip
    faulty = [field for field in (asked, *ticks) if field.error]
    return responses.page(
        request,
        "staff/ban_mark.html",
        status=422 if faulty else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=t("ban_mark.title"),
            crumbs=(Link(text=t("nav.requests"), href=base(show)),),
            opening=_opening(show, found),
            errors=bool(faulty),
        ),
        hidden=security.hidden(request),
        post=where,
        asked=(asked,),
        bans=tuple(_item(show, each) for each in bans),
        address=address,
        warning=WARNING.get(show.lang, WARNING["en"]),
        ticks=ticks,
        faults=tuple(Link(text=field.error, href=f"#{field.name}") for field in faulty),
        cancel=base(show),
    )


def _opening(show: Presenter, found: FoundBans | None) -> str:
    """What was found, and whom it touches beside the one who asks."""
    t = show.t
    if found is None:
        return t("ban_mark.opening")
    if not found.bans:
        return t("ban_mark.none")
    said = [t("ban_mark.found", n=len(found.bans))]
    said += [t("ban_mark.several", n=found.persons)] if found.persons > 1 else []
    if found.here:
        said.append(t("ban_mark.here", n=found.here) if found.persons > 1 else t("ban_mark.here_alone"))
    return " ".join(said)


def _item(show: Presenter, each: FoundBan) -> Item:
    channel = show.text(show.kind("ban").items["channel"], each.channel) if each.channel else ""
    what = show.short(each.purpose) if each.purpose in show.register.purposes else show.t("permit.all_marketing")
    text = ": ".join(filter(None, (what, channel))) + (f" ({each.sender})" if each.sender else "")
    return Item(text=text, sub=show.f.date(each.set_at) if each.set_at else "")
