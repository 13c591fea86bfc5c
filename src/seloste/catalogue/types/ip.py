from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue

EXAMPLE = "192.0.2.10"


class Ip(ItemType[str]):
    """An IP address, version 4 or 6 (RFC 5952 form). A mapped version 4 address is kept as version 4."""

    name: ClassVar[str] = "ip"

    def parse(self, text: str) -> str:
        typed = one_line(text, 60)
        try:
            found = ip_address(typed)
        except ValueError:
            raise BadValue("Tämä ei ole IP-osoite.", "This is not an IP address.", EXAMPLE) from None
        if isinstance(found, IPv6Address):
            if found.scope_id is not None:
                raise BadValue("Poista osoitteesta verkkokortin nimi.", "Remove the zone after %.", EXAMPLE)
            return str(found.ipv4_mapped or found)
        return str(found)

    def search_keys(self, value: str) -> list[str]:
        return [value]

    def sort_key(self, value: str) -> tuple[int, int]:
        found = ip_address(value)
        return (found.version, int(found))
