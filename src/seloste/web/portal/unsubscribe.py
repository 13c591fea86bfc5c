"""The address in a letter by which its mailing ends (RFC 8058): looking changes nothing, one press or one POST ends it.

Mail programs send the POST by themselves, with ``List-Unsubscribe=One-Click`` and no cookie; a person presses the
button of the page. Both are answered by a page and not by a redirect. The address itself is what lets one in.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.portal.unsubscribe import Mailing, NoSuchMailingError, end_mailing, mailing_of
from seloste.web import registers, responses
from seloste.web.i18n import translator
from seloste.web.portal import session
from seloste.web.portal.frame import page as own_page
from seloste.web.portal.permissions import name_of
from seloste.web.portal.view import OwnView


def page(request: Request) -> Response:
    """What would end; nothing does yet."""
    token = str(request.path_params["token"])
    try:
        found = mailing_of(registers.store(request), token)
    except NoSuchMailingError:
        return _gone(request)
    return _page(request, found, "stop", action=session.path(request, f"/unsubscribe/{token}"))


def end(request: Request) -> Response:
    """It has ended; again, the same."""
    token, lang = str(request.path_params["token"]), responses.language_of(request)
    try:
        found = end_mailing(registers.store(request), token, language=lang, now=request.state.now)
    except NoSuchMailingError:
        return _gone(request)
    return _page(request, found, "stopped", action="")


def _page(request: Request, found: Mailing, key: str, *, action: str) -> Response:
    t = translator(responses.language_of(request))
    what = name_of(OwnView(request), found.choice)
    text = t("portal.stop_why" if key == "stop" else "portal.stopped", what=what)
    return own_page(request, "unsubscribe", t(f"portal.{key}_title"), inside=False, text=text, action=action)


def _gone(request: Request) -> Response:
    t = translator(responses.language_of(request))
    answer = own_page(
        request, "unsubscribe", t("portal.stop_gone_title"), inside=False, text=t("portal.stop_gone"), action=""
    )
    answer.status_code = 404
    return answer
