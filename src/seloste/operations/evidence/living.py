"""The living notice: beside a promise of the public page, what the register does for it. Numbers counted by night.

The owner chooses what is shown (``proofs:`` of the notice). What fails is shown too, with the same words as to staff.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from seloste.clock import today
from seloste.compiler.enforced import kinds_of
from seloste.notice.model import Purpose
from seloste.notice.ways import own_date
from seloste.operations.evidence import proofs
from seloste.operations.evidence.facts import Facts, gather
from seloste.operations.evidence.open import Open, open_of
from seloste.operations.evidence.words import Words
from seloste.store import kept_figures
from seloste.store.registers import RegisterStore

STALE = dt.timedelta(hours=36)
"""Figures older than this are told as not checked since: a promise looks kept only while somebody counts."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands beside one section. ``good`` holds now, ``fails`` does not; both empty where nothing can fail.

    ``oldest`` is how much of its period the oldest row has used, 0 to 1, with the words for both ends of the line.
    """

    title: str = ""
    """What it is, for those who do not see where it stands."""
    figure: str = ""
    unit: str = ""
    notes: tuple[str, ...] = ()
    good: str = ""
    fails: tuple[str, ...] = ()
    checked: str = ""
    oldest: float | None = None
    ends: tuple[str, str] = ("", "")

    @property
    def says(self) -> bool:
        return bool(self.figure or self.notes or self.good or self.fails)


def keep(store: RegisterStore, *, now: dt.datetime) -> Facts:
    """Count, and keep the figures for the public page."""
    facts = gather(store, now=now)
    text = TypeAdapter(Facts).dump_json(facts).decode()
    with store.database.transaction() as conn:
        kept_figures.put(conn, text)
    return facts


def read(store: RegisterStore, *, now: dt.datetime) -> Facts | None:
    """The figures kept last, None where there are none of the notice that is in force. Reads one row, of nobody."""
    with store.read(now) as conn:
        text = kept_figures.get(conn)
    if text is None:
        return None
    try:
        facts = TypeAdapter(Facts).validate_json(text)
    except ValidationError:
        # Another version of the program kept them otherwise; the next night counts anew.
        return None
    return facts if facts.digest == store.register.hash else None


def shown(words: Words, facts: Facts, *, now: dt.datetime) -> Mapping[str, Shown]:
    """By the anchor of the section; sections of which nothing is shown are left out."""
    chosen, opens = set(words.register.notice.proofs), tuple(open_of(words, facts))
    found: dict[str, Shown] = {}
    for purpose in words.register.purposes.values():
        found[f"purpose-{purpose.key}"] = _purpose(words, facts, purpose, chosen, opens)
    for word, anchor, make in _SECTIONS:
        if word in chosen:
            more = make(words, facts, opens)
            before = found.get(anchor, Shown())
            found[anchor] = replace(
                more,
                figure=before.figure or more.figure,
                unit=before.unit or more.unit,
                notes=(*before.notes, *more.notes),
                fails=(*before.fails, *more.fails),
                good=before.good or more.good,
            )
    title = words.say("pack.proof")
    told = {anchor: replace(each, title=title) for anchor, each in found.items() if each.says}
    return {anchor: _dated(words, facts, each, now) for anchor, each in told.items()}


def _dated(words: Words, facts: Facts, each: Shown, now: dt.datetime) -> Shown:
    if now - facts.at > STALE:
        return replace(each, good="", checked="", fails=(words.say("living.stale", at=words.day(facts.at)),))
    return replace(each, checked=words.say("living.checked", at=words.at(facts.at)))


def _fails(opens: tuple[Open, ...], *rules: str) -> tuple[str, ...]:
    """What is open of some rules, in the words that staff see. What is known and accounted for is no failure."""
    return tuple(
        dict.fromkeys(each.text for each in opens if not each.warns and any(each.concerns(rule) for rule in rules))
    )


# --- purposes ---------------------------------------------------------------------------------------------------------


def _purpose(words: Words, facts: Facts, purpose: Purpose, chosen: set[str], opens: tuple[Open, ...]) -> Shown:
    made = Shown()
    if "periods" in chosen and purpose.keep and any(keep.base is not None for keep in purpose.keep):
        made = _periods(words, facts, purpose, opens)
    if "consents" in chosen and purpose.basis == "consent":
        standing, withdrawn = facts.consents.get(purpose.key, (0, 0))
        text = words.say("proof.consents", n=words.count(standing), out=words.count(withdrawn))
        made = replace(made, notes=(*made.notes, text))
    elif "consents" in chosen and not purpose.built_in and facts.objections.get(purpose.key):
        made = replace(made, notes=(*made.notes, *proofs.objected(words, facts, purpose)))
    return made


def _periods(words: Words, facts: Facts, purpose: Purpose, opens: tuple[Open, ...]) -> Shown:
    matters = [keep.matter for keep in purpose.keep if not words.t.of_house(keep.matter)]
    first, *others = dict.fromkeys(matters)
    held = facts.held.get(first)
    notes = [
        words.say("proof.held", kind=words.kind(kind), n=words.count(there.rows))
        for kind in others
        if (there := facts.held.get(kind))
    ]
    if held is not None and held.oldest is not None:
        notes.append(words.say("living.oldest", **words.month(held.oldest)))
    for kind in (first, *others):
        if went := facts.removed.get(kind):
            n, at = words.count(went.rows), words.day(went.last)
            notes.append(words.say("proof.removed", kind=words.kind(kind), n=n, at=at))
    past = list(proofs.past(words, facts, kinds_of(words.register, purpose.key)))
    none = past == [words.say("proof.past_none")]
    fails = _fails(opens, f"purposes.{purpose.key}.keep")
    used, ends = _used(words, facts, purpose, first)
    return Shown(
        figure=words.say("living.held", kind=words.kind(first), n=words.count(held.rows if held is not None else 0)),
        notes=(*notes, *(() if none or fails else past)),
        good=past[0] if none and not fails else "",
        fails=fails,
        oldest=used,
        ends=ends,
    )


def _used(words: Words, facts: Facts, purpose: Purpose, matter: str) -> tuple[float | None, tuple[str, str]]:
    """How much of its period the oldest row has used, where the period counts from the row's own date."""
    held, keep = facts.held.get(matter), next(keep for keep in purpose.keep if keep.matter == matter)
    months, base = words.t.periods.end(keep).months, keep.base
    if held is None or held.oldest is None or not months or base is None:
        return None, ("", "")
    kind = words.register.tables[matter].kind
    if (purpose.key, matter) not in words.register.cuts or kind.subject or base.date != own_date(kind) or base.preset:
        return None, ("", "")
    age = (today(facts.at) - held.oldest).days / 30.44
    return min(age / months, 1.0), (words.say("living.now"), words.t.periods.end(keep).length)


# --- sections ---------------------------------------------------------------------------------------------------------


def _recipients(words: Words, facts: Facts, opens: tuple[Open, ...]) -> Shown:
    notes = []
    for one in words.register.notice.recipients:
        given = facts.given.get(one.key)
        if given is None or not given.people:
            continue
        who = words.t.w.capital(words.party(one.key))
        if given.last is None:
            notes.append(words.say("living.given_untold", who=who))
        else:
            notes.append(words.say("living.given", who=who, n=words.count(given.people), **words.month(given.last)))
    fails = _fails(opens, "recipients")
    others = words.say("proof.given_others", n=words.count(facts.given_others))
    good = others if not facts.given_others else ""
    return Shown(notes=tuple(notes) or (words.say("proof.given_none"),), good=good, fails=fails)


def _transfers(words: Words, facts: Facts, opens: tuple[Open, ...]) -> Shown:
    good = list(proofs.transfers(words, facts))
    return Shown(good=good[0] if good else "", fails=_fails(opens, "transfers"))


def _requests(words: Words, facts: Facts, opens: tuple[Open, ...]) -> Shown:
    found, fails = facts.requests, tuple(each.text for each in opens if each.code == "overdue")
    if not found.answered:
        return Shown(notes=tuple(proofs.answered(words, found)), fails=fails)
    first, *rest = proofs.answered(words, found)
    none = not found.late and not fails
    return Shown(
        figure=words.count(found.answered),
        unit=words.say("living.requests"),
        notes=(*(() if none else (first,)), *rest),
        good=words.say("living.late_none") if none else "",
        fails=fails,
    )


def _looks(words: Words, facts: Facts, _: tuple[Open, ...]) -> Shown:
    notes = [
        words.say("living.looks", who=words.t.pick(lens.text), n=words.count(facts.looks[lens.key]))
        for lens in words.register.notice.staff.values()
        if facts.looks.get(lens.key)
    ]
    return Shown(notes=(*notes, words.say("proof.refused", n=words.count(facts.refused))))


def _checks(words: Words, facts: Facts, opens: tuple[Open, ...]) -> Shown:
    notes = [words.say("living.journal", n=words.count(facts.journal_seq))]
    if facts.journal_checked is not None and not facts.journal_checked.fault:
        notes.append(words.say("living.journal_checked", at=words.day(facts.journal_checked.at)))
    verified = list(proofs.verified(words, facts))
    return Shown(notes=tuple(notes), good=verified[0] if verified else "", fails=_fails(opens, "register"))


_SECTIONS: tuple[tuple[str, str, Callable[[Words, Facts, tuple[Open, ...]], Shown]], ...] = (
    ("recipients", "recipients", _recipients),
    ("recipients", "transfers", _transfers),
    ("looks", "recipients", _looks),
    ("requests", "rights", _requests),
    ("checks", "version", _checks),
)
"""Word of the notice, anchor of the section, what stands beside it."""
