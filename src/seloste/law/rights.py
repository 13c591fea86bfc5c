"""Which right a person has under which legal basis: the matrix of GDPR Art. 7 and 13-22."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from seloste.errors import NoRuleError
from seloste.law.rules import Mark, Text, rule_set

Availability = Literal["yes", "no", "if"]

BASES = ("consent", "contract", "legal_obligation", "vital", "public_task", "legitimate_interest")
"""Art. 6(1)(a)-(f)."""

RUN_AS = {"company_contract": "legitimate_interest"}
"""A contract with the person's employer is Art. 6(1)(f) for the person: the person is no party to it."""


@dataclass(frozen=True, slots=True)
class Right:
    """One right under one basis. ``why`` is empty when the right is simply available."""

    key: str
    article: str
    label: Text
    basis: str
    available: Availability
    why: Text
    why_article: str
    mark: Mark


def rights() -> tuple[str, ...]:
    return tuple(entry.id for entry in rule_set("rights").entries())


def right(key: str, basis: str) -> Right:
    """One cell of the matrix. ``basis`` is one of :data:`BASES` or ``company_contract``.

    Raises :class:`NoRuleError`.
    """
    column = RUN_AS.get(basis, basis)
    if column not in BASES:
        raise NoRuleError(f"Oikeusperustetta {basis} ei ole.", f"There is no legal basis {basis}.")
    entry = rule_set("rights").find(key)
    why = entry.facts.get("why", {}).get(column, {})
    return Right(
        key=key,
        article=entry.facts["article"],
        label=entry.facts["label"],
        basis=basis,
        available=entry.facts[column],
        why={lang: text for lang, text in why.items() if lang != "article"},
        why_article=why.get("article", ""),
        mark=entry.mark,
    )


def available(key: str, basis: str) -> Availability:
    """``yes``; ``no`` (refuse with the reason); ``if`` (see ``right(...).why``). Raises :class:`NoRuleError`."""
    return right(key, basis).available
