"""``accept:``: a finding the owner knows and lets stand, with a written reason."""

from __future__ import annotations

from collections.abc import Iterable

from seloste.notice.findings import RULES, Finding, rule
from seloste.notice.model import Accepted, Notice, Place

NOT_ACCEPTABLE = rule(
    "F19-cannot-accept",
    "error",
    en="`{code}` cannot be accepted: {why}.",
    fi="Havaintoa `{code}` ei voi hyväksyä: {why}.",
    help_en="Mend what the finding says.",
    help_fi="Korjaa se, mitä havainto sanoo.",
)
NOTHING_ACCEPTED = rule(
    "F20-accept-idle",
    "warning",
    en="Nothing is found of `{code}` at `{at}`, so there is nothing to accept.",
    fi="Havaintoa `{code}` ei ole kohdassa `{at}`, joten hyväksyttävää ei ole.",
    help_en="Remove the line.",
    help_fi="Poista rivi.",
)

_UNKNOWN = {"en": "no finding has that code", "fi": "sellaista koodia ei ole"}
_GRAMMAR = {"en": "nothing can be run while it stands", "fi": "mitään ei voi ajaa, ennen kuin se on korjattu"}


def settle(notice: Notice, found: Iterable[Finding]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """(what remains, what is accepted)."""
    remaining, accepted = list(found), []
    for known in notice.accepted:
        place = known.place or Place(notice.file, 1, 1)
        if not (known.code and known.at and known.because):
            continue  # that a part is missing has been said
        rules = [made for code, made in RULES.items() if code == known.code or code.split("-", 1)[0] == known.code]
        if not rules or not rules[0].acceptable:
            why = _GRAMMAR if rules else _UNKNOWN
            remaining.append(Finding(NOT_ACCEPTABLE, place, "accept", {"code": known.code, "why": why}))
            continue
        let_be = [finding for finding in remaining if finding.rule is rules[0] and _covers(known, finding)]
        if not let_be:
            remaining.append(Finding(NOTHING_ACCEPTED, place, "accept", {"code": known.code, "at": known.at}))
        accepted.extend(let_be)
        remaining = [finding for finding in remaining if finding not in let_be]
    return tuple(sorted(remaining, key=Finding.order)), tuple(accepted)


def _covers(known: Accepted, finding: Finding) -> bool:
    return finding.at == known.at or finding.at.startswith(f"{known.at}.")
