from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.money import Money, read_cents
from seloste.catalogue.types.normal import clean, one_line
from seloste.catalogue.types.numbers import INT64, plain_number
from seloste.catalogue.types.objects import looks_like_json, read_json
from seloste.errors import BadValue

EXAMPLE = "Hydrauliletku; 2; 12,50"
LIMIT = 500

Line = dict[str, Any]
_MONEY = Money()


class Lines(ItemType[list[Line]]):
    """Lines of an order or an invoice: ``[{text, quantity, price}]``.

    ``quantity`` is a decimal number as text (``"2.5"``), ``price`` whole cents for one. Typed one line a row, with
    semicolons: ``Hydrauliletku; 2; 12,50``. A row without numbers is one piece of that text without a price.
    """

    name: ClassVar[str] = "lines"
    storage: ClassVar = "json"
    widget: ClassVar[str] = "textarea"

    def parse(self, text: str) -> list[Line]:
        typed = clean(text)
        if looks_like_json(typed):
            found = read_json(typed)
            rows = [_from_json(row) for row in found] if isinstance(found, list) else []
        else:
            rows = [_from_row(row) for row in typed.split("\n") if row.strip()]
        if not rows or len(rows) > LIMIT:
            raise BadValue(f"Rivejä on yhdestä {LIMIT}:aan.", f"There are 1 to {LIMIT} lines.", EXAMPLE)
        return rows

    def show(self, value: list[Line], lang: str) -> str:
        return "\n".join(_shown(line, lang) for line in value)

    def edit(self, value: list[Line]) -> str:
        if any(";" in line["text"] or looks_like_json(line["text"]) for line in value):
            return json.dumps(value, ensure_ascii=False)
        return "\n".join(
            f"{line['text']}; {line['quantity'].replace('.', ',')}; {_MONEY.edit(line['price'])}" for line in value
        )

    def sort_key(self, value: list[Line]) -> int:
        return total(value)


def total(value: list[Line]) -> int:
    """What the lines cost together, in cents: each line is rounded by itself, halves up."""
    sums = (Decimal(line["quantity"]) * line["price"] for line in value)
    return sum(int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)) for amount in sums)


def _from_row(row: str) -> Line:
    parts = [part.strip() for part in row.split(";")]
    if len(parts) > 3:
        raise BadValue("Rivillä on teksti, määrä ja hinta.", "A line has a text, a quantity and a price.", EXAMPLE)
    quantity = _quantity(parts[1]) if len(parts) > 1 and parts[1] else "1"
    price = _MONEY.parse(parts[2]) if len(parts) > 2 and parts[2] else 0
    return {"text": one_line(parts[0], 300), "quantity": quantity, "price": price}


def _from_json(row: Any) -> Line:
    if not isinstance(row, dict) or "text" not in row or set(row) - {"text", "quantity", "price"}:
        raise BadValue("Rivillä on teksti, määrä ja hinta.", "A line has a text, a quantity and a price.", EXAMPLE)
    price = row.get("price", 0)
    if not isinstance(row["text"], str) or isinstance(price, bool) or not isinstance(price, int | str):
        raise BadValue("Rivin hinta on sentteinä.", "The price of a line is in cents.", "1250")
    cents = read_cents(price) if isinstance(price, str) else price
    if abs(cents) > INT64:
        raise BadValue("Summa on liian suuri.", "The amount is too large.", "1250")
    return {"text": one_line(row["text"], 300), "quantity": _quantity(str(row.get("quantity", 1))), "price": cents}


def _quantity(typed: str) -> str:
    number = plain_number(typed).replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,9}(?:\.[0-9]{1,4})?", number):
        raise BadValue("Määrä ei ole luku.", "The quantity is not a number.", EXAMPLE)
    shown = format(Decimal(number), "f")
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return "0" if shown in ("-0", "") else shown


def _shown(line: Line, lang: str) -> str:
    quantity = line["quantity"] if lang == "en" else line["quantity"].replace(".", ",")
    price = f", {_MONEY.show(line['price'], lang)}" if line["price"] else ""
    return f"{quantity} × {line['text']}{price}"
