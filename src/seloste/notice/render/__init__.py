"""The notice as people read it: HTML, Markdown or PDF, from the same facts the register runs on.

Complete by Art. 13, 14, 21(4) and 26(2) of the General Data Protection Regulation when ``seloste check`` finds no
errors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from markupsafe import Markup

    from seloste.notice.model import Notice
    from seloste.notice.render.model import Section

Format = Literal["html", "md", "pdf"]
FORMATS: tuple[Format, ...] = ("html", "md", "pdf")


def render(notice: Notice, lang: str, format: Format) -> str | bytes:
    """The whole notice: a page that stands alone (``html``), Markdown (``md``), or A4 (``pdf``, bytes).

    Raises ``NoSuchLanguage`` if the notice is not written in ``lang``, ``ValueError`` for another format.
    """
    from seloste.notice.render.build import build

    document = build(notice, lang)
    match format:
        case "html":
            from seloste.notice.render.html import page

            return page(document)
        case "md":
            from seloste.notice.render.markdown import markdown

            return markdown(document)
        case "pdf":
            from seloste.notice.render.pdf import pdf

            return pdf(document)
    raise ValueError(f"There is no format {format!r}; there are {', '.join(FORMATS)}.")


def render_body(
    notice: Notice,
    lang: str,
    *,
    own: Markup | None = None,
    proof: Callable[[Section], Markup | None] | None = None,
) -> Markup:
    """The notice as HTML without a page around it, for the web's public page.

    ``own`` stands under the first layer (the way to one's own data); ``proof`` gives what stands beside a section:
    ``section.purpose`` is the key of the purpose it tells of, ``section.anchor`` its id.
    """
    from seloste.notice.render.build import build
    from seloste.notice.render.html import body

    return body(build(notice, lang), own=own, proof=proof)
