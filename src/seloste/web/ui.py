"""Drawing helpers for the templates: the environment of a language, addresses of static files, the life line.

A page is rendered by ``render("people/list.html", "fi", frame=..., head=...)``. Every template has ``t`` (words),
``f`` (formats), ``lang``, ``life_line``, ``scale``, ``days_used`` and ``static`` at hand, without passing them.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from seloste.web.i18n import formats, translator
from seloste.web.parts import End, Life

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"
STATIC_URL = "/static"

SHEETS = ("tokens", "layout", "components", "forms", "public")
"""Style sheets of every page, in this order; ``print`` follows them with its own medium."""

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""The policy that every page is served under. Nothing is inline, and nothing is loaded from elsewhere."""

_GROUNDS = {
    "consent": "consent",
    "explicit_consent": "consent",
    "contract": "contract",
    "company_contract": "contract",
    "law": "law",
    "legal_obligation": "law",
    "interest": "interest",
    "legitimate_interest": "interest",
    "vital": "vital",
    "vital_interest": "vital",
    "public": "public",
    "public_task": "public",
}


def ground_of(basis: str) -> str:
    """Which of the six signs stands for a basis of the notice (Art. 6(1)).

    :raises KeyError: a basis that has no sign.
    """
    return _GROUNDS[basis]


def environment(lang: str, loader: BaseLoader | None = None) -> Environment:
    """A template environment of one language: escapes everything, and an unset variable is an error."""
    env = Environment(
        loader=loader or FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        t=translator(lang),
        f=formats(lang),
        lang=lang,
        static=static,
        sheets=SHEETS,
        life_line=life_line,
        scale=scale,
        days_used=days_used,
        ground_of=ground_of,
    )
    env.filters["breaks"] = breaks
    return env


def breaks(text: str) -> Markup:
    """A text that may turn the line after ``@``, where an address is best cut."""
    return Markup(str(escape(text)).replace("@", "@<wbr>"))  # noqa: S704  escaped here


@cache
def _environment(lang: str) -> Environment:
    return environment(lang)


def render(template: str, lang: str, /, **context: Any) -> str:
    """The page as HTML text, in one language."""
    return _environment(lang).get_template(template).render(context)


@cache
def static(name: str) -> str:
    """The address of a static file; it changes with the content, so a browser may keep the file for a year.

    :raises FileNotFoundError: no such file.
    """
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()
    return f"{STATIC_URL}/{name}?v={digest[:12]}"


def _n(value: float) -> str:
    """A coordinate as SVG likes it: short, without a needless point."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _open_svg(classes: str, width: float, height: float, label: str) -> str:
    voice = f' role="img"><title>{escape(label)}</title>' if label else ' aria-hidden="true" focusable="false">'
    size = f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
    return f'<svg class="{classes}" {size}{voice}'


def life_line(
    life: Life | End,
    *,
    elapsed: float | None = None,
    width: int = 32,
    height: int = 12,
    thick: bool = False,
    label: str = "",
) -> Markup:
    """The life line as inline SVG: what has gone by, what is left, and who ends it.

    The words of the end stand beside it, so it is hidden from screen readers unless it has a ``label``. Sizes are in
    pixels; no style attribute is used, for the policy of the pages forbids them.
    """
    if isinstance(life, str):
        life = Life(end=life)
    tone = life.tone or (life.end if life.end in ("soon", "past") else "")
    gone = elapsed if elapsed is not None else life.elapsed
    if gone is None:
        gone = {"person": 1 / 3, "soon": 0.92, "past": 1.0}.get(life.end, 0.0)
    gone = min(max(gone, 0.0), 1.0)
    y, right = height / 2, width - 1.0
    parts: list[str] = []

    def stroke(kind: str, to: float) -> None:
        parts.append(f'<path class="{kind}" d="M0 {_n(y)}H{_n(to)}"/>')

    def upright(x: float) -> None:
        parts.append(f'<path class="mark-end" d="M{_n(x)} .5V{_n(height - 0.5)}"/>')

    if life.end == "running":
        stop = width * 2 / 3
        stroke("spent", stop)
        step = min(4.0, (width - stop - 1) / 3)
        dots = "".join(f'<circle cx="{_n(stop + step * n)}" cy="{_n(y)}" r=".9"/>' for n in (1, 2, 3))
        parts.append(f'<g class="dots">{dots}</g>')
    elif life.end == "person":
        edge = width - 8.25
        stroke("base", edge)
        stroke("spent", edge * gone)
        parts.append(f'<circle class="ring" cx="{_n(width - 4.25)}" cy="{_n(y)}" r="3.25"/>')
    else:
        stroke("base", right)
        if gone:
            stroke("spent", right * gone)
        upright(right)
        if life.end == "law":
            upright(right - 3.5)
    classes = " ".join(filter(None, ("lifeline", life.end if life.end not in ("soon", "past") else "date", tone)))
    classes += " thick" if thick else ""
    return Markup(_open_svg(classes, width, height, label) + "".join(parts) + "</svg>")  # noqa: S704  numbers only


def scale(oldest: float, label: str, *, width: int = 230) -> Markup:
    """The oldest value held against its limit: a line, a dot at ``oldest`` (1.0 is the limit) and the upright."""
    right = width - 1.0
    at = min(max(oldest, 0.0), 1.0) * right
    body = (
        f'<path class="base" d="M0 9H{_n(right)}"/><path class="spent" d="M0 9H{_n(at)}"/>'
        f'<circle class="at" cx="{_n(at)}" cy="9" r="4"/><path class="mark-end" d="M{_n(right)} .5V17.5"/>'
    )
    return Markup(_open_svg("lifeline scale thick", width, 18, label) + body + "</svg>")  # noqa: S704  numbers only


def days_used(days: tuple[int, ...], label: str, *, limit: int = 30, width: int = 230) -> Markup:
    """Days that requests took, as dots stacked on a line of one month; a late one stands at the end of the line."""
    right, step = width - 1.0, (width - 4.0) / limit
    tallest = max((days.count(day) for day in set(days)), default=1)
    height = max(18, 6 * min(tallest, 8) + 8)
    floor = height - 3.0
    dots: list[str] = []
    for day in sorted(set(days)):
        x = 2 + step * min(max(day, 0), limit)
        gap = min(6.0, (floor - 4) / max(days.count(day), 1))
        dots += [
            f'<circle class="at" cx="{_n(x)}" cy="{_n(floor - 4 - gap * n)}" r="2"/>' for n in range(days.count(day))
        ]
    line = f'<path class="base" d="M0 {_n(floor)}H{_n(right)}"/><path class="mark-end" d="M{_n(right)} 0V{height}"/>'
    return Markup(_open_svg("lifeline scale", width, height, label) + line + "".join(dots) + "</svg>")  # noqa: S704
