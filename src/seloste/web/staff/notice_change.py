"""A new version before it is published: what it does, in figures and change by change, and the decision on it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from seloste.notice.check import check_parsed
from seloste.notice.diff.said import AREA_NAMES, EFFECT_LAW, EFFECT_NAMES
from seloste.notice.findings import Finding, NoticeUnreadable
from seloste.notice.parse import read_text
from seloste.operations.notices.publish import PlanError, decide, meaning, of_number, withdraw
from seloste.operations.notices.tell import can_mail
from seloste.operations.notices.trial import Counted, Trial, trial
from seloste.operations.notices.untold import UntoldError
from seloste.operations.notices.versions import versions
from seloste.store.planned import Planned
from seloste.web import registers, responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Change, Field, Figure, Head, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff.notice_pages import base, day_of, findings_shown

NOTICE_DAYS = 14
"""What is offered for the day of a change that people are told of: time to read and to object."""


_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
MOST_WORDS = 600
"""Words and spaces of both texts within which every word that changed is looked for: that takes their square."""
MOST_MARKED = 20_000
"""Words and spaces that are compared so on one page; what comes after is told as a whole."""


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/notice/{id}``: tried anew each time it is opened."""
    show = Presenter(request)
    version = _version(request, show)
    return _shown(request, show, version)


def act(request: Request) -> Response:
    """Publish or withdraw. What is published is what was shown: other figures are shown again first."""
    show, form = Presenter(request), request.state.form
    version = _version(request, show)
    try:
        if form.get("do") == "withdraw":
            withdraw(show.store, version.id, now=show.now, actor=show.actor)
            return responses.redirect(base(show), done="notice_withdrawn")
        shown = _tried(request, show, version)
        day = day_of(str(form.get("effective", "")))
        if day is None:
            return _shown(request, show, version, shown, fault=show.t("change.which_day"))
        if form.get("figures") != _figures_mark(shown):
            return _shown(request, show, version, shown, fault=show.t("change.other_figures"))
        if _must_confirm(shown) and form.get("seen") != "1":
            return _shown(request, show, version, shown, fault=show.t("change.confirm_first"), at="seen")
        decide(
            show.store,
            version.id,
            day,
            shown,
            now=show.now,
            actor=show.actor,
            by_mail=form.get("mail") == "1" and can_mail(show.store),
        )
    except (PlanError, UntoldError) as problem:
        return _shown(request, show, version, fault=problem.message(show.lang))
    return responses.redirect(base(show), done="notice_decided")


def _version(request: Request, show: Presenter) -> Planned:
    number = int(request.path_params["id"])
    if number >= 2**31:
        raise NotFoundError
    try:
        return of_number(show.store, number, now=show.now)
    except PlanError:
        raise NotFoundError from None


def _tried(request: Request, show: Presenter, version: Planned) -> Trial:
    return trial(registers.installation(request), meaning(version), show.lang, now=show.now)


def _figures_mark(shown: Trial) -> str:
    """The figures as a form carries them, so that whoever publishes has seen these."""
    return f"{shown.told}.{shown.asked}.{shown.erased}.{shown.difference.before or ''}"[:60]


def _must_confirm(shown: Trial) -> bool:
    return bool(shown.erased or shown.told or shown.asked)


def _shown(
    request: Request,
    show: Presenter,
    version: Planned,
    shown: Trial | None = None,
    *,
    fault: str = "",
    at: str = "effective",
) -> Response:
    t = show.t
    shown = shown or _tried(request, show, version)
    number = len(versions(show.store, now=show.now).applied) + 1
    waiting, open_ = version.state == "waiting", version.state == "draft"
    opening = ""
    if waiting and version.effective:
        opening = t("diff.scheduled", date=show.f.date(version.effective))
    elif not shown.difference.changes:
        opening = t("diff.nothing") + "."
    return responses.page(
        request,
        "staff/notice_change.html",
        status=422 if fault else 200,
        frame=frame_of(request, current=base(show)),
        head=Head(
            title=t("diff.title", n=number),
            crumbs=(Link(text=t("change.title"), href=base(show)),),
            opening=opening,
            flash=responses.flash(request),
            errors=bool(fault),
        ),
        figures=_figures(show, shown, version),
        changes=tuple(_changes(show, shown)),
        findings=findings_shown(_findings(version), show),
        open=open_ and bool(shown.difference.changes),
        fields=_fields(show, shown, version, fault, at),
        faults=(Link(text=fault, href=f"#{at}"),) if fault else (),
        withdraw=Act(
            text=t("change.withdraw"),
            post=f"{base(show)}/{version.id}",
            name="do",
            value="withdraw",
            hidden=security.hidden(request),
        )
        if waiting
        else None,
        hidden=(*security.hidden(request), ("figures", _figures_mark(shown))),
        action=f"{base(show)}/{version.id}",
        publish=t("diff.publish_version", n=number),
        cancel=base(show),
    )


def _figures(show: Presenter, shown: Trial, version: Planned) -> tuple[Figure, ...]:
    t, f = show.t, show.f
    warnings = _findings(version)
    return (
        Figure(number=f.number(shown.told), strong="", text=t("diff.must_be_told", n=shown.told)),
        Figure(number=f.number(shown.asked), strong="", text=t("diff.asked_again", n=shown.asked)),
        Figure(
            number=f.number(shown.erased),
            strong="",
            text=t("diff.values_erased", n=shown.erased),
            tone="stop" if shown.erased else "",
        ),
        Figure(
            number=f.number(len(warnings)),
            strong="",
            text=t("change.warnings", n=len(warnings)),
            tone="soon" if warnings else "",
        ),
    )


def _findings(version: Planned) -> tuple[Finding, ...]:
    """What the check still says of the file: warnings alone, for with errors it was not taken in."""
    try:
        return tuple(check_parsed(read_text(version.source)).findings)
    except NoticeUnreadable:
        return ()


def _changes(show: Presenter, shown: Trial) -> Iterator[Change]:
    texts = ((each.change.before, each.change.after) for each in shown.changes)
    for each, fine in zip(shown.changes, compared_by_words(texts), strict=True):
        yield _change(show, each, by_words=fine)


def compared_by_words(texts: Iterable[tuple[str, str]]) -> Iterator[bool]:
    """Of each pair, before and after, whether it is compared word by word: not a book, and not the thousandth."""
    left = MOST_MARKED
    for before, after in texts:
        size = len(_WORDS.findall(before)) + len(_WORDS.findall(after))
        yield size <= min(left, MOST_WORDS)
        left -= size if size <= MOST_WORDS else 0


def _change(show: Presenter, counted: Counted, *, by_words: bool) -> Change:
    change = counted.change
    effects = []
    for effect in change.effects:
        said = EFFECT_NAMES[effect]["fi" if show.lang == "fi" else "en"]
        if counted.people is not None and effect in ("inform", "ask"):
            said = f"{said}: {show.t('change.people', n=counted.people)}"
        effects.append(f"{said} ({show.t('change.law', articles=EFFECT_LAW[effect])}).")
    return Change(
        kind=change.verb,
        what=AREA_NAMES[change.area]["fi" if show.lang == "fi" else "en"],
        title=change.title,
        text=_marked(change.before, change.after, by_words=by_words),
        effects=tuple(effects),
    )


def _marked(before: str, after: str, *, by_words: bool) -> Markup:
    """The new text with what came underlined and what went struck, by words or as a whole."""
    if not before or not after:
        tag = "ins" if after else "del"
        return Markup("<{0}>{1}</{0}>").format(Markup(tag), after or before)  # noqa: S704  a tag of ours
    if not by_words:
        return Markup("<del>{}</del> <ins>{}</ins>").format(before, after)
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    parts: list[Markup] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            parts.append(escape("".join(new[k:m])))
            continue
        if j > i:
            parts.append(Markup("<del>{}</del>").format("".join(old[i:j])))
        if m > k:
            parts.append(Markup("<ins>{}</ins>").format("".join(new[k:m])))
    return Markup("").join(parts)


def _fields(show: Presenter, shown: Trial, version: Planned, fault: str, at: str) -> tuple[Field, ...]:
    t = show.t
    first = show.today + dt.timedelta(days=NOTICE_DAYS if shown.told else 1)
    asked = meaning(version).effective
    day = asked if asked is not None and asked > show.today else first
    fields = [
        Field(
            name="effective",
            label=t("diff.in_force_from"),
            widget="date",
            shown=(day.isoformat(),),
            hint=t("change.day_hint_told", n=shown.told) if shown.told else t("change.day_hint"),
            error=fault if at == "effective" else "",
            limits=(("min", (show.today + dt.timedelta(days=int(bool(shown.told)))).isoformat()),),
            short=True,
        )
    ]
    if shown.with_mail and can_mail(show.store):
        rest = shown.told - shown.with_mail
        fields.append(
            Field(
                name="mail",
                label=t("change.by_mail", n=shown.with_mail),
                widget="checkbox",
                shown=("1",),
                hint=t("change.by_hand", n=rest) if rest else "",
            )
        )
    if _must_confirm(shown):
        words = [
            t("change.seen_told", n=shown.told) if shown.told else "",
            t("change.seen_asked", n=shown.asked) if shown.asked else "",
            t("change.seen_erased", n=shown.erased) if shown.erased else "",
        ]
        said = show.teller.w.listed(word for word in words if word)
        fields.append(
            Field(
                name="seen",
                label=t("change.seen", what=said),
                widget="checkbox",
                error=fault if at == "seen" else "",
            )
        )
    return tuple(fields)
