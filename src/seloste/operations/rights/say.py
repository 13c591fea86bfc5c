"""The words of an answer in the person's language, and values as they read them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from seloste.clock import HELSINKI
from seloste.compiler.register import Register
from seloste.notice.model import Ref
from seloste.notice.render.tell import Teller
from seloste.notice.render.wording import LANGUAGES
from seloste.operations.permissions.proof import proof_told
from seloste.operations.records.model import show
from seloste.operations.rights.gather import OwnCell, OwnRow, Pointed


@cache
def _texts(lang: str) -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / "texts" / f"{lang}.toml").read_text("utf-8"))


class Voice:
    """One notice and the words of its answers in one language."""

    def __init__(self, register: Register, lang: str) -> None:
        notice = register.notice
        known = [each for each in notice.languages if each in LANGUAGES] or ["en"]
        self.lang = lang if lang in known else known[0]
        self.register = register
        self.t = Teller(notice, self.lang)
        self._texts = _texts(self.lang)

    def say(self, key: str, /, **values: object) -> str:
        """The text of a dotted key. Raises KeyError for an unknown one."""
        found: Any = self._texts
        for part in key.split("."):
            found = found[part]
        return str(found).format(**values) if values else str(found)

    def count(self, key: str, n: int) -> str:
        return self.say(f"{key}_one") if n == 1 else self.say(f"{key}_many", n=n)

    def label(self, kind: str, item: str) -> str:
        """An item as the notice calls it; a reference of ``of`` by the kind it leads to."""
        table = self.register.tables[kind].kind
        if item in table.items:
            return self.t.pick(table.items[item].label)
        return self.t.pick(self.register.tables[item].kind.label)

    def low_label(self, kind: str, item: str) -> str:
        """The same inside a sentence."""
        key = "label inside", self.lang, kind, item
        return self.register.once(key, lambda: self.t.w.low(self.label(kind, item)))

    def plural(self, kind: str) -> str:
        return self.t.pick(self.register.tables[kind].kind.plural)

    def singular(self, kind: str) -> str:
        return self.t.pick(self.register.tables[kind].kind.label)

    def purposes(self, keys: Sequence[str]) -> str:
        return self.t.names(keys)

    def laws(self, purpose: str) -> str:
        """The laws a purpose rests on, as the notice cites them."""
        key = "laws told", self.lang, purpose
        return self.register.once(key, lambda: self.t.laws(self.register.purposes[purpose]))

    def value(self, row: OwnRow, cell: OwnCell) -> str:
        """A value as people read it."""
        if isinstance(cell.value, Pointed):
            return self.pointed(cell.value)
        kind = self.register.tables[row.kind].kind
        item = kind.items[cell.item]
        if cell.item == kind.assigned:
            # A role is named; an account is somebody of the house, and is not.
            role = self.register.lenses.get(str(cell.value))
            return self.t.pick(role.text) if role is not None else self.say("data.staff")
        if item.type == "code" and isinstance(cell.value, str) and cell.value in self.register.purposes:
            return self.t.name(self.register.purposes[cell.value])
        if item.type == "items":
            return self.t.w.listed(self.named(each) for each in cell.value)
        told = proof_told(self.register, item, cell.value, self.lang, self.moment)
        return told or show(item, cell.value, self.lang)

    def named(self, name: str) -> str:
        """``person.email`` as the notice calls it."""
        kind, _, item = name.partition(".")
        if kind not in self.register.tables:
            return name
        if not item or item not in self.register.tables[kind].kind.items:
            return self.t.w.low(self.plural(kind))
        return self.t.item_of(Ref(kind, item))

    def pointed(self, to: Pointed) -> str:
        kind = self.register.tables[to.kind].kind
        if to.title:
            return to.title
        return self.say("data.somebody_else") if kind.subject else self.singular(to.kind)

    def moment(self, at: Any) -> str:
        here = at.astimezone(HELSINKI)
        return f"{here.day}.{here.month}.{here.year} {here:%H.%M}" if self.lang != "en" else f"{here:%Y-%m-%d %H:%M}"
