from __future__ import annotations

import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue

EXAMPLE = "aino@yritys.example"


class Email(ItemType[str]):
    """An e-mail address (RFC 5321, 6531). The domain is kept in lower case, the part before @ as it was typed."""

    name: ClassVar[str] = "email"
    widget: ClassVar[str] = "email"
    inputmode: ClassVar[str] = "email"
    autocomplete: ClassVar[str] = "email"

    def parse(self, text: str) -> str:
        from email_validator import EmailNotValidError, validate_email

        typed = re.sub(r"^mailto:", "", one_line(text, 320), flags=re.IGNORECASE)
        _check_shape(typed)
        try:
            # Whether the domain receives mail is asked by sending to it, never by looking it up while somebody types.
            found = validate_email(typed, check_deliverability=False, strict=True)
        except EmailNotValidError:
            raise BadValue("Sähköpostiosoite ei ole oikein.", "The e-mail address is not right.", EXAMPLE) from None
        return f"{found.local_part}@{found.domain}"

    def search_keys(self, value: str) -> list[str]:
        """The address in lower case, and its domain."""
        lower = value.lower()
        return [lower, lower.rpartition("@")[2]]

    def sort_key(self, value: str) -> str:
        return value.lower()

    def same(self, a: str, b: str) -> bool:
        return a.lower() == b.lower()


def _check_shape(typed: str) -> None:
    if "@" not in typed:
        raise BadValue("Osoitteesta puuttuu @-merkki.", "The address has no @.", EXAMPLE)
    if re.search(r"[<>,;]", typed):
        raise BadValue("Kirjoita yksi osoite ilman nimeä.", "Write one address without a name.", EXAMPLE)
    if " " in typed:
        raise BadValue("Osoitteessa on välilyönti.", "The address has a space in it.", EXAMPLE)
    local, _, domain = typed.rpartition("@")
    if not local:
        raise BadValue("Osoitteen alku puuttuu.", "The beginning of the address is missing.", EXAMPLE)
    if "." not in domain.strip("."):
        raise BadValue("Osoitteen loppu puuttuu.", "The end of the address is missing.", EXAMPLE)
