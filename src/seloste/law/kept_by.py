"""Who keeps a register of the law beside the controller: for whoever is told that their data stay under that law."""

from __future__ import annotations

from collections.abc import Iterable

from seloste.law.rules import Text, rule_set


def also_kept_by(citations: Iterable[str]) -> tuple[Text, ...]:
    """Where to turn about registers that the cited laws give to an authority; each once, none for most laws.

    A citation names an act by its number and, where that matters, the chapter, as ``1599/2009 2:12 §``.
    """
    cited = tuple(citations)
    return tuple(
        entry.facts["text"]
        for entry in rule_set("kept_by").entries()
        if any(act in citation for act in entry.facts["acts"] for citation in cited)
    )
