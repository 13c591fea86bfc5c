"""Answers: a page from its template, a redirect after a form, the language to answer in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from seloste.clock import today
from seloste.law.periods import add_months_clip
from seloste.web.i18n import LANGUAGES, OUTSIDE, formats, translator
from seloste.web.parts import Flash, Language
from seloste.web.ui import render


def page(request: Request, template: str, /, *, status: int = 200, **context: Any) -> Response:
    """A template as an answer, in the reader's language."""
    lang = language_of(request)
    text = render(template, lang, **context)
    return HTMLResponse(text, status_code=status, headers={"Content-Language": lang})


def redirect(path: str, *, done: str = "") -> Response:
    """After a form that was carried out: go and look. ``done`` names what was done, a key under ``done`` of the texts.

    303, RFC 9110 section 15.4.4.
    """
    if done:
        path += ("&" if urlsplit(path).query else "?") + urlencode({"done": done})
    return RedirectResponse(path, status_code=303)


def flash(request: Request) -> Flash | None:
    """The note on what was just done, from the address that a form led to."""
    done = request.query_params.get("done", "")
    if not done.isidentifier():
        return None
    lang = language_of(request)
    # A month from today: by then a person whose data came from elsewhere must know where (Art. 14(3)(a)).
    tell_by = formats(lang).date(add_months_clip(today(request.state.now), 1))
    try:
        text = translator(lang)(f"done.{done}", date=tell_by)
    except LookupError:
        return None
    from seloste.web.staff import undo

    return Flash(text=text, undo=undo.act(request))


def language_of(request: Request) -> str:
    """The language asked for in the address, else the account's, else the browser's, else the installation's."""
    known: str | None = getattr(request.state, "lang", None)
    if known is not None:
        return known
    known_here = offered(request)
    asked = request.query_params.get("lang")
    if asked in known_here:
        return str(asked)
    signed = getattr(request.state, "signed", None)
    if signed is not None and signed.account.language in LANGUAGES:
        return str(signed.account.language)
    return accepted(request.headers.get("accept-language", ""), known_here) or str(request.app.state.settings.language)


def offered(request: Request) -> tuple[str, ...]:
    """Languages that a page may be read in; a person's own pages also in others that the notice is written in."""
    key = getattr(request.state, "register_key", None)
    if not key or not request.url.path.startswith(("/own/", "/confirm/")):
        return LANGUAGES
    from seloste.web import registers

    written = registers.languages_of(request, key)
    return tuple(lang for lang in OUTSIDE if lang in LANGUAGES or lang in written)


def accepted(header: str, known: Sequence[str] = LANGUAGES) -> str | None:
    """The language of ours that the browser likes best (RFC 9110 section 12.5.4), None when it names none."""
    best, liking = None, 0.0
    for part in header.split(",")[:20]:
        tag, _, rest = part.strip().partition(";")
        try:
            q = float(rest.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        lang = tag.strip().lower().partition("-")[0]
        if lang in known and q > liking:
            best, liking = lang, q
    return best


def languages(request: Request) -> tuple[Language, ...]:
    """Links to the same page in each language."""
    current = language_of(request)
    others = [(key, value) for key, value in request.query_params.multi_items() if key not in ("lang", "done")]
    return tuple(
        Language(
            code=code,
            name=translator(code)(f"language.{code}"),
            href=f"?{urlencode([*others, ('lang', code)])}",
            current=code == current,
        )
        for code in offered(request)
    )
