"""Erasure, item by item by the one rule: seen before it happens, and then done exactly so (Art. 17).

What an objection or a withdrawal lets go is seen and told in the same way; ``carry_out`` does it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from seloste.catalogue.model import PERSON
from seloste.law.kept_by import also_kept_by
from seloste.lazily import cached_property
from seloste.operations.actor import Actor
from seloste.operations.retention.report import SweepReport, report
from seloste.operations.retention.sweep import sweep_within, taken_back, wipe
from seloste.operations.rights.answer import close, need_identity
from seloste.operations.rights.gather import gather
from seloste.operations.rights.model import REQUEST, Done, Request, RequestError
from seloste.operations.rights.own import Own, Place
from seloste.operations.rights.recipients import add_notices, telling, who_received
from seloste.operations.rights.rows import add_step, entry, log, open_one, read_rows
from seloste.operations.rights.say import Voice
from seloste.operations.rights.word import ended_by_erasure, uphold_objections, withdraw_consents
from seloste.store import unconfirmed
from seloste.store.bans import PRINTS, ban_all, fingerprint, marked
from seloste.store.cells import read_cells
from seloste.store.registers import RegisterStore
from seloste.store.work import Work


class ChangedMeanwhileError(RequestError):
    """Something of the person has changed since the preview; nothing was done."""


@dataclass(frozen=True, slots=True)
class Stays:
    """What stays of one kind for one purpose: why, under which law, until when."""

    kind: str
    purpose: str
    law: tuple[str, ...]
    cells: int
    last: dt.date | None
    running: bool
    items: tuple[str, ...] = ()
    """What stays of it, as the notice names its items."""


@dataclass(slots=True)
class _Told:
    """What stays of one kind for one purpose, while it is added up."""

    law: tuple[str, ...]
    cells: int = 0
    last: dt.date | None = None
    running: bool = False
    items: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Erasure:
    """What an erasure does, or the sweep after another act. ``mark`` is equal for two that do the same."""

    report: SweepReport
    ended: Mapping[str, int]
    """Consents that end with it, by purpose."""
    upheld: tuple[str, ...]
    told: tuple[str, ...]
    built_in: frozenset[str]
    """Kinds that hold what was said and asked: the act itself writes them, so what stays of them is in no mark."""
    ban_stays: bool
    """Whether keyed hashes of addresses stay, by which a ban is recognised."""
    kept: str = ""
    """By what recipients know somebody whose name goes: it stays until they are told, where nobody asked."""

    @property
    def withdrawn(self) -> int:
        """Consents that end with it."""
        return sum(self.ended.values())

    @cached_property
    def goes(self) -> int:
        """Cells that go for good."""
        return self.report.cells

    @cached_property
    def gone(self) -> Mapping[str, int]:
        """Cells that go, by kind."""
        found: dict[str, int] = {}
        for line in self.report.items:
            if line.goes:
                found[line.kind] = found.get(line.kind, 0) + line.goes
        return found

    @cached_property
    def held(self) -> bool:
        """A hold or restriction of the person keeps something."""
        return any(line.held for line in self.report.items)

    def stays(self, *, beside: tuple[str, ...] = ()) -> tuple[Stays, ...]:
        """What stays, kind by kind and purpose by purpose, leaving out some purposes."""
        found: dict[tuple[str, str], _Told] = {}
        for line in self.report.items:
            for stay in line.why:
                if stay.purpose not in beside:
                    told = found.get((line.kind, stay.purpose))
                    if told is None:
                        told = found[line.kind, stay.purpose] = _Told(stay.law)
                    told.cells += stay.cells
                    told.running |= stay.running > 0
                    if stay.last is not None and (told.last is None or stay.last > told.last):
                        told.last = stay.last
                    told.items.append(line.item)
        return tuple(
            Stays(kind, purpose, told.law, told.cells, told.last, told.running, tuple(told.items))
            for (kind, purpose), told in found.items()
        )

    @property
    def mark(self) -> str:
        lines = [
            f"{line.kind}.{line.item}:{line.goes}:{'' if line.kind in self.built_in else line.stays}"
            for line in self.report.items
            if line.goes or line.kind not in self.built_in
        ]
        lines += [f"consent {purpose}:{count}" for purpose, count in self.ended.items()]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def preview_erasure(
    store: RegisterStore,
    request: int,
    *,
    kept: Mapping[str, str] | None = None,
    ban: bool = True,
    actor: Actor,
    now: dt.datetime,
) -> Erasure:
    """What :func:`erase` would do now, to the cell: it is done and taken back. Journaled as a look."""
    made: list[Erasure] = []
    with taken_back(store, now) as work:
        found = open_one(store, work, request)
        need_identity(found)
        made.append(_erase(store, work, found, kept or {}, ban=ban, dry_run=True)[0])
    with store.write(now) as work:
        log(work, actor, "look", found.person, note="erasure", count=made[0].goes)
    return made[0]


def erase(
    store: RegisterStore,
    request: int,
    *,
    kept: Mapping[str, str] | None = None,
    ban: bool = True,
    expected: str = "",
    text: str = "",
    actor: Actor,
    now: dt.datetime,
) -> Erasure:
    """Carry it out and close the request, in one transaction.

    ``kept``: purpose -> the compelling grounds for which its objection is refused (Art. 21(1)); marketing is never
    kept. ``ban``: leave a ban, so that an address that comes back is not marketed to; the person may ask to be without.
    ``expected`` is the ``mark`` of the preview: raises ChangedMeanwhileError when it would do something else now.
    What stays is the reason told to the person, with the complaint and the court (Art. 12(4)).
    """
    with store.write(now) as work:
        found = open_one(store, work, request)
        need_identity(found)
        done, voice = _erase(store, work, found, kept or {}, ban=ban, dry_run=False)
        if expected and done.mark != expected:
            raise ChangedMeanwhileError(
                "Tiedot ovat muuttuneet sen jälkeen, kun katsoit. Mitään ei poistettu. Katso uudelleen.",
                "The data have changed since you looked. Nothing was erased. Look again.",
            )
        add_step(work, request, "executed")
        _close(store, work, found, done, voice, text, kept or {}, actor)
    wipe(store)
    return done


def _erase(
    store: RegisterStore, work: Work, found: Request, kept: Mapping[str, str], *, ban: bool, dry_run: bool
) -> tuple[Erasure, Voice]:
    voice = Voice(store.register, found.language)
    own = gather(store, work.conn, found.person, now=work.now, whole=False, kinds=telling(store.register))
    _forget_unconfirmed(work, found.person)
    ended = withdraw_consents(store, work, found.person)
    # Where the notice promises to erase on request, no ground of ours is weighed against it.
    weighed = {} if store.register.notice.gives_more.get("erasure") else kept
    upheld = uphold_objections(store, work, found.person, ended_by_erasure(store.register), weighed)
    if ban and any(purpose.nature == "marketing" for purpose in store.register.purposes.values()):
        ban_all(work, found.person)
    elif not ban:
        _unban(store, work, found.person)
    done = let_go(store, work, found.person, ended=ended, upheld=upheld, dry_run=dry_run)
    # What is on hold goes by this erasure too, when the hold ends: who received any of it is a task already now.
    who = who_received(voice, own, None if done.held else _went(own, done))
    return replace(done, told=add_notices(work, found.id, who)), voice


def _forget_unconfirmed(work: Work, person: int) -> None:
    """What waits to be confirmed by e-mail is theirs too, with the address that the letter goes to."""
    items = work.register.tables[PERSON].kind.items
    emails = [name for name, item in items.items() if item.type == "email"]
    held = read_cells(work.conn, work.keys, work.register, PERSON, person, emails)
    known = {str(each) for several in held.values() for each in several}
    unconfirmed.forget(work.conn, person, {fingerprint(work.keys, "email", each) for each in known})


def _went(own: Own, done: Erasure) -> set[Place]:
    """What an erasure lets go: of those who received only what stays nobody has anything to forget (Art. 19).

    Each item that goes is among it once without a row, for a disclosure may name what ``own`` was not read for.
    """
    went = {(line.kind, line.item) for line in done.report.items if line.goes}
    places = {place for place in own.places if (place[0], place[2]) in went}
    return places | {(kind, 0, item) for kind, item in went}


def let_go(
    store: RegisterStore,
    work: Work,
    person: int,
    *,
    ended: Mapping[str, int],
    upheld: tuple[str, ...] = (),
    dry_run: bool,
) -> Erasure:
    """After the events of an act: remove what nobody needs of the person any more, and say what that was."""
    swept = sweep_within(work, {PERSON: {person}})
    made = report(work.conn, store.register, swept, at=work.now, dry_run=dry_run)
    return Erasure(made, ended, upheld, (), store.register.built_in, marked(work.conn, store.register, person))


def notify(store: RegisterStore, work: Work, found: Request, before: Own, done: Erasure) -> Erasure:
    """Tasks to tell those who received what an objection or a withdrawal let go, and nobody else (Art. 19).

    ``before``: all of the person as it was before the act; what a consent that ends let go was given by that consent.
    """
    if not done.goes:
        return done
    who = received_of_gone(store, work, Voice(store.register, found.language), before, done)
    return replace(done, told=add_notices(work, found.id, who))


def received_of_gone(
    store: RegisterStore, work: Work, voice: Voice, before: Own, done: Erasure
) -> Mapping[str, tuple[str, ...]]:
    """Who received any of what an act let go, with the items; ``before`` is all of the person before the act."""
    left = gather(store, work.conn, before.person, now=work.now, whole=False).places
    went = {place for place in before.places - left if done.report.line(place[0], place[2]).goes}
    return who_received(voice, before, went)


def _unban(store: RegisterStore, work: Work, person: int) -> None:
    """Bans that stood before end too, and no hash of any stays: the person asked for that, knowing what they lose."""
    for row in read_rows(store, work.conn, "ban", PERSON, [person]):
        changes = {} if "lifted_at" in row else {"lifted_at": work.now}
        if changes or PRINTS in row:
            work.update("ban", row["id"], changes | ({PRINTS: None} if PRINTS in row else {}))


def proof(store: RegisterStore) -> tuple[str, ...]:
    """The built-in purposes: what was said and asked stays as proof, and is no part of what was asked to be erased."""
    return tuple(key for key, purpose in store.register.purposes.items() if purpose.nature == "accountability")


def _close(
    store: RegisterStore,
    work: Work,
    found: Request,
    done: Erasure,
    voice: Voice,
    text: str,
    kept: Mapping[str, str],
    actor: Actor,
) -> Done:
    stays = done.stays(beside=proof(store))
    outcome: Literal["done", "partly_done", "refused"] = "partly_done" if stays or done.held else "done"
    if stays and not done.goes and not done.ended:
        outcome = "refused"
    told = [text.strip()] if text.strip() else []
    told += [*gone_lines(voice, done), *_ended_lines(voice, done)]
    if not stays and not done.held:
        told += [voice.say("erasure.nothing_stays"), _proof_line(voice, done)]
    reasons = [*stay_lines(voice, done, stays), *_weighed(voice, done, kept)]
    if reasons:
        reasons += [voice.say("erasure.proof_stays"), _proof_line(voice, done)]
    reason = "\n".join(reasons)
    gone = entry(work, actor, "erase", found.person, count=done.goes)
    return close(store, work, found, outcome, text="\n".join(told), reason=reason, beside=[gone], actor=actor)


def gone_lines(voice: Voice, done: Erasure) -> list[str]:
    """What was removed, in the person's words, the mark that stays of a ban, and who is told."""
    lines = []
    if done.gone:
        kinds = voice.t.w.listed(voice.t.w.low(voice.plural(kind)) for kind in done.gone)
        lines.append(f"{voice.say('erasure.goes')}: {voice.count('count', done.goes)} ({kinds}).")
        if done.ban_stays:
            lines.append(voice.say("erasure.ban_stays"))
    if done.told and done.gone:
        lines.append(voice.say("erasure.told", who=voice.t.w.listed(done.told)))
    return lines


def _ended_lines(voice: Voice, done: Erasure) -> Iterator[str]:
    """What an erasure ends beside what it removes: consents, and marketing."""
    if done.ended:
        yield voice.say("done.consents_end", purposes=voice.purposes(list(done.ended)))
    if any(voice.register.purposes[key].nature == "marketing" for key in done.upheld):
        yield voice.say("erasure.no_marketing")


def _proof_line(voice: Voice, done: Erasure) -> str:
    """Why what was said and asked stays as proof, each kind of it with its period, and the law (Art. 12(4))."""
    kinds = {REQUEST, *(line.kind for line in done.report.items if line.why)}
    periods, laws = voice.register.once(("proof told", voice.lang), lambda: _proof_told(voice))
    what = voice.t.w.listed([told for kind, told in periods if kind in kinds])
    return voice.say("erasure.proof", what=what, laws=laws).strip()


def _proof_told(voice: Voice) -> tuple[list[tuple[str, str]], str]:
    """Kinds of proof, each with its period, and the law."""
    keeping = [each for each in voice.register.purposes.values() if each.nature == "accountability"]
    periods = [
        (keep.matter, f"{voice.t.w.low(voice.plural(keep.matter))} ({voice.t.periods.rule(keep)})")
        for purpose in keeping
        for keep in purpose.keep
    ]
    return periods, " ".join(voice.t.w.sentence(voice.laws(each.key)) for each in keeping)


def weighable(store: RegisterStore, upheld: Sequence[str]) -> tuple[str, ...]:
    """Of purposes that an erasure ends as objected to, those for which compelling grounds may be weighed (Art. 21(1)):
    never marketing, and none where the notice promises to erase on request.
    """
    if store.register.notice.gives_more.get("erasure"):
        return ()
    purposes = store.register.purposes
    return tuple(key for key in purposes if key in upheld and purposes[key].nature != "marketing")


def _weighed(voice: Voice, done: Erasure, kept: Mapping[str, str]) -> Iterator[str]:
    """What goes on for compelling grounds, and the grounds: it is the controller who shows them."""
    for key, why in kept.items():
        if key not in done.upheld and why.strip():
            purpose = voice.t.w.low(voice.t.name(voice.register.purposes[key]))
            yield voice.say("erasure.compelling", purpose=purpose, why=why.strip())


def stay_lines(voice: Voice, done: Erasure, stays: tuple[Stays, ...]) -> list[str]:
    """What stays in the person's words, a line for each kind and purpose: what for, on which basis, until when."""
    lines = []
    for each in stays:
        purpose = voice.register.purposes[each.purpose]
        until = voice.say("erasure.running")
        if each.last is not None and not each.running:
            until = voice.say("erasure.until", date=voice.t.w.date(each.last))
        items = voice.t.w.listed([voice.low_label(each.kind, item) for item in each.items])
        what = voice.say("erasure.yours" if each.kind == PERSON else "erasure.of_kind", kind=voice.plural(each.kind),
                         items=items)  # fmt: skip
        basis = voice.t.w.low(voice.t.w.say(f"basis.{purpose.basis}"))
        said = voice.say("erasure.line", what=what, purpose=voice.t.name(purpose), basis=basis, until=until)
        law = voice.laws(each.purpose)
        lines.append(" ".join(voice.t.w.sentence(part) for part in (said, law) if part))
    cited = [law for each in stays for law in voice.register.purposes[each.purpose].law]
    lines += [voice.t.pick(text) for text in also_kept_by(cited)]
    if done.held:
        lines.append(voice.t.w.sentence(voice.say("erasure.held")))
    return lines
