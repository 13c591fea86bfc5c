"""Citations of law in the language of the page.

``kirjanpitolaki 1336/1997 2:10 §`` becomes ``Accounting Act (1336/1997), chapter 2, section 10``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from seloste.notice.render.wording import Wording

_NUMBER = re.compile(r"\(?(?:\(?EU\)?\s*)?\b(\d{1,4}/\d{4}|\d{4}/\d{1,4})\)?")
_CHAPTER = re.compile(r"^(\d+)\s*:\s*(\d+(?:\s?[a-z])?)\s*§$")
_SECTION = re.compile(r"^(\d+(?:\s?[a-z])?)\s*§$")
_ARTICLE = re.compile(r"^Art\.\s*(\d+)(?:\((\d+)\))?$")


def cite(cited: str, statutes: Mapping[str, Mapping[str, Any]], w: Wording) -> str:
    """``cited`` with the act's name and its place as the language writes them.

    An act whose number is not in ``statutes`` (number -> text), or a place of another shape, stays as it is written.
    """
    match = _NUMBER.search(cited)
    if match is None or match[1] not in statutes:
        return cited
    place = _place(cited[match.end() :].strip(" ,"), w)
    name = w.pick(statutes[match[1]])
    return w.say("law.act", name=name, number=match[1], place=place).rstrip(" ,")


def _place(written: str, w: Wording) -> str:
    if match := _CHAPTER.match(written):
        return w.say("law.chapter", chapter=match[1], section=match[2])
    if match := _SECTION.match(written):
        return w.say("law.section", section=match[1])
    if match := _ARTICLE.match(written):
        return w.say("law.point" if match[2] else "law.article", article=match[1], point=match[2])
    return written
