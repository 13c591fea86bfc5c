"""A consent that staff write down: the words as they are read aloud, how and when they said yes, and the proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.languages import language_name
from seloste.catalogue.model import PERSON
from seloste.catalogue.types import TYPES
from seloste.clock import HELSINKI, today
from seloste.errors import BadValue
from seloste.notice.model import Purpose
from seloste.operations.mail.smtp import MailNotSetUpError
from seloste.operations.permissions.age import GuardianNeededError
from seloste.operations.permissions.confirm import ask_person
from seloste.operations.permissions.say import CannotSayError, grant
from seloste.operations.permissions.wording import needs_confirming, wording_of
from seloste.operations.portal.choices import Choice, choice_of
from seloste.operations.records.enter import Said
from seloste.operations.records.model import Record
from seloste.web import responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Choice as Option
from seloste.web.parts import Field, Head, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.registers import said
from seloste.web.staff.permissions import asked, choice_named, path_of

HOW = ("phone", "in_person", "paper", "email", "import")
"""How staff hear a yes; what a web form, the own page or an app brings is not written down by hand."""
TYPED = ("how", "day", "evidence", "language", "address", "guardian")
LONGEST = 500


def page(request: Request) -> Response:
    """The form."""
    show, person, choice = _asked(request)
    return _form(request, show, person, choice, {})


def record(request: Request) -> Response:
    """Write it down, or have the letter sent by which it is confirmed."""
    show, person, choice = _asked(request)
    form = request.state.form
    given = {name: str(form.get(name, "")).strip()[:LONGEST] for name in TYPED}
    purpose = show.register.purposes[choice.purpose]
    faults = _missing(show, purpose, given)
    if faults:
        return _form(request, show, person, choice, faults)
    confirms = needs_confirming(purpose, given["how"])
    language = given["language"] if given["language"] in (purpose.consent or {}) else _language(show, purpose, person)
    try:
        if confirms:
            said_yes = Said(choice.purpose, True, given["how"], language, choice.recipient)
            note = ", ".join(filter(None, (given["day"], given["evidence"])))
            ask_person(
                show.store,
                person.id,
                said_yes,
                address=given["address"],
                evidence=note,
                guardian=given["guardian"],
                actor=show.actor,
                now=show.now,
            )
        else:
            grant(
                show.store,
                person.id,
                choice.purpose,
                channel=given["how"],
                language=language,
                evidence=given["evidence"],
                recipient=choice.recipient,
                given_at=_moment(show, given["day"]),
                guardian=given["guardian"],
                actor=show.actor,
                now=show.now,
            )
    except GuardianNeededError as young:
        return _form(request, show, person, choice, {"guardian": young.message(show.lang)}, young=True)
    except (CannotSayError, MailNotSetUpError) as cannot:
        return _form(request, show, person, choice, {"": cannot.message(show.lang)}, young=bool(given["guardian"]))
    return responses.redirect(path_of(show, person.id), done="asked_consent" if confirms else "consented")


def _asked(request: Request) -> tuple[Presenter, Record, Choice]:
    show, person = asked(request)
    try:
        choice = choice_of(show.register, request.query_params.get("about", ""))
    except CannotSayError:
        raise NotFoundError from None
    if choice.purpose not in show.lens.purposes or not show.register.purposes[choice.purpose].consent:
        raise NotFoundError
    return show, person, choice


def _missing(show: Presenter, purpose: Purpose, given: Mapping[str, str]) -> dict[str, str]:
    faults = {}
    if given["how"] not in _ways(purpose):
        faults["how"] = show.t("permit.how_missing")
    try:
        day = TYPES["date"].parse(given["day"])
        if day > show.today:
            faults["day"] = show.t("permit.day_ahead")
    except BadValue as wrong:
        faults["day"] = wrong.message(show.lang)
    if given["how"] == "import" and not given["evidence"]:
        faults["evidence"] = show.t("permit.evidence_missing")
    return faults


def _ways(purpose: Purpose) -> tuple[str, ...]:
    """Of a consent that is confirmed by e-mail nobody writes down that it was confirmed elsewhere."""
    return tuple(each for each in HOW if each != "import" or purpose.confirm is None)


def _moment(show: Presenter, text: str) -> dt.datetime:
    """Now for today; noon of an earlier day."""
    day: dt.date = TYPES["date"].parse(text)
    return show.now if day == today(show.now) else dt.datetime.combine(day, dt.time(12), HELSINKI)


def _languages(show: Presenter, purpose: Purpose) -> list[str]:
    """Languages of the notice in which the purpose has words to say yes to."""
    return [each for each in show.register.notice.languages if each in (purpose.consent or {})]


def _language(show: Presenter, purpose: Purpose, person: Record) -> str:
    """The person's own language where the wording has it, else the reader's, else the first."""
    known = _languages(show, purpose)
    mine = str(person.values.get("language") or "")
    return next((each for each in (mine, show.lang) if each in known), next(iter(known), show.lang))


def _form(
    request: Request,
    show: Presenter,
    person: Record,
    choice: Choice,
    faults: Mapping[str, str],
    *,
    young: bool = False,
) -> Response:
    form = request.state.form if request.method == "POST" else {}
    name = show.name(person)
    return responses.page(
        request,
        "staff/consent.html",
        status=422 if faults else 200,
        frame=frame_of(request, current=show.href(PERSON)),
        head=Head(
            title=show.t("permit.record_title", what=show.teller.w.low(choice_named(show, choice))),
            crumbs=(
                Link(text=show.plural(PERSON), href=show.href(PERSON)),
                Link(text=name, href=show.href(PERSON, person.id)),
                Link(text=show.t("permit.title"), href=path_of(show, person.id)),
            ),
            errors=bool(faults),
        ),
        hidden=security.hidden(request),
        fields=tuple(_fields(show, person, choice, form, faults, young=young)),
        faults=tuple(Link(text=text, href=f"#{key}" if key else "") for key, text in faults.items()),
        confirms=show.register.purposes[choice.purpose].confirm is not None,
        cancel=path_of(show, person.id),
    )


def _fields(
    show: Presenter,
    person: Record,
    choice: Choice,
    form: Mapping[str, object],
    faults: Mapping[str, str],
    *,
    young: bool,
) -> list[Field]:
    t, purpose = show.t, show.register.purposes[choice.purpose]
    language = _language(show, purpose, person)

    def typed(key: str, otherwise: str = "") -> tuple[str, ...]:
        return (str(form.get(key, otherwise)),)

    options = {each.key: said(each.label, show.lang) for each in show.kind("permission").items["channel"].options}
    found = [
        Field(
            name="how",
            label=t("permit.how"),
            widget="radio",
            said=wording_of(purpose, language, choice.recipient),
            shown=typed("how"),
            error=faults.get("how", ""),
            choices=tuple(Option(value=each, text=_upper(options.get(each, each))) for each in _ways(purpose)),
        ),
        Field(
            name="day",
            label=t("permit.day"),
            widget="date",
            shown=typed("day", show.today.isoformat()),
            error=faults.get("day", ""),
            short=True,
        ),
    ]
    found += _of_letter(show, person, purpose, language, typed)
    found.append(
        Field(
            name="evidence",
            label=t("permit.evidence"),
            hint=t("permit.evidence_hint"),
            shown=typed("evidence"),
            error=faults.get("evidence", ""),
            optional=True,
            limits=(("maxlength", str(LONGEST)),),
        )
    )
    if young:
        found.append(
            Field(
                name="guardian",
                label=t("permit.guardian"),
                shown=typed("guardian"),
                error=faults.get("guardian", ""),
            )
        )
    return found


def _of_letter(
    show: Presenter, person: Record, purpose: Purpose, language: str, typed: Callable[[str, str], tuple[str, ...]]
) -> list[Field]:
    """Where there is a choice: the language of the words, and the address that the letter goes to."""
    t, found = show.t, list[Field]()
    known = _languages(show, purpose)
    if len(known) > 1:
        found.append(
            Field(
                name="language",
                label=t("permit.language"),
                widget="select",
                shown=typed("language", language),
                choices=tuple(Option(value=each, text=language_name(each, show.lang)) for each in known),
                short=True,
            )
        )
    emails = _addresses(show, person)
    if purpose.confirm is not None and len(emails) > 1:
        found.append(
            Field(
                name="address",
                label=t("permit.address"),
                widget="select",
                shown=typed("address", emails[0]),
                choices=tuple(Option(value=each, text=each) for each in emails),
            )
        )
    return found


def _addresses(show: Presenter, person: Record) -> list[str]:
    items = show.kind(PERSON).items
    found: list[str] = []
    for name, value in person.values.items():
        if name in items and items[name].type == "email":
            found += [str(each) for each in (value if isinstance(value, list | tuple) else [value])]
    return found


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
