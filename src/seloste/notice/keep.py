"""The language of ``keep``: how long a matter keeps what belongs to it.

``N unit after [kind.]date`` · ``until [kind.]date`` · ``N unit each`` · ``until withdrawn`` · a preset of the law, then
``, at least ...`` and ``, at most ...`` of the same shapes. ``debt`` and other composed presets become terms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from seloste.notice.model import Place, Term, Unit

Role = Literal["base", "at_least", "at_most"]

LAST_CONTACT = "last_contact"
"""The virtual date: the latest deed of the person."""

_AFTER = re.compile(r"^(\d{1,4}) (day|month|year)s? after (?:([a-z][a-z0-9_]*)\.)?([a-z][a-z0-9_]*)$")
_UNTIL = re.compile(r"^until (?:([a-z][a-z0-9_]*)\.)?([a-z][a-z0-9_]*)$")
_EACH = re.compile(r"^(\d{1,4}) (day|month|year)s? each$")
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


class KeepError(Exception):
    """A rule that cannot be read: which part, and what would be right (English, Finnish)."""

    def __init__(self, part: str, en: str, fi: str) -> None:
        super().__init__(en)
        self.part, self.en, self.fi = part, en, fi


@dataclass(frozen=True, slots=True)
class Clause:
    """One part of a rule as read. ``each``: from the row's own date. ``withdrawn``: until the consent is withdrawn."""

    role: Role
    term: Term | None = None
    each: tuple[int, Unit] | None = None
    withdrawn: bool = False
    law: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A keep rule as read, before its matter is known."""

    base: Clause
    others: tuple[Clause, ...]
    text: str

    @property
    def kind(self) -> str | None:
        """The kind the base's date names, if it names one."""
        return self.base.term.kind if self.base.term is not None else None


SHAPES_EN = (
    "`2 years after order.ordered_on`, `until residency.moved_out`, `1 year each`, `until withdrawn`, or a period "
    "of the law "
    "as `accounting_voucher`; then `, at least ...` and `, at most ...`"
)
SHAPES_FI = (
    "`2 years after order.ordered_on`, `until residency.moved_out`, `1 year each`, `until withdrawn` tai lain aika "
    "kuten "
    "`accounting_voucher`; sitten `, at least ...` ja `, at most ...`"
)


def read_rule(text: str, laws: Mapping[str, object], place: Place | None = None) -> Rule:
    """Read one rule. ``laws``: the names of the law's presets. Raises :class:`KeepError`."""
    parts = [" ".join(part.split()) for part in text.split(",")]
    clauses: list[Clause] = []
    for number, part in enumerate(parts):
        role: Role = "base"
        for prefix, named in (("at least ", "at_least"), ("at most ", "at_most")):
            if part.startswith(prefix):
                role, part = named, part.removeprefix(prefix)  # type: ignore[assignment]
        if (number == 0) != (role == "base"):
            raise KeepError(
                part,
                "the first part says how long; each part after a comma begins with `at least` or `at most`",
                "ensimmäinen osa sanoo ajan; pilkun jälkeen osa alkaa `at least` tai `at most`",
            )
        clauses.append(_clause(part, role, laws, place))
    return Rule(clauses[0], tuple(clauses[1:]), ", ".join(parts))


def _clause(part: str, role: Role, laws: Mapping[str, object], place: Place | None) -> Clause:
    if part == "until withdrawn":
        if role != "base":
            raise KeepError(part, "`until withdrawn` stands alone", "`until withdrawn` on yksinään")
        return Clause(role, withdrawn=True)
    if match := _AFTER.match(part):
        return Clause(role, Term(int(match[1]), _unit(match[2]), match[4], match[3], place=place))
    if match := _UNTIL.match(part):
        return Clause(role, Term(0, "day", match[2], match[1], place=place))
    if match := _EACH.match(part):
        if role != "base":
            raise KeepError(part, "`each` belongs to the first part", "`each` kuuluu ensimmäiseen osaan")
        return Clause(role, each=(int(match[1]), _unit(match[2])))
    if _NAME.match(part):
        if part in laws:
            return Clause(role, law=part)
        raise KeepError(
            part,
            f"the law has no period of that name; it has {', '.join(sorted(laws))}",
            f"laissa ei ole sen nimistä aikaa; siinä on {', '.join(sorted(laws))}",
        )
    raise KeepError(part, f"write {SHAPES_EN}", f"kirjoita {SHAPES_FI}")


def _unit(word: str) -> Unit:
    assert word in ("day", "month", "year")
    return word  # type: ignore[return-value]


def own(term: Term, matter: str) -> Term:
    """The term with its kind left out when it is the matter's own date."""
    return replace(term, kind=None) if term.kind == matter else term


def say_term(term: Term) -> str:
    """A term in the language of ``keep``."""
    if term.preset is not None:
        return term.preset
    date = f"{term.kind}.{term.date}" if term.kind else term.date
    return f"until {date}" if term.amount == 0 else f"{say_period(term.amount, term.unit)} after {date}"


def say_period(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"
