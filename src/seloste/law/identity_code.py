"""When a Finnish personal identity code may be processed: Data Protection Act 1050/2018, s. 29."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

from seloste.errors import NoRuleError
from seloste.law.rules import Mark, Text, rule_set


@dataclass(frozen=True, slots=True)
class Use:
    """One use of the code, whether it is allowed, and under which subsection."""

    key: str
    allowed: bool
    needs_singling_out: bool
    """Allowed only where telling this person from all others is important (s. 29(1))."""
    text: Text
    mark: Mark


def use(key: str, on: date | None = None) -> Use:
    """The use of that name. Raises :class:`NoRuleError` if section 29 as written here knows no such use."""
    entry = rule_set("identity_code").find(key, on)
    facts = entry.facts
    return Use(key, facts["allowed"], facts.get("singling_out", False), facts["text"], entry.mark)


def allowed(key: str, on: date | None = None) -> bool:
    """True only for a use the section names; whatever it does not name is not allowed."""
    try:
        return use(key, on).allowed
    except NoRuleError:
        return False


def grounds() -> tuple[Use, ...]:
    """The uses a notice may give as the ground for holding the code."""
    return tuple(found for entry in rule_set("identity_code").entries() if (found := use(entry.id)).allowed)


def identifies(evidence: Set[str], on: date | None = None) -> bool:
    """True if the evidence (``identity_code``, ``name``, and others) is more than section 29(5) forbids to rest on.

    The code alone, or the code with the name, does not show who somebody is. Whether the rest is enough is for
    the controller to judge (GDPR Art. 12(6)).
    """
    if allowed("identification", on):
        return bool(evidence)
    return bool(evidence - {"identity_code", "name"})
