"""The rest of the full text: data, sources, recipients, transfers, rights and who answers for it all."""

from __future__ import annotations

from collections.abc import Callable

from seloste.law.authority import authority
from seloste.notice.model import Purpose, Recipient
from seloste.notice.render.model import (
    Block,
    Bullets,
    Facts,
    Heading,
    Note,
    Paragraph,
    Run,
    Section,
    Table,
    Words,
    said,
    together,
)
from seloste.notice.render.tell import Teller
from seloste.notice.render.transfers import transfer_blocks

EMAIL, PORTAL = "email", "portal"


def object_note(t: Teller) -> Note | None:
    """The right to object, clearly and apart from everything else (Art. 21(4)); None when no use may be objected to."""
    interest, marketing = t.objectable(), t.marketing()
    if not interest and not marketing:
        return None
    told = []
    if interest:
        tasks = [purpose.basis == "public_task" for purpose in interest]
        grounds = [t.w.say("object.on_interest")] * (not all(tasks)) + [t.w.say("object.on_task")] * any(tasks)
        text = t.w.say("object.interest", ground=t.w.listed(grounds, "or"), purposes=t.names(interest))
        # A use that secures legal claims goes on while an objection to it is examined (Art. 18(2)).
        claims = [purpose for purpose in interest if purpose.nature == "claims"]
        paused = t.w.say("object.paused_claims", purposes=t.names(claims)) if claims else t.w.say("object.paused")
        told.append(said("rights.object", f"{text} {paused}"))
    if marketing:
        told.append(said("rights.object_marketing", t.w.say("object.marketing", purposes=t.names(marketing))))
    how = t.w.say("object.how" if marketing else "object.how_plain", contact=t.contact)
    told.append(said("rights.object", how))
    return Note(t.w.say("object.title"), tuple(told), t.w.say("object.law"))


def other_sections(t: Teller) -> tuple[Section, ...]:
    """In the order of Art. 13, with who is responsible last, where people look for an address."""
    made: list[Section] = []

    def add(anchor: str, build: Callable[[Teller], list[Block]], *own: str) -> None:
        blocks = build(t)
        blocks += [Paragraph(text) for heading in (own or (anchor,)) if (text := t.paragraph(heading)) is not None]
        if blocks:
            made.append(Section(anchor, t.w.say(f"{anchor}.title"), tuple(blocks)))

    add("purposes", lambda _: [])
    add("keep", lambda _: [])
    add("data", _data, "data", "people")
    add("required", _required)
    add("sources", _sources)
    add("recipients", _recipients, "recipients", "processors")
    add("transfers", transfer_blocks)
    add("rights", _rights, "rights", "requests")
    add("automated", _automated, "profiling")
    add("cookies", _cookies)
    add("security", _security)
    add("controller", _controller)
    add("version", _version, "changes")
    return tuple(made)


def _data(t: Teller) -> list[Block]:
    notice = t.notice
    blocks: list[Block] = []
    if notice.categories:
        people = t.w.listed(t.w.low(t.pick(category.text)) for category in notice.categories)
        blocks.append(Paragraph(said("people", t.w.say("data.people", people=people))))
    rows = []
    for kind in t.kinds:
        items = [t.item_label(item) for item in kind.items.values()]
        if not items:
            items = [t.w.low(t.periods.kind_label(end)) for end in kind.of]
        rule = f"kinds.{kind.key}"
        rows.append((said(rule, t.pick(kind.plural)), said(rule, ", ".join(dict.fromkeys(items)))))
    blocks.append(Table((t.w.say("data.kind"), t.w.say("data.items")), tuple(rows), t.w.say("data.title")))
    blocks.append(Paragraph(said("kinds", t.w.say("data.only_these"))))
    if any(kind.about == "nobody" for kind in notice.kinds.values()):
        blocks.append(Paragraph(said("kinds", t.w.say("data.nobodys"))))
    if not any(item.special for kind in notice.kinds.values() for item in kind.items.values()):
        blocks.append(Paragraph(said("kinds", t.w.say("data.never_special"))))
    return blocks


def _required(t: Teller) -> list[Block]:
    groups = {
        "consent": t.with_basis("consent"),
        "contract": t.with_basis("contract", "company_contract"),
        "law": tuple(p for p in t.with_basis("legal_obligation") if not p.built_in),
        "interest": tuple(p for p in t.with_basis("legitimate_interest", "public_task", "vital") if not p.built_in),
    }
    lines = [
        said("purposes", t.w.say(f"required.{key}", purposes=t.names(found))) for key, found in groups.items() if found
    ]
    lines += [
        said(
            f"purposes.{purpose.key}.needed_for",
            t.w.say("required.each", purpose=t.name(purpose), text=t.pick(purpose.needed_for)),
        )
        for purpose in t.purposes
        if purpose.needed_for
    ]
    return [Bullets(tuple(lines))]


def _sources(t: Teller) -> list[Block]:
    sources = t.notice.sources.values()
    direct = [t.w.low(t.source(source)) for source in sources if not source.art14]
    other = [source for source in sources if source.art14]
    blocks: list[Block] = []
    if direct:
        blocks.append(Paragraph(said("sources", t.w.say("sources.direct", sources=t.w.listed(direct)))))
    if other:
        lines = []
        for source in other:
            key = "sources.line" if source.items else "sources.line_all"
            line = t.w.say(key, source=t.w.capital(t.source(source)), items=t.data(source.items))
            lines.append(said(f"sources.{source.key}", line, t.w.say("sources.public") if source.public else ""))
        blocks += [
            Paragraph(said("sources", t.w.say("sources.other"))),
            Bullets(tuple(lines)),
            Paragraph(said("rights.inform", t.w.say("sources.art14"))),
        ]
    return blocks


def _recipients(t: Teller) -> list[Block]:
    say = t.w.say
    blocks: list[Block] = []
    if t.notice.recipients:
        rows = tuple(
            tuple(said(f"recipients.{one.key}", text) for text in (_who(t, one), _when(t, one), _gets(t, one)))
            for one in t.notice.recipients
        )
        head = (say("recipients.who"), say("recipients.when"), say("recipients.gets"))
        blocks += [Paragraph(said("recipients", say("recipients.intro"))), Table(head, rows, say("recipients.title"))]
    else:
        blocks.append(Paragraph(said("recipients", say("recipients.nobody"))))
    if t.notice.processors:
        lines = []
        for one in t.notice.processors:
            does = t.pick(one.does) + (f", {one.name}" if one.name else "")
            if one.sub_processors:
                does += "; " + say("recipients.sub", names=t.w.listed(t.party(party) for party in one.sub_processors))
            for_what = t.names(one.purposes) if one.purposes else say("recipients.all_purposes")
            where = t.country(one.country) if one.country else "–"
            lines.append(tuple(said(f"processors.{one.key}", text) for text in (does, where, t.w.sentence(for_what))))
        head = (say("recipients.does"), say("recipients.where"), say("recipients.for"))
        table = Table(head, tuple(lines), say("recipients.processors"))
        blocks += [
            Heading(say("recipients.processors")),
            Paragraph(said("processors", say("recipients.processors_intro"))),
            table,
        ]
    if t.notice.staff:
        blocks += [Heading(say("recipients.staff_title")), Paragraph(said("staff", say("recipients.staff")))]
        blocks.append(Bullets(tuple(_staff(t))))
    return blocks


def _who(t: Teller, one: Recipient) -> str:
    text = t.w.capital(t.pick(one.text))
    if one.who_from is not None:
        return text
    names = t.w.listed(t.party(party) for party in one.who)
    return f"{text}: {names}" if names and names.casefold() != text.casefold() else text


def _when(t: Teller, one: Recipient) -> str:
    told = [t.w.sentence(t.vocabulary_text("recipients_when", one.when))] if one.when else []
    purposes = [t.notice.purposes[key] for key in one.purposes if key in t.notice.purposes]
    if purposes:
        told.append(t.w.sentence(t.names(purposes)))
    if any(purpose.basis == "consent" for purpose in purposes):
        told.append(t.w.sentence(t.w.say("recipients.with_consent")))
    return " ".join(told)


def _gets(t: Teller, one: Recipient) -> str:
    return t.w.sentence(t.data(one.gets)) if one.gets else t.w.say("recipients.gets_asked")


def _staff(t: Teller) -> list[Words]:
    lines = []
    for lens in t.notice.staff.values():
        purposes = t.names(lens.purposes)
        if lens.only is not None:
            line = t.w.say("recipients.lens_only", who=t.pick(lens.text), purposes=purposes, item=t.item_of(lens.only))
        else:
            line = t.w.say("recipients.lens", who=t.pick(lens.text), purposes=purposes)
        lines.append(said(f"staff.{lens.key}", t.w.sentence(line)))
    return lines


def _rights(t: Teller) -> list[Block]:
    say = t.w.say

    def right(key: str, law: str, *texts: str) -> Words:
        rule = f"rights.{law}"
        return together((Run(say(f"rights.{key}"), bold=True, rule=rule),), said(rule, *texts))

    erase = [say("rights.erase_text")]
    if law := tuple(p for p in t.with_basis("legal_obligation") if not p.built_in):
        erase.append(say("rights.erase_law", purposes=t.names(law)))
    if t.notice.gives_more.get("erasure"):
        erase.append(t.shared_text("gives_more", "erasure"))
    if t.notice.gives_more.get("ban_erasable"):
        erase.append(t.shared_text("gives_more", "ban_erasable"))
    portable = _portable(t)
    moved = say("rights.move_text", purposes=t.names(portable)) if portable else say("rights.move_none")
    lines = [
        right("see", "access", say("rights.see_text")),
        right("correct", "rectify", say("rights.correct_text")),
        right("erase", "erase", *erase),
        right("restrict", "restrict", say("rights.restrict_text")),
        right(
            "object",
            "object",
            say("rights.object_text", section=say("object.title")) if object_note(t) else say("rights.object_none"),
        ),
        right("move", "portability", moved),
    ]
    if consent := t.with_basis("consent"):
        lines.append(right("withdraw", "withdraw", say("rights.withdraw_text", purposes=t.names(consent))))
    where = authority()
    complaint = say(
        "rights.complain_text", name=t.pick(where.name), street=where.street, postal=t.pick(where.postal),
        phone=where.phone, email=where.email, web=t.pick(where.web),
    )  # fmt: skip
    own = t.pick(t.notice.paragraphs.get("complaint"))
    lines.append(together(right("complain", "complain", complaint), said("paragraphs.complaint", own)))
    return [
        Paragraph(said("requests", say("rights.how", ways=_ways(t)))),
        Bullets(tuple(lines)),
        Paragraph(said("rights.answer", say("rights.answer"))),
        Paragraph(said("rights.identity", say("rights.identity"))),
        Paragraph(said("rights.tell_recipients", say("rights.told"))),
    ]


def _portable(t: Teller) -> list[Purpose]:
    """Purposes whose data a person may take along: by law (Art. 20), and those the owner adds."""
    more = t.notice.gives_more.get("portability")
    added = tuple(more) if isinstance(more, list | tuple) else ()
    return [p for p in t.purposes if p.basis in ("consent", "contract") or p.key in added]


def _ways(t: Teller) -> str:
    controller, asked = t.notice.controller, t.notice.requests
    ways = []
    if email := controller.contact_email or controller.email:
        ways.append(t.w.say("rights.way_email", email=email))
    ways.append(t.w.say("rights.way_portal"))
    if asked.get("phone") and (phone := controller.contact_phone or controller.phone):
        ways.append(t.w.say("rights.way_phone", phone=phone))
    places = "_".join(way for way in ("office", "post") if asked.get(way))
    if places and controller.address:
        ways.append(t.w.say(f"rights.way_{places}", address=controller.address))
    return t.w.listed(ways, "or")


def _automated(t: Teller) -> list[Block]:
    """What is promised and what is evaluated; silence promises nothing, so nothing is said of it."""
    promised = "automated_decisions" in t.notice.never
    blocks: list[Block] = [Paragraph(said("never.automated_decisions", t.w.say("automated.none")))] if promised else []
    profiling = [purpose for purpose in t.purposes if purpose.profiling]
    if profiling:
        lines = tuple(
            said(
                f"purposes.{purpose.key}.profiling",
                t.w.say("colon", label=t.name(purpose), text=t.pick(purpose.profiling)),
            )
            for purpose in profiling
        )
        blocks += [Paragraph(said("purposes", t.w.say("automated.profiling"))), Bullets(lines)]
    elif "profiling" in t.notice.never:
        blocks.append(Paragraph(said("never.profiling", t.w.say("automated.profiling_none"))))
    return blocks


def _cookies(t: Teller) -> list[Block]:
    say = t.w.say
    blocks: list[Block] = []
    if t.notice.cookies:
        rows = []
        for cookie in t.notice.cookies:
            asked = (
                say("cookies.asked_for", purpose=t.names([cookie.purpose])) if cookie.purpose else say("cookies.asked")
            )
            cells = (
                say("cookies.provider", name=cookie.name, provider=cookie.provider),
                t.pick(cookie.text),
                t.duration(cookie.duration),
                say("cookies.necessary") if cookie.necessary else asked,
            )
            rows.append(tuple(said(f"cookies.{cookie.name}", cell) for cell in cells))
        head = tuple(say(f"cookies.{column}") for column in ("name", "what", "duration", "consent"))
        blocks += [Paragraph(said("cookies", say("cookies.intro"))), Table(head, tuple(rows), say("cookies.title"))]
    if t.notice.embeds:
        lines = []
        for embed in t.notice.embeds:
            line = say("cookies.embed", what=t.pick(embed.text), provider=embed.provider)
            line += f" ({t.country(embed.country)})" if embed.country else ""
            rule = f"embeds.{embed.key}"
            policy = (Run(say("cookies.embed_policy"), href=embed.privacy_url, rule=rule),) if embed.privacy_url else ()
            lines.append((*said(rule, f"{line}: " if policy else line), *policy))
        blocks += [Paragraph(said("embeds", say("cookies.embeds"))), Bullets(tuple(lines))]
    return blocks


def _security(t: Teller) -> list[Block]:
    blocks: list[Block] = []
    for key, proved in (("proved", True), ("attested", False)):
        lines = []
        for measure in (each for each in t.notice.security if each.proved is proved):
            name = t.pick(measure.text).rstrip(".")
            if measure.on is None:
                line = t.w.say("security.plain", measure=name)
            elif by := t.pick(measure.by_text) or measure.by or "":
                line = t.w.say("security.checked_by", measure=name, by=by, date=t.w.date(measure.on))
            else:
                line = t.w.say("security.checked", measure=name, date=t.w.date(measure.on))
            lines.append(said(f"security.{measure.key}", line))
        if lines:
            blocks += [Paragraph(said("security", t.w.say(f"security.{key}"))), Bullets(tuple(lines))]
    return blocks


def controller_facts(t: Teller) -> tuple[tuple[str, str], ...]:
    """Who is responsible and how they are reached, by the key of their wording; what the notice leaves out is not."""
    controller = t.notice.controller
    contact = [t.pick(controller.contact_role), controller.contact_email or "", controller.contact_phone or ""]
    run_by = t.w.listed([controller.processor or "", controller.processor_contact or ""])
    pairs = (
        ("name", controller.name),
        ("business_id", controller.business_id or ""),
        ("address", controller.address or ""),
        ("email", controller.email or ""),
        ("phone", controller.phone or ""),
        ("web", controller.web or ""),
        ("contact", ", ".join(part for part in contact if part)),
        ("dpo", t.pick(controller.data_protection_officer)),
        ("representative", t.pick(controller.representative)),
        ("processor", run_by),
        ("joint", t.w.listed(t.party(party) for party in controller.joint)),
        ("arrangement", t.pick(controller.arrangement)),
        ("group", t.w.listed(t.party(party) for party in controller.group)),
    )
    return tuple((key, text) for key, text in pairs if text)


def _controller(t: Teller) -> list[Block]:
    return [
        Facts(
            tuple((t.w.say(f"controller.{key}"), said(f"controller.{key}", text)) for key, text in controller_facts(t))
        )
    ]


def _version(t: Teller) -> list[Block]:
    blocks: list[Block] = []
    if t.notice.effective is not None:
        blocks.append(Paragraph(said("effective", t.w.say("version.in_force", date=t.w.date(t.notice.effective)))))
    blocks.append(Paragraph(said("register", t.w.say("version.made"))))
    blocks.append(Paragraph(said("effective", t.w.say("version.change"))))
    if t.notice.see_also:
        lines = [
            (Run(t.pick(one.text), href=one.url or t.sister(one.register), rule=f"see_also.{number}"),)
            for number, one in enumerate(t.notice.see_also)
        ]
        blocks += [Heading(t.w.say("version.see_also")), Bullets(tuple(lines))]
    if t.notice.digest:
        hashed = t.w.say("version.hash", digest=t.notice.digest)
        blocks.append(Paragraph(said("register", hashed), quiet=True))
    return blocks
