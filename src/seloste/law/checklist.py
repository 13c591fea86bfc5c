"""What a notice must tell: GDPR Art. 13, 14, 21(4) and 26(2), and Act 917/2014, s. 205, as items N1 to N25."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal

from seloste.law.rules import Mark, Text, rule_set

Article = Literal[13, 14]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell. ``when`` is ``always`` or the fact that makes it apply (``transfer``, ``cookies`` ...)."""

    id: str
    label: Text
    art13: str
    art14: str
    when: str
    mark: Mark

    def applies(self, article: Article, facts: Set[str]) -> bool:
        """True if it must be told when data come from the person (13) or from elsewhere (14) and ``facts`` are so."""
        asked = self.art13 if article == 13 else self.art14
        return bool(asked) and (self.when == "always" or self.when in facts)


def items() -> tuple[Item, ...]:
    return tuple(
        Item(
            id=entry.id,
            label=entry.facts["label"],
            art13=entry.facts["art13"],
            art14=entry.facts["art14"],
            when=entry.facts["when"],
            mark=entry.mark,
        )
        for entry in rule_set("checklist").entries()
    )


def item(item_id: str) -> Item:
    """The item of that id. Raises :class:`NoRuleError`."""
    rule_set("checklist").find(item_id)
    return next(one for one in items() if one.id == item_id)


def conditions() -> frozenset[str]:
    """The facts that decide which items apply."""
    return frozenset(one.when for one in items()) - {"always"}


def required(article: Article, facts: Set[str] = frozenset()) -> tuple[Item, ...]:
    """What must be told under that article, given the facts (some of :func:`conditions`).

    Raises ``ValueError`` for a fact that decides nothing: a misspelt one would hide a duty.
    """
    unknown = facts - conditions()
    if unknown:
        raise ValueError(f"unknown facts: {', '.join(sorted(unknown))}")
    return tuple(one for one in items() if one.applies(article, facts))
