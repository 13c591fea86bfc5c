"""The expanded notice as plain mappings: what ``show --expanded`` prints and what the content hash is taken over.

Written in the notice's own format, so that the expansion of an expansion is the same. Places and texts in languages the
notice is not published in are left out: neither is part of what is promised.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from seloste.catalogue.model import Item, Kind, Text
from seloste.notice.keep import say_period, say_term
from seloste.notice.model import Keep, Notice, Party, Purpose, Ref, Term


def digest(notice: Notice) -> str:
    """SHA-256 (hex) over the canonical JSON of the expanded notice."""
    whole = as_mapping(notice)
    # What a finding is accepted for is a note of the owner to himself, no promise to anybody.
    whole.pop("accept", None)
    data = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()


def as_mapping(notice: Notice) -> dict[str, Any]:
    """The notice as mappings, lists, strings and booleans; keys in the order of the format, absent things left out."""
    return _Writer(notice).whole()


class _Writer:
    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        self.languages = notice.languages

    def whole(self) -> dict[str, Any]:
        notice = self.notice
        return _said(
            seloste=1,
            vocabulary=notice.vocabulary,
            register=notice.register,
            title=self.text(notice.title),
            languages=list(notice.languages),
            effective=notice.effective.isoformat() if notice.effective else None,
            controller=self.controller(),
            requests=dict(notice.requests),
            people=self.people(),
            kinds={key: self.kind(kind) for key, kind in notice.kinds.items()},
            purposes={key: self.purpose(purpose) for key, purpose in notice.purposes.items()},
            processors=self.processors(),
            recipients=self.recipients(),
            sources=self.sources(),
            staff=self.staff(),
            never=list(notice.never),
            proofs=list(notice.proofs),
            gives_more=self.gives_more(),
            security=self.security(),
            paragraphs={key: self.text(text) for key, text in notice.paragraphs.items()},
            forms=self.forms(),
            embeds=self.embeds(),
            cookies=self.cookies(),
            see_also=self.see_also(),
            accept=[_said(code=known.code, at=known.at, because=self.text(known.because)) for known in notice.accepted],
        )

    def text(self, text: Text | None) -> dict[str, str] | None:
        if not text:
            return None
        return {language: text[language] for language in self.languages if language in text} or None

    def people(self) -> dict[str, Any]:
        return {
            category.key: _said(
                text=self.text(category.text),
                tie=_tie(category.tie, category.required),
                through=category.through,
                youngest=str(category.youngest) if category.youngest else None,
            )
            for category in self.notice.categories
        }

    def processors(self) -> dict[str, Any]:
        return {
            processor.key: _said(
                name=processor.name,
                does=self.text(processor.does),
                country=processor.country,
                safeguard=processor.safeguard,
                **{"for": list(processor.purposes)},
                sub_processors=_parties(processor.sub_processors),
                agreement=processor.agreement,
            )
            for processor in self.notice.processors
        }

    def recipients(self) -> dict[str, Any]:
        return {
            recipient.key: _said(
                text=self.text(recipient.text),
                who=str(recipient.who_from) if recipient.who_from else _parties(recipient.who),
                **{"is": "authority" if recipient.authority else None, "for": list(recipient.purposes)},
                country=str(recipient.country_from) if recipient.country_from else recipient.country,
                gets=_refs(recipient.gets),
                when=recipient.when,
                safeguard=recipient.safeguard,
            )
            for recipient in self.notice.recipients
        }

    def sources(self) -> dict[str, Any]:
        return {
            source.key: {
                "text": self.text(source.text),
                "art14": source.art14,
                "public": source.public,
                **_said(items=_refs(source.items)),
            }
            for source in self.notice.sources.values()
        }

    def staff(self) -> dict[str, Any]:
        return {
            lens.key: _said(
                text=self.text(lens.text),
                **{"for": list(lens.purposes)},
                only=str(lens.only) if lens.only else None,
            )
            for lens in self.notice.staff.values()
        }

    def security(self) -> dict[str, Any]:
        return {
            measure.key: _said(
                text=self.text(measure.text),
                by=self.text(measure.by_text),
                at=measure.on.isoformat() if measure.on else None,
                next_check=measure.next_check.isoformat() if measure.next_check else None,
            )
            for measure in self.notice.security
        }

    def forms(self) -> dict[str, Any]:
        return {
            form.key: _said(text=self.text(form.text), items=_refs(form.items), **{"for": list(form.purposes)})
            for form in self.notice.forms
        }

    def embeds(self) -> dict[str, Any]:
        return {
            embed.key: _said(
                text=self.text(embed.text),
                provider=embed.provider,
                privacy_url=embed.privacy_url,
                country=embed.country,
            )
            for embed in self.notice.embeds
        }

    def cookies(self) -> list[Any]:
        return [
            _said(
                name=cookie.name,
                provider=cookie.provider,
                text=self.text(cookie.text),
                purpose=cookie.purpose,
                duration=cookie.duration,
                necessary=cookie.necessary,
            )
            for cookie in self.notice.cookies
        ]

    def see_also(self) -> list[Any]:
        return [
            _said(text=self.text(other.text), url=other.url, register=other.register) for other in self.notice.see_also
        ]

    def controller(self) -> dict[str, Any]:
        of = self.notice.controller
        ends = of.financial_year_ends
        return _said(
            name=of.name,
            business_id=of.business_id,
            address=of.address,
            email=of.email,
            phone=of.phone,
            web=of.web,
            contact=_said(role=self.text(of.contact_role), email=of.contact_email, phone=of.contact_phone),
            financial_year_ends=f"{ends[0]:02}-{ends[1]:02}" if ends else None,
            group=_parties(of.group),
            data_protection_officer=self.text(of.data_protection_officer),
            representative=self.text(of.representative),
            joint=_parties(of.joint),
            arrangement=self.text(of.arrangement),
            each=of.each,
            processor=of.processor_key or of.processor,
            processor_contact=of.processor_contact,
        )

    def purpose(self, of: Purpose) -> dict[str, Any]:
        return _said(
            text=self.text(of.text),
            basis=of.basis,
            **{"is": of.nature},
            interest=self.text(of.interest),
            balancing=self.text(of.balancing),
            law=list(of.law),
            uses=_refs(of.uses),
            borrows=_refs(of.borrows),
            keep=_keeps(of.keep),
            at_most={limit.kind: say_period(limit.amount, limit.unit) for limit in of.at_most},
            channels=dict(of.channels),
            senders=list(of.senders),
            consent=self.text(of.consent),
            lasts=say_period(*of.lasts) if of.lasts else None,
            confirm=of.confirm,
            per=of.per,
            only_during=of.only_during,
            longest=say_period(*of.longest) if of.longest else None,
            becomes=of.becomes,
            at_intake=_refs(of.at_intake),
            needed_for=self.text(of.needed_for),
            special=of.special,
            identity_code=of.identity_code_ground,
            profiling=self.text(of.profiling),
        )

    def kind(self, of: Kind) -> dict[str, Any]:
        return _said(
            label=self.text(of.label),
            plural=self.text(of.plural),
            about=of.about,
            of=list(of.of),
            tie=of.tie or None,
            optional_of=list(of.optional_of),
            only_with={end: list(items) for end, items in of.only_with.items()},
            act=of.act,
            dated=of.dated,
            due=of.due,
            done=of.done,
            assigned=of.assigned,
            title=list(of.title),
            owner_item=of.owner_item,
            subject=of.subject or None,
            items={key: self.item(item) for key, item in of.items.items()},
            groups={key: list(items) for key, items in of.groups.items()},
        )

    def item(self, of: Item) -> dict[str, Any]:
        flags = [
            flag
            for flag, there in (
                ("*", of.many),
                ("+", of.extra),
                ("S", of.sensitive),
                ("T", of.free_text),
                (">", of.refers_to == "person"),
                ("!", of.special),
            )
            if there
        ]
        return _said(
            type=of.refers_to or of.type,
            label=self.text(of.label),
            flags=" ".join(flags) or None,
            options={option.key: self.text(option.label) or {} for option in of.options},
            dpv=of.dpv,
        )

    def gives_more(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in self.notice.gives_more.items():
            if key == "answer_within" and isinstance(value, tuple):
                found[key] = say_period(*value)
            else:
                found[key] = list(value) if isinstance(value, tuple) else value
        return found


def _said(**facts: Any) -> dict[str, Any]:
    """Without what is not said."""
    return {key: value for key, value in facts.items() if value is not None and value not in ([], {}, ())}


def _refs(refs: Iterable[Ref]) -> list[str]:
    return [str(ref) for ref in refs]


def _parties(parties: Iterable[Party]) -> list[str]:
    return [f"{party.name} ({party.country})" if party.country else party.name for party in parties]


def _tie(tie: str | None, required: tuple[str, ...]) -> str:
    return " ".join([tie or "none", *(f"!{end}" for end in required)])


def _keeps(keeps: tuple[Keep, ...]) -> Mapping[str, str]:
    return {keep.matter: say_keep(keep) for keep in keeps}


def say_keep(keep: Keep) -> str:
    """A keep rule in its own language, all its terms written out."""
    if keep.base is None:
        return "until withdrawn"

    def said(term: Term, lead: str = "") -> str:
        return f"{lead}{say_term(term)}"

    parts = [
        said(keep.base),
        *(said(term, "at least ") for term in keep.at_least),
        *(said(term, "at most ") for term in keep.at_most),
    ]
    return ", ".join(parts)


def as_yaml(notice: Notice) -> str:
    """The expanded notice as YAML, one thing a line, in the order of the format."""
    from io import StringIO

    from ruamel.yaml import YAML

    writer = YAML(pure=True)
    writer.width = 4096
    writer.indent(mapping=2, sequence=4, offset=2)
    made = StringIO()
    writer.dump(as_mapping(notice), made)
    return made.getvalue()
