"""What stands around a staff page: the register, the kinds the role may see, the privacy pages for a lead, the menu.

Nothing here knows a kind: rows and labels come from the compiled notice.
"""

from __future__ import annotations

from typing import Any, Literal

from starlette.requests import Request

from seloste.catalogue.model import PERSON
from seloste.errors import SelosteError
from seloste.web import registers
from seloste.web.i18n import LANGUAGES, formats, translator
from seloste.web.parts import Frame, Language, Link, NavGroup, NavItem, Search, User
from seloste.web.problems import NotFoundError
from seloste.web.responses import language_of
from seloste.web.routes import ROUTES
from seloste.web.searched import searching
from seloste.web.security import hidden

PRIVACY = (
    "desk",
    "requests",
    "retention",
    "holds",
    "disclosures",
    "assessments",
    "breaches",
    "journal",
    "notice",
    "evidence",
    "staff",
    "condition",
)
"""Pages of the group for the lead, by the last part of their address; those that have a route are shown."""


def _search(request: Request, key: str) -> Search:
    to = f"/r/{key}/find"
    form = searching(request, to)
    return Search(action=to, suggest=f"/r/{key}/suggest", post=form.post, hidden=form.hidden)


def frame_of(request: Request, *, current: str = "", search: Search | None = None, new: tuple[Link, ...] = ()) -> Frame:
    """The frame of the page asked for. ``current`` is the address in the side bar that the page belongs to."""
    lang = language_of(request)
    signed = request.state.signed
    key = request.state.register_key or (signed.grants[0].register if signed.grants else "")
    grant = signed.opened.grant_in(key) if key else None
    compiled, title, controller = _open(request, key if grant else "", lang)
    home = f"/r/{key}/" if grant else "/account"
    here = current or request.url.path
    account = signed.account
    themes: dict[str, Literal["", "light", "dark"]] = {"light": "light", "dark": "dark"}
    return Frame(
        register=title or "Seloste",
        controller=controller,
        home=home,
        menu=f"/r/{key}/menu" if grant else "/menu",
        nav=_nav(request, lang, key, grant, compiled, here) if grant else (),
        registers=_others(request, lang),
        search=search or (_search(request, key) if grant and _has("/r/{reg}/find") else None),
        new=new or (_new(lang, key, compiled, grant.lens) if grant else ()),
        user=User(
            name=account.name,
            role=role_name(compiled, grant.lens, lang) if grant else "",
            role_href="/account#roles",
            settings="/account",
            sign_out="/sign-out",
            languages=tuple(
                Language(code=code, name=translator(code)(f"language.{code}"), current=code == lang)
                for code in LANGUAGES
            ),
            hidden=hidden(request),
        ),
        theme=themes.get(account.appearance, ""),
        keys=account.single_keys,
    )


def role_name(compiled: Any, lens: str, lang: str) -> str:
    """A role's name as the notice has it; its key when the register cannot be asked."""
    found = compiled.lenses.get(lens) if compiled is not None else None
    return registers.said(found.text, lang) if found is not None and found.text else lens


def _open(request: Request, key: str, lang: str) -> tuple[Any, str, str]:
    """The compiled notice, its title and controller; nothing when the register cannot be opened: the page stands."""
    if not key:
        return None, "", ""
    try:
        compiled = registers.store(request, key).register
    except (NotFoundError, SelosteError):
        return None, key, ""
    return compiled, registers.said(compiled.notice.title, lang), compiled.notice.controller.name


def _nav(request: Request, lang: str, key: str, grant: Any, compiled: Any, here: str) -> tuple[NavGroup, ...]:
    t, f = translator(lang), formats(lang)

    def item(text: str, href: str, *, exact: bool = False, count: int = 0) -> NavItem:
        inside = here == href or (not exact and here.startswith(href.rstrip("/") + "/"))
        return NavItem(text=text, href=href, current=inside, count=f.number(count) if count else "")

    rows = [item(t("frame.home"), f"/r/{key}/", exact=True)]
    lens = compiled.lenses.get(grant.lens) if compiled is not None else None
    waiting = _waiting(request, key, grant.lens) if lens is not None else {}
    for kind_key in lens.shows if lens is not None else ():
        kind = compiled.notice.kinds[kind_key]
        # A tie with work in it is gone through as a list: applications wait for a decision.
        if (not kind.tie or kind.done is not None) and not kind.built_in:
            count = waiting.get(kind_key, 0)
            rows.append(item(registers.said(kind.plural, lang), f"/r/{key}/{kind_key}", count=count))
    if lens is not None and lens.sees(PERSON) and any(_markets(compiled, each) for each in lens.purposes):
        rows.append(item(t("audience.nav"), f"/r/{key}/audience"))
    if _has("/r/{reg}/register"):
        rows.append(item(t("home.register"), f"/r/{key}/register"))
    groups = [NavGroup(entries=tuple(rows))]
    if grant.lead:
        pages = [name for name in PRIVACY if _has("/r/{reg}/privacy/" + name)]
        entries = tuple(item(t(f"nav.{name}"), f"/r/{key}/privacy/{name}") for name in pages)
        groups.append(NavGroup(entries=entries, title=t("frame.privacy")))
    return tuple(groups)


def _markets(compiled: Any, purpose: str) -> bool:
    found = compiled.purposes.get(purpose)
    return found is not None and found.nature == "marketing"


def _waiting(request: Request, key: str, lens: str) -> dict[str, int]:
    """Open work by kind; none when it cannot be counted now: the page stands."""
    from seloste.web.open_work import open_counts

    try:
        return open_counts(request, registers.store(request, key), lens)
    except (NotFoundError, SelosteError):
        return {}


def _new(lang: str, key: str, compiled: Any, lens: str) -> tuple[Link, ...]:
    """What may be entered from anywhere: kinds that belong to nothing, then those of people."""
    if compiled is None or lens not in compiled.lenses or not _has("/r/{reg}/{kind}/new"):
        return ()
    from seloste.web.staff.form_plan import has_form

    seen = compiled.lenses[lens]
    kinds = [compiled.notice.kinds[each] for each in seen.shows if has_form(compiled, seen, each)]
    alone = [kind for kind in kinds if not kind.tie]
    first = [kind for kind in alone if kind.subject]
    rest = [kind for kind in alone if not kind.subject and not kind.of]
    return tuple(
        Link(text=registers.said(kind.label, lang), href=f"/r/{key}/{kind.key}/new") for kind in (*first, *rest)[:6]
    )


def _others(request: Request, lang: str) -> tuple[Link, ...]:
    """The registers that the account has a role in, when there are several; where there are many, the way to them.

    A name stands in the notice, so that a list of a thousand would open a thousand registers for each page.
    """
    keys = tuple(dict.fromkeys(grant.register for grant in request.state.signed.grants))
    if len(keys) < 2:
        return ()
    if len(keys) > registers.MOST_LISTED:
        return (Link(text=translator(lang)("frame.all_registers"), href="/account#roles"),)
    known = {key: registers.about(request, key, lang) for key in keys}
    return tuple(Link(text=one.title if one else key, href=f"/r/{key}/") for key, one in known.items())


def _has(path: str) -> bool:
    return any(route.path == path for route in ROUTES)
