"""What a request says for the person: consents withdrawn, objections upheld or refused; as events, in one transaction.

Sentence 8 of ``docs/why/one-rule.md``. What follows from the events is the sweep's, and nothing here removes a cell.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.clock import today
from seloste.compiler.lower import purpose_always_says_yes
from seloste.compiler.register import Register
from seloste.law.rights import available
from seloste.notice.model import Purpose
from seloste.operations.rights.rows import read_rows
from seloste.store.masks import Said, read_said, standing_grants
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


def objectable(register: Register) -> tuple[str, ...]:
    """Purposes that one may object to, as the notice says: by their basis (Art. 21(1)), and marketing (Art. 21(2)).

    Securing claims is among them: the objection is answered, though it does not end the use (``goes_on``).
    """
    return tuple(
        key
        for key, purpose in register.purposes.items()
        if _marketing(purpose) or (purpose.nature != "accountability" and available("object", purpose.basis) == "yes")
    )


def ended_by_erasure(register: Register) -> tuple[str, ...]:
    """Those to which an erasure is an objection too (Art. 17(1)(c)); a public task outweighs it (Art. 17(3)(b))."""
    return register.once(("ended by erasure",), lambda: _ended_by_erasure(register))


def _ended_by_erasure(register: Register) -> tuple[str, ...]:
    known = register.purposes
    return tuple(
        key
        for key in objectable(register)
        if not goes_on(known[key]) and (known[key].basis != "public_task" or _marketing(known[key]))
    )


def goes_on(purpose: Purpose) -> bool:
    """Whether an objection is answered but does not end the use: it secures claims (Art. 18(2), 21(1))."""
    return not _marketing(purpose) and purpose_always_says_yes(purpose)


def withdraw_consents(
    store: RegisterStore, work: Work, person: int, purposes: Collection[str] | None = None
) -> Counter[str]:
    """End every standing consent, or those to some purposes (Art. 7(3)). How many there were to each."""
    ended: Counter[str] = Counter()
    for row in _of(store, work, "permission", person):
        # One that has run out stands no more, and its proof may be past its own end, waiting for the sweep.
        standing = "withdrawn_at" not in row and row.get("ends_on", dt.date.max) >= today(work.now)
        if standing and (purposes is None or row.get("purpose") in purposes):
            work.update("permission", row["id"], {"withdrawn_at": work.now})
            ended[str(row.get("purpose", ""))] += 1
    return ended


def standing_consents(work: Work, person: int) -> Counter[str]:
    """How many consents of the person stand, to each purpose: an objection that is upheld ends those given before."""
    said = read_said(work.conn, work.register, PERSON, [person]).get(person, Said())
    day = today(work.now).isoformat()
    found = {key: len(standing_grants(each, said, day)) for key, each in work.register.purposes.items()}
    return Counter({key: count for key, count in found.items() if count})


def waiting_objections(store: RegisterStore, person: int, *, now: dt.datetime) -> tuple[str, ...]:
    """The purposes to which the person objected, and that nobody has decided yet."""
    with store.read(now) as conn:
        said = read_rows(store, conn, "objection", PERSON, [person])
    waits = [row for row in said if row.get("state") == "pending" and "withdrawn_at" not in row]
    return tuple(dict.fromkeys(str(row["purpose"]) for row in waits))


def uphold_objections(
    store: RegisterStore, work: Work, person: int, purposes: Collection[str], kept: Mapping[str, str]
) -> tuple[str, ...]:
    """The person's no to purposes (Art. 21): upheld, or refused for the reasons that ``kept`` gives.

    Marketing is never refused (Art. 21(3)). One that is pending is decided, one that stands is not written twice.
    Returns the purposes upheld.
    """
    known: dict[str, list[dict[str, Any]]] = {}
    for row in _of(store, work, "objection", person):
        if "withdrawn_at" not in row:
            known.setdefault(str(row.get("purpose")), []).append(row)
    upheld, new = [], []
    for key in purposes:
        reason = "" if _marketing(work.register.purposes[key]) else kept.get(key, "").strip()
        state = "refused" if reason else "upheld"
        values: dict[str, Any] = {"state": state, "decided_at": work.now} | ({"reason": reason} if reason else {})
        pending = next((row for row in known.get(key, ()) if row.get("state") == "pending"), None)
        if pending is not None:
            work.update("objection", pending["id"], values)
        elif not any(row.get("state") == state for row in known.get(key, ())):
            new.append({**values, "purpose": key, "raised_at": work.now, PERSON: person})
        if state == "upheld":
            upheld.append(key)
    work.insert_many("objection", new, source="subject")
    return tuple(upheld)


def _of(store: RegisterStore, work: Work, kind: str, person: int) -> list[dict[str, Any]]:
    return read_rows(store, work.conn, kind, PERSON, [person])


def _marketing(purpose: Purpose) -> bool:
    return purpose.nature == "marketing"
