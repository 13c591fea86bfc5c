"""What is asked is carried out and the request closed by it: withdrawal, objection, restriction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Literal, Protocol

from seloste.catalogue.model import PERSON
from seloste.operations.actor import Actor
from seloste.operations.retention.sweep import taken_back, wipe
from seloste.operations.rights.answer import close, need_identity
from seloste.operations.rights.erase import ChangedMeanwhileError, Erasure, gone_lines, let_go, notify
from seloste.operations.rights.gather import gather
from seloste.operations.rights.letter_access import concerned
from seloste.operations.rights.model import Done, Request, RequestError
from seloste.operations.rights.recipients import add_notices, who_received
from seloste.operations.rights.rows import add_step, log, one, open_one, read_rows
from seloste.operations.rights.say import Voice
from seloste.operations.rights.tell import tell, told_of
from seloste.operations.rights.word import goes_on, objectable, standing_consents, uphold_objections, withdraw_consents
from seloste.store.bans import ban_objected
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


def carry_out_withdrawal(
    store: RegisterStore,
    request: int,
    purposes: Collection[str] | None = None,
    *,
    expected: str = "",
    erasing: bool = True,
    text: str = "",
    actor: Actor,
    now: dt.datetime,
) -> Done:
    """Withdraw the consents, to some purposes or to all; what only they held goes at once (Art. 7(3), 17(1)(b)).

    ``expected`` is the ``mark`` of the preview: raises ChangedMeanwhileError when it would remove something else now,
    or, unless ``erasing``, anything.
    """
    with store.write(now) as work:
        found = _ready(store, work, request)
        gone = _withdrawn(store, work, found, purposes, dry_run=False)
        if not gone.withdrawn:
            raise RequestError("Hänellä ei ole suostumusta, jonka voisi perua.", "There is no consent to withdraw.")
        _as_seen(gone, expected, erasing)
        voice = Voice(store.register, found.language)
        told = [text, voice.say("done.withdrawn", purposes=voice.purposes(list(gone.ended))), *gone_lines(voice, gone)]
        done = _done(store, work, found, told, actor, verb="withdraw")
    wipe(store)
    return done


def preview_withdrawal(store: RegisterStore, request: int, *, actor: Actor, now: dt.datetime) -> Erasure:
    """What :func:`carry_out_withdrawal` of all consents would remove now: it is done and taken back."""
    return _rehearsed(store, request, partial(_withdrawn, purposes=None), "withdrawal", actor, now)


def carry_out_objection(
    store: RegisterStore,
    request: int,
    purposes: Sequence[str],
    *,
    kept: Mapping[str, str] | None = None,
    expected: str = "",
    erasing: bool = True,
    text: str = "",
    actor: Actor,
    now: dt.datetime,
) -> Done:
    """Stop the purposes objected to; one that goes on needs its compelling grounds, and marketing never goes on.

    What secures claims goes on, and the person is told so where ``kept`` has no reason of our own (Art. 21(1)).
    Raises RequestError for a purpose that cannot be objected to (Art. 21). ``expected`` is the ``mark`` of the preview:
    raises ChangedMeanwhileError when it would remove something else now, or, unless ``erasing``, anything.
    """
    if not purposes or not set(purposes) <= set(objectable(store.register)):
        raise RequestError(
            "Valitse, mitä hän vastustaa. Vastustaa voi oikeutettua etua, yleistä tehtävää ja markkinointia.",
            "Choose what they object to. A legitimate interest, a public task and marketing can be objected to.",
        )
    with store.write(now) as work:
        found = _ready(store, work, request)
        voice = Voice(store.register, found.language)
        weighed = _weighed(voice, purposes, kept or {})
        in_use = concerned(voice, gather(store, work.conn, found.person, now=now, whole=False))
        gone = _objected(store, work, found, purposes, weighed, dry_run=False)
        _as_seen(gone, expected, erasing)
        upheld = gone.upheld
        refused = [key for key in purposes if key not in upheld]
        told = [text]
        for key, which in (("objected", True), ("objected_unused", False)):
            # Nothing ends where nothing was done: somebody may object to a letter that never came to them.
            if named := [each for each in upheld if (each in in_use) is which]:
                told.append(voice.say(f"done.{key}", purposes=voice.purposes(named)))
        told += [voice.say("done.consents_end", purposes=voice.purposes(list(gone.ended)))] if gone.ended else []
        told += gone_lines(voice, gone)
        reasons = [f"{voice.t.w.sentence(voice.t.name(key))} {weighed[key]}" for key in refused]
        outcome: Literal["done", "partly_done", "refused"] = "done"
        if refused:
            outcome = "partly_done" if upheld else "refused"
        done = _done(store, work, found, told, actor, verb="object", outcome=outcome, reason="\n".join(reasons))
    wipe(store)
    return done


def preview_objection(
    store: RegisterStore,
    request: int,
    purposes: Sequence[str],
    *,
    kept: Mapping[str, str] | None = None,
    actor: Actor,
    now: dt.datetime,
) -> Erasure:
    """What :func:`carry_out_objection` to these purposes would remove now: it is done and taken back."""

    def objected(store: RegisterStore, work: Work, found: Request, *, dry_run: bool) -> Erasure:
        weighed = _weighed(Voice(store.register, found.language), purposes, kept or {})
        return _objected(store, work, found, purposes, weighed, dry_run=dry_run)

    return _rehearsed(store, request, objected, "objection", actor, now)


def carry_out_restriction(
    store: RegisterStore, request: int, ground: str, *, text: str = "", actor: Actor, now: dt.datetime
) -> Done:
    """Take all use away and let nothing go until it is lifted; those who received the data are told (Art. 18, 19)."""
    kind = store.register.tables["restriction"].kind
    if ground not in {option.key for option in kind.items["ground"].options}:
        raise RequestError("Valitse, miksi käyttö keskeytetään.", "Choose why the use is paused.")
    with store.write(now) as work:
        found = _ready(store, work, request)
        voice = Voice(store.register, found.language)
        who = add_notices(work, request, who_received(voice, gather(store, work.conn, found.person, now=now)))
        values = {"ground": ground, "from_at": now, PERSON: found.person}
        work.insert("restriction", values, source="subject")
        told = [text, voice.say("done.restricted")]
        told += [voice.say("done.restricted_told", who=voice.t.w.listed(who))] if who else []
        return _done(store, work, found, told, actor, verb="restrict")


def tell_of_lifting(
    store: RegisterStore, request: int, *, text: str, already: bool = False, actor: Actor, now: dt.datetime
) -> None:
    """Tell the person that use goes on, before it does (Art. 18(3)): a message leaves, or is somebody's to deliver."""
    if not text.strip():
        raise RequestError("Kirjoita, mitä hänelle kerrottiin.", "Write what they were told.")
    with store.write(now) as work:
        found = one(store, work.conn, request, now)
        if found.right != "restriction" or found.open:
            raise RequestError("Tällä pyynnöllä ei ole keskeytystä.", "This request has paused nothing.")
        add_step(work, request, "told_of_lifting", text=text)
        tell(store, work, request, found.person, "told_of_lifting", already=already)
        log(work, actor, "tell_of_lifting", found.person)


def lift(store: RegisterStore, request: int, *, actor: Actor, now: dt.datetime) -> int:
    """Lift the person's standing restrictions; how many. Raises RequestError until the message left (Art. 18(3))."""
    with store.write(now) as work:
        found = one(store, work.conn, request, now)
        told = [each for each in told_of(store, work.conn, request) if each.about == "told_of_lifting"]
        if not told:
            raise RequestError(
                "Kerro hänelle ensin, että käyttö jatkuu, ja kirjaa se.",
                "Tell them first that use goes on, and write it down.",
            )
        if not any(each.state == "sent" for each in told):
            raise RequestError(
                "Viesti käytön jatkumisesta ei ole vielä lähtenyt. Toimita se ensin.",
                "The message that use goes on has not left yet. Deliver it first.",
            )
        rows = [row for row in read_rows(store, work.conn, "restriction", PERSON, [found.person])
                if "lifted_at" not in row]  # fmt: skip
        for row in rows:
            work.update("restriction", row["id"], {"lifted_at": now})
        add_step(work, request, "lifted")
        log(work, actor, "lift", found.person, count=len(rows))
    return len(rows)


def _ready(store: RegisterStore, work: Work, request: int) -> Request:
    found = open_one(store, work, request)
    need_identity(found)
    return found


def _withdrawn(
    store: RegisterStore, work: Work, found: Request, purposes: Collection[str] | None, *, dry_run: bool
) -> Erasure:
    before = gather(store, work.conn, found.person, now=work.now, whole=False)
    ended = withdraw_consents(store, work, found.person, purposes)
    gone = let_go(store, work, found.person, ended=ended, dry_run=dry_run)
    return notify(store, work, found, before, gone)


def _objected(
    store: RegisterStore,
    work: Work,
    found: Request,
    purposes: Sequence[str],
    weighed: Mapping[str, str],
    *,
    dry_run: bool,
) -> Erasure:
    before = gather(store, work.conn, found.person, now=work.now, whole=False)
    stood = standing_consents(work, found.person)
    upheld = uphold_objections(store, work, found.person, purposes, weighed)
    for key in upheld:
        if store.register.purposes[key].nature == "marketing":
            ban_objected(work, found.person, key)
    ended = stood - standing_consents(work, found.person)
    gone = let_go(store, work, found.person, ended=ended, upheld=upheld, dry_run=dry_run)
    return notify(store, work, found, before, gone)


def _weighed(voice: Voice, purposes: Sequence[str], kept: Mapping[str, str]) -> dict[str, str]:
    """Purposes that go on, each with the reason that the person is told."""
    claims = {key: voice.say("done.claims") for key in purposes if goes_on(voice.register.purposes[key])}
    return claims | {key: reason for key, reason in kept.items() if reason.strip()}


class _Act(Protocol):
    def __call__(self, store: RegisterStore, work: Work, found: Request, *, dry_run: bool) -> Erasure: ...


def _rehearsed(store: RegisterStore, request: int, act: _Act, note: str, actor: Actor, now: dt.datetime) -> Erasure:
    """An act done and taken back. Journaled as a look."""
    made: list[Erasure] = []
    with taken_back(store, now) as work:
        found = _ready(store, work, request)
        made.append(act(store, work, found, dry_run=True))
    with store.write(now) as work:
        log(work, actor, "look", found.person, note=note, count=made[0].goes)
    return made[0]


def _as_seen(gone: Erasure, expected: str, erasing: bool) -> None:
    if (expected and gone.mark != expected) or (gone.goes and not erasing):
        raise ChangedMeanwhileError(
            "Tämä poistaisi muuta kuin näit. Mitään ei tehty. Katso, mitä poistuu, ja ratkaise sitten.",
            "This would erase other things than you saw. Nothing was done. Look at what goes, then decide.",
        )


def _done(
    store: RegisterStore,
    work: Work,
    found: Request,
    told: Sequence[str],
    actor: Actor,
    *,
    verb: str,
    outcome: Literal["done", "partly_done", "refused"] = "done",
    reason: str = "",
) -> Done:
    """Write that it was carried out, and close."""
    add_step(work, found.id, "executed")
    log(work, actor, verb, found.person)
    text = "\n".join(part.strip() for part in told if part.strip())
    return close(store, work, found, outcome, text=text, reason=reason, actor=actor)


__all__ = [
    "carry_out_objection",
    "carry_out_restriction",
    "carry_out_withdrawal",
    "lift",
    "preview_objection",
    "preview_withdrawal",
    "tell_of_lifting",
]
