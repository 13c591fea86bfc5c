"""What each person says, as bits beside the person: computed from the events, in the transaction that changes them.

Sentences 2, 5, 6 and 7 of ``docs/why/one-rule.md``. The events (built-in kinds permission, objection, ban, restriction,
hold) are the truth; the bits can be computed from them at any time.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from seloste.clock import from_utc_text, today
from seloste.compiler.functions import of_ids
from seloste.compiler.lower import purpose_always_says_yes
from seloste.compiler.register import BITS, Register
from seloste.notice.model import Purpose
from seloste.store.due import ids_value
from seloste.store.engine import Connection, quote

CHUNK = 500

# What is read of each event kind. These kinds are built into every register; see catalogue/.
EVENTS: Mapping[str, tuple[str, ...]] = {
    "permission": ("purpose", "recipient", "given_at", "ends_on", "withdrawn_at"),
    "objection": ("purpose", "state", "raised_at", "withdrawn_at"),
    "ban": ("purpose", "sender", "channel", "set_at", "lifted_at"),
    "restriction": ("from_at", "lifted_at"),
    "hold": ("from_at", "ended_at"),
}

TURNS: Mapping[str, tuple[str, ...]] = {
    "permission": ("given_at",),
    "restriction": ("from_at", "lifted_at"),
    "hold": ("from_at", "ended_at"),
}
"""Moments of events at whose days what a person says changes though nobody writes; and ``ends_on``, a day after it."""


@dataclass(slots=True)
class Said:
    """The events of one subject, by kind, each a mapping of its items."""

    events: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True)
class Bits:
    """need and use, a number for each mask column; held is 1 while a hold or restriction stands, restricted while a
    restriction does."""

    need: tuple[int, ...]
    use: tuple[int, ...]
    held: int
    restricted: int


def bits_of(register: Register, said: Said, now: dt.datetime) -> Bits:
    """The bits of one subject."""
    need, use = [0] * register.mask_count, [0] * register.mask_count
    day = today(now).isoformat()
    restricted = any(stands(event, "from_at", "lifted_at", day) for event in said.events["restriction"])
    held = restricted or any(stands(event, "from_at", "ended_at", day) for event in said.events["hold"])
    for index, purpose in enumerate(register.purposes.values()):
        word, bit = index // BITS, 1 << (index % BITS)
        if not _says(purpose, said, day):
            continue
        need[word] |= bit
        # What was said and asked must be obeyed and answered while everything else rests (Art. 18(2), 18(3), 5(2)).
        resting = restricted and purpose.nature != "accountability"
        if not resting and not _pending(purpose, said) and not _banned(purpose, said):
            use[word] |= bit
    return Bits(tuple(need), tuple(use), int(held), int(restricted))


def stands(event: Mapping[str, Any], start: str, end: str, day: str) -> bool:
    """Events begin and end with Finnish days, so that a new day is all that time changes."""
    return begun(event[start], day) and not (event[end] is not None and begun(event[end], day))


def begun(moment: str | None, day: str) -> bool:
    return moment is None or from_utc_text(moment).date().isoformat() <= day


def _says(purpose: Purpose, said: Said, day: str) -> bool:
    if purpose_always_says_yes(purpose):
        return True
    upheld = objections(purpose, said, "upheld")
    if purpose.basis != "consent":
        return not upheld
    return bool(standing_grants(purpose, said, day))


def standing_grants(purpose: Purpose, said: Said, day: str) -> list[dict[str, Any]]:
    """The consents to a purpose that stand on a day: not withdrawn, not past their end, not objected to since."""
    upheld = objections(purpose, said, "upheld")
    return [
        event
        for event in said.events["permission"]
        if _valid(event, purpose, day) and not any(_ends(objection, event) for objection in upheld)
    ]


def _valid(event: Mapping[str, Any], purpose: Purpose, day: str) -> bool:
    if event["purpose"] != purpose.key or event["withdrawn_at"] is not None:
        return False
    return begun(event["given_at"], day) and (event["ends_on"] is None or event["ends_on"] >= day)


def _ends(objection: Mapping[str, Any], grant: Mapping[str, Any]) -> bool:
    """A yes given after the no is a yes."""
    given, raised = grant["given_at"], objection["raised_at"]
    return given is None or raised is None or bool(given <= raised)


def _pending(purpose: Purpose, said: Said) -> bool:
    return not purpose_always_says_yes(purpose) and bool(objections(purpose, said, "pending"))


def objections(purpose: Purpose, said: Said, state: str) -> list[dict[str, Any]]:
    return [
        event
        for event in said.events["objection"]
        if event["state"] == state and event["purpose"] == purpose.key and event["withdrawn_at"] is None
    ]


def _banned(purpose: Purpose, said: Said) -> bool:
    """A ban on every channel and sender ends the use for marketing; any other is asked when that channel is used."""
    return purpose.nature == "marketing" and any(
        event["channel"] == "all" and event["sender"] is None and event["purpose"] in (None, purpose.key)
        for event in said.events["ban"]
        if event["lifted_at"] is None
    )


def default_bits(register: Register, now: dt.datetime) -> Bits:
    """The bits of a subject without events."""
    return bits_of(register, Said(), now)


def as_columns(bits: Bits) -> dict[str, int]:
    """The bits as the cells of a subject's row."""
    found = {"sys_held": bits.held, "sys_restricted": bits.restricted}
    for number, (need, use) in enumerate(zip(bits.need, bits.use, strict=True)):
        found[f"sys_need_{number}"] = need
        found[f"sys_use_{number}"] = use
    return found


def read_said(conn: Connection, register: Register, subject: str, ids: Sequence[int] | None) -> dict[int, Said]:
    """The events of subjects of a kind; ids None: of all who have any."""
    texts = _texts(register, subject, conn.dialect)
    if ids is None:
        results = (conn.execute(each.everybody) for each in texts)
        return _gathered(texts, results)
    found: dict[int, Said] = {}
    for start in range(0, len(ids), CHUNK):
        params = {"ids": ids_value(conn, ids[start : start + CHUNK])}
        found |= _gathered(texts, conn.ask([(each.of_ids, params) for each in texts]))
    return found


@dataclass(frozen=True, slots=True)
class _Text:
    """How the events of a kind are read: whose, number, then ``names``."""

    kind: str
    names: tuple[str, ...]
    everybody: str
    of_ids: str


def _texts(register: Register, subject: str, dialect: str) -> tuple[_Text, ...]:
    return register.once(("events", subject, dialect), lambda: tuple(_made_texts(register, subject, dialect)))


def _made_texts(register: Register, subject: str, dialect: str) -> Iterator[_Text]:
    for kind, items in EVENTS.items():
        table = register.tables.get(kind)
        if table is None or table.column(subject) is None:
            continue
        names = tuple(name for name in items if table.column(name) is not None)
        chosen = ", ".join(f"t.{quote(name)}" for name in (subject, "id", *names))
        everybody = f"SELECT {chosen} FROM {quote(kind)} AS t WHERE t.{quote(subject)} IS NOT NULL"
        yield _Text(kind, names, everybody, f"SELECT {chosen} {of_ids(quote(kind), quote(subject), dialect)}")


def _gathered(texts: Sequence[_Text], results: Iterable[Iterable[Sequence[Any]]]) -> dict[int, Said]:
    found: dict[int, Said] = {}
    for each, rows in zip(texts, results, strict=True):
        for owner, number, *values in rows:
            event = dict.fromkeys(EVENTS[each.kind]) | dict(zip(each.names, values, strict=True)) | {"id": number}
            found.setdefault(owner, Said()).events[each.kind].append(event)
    return found


def refresh_bits(
    conn: Connection, register: Register, subject: str, ids: Sequence[int] | None, now: dt.datetime
) -> None:
    """Compute the bits of subjects again and write those that differ; ids None: everybody's."""
    if ids is not None:
        renew_bits(conn, register, subject, ids, now)
        return
    default = as_columns(default_bits(register, now))
    owners = sorted(read_said(conn, register, subject, None))
    said = [f"id NOT IN (SELECT {quote(subject)} FROM {each})" for each in _said_of(register, subject, conn.dialect)]
    # Nearly all are as they are to be: what is not written leaves no dead row.
    other = " OR ".join(f"coalesce({quote(name)}, -1) <> :{name}" for name in default)
    conn.execute(
        f"UPDATE {quote(subject)} SET {', '.join(f'{quote(name)} = :{name}' for name in default)}"
        f" WHERE {' AND '.join([f'({other})', *said])}",
        default,
    )
    renew_bits(conn, register, subject, owners, now)


def _said_of(register: Register, subject: str, dialect: str) -> Iterator[str]:
    """Those who said something, a FROM for each kind of event."""
    for each in _texts(register, subject, dialect):
        yield f"{quote(each.kind)} WHERE {quote(subject)} IS NOT NULL"


@dataclass(slots=True)
class Lost:
    """What subjects said yes to before and say no longer, a number for each mask column; ``released``: a hold or
    restriction of somebody has ended.
    """

    need: tuple[int, ...] = ()
    released: bool = False

    def add(self, other: Lost) -> None:
        self.need = tuple(mine | theirs for mine, theirs in zip_longest(self.need, other.need, fillvalue=0))
        self.released |= other.released


def renew_bits(conn: Connection, register: Register, subject: str, ids: Sequence[int], now: dt.datetime) -> Lost:
    """Compute the bits of subjects again and write those that differ. What was lost by that."""
    texts, lost = _texts(register, subject, conn.dialect), Lost()
    names = register.once(("columns of bits",), lambda: tuple(as_columns(default_bits(register, now))))
    bits = ", ".join(["t.id", *(f"t.{quote(name)}" for name in names)])
    bits = f"SELECT {bits} {of_ids(quote(subject), 'id', conn.dialect)}"
    update = f"UPDATE {quote(subject)} SET {', '.join(f'{quote(name)} = :{name}' for name in names)} WHERE id = :id"
    for start in range(0, len(ids), CHUNK):
        params = {"ids": ids_value(conn, ids[start : start + CHUNK])}
        before, *events = conn.ask([(bits, params), *((each.of_ids, params) for each in texts)])
        said = _gathered(texts, events)
        for number, *cells in before:
            was = dict(zip(names, cells, strict=True))
            right = as_columns(bits_of(register, said.get(number, Said()), now))
            if right != was:
                conn.send(update, {**right, "id": number})
                lost.add(_lost(was, right))
    return lost


def _lost(was: Mapping[str, int], right: Mapping[str, int]) -> Lost:
    need = tuple(was[name] & ~right[name] for name in right if name.startswith("sys_need_"))
    return Lost(need, was["sys_held"] > right["sys_held"])
