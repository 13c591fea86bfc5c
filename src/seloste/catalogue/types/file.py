from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line, order, words
from seloste.catalogue.types.numbers import NBSP
from seloste.catalogue.types.objects import read_json
from seloste.errors import BadValue

_KEYS = {"name", "media_type", "size", "sha256"}
_UNITS = {"en": ("bytes", "kB", "MB", "GB"), "fi": ("tavua", "kt", "Mt", "Gt"), "sv": ("byte", "kB", "MB", "GB")}


class File(ItemType[dict[str, Any]]):
    """What is known of a file: ``{name, media_type, size, sha256}``. Its bytes are kept elsewhere, by their hash."""

    name: ClassVar[str] = "file"
    storage: ClassVar = "json"
    widget: ClassVar[str] = "file"

    def parse(self, text: str) -> dict[str, Any]:
        return self.check(read_json(text))

    def check(self, found: Any) -> dict[str, Any]:
        """The same four facts, normalised: the name loses its folders. Raises :class:`BadValue`."""
        if not isinstance(found, dict) or set(found) != _KEYS:
            raise _faulty()
        size, sha256, media_type = found["size"], found["sha256"], found["media_type"]
        if not isinstance(size, int) or isinstance(size, bool) or size < 0:
            raise _faulty()
        if not isinstance(sha256, str) or not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
            raise _faulty()
        if not isinstance(media_type, str) or not re.fullmatch(r"[\w.+-]{1,100}/[\w.+-]{1,100}", media_type, re.ASCII):
            raise _faulty()
        if not isinstance(found["name"], str):
            raise _faulty()
        return {
            "name": file_name(found["name"]),
            "media_type": media_type.lower(),
            "size": size,
            "sha256": sha256.lower(),
        }

    def show(self, value: dict[str, Any], lang: str) -> str:
        return f"{value['name']} ({_size(value['size'], lang)})"

    def edit(self, value: dict[str, Any]) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    def search_keys(self, value: dict[str, Any]) -> list[str]:
        return words(value["name"])

    def sort_key(self, value: dict[str, Any]) -> str:
        return order(value["name"])

    def same(self, a: dict[str, Any], b: dict[str, Any]) -> bool:
        return bool(a["sha256"] == b["sha256"])


def file_name(typed: str) -> str:
    """A file's own name, without the folders a browser may send. Raises :class:`BadValue`."""
    name = one_line(re.split(r"[/\\]", typed)[-1], 200)
    if not name.strip(". "):
        raise BadValue("Tiedostolla ei ole nimeä.", "The file has no name.", "hakemus.pdf")
    return name


def _faulty() -> BadValue:
    return BadValue("Tiedoston tiedot ovat puutteelliset. Lisää tiedosto uudestaan.", "Add the file again.")


def _size(size: int, lang: str) -> str:
    units = _UNITS.get(lang, _UNITS["en"])
    amount, unit = float(size), 0
    while amount >= 999.5 and unit < len(units) - 1:
        amount, unit = amount / 1000, unit + 1
    shown = f"{amount:.1f}" if unit and amount < 9.95 else f"{amount:.0f}"
    return f"{shown if lang == 'en' else shown.replace('.', ',')}{NBSP}{units[unit]}"
