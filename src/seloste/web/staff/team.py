"""Who gets into the register, for whoever leads it: everybody with a role, and inviting somebody."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from seloste.clock import from_utc_text
from seloste.errors import SelosteError
from seloste.operations.accounts import invite as op
from seloste.operations.accounts.create import checked_email
from seloste.operations.accounts.roles import Given
from seloste.operations.accounts.team import Member, members
from seloste.operations.accounts.whom import acting_as
from seloste.web import registers, responses, security
from seloste.web.frame import frame_of, role_name
from seloste.web.parts import Act, Chip, Choice, Field, Head, Item, Link
from seloste.web.present import Presenter
from seloste.web.registers import said


def base(show: Presenter) -> str:
    return f"/r/{show.key}/privacy/staff"


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/staff``: everybody with a role."""
    show = Presenter(request)
    found = members(registers.deployment(request), show.key, actor=show.actor, now=show.now)
    return responses.page(
        request,
        "staff/team.html",
        frame=frame_of(request),
        head=Head(
            title=show.t("nav.staff"),
            acts=(Act(text=show.t("team.invite"), href=f"{base(show)}/new", look="main"),),
            opening=show.t("team.opening", n=len(found)),
            flash=responses.flash(request),
        ),
        members=tuple(_row(show, each) for each in found),
    )


def _row(show: Presenter, member: Member) -> Item:
    named = ", ".join(role_name(show.register, grant.lens, show.lang) for grant in member.grants)
    return Item(
        text=member.account.name,
        href=f"{base(show)}/{member.account.id}",
        sub=" · ".join((member.account.email, named, *((show.t("team.leads"),) if member.leads else ()))),
        chip=state_of(show, member),
    )


def state_of(show: Presenter, member: Member) -> Chip | None:
    """What is out of the ordinary with an account, in a word or two."""
    if member.account.locked:
        return Chip(text=show.t("team.locked"), tone="stop")
    if member.invited_until is not None and not member.has_password:
        day = show.f.date(from_utc_text(member.invited_until))
        return Chip(text=show.t("team.invited", date=day), tone="stamp")
    if not member.second_step and member.has_password:
        return Chip(text=show.t("team.no_second_step"), tone="soon")
    return None


def new(request: Request) -> Response:
    """The form."""
    return _form(request, Presenter(request), {})


def invite(request: Request) -> Response:
    """Invite them: the link is mailed, or shown once to be handed over."""
    show, form = Presenter(request), request.state.form
    email, name = str(form.get("email", "")), str(form.get("name", ""))
    chosen = chosen_roles(show, email)
    faults: dict[str, str] = {}
    try:
        checked_email(email)
    except SelosteError as problem:
        faults["email"] = problem.message(show.lang)
    if not chosen:
        faults["role"] = show.t("team.role_missing")
    if faults:
        return _form(request, show, faults)
    language = "en" if form.get("language") == "en" else "fi"
    try:
        done = op.invite(
            registers.installation(request), email, name, show.key, chosen, language=language, actor=show.actor,
            now=show.now,
        )  # fmt: skip
    except SelosteError as problem:
        return _form(request, show, {"name": problem.message(show.lang)})
    return invited(request, show, done, " ".join(name.split()))


def invited(request: Request, show: Presenter, done: op.Invited, name: str) -> Response:
    """After a link was made: shown once, or said to have been mailed."""
    if done.token is None:
        # Without mail nobody has shown that an account which somebody else opened is the person's own.
        known = "staff_known" if registers.installation(request).settings.sends_mail else "staff_known_by_hand"
        return responses.redirect(base(show), done=known if done.known else "staff_invited")
    return responses.page(
        request,
        "staff/team_link.html",
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=show.t("team.link_title", name=name), crumbs=(Link(text=show.t("nav.staff"), href=base(show)),)
        ),
        link=op.address(registers.installation(request).settings, done.token),
        done=base(show),
    )


def chosen_roles(show: Presenter, email: str) -> tuple[Given, ...]:
    """The roles that were ticked, of those that the notice has."""
    form = show.request.state.form
    lead = form.get("lead") == "1"
    ticked = [str(each) for each in form.getlist("role")]
    return tuple(
        Given(lens, lead, acting_as(show.store, lens, email, now=show.now))
        for lens in show.register.lenses
        if lens in ticked
    )


def role_fields(show: Presenter, shown: tuple[str, ...], *, lead: bool, error: str = "") -> tuple[Field, ...]:
    """The roles of the notice, each with what it sees data for, and whether they lead."""
    lenses, purposes = show.register.lenses, show.register.purposes
    return (
        Field(
            name="role",
            label=show.t("account.roles"),
            widget="checks",
            shown=shown,
            error=error,
            choices=tuple(
                Choice(
                    value=key,
                    text=role_name(show.register, key, show.lang),
                    hint=" · ".join(said(purposes[each].text, show.lang) for each in lens.purposes),
                )
                for key, lens in lenses.items()
            ),
        ),
        Field(
            name="lead",
            label=show.t("frame.privacy"),
            widget="checks",
            shown=("1",) if lead else (),
            choices=(Choice(value="1", text=show.t("team.lead"), hint=show.t("team.lead_why")),),
        ),
    )


def _form(request: Request, show: Presenter, faults: dict[str, str]) -> Response:
    t, form = show.t, request.state.form
    typed = {name: str(form.get(name, "")) for name in ("name", "email", "language")}
    fields = (
        Field(name="name", label=t("team.name"), shown=(typed["name"],), autocomplete="off"),
        Field(name="email", label=t("signin.email"), widget="email", shown=(typed["email"],), autocomplete="off"),
        Field(
            name="language",
            label=t("frame.language"),
            widget="radio",
            shown=(typed["language"] or show.lang,),
            choices=(Choice(value="fi", text=t("language.fi")), Choice(value="en", text=t("language.en"))),
        ),
        *role_fields(show, tuple(map(str, form.getlist("role"))) if form else (), lead=form.get("lead") == "1"),
    )
    mails = registers.installation(request).settings.sends_mail
    return responses.page(
        request,
        "staff/team_new.html",
        status=422 if faults else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=t("team.invite"), crumbs=(Link(text=t("nav.staff"), href=base(show)),), errors=bool(faults),
            opening=t("team.by_mail") if mails else t("team.by_hand"),
        ),
        hidden=security.hidden(request),
        action=f"{base(show)}/new",
        fields=tuple(replace(each, error=faults.get(each.name, "")) for each in fields),
        faults=tuple(Link(text=text, href=f"#{name}") for name, text in faults.items()),
        submit=t("team.send_invitation") if mails else t("team.make_link"),
        cancel=base(show),
    )  # fmt: skip
