"""The stamp lines in a form's margin: what the data of a group are for, on which ground, until when."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from seloste.catalogue.load import vocabulary
from seloste.compiler.register import Register
from seloste.notice.model import Purpose
from seloste.notice.render.periods import Periods
from seloste.notice.render.wording import Wording
from seloste.web.i18n import translator
from seloste.web.parts import Life, Stamp
from seloste.web.registers import said


def stamps(
    register: Register, cells: Iterable[tuple[str, str]], lang: str, *, only: Collection[str] | None = None
) -> tuple[Stamp, ...]:
    """A line for each purpose that uses or borrows one of the cells (kind, item or parent), in the notice's order.

    ``only`` leaves out every other purpose.
    """
    asked = list(dict.fromkeys(cells))
    using = {key for kind, item in asked for key in register.users(kind, item)}
    lending = {key for kind, item in asked for key in register.borrowers(kind, item)} - using
    kinds = {kind for kind, _ in asked}
    return tuple(
        Stamp(basis=purpose.basis, purpose=said(purpose.text, lang), life=life, law=law)
        for key, purpose in register.purposes.items()
        if key in using | lending and not purpose.built_in and (only is None or key in only)
        for life, law in [_end(register, purpose, kinds, lang, borrowed=key in lending)]
    )


def _end(register: Register, purpose: Purpose, kinds: set[str], lang: str, *, borrowed: bool) -> tuple[Life, str]:
    if borrowed:
        word = "end.withdrawn" if purpose.basis == "consent" else "end.objected"
        return Life(end="person", text=translator(lang)(word)), ""
    notice = register.notice
    chosen = lang if lang in notice.languages else notice.languages[0]
    periods = Periods(notice, vocabulary(notice.vocabulary), Wording(chosen), staff=True)
    keeps = [keep for keep in purpose.keep if keep.matter in kinds] or list(purpose.keep)
    if not keeps:
        return Life(end="running"), ""
    ends = [periods.end(keep) for keep in keeps]
    # Several matters keep it by several rules; the one that is drawn lasts longest.
    longest = max(ends, key=lambda end: end.months if end.months is not None else -1.0)
    # The notice speaks to the person, a form to the staff.
    said_to_staff = [translator(lang)("end.withdrawn") if end.sort == "person" else end.text for end in ends]
    text = ", ".join(dict.fromkeys(said_to_staff))
    return Life(end="running" if longest.sort == "none" else longest.sort, text=text), longest.law
