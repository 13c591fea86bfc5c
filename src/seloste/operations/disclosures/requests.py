"""Requests from outside, as verbs: written down, then given or refused by whoever leads privacy."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO

from seloste.catalogue.model import PERSON
from seloste.catalogue.types.normal import one_line
from seloste.clock import today
from seloste.compiler.register import Register
from seloste.errors import BadValue
from seloste.law import housing
from seloste.operations.actor import Actor
from seloste.operations.disclosures import files
from seloste.operations.disclosures.contents import Contents, OfPerson, Part
from seloste.operations.disclosures.disclose import Disclosed
from seloste.operations.disclosures.files import Form
from seloste.operations.disclosures.model import DISCLOSURE, OUTSIDE, DisclosureError, Why
from seloste.operations.disclosures.outside import (
    Asked,
    advise,
    askable,
    read_one,
    requesters,
    restricted_of,
    sorts,
)
from seloste.operations.records.model import NoSuchRowError
from seloste.operations.rights.gather import Own, OwnRow, Pointed, gather
from seloste.operations.rights.rows import read_rows
from seloste.store.engine import Connection
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

IN_MEMORY = 4 << 20
_CONSENT = {"fi": "Henkilön suostumus", "en": "The person's consent"}
LONGEST = 300


def receive(
    store: RegisterStore,
    persons: Collection[int],
    *,
    requester: str,
    asked_by: str,
    what: Sequence[str],
    provision: str = "",
    right_shown: str = "",
    reference: str = "",
    asked: str = "",
    sort: str = "",
    received_at: dt.datetime,
    actor: Actor,
    now: dt.datetime,
) -> int:
    """Write a request down; the id by which it is opened. Raises DisclosureError, NoSuchRowError.

    An authority's request cites the provision it rests on: without it there is nothing to decide.
    """
    _check(store.register, persons, requester, asked_by, what, provision, sort)
    if received_at > now:
        raise DisclosureError("Pyyntö ei voi saapua tulevaisuudessa.", "A request cannot arrive in the future.")
    shared = {
        "requester": requester,
        "sort": sort or None,
        "asked_by": _line(asked_by),
        "provision": _line(provision),
        "right_shown": _line(right_shown),
        "reference": _line(reference),
        "asked": asked.strip()[:4000] or None,
        "what": list(dict.fromkeys(what)),
        "received_at": received_at,
        "request_code": secrets.token_hex(8),
        "state": "received",
    }
    with store.write(now) as work:
        known = {row["id"] for row in read_rows(store, work.conn, PERSON, "id", persons)}
        if known != set(persons):
            raise NoSuchRowError
        numbers = work.insert_many(OUTSIDE, [{**shared, PERSON: each} for each in sorted(known)], source="own_records")
        _log(work, actor, "receive_outside", sorted(known), requester)
    return numbers[0]


def refuse(store: RegisterStore, number: int, *, reason: str, actor: Actor, now: dt.datetime) -> Asked:
    """Nothing is given, for a reason that is told. Raises NoSuchRowError, DisclosureError."""
    if not reason.strip():
        raise DisclosureError("Kirjoita, miksi tietoja ei anneta.", "Write why no data are given.")
    with store.write(now) as work:
        found = _open_one(store, work, number)
        for row in found.rows:
            work.update(OUTSIDE, row, {"state": "refused", "decided_at": now, "reason": reason.strip()[:4000]})
        _log(work, actor, "refuse_outside", found.persons, found.requester)
        return read_one(store, work.conn, number)


def give(
    store: RegisterStore,
    number: int,
    *,
    items: Collection[str],
    reason: str = "",
    exception: str = "",
    consent: bool = False,
    form: Form = "csv",
    lang: str = "en",
    actor: Actor,
    now: dt.datetime,
) -> Disclosed:
    """Give what was asked, or part of it: a file, and a disclosure of each person who has anything of it.

    ``items`` must be among what was asked. Where the law leaves it to be weighed, ``reason`` says why it is given.
    Restricted people are left out unless ``exception`` says what lets their data be used (Art. 18(2)). Raises
    NoSuchRowError; DisclosureError where the law denies it or there is nothing to give.
    """
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  the caller closes what it is given
    try:
        with store.write(now) as work:
            asked = _open_one(store, work, number)
            _may(store, work.conn, asked, items, reason, consent, today(now))
            closed = () if exception.strip() else restricted_of(work.conn, asked.persons)
            found = _contents(store, work.conn, asked, items, closed, now)
            if not found.people:
                raise DisclosureError(
                    "Näistä tiedoista ei ole mitään annettavaa. Valitse muita tietoja tai kieltäydy.",
                    "There is nothing of these data to give. Choose others or refuse.",
                )
            head = {
                "register": store.register.notice.register,
                "controller": store.register.notice.controller.name,
                "recipient": asked.asked_by,
                "provision": asked.provision,
                "reference": asked.reference,
            }
            files.write(file, form, store.register, found, head, now, lang)
            _record(work, found, asked, exception, _CONSENT["fi" if lang == "fi" else "en"] if consent else "")
            for row in asked.rows:
                given = {"state": "given", "decided_at": now, "what": list(dict.fromkeys(items))}
                work.update(OUTSIDE, row, given | ({"reason": reason.strip()[:4000]} if reason.strip() else {}))
            _log(work, actor, "disclose", [each.person for each in found.people], asked.requester, items)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    name = f"{store.register.notice.register}_{asked.code}_{today(now).isoformat()}.{form}"
    return Disclosed(file, name, form, len(found.people), found.left_out)


# --- what the law says ------------------------------------------------------------------------------------------------


def _check(
    register: Register,
    persons: Collection[int],
    requester: str,
    asked_by: str,
    what: Sequence[str],
    provision: str,
    sort: str,
) -> None:
    if requester not in requesters(register):
        raise DisclosureError("Valitse, kuka pyytää.", "Choose who asks.")
    if not asked_by.strip():
        raise DisclosureError("Kirjoita, kuka pyysi.", "Write who asked.")
    if requester in housing.AUTHORITIES and not provision.strip():
        raise DisclosureError(
            "Kirjoita lainkohta, johon viranomaisen pyyntö perustuu. Jos sitä ei ole mainittu, kysy sitä ensin.",
            "Write the provision of law that the authority's request rests on. If none was cited, ask for it first.",
        )
    if not persons:
        raise DisclosureError("Valitse, kenen tietoja pyydettiin.", "Choose whose data was asked for.")
    known = {str(ref) for ref in askable(register)}
    if not what or not set(what) <= known:
        raise DisclosureError("Valitse, mitä tietoja pyydettiin.", "Choose which data was asked for.")
    if sorts(register) and sort not in sorts(register):
        raise DisclosureError("Valitse, mistä tiedoista on kyse.", "Choose what sort of data it is.")


def _may(
    store: RegisterStore,
    conn: Connection,
    asked: Asked,
    items: Collection[str],
    reason: str,
    consent: bool,
    on: dt.date,
) -> None:
    """Raises DisclosureError where it may not be given as decided."""
    told = advise(store, conn, asked, consent, on)
    if told.answer == "DENY":
        raise DisclosureError(
            f"Laki ei salli antaa näitä tietoja. {told.reason['fi']}",
            f"The law does not allow these data to be given. {told.reason['en']}",
        )
    if told.answer == "REVIEW" and not reason.strip():
        raise DisclosureError(
            "Kirjoita, millä perusteella tiedot annetaan.", "Write on what ground the data are given."
        )
    if not items or not set(items) <= set(asked.what):
        raise DisclosureError(
            "Anna vain tietoja, joita pyydettiin. Valitse niistä ainakin yksi.",
            "Give only data that was asked for. Choose at least one of them.",
        )


# --- what is given ----------------------------------------------------------------------------------------------------


def _contents(
    store: RegisterStore,
    conn: Connection,
    asked: Asked,
    items: Collection[str],
    closed: Collection[int],
    now: dt.datetime,
) -> Contents:
    wanted = set(items)
    people, left = [], 0
    beside: dict[str, dict[tuple[str, str], None]] = {}
    columns: dict[str, dict[str, None]] = {}
    for person in asked.persons:
        if person in closed:
            continue
        parts = tuple(_parts(store.register, gather(store, conn, person, now=now), wanted))
        named: dict[str, None] = {}
        for part in parts:
            found = {part.kind: part.values, **part.beside}
            beside.setdefault(part.kind, {}).update({(column, column): None for column in part.beside})
            for kind, values in found.items():
                columns.setdefault(kind, {}).update(dict.fromkeys(values))
                named.update(dict.fromkeys(f"{kind}.{name}" for name in values))
        if parts:
            people.append(OfPerson(person, parts, tuple(named)))
        else:
            left += 1
    left_out: dict[Why, int] = {"restricted": len(closed), "nothing": left}
    return Contents(
        tuple(people),
        {why: n for why, n in left_out.items() if n},
        {kind: tuple(names) for kind, names in columns.items()},
        {kind: tuple(pairs) for kind, pairs in beside.items()},
    )


def _parts(register: Register, own: Own, wanted: Collection[str]) -> Iterator[Part]:
    """What was asked of a person's own; what is another's too is left out, for the request is not about them."""
    for row in own.rows:
        values = {
            cell.item: cell.value for cell in row.cells if f"{row.kind}.{cell.item}" in wanted and not cell.shared
        }
        if values:
            yield Part(row.kind, row.id, values, dict(_belongs(register, row)))


def _belongs(register: Register, row: OwnRow) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What a row belongs to that is nobody's, by its name: the flat of a residency."""
    for cell in row.cells:
        to = cell.value
        if isinstance(to, Pointed) and to.title and cell.item == to.kind and register.tables[to.kind].kind.title:
            yield cell.item, {register.tables[to.kind].kind.title[0]: to.title}


def _record(work: Work, found: Contents, asked: Asked, exception: str, consent: str) -> None:
    ground = ". ".join(part for part in (asked.right_shown, asked.reference, exception.strip(), consent) if part)
    rows = [
        {
            "recipient": asked.asked_by,
            "at": work.now,
            "what": list(each.items),
            "ground": ground[:LONGEST] or None,
            "provision": asked.provision or None,
            PERSON: each.person,
        }
        for each in found.people
    ]
    work.insert_many(DISCLOSURE, rows, source="own_records")


def _open_one(store: RegisterStore, work: Work, number: int) -> Asked:
    # Two who decide at once take turns: the second finds it decided, and an order of non-disclosure is heeded.
    work.claim()
    found = read_one(store, work.conn, number)
    if not found.open:
        raise DisclosureError("Tämä pyyntö on jo ratkaistu.", "This request is decided already.")
    return found


def _line(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return one_line(text, LONGEST)
    except BadValue as problem:
        raise DisclosureError(problem.message("fi"), problem.message("en")) from None


def _log(work: Work, actor: Actor, verb: str, persons: Sequence[int], note: str, items: Collection[str] = ()) -> None:
    entry = Entry(at=work.now, actor=actor.account, lens=actor.lens, verb=verb, kind=PERSON, persons=tuple(persons),
                  items=tuple(dict.fromkeys(items)), count=len(persons), note=note)  # fmt: skip
    work.journal.add(entry)
