"""Of a kind that several purposes use: the longest of their periods, which is the one that its rows stay."""

from __future__ import annotations

from seloste.law import retention
from seloste.notice.model import Keep, Notice, Purpose, Unit

MONTHS: dict[Unit, float] = {"day": 12 / 365, "month": 1, "year": 12}


def months(keep: Keep) -> float:
    """The length of a rule's first term in months; 0 where the person's word or an end alone bounds it."""
    if keep.base is None:
        return 0.0
    name = keep.base.preset or keep.text.split(",", 1)[0].strip()
    if name not in retention.preset_names():
        return keep.base.amount * MONTHS[keep.base.unit]
    preset = retention.preset(name)
    if preset.kind == "composed":
        first = retention.clauses(preset.rule)[0]
        return first.amount * MONTHS[first.unit]
    return preset.amount * MONTHS[preset.unit]


def longer(notice: Notice, purpose: Purpose, keep: Keep) -> tuple[Purpose, Keep] | None:
    """The purpose that keeps rows of the same kind longest, and its rule, where that is longer than this one.

    A purpose that uses the kind and has no rule of it keeps its rows by the rules of its own. What a law, a claim or
    the proof of what was said keeps is told there, and shortens nobody's expectation of an ordinary use.
    """
    if purpose.nature != "ordinary" or not months(keep):
        return None
    found = [
        (months(rule), other, rule)
        for other in notice.purposes.values()
        if other is not purpose and other.nature == "ordinary" and other.basis != "legal_obligation"
        and any(ref.kind == keep.matter for ref in other.uses)
        for rule in ([each for each in other.keep if each.matter == keep.matter] or other.keep)
    ]  # fmt: skip
    longest = max(found, key=lambda one: one[0], default=None)
    return longest[1:] if longest is not None and longest[0] > months(keep) else None
