"""The record as Markdown to read, and as plain data for JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from seloste.notice.record.model import Activity, Fact, Record, Secured
from seloste.notice.render.markdown import section_text
from seloste.notice.render.model import Block, Facts, Paragraph, Section, Table, words
from seloste.notice.render.wording import wording


def markdown(made: Record) -> str:
    """The record as one Markdown text that ends in a line break: a heading for each purpose, a line for each column."""
    columns = made.columns
    opening: tuple[Block, ...] = (Paragraph(words(made.made)), _facts(made.controller))
    sections = [
        Section("controller", f"{made.title}: {columns.controller}", opening),
        *(Section(each.key, each.purpose, (_activity(made, each),)) for each in made.activities),
        Section("security", columns.security, (_security(made),)),
    ]
    if made.on_behalf:
        law = Paragraph(words(made.on_behalf_law), quiet=True)
        sections.append(Section("processor", made.on_behalf_name, (law, _facts(made.on_behalf))))
    parts = [f"# {made.name}", made.law, *(section_text(each) for each in sections)]
    return "\n\n".join(parts) + "\n"


def lines(made: Record, each: Activity) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The columns of a purpose after its name: heading and what stands there, never empty."""
    columns = made.columns
    return (
        (columns.ground, each.ground),
        (columns.people, each.people),
        (columns.data, (each.data,)),
        (columns.recipients, each.recipients),
        (columns.transfers, tuple(sent.text for sent in each.transfers) or (columns.none_transfers,)),
        (columns.keeps, each.keeps),
    )


def answers(made: Record, each: Secured) -> str:
    """Who answers for a measure: the system, or whoever attested it."""
    return made.columns.proved if each.proved else each.by or made.columns.attested


def plain(made: Record) -> dict[str, Any]:
    """The record as JSON has it: keys in English, words in the record's language, days as 2026-01-30."""
    found: dict[str, Any] = asdict(made)
    del found["columns"]
    found["controller"] = {fact.key: fact.text for fact in made.controller}
    found["on_behalf"] = {fact.key: fact.text for fact in made.on_behalf} or None
    return {"format": "seloste record of processing 1", **{key: _plain(value) for key, value in found.items()}}


def _plain(value: Any) -> Any:
    match value:
        case dt.date():
            return value.isoformat()
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
    return value


def _facts(found: tuple[Fact, ...]) -> Facts:
    return Facts(tuple((fact.label, words(fact.text)) for fact in found))


def _activity(made: Record, each: Activity) -> Facts:
    return Facts(tuple((name, words("; ".join(_bare(text) for text in texts))) for name, texts in lines(made, each)))


def _security(made: Record) -> Block:
    if not made.security:
        return Paragraph(words(made.columns.none_security))
    columns, date = made.columns, wording(made.lang).date
    rows = tuple(
        tuple(
            words(text)
            for text in (
                each.text,
                answers(made, each),
                date(each.on) if each.on else "–",
                date(each.next_check) if each.next_check else "–",
            )
        )
        for each in made.security
    )
    return Table((columns.measure, columns.how, columns.checked, columns.next), rows, columns.security)


def _bare(text: str) -> str:
    return text.rstrip(".")
