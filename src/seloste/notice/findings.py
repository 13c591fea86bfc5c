"""What is wrong in a notice file, said to its owner: code, place, sentence, what to write instead.

A rule is declared once, beside the check that uses it, by :func:`rule`; its code is stable and documented in
``docs/reference/findings.md``, which is generated from the registry here. A notice may accept a finding with a
written reason (``accept:``), except an error of the file's own grammar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from seloste.errors import SelosteError
from seloste.notice.model import Notice, Place

Severity = Literal["error", "warning", "note"]

FAMILIES: dict[str, tuple[str, str]] = {
    "F": ("The file", "Tiedosto"),
    "V": ("Words of the vocabulary", "Sanaston sanat"),
    "I": ("Who is responsible", "Kuka vastaa"),
    "P": ("Purposes and their bases", "Käyttötarkoitukset ja perusteet"),
    "D": ("Data items and kinds", "Tiedot ja tietolajit"),
    "K": ("How long", "Säilytysajat"),
    "R": ("Recipients, processors and transfers", "Vastaanottajat, käsittelijät ja siirrot"),
    "S": ("Sources", "Lähteet"),
    "A": ("People and staff", "Ihmiset ja henkilöstö"),
    "N": ("Promises not to do", "Mitä ei tehdä"),
    "M": ("Marketing, visitors and cookies", "Markkinointi, kävijät ja evästeet"),
    "T": ("Texts", "Tekstit"),
    "X": ("Rights, security and the rest", "Oikeudet, turvallisuus ja muut"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing a check can find. Texts are ``str.format`` templates over the finding's facts."""

    code: str
    severity: Severity
    messages: Mapping[str, str]
    helps: Mapping[str, str]
    law: str = ""
    """Where the demand comes from; empty when it is the format's own."""
    firm: bool = False
    """Nothing can be run while it stands, so it cannot be accepted."""

    @property
    def letter(self) -> str:
        return self.code[0]

    @property
    def acceptable(self) -> bool:
        """Whether ``accept:`` may silence it: never what keeps the file from being understood or run."""
        return not self.firm and self.letter not in "FV"


RULES: dict[str, Rule] = {}


def rule(
    code: str, severity: Severity, *, en: str, fi: str, help_en: str, help_fi: str, law: str = "", firm: bool = False
) -> Rule:
    """Declare a rule. ``code`` is a family letter, a number and a slug (``P01-purpose-without-basis``)."""
    made = Rule(code, severity, {"en": en, "fi": fi}, {"en": help_en, "fi": help_fi}, law, firm)
    number = code.split("-", 1)[0]
    if any(known.split("-", 1)[0] == number for known in RULES):
        raise ValueError(f"two rules are called {number}")
    RULES[code] = made
    return made


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding at one place. ``facts`` fill the rule's sentences."""

    rule: Rule
    place: Place
    at: str = ""
    """The dotted path it is about, as ``accept:`` names it."""
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.rule.code

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def file(self) -> str:
        return self.place.file

    @property
    def line(self) -> int:
        return self.place.line

    @property
    def column(self) -> int:
        return self.place.column

    def message(self, lang: str = "en") -> str:
        """What is wrong, one or two sentences (``fi`` or ``en``)."""
        return _fill(self.rule.messages, lang, self.facts)

    def help(self, lang: str = "en") -> str:
        """What to write instead."""
        return _fill(self.rule.helps, lang, self.facts)

    def as_json(self, lang: str = "en") -> dict[str, object]:
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message(lang),
            "help": self.help(lang),
            "file": self.file,
            "line": self.line,
            "column": self.column,
        }

    def order(self) -> tuple[str, int, int, str, str]:
        return (self.file, self.line, self.column, self.code, self.at)


def _fill(texts: Mapping[str, str], lang: str, facts: Mapping[str, object]) -> str:
    template = texts.get(lang, texts["en"])
    # A fact may itself be a sentence in both languages.
    plain = {
        key: value.get(lang, value.get("en")) if isinstance(value, Mapping) else value for key, value in facts.items()
    }
    return template.format(**plain)


def place_of(notice: Notice, path: str) -> Place:
    """Where a dotted path is written, else where the nearest part of it that is."""
    while path:
        if path in notice.places:
            return notice.places[path]
        path = path.rpartition(".")[0]
    return notice.places.get("", Place(notice.file, 1, 1))


def found(why: Rule, notice: Notice, path: str, /, **facts: object) -> Finding:
    """A finding about a dotted path of a notice, at the place it (or what should hold it) is written."""
    return Finding(why, place_of(notice, path), path, facts)


class NoticeUnreadable(SelosteError):  # noqa: N818 - it says what the file is
    """The file cannot be read as a notice at all: where, why, and what to do."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        where = f"{finding.file}:{finding.line}:{finding.column}: "
        super().__init__(
            f"{where}{finding.message('fi')} {finding.help('fi')}",
            f"{where}{finding.message('en')} {finding.help('en')}",
        )


class NoticeFaulty(SelosteError):  # noqa: N818 - it says what the file is
    """The notice has errors, so nothing may be built from it; ``findings`` holds them all."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        errors = [finding for finding in findings if finding.severity == "error"]
        first = errors[0]
        where = f"{first.file}:{first.line}:{first.column}: {first.code}: "
        more = len(errors) - 1
        more_fi = f" Lisäksi {more} {'muu virhe' if more == 1 else 'muuta virhettä'}." if more else ""
        more_en = f" And {more} more {'error' if more == 1 else 'errors'}." if more else ""
        see_fi, see_en = (
            f" Näin näet ne: seloste check {first.file}",
            f" To see what to write: seloste check {first.file}",
        )
        super().__init__(
            f"{where}{first.message('fi')}{more_fi}{see_fi}", f"{where}{first.message('en')}{more_en}{see_en}"
        )
