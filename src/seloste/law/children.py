"""From what age a child's own consent is enough for an information society service: Data Protection Act s. 5."""

from __future__ import annotations

from datetime import date

from seloste.law.rules import rule_set


def age_of_own_consent(on: date | None = None) -> int:
    """13 in Finland (GDPR Art. 8(1) lets a Member State go down to 13)."""
    age: int = rule_set("children").find("own_consent", on).facts["age"]
    return age


def turns(birth_date: date, age: int) -> date:
    """The birthday. Who is born on 29 February has it on 1 March of a common year, the later and safer day."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def may_consent(birth_date: date, on: date) -> bool:
    """True from the birthday on; before it the holder of parental responsibility consents (Art. 8(2))."""
    return on >= turns(birth_date, age_of_own_consent(on))
