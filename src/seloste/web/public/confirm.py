"""Where the link in a letter leads by which a consent is confirmed: looking changes nothing, the button confirms.

Mail programs follow links to look at them, so that a GET confirms nothing. The address itself is what lets one in.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.actor import Actor
from seloste.operations.permissions.confirm import NotToConfirmError, confirm, waiting_for
from seloste.operations.permissions.say import CannotSayError
from seloste.operations.permissions.wording import mark_of, wording_of
from seloste.operations.portal.gpc import concerns
from seloste.operations.portal.me import ACCOUNT
from seloste.store.unconfirmed import Waiting
from seloste.web import registers, responses
from seloste.web.i18n import formats, translator
from seloste.web.portal.frame import frame_of
from seloste.web.security import asks_privacy


def page(request: Request) -> Response:
    """The words that would be agreed to; nothing is yet."""
    found = _waiting(request)
    if found is None:
        return _gone(request)
    t, f = translator(responses.language_of(request)), formats(responses.language_of(request))
    token = str(request.path_params["token"])
    return _page(
        request,
        "confirm.title",
        text=t("confirm.why"),
        words=_words(request, found),
        action=f"/confirm/{request.state.register_key}/{token}?lang={responses.language_of(request)}",
        foot=t("confirm.until", date=f.date(found.until)),
        signal=_signal(request, found),
    )


def agree(request: Request) -> Response:
    """It is a consent from now on."""
    found = _waiting(request)
    if found is None:
        return _gone(request)
    words, token = _words(request, found), str(request.path_params["token"])
    try:
        confirm(registers.store(request), token, actor=Actor(ACCOUNT, ""), now=request.state.now)
    except (NotToConfirmError, CannotSayError):
        return _gone(request)
    t = translator(responses.language_of(request))
    return _page(request, "confirm.done_title", text=t("confirm.done"), words=words, action="", foot=t("confirm.stop"))


def _signal(request: Request, found: Waiting) -> bool:
    """Whether the browser asks that nothing is given to others, and this would let somebody else market."""
    register = registers.store(request).register
    return asks_privacy(request.headers) and concerns(register, str(found.body["purpose"]))


def _waiting(request: Request) -> Waiting | None:
    token = str(request.path_params["token"])
    return waiting_for(registers.store(request), token, now=request.state.now) if len(token) < 200 else None


def _words(request: Request, found: Waiting) -> str:
    """What was read, while the notice still says so; a consent to other words is not shown as these."""
    proof = found.body["proof"]
    purpose = registers.store(request).register.purposes.get(str(found.body["purpose"]))
    words = wording_of(purpose, proof["language"], proof["recipient"] or "") if purpose is not None else ""
    return words if mark_of(words) == proof["wording"] else ""


def _gone(request: Request) -> Response:
    t = translator(responses.language_of(request))
    answer = _page(request, "confirm.gone_title", text=t("confirm.gone"), words="", action="", foot="")
    answer.status_code = 410
    return answer


def _page(
    request: Request, title: str, /, *, text: str, words: str, action: str, foot: str, signal: bool = False
) -> Response:
    t = translator(responses.language_of(request))
    return responses.page(
        request,
        "public/confirm.html",
        frame=frame_of(request, inside=False),
        title=t(title),
        text=text,
        words=words,
        action=action,
        foot=foot,
        signal=signal,
    )
