"""One of the staff, for whoever leads the register: roles, a new link, a lost phone, locked, left."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.errors import SelosteError
from seloste.operations.accounts import change
from seloste.operations.accounts.invite import send_link
from seloste.operations.accounts.roles import set_roles
from seloste.operations.accounts.team import Member, member
from seloste.operations.accounts.tell import tell
from seloste.web import registers, responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Head, Item, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff.team import base, chosen_roles, invited, role_fields, state_of


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/staff/{account}``."""
    show = Presenter(request)
    return _shown(request, show, _member(request, show))


def act(request: Request) -> Response:
    """Do what a button says; or say on the page why it cannot be done."""
    show = Presenter(request)
    found, name = _member(request, show), str(request.path_params["act"])
    database, account = registers.deployment(request), found.account.id
    by = {"actor": show.actor, "now": show.now}
    deeds = {
        "lock": change.lock,
        "unlock": change.unlock,
        "leave": change.leave,
        "reset": change.reset_second_step,
    }
    try:
        if name == "roles":
            set_roles(database, account, show.key, chosen_roles(show, found.account.email), **by)
        elif name == "link":
            done = send_link(registers.installation(request), account, **by)
            return invited(request, show, done, found.account.name)
        elif name in deeds:
            deeds[name](database, account, **by)
            if name == "reset":
                tell(registers.installation(request), account, "reset", now=show.now)
        else:
            raise NotFoundError
    except SelosteError as problem:
        return _shown(request, show, found, problem.message(show.lang))
    if account == show.actor.account and name in ("lock", "leave", "roles", "reset"):
        # One's own: the page may not be one's any more.
        return responses.redirect("/account")
    still = member(database, account, show.key, **by) is not None
    return responses.redirect(f"{base(show)}/{account}" if still else base(show), done=f"staff_{name}")


def _member(request: Request, show: Presenter) -> Member:
    asked = str(request.path_params["account"])
    found = member(registers.deployment(request), asked, show.key, actor=show.actor, now=show.now)
    if found is None:
        raise NotFoundError
    return found


def _shown(request: Request, show: Presenter, found: Member, fault: str = "") -> Response:
    t, chip = show.t, state_of(show, found)
    here = f"{base(show)}/{found.account.id}"
    return responses.page(
        request,
        "staff/team_member.html",
        status=422 if fault else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=found.account.name,
            sub=found.account.email,
            chips=(chip,) if chip is not None else (),
            crumbs=(Link(text=t("nav.staff"), href=base(show)),),
            errors=bool(fault),
            flash=responses.flash(request),
        ),
        hidden=security.hidden(request),
        action=f"{here}/roles",
        fields=role_fields(show, tuple(grant.lens for grant in found.grants), lead=found.leads),
        faults=(Link(text=fault, href=""),) if fault else (),
        acts=_acts(show, found, here) if found.manages else (),
        elsewhere=not found.manages,
        cancel=base(show),
    )


def _acts(show: Presenter, found: Member, here: str) -> tuple[Item, ...]:
    t, hidden = show.t, security.hidden(show.request)

    def item(name: str, text: str, sub: str, button: str, *, erase: bool = False) -> Item:
        look = Act(text=button, post=f"{here}/{name}", small=True, look="erase" if erase else "plain", hidden=hidden)
        return Item(text=text, sub=sub, act=look)

    rows = []
    if not found.account.locked:
        rows.append(item("link", t("team.link"), t("team.link_why"), t("team.make_link")))
    if found.second_step:
        rows.append(item("reset", t("team.reset"), t("team.reset_why"), t("team.reset_do")))
    if found.account.locked:
        rows.append(item("unlock", t("team.unlock"), t("team.unlock_why"), t("team.unlock_do")))
    else:
        rows.append(item("lock", t("team.lock"), t("team.lock_why"), t("team.lock_do")))
    if show.request.query_params.get("sure") == "leave":
        rows.append(item("leave", t("team.leave_sure"), t("team.leave_why"), t("team.leave_do"), erase=True))
    else:
        ask = Act(text=t("team.leave_do"), href=f"{here}?sure=leave#account", small=True)
        rows.append(Item(text=t("team.leave"), sub=t("team.leave_why"), act=ask))
    return tuple(rows)
