"""The record as JSON-LD in the terms of the Data Privacy Vocabulary: for programs that compare or gather records.

Words stand in every language of the notice. Parts of the record have no addresses of their own, so their nodes are
blank; the record is known by the content hash of the notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from seloste.catalogue.model import Item, Text
from seloste.law import rights
from seloste.notice.fields import ON_INTEREST
from seloste.notice.model import Notice, Party, Processor, Purpose, Recipient, Ref
from seloste.notice.record.make import people_of, processors_of, recipients_of
from seloste.notice.record.terms import Terms, terms
from seloste.notice.render.periods import Periods
from seloste.notice.render.tell import Teller
from seloste.notice.render.transfers import goings
from seloste.notice.render.wording import LANGUAGES

Node = dict[str, Any]


def dpv(notice: Notice) -> Node:
    """The record of a notice as one JSON-LD document; every term is one of :func:`terms`."""
    return _Writer(notice, terms()).document()


class _Writer:
    def __init__(self, notice: Notice, known: Terms) -> None:
        self.notice, self.terms = notice, known
        self.tellers = {lang: Teller(notice, lang) for lang in notice.languages if lang in LANGUAGES}
        self.first = next(iter(self.tellers.values()))

    def document(self) -> Node:
        notice = self.notice
        return {
            "@context": {
                **self.terms.prefixes,
                "dct": "http://purl.org/dc/terms/",
                "title": {"@id": "dct:title", "@container": "@language"},
                "description": {"@id": "dct:description", "@container": "@language"},
            },
            "@type": "dpv:ROPA",
            "dct:identifier": f"{notice.register} {notice.digest}",
            "dct:conformsTo": {"@id": self.terms.source},
            **({"dct:valid": notice.effective.isoformat()} if notice.effective else {}),
            "title": self.text(notice.title),
            **self.controller(),
            "dpv:hasTechnicalOrganisationalMeasure": [
                _node(self.terms.measure.get(one.key, "dpv:TechnicalOrganisationalMeasure"), title=self.text(one.text))
                for one in notice.security
            ],
            "dpv:hasProcess": [self.process(purpose) for purpose in notice.purposes.values()],
        }

    def text(self, text: Text | None) -> dict[str, str]:
        """A text of the notice in each language it has; other languages of the notice are left out."""
        return {lang: text[lang] for lang in self.tellers if text and text.get(lang)}

    def controller(self) -> Node:
        controller = self.notice.controller
        contact = controller.contact_email or controller.email or controller.contact_phone or controller.phone
        own = _node(
            "dpv:DataController",
            **{"dpv:hasName": controller.name, "dpv:hasAddress": controller.address, "dpv:hasContact": contact},
        )
        if controller.representative:
            own["dpv:hasRepresentative"] = _node("dpv:Representative", title=self.text(controller.representative))
        if controller.data_protection_officer:
            own["dpv:hasDataProtectionOfficer"] = _node(
                "dpv:DataProtectionOfficer", title=self.text(controller.data_protection_officer)
            )
        found: Node = {"dpv:hasDataController": own}
        if controller.joint:
            joint = [self.party("dpv:DataController", party) for party in controller.joint]
            found["dpv:hasJointDataControllers"] = _node(
                "dpv:JointDataControllers", **{"dpv:hasDataController": [own, *joint]}
            )
        if controller.processor:
            found["dpv:hasDataProcessor"] = _node(
                "dpv:DataProcessor",
                **{"dpv:hasName": controller.processor, "dpv:hasContact": controller.processor_contact},
            )
        return found

    def process(self, purpose: Purpose) -> Node:
        bases = [self.terms.basis[purpose.basis]]
        if purpose.special and purpose.special in self.terms.special:
            bases.append(self.terms.special[purpose.special])
        kind = self.terms.purpose.get(purpose.preset or purpose.key) or self.terms.nature.get(
            purpose.nature, "dpv:Purpose"
        )
        interest = purpose.interest if purpose.basis in ON_INTEREST else None
        used = dict.fromkeys((*purpose.uses, *purpose.borrows, *purpose.at_intake))
        return _node(
            "dpv:Process",
            **{
                "dct:identifier": purpose.key,
                "dpv:hasPurpose": _node(kind, title=self.text(purpose.text), description=self.text(interest)),
                "dpv:hasLegalBasis": [{"@id": term} for term in bases],
                "dpv:hasDataSubject": [
                    _node("dpv:DataSubject", title=self.text(one.text)) for one in people_of(self.notice, purpose)
                ],
                "dpv:hasPersonalData": self.data(used),
                "dpv:hasRecipient": [self.recipient(one) for one in recipients_of(self.notice, purpose)],
                "dpv:hasDataProcessor": [self.processor(one) for one in processors_of(self.notice, purpose)],
                "dpv:hasProcessing": self.transfers(purpose),
                "dpv:hasStorageCondition": self.keeps(purpose),
                "dpv:hasRight": [{"@id": term} for term in self.rights(purpose)],
            },
        )

    def data(self, refs: Iterable[Ref]) -> list[Node]:
        """Items by their term; those of a kind that have none together, by the kind's name.

        Rows of nobody are no personal data, unless a purpose uses nothing else: a recording may show anybody.
        """
        found: dict[tuple[str, ...], tuple[bool, Node]] = {}
        for ref in refs:
            kind = self.notice.kinds.get(ref.kind)
            item = kind.items.get(ref.item) if kind is not None else None
            if kind is None or item is None or item.type == "ref":
                continue
            plain = item.dpv is None and not item.sensitive and not item.special
            key = (ref.kind,) if plain else (ref.kind, ref.item)
            label = kind.plural if plain else item.label
            somebodys = kind.about != "nobody" or kind.owner_item is not None
            found.setdefault(key, (somebodys, _node(self.types(item), title=self.text(label))))
        personal = [node for somebodys, node in found.values() if somebodys]
        return personal or [node for _, node in found.values()]

    def types(self, item: Item) -> list[str]:
        made = [self.terms.item(item.dpv)] if item.dpv else ["dpv:PersonalData"]
        if item.special:
            made.append("dpv:SpecialCategoryPersonalData")
        elif item.sensitive:
            made.append("dpv:SensitivePersonalData")
        return made

    def recipient(self, one: Recipient) -> Node:
        made = _node("dpv:Authority" if one.authority else "dpv:Recipient", title=self.text(one.text))
        if one.who and one.who_from is None:
            made["dpv:hasRecipient"] = [self.party("dpv:Recipient", party) for party in one.who]
        return made | self.country(one.country)

    def processor(self, one: Processor) -> Node:
        made = _node("dpv:DataProcessor", title=self.text(one.does), **{"dpv:hasName": one.name})
        if one.sub_processors:
            made["dpv:hasDataProcessor"] = [self.party("dpv:DataSubProcessor", party) for party in one.sub_processors]
        return made | self.country(one.country)

    def party(self, kind: str, party: Party) -> Node:
        return _node(kind, **{"dpv:hasName": party.name}) | self.country(party.country)

    def country(self, code: str | None, relation: str = "dpv:hasCountry") -> Node:
        term = f"loc:{code}"
        return {relation: {"@id": term}} if code and term in self.terms.known else {}

    def transfers(self, purpose: Purpose) -> list[Node]:
        keys = {one.key for one in recipients_of(self.notice, purpose)}
        keys |= {one.key for one in processors_of(self.notice, purpose)}
        told = {lang: goings(t, only=keys) for lang, t in self.tellers.items()}
        made = []
        for number, going in enumerate(told[next(iter(told))]):
            words = {lang: found[number].line for lang, found in told.items()}
            node = _node("dpv:Transfer", description=words) | self.country(going.country, "dpv:hasThirdCountry")
            if going.mechanism and going.mechanism in self.terms.safeguard:
                node["dpv:hasLegalBasis"] = {"@id": self.terms.safeguard[going.mechanism]}
            made.append(node)
        return made

    def keeps(self, purpose: Purpose) -> list[Node]:
        made = []
        for keep in purpose.keep:
            if self.first.of_house(keep.matter):
                continue
            words = {
                lang: t.w.say(
                    "record.keep_each",
                    matter=t.periods.kind_plural(keep.matter),
                    rule=Periods(self.notice, t.vocabulary, t.w, staff=True).rule(keep),
                )
                for lang, t in self.tellers.items()
            }
            made.append(
                _node(
                    "dpv:StorageDuration",
                    **{"dpv:hasDuration": _node("dpv:UntilEventDuration", description=words)},
                )
            )
        return made

    def rights(self, purpose: Purpose) -> tuple[str, ...]:
        """The rights that the law's table gives or may give under the basis; marketing is objected to by its own."""
        having = [
            key
            for key in rights.rights()
            if rights.available(key, purpose.basis) != "no"
            and (key != "object_marketing" or purpose.nature == "marketing")
        ]
        return tuple(dict.fromkeys(term for key in having for term in self.terms.right.get(key, ())))


def _node(kind: str | list[str], **more: Any) -> Node:
    """A node of a type; what is empty is left out."""
    facts: Mapping[str, Any] = {key: value for key, value in more.items() if value}
    return {"@type": kind, **facts}
