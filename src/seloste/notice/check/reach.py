"""Whom each role finds: a row about a person is written to somebody the role sees already.

A purpose sees a person while one of its matters is theirs (sentence 3 of ``docs/why/one-rule.md``). Who acts only for
bookkeeping sees those of whom an invoice is written, and therefore cannot write the first one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from seloste.catalogue.model import PERSON, Kind, Text
from seloste.notice.findings import Finding, found, rule
from seloste.notice.model import Lens, Notice, Purpose

NOBODY_BEGINS = rule(
    "A12-nobody-begins",
    "warning",
    en="No role can write the first {what} of anybody: those that act for `{key}` find a person only once there is "
    "one.",
    fi="Mikään tehtävä ei voi kirjata kenellekään ensimmäistä: {what}. Tarkoituksessa `{key}` toimivat löytävät "
    "ihmisen vasta, kun sellainen on.",
    help_en="Give one role under `staff:` both `{key}` and what shows it people: {seers}.",
    help_fi="Anna yhdelle kohdan `staff:` tehtävälle sekä `{key}` että se, mikä näyttää sille ihmiset: {seers}.",
    law="Art. 25(2), 29",
)
NOBODY_TAKES_YES = rule(
    "A13-nobody-takes-a-yes",
    "warning",
    en="No role can write down a yes to `{key}`: those that act for it find only people who have said yes already. The "
    "yes can come only from a form of yours or from the person's own page.",
    fi="Mikään tehtävä ei voi kirjata suostumusta tarkoitukseen `{key}`: siinä toimivat löytävät vain ne, jotka ovat "
    "jo suostuneet. Suostumus voi tulla vain lomakkeeltanne tai ihmisen omalta sivulta.",
    help_en="Give one role under `staff:` both `{key}` and what shows it people: {seers}.",
    help_fi="Anna yhdelle kohdan `staff:` tehtävälle sekä `{key}` että se, mikä näyttää sille ihmiset: {seers}.",
    law="Art. 25(2), 29",
)
ROLE_WAITS = rule(
    "A14-role-finds-nobody",
    "note",
    en="The role `{key}` finds a person only once another role has written something of them ({what}): it finds no "
    "other people and can add nobody.",
    fi="Tehtävä `{key}` löytää ihmisen vasta, kun toinen tehtävä on kirjannut hänestä jotakin ({what}): muita se ei "
    "löydä eikä ketään lisää.",
    help_en="Add what shows it people ({seers}), or accept this if the role only looks after what others write.",
    help_fi="Lisää sille se, mikä näyttää ihmiset ({seers}), tai hyväksy tämä, jos tehtävä vain hoitaa toisten "
    "kirjaamaa.",
    law="Art. 25(2), 29",
)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a purpose writes of people: rows of a kind, or (``yes`` names the purpose) that somebody says yes."""

    kind: str
    yes: str = ""


def findings(notice: Notice) -> Iterator[Finding]:
    reach = Reach(notice)
    seers = ", ".join(f"`{key}`" for key in reach.seers)
    if "staff" not in notice.places or not seers:
        return
    begun = reach.begun()
    told: set[Matter] = set()
    for purpose in notice.purposes.values():
        for matter in reach.matters(purpose) if reach.acting(purpose) else ():
            if matter not in begun and matter not in told:
                told.add(matter)
                why = NOBODY_TAKES_YES if matter.yes else NOBODY_BEGINS
                yield found(why, notice, "staff", key=purpose.key, what=reach.said([matter]), seers=seers)
    for lens in notice.staff.values():
        if waits := reach.waits_for(lens, begun):
            yield found(ROLE_WAITS, notice, f"staff.{lens.key}", key=lens.key, what=reach.said(waits), seers=seers)


class Reach:
    """Who may write what of a person, by the kinds, purposes and roles of one notice."""

    def __init__(self, notice: Notice) -> None:
        self.notice, self.kinds = notice, notice.kinds
        self.ties = {one.tie for one in notice.categories if one.tie and not one.through and self._enters(one.tie)}
        """Kinds that a person comes in with: somebody is a customer by such a row."""
        self.seers = [
            each.key
            for each in notice.purposes.values()
            if self._shows(each) and any(matter.kind in self.ties for matter in self.matters(each))
        ]
        """The purposes that show people whom somebody adds."""

    def _enters(self, tie: str) -> bool:
        kind = self.kinds.get(tie)
        return kind is not None and self._of_people(kind)

    def _of_people(self, kind: Kind) -> bool:
        return not kind.built_in and not kind.subject and PERSON in kind.of

    def _shows(self, purpose: Purpose) -> bool:
        return not purpose.built_in and any(ref.kind == PERSON for ref in purpose.uses)

    def acting(self, purpose: Purpose) -> list[Lens]:
        """The roles that act for a purpose of the owner's."""
        every = self.notice.staff.values()
        return [] if purpose.built_in else [lens for lens in every if purpose.key in lens.purposes]

    def matters(self, purpose: Purpose) -> Iterator[Matter]:
        """What a purpose writes of people; not a recording that the person's own device makes."""
        for keep in purpose.keep:
            kind = self.kinds.get(keep.matter)
            if keep.base is None:
                if self._shows(purpose):
                    yield Matter(keep.matter, purpose.key)
            elif kind is not None and self._of_people(kind) and kind.key != purpose.only_during:
                yield Matter(kind.key)

    def begun(self) -> set[Matter]:
        """The matters whose first row some role can write."""
        made: set[Matter] = set()
        while True:
            more = {
                matter
                for purpose in self.notice.purposes.values()
                for lens in self.acting(purpose)
                for matter in self.matters(purpose)
                if matter not in made and self.begins(lens, matter, made)
            }
            if not more:
                return made
            made |= more

    def begins(self, lens: Lens, matter: Matter, made: Collection[Matter]) -> bool:
        """Whether a role that acts for a matter's purpose sees what its first row belongs to, or brings the person."""
        if matter.yes:
            return self.sees(lens, made)
        if matter.kind in self.ties:
            return True
        return any(self._belongs(lens, parent, made) for parent in self.kinds[matter.kind].of if parent in self.kinds)

    def _belongs(self, lens: Lens, parent: str, made: Collection[Matter]) -> bool:
        if parent == PERSON:
            return self.sees(lens, made)
        held = any(ref.kind == parent for purpose in self._of(lens) for ref in (*purpose.uses, *purpose.borrows))
        return held and (self.kinds[parent].about == "nobody" or Matter(parent) in made)

    def sees(self, lens: Lens, made: Collection[Matter]) -> bool:
        """Whether a role sees some people, when ``made`` is what can be written of them."""
        for purpose in self._of(lens):
            if self._shows(purpose) and any(matter in made for matter in self.matters(purpose)):
                return True
            # What another purpose holds is seen by a borrower, but for one that needs a yes.
            if made and purpose.basis != "consent" and any(ref.kind == PERSON for ref in purpose.borrows):
                return True
        return False

    def _of(self, lens: Lens) -> list[Purpose]:
        return [self.notice.purposes[key] for key in lens.purposes if key in self.notice.purposes]

    def waits_for(self, lens: Lens, begun: Collection[Matter]) -> list[Matter]:
        """What others must write before a role sees anybody; empty for one that writes a first row itself."""
        mine = [matter for purpose in self._of(lens) for matter in self.matters(purpose)]
        borrows = any(ref.kind == PERSON for purpose in self._of(lens) for ref in purpose.borrows)
        shows = any(self._shows(purpose) for purpose in self._of(lens))
        if lens.only is not None or borrows or not shows:
            return []
        if any(self.begins(lens, matter, [each for each in begun if each != matter]) for matter in mine):
            return []
        return list(dict.fromkeys(matter for matter in mine if matter in begun))

    def said(self, matters: Collection[Matter]) -> Text:
        """Matters in words: ``invoice``; a yes by the name of its purpose."""
        words = {lang: [self._word(matter, lang) for matter in matters] for lang in ("fi", "en")}
        return {lang: ", ".join(dict.fromkeys(each)) for lang, each in words.items()}

    def _word(self, matter: Matter, lang: str) -> str:
        label = self.notice.purposes[matter.yes].text if matter.yes else self.kinds[matter.kind].label
        return str(label.get(lang) or next(iter(label.values()), matter.kind)).lower()
