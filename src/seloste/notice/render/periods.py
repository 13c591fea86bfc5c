"""Periods in words: a keep rule as a sentence, as the few words beside a life line, and as a length to draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from seloste.catalogue.load import Vocabulary
from seloste.law import retention
from seloste.notice.model import Keep, Notice, Purpose, Term, Unit
from seloste.notice.render.model import EndSort
from seloste.notice.render.wording import Wording

_MONTHS: dict[Unit, float] = {"day": 12 / 365, "month": 1, "year": 12}


@dataclass(frozen=True, slots=True)
class End:
    """When a use ends, in the few words of a stamp line. ``months`` is None when it has no length of its own."""

    sort: EndSort
    text: str
    months: float | None
    length: str = ""
    """The length alone: *6 months*."""
    law: str = ""


class Periods:
    """Says the periods of one notice in one language: to the data subject, or to ``staff`` about them."""

    def __init__(self, notice: Notice, vocabulary: Vocabulary, w: Wording, *, staff: bool = False) -> None:
        self.notice, self.w, self.staff = notice, w, staff
        self._moments = vocabulary.moments

    # --- sentences ------------------------------------------------------------------------------------------------

    def rule(self, keep: Keep) -> str:
        """``2 vuotta siitä, kun tilaus on tehty, kuitenkin vähintään ...``"""
        if keep.base is None:
            return self.w.say("keep.withdrawn_staff" if self.staff else "keep.withdrawn")
        preset = self._preset(keep)
        said = self.w.pick(preset.text) if preset is not None else self.term(keep, keep.base)
        if preset is not None and self.w.lang == "en":
            said = f"for {said}"
        at_least, at_most = self._bounds(keep, preset)
        if at_least:
            said += self.w.say(
                "keep.at_least", terms=self.w.listed(self.term(keep, term, bare=True) for term in at_least)
            )
        until = [term for term in at_most if term.amount == 0]
        capped = [term for term in at_most if term.amount]
        if capped:
            said += self.w.say("keep.at_most", terms=self.w.listed(self.term(keep, term, bare=True) for term in capped))
        if until:
            said += self.w.say(
                "keep.at_most_until", terms=self.w.listed(self.term(keep, term, bare=True) for term in until)
            )
        return said

    def term(self, keep: Keep, term: Term, *, bare: bool = False) -> str:
        """One part of a rule; ``bare`` leaves out the word that begins it (English *for*)."""
        kind = term.kind or keep.matter
        if term.preset is not None:
            return self.w.pick(retention.preset(term.preset).text)
        moment = self._moment(kind, term.date)
        period = self.w.period(term.amount, term.unit)
        key = ("until" if term.amount == 0 else "after") + ("_unknown" if moment is None else "")
        key += "_bare" if bare else ""
        if moment is not None:
            return self.w.say(f"keep.{key}", period=period, event=self._when(moment))
        item, owner = self._labels(kind, term.date)
        return self.w.say(f"keep.{key}", period=period, item=item, kind=owner)

    def rows(self, purpose: Purpose) -> str:
        """How old a row of its own may grow inside a long matter; empty when nothing is said."""
        parts = [
            self.w.say(
                "keep.row",
                what=self.w.low(self.kind_plural(cap.kind)),
                period=self.w.period(cap.amount, cap.unit, age=True),
            )
            for cap in purpose.at_most
        ]
        return self.w.say("keep.row_at_most", rows=self.w.listed(parts)) if parts else ""

    # --- the few words of a stamp line ----------------------------------------------------------------------------

    def end(self, keep: Keep) -> End:
        if keep.base is None:
            key = "keep.short_until_withdrawn" + ("_staff" if self.staff else "")
            return End("person", self.w.say(key), None)
        preset = self._preset(keep)
        law = self.w.pick(preset.law) if preset is not None else (keep.law or "")
        if preset is not None:
            amount, unit = preset.amount, preset.unit
            if preset.kind == "composed":
                first = retention.clauses(preset.rule)[0]
                amount, unit = first.amount, first.unit
            kind = keep.matter
            date = keep.base.date
            length = self.w.length(amount, unit)
            event = self._event(kind, date)
            return End(
                "law",
                self.w.say("keep.short_after", event=event, period=self.w.short(amount, unit)),
                amount * _MONTHS[unit],
                length,
                law,
            )
        term = keep.base
        event = self._event(term.kind or keep.matter, term.date)
        if term.amount == 0:
            return End("running", self.w.say("keep.short_until", event=event), 0.0, "", law)
        text = self.w.say("keep.short_after", event=event, period=self.w.short(term.amount, term.unit))
        return End("running", text, term.amount * _MONTHS[term.unit], self.w.length(term.amount, term.unit), law)

    def ends(self, purpose: Purpose) -> tuple[End, ...]:
        return tuple(self.end(keep) for keep in purpose.keep)

    # --- names ----------------------------------------------------------------------------------------------------

    def kind_plural(self, key: str) -> str:
        kind = self.notice.kinds.get(key)
        return self.w.pick(kind.plural) if kind is not None else key

    def kind_label(self, key: str) -> str:
        kind = self.notice.kinds.get(key)
        return self.w.pick(kind.label) if kind is not None else key

    def _labels(self, kind: str, item: str) -> tuple[str, str]:
        found = self.notice.kinds.get(kind)
        label = self.w.pick(found.items[item].label) if found is not None and item in found.items else item
        return label, self.w.low(self.kind_label(kind))

    def _event(self, kind: str, item: str) -> str:
        moment = self._moment(kind, item)
        return self.w.pick(moment["short"]) if moment is not None else self.w.low(self._labels(kind, item)[0])

    def _when(self, moment: dict[str, Any]) -> str:
        return self.w.pick(moment["staff"] if self.staff and "staff" in moment else moment["when"])

    def _moment(self, kind: str, item: str) -> dict[str, Any] | None:
        found = self._moments.get(f"{kind}.{item}") or self._moments.get(item)
        if found is None:
            return None
        # Where the register lacks the kind that the words speak of, there are words without it.
        other = found.get("without", {})
        return {**found, **other} if other and other["kind"] not in self.notice.kinds else dict(found)

    def _preset(self, keep: Keep) -> retention.Preset | None:
        """The law's period the rule rests on: named by its first term, or the whole rule as it is written."""
        if keep.base is not None and keep.base.preset is not None:
            return retention.preset(keep.base.preset)
        name = keep.text.split(",", 1)[0].strip()
        return retention.preset(name) if name in retention.preset_names() else None

    def _bounds(self, keep: Keep, preset: retention.Preset | None) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
        """The bounds that the notice adds; those of a composed preset are in its own words already."""
        if preset is None or preset.kind != "composed":
            return keep.at_least, keep.at_most
        own = {(clause.amount, clause.unit, clause.date) for clause in retention.clauses(preset.rule)}

        def added(terms: tuple[Term, ...]) -> tuple[Term, ...]:
            return tuple(
                term
                for term in terms
                if not {(term.amount, term.unit, term.date), (term.amount, term.unit, f"{term.kind}.{term.date}")} & own
            )

        return added(keep.at_least), added(keep.at_most)
