"""A consent by e-mail that is confirmed: who asked for it has the address, or it was somebody else who typed it.

Where the notice says ``confirm: email``, what a web form brings is kept seven days and used only to send the link; the
link makes it a consent (Art. 7(1): the controller must be able to show who gave it). Nothing is sent here: whoever
calls sends what :func:`ask_to_confirm` returns.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.clock import to_utc_text, today
from seloste.errors import SelosteError
from seloste.law.periods import add
from seloste.operations.actor import Actor
from seloste.operations.permissions.say import CannotSayError, consent_values
from seloste.operations.records.collect import collect
from seloste.operations.records.enter import Said
from seloste.operations.records.model import NewRow
from seloste.operations.retention.sweep import wipe
from seloste.store import unconfirmed
from seloste.store.bans import fingerprint
from seloste.store.journal import Entry, append
from seloste.store.registers import RegisterStore
from seloste.store.values import search_keys
from seloste.store.work import Work

KEPT = dt.timedelta(days=7)
"""How long an unconfirmed address is kept."""


class NotToConfirmError(SelosteError):
    """The link confirms nothing: it was used, replaced by a newer one, or is older than seven days."""


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What is sent, and to whom. The token is nowhere else: only its hash is kept."""

    address: str
    token: str
    purpose: str
    language: str
    until: dt.date
    """The last day on which it can be confirmed."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whose consent it is, and whether they came into the register by it."""

    person: int
    permission: int
    new: bool


class _Tried(Exception):  # noqa: N818
    """Ends the trial of rows, so that nothing of it stays."""


def ask_to_confirm(
    store: RegisterStore, rows: Sequence[NewRow], said: Said, *, subject: str, actor: Actor, now: dt.datetime
) -> ToConfirm:
    """Keep what a form brought until its one e-mail address is confirmed; asking again replaces what waited.

    ``subject`` is the ref of the person's row. Raises CannotSayError, and what ``collect`` raises for rows that could
    not be stored; then nothing is kept.
    """
    found = store.register.purposes.get(said.purpose)
    if found is None or found.confirm != "email" or not said.yes:
        raise CannotSayError(
            "Tähän tarkoitukseen ei pyydetä vahvistusta sähköpostilla.",
            "This purpose does not ask for a confirmation by e-mail.",
        )
    values = consent_values(
        store,
        said.purpose,
        channel=said.channel,
        language=said.language,
        given_at=now,
        recipient=said.recipient,
        confirmed=True,
    )
    address = _address(store, rows, subject)
    _try(store, rows, values, subject, actor, now)
    token, until = secrets.token_urlsafe(32), today(now) + KEPT
    proof = {name: values[name] for name in ("wording", "notice", "language", "channel", "recipient")}
    body = {"rows": [_kept(row) for row in rows], "subject": subject, "address": address, "proof": proof}
    with store.write(now) as work:
        unconfirmed.drop_old(work.conn, today(now))
        mark = fingerprint(store.keys, "email", address)
        unconfirmed.put(
            work.conn, store.keys, token=token, address=mark, purpose=said.purpose, body=body, at=now, until=until
        )
        append(work.conn, _entry("ask_confirm", said.purpose, actor, now))
    return ToConfirm(address, token, said.purpose, said.language, until)


def confirm(store: RegisterStore, token: str, *, actor: Actor, now: dt.datetime) -> Confirmed:
    """The consent that a token confirms: of the person who has the address already, or of a new one.

    Raises NotToConfirmError; CannotSayError when the notice no longer asks for it.
    """
    with store.write(now) as work:
        unconfirmed.drop_old(work.conn, today(now))
        waiting = unconfirmed.find(work.conn, store.keys, token, today(now))
        person = _who_has(work, str(waiting.body["address"])) if waiting is not None else None
    wipe(store)
    if waiting is None:
        raise NotToConfirmError(
            "Linkki ei ole enää voimassa. Se on käytetty, tai siitä on yli viikko. Lähetä lomake uudelleen.",
            "The link is no longer valid. It was used, or is more than a week old. Send the form again.",
        )
    values = _values(store, waiting, now)
    made: list[int] = []

    def agree(work: Work, whose: int) -> None:
        # Whoever opens the link twice at once is first once.
        if unconfirmed.find(work.conn, store.keys, token, today(now)) is None:
            raise NotToConfirmError("Linkki on jo käytetty.", "The link has been used already.")
        unconfirmed.remove(work.conn, waiting.id)
        made.append(work.insert("permission", {**values, PERSON: whose}, source="subject"))
        append(work.conn, _entry("consent", waiting.purpose, actor, now, whose))

    if person is not None:
        with store.write(now) as work:
            agree(work, person)
    else:
        rows = [NewRow(**row) for row in waiting.body["rows"]]
        subject = str(waiting.body["subject"])
        person = collect(store, rows, actor=actor, now=now, also=lambda work, ids: agree(work, ids[subject])).ids[
            subject
        ]
        wipe(store)
        return Confirmed(person, made[0], True)
    wipe(store)
    return Confirmed(person, made[0], False)


def _values(store: RegisterStore, waiting: unconfirmed.Waiting, now: dt.datetime) -> dict[str, Any]:
    """The consent's cells: agreed to in the words of the day it was asked, given when it was confirmed."""
    found = store.register.purposes.get(waiting.purpose)
    if found is None or (found.basis != "consent" and not found.consent):
        raise CannotSayError("Tätä lupaa ei enää kysytä.", "This consent is no longer asked for.")
    table = store.register.tables["permission"]
    values = {
        **waiting.body["proof"],
        "purpose": waiting.purpose,
        "given_at": now,
        "ends_on": add(today(now), *found.lasts) if found.lasts else None,
        "evidence": f"double opt-in; asked {to_utc_text(waiting.asked_at)}; confirmed {to_utc_text(now)}",
    }
    return {name: value for name, value in values.items() if value is not None and table.column(name) is not None}


def _address(store: RegisterStore, rows: Sequence[NewRow], subject: str) -> str:
    row = next((row for row in rows if row.ref == subject and row.kind == PERSON), None)
    items = store.register.tables[PERSON].kind.items
    given = [
        each
        for name, value in (row.values if row is not None else {}).items()
        if name in items and items[name].type == "email"
        for each in (value if isinstance(value, list | tuple) else [value])
        if each
    ]
    if len(given) != 1:
        raise CannotSayError(
            "Anna yksi sähköpostiosoite, johon vahvistus lähetetään.",
            "Give one e-mail address to which the confirmation is sent.",
        )
    return str(store.types["email"].parse(str(given[0])))


def _try(
    store: RegisterStore,
    rows: Sequence[NewRow],
    values: Mapping[str, Any],
    subject: str,
    actor: Actor,
    now: dt.datetime,
) -> None:
    """Whether the rows could be stored with the consent; nothing of it stays."""

    def trial(work: Work, ids: Mapping[str, int]) -> None:
        known = {name: value for name, value in values.items() if value is not None}
        work.insert("permission", {**known, PERSON: ids[subject]}, source="subject")
        work.settle()
        raise _Tried

    try:
        collect(store, rows, actor=actor, now=now, also=trial)
    except _Tried:
        return


def _who_has(work: Work, address: str) -> int | None:
    """The one person who has an e-mail address; nobody when several have it."""
    found: set[int] = set()
    for name, item in work.register.tables[PERSON].kind.items.items():
        if item.type == "email" and not item.sensitive:
            key = search_keys(item, [address] if item.many else address)[0]
            sql = "SELECT row FROM sys_find WHERE key = :key AND kind = :kind AND item = :item"
            rows = work.conn.execute(sql, {"key": key, "kind": PERSON, "item": name})
            found |= {int(row) for (row,) in rows}
    return found.pop() if len(found) == 1 else None


def _kept(row: NewRow) -> dict[str, Any]:
    if row.recorded_at is not None:
        raise ValueError("what a form brings is recorded when it is confirmed")
    return {**asdict(row), "values": dict(row.values), "parents": dict(row.parents)}


def _entry(verb: str, purpose: str, actor: Actor, now: dt.datetime, person: int | None = None) -> Entry:
    persons = () if person is None else (person,)
    return Entry(at=now, actor=actor.account, lens=actor.lens, verb=verb, kind=PERSON, persons=persons, note=purpose)


__all__ = ["KEPT", "Confirmed", "NotToConfirmError", "ToConfirm", "ask_to_confirm", "confirm"]
