"""The copy and everything that goes with it: Art. 15(1)(a) to (h), 15(2), and the looks, as parts of a letter."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from seloste.clock import today
from seloste.notice.model import Recipient, Ref
from seloste.notice.render.model import (
    Block,
    Document,
    Facts,
    Heading,
    Paragraph,
    Section,
    Table,
    Words,
    words,
)
from seloste.notice.render.purposes import purpose_sections
from seloste.notice.render.sections import object_note, other_sections
from seloste.notice.render.transfers import transfer_blocks
from seloste.operations.records.why import CellWhy
from seloste.operations.rights.gather import Look, Own, OwnRow, Place
from seloste.operations.rights.letter import MinuteRow, letter, refused_section, told_section
from seloste.operations.rights.model import Request
from seloste.operations.rights.say import Voice

FROM_NOTICE = ("sources", "transfers", "rights", "automated", "controller")
"""Sections that the letter takes from the notice as they stand: (g), 15(2), (e) and (f), (h)."""

WIDEST = 5
"""Columns that a table of one kind may have; a wider one is told row by row."""


def access_letter(voice: Voice, request: Request, own: Own, *, reason: str = "", now: dt.datetime) -> Document:
    """The whole answer to a request for one's own data. ``reason``: why some of it was left out."""
    notice = voice.register.notice
    # Whether anything is processed is the first thing that is asked (Art. 15(1)); the request itself is no answer.
    key = "all_of_it" if own.cells > own.proof(voice.register.built_in) else "nothing"
    told = voice.say(key, controller=notice.controller.name, register=voice.t.pick(notice.title))
    sections = [Section("data", voice.say("data.title"), (Paragraph(words(told)), *_withheld(voice, own, reason)))]
    sections += _data(voice, own)
    sections += [_recipients(voice, own), _looks(voice, own)]
    used = set(own.purposes())
    sections += [each for each in purpose_sections(voice.t) if each.purpose in used]
    sections += _from_notice(voice, own)
    if request.answer:
        sections.insert(0, told_section(voice, request))
    if own.withheld:
        sections.insert(1, refused_section(voice, [reason]))
    return letter(
        voice, request, short=tuple(_short(voice, own)), sections=sections, now=now, note=object_note(voice.t)
    )


def _short(voice: Voice, own: Own) -> Iterator[MinuteRow]:
    say = voice.say
    kinds = voice.t.w.listed(voice.t.w.low(voice.plural(kind)) for kind in dict.fromkeys(row.kind for row in own.rows))
    count, proof = voice.count("count", own.cells), own.proof(voice.register.built_in)
    count = say("minute.and_proof", count=count, n=proof) if proof else count
    yield say("minute.what"), words(f"{voice.t.w.capital(count)}: {kinds}." if own.rows else f"{count}."), None
    if own.purposes():
        yield say("minute.why"), words(voice.t.w.sentence(voice.purposes(own.purposes()))), None
    got = voice.t.w.listed(dict.fromkeys(name for name, *_ in received(voice, own)))
    yield say("minute.got"), words(" ".join(_got(voice, own, got))), None
    yield say("minute.looked"), words(_looked(voice, own)), None
    if own.withheld:
        yield say("minute.left_out"), words(voice.t.w.sentence(voice.count("count", len(own.withheld)))), None


def _got(voice: Voice, own: Own, got: str) -> Iterator[str]:
    """Who gets data, and who works on them for the house: they are recipients too (Art. 4(9))."""
    helping = voice.t.w.listed(_helping(voice, own))
    if got:
        yield voice.t.w.sentence(got)
    if helping:
        yield voice.say("recipients.processors" if got else "minute.nobody_but", who=helping)
    elif not got:
        yield voice.say("minute.nobody")


def _helping(voice: Voice, own: Own) -> list[str]:
    """Processors of what is held of the person, each with its country."""
    used, t = concerned(voice, own), voice.t
    return [
        f"{one.name or t.w.capital(t.pick(one.does))}" + (f" ({t.country(one.country)})" if one.country else "")
        for one in voice.register.notice.processors
        if not one.purposes or used & set(one.purposes)
    ]


def _looked(voice: Voice, own: Own) -> str:
    """How often others looked; what one looked at oneself is no news."""
    others = [look for look in own.looks if not look.mine]
    if others:
        return voice.count("minute.looks", len(_by_minute(voice, others)))
    return voice.say("minute.looks_own" if own.looks else "minute.looks_none")


def _withheld(voice: Voice, own: Own, reason: str) -> Iterator[Block]:
    if own.withheld:
        yield Paragraph(words(voice.say("data.left_out", count=voice.count("count", len(own.withheld)))))
        if reason.strip():
            yield Paragraph(words(voice.say("data.left_out_why", reason=reason)))
        yield Paragraph(words(voice.say("data.left_out_ombudsman")))


# --- the copy ---------------------------------------------------------------------------------------------------------


def _data(voice: Voice, own: Own) -> Iterator[Section]:
    by_kind: dict[str, list[OwnRow]] = defaultdict(list)
    for row in own.rows:
        by_kind[row.kind].append(row)
    for kind, rows in by_kind.items():
        columns = list(dict.fromkeys(cell.item for row in rows for cell in row.cells))
        if len(rows) > 1 and len(columns) <= WIDEST:
            blocks: list[Block] = [_table(voice, kind, columns, rows), *_reasons(voice, rows)]
        else:
            blocks = []
            for number, row in enumerate(rows, start=1):
                if len(rows) > 1:
                    blocks.append(Heading(f"{voice.singular(kind)} {number}"))
                pairs = tuple((voice.label(kind, cell.item), words(voice.value(row, cell))) for cell in row.cells)
                blocks += [Facts(pairs), *_reasons(voice, [row])]
        title = voice.singular(kind) if len(rows) == 1 else voice.plural(kind)
        yield Section(f"data-{kind}", title, tuple(blocks))


def _table(voice: Voice, kind: str, columns: Sequence[str], rows: Sequence[OwnRow]) -> Table:
    lines = []
    for row in rows:
        cells = {cell.item: cell for cell in row.cells}
        lines.append(tuple(words(voice.value(row, cells[name])) if name in cells else () for name in columns))
    return Table(tuple(voice.label(kind, name) for name in columns), tuple(lines), voice.plural(kind))


def _reasons(voice: Voice, rows: Sequence[OwnRow]) -> Iterator[Block]:
    """Where the cells are from, what for and until when; said once for all that are alike."""
    alike: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        for cell in row.cells:
            alike[_reason(voice, cell.why)][voice.label(row.kind, cell.item)] = None
    if len(alike) == 1:
        yield Paragraph(words(next(iter(alike))), quiet=True)
        return
    for text, labels in alike.items():
        yield Paragraph(words(f"{voice.t.w.listed(labels)}. {text}"), quiet=True)


def _reason(voice: Voice, why: CellWhy) -> str:
    source = voice.t.w.low(voice.t.source(voice.register.notice.sources[why.source]) if why.source in
                           voice.register.notice.sources else why.source)  # fmt: skip
    when = voice.t.w.date(today(why.recorded_at)) if why.recorded_at else ""
    said = [voice.say("data.source_on" if when else "data.source", source=source, date=when)] if source else []
    for key, usable in (("needed", True), ("paused", False)):
        held = [each.purpose for each in why.reasons if each.needed and each.usable is usable]
        if held:
            said.append(voice.say(f"data.{key}", purposes=voice.purposes(held)))
    said.append(voice.t.w.capital(_until(voice, why)))
    return " ".join(voice.t.w.sentence(part) for part in said)


def _until(voice: Voice, why: CellWhy) -> str:
    if why.until is not None:
        return voice.say("data.until", date=voice.t.w.date(why.until))
    if why.beyond and why.beyond[0].until is not None:
        longer = voice.purposes([each.purpose for each in why.beyond])
        return voice.say("data.until_not_before", date=voice.t.w.date(why.beyond[0].until), purposes=longer)
    known = {"person": "until_person", "held": "until_held", "standing": "until_standing", "row": "until_row"}
    return voice.say(f"data.{known.get(why.end, 'until_running')}")


# --- who else ---------------------------------------------------------------------------------------------------------


def concerned(voice: Voice, own: Own) -> set[str]:
    """The purposes that need any of it, and those that use what others keep, unless the person has said no to them."""
    found = set(own.purposes())
    borrowers = voice.register.once(("borrowers",), lambda: _by_place(voice.register.borrows))
    for key in {key for place in own.items for key in borrowers.get(place, ())} - found:
        if voice.register.purposes[key].basis == "consent":
            if any("withdrawn_at" not in each for each in _said(own, "permission", key)):
                found.add(key)
        elif not any(
            each.get("state") == "upheld" and "withdrawn_at" not in each for each in _said(own, "objection", key)
        ):
            found.add(key)
    return found


def _by_place(purposes: Mapping[Ref, tuple[str, ...]]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    return {(ref.kind, ref.item): keys for ref, keys in purposes.items()}


def _said(own: Own, kind: str, purpose: str) -> list[Mapping[str, object]]:
    """What the person has said about a purpose, as the events tell."""
    return [row.values for row in own.rows if row.kind == kind and row.values.get("purpose") == purpose]


def received(
    voice: Voice, own: Own, only: Collection[Place] | None = None
) -> list[tuple[str, Recipient | None, tuple[Ref, ...], str]]:
    """Recipients by name: (name, what the notice says of it, the items of the person it gets, when it got them).

    Those the rows name, as an order its carrier; those the notice names; those of a disclosure that was written down.
    With ``only`` those who got any of these cells, and of the items those that are among them.
    """
    used = concerned(voice, own)
    held, register = own.items if only is None else {(kind, item) for kind, _, item in only}, voice.register
    recipients = register.once(
        ("what recipients get",), lambda: [(one, _places(one)) for one in register.notice.recipients]
    )
    found: list[tuple[str, Recipient | None, tuple[Ref, ...], str]] = []
    for one, places in recipients:
        gets = tuple(ref for place, ref in places if place in held)
        agreed = _agreed(voice, own, one)
        if one.who_from is not None:
            named = own.named.get(one.key, {})
            leading = {kind for rows in named.values() for kind, _ in rows}
            for name, rows in named.items():
                theirs = gets if only is None else tuple(
                    ref for ref in gets
                    if ref.kind not in leading or any((*row, ref.item) in only for row in rows if row[0] == ref.kind)
                )  # fmt: skip
                if theirs or only is None:
                    found.append((name, one, theirs, ""))
        elif gets and (not one.purposes or used & set(one.purposes)):
            who = [party for party in one.who if agreed is None or party.name in agreed]
            if one.who and not who:
                continue
            names = [voice.t.party(party) for party in who] or [voice.t.w.capital(voice.t.pick(one.text))]
            found += [(name, one, gets, "") for name in names]
    for row in own.rows:
        if row.kind == "disclosure":
            cells = {cell.item: voice.value(row, cell) for cell in row.cells if cell.item in ("recipient", "at")}
            given = _given(row)
            if only is not None:
                if not _gave_any(row, held):
                    continue
                given = tuple(ref for ref in given if (ref.kind, ref.item) in held)
            if cells.get("recipient"):
                found.append((cells["recipient"], None, given, cells.get("at", "")))
    return found


def _gave_any(row: OwnRow, items: Collection[tuple[str, str]]) -> bool:
    """Whether a disclosure gave any of some items; one that names no data may have given any."""
    named = set(row.values.get("what", ()))
    return any(not named or kind in named or f"{kind}.{item}" in named for kind, item in items)


def _places(one: Recipient) -> list[tuple[tuple[str, str], Ref]]:
    return [((ref.kind, ref.item), ref) for ref in one.gets]


def _given(row: OwnRow) -> tuple[Ref, ...]:
    """The items that a disclosure names."""
    names = (str(name).partition(".") for name in row.values.get("what", ()))
    return tuple(Ref(kind, item) for kind, _, item in names if item)


def _agreed(voice: Voice, own: Own, one: Recipient) -> frozenset[str] | None:
    """Whom the person has said yes to by name, of a recipient who gets data for nothing but such a yes; None of others.

    To a partner that the person said no to nothing goes, and nobody tells it that there is such a person.
    """
    asked = {key for key in one.purposes if voice.register.purposes[key].per == "recipient"}
    if not asked or asked != set(one.purposes):
        return None
    return frozenset(
        str(each["recipient"])
        for key in asked
        for each in _said(own, "permission", key)
        if "recipient" in each and "withdrawn_at" not in each
    )


def _recipients(voice: Voice, own: Own) -> Section:
    say, t = voice.say, voice.t
    rows: list[tuple[Words, ...]] = []
    for name, one, gets, when in received(voice, own):
        if one is not None:
            ground = t.w.sentence(t.vocabulary_text("recipients_when", one.when) if one.when else t.names(one.purposes))
            rows.append((words(name), words(t.w.sentence(t.data(gets)) if gets else ""), words(ground)))
        else:
            what = next((voice.value(row, cell) for row in own.rows if row.kind == "disclosure" for cell in row.cells
                         if cell.item == "what" and _is(voice, row, name, when)), "")  # fmt: skip
            rows.append((words(name), words(t.w.sentence(what)), words(when)))
    blocks: list[Block] = []
    if rows:
        head = (say("recipients.who"), say("recipients.what"), f"{say('recipients.why')} / {say('recipients.when')}")
        blocks.append(Table(head, tuple(rows), say("recipients.named")))
    helping = _helping(voice, own)
    if helping:
        key = "recipients.processors" if rows else "minute.nobody_but"
        blocks.append(Paragraph(words(say(key, who=t.w.listed(helping)))))
    elif not rows:
        blocks.append(Paragraph(words(say("minute.nobody"))))
    return Section("received", say("recipients.title"), tuple(blocks))


def _is(voice: Voice, row: OwnRow, name: str, when: str) -> bool:
    cells = {cell.item: voice.value(row, cell) for cell in row.cells}
    return cells.get("recipient") == name and cells.get("at", "") == when


def _looks(voice: Voice, own: Own) -> Section:
    say = voice.say
    if not own.looks:
        return Section("looks", say("looks.title"), (Paragraph(words(say("minute.looks_none"))),))
    rows = []
    for (when, lens, mine), looks in _by_minute(voice, own.looks).items():
        purposes = tuple(dict.fromkeys(key for look in looks for key in look.purposes))
        role = voice.register.lenses.get(lens)
        kinds = dict.fromkeys(voice.t.w.low(voice.plural(look.kind)) for look in looks if look.kind in
                              voice.register.tables)  # fmt: skip
        who = say("looks.yourself" if mine else "looks.upkeep")
        if role is not None:
            who = say("looks.role_named", role=voice.t.pick(role.text))
        what_for = say("looks.own") if mine else say("looks.handling")
        rows.append((
            words(when),
            words(voice.t.w.capital(who)),
            words(voice.t.w.capital(voice.purposes(purposes) if purposes else what_for)),
            words(voice.t.w.capital(voice.t.w.listed(kinds))),
        ))  # fmt: skip
    head = tuple(say(f"looks.{name}") for name in ("when", "role", "why", "what"))
    blocks = (Paragraph(words(say("looks.intro"))), Table(head, tuple(rows), say("looks.title")))
    return Section("looks", say("looks.title"), blocks)


def _by_minute(voice: Voice, looks: Sequence[Look]) -> dict[tuple[str, str, bool], list[Look]]:
    """A page that is opened looks at several kinds at once; that is told as one look."""
    found: dict[tuple[str, str, bool], list[Look]] = defaultdict(list)
    for look in looks:
        found[voice.moment(look.at), look.lens, look.mine].append(look)
    return found


def _from_notice(voice: Voice, own: Own) -> Iterator[Section]:
    found = {section.anchor: section for section in other_sections(voice.t)}
    for anchor in FROM_NOTICE:
        if anchor == "transfers" and anchor in found:
            yield _transfers(voice, own, found[anchor])
        elif anchor in found:
            yield found[anchor]
        elif anchor == "automated":
            none = (Paragraph(words(voice.say("automated.none"))),)
            yield Section("automated", voice.say("automated.title"), none)


def _transfers(voice: Voice, own: Own, whole: Section) -> Section:
    """Only those to whom this person's data go; the notice's own words on it stay (Art. 15(2))."""
    used = concerned(voice, own)
    keys = {one.key for one in voice.register.notice.processors if not one.purposes or used & set(one.purposes)}
    keys |= {one.key for _, one, _, _ in received(voice, own) if one is not None}
    keys |= {str(cell.value) for row in own.rows for cell in row.cells if cell.item == "recipient_key"}
    added = whole.blocks[len(transfer_blocks(voice.t)) :]
    return replace(whole, blocks=(*transfer_blocks(voice.t, only=keys), *added))
