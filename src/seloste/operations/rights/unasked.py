"""What is said or corrected outside a request, and those who received the data that it is about (Art. 19).

Where a withdrawal or an objection lets go, or the staff correct, what others received, it is written down as a request
too, received and answered at once. So the tasks to tell them stand where all such tasks do, and the person finds what
was done among their requests. Nobody asked in any way, so it is in no figure of answers given in time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from seloste.catalogue.model import PERSON
from seloste.compiler.guard import guard_of
from seloste.compiler.register import Register
from seloste.notice.model import Ref
from seloste.operations.actor import Actor
from seloste.operations.records.model import show, title
from seloste.operations.retention.report import SweepReport, report
from seloste.operations.retention.sweep import log_swept, sweep_within
from seloste.operations.rights.corrected import named
from seloste.operations.rights.erase import ChangedMeanwhileError, Erasure, gone_lines, received_of_gone
from seloste.operations.rights.gather import gather
from seloste.operations.rights.model import REQUEST
from seloste.operations.rights.own import Own, Place
from seloste.operations.rights.recipients import add_notices, telling, who_received
from seloste.operations.rights.rows import add_step, log, read_rows
from seloste.operations.rights.say import Voice
from seloste.store.bans import marked
from seloste.store.journal import Entry
from seloste.store.registers import RegisterStore
from seloste.store.work import Work

REACHED_BY = ("email", "phone")
"""Types of item by which a recipient knows a person, beside the name."""


class ErasesError(ChangedMeanwhileError):
    """A word would erase other things than its sayer was shown; nothing was done. ``gone`` is what it would erase."""

    def __init__(self, gone: Erasure, look: Entry) -> None:
        super().__init__(
            "Tämä poistaisi muuta kuin näit. Mitään ei tehty. Katso, mitä poistuu, ja ratkaise sitten.",
            "This would erase other things than you saw. Nothing was done. Look at what goes, then decide.",
        )
        self.gone = gone
        self.look = look


@contextmanager
def seen_first(store: RegisterStore) -> Iterator[None]:
    """Around the transaction of a word: whoever is shown what it would erase has looked at it.

    That is journaled once the transaction is over, which has the end of the journal until then.
    """
    try:
        yield
    except ErasesError as shown:
        store.reads.queue(shown.look)
        raise


@dataclass(frozen=True, slots=True)
class Word:
    """A no as its request tells it: ``right`` is withdrawal or objection, ``ended`` counts the consents it ended.

    ``how`` the person was known, where it came from themselves.
    """

    right: str
    purpose: str
    ended: int = 0
    language: str = ""
    how: str = ""


def let_go_said(
    store: RegisterStore,
    work: Work,
    subject_kind: str,
    subject: int,
    word: Word,
    *,
    seen: str | None = None,
    actor: Actor,
) -> Erasure | None:
    """Remove what nobody needs of a subject any more, in the transaction of what they said, and have it told.

    None where nothing was held by the yes that ended alone. What time has let go meanwhile is hidden already, and the
    register's own sweep takes it. ``seen`` is the ``mark`` of what whoever writes it down was shown, empty when nothing
    was, None when nobody is asked: raises ErasesError when it would erase something else, to pass ``seen_first``.
    """
    work.settled()
    if not work.lets_go(subject_kind, subject):
        return None
    persons = (subject,) if subject_kind == PERSON else ()
    return let_go_rows(store, work, {subject_kind: {subject}}, persons, word, seen=seen, actor=actor)


def let_go_rows(
    store: RegisterStore,
    work: Work,
    rows: Mapping[str, set[int]],
    persons: tuple[int, ...],
    word: Word,
    *,
    seen: str | None = None,
    actor: Actor,
) -> Erasure:
    """The same of rows and of those whom they are about, whatever ended."""
    before = {person: _before(store, work, person) for person in persons}
    work.conn.narrow()
    swept = sweep_within(work, rows)
    log_swept(work, swept, work.now, actor, persons=persons)
    made = report(work.conn, work.register, swept, at=work.now, dry_run=False)
    gone = _gone(store, work, made, word, persons)
    for person, own in before.items():
        gone = _told(store, work, own, gone, word, person, actor)
    if seen is not None and gone.goes and gone.mark != seen:
        look = Entry(work.now, actor.account, actor.lens, "look", REQUEST, persons, (), gone.goes, note=word.right)
        raise ErasesError(gone, look)
    return gone


def _before(store: RegisterStore, work: Work, person: int) -> Own:
    """All of a person as it was before this transaction: what a yes that ends held, and who got it by that yes."""
    with store.database.read() as conn:
        return gather(store, conn, person, now=work.now, whole=False)


def _gone(store: RegisterStore, work: Work, made: SweepReport, word: Word, persons: Sequence[int]) -> Erasure:
    register = store.register
    ended = {word.purpose: word.ended} if word.ended else {}
    upheld = (word.purpose,) if word.right == "objection" else ()
    stays = any(marked(work.conn, register, person) for person in persons)
    return Erasure(made, ended, upheld, (), register.built_in, stays)


def _told(store: RegisterStore, work: Work, own: Own, gone: Erasure, word: Word, person: int, actor: Actor) -> Erasure:
    """The tasks to tell those who received any of what went, under a request that says what was done."""
    if not gone.goes:
        return gone
    voice = Voice(store.register, word.language)
    who = received_of_gone(store, work, voice, own, gone)
    if not who:
        return gone
    gone = replace(gone, told=tuple(who))
    if word.right == "objection":
        said = voice.say("done.objected", purposes=voice.purposes([word.purpose]))
    else:
        said = voice.say("done.withdrawn", purposes=voice.purposes([word.purpose]))
    called = _called(store, work, voice, own)
    lines = [said, *gone_lines(voice, gone), *([voice.say("done.kept_to_tell")] if called else [])]
    _write_down(work, person, word, lines, who, called, actor)
    return replace(gone, kept=called)


def _called(store: RegisterStore, work: Work, voice: Voice, own: Own) -> str:
    """By what recipients know somebody whose name has gone: it is kept until they are told. Empty where it stays.

    What a guard sealed is not among it: on a request it would be read without a reason.
    """
    kind = store.register.tables[PERSON].kind
    rows = read_rows(store, work.conn, PERSON, "id", [own.person])
    if rows and title(kind, rows[0]):
        return ""
    held = next((row.values for row in own.rows if (row.kind, row.id) == (PERSON, own.person)), {})
    guard = guard_of(store.register, PERSON)
    sealed = guard.columns if guard is not None and any(name in held for name in kind.guards) else ()
    shown = (
        show(item, held[name][:1] if item.many else held[name], voice.lang)
        for name, item in kind.items.items()
        if item.type in REACHED_BY and not item.sensitive and name in held and name not in sealed
    )
    return ", ".join(filter(None, (title(kind, held), next(shown, ""))))


# --- corrections ------------------------------------------------------------------------------------------------------


def may_be_told(register: Register, kind: str) -> bool:
    """Whether anybody outside may have received anything of a kind, by the notice."""
    return any(ref.kind == kind for one in register.notice.recipients for ref in one.gets)


def tell_corrected(
    store: RegisterStore, work: Work, kind: str, row: int, items: Collection[str], persons: Iterable[int], actor: Actor
) -> tuple[str, ...]:
    """What is about to be corrected was wrong: tasks to tell those who received it, and who they are.

    A request of the person for correction that waits makes its own tasks when it is answered.
    """
    told: dict[str, None] = {}
    for person in persons:
        if _asked_already(store, work, person):
            continue
        voice = Voice(store.register, "")
        own = gather(store, work.conn, person, now=work.now, whole=False, kinds=telling(store.register))
        places: set[Place] = {(kind, row, item) for item in items}
        if kind == PERSON and not set(store.register.tables[PERSON].kind.title).isdisjoint(items):
            places |= _naming(store.register, own)
        who = who_received(voice, own, places)
        if who:
            lines = [
                voice.say("done.corrected", items=named(voice, [Ref(kind, item) for item in items])),
                voice.say("done.corrected_told", who=voice.t.w.listed(who)),
            ]
            _write_down(work, person, Word("rectification", ""), lines, who, "", actor)
            told |= dict.fromkeys(who)
    return tuple(told)


def _naming(register: Register, own: Own) -> set[Place]:
    """Cells that point at the person, as who takes a delivery: whoever received one received the name."""
    return {
        (row.kind, row.id, name)
        for row in own.rows
        for name, value in row.values.items()
        if (item := register.tables[row.kind].kind.items.get(name)) is not None
        and item.refers_to == PERSON
        and value == own.person
    }


def _asked_already(store: RegisterStore, work: Work, person: int) -> bool:
    rows = read_rows(store, work.conn, REQUEST, PERSON, [person])
    return any(row.get("right") == "rectification" and "answered_at" not in row for row in rows)


def _write_down(
    work: Work,
    person: int,
    word: Word,
    lines: Sequence[str],
    who: Mapping[str, Sequence[str]],
    called: str,
    actor: Actor,
) -> None:
    values = {
        "asked_by": called or None,
        "right": word.right,
        "language": word.language or None,
        "received_at": work.now,
        "answered_at": work.now,
        "state": "done",
        "answer": "\n".join(lines),
        PERSON: person,
    }
    number = work.insert(REQUEST, values, source="own_records")
    if word.how:
        add_step(work, number, "identified", how=word.how)
    add_step(work, number, "executed")
    add_notices(work, number, who)
    log(work, actor, "receive_request", person, note=word.right)


__all__ = ["ErasesError", "Word", "let_go_rows", "let_go_said", "may_be_told", "seen_first", "tell_corrected"]
