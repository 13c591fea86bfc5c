"""What every part of a rendered notice needs: the notice, the words of one language, and how facts are named in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache

from seloste.catalogue.load import vocabulary
from seloste.catalogue.model import PERSON, Item, Kind, Text
from seloste.law import retention
from seloste.law.rights import available
from seloste.notice.model import Notice, Party, Purpose, Ref, Source
from seloste.notice.render.citation import cite
from seloste.notice.render.model import Sign, Words, said
from seloste.notice.render.periods import Periods
from seloste.notice.render.wording import wording

SIGNS: dict[str, Sign] = {
    "consent": "consent",
    "contract": "contract",
    "company_contract": "contract",
    "legal_obligation": "law",
    "legitimate_interest": "interest",
    "public_task": "public",
    "vital": "vital",
}


class Teller:
    """One notice in one language. ``lang`` is one the notice is written in."""

    def __init__(self, notice: Notice, lang: str) -> None:
        self.notice = notice
        self.w = wording(lang)
        self.vocabulary = vocabulary(notice.vocabulary)
        self.periods = Periods(notice, self.vocabulary, self.w)

    # --- purposes -------------------------------------------------------------------------------------------------

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """The purposes the owner wrote, in his order."""
        return tuple(purpose for purpose in self.notice.purposes.values() if not purpose.built_in)

    def name(self, purpose: Purpose | str) -> str:
        """A purpose in words; a key that is none stands for itself."""
        found = self.notice.purposes.get(purpose) if isinstance(purpose, str) else purpose
        return self.w.pick(found.text) if found is not None else str(purpose)

    def names(self, purposes: Iterable[Purpose | str]) -> str:
        return self.w.listed(self.w.low(self.name(purpose)) for purpose in purposes)

    def with_basis(self, *bases: str) -> tuple[Purpose, ...]:
        return tuple(purpose for purpose in self.notice.purposes.values() if purpose.basis in bases)

    def objectable(self) -> tuple[Purpose, ...]:
        """Uses a person may object to for a reason of their own (Art. 21(1)); marketing is apart (21(2))."""
        return tuple(
            purpose
            for purpose in self.notice.purposes.values()
            if purpose.nature != "marketing" and available("object", purpose.basis) == "yes"
        )

    def marketing(self) -> tuple[Purpose, ...]:
        return tuple(purpose for purpose in self.notice.purposes.values() if purpose.nature == "marketing")

    def laws(self, purpose: Purpose) -> str:
        """The laws a purpose rests on: those it cites, else those its periods come from."""
        cited = [self._law(name) for name in purpose.law]
        return self.w.listed(cited or [end.law for end in self.periods.ends(purpose)])

    def _law(self, cited: str) -> str:
        """A citation in the language, where the vocabulary knows the act by its number; else as it is written."""
        if cited in retention.preset_names():
            return self.w.pick(retention.preset(cited).law)
        return cite(cited, self.vocabulary.texts.get("statutes", {}), self.w)

    # --- data items -----------------------------------------------------------------------------------------------

    def item(self, ref: Ref) -> str:
        """An item by its label; a reference to what a row belongs to by the label of that."""
        # What is used as it arrives and never stored is not among the notice's kinds.
        for kind in (self.notice.kinds.get(ref.kind), self.vocabulary.kinds.get(ref.kind)):
            if kind is not None and ref.item in kind.items:
                return self.w.low(self.w.pick(kind.items[ref.item].label))
        return self.w.low(self.periods.kind_label(ref.item))

    def item_of(self, ref: Ref) -> str:
        """An item with its kind: *carrier (order)*."""
        if ref.kind == PERSON:
            return self.item(ref)
        return self.w.say("naming.of", item=self.item(ref), kind=self.w.low(self.periods.kind_label(ref.kind)))

    def data(self, refs: Iterable[Ref]) -> str:
        """Items as a list: those of the person one by one, other kinds by their name with what is unusual."""
        by_kind: dict[str, list[Ref]] = {}
        for ref in refs:
            if self.of_house(ref.kind):
                continue
            by_kind.setdefault(ref.kind, []).append(ref)
        parts = [self.item(ref) for ref in by_kind.pop(PERSON, [])]
        parts += [self._kind_data(kind, found) for kind, found in by_kind.items()]
        return self.w.listed(parts)

    def _kind_data(self, key: str, refs: list[Ref]) -> str:
        name = self.w.low(self.periods.kind_plural(key))
        kind = self.notice.kinds.get(key)
        if kind is None:
            return name
        core = {item.key for item in kind.items.values() if not item.extra and not item.sensitive}
        used = {ref.item for ref in refs}
        # What a row points at is named by the kind it points at; of what every register has, the table tells the items.
        more = [
            self.item(ref)
            for ref in refs
            if ref.item not in core and ref.item in kind.items and kind.items[ref.item].type != "ref"
        ]
        if kind.built_in and core <= used:
            return name
        if core <= used:
            return self.w.say("naming.also", kind=name, items=self._joined(more)) if more else name
        only = [self.item(ref) for ref in refs if ref.item in kind.items]
        return self.w.say("naming.only", kind=name, items=self._joined(only)) if only else name

    def _joined(self, parts: list[str]) -> str:
        # Inside brackets there is no "and", so that the list around it stays one list.
        return " · ".join(parts)

    def item_label(self, item: Item) -> str:
        label = self.w.low(self.w.pick(item.label))
        return self.w.say("naming.sensitive", item=label) if item.sensitive or item.special else label

    def of_house(self, key: str) -> bool:
        """Whether rows of a kind are papers of the house and nobody's data, which a notice need not tell of."""
        return key in self.notice.kinds and self.notice.kinds[key].of_house

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The person first, then the others in the order the purposes name them, the built-in ones last."""
        refs = [
            ref
            for purpose in (*self.purposes, *self.notice.purposes.values())
            for ref in (*purpose.uses, *purpose.borrows)
        ]
        named = dict.fromkeys([PERSON, *(ref.kind for ref in refs), *self.notice.kinds])
        found = [self.notice.kinds[key] for key in named if key in self.notice.kinds and not self.of_house(key)]
        return tuple(sorted(found, key=lambda kind: kind.built_in))

    # --- parties --------------------------------------------------------------------------------------------------

    def country(self, code: str) -> str:
        """A country by its name in the language; the code when there is no name."""
        return _territories(self.w.lang).get(code, code)

    def party(self, party: Party) -> str:
        if party.country is None:
            return party.name
        return self.w.say("naming.of", item=party.name, kind=self.country(party.country))

    @property
    def day(self) -> dt.date:
        """The day the law is read on: when the notice begins to hold."""
        return self.notice.effective or dt.date(9999, 1, 1)

    @property
    def contact(self) -> str:
        """Where to turn, in a few words."""
        controller = self.notice.controller
        places = (controller.contact_email or controller.email, controller.contact_phone or controller.phone)
        return self.w.listed([place for place in places if place], "or") or (controller.address or controller.name)

    # --- texts ----------------------------------------------------------------------------------------------------

    def vocabulary_text(self, section: str, key: str) -> str:
        """A text of the vocabulary, ``recipients_when`` or ``never``; the key where it has none."""
        found = getattr(self.vocabulary, section).get(key)
        return self.w.pick(found["text"]) if found is not None else key

    def shared_text(self, section: str, key: str) -> str:
        """A text that notice, screens and letters share; the key where there is none."""
        found = self.vocabulary.texts.get(section, {})
        return self.w.pick(found[key]) if key in found else key

    def source(self, source: Source) -> str:
        """A source as the person it brought data of hears it: *from you*, where the vocabulary's own words stand."""
        known = self.vocabulary.sources.get(source.key, {})
        same = known.get("text") == source.text or self.pick(known.get("text")) == self.pick(source.text)
        return self.pick(known["said"] if same and "said" in known else source.text)

    def paragraph(self, heading: str) -> Words | None:
        """The owner's own sentences under a heading."""
        text = self.notice.paragraphs.get(heading)
        return said(f"paragraphs.{heading}", self.w.pick(text)) if text else None

    def duration(self, word: str) -> str:
        """How long a cookie stays: ``session`` or a period as ``12 months``."""
        if word == "session":
            return self.w.say("unit.session")
        amount, _, unit = word.partition(" ")
        match unit.removesuffix("s"):
            case ("hour" | "day" | "month" | "year") as known if amount.isdigit():
                return self.w.length(int(amount), known)
        return word

    def sister(self, register: str | None) -> str | None:
        """Where the notice of another register of this deployment stands, seen from this one's."""
        return f"../{register}/{self.w.lang}" if register else None

    def pick(self, text: Text | None) -> str:
        return self.w.pick(text)


@cache
def _territories(lang: str) -> dict[str, str]:
    from babel import Locale

    return dict(Locale.parse(lang).territories)
