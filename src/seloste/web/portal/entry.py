"""The way in: ask for a link, open it, choose who one is, leave.

The answer to an address is the same whether or not anybody has it. A link opens nothing by being followed, since mail
programs follow links to look at them; the button on its page does.
"""

from __future__ import annotations

from collections import Counter

from starlette.requests import Request
from starlette.responses import Response

from seloste.errors import BadValue
from seloste.operations.identification.errors import WORDS
from seloste.operations.mail.smtp import MailNotSetUpError, is_set_up
from seloste.operations.portal import signing
from seloste.operations.portal.ask import AskedTooOftenError, ask_link
from seloste.operations.portal.held import called
from seloste.operations.portal.signing import LinkGoneError
from seloste.store.portal import LASTS
from seloste.web import registers, responses, security
from seloste.web.i18n import LANGUAGES, formats, translator
from seloste.web.parts import Field, Item
from seloste.web.portal import identify, session
from seloste.web.portal.frame import contact_of, page

SAID = {"ended": "portal.ended", "left": "portal.left", "sent": "portal.unknown_sent"}
"""What was just done or happened, by the word that the address carries."""
MINUTES = int(LASTS.total_seconds() // 60)


def ask(request: Request) -> Response:
    """The form that asks for an address, or the page that is open already."""
    registers.store(request)
    if session.person_of(request) is not None:
        return responses.redirect(session.path(request, "/home"))
    return _form(request)


def send(request: Request) -> Response:
    """Have a link sent, and say so; the same words for every address."""
    registers.store(request)
    typed = request.state.form.get("email")
    lang = responses.language_of(request)
    try:
        ask_link(
            session.everything(request),
            request.state.register_key,
            typed if isinstance(typed, str) else "",
            lang=lang,
            source=security.source_of(request.scope),
            now=request.state.now,
        )
    except BadValue as wrong:
        text = wrong.message(lang) if lang in LANGUAGES else translator(lang)("portal.bad_email")
        return _form(request, error=text, typed=typed if isinstance(typed, str) else "", status=422)
    except MailNotSetUpError:
        return _form(request, status=503)
    except AskedTooOftenError as often:
        text = translator(lang)("portal.too_often", time=formats(lang).clock(often.until))
        return _form(request, error=text, status=429)
    return _page(request, "sent", "portal.sent_title", minutes=MINUTES)


def link(request: Request) -> Response:
    """The page that a link leads to. Looking at it uses nothing up."""
    token = str(request.path_params["token"])
    stands = signing.link_stands(session.everything(request), request.state.register_key, token, now=request.state.now)
    if not stands:
        return _gone(request)
    action = session.path(request, f"/open/{token}", **session.answer_asked(request))
    return _page(request, "open", "portal.open_title", action=action)


def open_link(request: Request) -> Response:
    """The button was pressed: the page of whoever the link is of is open in this browser."""
    try:
        opened = signing.open_link(
            session.everything(request),
            request.state.register_key,
            str(request.path_params["token"]),
            old=session.token_of(request),
            now=request.state.now,
        )
    except LinkGoneError:
        return _gone(request)
    asked = session.answer_asked(request)
    whole = "/requests" if asked else "/home"
    response = responses.redirect(
        session.path(request, whole if opened.session.person is not None else "/who", **asked)
    )
    session.keep(response, request, opened.token)
    return response


def who(request: Request) -> Response:
    """Those who share the address; each by name, and by number where two have the same name."""
    if session.person_of(request) is None and request.state.own is None:
        return responses.redirect(session.path(request, ended="1"))
    store, lang = registers.store(request), responses.language_of(request)
    t = translator(lang)
    names = {
        each: called(store, each, now=request.state.now) or t("portal.without_name")
        for each in request.state.own.persons
    }
    same = {name for name, times in Counter(names.values()).items() if times > 1}
    rows = tuple(
        Item(text=name, sub=t("portal.number", number=str(number)) if name in same else "", href=str(number))
        for number, name in names.items()
    )
    return page(request, "who", t("portal.who_title"), rows=rows,
                action=session.path(request, "/who", **session.answer_asked(request)))  # fmt: skip


def choose(request: Request) -> Response:
    """One of them."""
    session.person_of(request)
    if request.state.own is None:
        return responses.redirect(session.path(request, ended="1"))
    session.check_form(request)
    number, token = str(request.state.form.get("person", "")), session.token_of(request) or ""
    chosen = number.isdecimal() and signing.choose(
        session.everything(request),
        request.state.register_key,
        token,
        int(number[:18]),
        now=request.state.now,
    )
    asked = session.answer_asked(request)
    whole = "/requests" if asked else "/home"
    return responses.redirect(session.path(request, whole if chosen else "/who", **asked))


def leave(request: Request) -> Response:
    """Close the page. Without one there is nothing to close, and the answer is the same."""
    token = session.token_of(request)
    if token is not None:
        signing.leave(session.everything(request), token)
    response = responses.redirect(session.path(request, left="1"))
    session.forget(response, request)
    # Pages kept by the browser for its back button go too.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def to_own(request: Request) -> Response:
    """Whoever has no open page is sent to where one asks for a link."""
    return responses.redirect(session.path(request, ended="1"))


def _form(request: Request, *, error: str = "", typed: str = "", status: int = 200) -> Response:
    t = translator(responses.language_of(request))
    notice = registers.store(request).register.notice
    field = Field(
        name="email", label=t("portal.your_email"), widget="email", shown=(typed,), error=error, autocomplete="email"
    )
    asked = request.query_params
    why = asked.get("why", "")
    why = why if why in WORDS else ""
    said = next((text for name, text in SAID.items() if name in asked), "")
    answer = _page(
        request,
        "ask",
        "portal.ask_title",
        register=registers.said(notice.title, responses.language_of(request)),
        action=session.path(request),
        field=field,
        said=t(said) if said else "",
        why=t(f"portal.identify_{why}") if why else "",
        nobody=why == "nobody",
        works=is_set_up(session.everything(request).settings),
        minutes=MINUTES,
        contact=contact_of(notice.controller),
        by=identify.offered(request),
        error=bool(error),
    )
    answer.status_code = status
    return answer


def _gone(request: Request) -> Response:
    answer = _page(request, "gone", "portal.gone_title", again=session.path(request))
    answer.status_code = 410
    return answer


def _page(request: Request, template: str, title: str, /, **context: object) -> Response:
    t = translator(responses.language_of(request))
    return page(request, template, t(title), inside=False, **context)
