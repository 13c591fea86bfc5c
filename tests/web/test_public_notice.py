"""The public notice: anybody may read it, in each language, as a page, A4 and Markdown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.conftest import Site

Axe = Callable[..., list[dict[str, Any]]]


def test_anybody_reads_it_in_each_language(site: Site) -> None:
    client = site.client()
    first = client.get(f"/notice/{site.key}", headers={"Accept-Language": "en"})
    assert first.headers["location"] == f"/notice/{site.key}/en"
    for lang, words in (("fi", "Oikeutesi vastustaa"), ("en", "Your right to object")):
        answer = client.get(f"/notice/{site.key}/{lang}")
        assert (answer.status_code, answer.headers["content-language"]) == (200, lang)
        assert words in answer.text
        assert "set-cookie" not in answer.headers


def test_it_comes_as_a_file(site: Site) -> None:
    client = site.client()
    pdf = client.get(f"/notice/{site.key}/fi.pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    text = client.get(f"/notice/{site.key}/en.md")
    assert text.headers["content-type"] == "text/markdown; charset=utf-8"
    assert text.text.startswith("# ")


@pytest.mark.parametrize("path", ["/notice/nowhere", "/notice/nowhere/fi", "/notice/{key}/sv", "/notice/{key}/fi.exe"])
def test_there_is_nothing_else(site: Site, path: str) -> None:
    assert site.client().get(path.format(key=site.key)).status_code == 404


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_it_is_readable_by_all(
    page: Any, site: Site, live_server: Callable[[Any], str], axe: Axe, width: int, scheme: str
) -> None:
    address = live_server(site.app)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for lang in ("fi", "en"):
        page.goto(f"{address}/notice/{site.key}/{lang}")
        assert axe(page) == [], (lang, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (lang, width)
