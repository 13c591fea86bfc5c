"""Items of the notice as fields, what a row belongs to as a choice, and both in groups with their stamp lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

from seloste.catalogue.model import Item, Kind
from seloste.catalogue.types import TYPES
from seloste.catalogue.types.country import country_names
from seloste.compiler.register import Register
from seloste.web.i18n import Translator, formats
from seloste.web.parts import Choice, Field, Stamp
from seloste.web.parts.forms import Widget
from seloste.web.registers import said
from seloste.web.staff.form_ends import End
from seloste.web.staff.form_plan import HOW, HOWS, Consent, Part, Plan
from seloste.web.staff.stamps import stamps

_WIDGETS: Mapping[str, Widget] = {
    "tel": "tel",
    "email": "email",
    "url": "url",
    "date": "date",
    "datetime-local": "datetime-local",
    "number": "number",
    "textarea": "textarea",
}
_CONTACT = ("phone", "email")
MOST_STAMPS = 4
"""Purposes that stand beside a group; the others are one press away."""
_LINES = {"lines": "entry.lines_hint", "fields": "entry.fields_hint"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A row that may be chosen."""

    value: str
    text: str
    sub: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A row to be chosen from the register: searched for, then picked; without script by a button, with it as typed.

    ``news`` are fields of a row made at once, shown when *new* is picked.
    """

    name: str
    label: str
    suggest: str
    query: str = ""
    hits: tuple[Hit, ...] = ()
    chosen: str = ""
    optional: bool = False
    unmarked: bool = False
    """As of fields: its section says that it is optional."""
    error: str = ""
    asked: bool = False
    """Somebody searched: say so when nothing was found."""
    new_text: str = ""
    news: tuple[Field, ...] = ()
    hint: str = ""
    fixed: tuple[tuple[str, str], ...] = ()
    """What goes along unseen. With it the choices are all there are, and nothing is searched for."""
    sort: Literal["pick"] = "pick"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group of the form: choices and fields in order, and in the margin what they are for."""

    title: str
    id: str
    entries: tuple[Field | Pick, ...]
    stamps: tuple[Stamp, ...] = ()
    others: tuple[Stamp, ...] = ()
    """Of further purposes, last those that the reader does not act for."""
    margin: str = ""
    note: str = ""
    """What the form does not ask here, and where it comes from."""
    optional: bool = False
    single: bool = False
    """Its one field is called what it is."""


@dataclass(slots=True)
class Filled:
    """What stands in the fields: texts by name, errors by name, the choices."""

    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    picks: Mapping[str, Pick] = field(default_factory=dict)
    sealed: frozenset[str] = frozenset()
    """Names of sensitive fields that hold a value, which is not shown."""

    def of(self, name: str) -> tuple[str, ...]:
        return tuple(self.texts.get(name, ()))


class Drawer:
    """Draws the sections of a form in one language."""

    def __init__(
        self, register: Register, t: Translator, lang: str, filled: Filled, acting: Sequence[str] = ()
    ) -> None:
        self.register, self.t, self.lang, self.filled, self.acting = register, t, lang, filled, acting
        self.held: Collection[str] = ()

    def field(self, item: Item, name: str, *, optional: bool, half: bool = False) -> Field:
        """One item as a form control."""
        known = TYPES[item.type]
        shown, hint = self.filled.of(name), self._hint(item)
        if name in self.filled.sealed:
            hint = self.t("entry.sealed")
        common: dict[str, Any] = {
            "name": name,
            "label": said(item.label, self.lang),
            "shown": shown,
            "optional": optional,
            "error": self.filled.errors.get(name, ""),
            "hint": hint,
        }
        choices = self._choices(item, name.partition(".")[0])
        if choices and (item.many or item.type == "items"):
            return Field(widget="checks", choices=choices, **common)
        if choices:
            return Field(widget="select", choices=(Choice(value="", text=""), *choices), **common)
        widget = _WIDGETS.get(known.widget, "text")
        unit = "€" if item.type == "money" else ""
        return Field(
            widget=widget,
            many=item.many,
            half=half,
            inputmode=known.inputmode,
            autocomplete="off",
            unit=unit,
            short=item.type in ("date", "postal_code", "int", "days", "money", "business_id", "hetu"),
            **common,
        )

    def _hint(self, item: Item) -> str:
        if item.free_text:
            return self.t("form.free_text")
        return self.t(_LINES[item.type]) if item.type in _LINES else ""

    def _choices(self, item: Item, kind: str) -> tuple[Choice, ...]:
        if item.options:
            return tuple(Choice(value=option.key, text=said(option.label, self.lang)) for option in item.options)
        if item.type == "country":
            return tuple(Choice(value=code, text=name) for code, name in self._countries())
        if item.type == "items":
            return self._named(kind, item)
        if item.type == "bool":
            known = TYPES["bool"]
            return tuple(Choice(value=known.edit(value), text=known.show(value, self.lang)) for value in (True, False))
        return ()

    def _countries(self) -> Iterator[tuple[str, str]]:
        """Finland, then the countries that the notice names, then all others by the alphabet."""
        names, notice = country_names(self.lang), self.register.notice
        named = {each.country for each in notice.processors} | {each.country for each in notice.recipients}
        named |= {party.country for each in notice.processors for party in each.sub_processors}
        named |= {party.country for each in notice.recipients for party in each.who}
        yield from sorted(names.items(), key=lambda pair: (pair[0] != HOME, pair[0] not in named))

    def _named(self, kind: str, item: Item) -> tuple[Choice, ...]:
        """The items that an item may name: those that the purposes using it use of the persons its rows are about."""
        using = self.register.users(kind, item.key)
        refs = [
            ref for key in using for ref in (*self.register.purposes[key].uses, *self.register.purposes[key].borrows)
        ]
        tables = self.register.tables
        named = [ref for ref in dict.fromkeys(refs) if ref.kind in tables and tables[ref.kind].kind.subject]
        labels = {str(ref): tables[ref.kind].kind.items.get(ref.item) for ref in named}
        return tuple(
            Choice(value=key, text=said(known.label, self.lang)) for key, known in labels.items() if known is not None
        )

    # --- sections -------------------------------------------------------------------------------------------------

    def sections(self, plan: Plan) -> tuple[Section, ...]:
        """Who it is, what ties them, how to reach them, what concerns some, the rest; each in the notice's order."""
        self.held = plan.held
        main, *others = plan.parts
        first, *rest = self._of_main(main)
        ties = [self._of_tie(part) for part in others if not part.optional]
        apart = [section for _, *sections in ties for section in sections]
        more = [self._of_part(part) for part in others if part.optional]
        found = (first, *(tie for tie, *_ in ties), *rest[:1], *apart, *rest[1:], *more)
        return tuple(section for section in found if section.entries or section.note)

    def _of_main(self, part: Part) -> list[Section]:
        if not part.kind.subject:
            return self._of_tie(part)
        contact = {name for members in part.kind.groups.values() for name in members if self._reaches(part, members)}
        reach = [item for item in part.items if item.key in contact or item.type in _CONTACT]
        before = part.items.index(reach[0]) if reach else len(part.items)
        who = [item for item in part.items[:before] if item not in reach]
        rest = [item for item in part.items if item not in reach and item not in who]
        return [
            self._section(part, self.t("entry.who"), who, ends=part.ends, place="who"),
            self._section(part, self.t("entry.reach"), reach, place="reach"),
            self._section(part, self.t("entry.more"), rest, place="more"),
        ]

    @staticmethod
    def _reaches(part: Part, members: Sequence[str]) -> bool:
        return any(part.kind.items[name].type in _CONTACT for name in members)

    def _of_part(self, part: Part) -> Section:
        return self._section(part, said(part.kind.label, self.lang), part.items, ends=part.ends)

    def _of_tie(self, part: Part) -> list[Section]:
        """A row, and by itself what concerns only those who have an end that one may lack: a company, a job title."""
        apart = [end for end in part.ends if end.column in part.kind.only_with and not end.required]
        aside = {end.column: part.kind.only_with[end.column] for end in apart}
        rest = [item for item in part.items if not any(item.key in names for names in aside.values())]
        title = said(part.kind.label, self.lang)
        sections = [self._section(part, title, rest, ends=[end for end in part.ends if end not in apart])]
        for end in apart:
            items = [item for item in part.items if item.key in aside[end.column]]
            what = said(end.kind.label, self.lang)
            sections.append(
                _unmarked(self._section(part, self.t("entry.if_any", what=what), items, ends=(end,), place=end.column))
            )
        return sections

    def _section(
        self, part: Part, title: str, items: Sequence[Item], *, ends: Sequence[End] = (), place: str = "all"
    ) -> Section:
        titles = [item for item in items if item.key in part.kind.title]
        pair = part.kind.subject and len(titles) == 2
        owners = [end for end in ends if end.parent]
        order = list(part.kind.items)
        placed: list[tuple[int, Field | Pick]] = [
            (
                order.index(item.key),
                self.field(item, part.name(item), optional=self.is_optional(part, item), half=pair and item in titles),
            )
            for item in items
        ]
        placed += [(order.index(end.column), pick) for end in ends if end not in owners for pick in self._picks(end)]
        entries = [entry for _, entry in sorted(placed, key=lambda one: one[0])]
        cells = [(part.key, item.key) for item in items] + [(part.key, end.column) for end in ends]
        own, other = self._stamps(cells, own=True), self._stamps(cells, own=False)
        files = [said(item.label, self.lang) for item in part.files] if place in ("all", "more") else []
        section = Section(
            title=title,
            id=f"{part.key}-{place}",
            entries=(*(pick for end in owners for pick in self._picks(end)), *entries),
            stamps=own[:MOST_STAMPS],
            others=(*own[MOST_STAMPS:], *other),
            note=self.t("entry.files", items=formats(self.lang).listed(files)) if files else "",
            optional=part.optional,
        )
        return _unmarked(section) if part.optional else section

    def _picks(self, end: End) -> tuple[Pick, ...]:
        found = self.filled.picks.get(end.name)
        return (found,) if found is not None else ()

    def _stamps(self, cells: Sequence[tuple[str, str]], *, own: bool) -> tuple[Stamp, ...]:
        """What the reader acts for, or what else the data are for."""
        first = {key for key in self.acting if key in self.held or not self.held}
        chosen = [key for key in self.register.purposes if (key in first) is own]
        return stamps(self.register, cells, self.lang, only=chosen)

    @staticmethod
    def is_optional(part: Part, item: Item) -> bool:
        """What names a person or a company must be said, and the day its time is counted from; all else may lack."""
        named = part.kind.subject or part.kind.about == "nobody"
        asked = (named and item.key in part.kind.title) or item.key in part.counted
        return part.optional or not asked

    def source(self, plan: Plan, tell_by: str, *, title: str = "form.source") -> Section:
        """Where the data came from. Always asked; who must be told is said beside the source."""
        choices = tuple(
            Choice(
                value=source.key,
                text=_sentence(said(source.text, self.lang)),
                hint=self.t("entry.tell_by_short", date=tell_by) if source.art14 else "",
            )
            for source in plan.sources
        )
        asked = Field(
            name="source",
            label=self.t(title),
            widget="radio",
            shown=self.filled.of("source"),
            choices=choices,
            error=self.filled.errors.get("source", ""),
        )
        margin = self.t("entry.tell_by", date=tell_by) if any(source.art14 for source in plan.sources) else ""
        return Section(title=self.t(title), id="from-where", entries=(asked,), margin=margin, single=True)

    def consents(self, consents: Sequence[Consent]) -> tuple[Section, ...]:
        """A section for each purpose that asks for consent."""
        purposes = dict.fromkeys(consent.purpose.key for consent in consents)
        found = [self._consent([each for each in consents if each.purpose.key == key]) for key in purposes]
        return (*found, self._how()) if found else ()

    def _how(self) -> Section:
        """How the answers were given; no way is chosen beforehand, for it is part of the proof (Art. 7(1))."""
        options = self.register.tables["permission"].kind.items["channel"].options
        labels = {each.key: said(each.label, self.lang) for each in options}
        field = Field(
            name=HOW,
            label=self.t("permit.how_answered"),
            widget="radio",
            hint=self.t("permit.how_if_asked"),
            shown=self.filled.of(HOW),
            choices=tuple(Choice(value=each, text=labels.get(each, each)) for each in HOWS),
            error=self.filled.errors.get(HOW, ""),
            optional=True,
        )
        return Section(title=self.t("permit.how_answered"), id="consent-how", entries=(field,), single=True)

    def _consent(self, asked: Sequence[Consent]) -> Section:
        """The wording as it is read to the person, and what they said. No answer is chosen beforehand."""
        purpose = asked[0].purpose
        text = said(purpose.text, self.lang)
        answers = (("yes", "form.read_and_yes"), ("no", "form.said_no"), ("", "form.not_asked"))
        fields = tuple(
            Field(
                name=each.name,
                label=each.recipient or text,
                widget="radio",
                said=said(purpose.consent or {}, self.lang).replace("{recipient}", each.recipient),
                shown=self.filled.of(each.name),
                choices=tuple(Choice(value=value, text=self.t(key)) for value, key in answers),
                optional=True,
            )
            for each in asked
        )
        cells = [(ref.kind, ref.item) for ref in (*purpose.uses, *purpose.borrows)]
        lines = stamps(self.register, cells, self.lang, only=[purpose.key])
        return Section(title=text, id=f"consent-{purpose.key}", entries=fields, stamps=lines, single=len(fields) == 1)


HOME = "FI"
"""The country that stands first among all: the register's people are in Finland, most of them."""


def shown_texts(kind: Kind, values: Mapping[str, Any], lang: str) -> Iterator[tuple[str, list[str]]]:
    """(item, texts) of values as form controls hold them; sealed ones are left out."""
    from seloste.operations.records.model import Sealed

    for name, value in values.items():
        item = kind.items.get(name)
        if item is None or item.type not in TYPES or isinstance(value, Sealed):
            continue
        known = TYPES[item.type]
        several = value if item.many else [value]
        # A number is typed as it is read; what comes back is read as the same.
        write = partial(known.show, lang=lang) if known.widget == "tel" else known.edit
        yield name, [write(each) for each in several]


def _unmarked(section: Section) -> Section:
    """A section whose heading says that all of it is optional."""
    return replace(section, entries=tuple(replace(entry, unmarked=True) for entry in section.entries))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
