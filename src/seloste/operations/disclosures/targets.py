"""Everybody the notice lets receive data, with what stands in the way of giving them anything today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from seloste.clock import today
from seloste.compiler.register import Register
from seloste.notice.model import Notice, Party, Processor, Recipient, Ref
from seloste.operations.disclosures.agreements import Agreed, agreements, block_of
from seloste.operations.disclosures.model import Block, Role, Target
from seloste.operations.disclosures.transfers import TransferState, transfer_states
from seloste.operations.records.model import NoSuchRowError
from seloste.store.engine import Connection
from seloste.store.registers import RegisterStore


def targets(store: RegisterStore, *, now: dt.datetime) -> tuple[Target, ...]:
    """Recipients, then processors, in the order of the notice."""
    with store.read(now) as conn:
        return _targets(store, conn, today(now))


def target(store: RegisterStore, conn: Connection, key: str, on: dt.date) -> Target:
    """The recipient or processor of a key. Raises NoSuchRowError."""
    found = next((each for each in _targets(store, conn, on) if each.key == key), None)
    if found is None:
        raise NoSuchRowError
    return found


def _targets(store: RegisterStore, conn: Connection, on: dt.date) -> tuple[Target, ...]:
    notice, agreed = store.register.notice, agreements(store, conn, on)
    known = {one.key for one in notice.recipients}
    return (
        *(_recipient(store.register, one, on) for one in notice.recipients),
        # A key that stands under both headings opens the recipient; the processor has its agreement's page.
        *(_processor(store.register, one, agreed[one.key], on) for one in notice.processors if one.key not in known),
    )


def parties_of(notice: Notice) -> Iterator[tuple[str, tuple[Party, ...], str | None]]:
    """Everybody named: key, the parties with their countries, the safeguard. A key under both headings comes twice."""
    for recipient in notice.recipients:
        bare = (Party("", recipient.country),) if recipient.country else ()
        yield recipient.key, recipient.who or bare, recipient.safeguard
    for processor in notice.processors:
        own = Party(processor.name or "", processor.country)
        yield processor.key, (own, *processor.sub_processors), processor.safeguard


def _recipient(register: Register, one: Recipient, on: dt.date) -> Target:
    parties = one.who or ((Party("", one.country),) if one.country else ())
    transfers = transfer_states(parties, one.safeguard, on)
    role: Role = "authority" if one.authority else "group" if _of_group(register, one) else "recipient"
    gets = one.gets
    return Target(
        one.key,
        role,
        one.text,
        one.who,
        one.purposes,
        gets,
        one.when,
        transfers,
        tuple(transfer_block(state) for state in transfers if not state.ok),
        recipient=one,
    )


def _processor(register: Register, one: Processor, agreed: Agreed, on: dt.date) -> Target:
    own = Party(one.name or "", one.country)
    transfers = transfer_states((own, *one.sub_processors), one.safeguard, on)
    block = block_of(one, agreed)
    blocks = (*((block,) if block is not None else ()), *(transfer_block(state) for state in transfers if not state.ok))
    purposes = one.purposes or tuple(key for key, each in register.purposes.items() if not each.built_in)
    return Target(
        one.key,
        "processor",
        one.does,
        (own,) if one.name else (),
        purposes,
        _of_purposes(register, purposes),
        None,
        transfers,
        blocks,
        processor=one,
    )


def _of_purposes(register: Register, purposes: tuple[str, ...]) -> tuple[Ref, ...]:
    """What a processor gets: what its purposes use, never what is sensitive."""
    kinds = register.notice.kinds
    refs = dict.fromkeys(
        ref for key in purposes for ref in (*register.purposes[key].uses, *register.purposes[key].borrows)
    )
    return tuple(
        ref
        for ref in refs
        if ref.kind in kinds and (found := kinds[ref.kind].items.get(ref.item)) is not None and not found.sensitive
        and not kinds[ref.kind].built_in
    )  # fmt: skip


def _of_group(register: Register, one: Recipient) -> bool:
    group = register.notice.controller.group
    return bool(one.who) and all(party in group for party in one.who)


def transfer_block(state: TransferState) -> Block:
    """Why nothing may go to a country on the day."""
    country = state.country
    if state.ended is not None:
        day = state.ended
        return Block(
            "transfer_ended",
            f"Komission päätös maasta {country} päättyi {day.day}.{day.month}.{day.year}, eikä seloste kerro muuta "
            "suojatoimea. Sovi suojatoimesta ja kirjoita se selosteeseen.",
            f"The Commission's decision on {country} ended on {day.isoformat()}, and the notice tells no other "
            "safeguard. Agree on one and write it in the notice.",
        )
    if state.safeguard is not None:
        return Block(
            "transfer_unfit",
            f"Selosteen suojatoimi ei kelpaa maahan {country}. Sovi muusta suojatoimesta ja kirjoita se selosteeseen.",
            f"The safeguard of the notice does not hold for {country}. Agree on another and write it in the notice.",
        )
    return Block(
        "transfer_bare",
        f"Maa {country} on ETA-alueen ulkopuolella, eikä seloste kerro suojatoimea. Sovi suojatoimesta ja kirjoita se "
        "selosteeseen.",
        f"{country} is outside the EEA, and the notice tells no safeguard. Agree on one and write it in the notice.",
    )
