"""Purposes compared: new uses of what is held, other bases, other periods, other words to say yes to."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.notice.diff.model import Area, Change, Effect, Verb
from seloste.notice.model import Notice, Purpose, Ref
from seloste.notice.render.tell import Teller


def purpose_changes(before: Teller, after: Teller) -> Iterator[Change]:
    """Every change of a purpose, in the new notice's order, then those that end."""
    old, new = before.notice.purposes, after.notice.purposes
    for key, purpose in new.items():
        if key in old:
            yield from _Pair(before, after, old[key], purpose).changes()
        else:
            yield _new(before, after, purpose)
    for key, purpose in old.items():
        if key not in new:
            erase: tuple[Effect, ...] = ("erase",) if purpose.uses else ()
            yield Change(
                "removed", "purpose", key, before.name(purpose), _whole(before, purpose), "", erase,
                items=purpose.uses, place=purpose.place,
            )  # fmt: skip


def _new(before: Teller, after: Teller, purpose: Purpose) -> Change:
    """A further use of what is held is told before it begins (Art. 13(3)); for a consent nobody is used yet."""
    held = _cells(before.notice)
    further = any(ref in held for ref in (*purpose.uses, *purpose.borrows))
    effects: tuple[Effect, ...] = ("inform",) if further and purpose.basis != "consent" else ()
    return Change(
        "added", "purpose", purpose.key, after.name(purpose), "", _whole(after, purpose), effects, (purpose.key,),
        purpose.uses, purpose.place,
    )  # fmt: skip


def _whole(t: Teller, purpose: Purpose) -> str:
    """A purpose in a line: basis, data, how long."""
    periods = "; ".join(t.periods.rule(keep) for keep in purpose.keep)
    parts = (t.w.say(f"basis.{purpose.basis}"), t.data((*purpose.uses, *purpose.borrows)), periods)
    return ". ".join(t.w.capital(part) for part in parts if part)


def _cells(notice: Notice) -> frozenset[Ref]:
    """What is held at all: built-in purposes aside, for they hold only what shows that the law is followed."""
    return frozenset(ref for purpose in notice.purposes.values() if not purpose.built_in for ref in purpose.uses)


def _lasts(t: Teller, purpose: Purpose) -> str:
    return t.w.say("keep.withdrawn") if purpose.lasts is None else t.w.length(*purpose.lasts)


def _channels(t: Teller, purpose: Purpose) -> str:
    return t.w.listed((*(t.vocabulary_text("channels", key) for key in purpose.channels), *purpose.senders[1:]))


def _periods(t: Teller, purpose: Purpose) -> str:
    said = [*(t.periods.rule(keep) for keep in purpose.keep), t.periods.rows(purpose)]
    return " ".join(t.w.sentence(part) for part in said if part)


class _Pair:
    """One purpose before and after."""

    def __init__(self, before: Teller, after: Teller, old: Purpose, new: Purpose) -> None:
        self.before, self.after, self.old, self.new = before, after, old, new

    def changes(self) -> Iterator[Change]:
        yield from self._wording()
        yield from self._basis()
        yield from self._data()
        yield from self._consent()
        yield from self._channels()
        yield from self._profiling()
        yield from self._periods()

    def _change(self, area: Area, was: str, will: str, *effects: Effect, items: tuple[Ref, ...] = ()) -> Change:
        verb: Verb = "changed" if was and will else "added" if will else "removed"
        return Change(
            verb, area, self.new.key, self.after.name(self.new), was, will, effects, (self.new.key,), items,
            self.new.place,
        )  # fmt: skip

    def _wording(self) -> Iterator[Change]:
        was, will = self.before.name(self.old), self.after.name(self.new)
        if was != will:
            yield self._change("wording", was, will)

    def _basis(self) -> Iterator[Change]:
        was, will = (t.w.say(f"basis.{of.basis}") for t, of in ((self.before, self.old), (self.after, self.new)))
        if was != will:
            # What rests on a yes from now on may be used of nobody who has not said it.
            yield self._change("basis", was, will, "ask" if self.new.basis == "consent" else "inform")
        laws = self.before.laws(self.old), self.after.laws(self.new)
        if self.old.basis == self.new.basis == "legal_obligation" and laws[0] != laws[1]:
            yield self._change("basis", *laws, "inform")
        interest = self.before.pick(self.old.interest), self.after.pick(self.new.interest)
        if was == will and interest[0] != interest[1]:
            # The interest itself is among what people are told (Art. 13(1)(d)).
            yield self._change("interest", *interest, "inform")

    def _data(self) -> Iterator[Change]:
        old, new = (
            dict.fromkeys((*self.old.uses, *self.old.borrows)),
            dict.fromkeys((*self.new.uses, *self.new.borrows)),
        )
        more, less = tuple(ref for ref in new if ref not in old), tuple(ref for ref in old if ref not in new)
        if more:
            held = _cells(self.before.notice)
            effects: tuple[Effect, ...] = ()
            if self.new.basis == "consent":
                effects = ("ask",)  # a yes covers what it was said to (Art. 4(11): specific, informed)
            elif any(ref in held for ref in more):
                effects = ("inform",)
            yield self._change("data", "", self.after.data(more), *effects, items=more)
        if less:
            still = _cells(self.after.notice)
            gone = tuple(ref for ref in less if ref not in still)
            yield self._change("data", self.before.data(less), "", *(("erase",) if gone else ()), items=gone or less)

    def _consent(self) -> Iterator[Change]:
        was, will = self.before.pick(self.old.consent), self.after.pick(self.new.consent)
        if was != will:
            yield self._change("consent", was, will, *(("ask",) if was and will else ()))
        if self.old.lasts != self.new.lasts:
            yield self._change("consent", _lasts(self.before, self.old), _lasts(self.after, self.new))

    def _channels(self) -> Iterator[Change]:
        if self.old.channels == self.new.channels and self.old.senders == self.new.senders:
            return
        said = _channels(self.before, self.old), _channels(self.after, self.new)
        more = {key for key, rule in self.new.channels.items() if self.old.channels.get(key) != rule}
        senders = set(self.new.senders) - set(self.old.senders)
        effects: list[Effect] = []
        if more or senders:
            effects.append("inform" if self.new.basis != "consent" else "ask")
        yield self._change("channels", *said, *effects)

    def _profiling(self) -> Iterator[Change]:
        was, will = self.before.pick(self.old.profiling), self.after.pick(self.new.profiling)
        if was != will:
            yield self._change("profiling", was, will, *(("inform",) if will else ()))

    def _periods(self) -> Iterator[Change]:
        said = _periods(self.before, self.old), _periods(self.after, self.new)
        same = self._terms(self.old) == self._terms(self.new)
        if said[0] == said[1] and same:
            return
        # Whether rows go sooner shows in the register, where the change is tried; that it is longer, people are told
        # (Art. 13(2)(a)), and of periods that cannot be set side by side too.
        effect: Effect = "erase" if self._shorter() else "inform"
        yield self._change("period", *said, effect)

    @staticmethod
    def _terms(purpose: Purpose) -> tuple[object, ...]:
        """The periods without the places they stand at."""
        return (
            tuple(
                (keep.matter, _term(keep.base), *map(_term, (*keep.at_least, *keep.at_most))) for keep in purpose.keep
            ),
            tuple((cap.kind, cap.amount, cap.unit) for cap in purpose.at_most),
        )

    def _shorter(self) -> bool:
        """Whether every period that differs is a shorter one of the same beginning, or a cap where there was none."""
        old = {keep.matter: keep for keep in self.old.keep}
        new = {keep.matter: keep for keep in self.new.keep}
        if set(new) - set(old):
            return False
        pairs = [(old[key], new[key]) for key in new]
        bases = all(
            was.base is not None and will.base is not None and _days(will.base) <= _days(was.base)
            and (was.base.date, was.base.kind, was.base.preset) == (will.base.date, will.base.kind, will.base.preset)
            for was, will in pairs
            if _term(was.base) != _term(will.base)
        )  # fmt: skip
        fewer = all(
            {_term(term) for term in will.at_least} <= {_term(term) for term in was.at_least} for was, will in pairs
        )
        caps = all(
            {_term(term) for term in was.at_most} <= {_term(term) for term in will.at_most} for was, will in pairs
        )
        rows = {(cap.kind): _days(cap) for cap in self.new.at_most}
        capped = all(cap.kind in rows and rows[cap.kind] <= _days(cap) for cap in self.old.at_most)
        return bases and fewer and caps and capped


def _term(term: object) -> tuple[object, ...]:
    """A term without its place."""
    return tuple(getattr(term, name, None) for name in ("amount", "unit", "date", "kind", "preset"))


_DAYS = {"day": 1.0, "month": 365.25 / 12, "year": 365.25}


def _days(term: object) -> float:
    return float(getattr(term, "amount")) * _DAYS[getattr(term, "unit")]  # noqa: B009  a Term and an AtMost alike
