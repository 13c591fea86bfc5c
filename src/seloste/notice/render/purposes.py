"""One section for each purpose: what is used, on which ground, until when, who gets it, and the right to object."""

from __future__ import annotations

from seloste.law import identity_code
from seloste.notice.model import Purpose
from seloste.notice.render.model import Block, Bullets, Note, Paragraph, Section, Stamp, Stamps, Words, said, together
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
    blocks: list[Block] = [Paragraph(together(*_what(t, purpose), *_ground(t, purpose)))]
    blocks += [Paragraph(line) for line in _special(t, purpose)]
    if channels := _channels(t, purpose):
        blocks.append(Paragraph(together(*channels)))
    blocks += _keeps(t, purpose)
    who = [t.w.low(t.pick(one.text)) for one in t.notice.recipients if purpose.key in one.purposes]
    if who:
        blocks.append(Paragraph(said("recipients", t.w.say("purposes.recipients", who=t.w.listed(who)))))
    if len(purpose.keep) <= MOST_STAMPS:
        blocks.append(_stamps(t, purpose))
    blocks += _objection(t, purpose)
    return tuple(blocks)


def _of(purpose: Purpose, *names: str) -> str:
    """The path of what a purpose says."""
    return ".".join(("purposes", purpose.key, *names))


def _what(t: Teller, purpose: Purpose) -> list[Words]:
    told = []
    if purpose.uses:
        told.append(said(_of(purpose, "uses"), t.w.say("purposes.data", items=t.data(purpose.uses))))
    if purpose.borrows:
        key = "purposes.borrowed_too" if purpose.uses else "purposes.borrowed"
        told.append(said(_of(purpose, "borrows"), t.w.say(key, items=t.data(purpose.borrows))))
    if purpose.at_intake:
        items = t.w.listed(t.item_of(ref) for ref in purpose.at_intake)
        told.append(said(_of(purpose, "at_intake"), t.w.say("purposes.at_intake", items=items)))
    return told


def _ground(t: Teller, purpose: Purpose) -> list[Words]:
    say = t.w.say
    interest = t.pick(purpose.interest)
    match purpose.basis:
        case "consent":
            return _consent(t, purpose)
        case "company_contract" if interest:
            text = say("purposes.company_contract_with", interest=t.w.inner(interest))
            return [said(_of(purpose, "interest"), text)]
        case "legitimate_interest":
            text = say("purposes.legitimate_interest", interest=t.w.inner(interest))
            return [said(_of(purpose, "interest"), text)]
        case "legal_obligation" | "public_task":
            return [said(_of(purpose, "law"), say(f"purposes.{purpose.basis}", law=t.laws(purpose)))]
        case _:
            return [said(_of(purpose, "basis"), say(f"purposes.{purpose.basis}"))]


def _consent(t: Teller, purpose: Purpose) -> list[Words]:
    say = t.w.say
    wording = _wording(t, purpose)
    text = say("purposes.consent", wording=wording) if wording else say("purposes.consent_bare")
    told = [said(_of(purpose, "consent" if wording else "basis"), text)]
    if purpose.per is not None:
        told.append(said(_of(purpose, "per"), say(f"purposes.per_{purpose.per}")))
    if purpose.confirm == "email":
        told.append(said(_of(purpose, "confirm"), say("purposes.confirm")))
    if purpose.lasts is not None:
        told.append(said(_of(purpose, "lasts"), say("purposes.lasts", period=t.w.period(*purpose.lasts))))
    else:
        told.append(said(_of(purpose, "basis"), say("purposes.lasts_none")))
    return told


def _wording(t: Teller, purpose: Purpose) -> str:
    """What a person says yes to; where it is asked for each recipient, with their names."""
    names = [party.name for one in t.notice.recipients if purpose.key in one.purposes for party in one.who]
    asked = t.w.listed(names, "or") if 0 < len(names) <= MOST_NAMED else t.w.say("naming.somebody")
    return t.pick(purpose.consent).replace("{recipient}", asked)


def _special(t: Teller, purpose: Purpose) -> list[Words]:
    say = t.w.say
    told = []
    if purpose.identity_code_ground is not None:
        ground = t.pick(identity_code.use(purpose.identity_code_ground).text)
        told.append(said(_of(purpose, "identity_code"), say("purposes.identity_code", ground=ground)))
    if purpose.special is not None:
        ground = t.shared_text("special_grounds", purpose.special)
        told.append(said(_of(purpose, "special"), say("purposes.special", ground=ground)))
    if purpose.only_during is not None:
        during = say("purposes.only_during", what=t.w.low(t.periods.kind_label(purpose.only_during)))
        longest = say("purposes.longest", period=t.w.period(*purpose.longest)) if purpose.longest is not None else ""
        told.append(together(said(_of(purpose, "only_during"), during), said(_of(purpose, "longest"), longest)))
    if purpose.becomes is not None:
        told.append(said(_of(purpose, "becomes"), say("purposes.becomes")))
    if purpose.profiling:
        told.append(said(_of(purpose, "profiling"), say("purposes.profiling", text=t.pick(purpose.profiling))))
    youngest = {c.youngest: c.key for c in reversed(t.notice.categories) if c.youngest is not None}
    if purpose.basis == "consent" and youngest:
        years = min(youngest)
        told.append(said(f"people.{youngest[years]}.youngest", say("purposes.youngest", years=years)))
    return told


def _channels(t: Teller, purpose: Purpose) -> list[Words]:
    told = []
    for rests in ("consent", "interest"):
        channels = [t.w.low(t.vocabulary_text("channels", key)) for key, on in purpose.channels.items() if on == rests]
        # Under a consent the wording has said it already.
        if channels and purpose.basis != "consent":
            text = t.w.say(f"purposes.channels_{rests}", channels=t.w.listed(channels))
            told.append(said(_of(purpose, "channels"), text))
        if rests == "consent" and channels and purpose.basis != "consent" and purpose.consent:
            text = t.w.say("purposes.channels_wording", wording=_wording(t, purpose))
            told.append(said(_of(purpose, "consent"), text))
    if "group" in purpose.senders:
        told.append(said(_of(purpose, "senders"), t.w.say("purposes.senders_group")))
    return told


def _keeps(t: Teller, purpose: Purpose) -> list[Block]:
    blocks: list[Block] = []
    rows = said(_of(purpose, "at_most"), t.periods.rows(purpose))
    if len(purpose.keep) == 1:
        [keep] = purpose.keep
        base = keep.base
        key = "keep.one_until" if base is None or (base.amount == 0 and base.preset is None) else "keep.one"
        text = t.w.say(key, rule=t.periods.rule(keep))
        blocks.append(Paragraph(together(said(_of(purpose, "keep", keep.matter), text), rows)))
    elif purpose.keep:
        blocks.append(Paragraph(said(_of(purpose, "keep"), t.w.say("keep.many"))))
        each = (
            said(
                _of(purpose, "keep", keep.matter),
                t.w.sentence(
                    t.w.say("keep.each", matter=t.periods.kind_plural(keep.matter), rule=t.periods.rule(keep))
                ),
            )
            for keep in purpose.keep
            if not t.of_house(keep.matter)
        )
        blocks.append(Bullets(tuple(each)))
        if rows:
            blocks.append(Paragraph(rows))
    if purpose.nature == "claims" and not purpose.built_in:
        blocks.append(Paragraph(said(_of(purpose, "is"), t.w.say("purposes.claims"))))
    return blocks


def _stamps(t: Teller, purpose: Purpose) -> Stamps:
    sign = SIGNS[purpose.basis]
    ground = t.w.say(f"basis.{purpose.basis}")
    ends = t.periods.ends(purpose)
    if not ends:
        bare = Stamp(sign, ground, "none", t.w.say("keep.short_borrowed"), rule=_of(purpose, "borrows"))
        return Stamps((bare,))
    several = len(ends) > 1
    made = []
    for keep, end in zip(purpose.keep, ends, strict=True):
        name = t.w.say("colon", label=ground, text=t.w.low(t.periods.kind_plural(keep.matter))) if several else ground
        made.append(Stamp(sign, name, end.sort, end.text, end.law, _of(purpose, "keep", keep.matter)))
    return Stamps(tuple(made))


def _objection(t: Teller, purpose: Purpose) -> list[Block]:
    if purpose.nature == "marketing":
        return [Note(t.w.say("object.short"), (said("rights.object_marketing", t.w.say("object.short_marketing")),))]
    if purpose in t.objectable() and not purpose.built_in:
        return [Note(t.w.say("object.short"), (said("rights.object", t.w.say("object.short_why")),))]
    return []
