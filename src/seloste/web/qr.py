"""A QR code as inline SVG, drawn here: what it holds is a secret and goes to nobody else."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(text: str, label: str) -> Markup:
    """The code with its quiet zone, black on white in the dark too, since phones read no other."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        scale=4, border=4, dark="#000", light="#fff", title=label, svgclass="qr", lineclass=None, omitsize=False
    )
    return Markup(drawn)  # noqa: S704  numbers, and a label that the library escapes
