"""Ground signs and life lines as inline SVG. No style attribute: sizes are attributes, colours are classes."""

from __future__ import annotations

from markupsafe import Markup

from seloste.notice.render.model import EndSort, Sign

_SIGNS: dict[Sign, str] = {
    "consent": '<circle cx="9" cy="9" r="7"/><path d="M5.8 9.3l2.2 2.2 4.2-4.6"/>',
    "contract": '<circle cx="6.4" cy="9" r="4.4"/><circle cx="11.6" cy="9" r="4.4"/>',
    "law": '<path d="M11.6 5.1c-.3-1.5-1.3-2.3-2.7-2.3-1.5 0-2.6.8-2.6 2.1 0 2.9 5.7 2.6 5.7 5.5 0 1.2-1.1 2-2.7 2"/>'
    '<path d="M6.4 12.9c.3 1.5 1.3 2.3 2.7 2.3 1.5 0 2.6-.8 2.6-2.1 0-2.9-5.7-2.6-5.7-5.5 0-1.2 1.1-2 2.7-2"/>',
    "interest": '<path d="M9 2.5v13M5.5 15.5h7M3 5h12M3 5l-2 5a2.3 2.3 0 0 0 4 0zM15 5l-2 5a2.3 2.3 0 0 0 4 0z"/>',
    "vital": '<path d="M9 3v12M3 9h12"/>',
    "public": '<path d="M2.5 7L9 3l6.5 4zM4 7.5v6M7.4 7.5v6M10.6 7.5v6M14 7.5v6M2.5 15.5h13"/>',
}


_SVG = '<svg class="{}" width="{}" height="{}" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>'


def sign(key: Sign) -> Markup:
    return Markup(_SVG).format("ground", 18, 18, 18, 18, Markup(_SIGNS[key]))  # noqa: S704 - drawings of ours


def life_line(end: EndSort, width: int = 40) -> Markup:
    """The line of a stamp: who ends it is drawn at its end, and always said in words beside it."""
    right = width - 1
    spent = width * 2 // 3
    base = f'<path class="base" d="M0 6H{right}"/>'
    line = f'<path class="spent" d="M0 6H{spent}"/>'
    match end:
        case "law":
            mark = f'<path class="mark-end" d="M{right - 4} 1V11M{right} 1V11"/>'
        case "person":
            mark = f'<circle class="ring" cx="{right - 4}" cy="6" r="3.25"/>'
        case "running":
            base = ""
            dots = "".join(f'<circle cx="{spent + step}" cy="6" r="1"/>' for step in (4, 8, 12))
            mark = f'<g class="dots">{dots}</g>'
        case "none":
            line, mark = "", ""
        case _:
            mark = f'<path class="mark-end" d="M{right} 1V11"/>'
    return _line(width, base + line + mark)


def to_scale(months: float, end: EndSort, per_year: float) -> Markup:
    """A period as long as it is: ``per_year`` pixels a year, at least enough to be seen."""
    length = max(10, round(months / 12 * per_year))
    second = f"M{length - 4} 1V11" if end == "law" else ""
    return _line(
        length + 1, f'<path class="spent" d="M0 6H{length}"/><path class="mark-end" d="{second}M{length} 1V11"/>'
    )


def _line(width: int, drawn: str) -> Markup:
    return Markup(_SVG).format("lifeline", width, 12, width, 12, Markup(drawn))  # noqa: S704 - numbers of ours
