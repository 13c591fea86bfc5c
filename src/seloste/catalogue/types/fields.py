from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import clean, one_line, within
from seloste.catalogue.types.objects import looks_like_json, read_json
from seloste.errors import BadValue

EXAMPLE = "Koko: M"
LIMIT = 200


class Fields(ItemType[dict[str, str]]):
    """Answers by question, as a form or a survey gives them: a JSON object of strings, or one ``name: value`` a row."""

    name: ClassVar[str] = "fields"
    storage: ClassVar = "json"
    widget: ClassVar[str] = "textarea"

    def parse(self, text: str) -> dict[str, str]:
        typed = clean(text)
        found = read_json(typed) if looks_like_json(typed) else _from_rows(typed)
        if not isinstance(found, dict) or not found or len(found) > LIMIT:
            raise BadValue(f"Vastauksia on yhdestä {LIMIT}:aan.", f"There are 1 to {LIMIT} answers.", EXAMPLE)
        return {one_line(key, 200): _answer(value) for key, value in found.items()}

    def show(self, value: dict[str, str], lang: str) -> str:
        return "\n".join(f"{key}: {answer}" for key, answer in value.items())

    def edit(self, value: dict[str, str]) -> str:
        plain = not any(":" in key or "\n" in answer or not answer for key, answer in value.items())
        rows = self.show(value, "en")
        return rows if plain and not looks_like_json(rows) else json.dumps(value, ensure_ascii=False)

    def sort_key(self, value: dict[str, str]) -> str:
        return self.show(value, "en").casefold()


def _from_rows(typed: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in typed.split("\n"):
        if not row.strip():
            continue
        key, colon, answer = row.partition(":")
        if not colon or not key.strip():
            raise BadValue(
                "Rivillä on nimi, kaksoispiste ja vastaus.", "A row has a name, a colon, an answer.", EXAMPLE
            )
        if key.strip() in found:
            raise BadValue("Sama nimi on kahdesti.", "A name is there twice.", EXAMPLE)
        found[key.strip()] = answer.strip()
    return found


def _answer(value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue("Vastaukset ovat tekstiä.", "Answers are text.", EXAMPLE)
    if not value.strip():
        return ""
    return within(re.sub(r"[ \t]+\n", "\n", clean(value)), 10_000)
