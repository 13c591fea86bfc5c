"""What may be stored: kinds and items of the notice, values of their type, sources that may bring them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from seloste.catalogue.model import PERSON, Item, Kind, Text
from seloste.catalogue.types import TYPES
from seloste.catalogue.types.base import ItemType
from seloste.compiler.register import CompiledLens, Register
from seloste.errors import BadValue
from seloste.notice.expand.people import business_only
from seloste.notice.model import Ref
from seloste.notice.ways import references
from seloste.operations.records.model import NewRow, Problem

_NAME = re.compile(r"[^\W\d][\w .-]{0,59}")


def say(text: Text, lang: str) -> str:
    """A text in a language, or in whichever it is written."""
    return text.get(lang) or text.get("en") or next(iter(text.values()), "")


def _parsed(known: ItemType[Any], raw: Any) -> Any:
    """A text as its type reads it; a value already typed must be what its own text would be read as."""
    if isinstance(raw, str):
        return known.parse(raw)
    try:
        return known.parse(known.edit(raw))
    except (TypeError, ValueError, AttributeError, KeyError) as problem:
        raise BadValue(
            "Arvo ei ole sitä muotoa, jota tähän voi tallettaa.", "The value is not of the form that is kept here."
        ) from problem


class Validator:
    """Judges rows before they are written; gathers every problem rather than the first."""

    def __init__(
        self, register: Register, lens: CompiledLens | None, types: Mapping[str, ItemType[Any]] = TYPES
    ) -> None:
        self.register = register
        self.types = types
        self.lens = lens
        self.problems: list[Problem] = []

    def row(self, row: NewRow) -> dict[str, Any]:
        """The row's values as typed; problems are kept in ``problems``."""
        table = self.register.tables.get(row.kind)
        if table is None:
            self._unnamed(row, row.kind, row.kind)
            return {}
        kind = table.kind
        if self.lens is not None and not self.lens.sees(kind.key):
            # Also a row without items says something: that it belongs to somebody.
            self._not_your_role(row, "", kind.label)
            return {}
        if not self._written_as_rows(row, kind):
            return {}
        self._source(row, row.source, kind, tuple(row.values))
        for item, source in row.cell_sources.items():
            self._source(row, source, kind, (item,))
        self._parents(row, kind)
        values = self.values(row)
        if not values and not row.parents and not self.problems:
            self._add(row, "", "Rivillä ei ole mitään talletettavaa.", "The row holds nothing to store.")
        self._dated(row, kind, (name for name in self.register.must_date(kind.key) if not row.values.get(name)))
        return values

    def _dated(self, row: NewRow, kind: Kind, lacking: Iterable[str]) -> None:
        """Days that periods count from and that are known from the start; without one the row would stay for ever."""
        for name in lacking:
            label = kind.items[name].label
            self._add(
                row,
                name,
                f"{say(label, 'fi')} puuttuu. Siitä lasketaan, kauanko tietoja säilytetään.",
                f"{say(label, 'en')} is missing. How long the data are kept is counted from it.",
            )

    def values(self, row: NewRow) -> dict[str, Any]:
        """The row's values as their types read them, whatever it belongs to and wherever they came from."""
        table = self.register.tables[row.kind]
        kind = table.kind
        values: dict[str, Any] = {}
        for name, raw in row.values.items():
            item_found = kind.items.get(name)
            if item_found is None or table.column(name) is None:
                self._unnamed(row, name, say(kind.label, "fi"))
                continue
            if self.lens is not None and not self.lens.sees(kind.key, name):
                self._not_your_role(row, name, item_found.label)
                continue
            value = self._value(row, item_found, raw)
            if value is not None:
                values[name] = value
        return values

    def changes(self, kind: Kind, changes: Mapping[str, Any], source: str) -> dict[str, Any]:
        """Changes to a row; None empties a cell."""
        row = NewRow(
            kind.key, {name: value for name, value in changes.items() if value not in (None, "", [])}, source=source
        )
        if not self._written_as_rows(row, kind):
            return {}
        self._source(row, source, kind, tuple(row.values))
        values: dict[str, Any] = {}
        for name, raw in changes.items():
            found = kind.items.get(name)
            if found is None or self.register.tables[kind.key].column(name) is None:
                self._unnamed(row, name, say(kind.label, "fi"))
            elif self.lens is not None and not self.lens.sees(kind.key, name):
                self._not_your_role(row, name, found.label)
            else:
                values[name] = self._value(row, found, raw)
        emptied = {name for name, raw in changes.items() if raw in (None, "", [])}
        self._dated(row, kind, sorted(self.register.must_date(kind.key) & emptied))
        return values

    def _value(self, row: NewRow, item: Item, raw: Any) -> Any:
        """None: nothing to store (empty, or wrong and told)."""
        if raw is None or raw == "" or raw == []:
            return None
        try:
            if item.many:
                given = raw if isinstance(raw, list | tuple) else [raw]
                return [self._one(item, each) for each in given if each not in (None, "")] or None
            return self._one(item, raw)
        except BadValue as problem:
            self.problems.append(
                Problem(
                    row.ref,
                    row.kind,
                    item.key,
                    f"{say(item.label, 'fi')}: {problem.message('fi')}",
                    f"{say(item.label, 'en')}: {problem.message('en')}",
                )
            )
            return None

    def _one(self, item: Item, raw: Any) -> Any:
        if item.type == "ref":
            if isinstance(raw, str) or (isinstance(raw, int) and not isinstance(raw, bool)):
                return raw
            raise BadValue("Valitse rivi luettelosta.", "Choose a record of the list.")
        if item.type == "choice" and item.options:
            if isinstance(raw, str) and raw in {option.key for option in item.options}:
                return raw
            for option in item.options:
                if isinstance(raw, str) and raw.casefold() in {text.casefold() for text in option.label.values()}:
                    return option.key
            raise BadValue(
                "Valitse jokin luettelosta.",
                "Choose one of the list.",
                ", ".join(say(option.label, "fi") for option in item.options[:3]),
            )
        return _parsed(self.types[item.type], raw)

    def _source(self, row: NewRow, key: str, kind: Kind, items: tuple[str, ...]) -> None:
        source = self.register.notice.sources.get(key)
        if source is None:
            self._add(
                row,
                "source",
                "Valitse, mistä tiedot saatiin. Seloste ei nimeä tätä lähdettä.",
                "Choose where the data came from. The notice does not name this source.",
            )
            return
        if not source.items:
            return
        for item in items:
            if item in kind.items and Ref(kind.key, item) not in source.items:
                label = kind.items[item].label
                self._add(
                    row,
                    item,
                    f"Tietoa {say(label, 'fi')} ei saa ottaa {say(source.text, 'fi')}."
                    " Selosteen kohdan sources pitäisi sallia se.",
                    f"{say(label, 'en')} may not come {say(source.text, 'en')}."
                    " The notice would have to allow it under sources.",
                )

    def _parents(self, row: NewRow, kind: Kind) -> None:
        known = [parent for parent in kind.of if parent in self.register.tables]
        for name in row.parents:
            if name not in known:
                self._unnamed(row, name, say(kind.label, "fi"))
        given = [parent for parent in known if row.parents.get(parent) is not None]
        optional = set(kind.optional_of) - self._ends_of_categories(kind)
        lacking = [parent for parent in known if parent not in given and parent not in optional]
        if not known or not lacking or (given and not kind.tie):
            return
        labels = [self.register.tables[parent].kind.label for parent in (lacking or known)]
        self._add(
            row,
            (lacking or known)[0],
            "Valitse, mihin tämä kuuluu: " + ", ".join(say(label, "fi") for label in labels) + ".",
            "Choose what this belongs to: " + ", ".join(say(label, "en") for label in labels) + ".",
        )

    def _ends_of_categories(self, kind: Kind) -> set[str]:
        """Ends that every category of people made by this tie must have: a contact has a company."""
        required = [set(each.required) for each in self.register.notice.categories if each.tie == kind.key]
        return set.intersection(*required) if required else set()

    def nobody_for_himself(self, rows: Sequence[NewRow]) -> None:
        """Where all people act for somebody else, a new one comes with the tie that says for whom."""
        notice = self.register.notice
        if not business_only(notice.categories, notice.kinds):
            return
        acting = {
            end
            for category in notice.categories
            for row in rows
            if row.kind == category.tie
            for end in ((row.values if category.through else row.parents).get(category.through or PERSON),)
        }
        for number, row in enumerate(rows):
            if row.kind == PERSON and (row.ref or number) not in acting:
                self._add(
                    row,
                    "",
                    "Tässä rekisterissä on vain yritysten edustajia. Lisää, mitä yritystä hän edustaa.",
                    "This register holds only representatives of companies. Add which company they act for.",
                )

    def pointers(self, row: NewRow) -> Iterator[tuple[str, str, int | str]]:
        """(column, target kind, id or ref) of everything the row points at."""
        kind = self.register.tables[row.kind].kind
        for reference in references(kind):
            given = row.parents.get(reference.column) if reference.parent else row.values.get(reference.column)
            if given not in (None, "") and reference.target in self.register.tables:
                yield reference.column, reference.target, given

    def _written_as_rows(self, row: NewRow, kind: Kind) -> bool:
        """Whether a role stores and changes rows of a kind. What was said, asked and given out is proof (Art. 5(2),
        7(1)): it is written by saying, asking and giving, whoever is shown it.
        """
        if self.lens is None or not kind.built_in:
            return True
        self._add(
            row,
            "",
            f"{say(kind.plural, 'fi')} syntyvät, kun asia sanotaan, pyydetään tai tehdään. Niitä ei kirjoiteta itse.",
            f"{say(kind.plural, 'en')}: these come of what is said, asked or done, and are not written by hand.",
        )
        return False

    def _unnamed(self, row: NewRow, name: str, kind: str) -> None:
        # What stands where a name should may be a value that strayed; messages reach logs and pages.
        name, kind, key = (word if _NAME.fullmatch(word) else "?" for word in (name, kind, row.kind))
        self._add(
            row,
            name,
            f"Tietoa {name} ({kind}) ei voi tallettaa. Seloste ei nimeä sitä:"
            " lisää se jonkin tarkoituksen kohtaan uses.",
            f"{name} ({key}) cannot be stored. The notice does not name it: add it to the uses of a purpose.",
        )

    def _not_your_role(self, row: NewRow, item: str, label: Text) -> None:
        self._add(
            row,
            item,
            f"Tieto {say(label, 'fi')} ei kuulu rooliisi.",
            f"{say(label, 'en')} is not part of your role.",
        )

    def _add(self, row: NewRow, item: str, fi: str, en: str) -> None:
        self.problems.append(Problem(row.ref, row.kind, item, fi, en))
