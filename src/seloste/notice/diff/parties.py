"""Recipients and processors compared: who else gets the data, where they are, and under what."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.law.countries import transfer
from seloste.notice.diff.model import Change, Effect, Verb
from seloste.notice.model import Processor, Recipient
from seloste.notice.render.tell import Teller


def party_changes(before: Teller, after: Teller) -> Iterator[Change]:
    """Every change of recipients and of processors."""
    yield from _recipients(before, after)
    yield from _processors(before, after)


def _recipients(before: Teller, after: Teller) -> Iterator[Change]:
    old = {one.key: one for one in before.notice.recipients}
    new = {one.key: one for one in after.notice.recipients}
    for key, one in new.items():
        was = old.get(key)
        said = _recipient(before, was) if was is not None else "", _recipient(after, one)
        name = after.w.capital(after.pick(one.text))
        if said[0] != said[1]:
            effects = _of_recipient(after, was, one)
            yield Change(
                "changed" if was is not None else "added", "recipient", key, name, *said, effects, one.purposes,
                place=one.place,
            )  # fmt: skip
        yield from _transfer(after, key, name, _countries(was), _countries(one), one.safeguard, one)
    for key, one in old.items():
        if key not in new:
            name = before.w.capital(before.pick(one.text))
            yield Change("removed", "recipient", key, name, _recipient(before, one), "", place=one.place)


def _of_recipient(after: Teller, was: Recipient | None, one: Recipient) -> tuple[Effect, ...]:
    """Whoever gets more, or for more, is told of (Art. 13(1)(e)); a yes given to one is none given to another."""
    wider = was is None or not (
        set(one.gets) <= set(was.gets) and set(one.purposes) <= set(was.purposes) and set(one.who) <= set(was.who)
    )
    if not wider:
        return ()
    purposes = [after.notice.purposes[key] for key in one.purposes if key in after.notice.purposes]
    if purposes and all(purpose.basis == "consent" for purpose in purposes):
        # Where each is asked for by name, a new one has no yes yet, and those given stand.
        return () if all(purpose.per == "recipient" for purpose in purposes) else ("ask",)
    return ("inform",)


def _recipient(t: Teller, one: Recipient) -> str:
    who = t.w.listed(t.party(party) for party in one.who) or (t.item_of(one.who_from) if one.who_from else "")
    parts = (who or t.pick(one.text), t.data(one.gets), t.names(one.purposes))
    return ". ".join(t.w.capital(part) for part in parts if part)


def _processors(before: Teller, after: Teller) -> Iterator[Change]:
    old = {one.key: one for one in before.notice.processors}
    new = {one.key: one for one in after.notice.processors}
    for key, one in new.items():
        was = old.get(key)
        said = _processor(before, was) if was is not None else "", _processor(after, one)
        name = after.w.capital(after.pick(one.does))
        if said[0] != said[1]:
            other = was is None or (was.name, was.sub_processors) != (one.name, one.sub_processors)
            effects: tuple[Effect, ...] = ()
            if other:
                # Processors are recipients too (Art. 4(9)), and none works without an agreement (Art. 28(3)).
                effects = ("inform", "agreement") if was is None or was.name != one.name else ("inform",)
            verb: Verb = "added" if was is None else "changed"
            yield Change(verb, "processor", key, name, *said, effects, one.purposes, place=one.place)
        yield from _transfer(after, key, name, _countries(was), _countries(one), one.safeguard, one)
    for key, one in old.items():
        if key not in new:
            name = before.w.capital(before.pick(one.does))
            yield Change("removed", "processor", key, name, _processor(before, one), "", place=one.place)


def _processor(t: Teller, one: Processor) -> str:
    subs = t.w.listed(t.party(party) for party in one.sub_processors)
    where = t.country(one.country) if one.country else ""
    said = ", ".join(part for part in (one.name or t.pick(one.does), where) if part)
    return f"{said} ({subs})" if subs else said


def _countries(one: Recipient | Processor | None) -> frozenset[str]:
    if one is None:
        return frozenset()
    parties = one.who if isinstance(one, Recipient) else one.sub_processors
    return frozenset(code for code in (one.country, *(party.country for party in parties)) if code)


def _transfer(
    t: Teller, key: str, name: str, old: frozenset[str], new: frozenset[str], safeguard: str | None,
    one: Recipient | Processor,
) -> Iterator[Change]:  # fmt: skip
    """Countries outside the EEA that data did not go to before (Art. 13(1)(f))."""
    beyond = [code for code in sorted(new - old) if transfer(code, t.day).status != "eea"]
    if not beyond:
        return
    where = t.w.listed(t.country(code) for code in beyond)
    under = t.shared_text("safeguards", safeguard) if safeguard else ""
    adequate = all(transfer(code, t.day).status == "adequate" for code in beyond)
    effects: tuple[Effect, ...] = ("inform",) if adequate else ("inform", "safeguard")
    said = f"{where}: {under}" if under else where
    yield Change("added", "transfer", key, name, "", said, effects, one.purposes, place=one.place)
