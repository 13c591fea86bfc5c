"""``per: row``: which kinds hold the rows that are agreed to one by one, and who else uses them.

A row ends with its own consent only where nothing else may need it: a kind that another purpose uses too would stay for
that one, and a row of nobody, or without a period of its own, has no day that the consent could bring forward.
"""

from __future__ import annotations

from seloste.catalogue.model import PERSON, Kind
from seloste.notice.model import Notice, Purpose


def row_kinds(notice: Notice, purpose: Purpose) -> tuple[str, ...]:
    """The kinds whose rows a purpose would have agreed to one by one; empty for one that asks for no such consent."""
    if purpose.per != "row" or purpose.basis != "consent":
        return ()
    used = {ref.kind for ref in purpose.uses}
    return tuple(
        keep.matter
        for keep in purpose.keep
        if keep.matter in used and keep.base is not None and _of_person(notice.kinds[keep.matter])
    )


def others_of(notice: Notice, purpose: Purpose, kind: str) -> tuple[str, ...]:
    """The other purposes that use a kind."""
    return tuple(
        key
        for key, other in notice.purposes.items()
        if key != purpose.key and any(ref.kind == kind for ref in other.uses)
    )


def _of_person(kind: Kind) -> bool:
    item = kind.items.get(PERSON)
    return not kind.subject and (PERSON in kind.of or (item is not None and item.refers_to == PERSON))
