"""Who may be contacted, as one statement: the facts of each person that a lens shows, then the dated table of ``law/``.

The same facts are gathered of one person in ``operations.permissions.contact``; tests compare the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from seloste.catalogue.model import PERSON
from seloste.compiler.narrow import ACTING
from seloste.compiler.register import CompiledLens, Register
from seloste.compiler.views import view
from seloste.law.marketing import NO_CONSENT, Channel, ContactFacts, known_of, rows
from seloste.law.rules import Alternatives
from seloste.notice.model import Purpose


@dataclass(frozen=True, slots=True)
class Companies:
    """How people lead to something with a business id."""

    ties: tuple[tuple[str, str, str | None], ...]
    """(tie, its end that has a business id, the date with which the tie ends)."""
    traders: tuple[tuple[str, str], ...]
    """(kind with a business id, its item that points at the sole trader whose it is)."""


def companies(register: Register) -> Companies:
    """The ties by which somebody acts for a company, and the companies that are one person's."""
    kinds = {key: table.kind for key, table in register.tables.items()}
    firms = [key for key, kind in kinds.items() if any(item.type == "business_id" for item in kind.items.values())]
    return Companies(
        ties=tuple(
            (key, end, kind.ends)
            for key, kind in kinds.items()
            for end in firms
            if kind.tie and PERSON in kind.of and end in kind.of
        ),
        traders=tuple(
            (key, owner) for key in firms if (owner := kinds[key].owner_item) is not None and owner in kinds[key].items
        ),
    )


def asks(purpose: Purpose, channel: str) -> bool:
    """Whether a purpose writes or calls by a channel only with a consent."""
    return purpose.basis == "consent" or (purpose.channels or {"email": "consent"}).get(channel) == "consent"


def partners(register: Register, purpose: Purpose) -> tuple[str, ...]:
    """The recipients that the notice names for a purpose."""
    found = [one for one in register.notice.recipients if purpose.key in one.purposes]
    return tuple(dict.fromkeys(party.name for one in found for party in one.who))


def senders(register: Register, purpose: Purpose, *, group: bool = False) -> tuple[str, ...]:
    """Whose marketing a purpose is: each named recipient where it asks for each, else the controller's own (empty).

    With ``group`` the companies of the group and the partners too, where the notice lets them send.
    """
    if purpose.per == "recipient":
        return partners(register, purpose)
    if not group:
        return ("",)
    members = [party.name for party in register.notice.controller.group] if "group" in purpose.senders else []
    others = partners(register, purpose) if "partners" in purpose.senders else ()
    return tuple(dict.fromkeys(["", *members, *others]))


def audience_sql(
    register: Register, lens: CompiledLens, purpose: Purpose, channel: str, sender: str, dialect: str, on: dt.date
) -> str:
    """Each person that the lens shows and the id of the row of the table that decides: ``(id, rule)``.

    Parameters: purpose, channel, sender (the controller by its name), day, tomorrow (as a UTC time), acting.
    """
    shown = view(register, lens, PERSON, dialect, barred=False).sql
    # The statement is not run by the lens, so that it may ask what people have said; who acts is told by a parameter.
    shown = shown.replace(f"(SELECT {ACTING}())", "CAST(:acting AS bigint)")
    facts = _Facts(register, purpose, asked=asks(purpose, channel), named=purpose.per == "recipient")
    columns = ", ".join(f"{sql} AS {name}" for name, sql in facts.columns().items())
    partner = bool(sender) or purpose.per == "recipient"
    rule = _decision(purpose, cast(Channel, channel), partner=partner, on=on)
    return f"SELECT id, {rule} AS rule FROM (SELECT shown.id AS id, {columns} FROM ({shown}) shown) said ORDER BY id"


class _Facts:
    """Facts of the person ``shown.id`` as SQL, each 0 or 1."""

    def __init__(self, register: Register, purpose: Purpose, *, asked: bool, named: bool) -> None:
        self.register = register
        self.purpose = purpose
        self.asked = asked
        self.named = named

    def columns(self) -> Mapping[str, str]:
        found = companies(self.register)
        ties = [
            _exists(tie, PERSON, f'e."{end}" IS NOT NULL', f'(e."{last}" IS NULL OR e."{last}" > :day)' if last else "")
            for tie, end, last in found.ties
        ]
        ever = [_exists(tie, PERSON, f'e."{end}" IS NOT NULL') for tie, end, _ in found.ties]
        standing = self._standing()
        return {
            "banned": _flag(self._banned()),
            "pending": _flag(self._objected("pending")),
            "upheld": _flag(self._objected("upheld")),
            "given": _flag(standing),
            "taken_back": _flag(self._taken_back()),
            "restricted": _flag(self._restricted()),
            "trades": _flag(_any([_exists(firm, owner) for firm, owner in found.traders])),
            "works": _flag(_any(ties)),
            "worked": _flag(_any(ever)),
        }

    def _has(self, kind: str, column: str) -> bool:
        table = self.register.tables.get(kind)
        return table is not None and table.column(column) is not None

    def _event(self, kind: str, *conditions: str) -> str:
        return _exists(kind, PERSON, *conditions) if self._has(kind, PERSON) else "1 = 0"

    def _may_be(self, kind: str, column: str, name: str) -> str:
        """That an event is about this, or about everything."""
        return f"(e.{column} IS NULL OR e.{column} = :{name})" if self._has(kind, column) else ""

    def _banned(self) -> str:
        about = [self._may_be("ban", column, column) for column in ("purpose", "sender")]
        return self._event("ban", "e.lifted_at IS NULL", "e.channel IN (:channel, 'all')", *about)

    def _objected(self, state: str) -> str:
        return self._event("objection", "e.purpose = :purpose", f"e.state = '{state}'", "e.withdrawn_at IS NULL")

    def _recipient(self) -> str:
        if not self.named:
            return self._may_be("permission", "recipient", "sender")
        return "e.recipient = :sender" if self._has("permission", "recipient") else "1 = 0"

    def _standing(self) -> str:
        if not self.asked:
            return "1 = 0"
        since = "o.raised_at IS NULL OR e.given_at IS NULL OR e.given_at <= o.raised_at"
        ended = (
            f"NOT EXISTS (SELECT 1 FROM objection o WHERE o.{PERSON} = shown.id AND o.purpose = :purpose"
            f" AND o.state = 'upheld' AND o.withdrawn_at IS NULL AND ({since}))"
            if self._has("objection", PERSON)
            else ""
        )
        return self._event(
            "permission",
            "e.purpose = :purpose",
            "e.withdrawn_at IS NULL",
            "(e.given_at IS NULL OR e.given_at < :tomorrow)",
            "(e.ends_on IS NULL OR e.ends_on >= :day)",
            self._recipient(),
            ended,
        )

    def _taken_back(self) -> str:
        if not self.asked:
            return "1 = 0"
        return self._event("permission", "e.purpose = :purpose", "e.withdrawn_at IS NOT NULL", self._recipient())

    def _restricted(self) -> str:
        begun = "(e.from_at IS NULL OR e.from_at < :tomorrow)"
        return self._event("restriction", begun, "(e.lifted_at IS NULL OR e.lifted_at >= :tomorrow)")


def _decision(purpose: Purpose, channel: Channel, *, partner: bool, on: dt.date) -> str:
    """The table as a CASE over the facts; what is the same for everybody is settled here."""
    same = known_of(ContactFacts(channel, "person", partner=partner))
    # A yes given after the no is a yes, where yes and no are about the same: a purpose that rests on consent.
    still = " AND given = 0" if purpose.basis == "consent" else ""
    facts = {
        "banned": "banned = 1",
        "objected": f"(pending = 1 OR (upheld = 1{still}))",
        "restricted": "restricted = 1",
        "consent_names_partner": "given = 1" if partner else "1 = 0",
        "left": "(trades = 0 AND works = 0 AND worked = 1)",
    }
    words = {
        "consent": "CASE WHEN given = 1 THEN 'given' WHEN taken_back = 1 THEN 'withdrawn' ELSE 'none' END",
        "recipient": "CASE WHEN trades = 1 THEN 'sole_trader' WHEN works = 1 THEN 'work_address' ELSE 'person' END",
    }
    cases = []
    for decision, alternatives in rows(on):
        condition = _any(list(_conditions(alternatives, same, facts, words)))
        if condition == "1 = 0":
            continue
        rule = f"'{decision.rule}'"
        if decision.allow and asks(purpose, channel):
            rule = f"CASE WHEN given = 1 THEN {rule} ELSE '{NO_CONSENT}' END"
        cases.append(f"WHEN {condition} THEN {rule}")
    return f"CASE {' '.join(cases)} END"


def _conditions(
    alternatives: Alternatives, same: Mapping[str, Any], facts: Mapping[str, str], words: Mapping[str, str]
) -> Iterator[str]:
    for one in alternatives:
        parts = []
        for fact, accepted in one.items():
            if fact in facts:
                parts.append(_any([facts[fact] if value else f"NOT {facts[fact]}" for value in accepted]))
            elif fact in words:
                parts.append(f"{words[fact]} IN ({', '.join(repr(value) for value in accepted)})")
            elif same[fact] not in accepted:
                break
        else:
            yield " AND ".join(f"({part})" for part in parts) or "1 = 1"


def _exists(kind: str, column: str, *conditions: str) -> str:
    wanted = " AND ".join([f'e."{column}" = shown.id', *(each for each in conditions if each)])
    return f'EXISTS (SELECT 1 FROM "{kind}" e WHERE {wanted})'


def _flag(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


def _any(conditions: Sequence[str]) -> str:
    return f"({' OR '.join(conditions)})" if conditions else "1 = 0"
