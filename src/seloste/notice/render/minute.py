"""The first layer: the whole notice in one minute."""

from __future__ import annotations

from seloste.catalogue.model import PERSON
from seloste.notice.longer import longer
from seloste.notice.model import Ref
from seloste.notice.render.model import EndSort, Minute, Scale, Words, said, together
from seloste.notice.render.tell import Teller

MOST_NAMED = 14
"""So many things are named on the first screen; the full list is below."""
MOST_PERIODS = 7


def minute(t: Teller) -> Minute:
    say = t.w.say
    rows: list[tuple[str, Words, Scale | None]] = [
        (say("minute.what"), said("kinds", _what(t)), None),
        (say("minute.why"), said("purposes", t.w.sentence(t.names(t.purposes))), None),
        (say("minute.until"), said("purposes", say("minute.every_end")), _until(t)),
        (say("minute.who"), said("recipients", _who(t)), None),
        (say("minute.you_can"), said("rights", say("minute.free", acts=t.w.listed(_acts(t)))), None),
    ]
    never = together(*(said(f"never.{key}", t.w.sentence(t.vocabulary_text("never", key))) for key in t.notice.never))
    if never:
        rows.append((say("minute.not_done"), never, None))
    return Minute(say("minute.title"), tuple(rows))


def _what(t: Teller) -> str:
    refs: dict[Ref, None] = {}
    for purpose in t.purposes:
        refs.update(dict.fromkeys(purpose.uses))
    person = [t.item(ref) for ref in refs if ref.kind == PERSON]
    kinds = dict.fromkeys(ref.kind for ref in refs if ref.kind != PERSON)
    # Ties say how two things belong together; on the first screen the things themselves are enough.
    named = [key for key in kinds if not (t.notice.kinds[key].tie and t.notice.kinds[key].built_in)]
    parts = list(dict.fromkeys(person + [t.w.low(t.periods.kind_plural(key)) for key in named]))
    if len(parts) > MOST_NAMED:
        return t.w.sentence(t.w.say("minute.rest", items=", ".join(parts[:MOST_NAMED]), section=t.w.say("data.title")))
    return t.w.sentence(t.w.listed(parts))


def _until(t: Teller) -> Scale | None:
    """The longest period of each matter, drawn to scale, shortest first."""
    longest: dict[str, tuple[float, EndSort, str]] = {}
    for purpose in t.purposes:
        for keep in purpose.keep:
            # Another purpose may keep the same rows longer, by a rule of something else.
            other = longer(t.notice, purpose, keep)
            end = t.periods.end(keep if other is None else other[1])
            if end.months and end.months > longest.get(keep.matter, (0.0, "none", ""))[0]:
                longest[keep.matter] = (end.months, end.sort, end.length)
    rows = sorted(
        (months, t.periods.kind_plural(matter), sort, text) for matter, (months, sort, text) in longest.items()
    )
    if len(rows) > MOST_PERIODS:
        # Of equal lengths the first speaks for all, then the middle of the list gives way.
        lengths: dict[float, tuple[float, str, EndSort, str]] = {}
        for row in rows:
            lengths.setdefault(row[0], row)
        rows = sorted(lengths.values())
        rows = (
            rows
            if len(rows) <= MOST_PERIODS
            else [*rows[: MOST_PERIODS // 2], *rows[-(MOST_PERIODS - MOST_PERIODS // 2) :]]
        )
    return Scale(tuple((label, months, sort, text) for months, label, sort, text in rows)) if rows else None


def _who(t: Teller) -> str:
    who = [t.w.low(t.pick(recipient.text)) for recipient in t.notice.recipients]
    if t.notice.processors:
        who.append(t.w.say("minute.processors"))
    # Each is a phrase with a clause of its own, so that an "and" between two would be read as part of the first.
    return t.w.sentence("; ".join(dict.fromkeys(who))) if who else t.w.say("minute.nobody")


def _acts(t: Teller) -> list[str]:
    acts = ["see", "correct", "erase", "restrict"]
    if t.objectable():
        acts.append("object")
    if t.marketing():
        acts.append("ban")
    if t.with_basis("consent"):
        acts.append("withdraw")
    if t.with_basis("consent", "contract") or t.notice.gives_more.get("portability"):
        acts.append("move")
    return [t.w.say(f"minute.can_{act}") for act in acts]
