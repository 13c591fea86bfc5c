"""What the parts of the expansion share: languages, vocabulary, where findings and places go, how words are read."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from seloste.notice.fields import SECTIONS
from seloste.notice.findings import Finding, Rule, rule
from seloste.notice.model import Place, Ref, Unit
from seloste.notice.parse import LANGUAGES
from seloste.notice.tree import Node, short

if TYPE_CHECKING:
    from seloste.catalogue.load import Vocabulary
    from seloste.catalogue.model import Kind, Text


UNKNOWN_KEY = rule(
    "F12-unknown-key",
    "error",
    en="`{key}` is not a key of {section}.{near}",
    fi="`{key}` ei ole osan {section} avain.{near}",
    help_en="The keys are: {known}.",
    help_fi="Avaimet ovat: {known}.",
)
WRONG_SHAPE = rule(
    "F13-wrong-shape",
    "error",
    en="`{path}` is written in the wrong shape.",
    fi="`{path}` on kirjoitettu väärässä muodossa.",
    help_en="Write {what}.",
    help_fi="Kirjoita {what}.",
)
LANGUAGE_TRAP = rule(
    "F14-text-cut",
    "error",
    en="`{key}` stands beside language codes as a key: a text with a comma was cut in two, or the code of a "
    "language is wrong.",
    fi="`{key}` on avaimena kielikoodien vieressä: pilkullinen teksti on katkennut kahtia tai kielikoodi on väärä.",
    help_en="Write each language on a line of its own, or put the text in double quotes.",
    help_fi="Kirjoita joka kieli omalle rivilleen tai pane teksti lainausmerkkeihin.",
)
YES_NO = rule(
    "F15-true-false",
    "error",
    en="`{word}` is not a word of the format.",
    fi="`{word}` ei ole muodon sana.",
    help_en="Write `true` or `false`.",
    help_fi="Kirjoita `true` tai `false`.",
)
MISSING = rule(
    "F16-missing",
    "error",
    en="`{key}:` is missing.",
    fi="Rivi `{key}:` puuttuu.",
    help_en="Add the line `{key}:`. {doc}",
    help_fi="Lisää rivi `{key}:`. {doc_fi}",
    law="Art. 13, 14, 28 and 30",
)
EMPTY = rule(
    "F22-nothing-written",
    "error",
    en="`{key}:` has nothing after the colon.",
    fi="Rivillä `{key}:` ei ole mitään kaksoispisteen jälkeen.",
    help_en="Write it on this line, after the colon. {doc}",
    help_fi="Kirjoita se tälle riville kaksoispisteen jälkeen. {doc_fi}",
    law="Art. 13, 14, 28 and 30",
)
UNKNOWN_WORD = rule(
    "V01-unknown-word",
    "error",
    en="`{word}` is not known under `{path}`.{near}",
    fi="Sana `{word}` on tuntematon kohdassa `{path}`.{near}",
    help_en="The words are: {known}.",
    help_fi="Sanat ovat: {known}.",
)
UNKNOWN_PURPOSE = rule(
    "V02-unknown-purpose",
    "error",
    en="No purpose is called `{word}`.{near}",
    fi="Käyttötarkoitusta `{word}` ei ole.{near}",
    help_en="Write the key of a purpose of this notice: {known}.",
    help_fi="Kirjoita jokin tämän selosteen käyttötarkoituksista: {known}.",
)

ShortUnit = Literal["hour", "day", "month", "year"]

_HOURS = re.compile(r"^(\d{1,4}) hours?$")
_PERIOD = re.compile(r"^(\d{1,4}) (day|month|year)s?$")


@dataclass
class Context:
    """One expansion under way."""

    file: str
    root: Node
    vocabulary: Vocabulary
    languages: tuple[str, ...] = ()
    kinds: dict[str, Kind] = field(default_factory=dict)
    """Every kind the notice may name: the catalogue's and its own."""
    findings: list[Finding] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    purposes: tuple[str, ...] = ()
    """The keys under ``purposes:``."""
    words_of: dict[str, str] = field(default_factory=dict)
    """The word by which an item was named: ``purposes.orders.uses.order.notes`` -> ``order.notes``."""
    business_only: bool = False
    """Every category of people is tied to an organisation."""

    def named_alone(self, path: str, ref: Ref) -> bool:
        """Whether an item was named one by one, not through its kind or a group."""
        word = self.words_of.get(f"{path}.{ref}", "")
        return word in (str(ref), ref.item)

    def find(self, why: Rule, place: Place, at: str = "", /, **facts: object) -> None:
        self.findings.append(Finding(why, place, at, facts))

    # --- shapes ---------------------------------------------------------------------------------------------------

    def wrong(self, node: Node, path: str, en: str, fi: str) -> None:
        self.find(WRONG_SHAPE, node.place, path, path=short(path), what={"en": en, "fi": fi})

    def section(self, node: Node | None, name: str, path: str) -> dict[str, Node]:
        """The known keys of a mapping that say something; unknown ones are findings. Nothing is an empty mapping."""
        if node is None:
            return {}
        if node.shape == "nothing":
            self.require(node, name, path)
            return {}
        if node.shape != "map":
            self.wrong(node, path, "a mapping: one `key: value` on each line", "rivit muodossa `avain: arvo`")
            return {}
        known = SECTIONS[name]
        self.require(node, name, path)
        for key in node.map:
            if key not in known:
                self.find(
                    UNKNOWN_KEY,
                    node.key_place(key),
                    f"{path}.{key}".lstrip("."),
                    key=short(key),
                    section=f"`{path or name}`",
                    near=near(key, known),
                    known=", ".join(known),
                )
        return {key: value for key, value in node.map.items() if key in known and value.shape != "nothing"}

    def require(self, node: Node, name: str, path: str) -> None:
        """A finding for each required key that says nothing, at the section that lacks it."""
        for key, wanted in SECTIONS[name].items():
            if wanted.required and says_nothing(node.get(key)):
                at = f"{path}.{key}".lstrip(".")
                place = node.keys.get(key) or self.places.get(path, node.place)
                why = EMPTY if key in node.keys else MISSING
                self.find(why, place, at, key=key, doc=wanted.doc, doc_fi=wanted.fi)

    def entries(self, node: Node | None, path: str) -> list[tuple[str, Node, Place]]:
        """``(key, what it says, place)`` of a mapping, or of a list of words and one-key mappings."""
        if node is None or node.shape == "nothing":
            return []
        if node.shape == "map":
            return [(key, value, node.key_place(key)) for key, value in node.map.items()]
        if node.shape == "word":
            return [(node.word, Node("nothing", node.place), node.place)]
        found = []
        for item in node.items:
            if item.shape == "word":
                found.append((item.word, Node("nothing", item.place), item.place))
            elif item.shape == "map" and len(item.map) == 1:
                key, value = next(iter(item.map.items()))
                found.append((key, value, item.key_place(key)))
            else:
                self.wrong(
                    item,
                    path,
                    "a word, or a word with a colon and what it says",
                    "sana, tai sana, kaksoispiste ja mitä se sanoo",
                )
        return found

    def word(self, node: Node | None, path: str) -> str | None:
        """One word or one line."""
        if node is None or node.shape == "nothing":
            return None
        if node.shape != "word":
            self.wrong(node, path, "one line of text", "yksi rivi tekstiä")
            return None
        return node.word.strip() or None

    def words(self, node: Node | None, path: str) -> list[tuple[str, Place]]:
        """A word or a list of words, each with its place."""
        if node is None or node.shape == "nothing":
            return []
        if node.shape == "word":
            return [(node.word.strip(), node.place)]
        if node.shape == "map":
            self.wrong(node, path, "a word or a list of words: `[a, b]`", "sana tai luettelo sanoja: `[a, b]`")
            return []
        found = []
        for item in node.items:
            if item.shape == "word":
                found.append((item.word.strip(), item.place))
            else:
                self.wrong(item, path, "a word", "sana")
        return found

    def choice(self, node: Node | None, path: str, known: Iterable[str]) -> str | None:
        word = self.word(node, path)
        if word is None:
            return None
        assert node is not None
        return word if self.known(word, node.place, path, known) else None

    def known(self, word: str, place: Place, path: str, known: Iterable[str], why: Rule = UNKNOWN_WORD) -> bool:
        """Whether a word is one of the known; a finding if not."""
        words = tuple(known)
        if word in words:
            return True
        self.find(why, place, path, word=short(word), path=path, near=near(word, words), known=", ".join(words) or "–")
        return False

    def flag(self, node: Node | None, path: str) -> bool | None:
        word = self.word(node, path)
        if word is None:
            return None
        assert node is not None
        if word in ("true", "false"):
            return word == "true"
        if word.lower() in ("yes", "no", "on", "off", "true", "false", "kyllä", "ei"):
            self.find(YES_NO, node.place, path, word=word)
        else:
            self.wrong(node, path, "`true` or `false`", "`true` tai `false`")
        return None

    def date(self, node: Node | None, path: str) -> dt.date | None:
        word = self.word(node, path)
        if word is None:
            return None
        assert node is not None
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", word):
                return dt.date.fromisoformat(word)
        except ValueError:
            pass
        self.wrong(node, path, "a day of the calendar as 2026-11-01", "kalenterin päivä muodossa 2026-11-01")
        return None

    def period(self, node: Node | None, path: str) -> tuple[int, Unit] | None:
        word = self.word(node, path)
        if word is None:
            return None
        assert node is not None
        if (found := read_period(word)) is None:
            self.wrong(
                node,
                path,
                "a period as `30 days`, `6 months` or `2 years`",
                "aika muodossa `30 days`, `6 months` tai `2 years`",
            )
        return found

    def short_period(self, node: Node | None, path: str) -> tuple[int, ShortUnit] | None:
        """A period that may be in hours."""
        if node is not None and node.shape == "word" and (match := _HOURS.match(node.word.strip())):
            return int(match[1]), "hour"
        return self.period(node, path)

    # --- texts ----------------------------------------------------------------------------------------------------

    def text(self, node: Node | None, path: str) -> Text | None:
        """A text: one word in the notice's first language, or one for each language."""
        if node is None or node.shape == "nothing":
            return None
        if node.shape == "word":
            self.places.setdefault(path, node.place)
            # One word for several languages is the text of the first; the check finds the others missing.
            return {self.languages[0] if self.languages else "en": node.word.strip()} if node.word.strip() else None
        if node.shape == "list":
            self.wrong(node, path, "a text, or one text for each language", "teksti tai teksti joka kielellä")
            return None
        self.places.setdefault(path, node.place)
        made: dict[str, str] = {}
        for key, value in node.map.items():
            if key not in LANGUAGES:
                self.find(LANGUAGE_TRAP, node.key_place(key), path, key=short(key))
            elif (said := self.word(value, f"{path}.{key}")) is not None:
                made[key] = said
        return made or None

    def purposes_named(self, node: Node | None, path: str) -> tuple[str, ...]:
        """Keys of purposes; unknown ones are findings."""
        found = []
        for word, place in self.words(node, path):
            if self.known(word, place, path, self.purposes, UNKNOWN_PURPOSE):
                self.places[f"{path}.{word}"] = place
                found.append(word)
        return tuple(dict.fromkeys(found))


def says_nothing(node: Node | None) -> bool:
    """Absent, empty, or an empty list or mapping."""
    return node is None or (node.shape != "word" and not node.items and not node.map)


def read_period(word: str) -> tuple[int, Unit] | None:
    """``2 years`` -> (2, "year")."""
    match = _PERIOD.match(word.strip())
    return None if match is None else (int(match[1]), match[2])  # type: ignore[return-value]


def near(word: str, known: Iterable[str]) -> Mapping[str, str]:
    """`` Did you mean `x`?`` when a known word is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.7)
    if not close:
        return {"en": "", "fi": ""}
    return {"en": f" Did you mean `{close[0]}`?", "fi": f" Tarkoititko `{close[0]}`?"}


def humanise(key: str) -> str:
    """A key as people would read it, when nothing better is said: ``mail_and_files`` -> ``Mail and files``."""
    return key.replace("_", " ").strip().capitalize()
