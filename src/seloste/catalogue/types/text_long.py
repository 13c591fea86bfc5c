from __future__ import annotations

import re
from typing import ClassVar

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import clean, order, within

LIMIT = 20_000


class TextLong(ItemType[str]):
    """Text of several lines: a memo, a reason, a letter. Not searched: it may be about anybody."""

    name: ClassVar[str] = "text_long"
    widget: ClassVar[str] = "textarea"

    def parse(self, text: str) -> str:
        lines = [re.sub(r"[ \t\u00a0]+$", "", line) for line in clean(text).split("\n")]
        return within(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)), LIMIT)

    def sort_key(self, value: str) -> str:
        return order(value)
