"""One request to a controller that has several registers: asked in each where the person is, and answered as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from seloste.errors import SelosteError
from seloste.operations.actor import Actor
from seloste.operations.rights.answer import need_identity
from seloste.operations.rights.gather import Place
from seloste.operations.rights.give_access import give_access, preview, rehearse_access
from seloste.operations.rights.model import REQUEST, Done, RequestError, parts_of
from seloste.operations.rights.receive import receive
from seloste.operations.rights.rows import log, one, read_requests
from seloste.store.registers import Registers, RegisterStore


def siblings(registers: Registers, key: str, *, among: Collection[str]) -> tuple[str, ...]:
    """Of some registers the other ones of the same controller, by business id, or by name where one has none."""
    mine = registers.open(key).register.notice.controller
    found = []
    for other in among:
        try:
            theirs = registers.open(other).register.notice.controller
        except SelosteError:
            continue
        known = mine.business_id is not None and theirs.business_id is not None
        same = mine.business_id == theirs.business_id if known else mine.name == theirs.name
        if other != key and same:
            found.append(other)
    return tuple(found)


def ask_there(
    registers: Registers,
    key: str,
    request: int,
    other: str,
    person: int,
    *,
    here: Actor,
    there: Actor,
    now: dt.datetime,
) -> Done:
    """Write the same request down in another register of the controller, about the person as that register has them.

    It arrived when this one did and is of whoever was identified here. Raises RequestError, NoSuchRowError.
    """
    store = registers.open(key)
    with store.read(now) as conn:
        found = one(store, conn, request, now)
    need_identity(found)
    if not siblings(registers, key, among=[other]) or not found.open:
        raise RequestError(
            "Tämä ei ole saman rekisterinpitäjän rekisteri, tai pyyntöön on jo vastattu.",
            "This is no register of the same controller, or the request has been answered.",
        )
    if other in dict(parts_of(found.together)):
        raise RequestError("Pyyntö on jo kirjattu sinne.", "The request has been written down there already.")
    twin = registers.open(other)
    done = _written_there(twin, f"{key}:{request}", person, now) or receive(
        twin,
        found.right,
        channel=found.channel,
        person=person,
        evidence=frozenset({found.identified}),
        asked=found.asked,
        asked_by=found.asked_by,
        language=found.language,
        received_at=found.received_at,
        together=f"{key}:{request}",
        actor=there,
        now=now,
    )
    with store.write(now) as work:
        work.update(REQUEST, request, {"together": [*found.together, f"{other}:{done.id}"]})
        log(work, here, "ask_there", found.person, note=other)
    return done


def _written_there(twin: RegisterStore, here: str, person: int, now: dt.datetime) -> Done | None:
    """The request about a person that names the one here, which does not name it yet: the program ended between."""
    with twin.read(now) as conn:
        linked = conn.execute(f"SELECT id FROM {REQUEST} WHERE person = :id AND together IS NOT NULL", {"id": person})
        for each in read_requests(twin, conn, now, [int(number) for (number,) in linked]):
            if here in each.together:
                return Done(each.id, each.state, each.clock.day)
    return None


def give_together(
    registers: Registers,
    key: str,
    request: int,
    *,
    leave_out: Collection[Place] = (),
    reason: str = "",
    text: str = "",
    actors: Mapping[str, Actor],
    now: dt.datetime,
) -> tuple[str, ...]:
    """Give access here and in the other registers that the actor leads, as one answer with one message.

    Returns the registers in which it could not be given along: what is another person's too must be read there first.
    """
    store = registers.open(key)
    with store.read(now) as conn:
        found = one(store, conn, request, now)
    # Each register keeps its part by itself. This one is last: were the program to end between two, the request here
    # waits still, and to answer it once more finishes what is left. What cannot be given here is given nowhere.
    rehearse_access(store, request, leave_out=leave_out, reason=reason, actor=actors[key], now=now)
    left = []
    for other, number in parts_of(found.together):
        twin = registers.open(other)
        with twin.read(now) as conn:
            waits = one(twin, conn, number, now).open
        if waits and other in actors and not preview(twin, number, actor=actors[other], now=now).contested:
            give_access(twin, number, text=text, quiet=True, actor=actors[other], now=now)
        elif waits:
            left.append(other)
    give_access(store, request, leave_out=leave_out, reason=reason, text=text, actor=actors[key], now=now)
    return tuple(left)
