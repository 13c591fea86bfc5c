"""What an order of non-disclosure closes, read slowly: row by row, from whom it is about to what of it tells where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from seloste.catalogue.model import Item, Kind

if TYPE_CHECKING:
    from tests.rule.oracle import Oracle, Row

REACHES = ("phone", "email", "postal_code")
TERMS = (
    *("pd:TelephoneNumber", "pd:EmailAddress", "pd:Contact", "pd:PhysicalAddress", "pd:PostalCode"),
    *("pd:Location", "pd:GPSCoordinate"),
)
LIVES = ("pd:Residency", "pd:ApartmentOwned")
TELLS_NO_PLACE = ("date", "time", "bool", "int", "choice", "country")


def closed(oracle: Oracle, acting: Iterable[str], row: Row) -> frozenset[str]:
    """The columns of a row that purposes acted for are not shown, because somebody it is about is guarded."""
    guarded = [person for person in _everybody(oracle, row) if _is_guarded(oracle, person)]
    if not guarded:
        return frozenset()
    kind = oracle.kinds[row[0]]
    found = reaching(kind)
    told = any(
        oracle.users(end, guard) and _shown(oracle, acting, end, guard)
        for end in {end for end, _ in _ends(oracle, row[0])}
        for guard in _guards(oracle.kinds[end])
    )
    homes = _homes(oracle)
    if not told and not kind.subject and row[0] not in homes:
        found |= {column for column, target in oracle.references(row[0]) if target in homes}
    return frozenset(found)


def reaching(kind: Kind) -> set[str]:
    """The items of a kind that tell where somebody is; a city beside a street is one."""
    found = {item.key for item in kind.items.values() if _reaches(item)}
    if any(kind.items[name].dpv == "pd:PhysicalAddress" for name in found):
        found |= {item.key for item in kind.items.values() if item.dpv == "pd:City" and not item.sensitive}
    return found


def _shown(oracle: Oracle, acting: Iterable[str], kind: str, item: str) -> bool:
    purposes = [oracle.notice.purposes[key] for key in acting]
    return any((ref.kind, ref.item) == (kind, item) for each in purposes for ref in (*each.uses, *each.borrows))


def _reaches(item: Item) -> bool:
    if item.sensitive or item.refers_to is not None:
        return False
    return item.type in REACHES or (item.dpv in TERMS and item.type not in TELLS_NO_PLACE)


def _guards(kind: Kind) -> list[str]:
    return [item.key for item in kind.items.values() if item.type == "bool" and item.sensitive]


def _is_guarded(oracle: Oracle, person: Row) -> bool:
    return any(oracle.cells(person)[name] is not None for name in _guards(oracle.kinds[person[0]]))


def _everybody(oracle: Oracle, row: Row) -> set[Row]:
    """Whom a row is about along all its parents, however near another is, and whom it points at."""
    kind, cells = oracle.kinds[row[0]], oracle.cells(row)
    if kind.subject:
        return {row}
    found = set(_above(oracle, row))
    for item in kind.items.values():
        if oracle.is_pointer(row[0], item.key) and cells[item.key] is not None:
            found.add((str(item.refers_to), cells[item.key]))
    return found | {(end, cells[end]) for end in _persons(oracle, kind) if cells[end] is not None}


def _persons(oracle: Oracle, kind: Kind) -> list[str]:
    """Subjects that a row hangs on at once, whoever it is about."""
    return [end for end in kind.of if end in oracle.kinds and oracle.kinds[end].subject]


def _above(oracle: Oracle, row: Row) -> Iterator[Row]:
    kind, cells = oracle.kinds[row[0]], oracle.cells(row)
    if kind.subject:
        yield row
    elif kind.about == "nobody":
        if kind.owner_item and cells.get(kind.owner_item) is not None:
            yield "person", cells[kind.owner_item]
    else:
        ends = [end for end in kind.of if end in oracle.kinds]
        if kind.tie and any(oracle.kinds[end].subject for end in ends):
            ends = [end for end in ends if oracle.kinds[end].subject]
        for end in ends:
            if cells[end] is not None:
                yield from _above(oracle, (end, cells[end]))


def _ends(oracle: Oracle, key: str) -> Iterator[tuple[str, str]]:
    """(subject kind, "") of everybody a row of a kind may be about or point at."""
    kind = oracle.kinds[key]
    if kind.subject:
        yield key, ""
        return
    if kind.about == "nobody" and kind.owner_item:
        yield "person", ""
    if kind.about != "nobody":
        for end in kind.of:
            if end in oracle.kinds:
                yield from _ends(oracle, end)
    yield from ((end, "") for end in _persons(oracle, kind))
    yield from ((str(item.refers_to), "") for item in kind.items.values() if oracle.is_pointer(key, item.key))


def _homes(oracle: Oracle) -> set[str]:
    """Nobody's kinds where people live by a tie, and what those belong to."""
    found: set[str] = set()
    for kind in oracle.kinds.values():
        if kind.tie and any(item.dpv in LIVES for item in kind.items.values()):
            found |= set(kind.of)
    for _ in oracle.kinds:
        found |= {end for key in found if key in oracle.kinds for end in oracle.kinds[key].of}
    return {key for key in found if key in oracle.kinds and oracle.kinds[key].about == "nobody"}
