"""The supervisory authority every notice and refusal names: GDPR Art. 13(2)(d), 12(4) and 77."""

from __future__ import annotations

from dataclasses import dataclass

from seloste.law.rules import Mark, Text, rule_set


@dataclass(frozen=True, slots=True)
class Authority:
    name: Text
    street: str
    postal: Text
    phone: str
    email: str
    web: Text
    mark: Mark


def authority() -> Authority:
    """The Finnish Data Protection Ombudsman."""
    entry = rule_set("authority").find("ombudsman")
    facts = entry.facts
    return Authority(
        name=facts["name"],
        street=facts["street"],
        postal=facts["postal"],
        phone=facts["phone"],
        email=facts["email"],
        web=facts["web"],
        mark=entry.mark,
    )
