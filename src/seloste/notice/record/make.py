"""The record of processing made from the notice alone: the same facts that the register runs on (Art. 30)."""

from __future__ import annotations

from dataclasses import fields

from seloste.catalogue.model import PERSON
from seloste.law import identity_code
from seloste.notice.fields import ON_INTEREST
from seloste.notice.longer import longer
from seloste.notice.model import Category, Keep, Notice, Processor, Purpose, Recipient
from seloste.notice.record.model import Activity, Columns, Fact, Record, Secured, Sent
from seloste.notice.render.build import NoSuchLanguage
from seloste.notice.render.periods import Periods
from seloste.notice.render.sections import controller_facts
from seloste.notice.render.tell import Teller
from seloste.notice.render.transfers import goings
from seloste.notice.render.wording import LANGUAGES


def record(notice: Notice, lang: str) -> Record:
    """The record of processing of ``notice`` in ``lang`` (Art. 30(1), and (2) where another runs the register).

    Raises :class:`NoSuchLanguage` if the notice is not written in ``lang``.
    """
    if lang not in notice.languages or lang not in LANGUAGES:
        known = ", ".join(one for one in notice.languages if one in LANGUAGES)
        raise NoSuchLanguage(
            f"Selostetta ei ole kielellä `{lang}`. Sen kielet ovat: {known}.",
            f"The notice is not written in `{lang}`. It is written in: {known}.",
        )
    t = Teller(notice, lang)
    say = t.w.say
    made = (
        say("record.made", date=t.w.date(notice.effective), digest=notice.digest)
        if notice.effective
        else say("record.made_undated", digest=notice.digest)
    )
    built_in = tuple(purpose for purpose in notice.purposes.values() if purpose.built_in)
    return Record(
        register=notice.register,
        name=say("record.title"),
        law=say("record.law"),
        title=t.pick(notice.title),
        lang=lang,
        effective=notice.effective,
        digest=notice.digest,
        made=made,
        controller=tuple(Fact(key, say(f"controller.{key}"), text) for key, text in controller_facts(t)),
        activities=tuple(_activity(t, purpose) for purpose in (*t.purposes, *built_in)),
        security=tuple(
            Secured(one.key, t.pick(one.text), one.proved, t.pick(one.by_text) or one.by or "", one.on, one.next_check)
            for one in notice.security
        ),
        on_behalf=_on_behalf(t),
        on_behalf_name=say("record.as_processor"),
        on_behalf_law=say("record.as_processor_law"),
        columns=Columns(**{field.name: say(f"record.{field.name}") for field in fields(Columns)}),
    )


def processors_of(notice: Notice, purpose: Purpose) -> tuple[Processor, ...]:
    """The processors that handle the data of a purpose; one that names no purposes serves them all."""
    return tuple(one for one in notice.processors if not one.purposes or purpose.key in one.purposes)


def recipients_of(notice: Notice, purpose: Purpose) -> tuple[Recipient, ...]:
    """The recipients of a purpose's data; one that names no purpose, as an authority, may ask for any."""
    return tuple(one for one in notice.recipients if not one.purposes or purpose.key in one.purposes)


def people_of(notice: Notice, purpose: Purpose) -> tuple[Category, ...]:
    """The categories of people whose data a purpose uses.

    Those whose tie it uses or is kept by. A purpose of rows that need no tie may be about anybody, and so may the
    built-in one; then it is every category, but visitors without a name only where their data are used. One that rests
    on a contract, or uses rows of an owner, as orders and invoices are, is about those who deal with the controller.
    """
    kinds = {ref.kind for ref in (*purpose.uses, *purpose.borrows, *purpose.at_intake)}
    kinds |= {keep.matter for keep in purpose.keep}
    if purpose.built_in:
        return notice.categories
    kinds |= {end for key in kinds if key in notice.kinds for end in notice.kinds[key].of}
    found = tuple(one for one in notice.categories if one.tie in kinds)
    if found:
        return found
    anybody = tuple(one for one in notice.categories if one.tie is None or not _visitors(notice, one.tie))
    dealing = _dealing(notice, purpose, kinds, anybody)
    return dealing or anybody or notice.categories


def _dealing(notice: Notice, purpose: Purpose, kinds: set[str], anybody: tuple[Category, ...]) -> tuple[Category, ...]:
    """Those of ``anybody`` who can be party to what the purpose uses; none where it is about no dealing.

    A tie that is a deed of its own, as an application, a registration or a consent, makes nobody party to an order or
    an invoice. A company's contract is with those who act for one, and a person's own with the others, where both are.
    """
    owned = any(notice.kinds[key].about == "owner" for key in kinds if key in notice.kinds)
    if not owned and purpose.basis not in ("contract", "company_contract"):
        return ()
    lasting = tuple(one for one in anybody if one.tie is None or not _deed(notice, one.tie))
    if purpose.basis not in ("contract", "company_contract"):
        return lasting
    company = purpose.basis == "company_contract"
    return tuple(one for one in lasting if bool(one.required) == company) or lasting


def _deed(notice: Notice, tie: str) -> bool:
    kind = notice.kinds.get(tie)
    return kind is not None and (kind.act is not None or kind.built_in)


def _visitors(notice: Notice, tie: str) -> bool:
    return tie in notice.kinds and notice.kinds[tie].subject and tie != PERSON


def _activity(t: Teller, purpose: Purpose) -> Activity:
    say, notice = t.w.say, t.notice
    used = (*purpose.uses, *purpose.borrows, *purpose.at_intake)
    people = [t.w.capital(t.pick(one.text)) for one in people_of(notice, purpose)]
    recipients, processors = recipients_of(notice, purpose), processors_of(notice, purpose)
    keys = {one.key for one in recipients} | {one.key for one in processors}
    return Activity(
        key=purpose.key,
        purpose=t.name(purpose),
        basis=purpose.basis,
        ground=_ground(t, purpose),
        people=tuple(dict.fromkeys(people)) or (t.periods.kind_plural(PERSON),),
        data=t.w.capital(t.data(dict.fromkeys(used))) or say("record.none_data"),
        recipients=(
            *(_recipient(t, one) for one in recipients),
            *(_processor(t, one) for one in processors),
        )
        or (say("record.none_recipients"),),
        transfers=tuple(
            Sent(each.who, each.country, each.where, each.mechanism, each.safeguard, each.line)
            for each in goings(t, only=keys)
        ),
        keeps=_keeps(t, purpose) or (say("record.none_keeps"),),
        built_in=purpose.built_in,
    )


def _ground(t: Teller, purpose: Purpose) -> tuple[str, ...]:
    say = t.w.say
    said = [say(f"record.basis.{purpose.basis}")]
    if purpose.basis in ("legal_obligation", "public_task") and (laws := t.laws(purpose)):
        said.append(t.w.capital(laws))
    if purpose.interest and purpose.basis in ON_INTEREST:
        said.append(say("record.basis.interest", interest=t.w.inner(t.pick(purpose.interest))))
    if purpose.special:
        said.append(say("record.basis.special", ground=t.shared_text("special_grounds", purpose.special)))
    if purpose.identity_code_ground is not None:
        ground = t.pick(identity_code.use(purpose.identity_code_ground).text)
        said.append(say("record.basis.identity_code", ground=ground))
    return tuple(said)


def _recipient(t: Teller, one: Recipient) -> str:
    text = t.w.capital(t.pick(one.text))
    names = t.w.listed(t.party(party) for party in one.who)
    said = f"{text}: {names}" if names and one.who_from is None and names.casefold() != text.casefold() else text
    if one.country and not names:
        said = t.w.say("naming.of", item=said, kind=t.country(one.country))
    return said


def _processor(t: Teller, one: Processor) -> str:
    said = t.pick(one.does) + (f", {one.name}" if one.name else "")
    if one.country:
        said = t.w.say("naming.of", item=said, kind=t.country(one.country))
    if one.sub_processors:
        said += "; " + t.w.say("recipients.sub", names=t.w.listed(t.party(party) for party in one.sub_processors))
    return said


def _keeps(t: Teller, purpose: Purpose) -> tuple[str, ...]:
    # An authority reads it, and the owner: the words are those about people, not to them.
    periods = Periods(t.notice, t.vocabulary, t.w, staff=True)
    told = [
        t.w.say("record.keep_each", matter=t.periods.kind_plural(keep.matter), rule=_rule(t, periods, purpose, keep))
        for keep in purpose.keep
        if not t.of_house(keep.matter)
    ]
    if rows := periods.rows(purpose):
        told.append(rows)
    return tuple(told)


def _rule(t: Teller, periods: Periods, purpose: Purpose, keep: Keep) -> str:
    """A rule, and the longer one of another purpose that keeps the same rows."""
    rule, found = periods.rule(keep), longer(t.notice, purpose, keep)
    if found is None:
        return rule
    other, longest = found
    return t.w.say("record.keep_longer", rule=rule, purpose=t.name(other), longest=periods.rule(longest))


def _on_behalf(t: Teller) -> tuple[Fact, ...]:
    """What Art. 30(2) asks of whoever runs the register: both parties, what is done, transfers and security."""
    controller = t.notice.controller
    if not controller.processor:
        return ()
    own = next((one for one in t.notice.processors if one.key == controller.processor_key), None)
    subs = own.sub_processors if own is not None else ()
    sent = goings(t, only={own.key} if own is not None else ())
    does = [t.pick(own.does)] if own is not None else []
    served = [purpose for purpose in t.purposes if own is None or not own.purposes or purpose.key in own.purposes]
    contact = t.w.listed([controller.address or "", controller.contact_email or controller.email or ""])
    pairs = (
        ("processor", controller.processor),
        ("contact", controller.processor_contact or ""),
        ("behalf", t.w.listed([controller.name, contact])),
        ("does", ". ".join([*does, t.w.capital(t.names(served))])),
        ("sub_processors", t.w.listed(t.party(party) for party in subs)),
        ("transfers", " ".join(dict.fromkeys(each.line for each in sent)) or t.w.say("record.none_transfers")),
        ("security", " ".join(t.pick(one.text) for one in t.notice.security) or t.w.say("record.none_security")),
    )
    return tuple(Fact(key, t.w.say(f"record.{key}"), text) for key, text in pairs if text)
