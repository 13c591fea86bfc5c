"""A plan in words for the owner of a register: what is made, what changes, and how much would be erased."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seloste.catalogue import load
from seloste.compiler.explain import BASES, say
from seloste.compiler.plan import Step
from seloste.compiler.register import CompiledLens, Register
from seloste.notice.model import Purpose
from seloste.notice.render.periods import Periods
from seloste.notice.render.wording import Wording


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its lines: one thing on each."""

    title: str
    lines: tuple[str, ...]


_WORDS = {
    "made": ("Tehdään", "Made"),
    "changed": ("Muuttuu", "Changed"),
    "erased": ("Poistetaan lopullisesti", "Erased for good"),
    "sees": ("Kuka näkee", "Who sees what"),
    "nothing_more": ("ei muuta", "nothing more"),
    "law": ("lain noudattamisen osoittamiseksi: {what}", "to show that the law is followed: {what}"),
    "all_rows": ("{what}: kaikki {n}", "{what}: all {n}"),
    "one_row": ("{what}: ainoa, joka on", "{what}: the only one there is"),
    "no_row": ("{what}: niitä ei ole", "{what}: there are none"),
    "lose": ("{what}: {n} riviltä lähtee {item}", "{what}: {n} of them lose the {item}"),
    "loses": ("{what}: yhdeltä riviltä lähtee {item}", "{what}: one of them loses the {item}"),
    "loses_none": ("{what}: {item} lähtee, eikä sitä ole yhdelläkään", "{what}: the {item} goes, and none has one"),
    "new_purpose": ("uusi käyttötarkoitus: {what} ({basis})", "a new purpose: {what} ({basis})"),
    "no_purpose": ("käyttötarkoitus päättyy: {what}", "a purpose ends: {what}"),
    "basis": ("{what}: peruste on {new} (nyt {old})", "{what}: the basis is {new} (now {old})"),
    "keep": ("{what}: säilytetään {new} (nyt {old})", "{what}: kept {new} (now {old})"),
    "no_keep": ("ilman omaa aikaa", "without a period of its own"),
    "rows": ("{what}: vanhoille riveille omat ajat: {rows}", "{what}: periods of old rows: {rows}"),
    "lasts": (
        "{what}: suostumusten kesto muuttuu, ja voimassa olevat lasketaan uudelleen",
        "{what}: consents last for another time, and those that stand are counted again",
    ),
    "new_role": ("uusi rooli: {what}", "a new role: {what}"),
    "no_role": ("rooli päättyy: {what}", "a role ends: {what}"),
    "sees_more": ("{what} näkee nyt myös: {kinds}", "{what} now also sees: {kinds}"),
    "sees_less": ("{what} ei enää näe: {kinds}", "{what} no longer sees: {kinds}"),
    "of": ("{kind} ({items})", "{kind} ({items})"),
    "program": (
        "Ohjelman uuden version oma muutos, ei selosteesi",
        "The program's own change by its new version, not your notice's",
    ),
    "part": ("{title}: {line}", "{title}: {line}"),
    "aid": (
        "yksi apusarake tai näkymä tehdään tai lasketaan uudelleen",
        "one helper column or view is made or computed again",
    ),
    "aids": (
        "{n} apusaraketta ja näkymää tehdään tai lasketaan uudelleen",
        "{n} helper columns and views are made or computed again",
    ),
}


class _Teller:
    def __init__(self, old: Register | None, new: Register, lang: str) -> None:
        self.old, self.new, self.lang = old, new, "fi" if lang == "fi" else "en"
        self.w = Wording(self.lang)

    def word(self, key: str, /, **values: object) -> str:
        return _WORDS[key][0 if self.lang == "fi" else 1].format(**values)

    # --- names ----------------------------------------------------------------------------------------------------

    def kind(self, key: str) -> str:
        for register in (self.new, self.old):
            if register is not None and key in register.tables:
                return self.w.low(say(register.tables[key].kind.plural, self.lang))
        return key

    def item(self, kind: str, name: str) -> str:
        """What an item is called; a reference by the kind that it points at."""
        for register in (self.new, self.old):
            if register is None or kind not in register.tables:
                continue
            known = register.tables[kind].kind.items.get(name)
            if known is not None:
                return self.w.low(say(known.label, self.lang))
            if name in register.tables[kind].kind.of and name in register.tables:
                return self.w.low(say(register.tables[name].kind.label, self.lang))
        return name

    def role(self, lens: CompiledLens) -> str:
        return f"{say(lens.text, self.lang)} ({lens.key})"

    # --- parts ----------------------------------------------------------------------------------------------------

    def made(self, steps: Sequence[tuple[Step, int]]) -> Iterator[str]:
        created = [step.target for step, _ in steps if step.verb == "create" and step.target in self.new.tables]
        for key in created:
            table = self.new.tables[key]
            if table.kind.built_in:
                continue
            items = self.w.listed(self.item(key, column.name) for column in table.of_role("item"))
            yield f"{self.kind(key)}: {items or self.word('nothing_more')}"
        built_in = [self.kind(key) for key in created if self.new.tables[key].kind.built_in]
        if built_in:
            yield self.word("law", what=self.w.listed(built_in))
        added: dict[str, list[str]] = {}
        for step, _ in steps:
            kind, _, name = step.target.partition(".")
            if step.verb == "add" and self._holds(self.new, kind, name):
                added.setdefault(kind, []).append(self.item(kind, name))
        for kind, names in added.items():
            yield f"{self.kind(kind)}: {self.w.listed(names)}"

    @staticmethod
    def _holds(register: Register, kind: str, name: str) -> bool:
        """Whether a column is the notice's own and no aid of ours."""
        column = register.tables[kind].column(name) if kind in register.tables else None
        return column is not None and column.role in ("item", "reference")

    def erased(self, steps: Sequence[tuple[Step, int]]) -> Iterator[str]:
        gone = {step.target for step, _ in steps if step.verb == "erase"}
        for step, count in steps:
            if step.verb != "erase":
                continue
            kind, _, name = step.target.partition(".")
            if not name:
                key = "no_row" if count == 0 else "one_row" if count == 1 else "all_rows"
                yield self.word(key, what=self.kind(kind), n=count)
            elif not (name in gone and count == 0):
                # A reference to a kind that goes whole, held by nobody, is told with that kind.
                key = "loses_none" if count == 0 else "loses" if count == 1 else "lose"
                yield self.word(key, what=self.kind(kind), n=count, item=self.item(kind, name))

    def changed(self) -> Iterator[str]:
        if self.old is None:
            return
        old, new = self.old.purposes, self.new.purposes
        for key, purpose in new.items():
            what = say(purpose.text, self.lang)
            if key not in old:
                yield self.word("new_purpose", what=what, basis=say(BASES[purpose.basis], self.lang))
            else:
                yield from self._purpose(old[key], purpose, what)
        for key, purpose in old.items():
            if key not in new:
                yield self.word("no_purpose", what=say(purpose.text, self.lang))
        yield from self._roles(self.old)

    def _purpose(self, old: Purpose, new: Purpose, what: str) -> Iterator[str]:
        assert self.old is not None
        if old.basis != new.basis:
            words = {
                "new": say(BASES[new.basis], self.lang),
                "old": say(BASES[old.basis], self.lang),
            }
            yield self.word("basis", what=what, **words)
        before, after = self._periods(self.old), self._periods(self.new)
        was, will = ("; ".join(each.rule(keep) for keep in of.keep) for each, of in ((before, old), (after, new)))
        if was != will:
            none = self.word("no_keep")
            yield self.word("keep", what=what, new=will or none, old=was or none)
        if before.rows(old) != after.rows(new):
            yield self.word("rows", what=what, rows=after.rows(new) or self.word("no_keep"))
        if old.lasts != new.lasts:
            yield self.word("lasts", what=what)

    def _periods(self, register: Register) -> Periods:
        return Periods(register.notice, load.vocabulary(register.notice.vocabulary), self.w, staff=True)

    def _roles(self, old: Register) -> Iterator[str]:
        for key, lens in self.new.lenses.items():
            if key not in old.lenses:
                yield self.word("new_role", what=self.role(lens))
                continue
            more, less = self._seen(old.lenses[key], lens), self._seen(lens, old.lenses[key])
            if more:
                yield self.word("sees_more", what=self.role(lens), kinds=more)
            if less:
                yield self.word("sees_less", what=self.role(lens), kinds=less)
        for key, lens in old.lenses.items():
            if key not in self.new.lenses:
                yield self.word("no_role", what=self.role(lens))

    def _seen(self, before: CompiledLens, after: CompiledLens) -> str:
        """What a role sees after and did not before: whole kinds, or the items of one."""
        found = []
        for kind, items in after.shows.items():
            if kind not in before.shows:
                found.append(self.kind(kind))
            elif more := [self.item(kind, each) for each in items if each not in before.shows[kind]]:
                found.append(self.word("of", kind=self.kind(kind), items=", ".join(more)))
        return ", ".join(found)

    def sees(self) -> Iterator[str]:
        for lens in self.new.lenses.values():
            yield f"{self.role(lens)}: {self.w.listed(self.kind(key) for key in lens.shows)}"


def tell(old: Register | None, new: Register, steps: Sequence[tuple[Step, int]], lang: str) -> tuple[Part, ...]:
    """What the steps do, in ``fi`` or ``en``; each step comes with the number of rows that it takes something from.

    ``old`` is the register as it stands, None when there is none or another version built it. Where nothing of the
    data changes there is no part.
    """
    teller = _Teller(old, new, lang)
    first = old is None and any(step.verb == "create" for step, _ in steps)
    found = {
        "made": tuple(teller.made(steps)),
        "changed": tuple(teller.changed()),
        "erased": tuple(teller.erased(steps)),
        "sees": tuple(teller.sees()) if first else (),
    }
    return tuple(Part(teller.word(key), lines) for key, lines in found.items() if lines)


def tell_program(stored: Register, renewed: Register, steps: Sequence[tuple[Step, int]], lang: str) -> tuple[Part, ...]:
    """What comes of a new version of the program alone, as one part; none where there is nothing.

    ``stored`` is the notice that the register runs, ``renewed`` the same text read by this version: its vocabulary may
    say more. ``steps`` are those that the notice's own changes do not ask for.
    """
    teller = _Teller(stored, renewed, lang)
    lines = [
        teller.word("part", title=part.title, line=teller.w.low(line))
        for part in tell(stored, renewed, steps, lang)
        for line in part.lines
    ]
    aids = sum(not _of_notice(renewed, step) for step, _ in steps)
    if aids:
        lines.append(teller.word("aid" if aids == 1 else "aids", n=aids))
    return (Part(teller.word("program"), tuple(lines)),) if lines else ()


def _of_notice(register: Register, step: Step) -> bool:
    """Whether a step makes or takes what a notice names, and no aid of ours."""
    kind, _, name = step.target.partition(".")
    if step.verb == "erase" or (step.verb == "create" and kind in register.tables):
        return True
    column = register.tables[kind].column(name) if step.verb == "add" and kind in register.tables else None
    return column is not None and column.role in ("item", "reference")
