"""A consent by e-mail that is confirmed: who asked for it has the address, or it was somebody else who typed it.

Where the notice says ``confirm: email``, a yes is kept seven days and used only to send the link; the link makes it a
consent (Art. 7(1): the controller must be able to show who gave it). It is no event before that, whoever wrote it
down, so that the rule knows nothing of it. The letter is left in the same transaction.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from seloste.catalogue.model import PERSON
from seloste.clock import HELSINKI, today
from seloste.errors import SelosteError
from seloste.law.periods import add
from seloste.operations.actor import Actor
from seloste.operations.mail.smtp import MailNotSetUpError, is_set_up
from seloste.operations.permissions.age import check_may_consent
from seloste.operations.permissions.proof import confirming
from seloste.operations.permissions.say import CannotSayError
from seloste.operations.permissions.wording import consent_values, wording_of
from seloste.operations.records.collect import collect
from seloste.operations.records.enter import Said, enter
from seloste.operations.records.model import NewRow, NoSuchRowError
from seloste.operations.records.read import visible_ids
from seloste.operations.retention.sweep import wipe
from seloste.store import post, unconfirmed
from seloste.store.bans import fingerprint
from seloste.store.cells import read_cells
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.unconfirmed import Waiting
from seloste.store.values import search_keys
from seloste.store.work import Work

LETTER = "confirm"
ONLINE_ALWAYS = "web_form"
"""However it was heard, what the link confirms is agreed to online (Art. 8(1))."""
KEPT = dt.timedelta(days=7)
"""How long an unconfirmed address is kept."""
NOT_AGAIN = dt.timedelta(minutes=10)
"""So soon after a letter no other goes to the same address about the same, so that nobody's mailbox is filled."""


class NotToConfirmError(SelosteError):
    """The link confirms nothing: it was used, replaced by a newer one, or is older than seven days."""

    def __init__(self) -> None:
        super().__init__(
            "Linkki ei ole enää voimassa. Se on käytetty, tai siitä on yli viikko. Lähetä lomake uudelleen.",
            "The link is no longer valid. It was used, or is more than a week old. Send the form again.",
        )


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What was asked, and until when. The link is in the letter alone: only its hash is kept."""

    purpose: str
    address: str
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
    store: RegisterStore,
    rows: Sequence[NewRow],
    said: Said,
    *,
    subject: str,
    others: Sequence[Said] = (),
    actor: Actor,
    now: dt.datetime,
) -> ToConfirm:
    """Keep what a form brought until its one e-mail address is confirmed; asking again replaces what waited.

    ``subject`` is the ref of the person's row, ``others`` what else they answered. Raises CannotSayError,
    MailNotSetUpError, and what ``collect`` raises for rows that could not be stored; then nothing is kept.
    """
    values = proof(store, said, now)
    address = _address(store, rows, subject)
    _try(store, rows, values, subject, actor, now)
    body = {"rows": [_kept(row) for row in rows], "subject": subject, "others": [asdict(each) for each in others]}
    with store.write(now) as work:
        unconfirmed.drop_old(work.conn, today(now))
        return keep(store, work, body, said, address, values, actor)


def ask_person(
    store: RegisterStore,
    person: int,
    said: Said,
    *,
    address: str = "",
    evidence: str = "",
    guardian: str = "",
    actor: Actor,
    now: dt.datetime,
) -> ToConfirm:
    """The same of somebody who is in the register: a letter to an ``address`` of theirs, the first when it is empty.

    Raises CannotSayError for an address that is not theirs, GuardianNeededError, NoSuchRowError, MailNotSetUpError.
    """
    values = proof(store, said, now, "; ".join(filter(None, (guardian.strip(), evidence))))
    if person not in visible_ids(store, actor.lens, PERSON, {person}, now, actor.person):
        raise NoSuchRowError
    with store.write(now) as work:
        check_may_consent(store, work, person, channel=ONLINE_ALWAYS, guardian=guardian)
        unconfirmed.drop_old(work.conn, today(now))
        return keep_person(store, work, person, said, values, actor, address=address)


def keep_person(
    store: RegisterStore,
    work: Work,
    person: int,
    said: Said,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    address: str = "",
) -> ToConfirm:
    """Leave the letter to somebody in the register within an operation."""
    known = addresses(work, person)
    wanted = next((each for each in known if each.lower() == address.strip().lower()), "") if address else ""
    if not known or (address and not wanted):
        raise CannotSayError(
            "Lupa vahvistetaan sähköpostilla. Lisää hänelle ensin sähköpostiosoite.",
            "The consent is confirmed by e-mail. First add an e-mail address of theirs.",
        )
    return keep(store, work, {"person": person}, said, wanted or known[0], values, actor, person=person)


def keep(
    store: RegisterStore,
    work: Work,
    body: Mapping[str, Any],
    said: Said,
    address: str,
    values: Mapping[str, Any],
    actor: Actor,
    person: int | None = None,
) -> ToConfirm:
    """Keep what waits and leave its letter, in the transaction of ``work``.

    A form that comes again from an address is the same one anew. Those who are in the register may have one address
    between them: what one of them is asked replaces nothing of another, or of a form.
    """
    now = work.now
    until = today(now) + KEPT
    mark = fingerprint(store.keys, "email", address) + (f":{person}" if person is not None else "")
    about = f"{said.purpose}:{said.recipient}" if said.recipient else said.purpose
    proof = {name: values[name] for name in ("wording", "notice", "language", "channel", "recipient", "evidence")}
    held = {**body, "address": address, "proof": proof, "purpose": said.purpose}
    waits = unconfirmed.asked_since(work.conn, mark, about, now - NOT_AGAIN)
    if waits is not None:
        unconfirmed.fill(work.conn, store.keys, waits, held)
        return ToConfirm(said.purpose, address, until)
    token = secrets.token_urlsafe(32)
    unconfirmed.put(work.conn, store.keys, token=token, address=mark, purpose=about, body=held, at=now, until=until)
    words = wording_of(store.register.purposes[said.purpose], said.language, said.recipient)
    parts = {"to": address, "lang": said.language, "token": token, "words": words, "until": until.isoformat()}
    ends = dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), HELSINKI)
    post.leave(store, work, LETTER, parts, expires_at=ends)
    work.journal.add(_entry("ask_confirm", said.purpose, actor, now, person))
    return ToConfirm(said.purpose, address, until)


def waiting_for(store: RegisterStore, token: str, *, now: dt.datetime) -> Waiting | None:
    """What a link would confirm; looking, as mail scanners do, changes nothing. None when they are gone."""
    with store.read(now) as conn:
        found = unconfirmed.find(conn, store.keys, token, today(now))
        if found is None or found.person is None:
            return found
        held = conn.execute(f"SELECT 1 FROM {PERSON} WHERE id = :id", {"id": found.person}).first()
    return found if held is not None else None


def waiting_of(store: RegisterStore, person: int, *, now: dt.datetime) -> tuple[Waiting, ...]:
    """What somebody in the register has been asked to confirm and has not yet."""
    with store.read(now) as conn:
        return tuple(each for each in unconfirmed.every(conn, store.keys, today(now)) if each.person == person)


def confirm(store: RegisterStore, token: str, *, actor: Actor, now: dt.datetime) -> Confirmed:
    """The consent that a token confirms: of the person who has the address already, or of a new one.

    Raises NotToConfirmError; CannotSayError when the notice no longer asks for it.
    """
    with store.write(now) as work:
        unconfirmed.drop_old(work.conn, today(now))
        waiting = unconfirmed.find(work.conn, store.keys, token, today(now))
        person = _whose(work, waiting) if waiting is not None else None
    wipe(store)
    if waiting is None or (waiting.person is not None and person is None):
        raise NotToConfirmError
    values = _values(store, waiting, now)
    made: list[int] = []

    def agree(work: Work, whose: int) -> None:
        # Whoever opens the link twice at once is first once.
        work.claim()
        if unconfirmed.find(work.conn, store.keys, token, today(now)) is None:
            raise NotToConfirmError
        unconfirmed.remove(work.conn, waiting.id)
        made.append(work.insert("permission", {**values, PERSON: whose}, source="subject"))
        work.journal.add(_entry("consent", str(values["purpose"]), actor, now, whose))

    new = person is None
    if person is not None:
        with store.write(now) as work:
            agree(work, person)
    else:
        rows = [NewRow(**row) for row in waiting.body["rows"]]
        others = [Said(**each) for each in waiting.body.get("others", ())]
        subject = str(waiting.body["subject"])
        done = enter(
            store, rows, others, subject=subject, actor=actor, now=now, also=lambda work, ids: agree(work, ids[subject])
        )
        person = done.ids[subject]
    wipe(store)
    return Confirmed(person, made[0], new)


def proof(store: RegisterStore, said: Said, now: dt.datetime, evidence: str = "") -> dict[str, Any]:
    """The cells of the consent to be. Raises CannotSayError, MailNotSetUpError where no letter could be sent."""
    found = store.register.purposes.get(said.purpose)
    if found is None or found.confirm != "email" or not said.yes:
        raise CannotSayError(
            "Tähän tarkoitukseen ei pyydetä vahvistusta sähköpostilla.",
            "This purpose does not ask for a confirmation by e-mail.",
        )
    if store.post is None or not is_set_up(store.post.settings):
        raise MailNotSetUpError(
            "Tämä lupa tulee voimaan, kun henkilö vahvistaa sen sähköpostiin tulevasta linkistä.",
            "This consent counts once the person confirms it through a link that is sent by e-mail.",
        )
    return consent_values(
        store,
        said.purpose,
        channel=said.channel,
        language=said.language,
        given_at=now,
        evidence=evidence,
        recipient=said.recipient,
        confirmed=True,
    )


def _values(store: RegisterStore, waiting: Waiting, now: dt.datetime) -> dict[str, Any]:
    """The consent's cells: agreed to in the words of the day it was asked, given when it was confirmed."""
    purpose = str(waiting.body["purpose"])
    found = store.register.purposes.get(purpose)
    if found is None or (found.basis != "consent" and not found.consent):
        raise CannotSayError("Tätä lupaa ei enää kysytä.", "This consent is no longer asked for.")
    table = store.register.tables["permission"]
    proof = dict(waiting.body["proof"])
    opt_in = confirming(waiting.asked_at, now)
    values = {
        **proof,
        "purpose": purpose,
        "given_at": now,
        "ends_on": add(today(now), *found.lasts) if found.lasts else None,
        "evidence": "; ".join(filter(None, (proof.get("evidence"), opt_in))),
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
        check_may_consent(store, work, ids[subject], channel=ONLINE_ALWAYS)
        work.settle()
        raise _Tried

    try:
        collect(store, rows, actor=actor, now=now, also=trial)
    except _Tried:
        return


def addresses(work: Work, person: int) -> list[str]:
    """The e-mail addresses of somebody, as they are written."""
    items = [name for name, item in work.register.tables[PERSON].kind.items.items() if item.type == "email"]
    found = read_cells(work.conn, work.keys, work.register, PERSON, person, items)
    return [str(address) for several in found.values() for address in several]


def _whose(work: Work, waiting: Waiting) -> int | None:
    """Who it is of: whoever was asked and still has the address, else the one person who has it."""
    if waiting.person is None:
        return _who_has(work, str(waiting.body["address"]))
    mine = {each.lower() for each in addresses(work, waiting.person)}
    return waiting.person if str(waiting.body["address"]).lower() in mine else None


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


__all__ = [
    "KEPT",
    "LETTER",
    "ONLINE_ALWAYS",
    "Confirmed",
    "NotToConfirmError",
    "ToConfirm",
    "ask_person",
    "ask_to_confirm",
    "confirm",
    "keep_person",
    "proof",
    "waiting_for",
    "waiting_of",
]
