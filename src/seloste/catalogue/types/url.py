from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import SplitResult, urlsplit

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import clean, within
from seloste.errors import BadValue

EXAMPLE = "https://www.yritys.example"
LIMIT = 2000

_LABEL = re.compile(r"(?!-)[^\W_](?:[\w-]{0,61}[^\W_])?")


class Url(ItemType[str]):
    """A web address, http or https. Without a scheme it is read as https."""

    name: ClassVar[str] = "url"
    widget: ClassVar[str] = "url"
    inputmode: ClassVar[str] = "url"
    autocomplete: ClassVar[str] = "url"

    def parse(self, text: str) -> str:
        typed = within(clean(text), LIMIT)
        if re.search(r'[\s<>"\\^`{|}]', typed):
            raise BadValue("Osoitteessa on merkki, joka ei kuulu siihen.", "A character is out of place.", EXAMPLE)
        if not re.match(r"[a-z][a-z0-9+.-]*:(?!\d)", typed, re.IGNORECASE):
            typed = f"https://{typed.removeprefix('//')}"
        try:
            parts = urlsplit(typed)
            port = parts.port
        except ValueError:
            raise BadValue("Verkko-osoite ei ole oikein.", "The web address is not right.", EXAMPLE) from None
        return _checked(parts, port)

    def search_keys(self, value: str) -> list[str]:
        """The host, without ``www.``."""
        return [(urlsplit(value).hostname or "").removeprefix("www.")]

    def sort_key(self, value: str) -> str:
        return re.sub(r"^https?://(www\.)?", "", value)

    def same(self, a: str, b: str) -> bool:
        return self.sort_key(a).rstrip("/") == self.sort_key(b).rstrip("/")


def _checked(parts: SplitResult, port: int | None) -> str:
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise BadValue("Osoitteen alussa on https tai http.", "The address begins with https or http.", EXAMPLE)
    if parts.username is not None or parts.password is not None:
        raise BadValue("Poista osoitteesta tunnus ja salasana.", "Remove the user name and password.", EXAMPLE)
    host = (parts.hostname or "").rstrip(".").lower()
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or len(host) > 253:
        raise BadValue("Osoitteen loppu puuttuu.", "The end of the address is missing.", EXAMPLE)
    where = f"{host}:{port}" if port is not None else host
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{scheme}://{where}{parts.path}{query}{fragment}"
