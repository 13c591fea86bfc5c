"""Bars on a logarithmic scale as SVG, written by hand: that is all the report needs, and no library has to be kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LABELS, ROW, TOP, END = 860, 250, 22, 46, 70
SPACE = 90
"""How much a ratio with its word takes."""
MET, MISSED, PLAIN = "#2f6f4f", "#b3412e", "#5b6470"


@dataclass(frozen=True, slots=True)
class Bar:
    """One ratio, and what it should be at most; None when nothing is asked of it."""

    label: str
    value: float
    target: float | None


def chart(title: str, bars: Sequence[Bar]) -> str:
    """A file of its own, with a title and a text for those who do not see it; colours are told by words too."""
    values = [each.value for each in bars] + [each.target for each in bars if each.target] + [1.0]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    high = max(high, low + 1)
    scale = (WIDTH - LABELS - END) / (high - low)

    def x(value: float) -> float:
        return LABELS + (math.log10(value) - low) * scale

    height = TOP + ROW * len(bars) + 12
    told = "; ".join(f"{each.label} {each.value:.2f}" for each in bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        ' font-family="sans-serif" font-size="12">',
        f"<title>{escape(title)}</title><desc>{escape(told)}</desc>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="8" y="18" font-size="14" fill="#111">{escape(title)}</text>',
    ]
    for power in range(low, high + 1):
        at = x(10.0**power)
        parts.append(f'<line x1="{at:.1f}" y1="{TOP - 8}" x2="{at:.1f}" y2="{height - 8}" stroke="#d5d9de"/>')
        parts.append(f'<text x="{at:.1f}" y="{TOP - 12}" text-anchor="middle" fill="#444">{10.0**power:g}</text>')
    for number, each in enumerate(bars):
        y = TOP + ROW * number
        colour = PLAIN if each.target is None else MET if each.value <= each.target else MISSED
        begin, end = sorted((x(10.0**low), x(each.value)))
        word = "" if each.target is None else " met" if each.value <= each.target else " missed"
        parts.append(f'<text x="{LABELS - 8}" y="{y + 14}" text-anchor="end" fill="#222">{escape(each.label)}</text>')
        parts.append(
            f'<rect x="{begin:.1f}" y="{y + 3}" width="{max(end - begin, 1):.1f}" height="14" fill="{colour}"/>'
        )
        if each.target is not None:
            at = x(each.target)
            # The stroke of the target must not stand in the word.
            end = at if end < at < end + SPACE else end
            parts.append(f'<line x1="{at:.1f}" y1="{y}" x2="{at:.1f}" y2="{y + 20}" stroke="#111" stroke-width="2"/>')
        parts.append(f'<text x="{end + 5:.1f}" y="{y + 14}" fill="#222">{each.value:.2f}{word}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
