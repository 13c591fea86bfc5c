from __future__ import annotations

import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue

EXAMPLE = "1234567-1"


class BusinessId(ItemType[str]):
    """A Finnish business id (Y-tunnus), kept as ``1234567-1``. The VAT number ``FI12345671`` is read as the same."""

    name: ClassVar[str] = "business_id"

    def parse(self, text: str) -> str:
        from stdnum.exceptions import InvalidChecksum, ValidationError
        from stdnum.fi import ytunnus

        typed = re.sub(r"[\s\u2010-\u2015-]", "", one_line(text, 40)).upper().removeprefix("FI")
        if not re.fullmatch(r"[0-9]+", typed):
            raise BadValue("Y-tunnuksessa on vain numeroita.", "A business id has only digits.", EXAMPLE)
        # Ids given before 1978 had one digit less; they are written today with a zero in front.
        typed = typed.zfill(8) if len(typed) == 7 else typed
        if len(typed) != 8:
            raise BadValue("Y-tunnuksessa on kahdeksan numeroa.", "A business id has eight digits.", EXAMPLE)
        try:
            return str(ytunnus.format(ytunnus.validate(typed)))
        except InvalidChecksum:
            raise BadValue(
                "Y-tunnuksen viimeinen numero ei täsmää. Tarkista numerot.",
                "The last digit of the business id does not match. Check the digits.",
            ) from None
        except ValidationError:
            raise BadValue("Tämä ei ole Y-tunnus.", "This is not a business id.", EXAMPLE) from None

    def search_keys(self, value: str) -> list[str]:
        return [value.replace("-", "")]
