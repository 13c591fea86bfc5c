"""One entry of the journal: what it may say, and the text that its hash seals."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from hashlib import sha256
from typing import Any, Literal

from seloste.clock import to_utc_text
from seloste.errors import SelosteError
from seloste.store.engine import Row

Outcome = Literal["done", "refused"]

COLUMNS = (
    "seq",
    "at",
    "actor",
    "lens",
    "verb",
    "kind",
    "person",
    "persons",
    "items",
    "count",
    "outcome",
    "note",
    "hash",
)

# Codes and keys, one a line: no space, no at-sign, no plus, so that hardly a value gets in even by mistake.
_CODES = re.compile(r"[\w.:/\-\n]*")
_CODE_LENGTH = 120


class JournalError(SelosteError):
    """An entry that the journal does not take, or a journal that is not there."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What entries of the same deed share, and the text around what they do not: in the order that is hashed."""

    actor: str
    lens: str
    verb: str
    kind: str
    items: str
    outcome: str
    note: str
    before: str
    """Up to the time."""
    between: str
    """From the count to the persons."""
    after: str
    """From the number to the end."""


Done = tuple[Deed, datetime, tuple[int, ...], int]
"""A deed, when, to which persons, and the count: an entry as it waits."""


@lru_cache(maxsize=2048)
def deed(
    actor: str, lens: str, verb: str, kind: str = "", items: tuple[str, ...] = (), outcome: str = "done", note: str = ""
) -> Deed:
    """Raises JournalError for text that is not a code."""
    codes = (actor, lens, verb, kind, note)
    fit = max(map(len, codes)) <= _CODE_LENGTH and _CODES.fullmatch("\n".join((*codes, *items))) is not None
    if not verb or not actor or outcome not in ("done", "refused") or not fit:
        raise JournalError(
            "Lokiin merkitään vain koodeja ja avaimia, ei tietojen sisältöä.",
            "The journal takes only codes and keys, never what the data say.",
        )
    listed = f"[{','.join(map(_text, items))}]"
    return Deed(
        actor,
        lens,
        verb,
        kind,
        listed,
        outcome,
        note,
        f'{{"actor":{_text(actor)},"at":"',
        f',"items":{listed},"kind":{_text(kind)},"lens":{_text(lens)},"note":{_text(note)},'
        f'"outcome":{_text(outcome)},"persons":',
        f',"verb":{_text(verb)}}}',
    )


_text = json.encoder.encode_basestring


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed.

    ``actor`` is an account's id, or the name of a part of the program (``register``, ``web_form``); ``lens`` the role
    acted in, empty when none; ``verb`` what was done (``look``, ``store``, ``change``, ``erase``, ``export`` ...);
    ``kind`` a key of the notice, empty for a deed about the register itself; ``persons`` the ids of the data subjects;
    ``items`` keys of the notice; ``count`` the number of rows (or of what the verb counts); ``note`` a code, as that of
    a reason. Raises JournalError for text that is not a code.
    """

    at: datetime
    actor: str
    lens: str
    verb: str
    kind: str = ""
    persons: tuple[int, ...] = ()
    items: tuple[str, ...] = ()
    count: int = 1
    outcome: Outcome = "done"
    note: str = ""

    def __post_init__(self) -> None:
        _ = self.deed

    @property
    def deed(self) -> Deed:
        return deed(self.actor, self.lens, self.verb, self.kind, self.items, self.outcome, self.note)


BETWEEN = '","seq":'
"""In the text that is hashed: between the hash of the entry before and the number."""


def before_hash(deed: Deed, at: str, listed: str, count: int) -> str:
    """The text that is hashed up to the hash of the entry before. ``listed``: the persons, as JSON."""
    return f'{until_persons(deed, at, count)}{listed},"previous":"'


def until_persons(deed: Deed, at: str, count: int) -> str:
    """The same up to the persons."""
    return f'{deed.before}{at}","count":{count:d}{deed.between}'


def sealed(done: Sequence[Done], seq: int, previous: str) -> list[Row]:
    """The rows of entries that follow number ``seq`` with the hash ``previous``, cells in the order of COLUMNS.

    The text that is hashed is that of :func:`_hash`, put together without a detour.
    """
    rows: list[Row] = []
    texts: dict[tuple[tzinfo | None, int], str] = {}
    for deed, moment, persons, count in done:
        seq += 1
        # Many fall within one second, and the text of a moment takes longer to make than its hash.
        second = moment.tzinfo, int(moment.timestamp())
        at = texts.get(second)
        if at is None:
            at = texts[second] = to_utc_text(moment)
        person = persons[0] if len(persons) == 1 else None
        listed = f"[{person}]" if person is not None else f"[{','.join(map(str, persons))}]"
        facts = f"{before_hash(deed, at, listed, count)}{previous}{BETWEEN}{seq}{deed.after}"
        previous = sha256(facts.encode()).hexdigest()
        rows.append(
            (
                seq,
                at,
                deed.actor,
                deed.lens,
                deed.verb,
                deed.kind,
                person,
                listed,
                deed.items,
                count,
                deed.outcome,
                deed.note,
                previous,
            )
        )
    return rows


def is_sound(row: Row, previous: str, listed: Sequence[int]) -> bool:
    """Whether a row is as it was written: its hash, its person, and its rows in ``journal_person``.

    ``row`` begins with (seq, at, actor, lens, verb, kind, persons, items, count, outcome, note) and ends with the
    person and the hash; ``previous`` is the hash of the entry before it.
    """
    names = ("seq", "at", "actor", "lens", "verb", "kind", "persons", "items", "count", "outcome", "note")
    facts = dict(zip(names, row, strict=False))
    try:
        persons, items = json.loads(row[6]), json.loads(row[7])
        expected = sorted(set(persons)) if len(persons) > 1 else []
        return (
            row[-1] == _hash(facts, persons, items, previous)
            and row[-2] == (persons[0] if len(persons) == 1 else None)
            and list(listed) == expected
        )
    except (ValueError, TypeError):
        return False


def _hash(row: dict[str, Any], persons: Sequence[int], items: Sequence[str], previous: str) -> str:
    """The SHA-256 of an entry's facts as JSON: keys in order, no spaces, letters as they are."""
    facts = {**row, "persons": persons, "items": items, "previous": previous}
    return sha256(json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()).hexdigest()
