"""Reads one kind of record from its mapping, compact or full, and says where it is wrong.

The shipped kinds and those a notice writes under ``kinds:`` come through here alike.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, cast, get_args

from seloste.catalogue.model import PERSON, About, Item, Kind, Option, Text
from seloste.errors import SelosteError

LANGUAGES = ("fi", "en", "sv")
"""Every text of the shipped vocabulary is written in these (ISO 639-1)."""

ITEM_TYPES = frozenset(
    (
        *("text", "text_long", "phone", "email", "url", "date", "time", "days", "int", "money", "bool", "choice"),
        *("country", "postal_code", "business_id", "hetu", "iban", "reference_number", "ip", "code"),
        *("degrees", "file", "lines", "fields", "items"),
    )
)
"""Types an item may have, beside the key of a kind (a reference). ``catalogue.types`` says what each accepts."""

RESERVED_ITEMS = frozenset({"id", "source", "recorded_at"})
"""Every row has these of itself, so no item may be called so."""

FLAGS = "*+ST>!"
"""many, named one by one, sensitive, free text, pointer to a person, special category of Art. 9."""

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_DPV = re.compile(r"(pd|dpv):[A-Z][A-Za-z]+")
_ITEM_FIELDS = frozenset(("type", "label", "flags", "options", "dpv"))
_TEXT_FIELDS = frozenset(("label", "plural", "items", "groups", "title"))
_KIND_FIELDS = _TEXT_FIELDS | frozenset(
    (
        *("about", "of", "optional_of", "only_with", "tie", "act", "subject", "owner_item"),
        *("dated", "due", "done", "assigned", "built_in"),
    )
)


class CatalogueError(SelosteError):
    """A kind is written in a way that means nothing. ``path`` is where, dotted: ``items.health_notes.flags``."""

    def __init__(self, path: str, en: str, fi: str) -> None:
        super().__init__(f"{path}: {fi}", f"{path}: {en}")
        self.path = path


def kind_from_mapping(
    key: str,
    raw: Mapping[str, Any],
    known_kinds: Collection[str],
    languages: Sequence[str] = LANGUAGES,
) -> Kind:
    """One kind from its mapping, in the compact or the full spelling.

    ``known_kinds`` are the keys a reference may point at; when it is a mapping to kinds and holds ``key`` already, the
    mapping adds to that kind (items, groups, options) and cannot change whose it is. A plain string is a text in the
    first of ``languages``; where there is no label, the key in plain words stands for it in each of them.
    Raises ``CatalogueError``.
    """
    reader = _KindReader(known_kinds, tuple(languages))
    base = known_kinds.get(key) if isinstance(known_kinds, Mapping) else None
    return reader.extended(base, raw) if isinstance(base, Kind) else reader.kind(key, raw)


def humanise(key: str) -> str:
    """A key in plain words: ``health_notes`` -> ``Health notes``."""
    words = key.replace("_", " ")
    return words[:1].upper() + words[1:]


class _KindReader:
    """Reads kinds against the keys that are known; every error says where and what would be right."""

    def __init__(self, known: Collection[str], languages: tuple[str, ...]) -> None:
        self.known = known
        self.languages = languages

    def kind(self, key: str, raw: Mapping[str, Any]) -> Kind:
        _check_key(key, key)
        _check_fields(raw, _KIND_FIELDS, "")
        of = self._kinds(raw.get("of"), "of", key)
        about = raw.get("about", "person")
        if about not in get_args(About):
            words = ", ".join(get_args(About))
            raise CatalogueError("about", f"“{about}” is not one of {words}.", f"“{about}” ei ole näistä: {words}.")
        label = self._text(raw.get("label"), key, "label")
        kind = Kind(
            key=key,
            label=label,
            plural=self._text(raw["plural"], key, "plural") if raw.get("plural") else label,
            about=cast(About, about),
            of=of,
            tie=bool(raw.get("tie", False)),
            act=raw.get("act"),
            items=self._items(raw.get("items"), of),
            groups=_groups(raw.get("groups"), "groups"),
            title=_names(raw.get("title"), "title"),
            subject=bool(raw.get("subject", False)),
            owner_item=raw.get("owner_item"),
            optional_of=_names(raw.get("optional_of"), "optional_of"),
            only_with=self._only_with(raw.get("only_with"), key),
            dated=raw.get("dated"),
            due=raw.get("due"),
            done=raw.get("done"),
            assigned=raw.get("assigned"),
            built_in=bool(raw.get("built_in", False)),
        )
        _check_whole(kind)
        return kind

    def extended(self, base: Kind, raw: Mapping[str, Any]) -> Kind:
        """``base`` with the items, groups and texts of ``raw``; an item of the same name takes the place of the old."""
        fixed = sorted(set(raw) & (_KIND_FIELDS - _TEXT_FIELDS))
        if fixed:
            raise CatalogueError(
                fixed[0],
                f"{base.key} is a kind of the vocabulary. A notice may add items to it, not change its {fixed[0]}.",
                f"{base.key} on sanaston laji. Seloste voi lisätä siihen tietoja, ei muuttaa sen kohtaa {fixed[0]}.",
            )
        _check_fields(raw, _KIND_FIELDS, "")
        items = self._items(raw.get("items"), base.of)
        for key, item in items.items():
            old = base.items.get(key)
            if old is not None and (old.type, old.refers_to) != (item.type, item.refers_to):
                raise CatalogueError(
                    f"items.{key}.type",
                    f"{base.key}.{key} is of type {old.type} in the vocabulary. Give the new item another name.",
                    f"{base.key}.{key} on sanastossa tyyppiä {old.type}. Anna uudelle tiedolle toinen nimi.",
                )
        kind = replace(
            base,
            label=self._text(raw["label"], base.key, "label") if "label" in raw else base.label,
            plural=self._text(raw["plural"], base.key, "plural") if "plural" in raw else base.plural,
            items=MappingProxyType({**base.items, **items}),
            groups=MappingProxyType({**base.groups, **_groups(raw.get("groups"), "groups")}),
            title=_names(raw.get("title"), "title") or base.title,
        )
        _check_whole(kind)
        return kind

    def _items(self, raw: object, of: tuple[str, ...]) -> Mapping[str, Item]:
        if not isinstance(raw, Mapping):
            if raw is None:
                return MappingProxyType({})
            raise CatalogueError(
                "items",
                "write the items as “name: type”, one a line.",
                "kirjoita tiedot muodossa “nimi: tyyppi”, yksi riville.",
            )
        items: dict[str, Item] = {}
        for key, value in raw.items():
            path = f"items.{key}"
            _check_key(key, path)
            if key in RESERVED_ITEMS or key in of:
                raise CatalogueError(
                    path,
                    f"every row has “{key}” of itself. Give the item another name.",
                    f"jokaisella rivillä on jo “{key}”. Anna tiedolle toinen nimi.",
                )
            items[key] = self._item(key, value, path)
        return MappingProxyType(items)

    def _item(self, key: str, raw: object, path: str) -> Item:
        if isinstance(raw, str):
            kind_of_value, _, flag_text = raw.strip().partition(" ")
            raw = {"type": kind_of_value, "flags": flag_text}
        if not isinstance(raw, Mapping):
            raise CatalogueError(
                path,
                "write “type flags”, as “text +”, or type and label.",
                "kirjoita “tyyppi merkit”, esimerkiksi “text +”, tai type ja label.",
            )
        _check_fields(raw, _ITEM_FIELDS, f"{path}.")
        written = str(raw.get("type", ""))
        flags = str(raw.get("flags") or "").split()
        unknown = [flag for flag in flags if flag not in FLAGS]
        if unknown:
            raise CatalogueError(
                f"{path}.flags",
                f"“{unknown[0]}” is not a flag. The flags are {' '.join(FLAGS)}.",
                f"“{unknown[0]}” ei ole merkki. Merkit ovat {' '.join(FLAGS)}.",
            )
        refers_to = written if written in self.known else None
        if refers_to is None and written not in ITEM_TYPES:
            near = _near(written, [*ITEM_TYPES, *self.known])
            raise CatalogueError(
                f"{path}.type",
                f"there is no type or kind “{written}”.{near[0]}",
                f"tyyppiä tai lajia “{written}” ei ole.{near[1]}",
            )
        item = Item(
            key=key,
            type="ref" if refers_to else written,
            label=self._text(raw.get("label"), key, f"{path}.label"),
            many="*" in flags,
            extra="+" in flags,
            sensitive="S" in flags,
            free_text="T" in flags,
            refers_to=refers_to,
            options=self._options(raw.get("options"), f"{path}.options"),
            dpv=raw.get("dpv"),
            special="!" in flags,
        )
        _check_item(item, ">" in flags, path)
        return item

    def _options(self, raw: object, path: str) -> tuple[Option, ...]:
        if raw is None:
            return ()
        if isinstance(raw, Mapping):
            pairs: Iterable[tuple[str, object]] = raw.items()
        elif isinstance(raw, list):
            pairs = [(str(name), None) for name in raw]
        else:
            raise CatalogueError(
                path,
                "write the options as “name: label”, one a line.",
                "kirjoita vaihtoehdot muodossa “nimi: teksti”, yksi riville.",
            )
        return tuple(Option(key=name, label=self._text(label, name, f"{path}.{name}")) for name, label in pairs)

    def _text(self, raw: object, key: str, path: str) -> Text:
        if raw is None:
            return MappingProxyType(dict.fromkeys(self.languages, humanise(key)))
        if isinstance(raw, str):
            return MappingProxyType({self.languages[0]: raw})
        if isinstance(raw, Mapping) and raw and all(isinstance(v, str) and _is_language(k) for k, v in raw.items()):
            return MappingProxyType(dict(raw))
        raise CatalogueError(
            path,
            "write a text, or one text for each language (fi: ..., en: ...). Put a text that has a comma in quotes.",
            "kirjoita teksti tai teksti joka kielellä (fi: ..., en: ...). Pane pilkullinen teksti lainausmerkkeihin.",
        )

    def _only_with(self, raw: object, key: str) -> Mapping[str, tuple[str, ...]]:
        """The ends are kinds that are known; one that this kind does not have here means that nobody is asked."""
        found = _groups(raw, "only_with")
        self._kinds(list(found), "only_with", key)
        return found

    def _kinds(self, raw: object, path: str, key: str) -> tuple[str, ...]:
        names = _names(raw, path)
        for name in names:
            if name not in self.known or name == key:
                near = _near(name, self.known)
                raise CatalogueError(
                    path, f"there is no kind “{name}” to belong to.{near[0]}", f"lajia “{name}” ei ole.{near[1]}"
                )
        return names


def _check_key(key: object, path: str) -> None:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise CatalogueError(
            path,
            "a name is written in small letters a to z, digits and _, at most 40 of them, and begins with a letter.",
            "nimi kirjoitetaan pienin kirjaimin a–z, numeroin ja merkillä _, enintään 40 merkkiä, alussa kirjain.",
        )


def _check_fields(raw: object, allowed: frozenset[str], path: str) -> None:
    if not isinstance(raw, Mapping):
        raise CatalogueError(
            path.rstrip(".") or "kind", "write “name: value”, one a line.", "kirjoita “nimi: arvo”, yksi riville."
        )
    for name in raw:
        if name not in allowed:
            near = _near(str(name), allowed)
            raise CatalogueError(
                f"{path}{name}",
                f"“{name}” means nothing here.{near[0]}",
                f"“{name}” ei merkitse tässä mitään.{near[1]}",
            )


def _check_item(item: Item, pointer: bool, path: str) -> None:
    """A pointer is to a person and to one: a tie says many, so that each end has a life of its own."""
    if pointer and item.refers_to != PERSON:
        raise CatalogueError(
            f"{path}.flags", "“>” belongs to an item of type person.", "“>” kuuluu tietoon, jonka tyyppi on person."
        )
    if item.refers_to and item.many:
        raise CatalogueError(
            f"{path}.flags",
            "an item points at one row. Write a kind of its own that ties the two (of: [..., ...], tie: true).",
            "tieto osoittaa yhteen riviin. Kirjoita oma laji, joka sitoo nämä kaksi (of: [..., ...], tie: true).",
        )
    if (item.type == "choice") != bool(item.options):
        raise CatalogueError(
            f"{path}.options",
            "a choice has options, and only a choice has them.",
            "vaihtoehdot ovat tyypillä choice, eikä millään muulla.",
        )
    if item.dpv is not None and not _DPV.fullmatch(item.dpv):
        raise CatalogueError(
            f"{path}.dpv",
            "write a term of the Data Privacy Vocabulary, as pd:EmailAddress.",
            "kirjoita sanaston Data Privacy Vocabulary termi, esimerkiksi pd:EmailAddress.",
        )


def _check_whole(kind: Kind) -> None:
    """What the parts of a kind say of one another."""
    if kind.tie and len(kind.of) < 2:
        raise CatalogueError(
            "tie", "a tie has at least two ends under “of”.", "siteellä on kohdassa “of” ainakin kaksi päätä."
        )
    for name in kind.optional_of:
        if name not in kind.of:
            raise CatalogueError(
                "optional_of", f"“{name}” is not among what a row belongs to (of).", f"“{name}” ei ole kohdassa “of”."
            )
    _check_dates(kind)
    if kind.owner_item is not None:
        owner = _item_of(kind, kind.owner_item, "owner_item")
        if owner.refers_to != PERSON or kind.about != "nobody":
            raise CatalogueError(
                "owner_item",
                "the owner is an item of type person, on a kind that is about nobody.",
                "omistaja on tyyppiä person lajissa, joka ei koske ketään (about: nobody).",
            )
    for name in kind.title:
        _item_of(kind, name, "title")
    _check_groups(kind)


def _check_groups(kind: Kind) -> None:
    for group in kind.groups:
        if group in kind.items:
            raise CatalogueError(
                f"groups.{group}", "a group cannot have the name of an item.", "ryhmällä ei voi olla tiedon nimeä."
            )
    for path, named in (("groups", kind.groups), ("only_with", kind.only_with)):
        for key, names in named.items():
            for name in names:
                _item_of(kind, name, f"{path}.{key}")


def _check_dates(kind: Kind) -> None:
    """The items that date a row and say what is to be done about it are of the right type."""
    for field, date in (("act", kind.act), ("dated", kind.dated), ("due", kind.due), ("done", kind.done)):
        if date is not None and _item_of(kind, date, field).type not in ("date", "time"):
            raise CatalogueError(field, f"“{date}” is not a date or a time.", f"“{date}” ei ole päivä eikä aika.")
    if kind.assigned is not None and _item_of(kind, kind.assigned, "assigned").type != "code":
        raise CatalogueError(
            "assigned", f"“{kind.assigned}” is not of type code.", f"“{kind.assigned}” ei ole tyyppiä code."
        )


def _item_of(kind: Kind, name: str, path: str) -> Item:
    if name not in kind.items:
        near = _near(name, kind.items)
        raise CatalogueError(
            path, f"{kind.key} has no item “{name}”.{near[0]}", f"lajissa {kind.key} ei ole tietoa “{name}”.{near[1]}"
        )
    return kind.items[name]


def _groups(raw: object, path: str) -> Mapping[str, tuple[str, ...]]:
    if raw is None:
        return MappingProxyType({})
    if not isinstance(raw, Mapping):
        raise CatalogueError(
            path,
            "write the groups as “name: [items]”, one a line.",
            "kirjoita ryhmät muodossa “nimi: [tiedot]”, yksi riville.",
        )
    return MappingProxyType({str(key): _names(names, f"{path}.{key}") for key, names in raw.items()})


def _names(raw: object, path: str) -> tuple[str, ...]:
    if raw is None:
        return ()
    if isinstance(raw, str):
        return (raw,)
    if isinstance(raw, list | tuple) and all(isinstance(name, str) for name in raw):
        return tuple(raw)
    raise CatalogueError(path, "write a list of names.", "kirjoita luettelo nimistä.")


def _is_language(key: object) -> bool:
    return isinstance(key, str) and re.fullmatch(r"[a-z]{2,3}", key) is not None


def _near(name: str, among: Collection[str]) -> tuple[str, str]:
    close = difflib.get_close_matches(name, sorted(among), n=1)
    return (f" Did you mean “{close[0]}”?", f" Tarkoititko “{close[0]}”?") if close else ("", "")
