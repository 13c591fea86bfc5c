"""What an operation did is written into the journal last of all, so that whoever has its end waits for nobody."""

from __future__ import annotations

import ast
import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.operations.conftest import SALES, contact

from seloste.catalogue.model import PERSON
from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.records.rectify import rectify
from seloste.operations.retention.sweep import sweep, sweep_person, taken_back
from seloste.operations.rights.erase import erase, preview_erasure
from seloste.operations.rights.receive import receive
from seloste.store.dialects.postgresql_sent import SendingConnection
from seloste.store.dialects.sqlite import SqliteConnection
from seloste.store.journal import Entry, verify
from seloste.store.registers import RegisterStore
from seloste.store.verify import verify_derived
from seloste.store.work import NotNeededError, Work

SOURCE = Path(__file__).parent.parent.parent / "src" / "seloste"

Word = Callable[[RegisterStore, int, dt.datetime], object]


def verbs(store: RegisterStore) -> list[str]:
    with store.database.read() as conn:
        return [str(verb) for (verb,) in conn.execute("SELECT verb FROM journal ORDER BY seq")]


def hold(store: RegisterStore, person: int, now: dt.datetime, actor: Actor = SALES) -> object:
    later = now.date() + dt.timedelta(days=30)
    return say.hold(store, person, "Riita", owner="a9", review_on=later, actor=actor, now=now)


def ban(store: RegisterStore, person: int, now: dt.datetime) -> object:
    return say.ban(store, person, "phone", actor=SALES, now=now)


def restrict(store: RegisterStore, person: int, now: dt.datetime) -> object:
    return say.restrict(store, person, "accuracy", actor=SALES, now=now)


def correct(store: RegisterStore, person: int, now: dt.datetime) -> object:
    return rectify(store, PERSON, person, {"first_name": "Saara"}, source="subject", actor=SALES, now=now)


def asked_to_erase(store: RegisterStore, person: int, now: dt.datetime) -> int:
    known = frozenset({"strong"})
    return receive(store, "erasure", channel="email", person=person, evidence=known, actor=CLI, now=now).id


# --- two who write about one person -----------------------------------------------------------------------------------


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("word", [hold, restrict])
def test_a_word_of_a_person_and_a_correction_of_them_do_not_wait_for_each_other(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch, word: Word
) -> None:
    """The word has written its event, and the correction the person, before either goes on."""
    person = contact(store, fixed_now)
    said, corrected, failed = threading.Event(), threading.Event(), []
    settle, update = Work.settle, Work.update

    def settles(work: Work) -> None:
        if threading.current_thread().name == "word":
            said.set()
            assert corrected.wait(20)
        settle(work)

    def updates(work: Work, kind: str, row: int, changes: Mapping[str, Any]) -> bool:
        done = update(work, kind, row, changes)
        if threading.current_thread().name == "correction" and not corrected.is_set():
            assert isinstance(work.conn, SendingConnection)
            work.conn.flush()
            corrected.set()
        return done

    monkeypatch.setattr(Work, "settle", settles)
    monkeypatch.setattr(Work, "update", updates)

    def run(deed: Callable[[], object], after: threading.Event | None = None) -> None:
        try:
            assert after is None or after.wait(20)
            deed()
        except BaseException as problem:  # noqa: BLE001  the test tells of it
            failed.append(problem)
            corrected.set()

    both = [
        threading.Thread(target=run, args=(lambda: word(store, person, fixed_now),), name="word"),
        threading.Thread(target=run, args=(lambda: correct(store, person, fixed_now), said), name="correction"),
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert failed == []
    assert sorted(verbs(store)[-2:]) == sorted(["change", word.__name__])
    assert verify(store.database).ok and verify_derived(store, fixed_now).ok


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_of_two_words_of_one_person_the_second_is_judged_by_the_first(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have said it before either derives from it; had the second not waited, it would undo the first."""
    person, failed = contact(store, fixed_now), []
    said, first, second = threading.Barrier(2), threading.Event(), threading.Event()
    settle, judge = Work.settle, Work._judge

    def settles(work: Work) -> None:
        said.wait(20)
        if threading.current_thread().name == "second":
            assert first.wait(20)
        settle(work)

    def judges(work: Work) -> Iterator[tuple[str, int, str]]:
        # What is derived has been computed, and nobody else sees it yet.
        if threading.current_thread().name == "second":
            second.set()
        else:
            first.set()
            second.wait(3)
        return judge(work)

    monkeypatch.setattr(Work, "settle", settles)
    monkeypatch.setattr(Work, "_judge", judges)

    def run(deed: Word) -> None:
        try:
            deed(store, person, fixed_now)
        except BaseException as problem:  # noqa: BLE001  the test tells of it
            failed.append(problem)

    both = [
        threading.Thread(target=run, args=(hold,), name="first"),
        threading.Thread(target=run, args=(restrict,), name="second"),
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert failed == []
    assert verbs(store)[-2:] == ["hold", "restrict"]
    assert verify_derived(store, fixed_now).differences == ()


@pytest.mark.parametrize("prepared_url", ["postgresql"], indirect=True)
def test_a_hold_placed_while_somebody_is_erased_is_no_hold_on_what_was_there_before(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was in the journal before the erasure, which knew nothing of it and took away the bit by which it holds."""
    person, failed = contact(store, fixed_now), []
    asked = asked_to_erase(store, person, fixed_now)
    erasing, held = threading.Event(), threading.Event()
    judge = Work._judge

    def judges(work: Work) -> Iterator[tuple[str, int, str]]:
        if threading.current_thread().name == "erasure" and not erasing.is_set():
            erasing.set()
            held.wait(3)
        return judge(work)

    monkeypatch.setattr(Work, "_judge", judges)

    def run(deed: Callable[[], object]) -> None:
        try:
            deed()
        except BaseException as problem:  # noqa: BLE001  the test tells of it
            failed.append(problem)

    def holds() -> None:
        assert erasing.wait(20)
        hold(store, person, fixed_now, actor=CLI)
        held.set()

    both = [
        threading.Thread(target=run, args=(lambda: erase(store, asked, actor=CLI, now=fixed_now),), name="erasure"),
        threading.Thread(target=run, args=(holds,), name="hold"),
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert failed == []
    assert verbs(store)[-2:] == ["erase", "hold"]
    assert verify_derived(store, fixed_now).differences == ()


# --- what is written after it -----------------------------------------------------------------------------------------


class Said:
    """Every statement of each transaction, in order."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.of: dict[int, list[str]] = {}
        self._kept: list[object] = []
        """A connection that went would give its number to the next."""
        # Where each of them goes through, whichever way it was said.
        doors = {SqliteConnection: ("execute", "executemany", "fetch"), SendingConnection: ("_say", "fetch")}
        for made, names in doors.items():
            for name in (*names, "append"):
                self._watch(patch, made, name)

    def _watch(self, patch: pytest.MonkeyPatch, made: Any, name: str) -> None:
        run = getattr(made, name)

        def watched(conn: Any, sql: str, *args: Any) -> Any:
            self._note(conn, sql)
            return run(conn, sql, *args)

        patch.setattr(made, name, watched)

    def _note(self, conn: object, sql: str) -> None:
        if id(conn) not in self.of:
            self._kept.append(conn)
        self.of.setdefault(id(conn), []).append(sql)

    def after_the_journal(self) -> tuple[int, list[str]]:
        """In how many transactions the journal was written, and what of its rows' was said after it."""
        written, late = 0, []
        for said in self.of.values():
            first = next((at for at, sql in enumerate(said) if sql == "journal" or '"journal"' in sql), None)
            if first is not None:
                written += 1
                late += [sql for sql in said[first:] if "journal" not in sql]
        return written, late


def test_nothing_is_said_after_the_journal(
    store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Said(monkeypatch)
    person, other = contact(store, fixed_now), contact(store, fixed_now, first="Anne")
    later = fixed_now + dt.timedelta(days=1)
    for deed in (hold, ban, correct, restrict):
        deed(store, person, fixed_now)
    say.lift_restriction(store, person, actor=SALES, now=fixed_now)
    say.release(store, person, actor=SALES, now=fixed_now)
    # With a reason it is not written at once.
    say.object_to(store, person, "marketing", reason="ei enää", actor=SALES, now=fixed_now)
    asked = asked_to_erase(store, other, fixed_now)
    preview_erasure(store, asked, actor=CLI, now=later)
    erase(store, asked, actor=CLI, now=later)
    sweep_person(store, person, now=later, actor=CLI)
    sweep(store, now=later + dt.timedelta(days=9000), actor=CLI)
    written, late = said.after_the_journal()
    assert late == []
    assert written >= 12
    assert verbs(store).count("sweep") > 1
    assert verify(store.database).ok


# --- with the operation, or not at all --------------------------------------------------------------------------------


def test_of_what_is_taken_back_or_refused_nothing_is_written(store: RegisterStore, fixed_now: dt.datetime) -> None:
    before = verbs(store)
    entry = Entry(fixed_now, "a1", "sales", "store", PERSON)
    with taken_back(store, fixed_now) as work:
        work.journal.add(entry)
        work.settled()
    with pytest.raises(NotNeededError), store.write(fixed_now) as work:
        work.journal.add(entry)
        # Alone they are of use to nobody.
        work.insert(PERSON, {"first_name": "Sari"}, source="subject")
    assert verbs(store) == before


def test_entries_are_written_in_the_order_in_which_they_were_kept(store: RegisterStore, fixed_now: dt.datetime) -> None:
    before = verbs(store)

    def entry(verb: str, count: int = 1) -> Entry:
        return Entry(fixed_now, "a1", "sales", verb, PERSON, count=count)

    with store.write(fixed_now) as work:
        work.journal.add(entry("store"), entry("change"))
        asked = ("SELECT 7", {})
        work.journal.add_asking([asked, asked], lambda found: entry("look", sum(each.all()[0][0] for each in found)))
        work.journal.add(entry("remove"))
        work.journal.add_asking([asked], lambda found: entry("export", found[0].all()[0][0]))
    assert verbs(store) == [*before, "store", "change", "look", "remove", "export"]
    with store.database.read() as conn:
        counts = conn.execute("SELECT count FROM journal WHERE verb IN ('look', 'export') ORDER BY seq").all()
    assert counts[-2:] == [(14,), (7,)]
    assert verify(store.database).ok


def test_a_deed_after_the_end_is_no_deed(store: RegisterStore, fixed_now: dt.datetime) -> None:
    with store.write(fixed_now) as work:
        pass
    with pytest.raises(AssertionError):
        work.journal.add(Entry(fixed_now, "a1", "sales", "store", PERSON))


def test_an_operation_without_a_deed_lets_others_write(store: RegisterStore, fixed_now: dt.datetime) -> None:
    asked: list[str] = []
    with store.write(fixed_now) as work:
        work.conn = _Listening(work.conn, asked)  # type: ignore[assignment]
    assert not any("journal" in sql for sql in asked)


class _Listening:
    def __init__(self, conn: Any, asked: list[str]) -> None:
        self._conn, self._asked = conn, asked

    def ask(self, asked: Any) -> Any:
        self._asked += [sql for sql, _ in asked]
        return self._conn.ask(asked)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._conn, name)


# --- who appends by themselves ----------------------------------------------------------------------------------------

ACCOUNTS = "the journal of the installation, of accounts and roles"
ALONE = "nobody else is in the register"
NO_ROW = "it is all that is written"
LAST = "the last of what is written at once, on SQLite"
BY_THEMSELVES = {
    "cli/journal.py": NO_ROW,
    "operations/accounts": ACCOUNTS,
    "operations/backup/backup.py": ACCOUNTS,
    "operations/backup/restore.py": ACCOUNTS,
    "operations/evidence/pack.py": NO_ROW,
    "operations/journal.py": NO_ROW,
    "operations/permissions/audience_file.py": NO_ROW,
    "operations/portal/prove.py": NO_ROW,
    "operations/portal/signing.py": NO_ROW,
    "operations/records/export.py": NO_ROW,
    "operations/records/reveal.py": NO_ROW,
    "operations/register/move.py": ALONE,
    "operations/rights/calendar.py": ACCOUNTS,
    "operations/verify.py": NO_ROW,
    "store/apply.py": ALONE,
    "store/at_once.py": LAST,
    "store/corrected_at_once.py": LAST,
    "web/app.py": ACCOUNTS,
}
"""Why a file, or all of a folder, appends to a journal and keeps no entry for the end of an operation."""


def appends(source: Path) -> Iterator[tuple[Path, ast.FunctionDef, ast.Call]]:
    """Each call that appends to a journal at once, with the function that it stands in."""
    for path in sorted(source.rglob("*.py")):
        if path == source / "store" / "journal.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "seloste.store.journal"
            for alias in node.names
            if alias.name in ("append", "append_all")
        }
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and (
                    getattr(node.func, "id", "") in named
                    or ast.unparse(node.func) in ("journal.append", "journal.append_all")
                ):
                    yield path.relative_to(source), function, node


def within_work(function: ast.FunctionDef) -> bool:
    """Whether a function has the work of an operation, given or begun."""
    return any(
        (isinstance(node, ast.arg) and node.annotation is not None and ast.unparse(node.annotation) == "Work")
        or (isinstance(node, ast.withitem) and ".write(" in ast.unparse(node.context_expr))
        for node in ast.walk(function)
    )


def at_once(source: Path) -> list[str]:
    """Who appends to a journal though an operation is to write its entries at its end."""
    found = []
    for path, function, call in appends(source):
        known = {path.as_posix(), path.parent.as_posix()} & BY_THEMSELVES.keys()
        if not known or within_work(function):
            found.append(f"{path.as_posix()}:{call.lineno}: {function.name}")
    return found


def test_no_operation_appends_to_the_journal_itself() -> None:
    assert at_once(SOURCE) == []
    there = {path.as_posix() for path, _, _ in appends(SOURCE)}
    assert {each for each in BY_THEMSELVES if not any(path.startswith(each) for path in there)} == set()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("operations/new.py", "from seloste.store.journal import append\ndef f(conn, entry):\n    append(conn, entry)"),
        (
            "operations/verify.py",
            "from seloste.store import journal\ndef f(store, now):\n    with store.write(now) as work:\n"
            "        journal.append_all(work.conn, [])",
        ),
        (
            "operations/records/export.py",
            "from seloste.store.journal import append as put\ndef f(work: Work):\n    put(work.conn, 1)",
        ),
    ],
)
def test_it_sees_who_does(tmp_path: Path, path: str, text: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    assert len(at_once(tmp_path)) == 1
