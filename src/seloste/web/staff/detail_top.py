"""The top of a row's page: its name, where it belongs, and how it may be reached."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from seloste.catalogue.model import PERSON, Kind
from seloste.operations.permissions.contact import ContactAnswer
from seloste.operations.records.model import Record, Sealed
from seloste.operations.records.transfer.target import entries
from seloste.operations.retention.holds import HOLD, RESTRICTION, held_of
from seloste.web import registers
from seloste.web.frame import _has
from seloste.web.parts import Act, Address, Chip, Flash, Head, Link, Permission
from seloste.web.present import LINKED
from seloste.web.security import hidden
from seloste.web.staff import todo
from seloste.web.staff.composer import composer
from seloste.web.staff.form_ends import can_belong
from seloste.web.staff.form_plan import has_form
from seloste.web.staff.said import otherwise
from seloste.web.staff.sheet import Sheet, joined, link, title_of

MOST_NEW = 2
MOST_SAID = 2


def head(sheet: Sheet, flash: Flash | None) -> Head:
    """Title, where the row belongs, what marks it, and what one does next from here."""
    show, record = sheet.show, sheet.row
    closing, news = list(_closing(sheet)), _news(sheet)
    most = MOST_NEW - len(closing)
    acts = [*closing, *_acts(sheet, news[:most])]
    parents = [
        Link(text=sheet.named[parent, record.references[parent]], href=show.href(parent, record.references[parent]))
        for parent in sheet.kind.of
        if (parent, record.references.get(parent, 0)) in sheet.named
    ]
    return Head(
        title=show.name(record),
        crumbs=(Link(text=show.plural(record.kind), href=show.href(record.kind)), *parents),
        sub=_where(sheet),
        chips=tuple(_chips(sheet)),
        acts=tuple(acts),
        more=(*(Link(text=f"+ {show.label(key)}", href=_new(sheet, key)) for key in news[most:]), *_more(sheet)),
        flash=flash,
    )


def _where(sheet: Sheet) -> str:
    """Of a subject, its standing ties: *Huoltopäällikkö, Havupumppu Oy*, the end a link."""
    if not sheet.kind.subject:
        return ""
    standing = [tie for tie in sheet.positions if not sheet.is_over(tie)]
    return joined((tie_text(sheet, tie) for tie in standing[:MOST_SAID]), "; ")


def tie_text(sheet: Sheet, tie: Record, *, own: bool = False) -> str:
    """What a tie is called and what it leads to, linked; with ``own`` its name, or that of its kind, leads to it."""
    end = sheet.other_end(tie)
    place = link(end[2], sheet.show.href(end[0], end[1])) if end else ""
    name = title_of(sheet.show, tie) if sheet.is_named(tie) else ""
    if own:
        place = place or _sealed_end(sheet, tie)
        name = link(name or sheet.show.label(tie.kind), sheet.show.href(tie.kind, tie.id))
    return joined((name, place))


def _sealed_end(sheet: Sheet, tie: Record) -> str:
    """A link to where a guard's sealed end of a tie is opened with a reason; empty when nothing is sealed."""
    ends = sheet.show.kind(tie.kind).of
    sealed = next((end for end in ends if isinstance(tie.values.get(end), Sealed)), None)
    if sealed is None:
        return ""
    return link(sheet.show.t("reveal.show"), f"{sheet.show.href(tie.kind, tie.id)}/reveal/{sealed}")


def _chips(sheet: Sheet) -> Iterator[Chip]:
    show, ties = sheet.show, sheet.positions
    if sheet.kind.subject and ties:
        if all(sheet.is_over(tie) for tie in ties):
            last = max(ties, key=lambda tie: sheet.span(tie)[1] or show.today)
            ended, what = sheet.span(last)[1] or show.today, show.label(last.kind)
            yield Chip(text=show.t("person.ended_on", what=what, date=show.f.date(ended)))
        else:
            years = [began.year for tie in ties if not sheet.is_over(tie) for began in [sheet.span(tie)[0]] if began]
            if years:
                what = show.label(next(tie.kind for tie in ties if not sheet.is_over(tie))).lower()
                yield Chip(text=show.t("person.since", year=str(min(years)), what=what))
    yield from _stops(sheet)
    for name in sheet.kind.guards:
        if isinstance(sheet.row.values.get(name), Sealed):
            yield Chip(text=show.item_label(sheet.kind, name), tone="soon", icon="lock")
            return
    if sheet.row.guarded:
        # The role is not told of the order, and has to know why something is not there.
        yield Chip(text=show.t("person.guarded"), tone="soon", icon="lock")


def _stops(sheet: Sheet) -> Iterator[Chip]:
    """What keeps a person's data from going or from use, for whoever leads privacy; why is told on its own page."""
    show = sheet.show
    if show.request.state.lead and sheet.row.kind == PERSON:
        kinds = {each.kind for each in held_of(show.store, sheet.row.id, now=show.now)}
        if HOLD in kinds:
            yield Chip(text=show.t("stops.chip"), tone="stamp")
        if RESTRICTION in kinds:
            yield Chip(text=show.t("stops.paused"), tone="soon")


def _more(sheet: Sheet) -> Iterator[Link]:
    """Writing down what the person asks, and putting whose row this is on hold, for whoever leads privacy."""
    show = sheet.show
    if show.request.state.lead and sheet.row.kind == PERSON:
        yield Link(text=show.t("requests.new"), href=f"/r/{show.key}/privacy/requests/new?person={sheet.row.id}")
    if show.request.state.lead and (sheet.kind.subject or sheet.kind.about != "nobody") and not sheet.kind.built_in:
        href = f"/r/{show.key}/privacy/holds/new?kind={sheet.row.kind}&row={sheet.row.id}"
        yield Link(text=show.t("stops.new"), href=href)


def _closing(sheet: Sheet) -> Iterator[Act]:
    """Marking this row done, when it waits; a bill is paid in bookkeeping."""
    show, kind = sheet.show, sheet.kind
    if todo.done_item(show, kind) and todo.is_open(kind, sheet.row) and not todo.is_bill(kind):
        yield todo.act_done(show, sheet.row, hidden(show.request), small=False)


def _acts(sheet: Sheet, news: list[str]) -> Iterator[Act]:
    """New rows that belong here, then editing this one."""
    show = sheet.show
    for key in news:
        yield Act(text=f"+ {show.label(key)}", href=_new(sheet, key))
    if _has("/r/{reg}/{kind}/{id:int}/edit"):
        yield Act(text=show.t("common.edit"), href=f"{show.href(sheet.row.kind, sheet.row.id)}/edit")


def _new(sheet: Sheet, key: str) -> str:
    """The form for a new row of a kind, with what it belongs to filled in; for a subject with the tie to here."""
    show, kind = sheet.show, sheet.show.kind(key)
    if not kind.subject:
        return f"{show.href(key)}/new?{urlencode(_ends(sheet, kind))}"
    return f"{show.href(key)}/new?{urlencode({'as': _entry_here(sheet, key), sheet.row.kind: sheet.row.id})}"


def _news(sheet: Sheet) -> list[str]:
    """Kinds of which a new row may be made from here: the notice's own kinds first, for they are what this company
    does (a visit, a dog); then the dealings of the role (an order, for an accountant an invoice), then what waits to
    be done and people (a complaint, a task), then what is only noted; last what the form of the timeline makes too.
    Of a bill what is noted comes first: that it was paid, before that it is collected.
    """
    show, short = sheet.show, composer(sheet)
    if not _has("/r/{reg}/{kind}/new"):
        return []
    kinds = [key for key in show.lens.shows if _belongs(sheet, key) and has_form(show.register, show.lens, key)]

    ready = show.teller.vocabulary.kinds
    matters = {keep.matter for purpose in show.lens.purposes for keep in show.register.purposes[purpose].keep}

    def place(key: str) -> tuple[bool, ...]:
        kind = show.kind(key)
        typed = short is not None and key == short.kind
        dealing = key in matters and kind.about == "owner" and (kind.act or kind.due) is not None
        noted = kind.done is None and not (dealing or kind.subject)
        own = key not in ready
        still = own and kind.act is None
        return typed, kind.tie, not own, still, not dealing, noted is not todo.is_bill(sheet.kind)

    return sorted(kinds, key=place)


def _belongs(sheet: Sheet, key: str) -> bool:
    """Whether rows of a kind belong to rows like this one; who took part in a deed is added on the deed's page."""
    kind = sheet.show.kind(key)
    if kind.subject:
        return bool(_entry_here(sheet, key))
    part = kind.tie and sheet.kind.subject and not sheet.show.is_position(key)
    if sheet.row.kind not in kind.of or kind.built_in or part or kind.about == "visitor":
        return False
    return kind.tie or can_belong(sheet.show.register, kind, sheet.row.kind)


def _entry_here(sheet: Sheet, key: str) -> str:
    """The category of a new person whose tie leads to this row: a contact of this company. Empty when none does."""
    show = sheet.show
    if sheet.kind.about != "nobody":
        return ""
    ways = entries(show.register, show.lens, key)
    return next((way.categories[0] for way in ways if sheet.row.kind in show.kind(way.tie).of), "")


def _ends(sheet: Sheet, kind: Kind) -> dict[str, int]:
    """What a new row of a kind would belong to: this row, and what its standing ties lead to."""
    ends = {sheet.row.kind: sheet.row.id}
    for tie in sheet.positions:
        if not sheet.is_over(tie):
            known = {tie.kind: tie.id, **{column: tie.references[column] for column in tie.references}}
            ends |= {end: number for end, number in known.items() if end in kind.of and end not in ends}
    return ends


def reach(sheet: Sheet) -> Iterator[Address]:
    """Numbers and addresses of a subject, each with what it may be used for and what not."""
    show, kind, record = sheet.show, sheet.kind, sheet.row
    if not kind.subject or record.guarded:
        return
    for name, item in kind.items.items():
        if item.type not in LINKED or name not in record.values or isinstance(record.values[name], Sealed):
            continue
        cell = sheet.reasons.cells[name]
        answers = [each for each in sheet.answers if each.channel == item.type]
        why = show.why(
            cell,
            show.item_label(kind, name),
            opened=sheet.opened,
            row_end=sheet.rule,
            not_for=[
                f"{registers.said(each.text, show.lang)}: {registers.said(each.reason, show.lang)}"
                for each in answers
                if each.answer != "yes"
            ],
            refused={each.purpose for each in answers} - {each.purpose for each in answers if each.answer == "yes"},
            links=[Link(text=show.t("why.fix"), href=f"{show.href(record.kind, record.id)}/edit")],
        )
        values = record.values[name] if item.many else [record.values[name]]
        for place, value in enumerate(values):
            yield Address(
                text=show.text(item, [value] if item.many else value),
                href=f"{LINKED[item.type]}{value}",
                permissions=(*_uses(sheet, name), *(_permission(sheet, each, first=place == 0) for each in answers)),
                why=why if place == 0 else None,
            )


def _uses(sheet: Sheet, name: str) -> Iterator[Permission]:
    """What the role uses it for, in a few words; marketing has an answer of its own."""
    show, cell = sheet.show, sheet.reasons.cells[name]
    marketing = {key for key, purpose in show.register.purposes.items() if purpose.nature == "marketing"}
    usable = [
        each.purpose
        for each in cell.reasons
        if each.usable and each.purpose in show.lens.purposes and each.purpose not in marketing
    ]
    if usable:
        words = [show.short(key) for key in usable[:MOST_SAID]]
        text = show.f.listed([words[0], *(show.teller.w.low(word) for word in words[1:])])
        more = len(usable) - MOST_SAID
        yield Permission(state="yes", text=text, note=show.t("may.more", n=more) if more > 0 else "")


def _permission(sheet: Sheet, answer: ContactAnswer, *, first: bool) -> Permission:
    show = sheet.show
    text = f"{show.short(answer.purpose)}: {answer.sender}" if answer.sender else show.short(answer.purpose)
    act = otherwise(sheet, answer) if first else None
    if answer.answer == "yes":
        note = show.t("may.consent_from", date=show.f.date(answer.since)) if answer.since else ""
        return Permission(state="yes", text=text, note=note, act=act)
    if answer.answer == "ask":
        return Permission(state="ask", text=show.t("may.ask_for", what=show.teller.w.low(text)), act=act)
    note = show.t("may.ban_from", date=show.f.date(answer.since)) if answer.since else ""
    return Permission(state="no", text=show.t("may.no_to", what=show.teller.w.low(text)), note=note, act=act)
