"""Columns, faults and counts of an import as parts of its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seloste.compiler.register import Register
from seloste.operations.records.transfer.plan import CheckReport, Fault
from seloste.operations.records.transfer.target import Field, Target
from seloste.store.import_jobs import ImportJob
from seloste.web.i18n import Translator, formats
from seloste.web.parts import Cell, Column, Row, RowGroup, Table
from seloste.web.registers import said

SAMPLES = 3
LONGEST_SAMPLE = 40


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of the file: what it is called, some of what it holds, where it leads."""

    name: str
    title: str
    samples: str
    chosen: str
    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """Where it may lead: (kind, ((key, label), ...))."""
    note: str = ""


def what(register: Register, target: Target, lang: str) -> str:
    """What rows become: contact persons with their company; orders."""
    kind = register.tables[target.kind].kind
    if not target.tie:
        return said(kind.plural, lang)
    text = formats(lang).listed(said(each, lang) for each in target.texts)
    return f"{text[:1].upper()}{text[1:]}"


def columns(
    rows: Sequence[Sequence[str]],
    job: ImportJob,
    t: Translator,
    *,
    target: Target | None = None,
    register: Register | None = None,
    chosen: Sequence[str] = (),
    lang: str = "en",
    headed: bool | None = None,
) -> tuple[FileColumn, ...]:
    """The columns of a file by its first rows. With a target each has the places it may lead to."""
    named = bool(job.facts.get("headed")) if headed is None else headed
    width = max((len(row) for row in rows), default=0)
    unnamed: Mapping[str, Mapping[str, str]] = job.facts.get("unnamed", {})
    groups = _groups(register, target, lang) if register is not None and target is not None else ()
    found = []
    for place in range(width):
        name = rows[0][place].strip() if named and rows and place < len(rows[0]) else ""
        data = rows[1:] if named else rows
        samples = dict.fromkeys(row[place].strip() for row in data if place < len(row) and row[place].strip())
        shown = [text[:LONGEST_SAMPLE] for text in list(samples)[:SAMPLES]]
        refused = unnamed.get(str(place))
        found.append(
            FileColumn(
                name=f"column.{place}",
                title=name[:80] or t("imports.column", letter=letter(place)),
                samples=", ".join(shown),
                chosen=chosen[place] if place < len(chosen) else "",
                groups=groups,
                note=t("imports.unnamed", item=said(refused, lang)) if refused else "",
            )
        )
    return tuple(found)


def letter(place: int) -> str:
    """A, B ... Z, AA: as a spreadsheet names its columns."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def _groups(register: Register, target: Target, lang: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    by_node: dict[str, list[Field]] = {}
    for field in target.fields:
        by_node.setdefault(field.node, []).append(field)
    return tuple(
        (said(register.tables[node].kind.label, lang), tuple((each.key, said(each.label, lang)) for each in fields))
        for node, fields in by_node.items()
    )


def fault_table(faults: Sequence[Fault], titles: Sequence[str], t: Translator, lang: str) -> Table:
    """The first faults: which row, which column, what is wrong."""
    rows = tuple(
        Row(
            cells=(
                Cell(text=str(fault.row)),
                Cell(
                    text=titles[fault.column]
                    if fault.column is not None and fault.column < len(titles)
                    else t("imports.whole_row")
                ),
                Cell(text=fault.message(lang)),
            )
        )
        for fault in faults
    )
    heads = (Column(text=t("imports.row")), Column(text=t("imports.where")), Column(text=t("imports.problem")))
    return Table(caption=t("imports.faults"), columns=heads, groups=(RowGroup(rows=rows),), blocks=True)


def made_pairs(register: Register, report: CheckReport, lang: str, t: Translator) -> tuple[tuple[str, str], ...]:
    """How many rows of each kind would be made, and how many of the register would be used as they are."""
    number = formats(lang).number

    def labels(counts: Mapping[str, int]) -> str:
        parts = [
            f"{said(register.tables[kind].kind.plural, lang).lower()} {number(count)}" for kind, count in counts.items()
        ]
        return ", ".join(parts)

    pairs = [(t("imports.made"), labels(report.made))] if report.made else []
    if report.found:
        pairs.append((t("imports.found"), labels(report.found)))
    return tuple(pairs)
