"""What others did to what opens one's account: a list on one's own account, and a word on the pages one comes to."""

from __future__ import annotations

from starlette.requests import Request

from seloste.operations.accounts.others import Other, by_others
from seloste.web import registers, responses
from seloste.web.i18n import formats, translator
from seloste.web.parts import Item


def rows(request: Request) -> tuple[Item, ...]:
    """Each deed: what, by whom, when, on which device."""
    lang = responses.language_of(request)
    f = formats(lang)
    return tuple(
        Item(text=_text(lang, each), sub=" · ".join(filter(None, (f.moment(each.at), each.agent))))
        for each in by_others(registers.deployment(request), request.state.account.id)
    )


def first(request: Request) -> str:
    """The last deed by which somebody else could be in as this account, in a sentence; empty when there was none."""
    lang, now = responses.language_of(request), request.state.now
    found = by_others(registers.deployment(request), request.state.account.id)
    told = next((each for each in found if each.is_told(now)), None)
    if told is None:
        return ""
    when = ", ".join(filter(None, (formats(lang).moment(told.at), told.agent)))
    return translator(lang)("others.first", what=_text(lang, told), when=when)


def _text(lang: str, deed: Other) -> str:
    t = translator(lang)
    who = deed.who or t("others.command")
    texts = {
        "link_shown": t("others.link_shown", who=who),
        "link_mailed": t("others.link_mailed", who=who),
        "link_used": t("others.link_used", who=who),
        "reset": t("others.reset", who=who),
        "password": t("others.password", who=who),
        "lock": t("others.lock", who=who),
        "unlock": t("others.unlock", who=who),
    }
    text = texts[deed.what]
    return text[:1].upper() + text[1:]
