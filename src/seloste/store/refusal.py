"""The refusal of what no purpose needs, in the notice's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from seloste.compiler.register import Register
from seloste.errors import SelosteError


class NotNeededError(SelosteError):
    """A cell that no purpose of the notice needs: what, and which line of the notice would be needed."""

    def __init__(self, cells: Sequence[tuple[str, str]], fi: str, en: str) -> None:
        super().__init__(fi, en)
        self.cells = tuple(cells)


def refusal(register: Register, cells: Sequence[tuple[str, str]]) -> NotNeededError:
    """The refusal in the notice's own words: what it was, and what would have to be true for it to be kept."""
    fi, en = [], []
    for kind, item in cells:
        found = register.tables[kind].kind
        label = found.items[item].label if item in found.items else register.tables[item].kind.label
        users = [register.purposes[key] for key in register.users(kind, item)]
        fi.append(_sentence(label, [purpose.text for purpose in users], found.label, "fi"))
        en.append(_sentence(label, [purpose.text for purpose in users], found.label, "en"))
    return NotNeededError(cells, " ".join(dict.fromkeys(fi)), " ".join(dict.fromkeys(en)))


def _sentence(
    item: Mapping[str, str], purposes: Sequence[Mapping[str, str]], kind: Mapping[str, str], lang: str
) -> str:
    def say(text: Mapping[str, str]) -> str:
        return text.get(lang) or next(iter(text.values()))

    names = ", ".join(say(purpose) for purpose in purposes)
    if lang == "fi":
        if not purposes:
            return f"Tietoa {say(item)} ({say(kind)}) ei voi tallettaa. Seloste ei nimeä sitä."
        return f"Tietoa {say(item)} ({say(kind)}) ei tarvita vielä tai enää mihinkään näistä: {names}."
    if not purposes:
        return f"{say(item)} ({say(kind)}) cannot be stored. The notice does not name it."
    return f"{say(item)} ({say(kind)}) is not needed yet, or any more, for any of these: {names}."
