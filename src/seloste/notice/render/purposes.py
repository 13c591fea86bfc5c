"""One section for each purpose: what is used, on which ground, until when, who gets it, and the right to object."""

from __future__ import annotations

from seloste.law import identity_code
from seloste.notice.model import Purpose
from seloste.notice.render.model import Block, Bullets, Note, Paragraph, Section, Stamp, Stamps, words
from seloste.notice.render.tell import SIGNS, Teller

MOST_STAMPS = 3
"""A purpose with more matters than this has said its periods in a list already."""
MOST_NAMED = 4
"""So many recipients are named in the wording of a consent asked for each."""


def purpose_sections(t: Teller) -> tuple[Section, ...]:
    """The owner's purposes in his order, then what every register has."""
    ordered = (*t.purposes, *(purpose for purpose in t.notice.purposes.values() if purpose.built_in))
    return tuple(
        Section(f"purpose-{purpose.key}", t.name(purpose), _blocks(t, purpose), purpose.key) for purpose in ordered
    )


def _blocks(t: Teller, purpose: Purpose) -> tuple[Block, ...]:
    blocks: list[Block] = [Paragraph(words(" ".join(_what(t, purpose) + _ground(t, purpose))))]
    blocks += [Paragraph(words(text)) for text in _special(t, purpose)]
    if channels := _channels(t, purpose):
        blocks.append(Paragraph(words(" ".join(channels))))
    blocks += _keeps(t, purpose)
    who = [t.w.low(t.pick(one.text)) for one in t.notice.recipients if purpose.key in one.purposes]
    if who:
        blocks.append(Paragraph(words(t.w.say("purposes.recipients", who=t.w.listed(who)))))
    if len(purpose.keep) <= MOST_STAMPS:
        blocks.append(_stamps(t, purpose))
    blocks += _objection(t, purpose)
    return tuple(blocks)


def _what(t: Teller, purpose: Purpose) -> list[str]:
    said = []
    if purpose.uses:
        said.append(t.w.say("purposes.data", items=t.data(purpose.uses)))
    if purpose.borrows:
        said.append(
            t.w.say("purposes.borrowed_too" if purpose.uses else "purposes.borrowed", items=t.data(purpose.borrows))
        )
    if purpose.at_intake:
        said.append(t.w.say("purposes.at_intake", items=t.w.listed(t.item_of(ref) for ref in purpose.at_intake)))
    return said


def _ground(t: Teller, purpose: Purpose) -> list[str]:
    say = t.w.say
    interest = t.pick(purpose.interest)
    match purpose.basis:
        case "consent":
            wording = _wording(t, purpose)
            said = [say("purposes.consent", wording=wording) if wording else say("purposes.consent_bare")]
            if purpose.per is not None:
                said.append(say(f"purposes.per_{purpose.per}"))
            if purpose.confirm == "email":
                said.append(say("purposes.confirm"))
            if purpose.lasts is not None:
                said.append(say("purposes.lasts", period=t.w.period(*purpose.lasts)))
            return said + [say("purposes.lasts_none")] * (purpose.lasts is None)
        case "company_contract" if interest:
            return [say("purposes.company_contract_with", interest=t.w.inner(interest))]
        case "legitimate_interest":
            return [say("purposes.legitimate_interest", interest=t.w.inner(interest))]
        case "legal_obligation" | "public_task":
            return [say(f"purposes.{purpose.basis}", law=t.laws(purpose))]
        case _:
            return [say(f"purposes.{purpose.basis}")]


def _wording(t: Teller, purpose: Purpose) -> str:
    """What a person says yes to; where it is asked for each recipient, with their names."""
    names = [party.name for one in t.notice.recipients if purpose.key in one.purposes for party in one.who]
    asked = t.w.listed(names, "or") if 0 < len(names) <= MOST_NAMED else t.w.say("naming.somebody")
    return t.pick(purpose.consent).replace("{recipient}", asked)


def _special(t: Teller, purpose: Purpose) -> list[str]:
    say = t.w.say
    said = []
    if purpose.identity_code_ground is not None:
        said.append(say("purposes.identity_code", ground=t.pick(identity_code.use(purpose.identity_code_ground).text)))
    if purpose.special is not None:
        said.append(say("purposes.special", ground=t.shared_text("special_grounds", purpose.special)))
    if purpose.only_during is not None:
        during = say("purposes.only_during", what=t.w.low(t.periods.kind_label(purpose.only_during)))
        if purpose.longest is not None:
            during += " " + say("purposes.longest", period=t.w.period(*purpose.longest))
        said.append(during)
    if purpose.becomes is not None:
        said.append(say("purposes.becomes"))
    if purpose.profiling:
        said.append(say("purposes.profiling", text=t.pick(purpose.profiling)))
    youngest = [category.youngest for category in t.notice.categories if category.youngest is not None]
    if purpose.basis == "consent" and youngest:
        said.append(say("purposes.youngest", years=min(youngest)))
    return said


def _channels(t: Teller, purpose: Purpose) -> list[str]:
    said = []
    for rests in ("consent", "interest"):
        channels = [t.w.low(t.vocabulary_text("channels", key)) for key, on in purpose.channels.items() if on == rests]
        # Under a consent the wording has said it already.
        if channels and purpose.basis != "consent":
            said.append(t.w.say(f"purposes.channels_{rests}", channels=t.w.listed(channels)))
        if rests == "consent" and channels and purpose.basis != "consent" and purpose.consent:
            said.append(t.w.say("purposes.channels_wording", wording=_wording(t, purpose)))
    if "group" in purpose.senders:
        said.append(t.w.say("purposes.senders_group"))
    return said


def _keeps(t: Teller, purpose: Purpose) -> list[Block]:
    blocks: list[Block] = []
    if len(purpose.keep) == 1:
        base = purpose.keep[0].base
        key = "keep.one_until" if base is None or (base.amount == 0 and base.preset is None) else "keep.one"
        text = t.w.say(key, rule=t.periods.rule(purpose.keep[0]))
        blocks.append(Paragraph(words(" ".join(part for part in (text, t.periods.rows(purpose)) if part))))
    elif purpose.keep:
        blocks.append(Paragraph(words(t.w.say("keep.many"))))
        each = (
            t.w.say("keep.each", matter=t.periods.kind_plural(keep.matter), rule=t.periods.rule(keep))
            for keep in purpose.keep
            if not t.of_house(keep.matter)
        )
        blocks.append(Bullets(tuple(words(t.w.sentence(line)) for line in each)))
        if rows := t.periods.rows(purpose):
            blocks.append(Paragraph(words(rows)))
    if purpose.nature == "claims" and not purpose.built_in:
        blocks.append(Paragraph(words(t.w.say("purposes.claims"))))
    return blocks


def _stamps(t: Teller, purpose: Purpose) -> Stamps:
    sign = SIGNS[purpose.basis]
    ground = t.w.say(f"basis.{purpose.basis}")
    ends = t.periods.ends(purpose)
    if not ends:
        return Stamps((Stamp(sign, ground, "none", t.w.say("keep.short_borrowed")),))
    several = len(ends) > 1
    made = []
    for keep, end in zip(purpose.keep, ends, strict=True):
        name = t.w.say("colon", label=ground, text=t.w.low(t.periods.kind_plural(keep.matter))) if several else ground
        made.append(Stamp(sign, name, end.sort, end.text, end.law))
    return Stamps(tuple(made))


def _objection(t: Teller, purpose: Purpose) -> list[Block]:
    if purpose.nature == "marketing":
        return [Note(t.w.say("object.short"), (words(t.w.say("object.short_marketing")),))]
    if purpose in t.objectable() and not purpose.built_in:
        return [Note(t.w.say("object.short"), (words(t.w.say("object.short_why")),))]
    return []
