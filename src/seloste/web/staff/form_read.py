"""What somebody sent with a form, as rows to store; what is wrong is told by the name of the field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from seloste.catalogue.model import Item
from seloste.compiler.register import Register
from seloste.operations.records.enter import Said
from seloste.operations.records.model import NewRow, Problem
from seloste.operations.records.transfer.rows import source_for
from seloste.store.work import NotNeededError
from seloste.web.i18n import Formats, Translator
from seloste.web.registers import said
from seloste.web.staff.form_ends import NEW_ROW, End
from seloste.web.staff.form_plan import HOW, HOWS, Part, Plan

QUERY = "~q"
"""After an end's name: what was typed to search for it."""

OF = "~of"
"""After the name of a tie that follows from its person: whose the ties are that were offered."""

CLEAR = "~clear"
"""After a sensitive field's name: empty what it holds."""


class Posted:
    """The texts of a form."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def one(self, name: str) -> str:
        value = self._form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def all(self, name: str) -> list[str]:
        return [value.strip() for value in self._form.getlist(name) if isinstance(value, str) and value.strip()]

    def has(self, name: str) -> bool:
        return name in self._form

    def texts(self) -> dict[str, list[str]]:
        """Every text sent, by name, to be shown again."""
        return {name: self.all(name) for name in self._form if isinstance(self._form.get(name), str)}


def is_number(text: str) -> bool:
    """Whether a text is a number that a row may have."""
    return text.isdecimal() and len(text) < 19


def values_of(part: Part, posted: Posted) -> dict[str, Any]:
    """What was typed for the items of a part; empty fields are left out."""
    found: dict[str, Any] = {}
    for item in part.items:
        texts = posted.all(part.name(item))
        if texts:
            found[item.key] = as_typed(item, texts)
    return found


def as_typed(item: Item, texts: list[str]) -> str | list[str]:
    """What a field sent, as its type is read: names of items are ticked one by one and are one value."""
    return texts if item.many else ", ".join(texts) if item.type == "items" else texts[0]


def rows_of(plan: Plan, posted: Posted, chosen: Mapping[str, str], register: Register) -> list[NewRow]:
    """The rows a form makes. ``chosen`` holds the id picked for an end, or NEW_ROW."""
    source = posted.one("source")
    rows: list[NewRow] = []
    for part in plan.parts:
        values = values_of(part, posted)
        if part.optional and not values:
            continue
        parents: dict[str, int | str] = {part.within: part.within} if part.within else {}
        for end in part.ends:
            picked = chosen.get(end.name, "")
            if picked == NEW_ROW:
                rows.append(_new_end(end, posted, source_for(register, source, end.kind.key)))
            to = end.name if picked == NEW_ROW else picked
            if to:
                (parents if end.parent else values)[end.column] = to if to == end.name else int(to)
        where = source_for(register, source, part.key)
        rows.append(NewRow(part.key, values, parents, source=where, ref=part.key))
    return rows


def _new_end(end: End, posted: Posted, source: str) -> NewRow:
    values = {item.key: text for item in end.news if (text := posted.one(f"{end.name}.{item.key}"))}
    return NewRow(end.kind.key, values, source=source, ref=end.name)


def answers_of(plan: Plan, posted: Posted, lang: str) -> list[Said]:
    """What the person said to each wording that was read; no answer is none."""
    channel = posted.one(HOW)
    found = []
    for consent in plan.consents:
        answer = posted.one(consent.name)
        if answer in ("yes", "no"):
            spoken = (
                lang if lang in (consent.purpose.consent or {}) else next(iter(consent.purpose.consent or {}), lang)
            )
            found.append(Said(consent.purpose.key, answer == "yes", channel, spoken, consent.recipient))
    return found


def missing(plan: Plan, posted: Posted, chosen: Mapping[str, str], t: Translator, lang: str) -> dict[str, str]:
    """What must be said and was not: a name, where the data came from, what a row belongs to."""
    faults: dict[str, str] = {}
    for part in plan.parts:
        named = part.kind.subject or part.kind.about == "nobody"
        titles = [item for item in part.items if item.key in part.kind.title]
        if named and titles and not part.optional and not any(posted.all(part.name(item)) for item in titles):
            faults[part.name(titles[0])] = t("form.required", label=_low(said(titles[0].label, lang)))
        faults |= {part.name(day): t("entry.day_needed") for day in undated(part, posted)}
        for end in part.ends:
            picked = chosen.get(end.name, "")
            if end.required and not picked:
                faults[end.name] = t("form.choose", label=_low(said(end.kind.label, lang)))
            elif picked == NEW_ROW and not any(posted.one(f"{end.name}.{item.key}") for item in end.news):
                first = end.news[0]
                faults[f"{end.name}.{first.key}"] = t("form.required", label=_low(said(first.label, lang)))
    if not posted.one("source"):
        faults["source"] = t("form.source_missing")
    answered = any(posted.one(consent.name) in ("yes", "no") for consent in plan.consents)
    if answered and posted.one(HOW) not in HOWS:
        faults[HOW] = t("permit.how_answer_missing")
    return faults


def undated(part: Part, posted: Posted) -> list[Item]:
    """The days from which a row's time is counted that the form asks and that were not said."""
    days = [item for item in part.items if item.key in part.counted]
    return [] if part.optional else [day for day in days if not posted.all(part.name(day))]


def faults_of(problems: Sequence[Problem], plan: Plan, lang: str) -> dict[str, str]:
    """Problems of rows by the names of fields, without the label that each begins with."""
    faults: dict[str, str] = {}
    for problem in problems:
        item = plan.kind.items.get(problem.item)
        for part in plan.parts:
            item = part.kind.items.get(problem.item, item) if part.key == problem.kind else item
        text = problem.message(lang)
        if item is not None and text.startswith(f"{said(item.label, lang)}: "):
            text = text.partition(": ")[2]
        name = "source" if problem.item == "source" else f"{problem.ref}.{problem.item}" if problem.item else ""
        faults.setdefault(name or f"{problem.ref}.{plan.parts[0].items[0].key}", text)
    return faults


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the notice does not let in: a sentence on top, and one at each field that it is about."""

    text: str
    fields: Mapping[str, str]


def refusal_of(error: NotNeededError, plan: Plan, register: Register, t: Translator, f: Formats, lang: str) -> Refusal:
    """The refusal in few words: which items, and whether the notice names them at all."""
    needed: list[str] = []
    asking: dict[str, None] = {}
    first: dict[str, None] = {}
    unnamed: list[str] = []
    fields: dict[str, str] = {}
    for kind, item in error.cells:
        known = register.tables[kind].kind.items.get(item)
        if known is None:
            continue
        users = register.users(kind, item)
        named = bool(users)
        if named and all(register.purposes[key].basis == "consent" for key in users):
            asking |= dict.fromkeys(said(register.purposes[key].text, lang) for key in users)
        else:
            (needed if named else unnamed).append(said(known.label, lang))
            first |= dict.fromkeys(
                said(register.tables[matter].kind.label, lang) for matter in _first(register, kind, users)
            )
        part = plan.part(kind)
        if part is not None and item in part.kind.items:
            fields[f"{kind}.{item}"] = t("entry.not_needed") if named else t("state.refused_why")
    sentences = []
    if unnamed:
        sentences = [t("state.refused", item=f.listed(dict.fromkeys(unnamed))), t("state.refused_why")]
    if asking:
        sentences.append(t("entry.consent_first", what=f.listed(asking)))
    if needed or not (unnamed or asking):
        items = f.listed(dict.fromkeys(needed)) or "–"
        what = f.listed(_low(label) for label in first)
        said_so = t("entry.matter_first", items=items, what=what) if first else t("entry.not_needed_items", items=items)
        sentences.append(said_so)
    return Refusal(" ".join(sentences), fields)


def _first(register: Register, kind: str, users: Sequence[str]) -> list[str]:
    """The matters that a row of ``kind`` is kept for, where it neither is one nor belongs to one: a dog is kept for its
    owner's appointments, so one of these has to be written down before it."""
    above, left = {kind}, list(register.tables[kind].kind.of)
    if not left:
        return []
    while left:
        above.add(one := left.pop())
        left += [end for end in register.tables[one].kind.of if end not in above] if one in register.tables else []
    matters = dict.fromkeys(keep.matter for key in users for keep in register.purposes[key].keep)
    return [] if above & matters.keys() else list(matters)


def _low(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
