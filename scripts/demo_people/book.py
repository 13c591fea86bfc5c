"""A book of rows for one register, and the words invented people are made of."""

from __future__ import annotations

import random
import re
import unicodedata
from pathlib import Path
from typing import Any

FIRST, LAST, STREETS = (line.split() for line in (Path(__file__).parent / "names.txt").read_text("utf-8").splitlines())
TOWNS = (
    ("40320", "Jyväskylä"),
    ("33100", "Tampere"),
    ("00980", "Helsinki"),
    ("01300", "Vantaa"),
    ("20100", "Turku"),
    ("80100", "Joensuu"),
    ("90100", "Oulu"),
    ("15110", "Lahti"),
    ("70100", "Kuopio"),
    ("26100", "Rauma"),
)

Row = dict[str, Any]
_PLAIN = re.compile(r"[A-Za-zÅÄÖåäö_][\wÅÄÖåäö@./-]*(?: [\wÅÄÖåäö@./-]+)*")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "~"})


class Book:
    """Rows of one register in the order they are written, each person with a name and a number of their own."""

    def __init__(self, register: str, seed: int, numbers_from: int) -> None:
        self.register = register
        self.random = random.Random(seed)
        self.rows: list[Row] = []
        self._counts: dict[str, int] = {}
        self._phone = numbers_from
        self._names: list[tuple[str, str]] = []
        self._business = 9_100_000 + seed * 4_001

    def add(
        self, kind: str, source: str, recorded: int, parents: Row | None = None, *, ref: str = "", **values: Any
    ) -> str:
        """One row, recorded so many days from the demo's day (negative: before). Empty values are left out."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        ref = ref or f"{kind}_{self._counts[kind]}"
        row: Row = {"ref": ref, "kind": kind, "source": source, "recorded": day(recorded)}
        if parents:
            row["parents"] = parents
        row["values"] = {key: value for key, value in values.items() if value not in (None, "", [])}
        self.rows.append(row)
        return ref

    def name(self, first: str = "", last: str = "") -> tuple[str, str]:
        """A pair of names nobody else of the book has."""
        while True:
            pair = (first or self.random.choice(FIRST), last or self.random.choice(LAST))
            if pair not in self._names:
                self._names.append(pair)
                return pair

    def phone(self) -> str:
        self._phone += 1
        return f"{self.random.choice(('050', '040'))} 000 0{self._phone % 1000:03}"

    def business_id(self) -> str:
        """The next business ID with a right check digit; those that begin with 9 are not in use."""
        while True:
            self._business += 137
            weights = zip(f"{self._business:07}", (7, 9, 10, 5, 8, 4, 2), strict=True)
            rest = sum(int(digit) * weight for digit, weight in weights) % 11
            if rest != 1:
                return f"{self._business:07}-{11 - rest if rest else 0}"

    def street(self) -> tuple[str, str, str]:
        code, town = self.random.choice(TOWNS)
        return f"{self.random.choice(STREETS)} {self.random.randint(1, 60)}", code, town

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.register}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = (
            f"# Invented people of the register {self.register}, made by `python -m scripts.demo_people`.\n"
            "# Nobody in it exists. A day is an offset from the day of the demo (-14d), a time has a clock\n"
            "# of Helsinki besides (-14d 9:12).\n"
            f"register: {self.register}\nrows:\n"
        )
        path.write_text(head + "".join(f"  - {flow(row)}\n" for row in self.rows), encoding="utf-8")
        return path


def day(offset: int) -> str:
    return f"{offset:+}d"


def at(offset: int, hour: int, minute: int = 0) -> str:
    return f"{offset:+}d {hour}:{minute:02}"


def email(first: str, last: str, domain: str) -> str:
    return f"{plain(first)}.{plain(last)}@{domain}"


def plain(text: str) -> str:
    """Letters an address has: ``Päivi`` -> ``paivi``."""
    bare = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9-]", "", bare.lower())


def reference_number(body: int) -> str:
    """A Finnish reference number: weights 7, 3, 1 from the right."""
    total = sum(int(digit) * (7, 3, 1)[place % 3] for place, digit in enumerate(reversed(str(body))))
    return f"{body}{-total % 10}"


def identity_code(born: str, number: int) -> str:
    """An identity code of the 900 series, which is given to nobody. ``born`` is ddmmyy of the 1900s."""
    mark = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(f"{born}{number}") % 31]
    return f"{born}-{number}{mark}"


def euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


def flow(value: Any) -> str:
    """A value as YAML in flow style, quoted only where it must be."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
