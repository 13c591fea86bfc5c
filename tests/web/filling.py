"""Filling forms as a browser without script does: what the page's controls hold goes along, and what the test types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode


class Controls(HTMLParser):
    """The controls of the main form of a page: (name, value) as they would be sent, and every name there is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self.options: dict[str, list[str]] = {}
        self._inside = 0
        self._form = False
        self._select: str | None = None
        self._chosen: str | None = None
        self._area: str | None = None
        self._text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._form = "form" in given.get("class", "").split() and given.get("method") == "post"
        if not self._form:
            return
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "input" and name:
            self.names.add(name)
            kind = given.get("type", "text")
            self.options.setdefault(name, []).append(value)
            if kind not in ("radio", "checkbox", "file") or "checked" in given:
                self.sent.append((name, value))
        elif tag == "select":
            self.names.add(name)
            self._select, self._chosen = name, None
        elif tag == "option" and self._select:
            self.options.setdefault(self._select, []).append(value)
            if "selected" in given or self._chosen is None:
                self._chosen = value
        elif tag == "textarea":
            self.names.add(name)
            self._area, self._text = name, ""

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = False
        elif tag == "select" and self._select:
            self.sent.append((self._select, self._chosen or ""))
            self._select = None
        elif tag == "textarea" and self._area:
            self.sent.append((self._area, self._text.removeprefix("\n")))
            self._area = None


def filled(html: str, values: Mapping[str, str | Iterable[str]]) -> str:
    """The body that the form of a page sends with these values typed in. Raises KeyError for a field it lacks."""
    found = Controls(html)
    for name in values:
        if name not in found.names and name not in ("find", "clash", "do"):
            raise KeyError(name)
    pairs = [(name, value) for name, value in found.sent if name not in values]
    for name, value in values.items():
        pairs += [(name, value)] if isinstance(value, str) else [(name, each) for each in value]
    return urlencode(pairs)


def send(client: Any, path: str, values: Mapping[str, str | Iterable[str]], page: str | None = None) -> Any:
    """Open a page, or take one that is open, fill its form and send it."""
    html = page if page is not None else client.get(path).text
    body = filled(html, values)
    return client.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
