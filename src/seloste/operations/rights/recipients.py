"""Art. 19: every recipient who received the data is told of a correction, an erasure or a restriction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from seloste.compiler.register import Register
from seloste.notice.model import Recipient
from seloste.operations.actor import Actor
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.gather import Own, Place
from seloste.operations.rights.letter_access import received
from seloste.operations.rights.model import NOTICE, REQUEST, RequestError
from seloste.operations.rights.rows import log, one, read_rows
from seloste.operations.rights.say import Voice
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


@dataclass(frozen=True, slots=True)
class Notice:
    """One recipient to tell. ``why_not`` says why they could not be told."""

    id: int
    recipient: str
    since: dt.datetime | None
    told_at: dt.datetime | None
    why_not: str


def who_received(voice: Voice, own: Own, only: Collection[Place] | None = None) -> Mapping[str, tuple[str, ...]]:
    """By name, those to whom data of the person went, with the items: named by a row, or in a disclosure written down,
    or by the notice as receiving without a further condition. An authority that asks in a matter of its own is no
    recipient (Art. 4(9)) unless a disclosure to it is written down.

    With ``only`` those to whom any of these cells went.
    """
    found: dict[str, dict[str, None]] = {}
    # What was written down names a party as it is called; the notice tells its country beside it.
    called = voice.register.once(("parties", voice.lang), lambda: _called(voice))
    for name, told, gets, _ in received(voice, own, only):
        if told is not None and not _told_of(told):
            continue
        found.setdefault(called.get(name, name), {}).update(dict.fromkeys(f"{ref.kind}.{ref.item}" for ref in gets))
    return {name: tuple(items) for name, items in found.items()}


def _told_of(one: Recipient) -> bool:
    """Whether a recipient that the notice names is told."""
    return not one.authority and (one.when is None or one.who_from is not None)


def telling(register: Register) -> frozenset[str]:
    """The kinds by which it is known who received data of a person: what recipients get, what the purposes for which
    they get it hold or use, and what was said and written down of them.
    """
    return register.once(("telling who received",), lambda: _telling(register))


def _telling(register: Register) -> frozenset[str]:
    told = [one for one in register.notice.recipients if _told_of(one)]
    purposes = {key for one in told for key in one.purposes}
    used = (places for by in (register.uses, register.borrows) for places in by.items())
    return frozenset(
        {"permission", "objection", "disclosure"}
        | {ref.kind for one in told for ref in one.gets}
        | {ref.kind for ref, keys in used if purposes & set(keys)}
    )


def _called(voice: Voice) -> Mapping[str, str]:
    return {party.name: voice.t.party(party) for one in voice.register.notice.recipients for party in one.who}


def add_notices(work: Work, request: int, who: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A task for each."""
    tasks = [
        {"recipient": name, "what": list(items) or None, "since": work.now, REQUEST: request}
        for name, items in who.items()
    ]
    work.insert_many(NOTICE, tasks, source="own_records")
    return tuple(who)


def notices(store: RegisterStore, request: int, *, now: dt.datetime) -> tuple[Notice, ...]:
    """The tasks of a request."""
    with store.read(now) as conn:
        rows = read_rows(store, conn, NOTICE, REQUEST, [request])
    return tuple(
        Notice(row["id"], row.get("recipient", ""), row.get("since"), row.get("told_at"), row.get("why_not", ""))
        for row in rows
    )


def untold(store: RegisterStore, *, now: dt.datetime) -> Mapping[int, tuple[str, ...]]:
    """Who waits to be told, by request, the oldest first."""
    sql = (
        f"SELECT {REQUEST}, recipient FROM {NOTICE} WHERE told_at IS NULL AND {REQUEST} IS NOT NULL ORDER BY since, id"
    )
    found: dict[int, tuple[str, ...]] = {}
    with store.read(now) as conn:
        for request, name in conn.execute(sql):
            found[int(request)] = (*found.get(int(request), ()), str(name or ""))
    return found


def settle_notice(
    store: RegisterStore, request: int, notice: int, *, why_not: str | None = None, actor: Actor, now: dt.datetime
) -> None:
    """The recipient was told; or telling is impossible or disproportionate, which needs its why (Art. 19).

    Raises NoSuchRowError, RequestError.
    """
    if why_not is not None and not why_not.strip():
        raise RequestError("Kirjoita, miksi saajalle ei voi ilmoittaa.", "Write why the recipient cannot be told.")
    with store.write(now) as work:
        # Of two who settle the last two at once, the second finds that nobody waits any more.
        work.claim()
        found = one(store, work.conn, request, now)
        rows = read_rows(store, work.conn, NOTICE, REQUEST, [request])
        known = [row for row in rows if row["id"] == notice]
        if not known:
            raise NoSuchRowError
        if "told_at" in known[0]:
            raise RequestError("Tämä ilmoitus on jo hoidettu.", "This notice is settled already.")
        work.update(NOTICE, notice, {"told_at": now} | ({"why_not": why_not.strip()} if why_not else {}))
        if found.unasked and found.asked_by and all("told_at" in row for row in rows if row["id"] != notice):
            # It was kept for this alone.
            work.update(REQUEST, request, {"asked_by": None})
        log(work, actor, "tell_recipient", found.person, note="not_told" if why_not else "")
