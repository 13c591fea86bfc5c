"""The page that stands alone, in a real browser: accessible at every width, and without sideways scroll."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seloste.notice import load
from seloste.notice.render import render

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGES = ["fluiconnecto/notice.yaml", "fluxio/as-oy-tuulikello.yaml", "fluent-progress/customers.yaml"]


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("file", PAGES)
def test_the_page_is_accessible_and_never_scrolls_sideways(
    file: str, scheme: Any, width: int, page: Any, axe: Callable[..., list[dict[str, Any]]]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.set_content(str(render(load(EXAMPLES / file), "fi", "html")))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert axe(page) == []


def test_each_entry_of_the_contents_leads_to_its_section(page: Any) -> None:
    page.set_content(str(render(load(EXAMPLES / PAGES[0]), "en", "html")))
    wide, narrow = page.locator(".contents-wide a"), page.locator(".contents-narrow a")
    assert wide.count() == narrow.count() > 20
    page.set_viewport_size({"width": 1280, "height": 900})
    assert (wide.first.is_visible(), narrow.first.is_visible()) == (True, False)
    page.set_viewport_size({"width": 390, "height": 900})
    assert (wide.first.is_visible(), narrow.first.is_visible()) == (False, False)
    page.locator(".contents summary").click()
    assert narrow.first.is_visible()
    for target in wide.evaluate_all("all => all.map(a => a.getAttribute('href'))"):
        assert page.locator(target).count() == 1
