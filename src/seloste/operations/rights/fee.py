"""A request that is manifestly unfounded or excessive: a fee told beforehand, or a refusal, with reasons (12(5))."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Literal

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.rights.answer import answer
from seloste.operations.rights.model import REQUEST, Done, RequestError
from seloste.operations.rights.rows import add_step, log, open_one, read_requests, read_rows, settle_request
from seloste.operations.rights.say import Voice
from seloste.operations.rights.tell import tell
from seloste.store.registers import RegisterStore

Why = Literal["unfounded", "excessive"]
WHYS: tuple[Why, ...] = ("unfounded", "excessive")

MOST = Decimal(10_000)


def tell_fee(
    store: RegisterStore, request: int, *, why: str, amount: str, reason: str, actor: Actor, now: dt.datetime
) -> Done:
    """Tell the person that this request costs ``amount`` euros, why, and what the fee is made of. The clock goes on.

    Raises RequestError without reasons: whoever charges must be able to show why. How many requests there were before
    is no reason by itself.
    """
    ground = _ground(why)
    euros = _euros(amount)
    _need(reason)
    with store.write(now) as work:
        found = open_one(store, work, request)
        if any(step.step == "told_fee" for step in found.steps):
            raise RequestError("Maksusta on jo kerrottu.", "They have been told of the fee already.")
        voice = Voice(store.register, found.language)
        text = voice.say("fee.told", euros=_shown(euros, voice.lang), why=voice.say(f"fee.{ground}"), reason=reason)
        add_step(work, request, "told_fee", text=text)
        tell(store, work, request, found.person, "told_fee")
        done = settle_request(store, work, request)
        log(work, actor, "tell_fee", found.person, note=ground)
    return done


def refuse_excess(store: RegisterStore, request: int, *, why: str, reason: str, actor: Actor, now: dt.datetime) -> Done:
    """Refuse it for the same grounds, with the complaint and the court. Raises RequestError without reasons."""
    ground = _ground(why)
    _need(reason)
    with store.read(now) as conn:
        found = read_requests(store, conn, now, [request])
    voice = Voice(store.register, found[0].language if found else "")
    text = f"{voice.say(f'fee.{ground}')} {reason.strip()}"
    return answer(store, request, "refused", reason=text, actor=actor, now=now)


def earlier(store: RegisterStore, request: int, person: int, *, now: dt.datetime) -> tuple[dt.datetime, ...]:
    """When the same person asked before within a year, the latest first: for whoever judges; no ground by itself."""
    with store.read(now) as conn:
        numbers = [row["id"] for row in read_rows(store, conn, REQUEST, PERSON, [person]) if row["id"] != request]
        found = [each for each in read_requests(store, conn, now, numbers) if not each.unasked] if numbers else []
    year = now - dt.timedelta(days=365)
    return tuple(sorted((each.received_at for each in found if each.received_at > year), reverse=True))


def _ground(why: str) -> Why:
    found: Why | None = next((each for each in WHYS if each == why), None)
    if found is None:
        raise RequestError(
            "Valitse, onko pyyntö ilmeisen perusteeton vai kohtuuton.",
            "Choose whether the request is manifestly unfounded or excessive.",
        )
    return found


def _need(reason: str) -> None:
    if not reason.strip():
        raise RequestError(
            "Kirjoita perustelut. Teidän on osoitettava, että pyyntö on ilmeisen perusteeton tai kohtuuton.",
            "Write the reasons. It is yours to show that the request is manifestly unfounded or excessive.",
        )


def _euros(text: str) -> Decimal:
    try:
        found = Decimal(text.strip().replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        found = Decimal(0)
    if not found.is_finite() or not 0 < found <= MOST:
        raise RequestError(
            "Kirjoita maksu euroina, esimerkiksi 15,00. Se kattaa vain pyynnön hoitamisen kulut.",
            "Write the fee in euros, for example 15.00. It covers the cost of handling the request alone.",
        )
    return found.quantize(Decimal("0.01"))


def _shown(euros: Decimal, lang: str) -> str:
    return f"€ {euros}" if lang == "en" else f"{str(euros).replace('.', ',')} €"
