"""The public notice at a stable address per language, as a page, A4 and Markdown. It reads no person's data.

Beside its promises stand figures counted by night, where the owner has chosen so (``proofs:`` of the notice).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import lru_cache

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from seloste.notice.model import Notice
from seloste.notice.render import render, render_body
from seloste.notice.render.model import Section
from seloste.operations.evidence.facts import Facts
from seloste.operations.evidence.living import STALE, Shown, read, shown
from seloste.operations.evidence.words import Words
from seloste.store.registers import RegisterStore
from seloste.web import registers, responses
from seloste.web.i18n import translator
from seloste.web.parts import Language, Link, Proof, PublicFrame
from seloste.web.problems import NotFoundError
from seloste.web.ui import render as render_template

MEDIA = {"md": "text/markdown; charset=utf-8", "pdf": "application/pdf"}
KEPT = 200
"""Rendered notices held in memory, by content hash, language and format."""
LOOK_AGAIN = dt.timedelta(minutes=1)
"""For so long the page asks for no newer figures."""


def front(request: Request) -> Response:
    """``/notice/{register}``: to the reader's language, or the notice's first."""
    notice = _notice(request)
    lang = responses.language_of(request)
    chosen = lang if lang in notice.languages else notice.languages[0]
    return RedirectResponse(f"/notice/{notice.register}/{chosen}", status_code=302)


def page(request: Request) -> Response:
    """``/notice/{register}/{language}``, and with ``.pdf`` or ``.md`` the same as a file."""
    store = registers.store(request, request.path_params["reg"])
    notice = store.register.notice
    lang, _, format_ = request.path_params["lang"].partition(".")
    if lang not in notice.languages or format_ not in ("", *MEDIA):
        raise NotFoundError
    headers = {"Content-Language": lang, "Cache-Control": "public, max-age=300"}
    if format_:
        body = _file(_Keyed(notice), lang, format_)
        name = f"{notice.register}-{lang}.{format_}"
        return Response(
            body, media_type=MEDIA[format_], headers={**headers, "Content-Disposition": f'inline; filename="{name}"'}
        )
    # The page around the notice speaks Finnish or English; the notice itself may be in another language.
    request.state.lang = lang if lang in ("fi", "en") else "en"
    t = translator(request.state.lang)
    controller = notice.controller
    base = f"/notice/{notice.register}"
    version = " · ".join(filter(None, (controller.name, str(notice.effective or ""), notice.digest[:12])))
    frame = PublicFrame(
        controller=controller.name,
        home=f"{base}/{lang}",
        languages=tuple(
            Language(
                code=each,
                name=translator(request.state.lang)(f"language.{each}"),
                href=f"{base}/{each}",
                current=each == lang,
            )
            for each in notice.languages
        ),
        contact=", ".join(part for part in (controller.name, controller.address, controller.contact_email) if part),
        foot=(
            Link(text=t("public.see_own"), href=f"/own/{notice.register}"),
            Link(text=t("public.as_pdf"), href=f"{base}/{lang}.pdf"),
            Link(text=t("public.as_markdown"), href=f"{base}/{lang}.md"),
            Link(text=t("public.for_staff"), href="/sign-in"),
        ),
        print_line=version,
    )
    answer = responses.page(
        request,
        "public/notice.html",
        frame=frame,
        title=registers.said(notice.title, lang),
        body=_living(store, lang, request.state.now) or _body(_Keyed(notice), lang),
        lang_of_notice=lang,
    )
    answer.headers.update(headers)
    return answer


def _notice(request: Request) -> Notice:
    return registers.store(request, request.path_params["reg"]).register.notice


class _Keyed:
    """A notice as a cache's key: equal content, equal key."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice

    def __hash__(self) -> int:
        return hash(self.notice.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and other.notice.digest == self.notice.digest


@dataclass
class _Living:
    """The pages of a register with the figures kept last, and when these were looked for."""

    looked: dt.datetime
    facts: Facts | None
    stale: bool
    pages: dict[str, Markup] = field(default_factory=dict)


def _living(store: RegisterStore, lang: str, now: dt.datetime) -> Markup | None:
    """The page with figures, None where none are shown. Whoever reads it counts nothing: every LOOK_AGAIN one row is
    read, and the page is made when that is another.
    """
    if not store.register.notice.proofs:
        return None
    known: _Living | None = store.kept.get("living")
    if known is None or not dt.timedelta() <= now - known.looked < LOOK_AGAIN:
        facts = read(store, now=now)
        stale = facts is not None and now - facts.at > STALE
        same = known is not None and (known.facts, known.stale) == (facts, stale)
        known = store.kept["living"] = _Living(now, facts, stale, known.pages if same and known is not None else {})
    if known.facts is None:
        return None
    if lang not in known.pages:
        told = shown(Words(store.register, lang), known.facts, now=now)

        def beside(section: Section) -> Markup | None:
            found = told.get(section.anchor)
            return None if found is None else _proof(found, lang)

        known.pages[lang] = render_body(store.register.notice, lang, proof=beside)
    return known.pages[lang]


@lru_cache(maxsize=KEPT)
def _body(keyed: _Keyed, lang: str) -> Markup:
    return render_body(keyed.notice, lang)


def _proof(found: Shown, lang: str) -> Markup:
    part = Proof(
        figure=found.figure,
        unit=found.unit,
        notes=found.notes,
        good=found.good,
        fails=" ".join(found.fails),
        checked=found.checked,
        oldest=found.oldest,
        scale=found.ends,
    )
    screen = lang if lang in ("fi", "en") else "en"
    return Markup(render_template("public/proof.html", screen, title=found.title, p=part))  # noqa: S704  escaped there


@lru_cache(maxsize=KEPT)
def _file(keyed: _Keyed, lang: str, format_: str) -> bytes:
    found = render(keyed.notice, lang, "pdf" if format_ == "pdf" else "md")
    return found if isinstance(found, bytes) else found.encode()
