from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue
from seloste.settings import Settings

EXAMPLE = "010594Y9032"


@dataclass(frozen=True)
class Hetu(ItemType[str]):
    """A Finnish personal identity code, with the separators in use since 2023.

    The separator is kept as typed: it tells two persons apart and does not enter the check character. Codes of the 900
    series belong to nobody; they are read only if ``allow_test`` says so, by default the setting
    ``SELOSTE_ALLOW_TEST_IDENTITY_CODES``. The item is sensitive, so its search key must be hashed with a key.
    """

    name: ClassVar[str] = "hetu"
    allow_test: bool | None = None

    def parse(self, text: str) -> str:
        from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError
        from stdnum.fi import hetu

        typed = re.sub(r"[\u2010-\u2015\u2212]", "-", one_line(text, 40).replace(" ", "")).upper()
        if len(typed) != 11:
            raise BadValue("Henkilötunnuksessa on 11 merkkiä.", "An identity code has 11 characters.", EXAMPLE)
        try:
            found = str(hetu.validate(typed, allow_temporary=True))
        except InvalidChecksum:
            raise BadValue(
                "Henkilötunnuksen viimeinen merkki ei täsmää. Tarkista merkit.",
                "The last character of the identity code does not match. Check the characters.",
            ) from None
        except InvalidComponent:
            raise BadValue(
                "Henkilötunnuksen syntymäpäivää tai yksilönumeroa ei ole.",
                "The identity code has a birth date or a number that does not exist.",
                EXAMPLE,
            ) from None
        except ValidationError:
            raise BadValue("Tämä ei ole henkilötunnus.", "This is not an identity code.", EXAMPLE) from None
        if int(found[7:10]) >= 900 and not self._tests_allowed():
            raise BadValue(
                "Tämä on keinotekoinen tunnus, joka ei ole kenenkään. Kirjoita hänen oma tunnuksensa.",
                "This is an artificial code that belongs to nobody. Write the person's own code.",
            )
        return found

    def search_keys(self, value: str) -> list[str]:
        return [value]

    def masked(self, value: str) -> str:
        """The code as it may stand on a page or a print (Data Protection Act s. 29(4)): ``010594Y****``."""
        return f"{value[:7]}****"

    def _tests_allowed(self) -> bool:
        if self.allow_test is not None:
            return self.allow_test
        return Settings.from_environment().allow_test_identity_codes
