"""What is said of a breach outside: the authority's fields to copy or print, and the notice to people."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.law.authority import authority
from seloste.operations.breaches import letter
from seloste.operations.breaches.model import Breach, BreachError
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Choice, Field, Head, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.registers import said
from seloste.web.staff.breach_page import counted, counted_said, facts_of
from seloste.web.staff.breaches import base, breach_of, called


def _crumbs(show: Presenter, breach: Breach) -> tuple[Link, ...]:
    return (
        Link(text=show.t("nav.breaches"), href=base(show)),
        Link(text=called(show, breach), href=f"{base(show)}/{breach.id}"),
    )


def for_authority(request: Request) -> Response:
    """What the authority asks for (Art. 33(3)), in the order of the article."""
    show = Presenter(request)
    breach = breach_of(request, show)
    t, f, controller = show.t, show.f, show.register.notice.controller
    them = authority()
    who = [
        (t("breach.controller"), ", ".join(part for part in (controller.name, controller.business_id) if part)),
        (t("breach.contact"), show.teller.contact),
    ]
    more = [
        (t("breach.risk"), f"{t(f'breach.risks.{breach.risk}')}. {breach.risk_why}" if breach.risk else ""),
        (t("breach.step.people"), t(f"breach.tells.{breach.tell}") if breach.tell else ""),
        (t("breach.exemption"), t(f"breach.exemptions.{breach.exemption}") if breach.exemption else ""),
        (t("breach.tell_why"), breach.tell_why),
        (t("breach.delay"), breach.delay),
    ]
    earlier = [(f.moment(each.at), each.text or "–") for each in breach.phases]
    return responses.page(
        request,
        "staff/breach_sheet.html",
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=t("breach.sheet_title"),
            crumbs=_crumbs(show, breach),
            opening=t("breach.sheet_opening", authority=said(them.name, show.lang)),
        ),
        contact=f"{said(them.name, show.lang)}, {them.email}, {them.phone}",
        web=said(them.web, show.lang),
        who=who,
        facts=facts_of(show, breach),
        table=counted(show, breach),
        counted=counted_said(show, breach),
        more=[(label, text) for label, text in more if text],
        earlier=earlier,
    )


def letters(request: Request) -> Response:
    """Write the notice to people, and look at it."""
    show = Presenter(request)
    breach = breach_of(request, show)
    if request.method != "POST":
        return _letters(request, show, breach)
    try:
        _save(show, breach)
    except BreachError as problem:
        return _letters(request, show, breach_of(request, show), problem)
    return responses.redirect(f"{base(show)}/{breach.id}/letters", done="breach_saved")


def _save(show: Presenter, breach: Breach) -> None:
    form = show.request.state.form
    texts = {lang: str(form.get(f"text_{lang}", "")) for lang in letter.languages(show.store)}
    letter.save(show.store, breach.id, texts, actor=show.actor, now=show.now)


def tell(request: Request) -> Response:
    """Keep the notice as it stands and tell people; an address of its own, since no letter is taken back."""
    show = Presenter(request)
    breach = breach_of(request, show)
    try:
        _save(show, breach)
        way = str(request.state.form.get("way", ""))
        if way not in ("mail", "other"):
            raise BreachError("Valitse, miten ihmisille kerrotaan.", "Choose how people are told.", "way")
        letter.tell(show.store, breach.id, by_mail=way == "mail", actor=show.actor, now=show.now)
    except BreachError as problem:
        return _letters(request, show, breach_of(request, show), problem)
    return responses.redirect(f"{base(show)}/{breach.id}", done="breach_tell")


def _letters(request: Request, show: Presenter, breach: Breach, fault: BreachError | None = None) -> Response:
    t = show.t
    texts = letter.drafts(show.store, breach, show.lang)
    form = request.state.form if request.method == "POST" else {}
    message = fault.message(show.lang) if fault else ""
    open_ = breach.told is None and breach.closed_at is None
    fields = [
        Field(
            name=f"text_{lang}",
            label=t("breach.text_in", language=t(f"breach.language.{lang}")),
            hint=t("breach.subject", subject=letter.subject(show.store, lang)),
            widget="textarea",
            lines=18,
            shown=(str(form.get(f"text_{lang}", text)),),
            error=message if fault and fault.field == f"text_{lang}" else "",
            readonly=not open_,
        )
        for lang, text in texts.items()
    ]
    found, ways = breach.affected, []
    if found is not None and open_:
        mail = letter.can_mail(show.store) and found.with_mail
        ways = [Choice(value="mail", text=t("breach.way.mail", n=found.with_mail),
                       hint=t("breach.way.rest", n=found.people - found.with_mail))] if mail else []  # fmt: skip
        ways.append(Choice(value="other", text=t("breach.way.other", n=found.people), hint=t("breach.way.other_hint")))
    way = Field(name="way", label=t("breach.way.label"), widget="radio", choices=tuple(ways),
                shown=(str(form.get("way", "")),), error=message if fault and fault.field == "way" else "")  # fmt: skip
    ids = {each.name for each in fields} | ({"way"} if ways else set())
    return responses.page(
        request,
        "staff/breach_letters.html",
        status=422 if fault else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=t("breach.letters_title"),
            crumbs=_crumbs(show, breach),
            opening=t("breach.letters_opening") if open_ else "",
            flash=responses.flash(request),
            errors=bool(fault),
        ),
        hidden=security.hidden(request),
        path=f"{base(show)}/{breach.id}/letters",
        fields=tuple(fields),
        way=way if ways else None,
        open=open_,
        no_count="" if found is not None or not open_ else t("breach.count_first"),
        prints=tuple(
            Act(text=t("breach.print_in", language=t(f"breach.language.{lang}")),
                href=f"{base(show)}/{breach.id}/letters/{lang}", small=True)
            for lang in texts if breach.letters.get(lang)
        ),
        faults=(Link(text=message, href=f"#{fault.field}" if fault.field in ids else ""),) if fault else (),
        cancel=f"{base(show)}/{breach.id}",
    )  # fmt: skip


def printed(request: Request) -> Response:
    """The notice in one language as a sheet to print."""
    show = Presenter(request)
    breach = breach_of(request, show)
    lang = request.path_params["lang"]
    text = breach.letters.get(lang)
    if text is None or lang not in letter.languages(show.store):
        raise NotFoundError
    return responses.page(
        request,
        "staff/breach_printed.html",
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=letter.subject(show.store, lang),
            crumbs=(
                *_crumbs(show, breach),
                Link(text=show.t("breach.letters"), href=f"{base(show)}/{breach.id}/letters"),
            ),
        ),
        lang=lang,
        text=text,
    )
