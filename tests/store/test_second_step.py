"""One-time codes, recovery codes and fresh proof, on both engines; and guesses at them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seloste.clock import to_utc_text
from seloste.operations.accounts import change, proof, totp
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.errors import (
    AccountError,
    CodeRefusedError,
    HalfGoneError,
    SignInRefusedError,
    SignInThrottledError,
)
from seloste.operations.accounts.means import means_of
from seloste.operations.accounts.second_step import (
    TurnedOn,
    begin_codes,
    begun_codes,
    finish_sign_in,
    new_recovery_codes,
    remove_codes,
    turn_on_codes,
)
from seloste.operations.accounts.session import Open, use_session
from seloste.operations.accounts.sign_in import SignedIn, sign_in
from seloste.operations.actor import CLI
from seloste.settings import Settings
from seloste.store import journal
from seloste.store.deployment import MIGRATIONS, migrate, open_deployment
from seloste.store.engine import Database, open_database
from seloste.store.keys import Keys
from seloste.store.sessions import digest

EMAIL, PASSWORD, SOURCE = "hanna.ojala@fluxio.example", "kolme pientä kuusta", "192.0.2.7"
KEYS = Keys(b"k" * 32, "")


@pytest.fixture
def deployment(database_url: str, tmp_path: Path) -> Iterator[Database]:
    url = None if database_url.startswith("sqlite") else database_url
    database = open_deployment(Settings(data_dir=tmp_path, database_url=url))
    yield database
    database.close()


class Hanna:
    """Somebody with an account, and the app on her phone."""

    def __init__(self, deployment: Database, now: datetime) -> None:
        self.deployment, self.now, self.app = deployment, now, b""
        self.id = create_account(deployment, EMAIL, "Hanna Ojala", password=PASSWORD, actor=CLI, now=now).account

    def later(self, **much: float) -> None:
        self.now += timedelta(**much)

    def enter(self, password: str = PASSWORD) -> SignedIn:
        return sign_in(self.deployment, EMAIL, password, source=SOURCE, now=self.now)

    def opened(self, token: str) -> Open:
        found = use_session(self.deployment, token, now=self.now)
        assert found is not None
        return found

    def code(self, steps: int = 0) -> str:
        return totp.code(self.app, int(self.now.timestamp()) // 30 + steps)

    def finish(self, half: str, typed: str, source: str = SOURCE) -> SignedIn:
        return finish_sign_in(self.deployment, KEYS, half, typed, source=source, now=self.now)

    def turn_on(self, opened: Open) -> TurnedOn:
        import base64

        begin_codes(self.deployment, KEYS, self.id, now=self.now)
        begun = begun_codes(self.deployment, KEYS, opened.account, issuer="Seloste", now=self.now)
        assert begun is not None
        assert begun.uri.startswith("otpauth://totp/Seloste:hanna.ojala%40fluxio.example?")
        self.app = base64.b32decode(begun.secret.replace(" ", ""))
        return turn_on_codes(self.deployment, KEYS, opened, self.code(), source=SOURCE, now=self.now)


@pytest.fixture
def hanna(deployment: Database, fixed_now: datetime) -> Hanna:
    return Hanna(deployment, fixed_now)


@pytest.fixture
def with_codes(hanna: Hanna) -> tuple[Hanna, TurnedOn]:
    done = hanna.turn_on(hanna.opened(hanna.enter().token))
    hanna.later(minutes=1)
    return hanna, done


def test_an_installation_from_before_gets_the_tables_and_keeps_its_sessions(
    database_url: str, tmp_path: Path, fixed_now: datetime
) -> None:
    url = database_url if database_url.startswith("postgres") else f"sqlite:///{tmp_path / 'old.db'}"
    database = open_database(url, schema="seloste")
    migrate(database, migrations=tuple(each for each in MIGRATIONS if each.number <= 12))
    account = create_account(database, EMAIL, "Hanna Ojala", password=PASSWORD, actor=CLI, now=fixed_now).account
    at, later = to_utc_text(fixed_now), to_utc_text(fixed_now + timedelta(hours=1))
    with database.transaction() as conn:
        conn.execute(
            "INSERT INTO session (token_hash, id, account, created_at, seen_at, expires_at, agent)"
            " VALUES (:hash, 's', :account, :at, :at, :later, '')",
            {"hash": digest("token"), "account": account, "at": at, "later": later},
        )
    migrate(database)
    opened = use_session(database, "token", now=fixed_now)
    assert opened is not None
    assert not proof.is_fresh(opened, fixed_now)
    proof.by_password(database, opened, PASSWORD, now=fixed_now)
    database.close()


# RFC 6238, appendix B, SHA-1: the last six of its eight digits.
@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.step_of(b"12345678901234567890", code, at) == seconds // 30
    assert totp.step_of(b"12345678901234567890", code, at + timedelta(seconds=60)) is None


def test_with_codes_a_password_opens_a_step_and_nothing_else(with_codes: tuple[Hanna, TurnedOn]) -> None:
    hanna, _ = with_codes
    half = hanna.enter()
    assert half.half
    assert use_session(hanna.deployment, half.token, now=hanna.now) is None
    signed = hanna.finish(half.token, hanna.code())
    assert hanna.opened(signed.token).session.way == "codes"
    with pytest.raises(HalfGoneError):
        hanna.finish(half.token, hanna.code(1))


def test_a_code_is_taken_once(with_codes: tuple[Hanna, TurnedOn]) -> None:
    hanna, _ = with_codes
    code = hanna.code()
    hanna.finish(hanna.enter().token, code)
    for again in (code, hanna.code(-1)):
        with pytest.raises(CodeRefusedError):
            hanna.finish(hanna.enter().token, again)
    hanna.finish(hanna.enter().token, hanna.code(1))


def test_of_two_who_come_with_one_code_one_gets_in(with_codes: tuple[Hanna, TurnedOn]) -> None:
    hanna, _ = with_codes
    halves, got, code = [hanna.enter().token for _ in range(4)], [], hanna.code()

    def go(token: str) -> None:
        with suppress(CodeRefusedError):
            got.append(hanna.finish(token, code))

    threads = [threading.Thread(target=go, args=(token,)) for token in halves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 1


def test_guesses_at_the_code_are_counted_and_the_password_does_not_clear_them(
    with_codes: tuple[Hanna, TurnedOn],
) -> None:
    hanna, _ = with_codes
    for turn in range(5):
        with pytest.raises(CodeRefusedError):
            hanna.finish(hanna.enter().token, "000000" if hanna.code() != "000000" else "111111", f"192.0.2.{turn}")
    half = hanna.enter().token
    with pytest.raises(SignInThrottledError):
        hanna.finish(half, hanna.code())
    hanna.later(minutes=5)
    hanna.finish(half, hanna.code())


def test_ten_recovery_codes_each_work_once_and_lie_hashed(with_codes: tuple[Hanna, TurnedOn]) -> None:
    hanna, done = with_codes
    assert len(set(done.recovery)) == 10
    with hanna.deployment.read() as conn:
        kept = repr([conn.execute(f"SELECT * FROM {table}").all() for table in ("recovery_code", "totp", "journal")])
    assert not any(code in kept for code in done.recovery)
    assert hanna.app.hex() not in kept
    typed = done.recovery[0].upper().replace("-", " ")
    signed = hanna.finish(hanna.enter().token, typed)
    assert hanna.opened(signed.token).session.way == "recovery"
    with pytest.raises(CodeRefusedError):
        hanna.finish(hanna.enter().token, done.recovery[0])
    assert means_of(hanna.deployment, hanna.id).recovery == 9
    fresh = new_recovery_codes(hanna.deployment, hanna.id, now=hanna.now)
    with pytest.raises(CodeRefusedError):
        hanna.finish(hanna.enter().token, done.recovery[1])
    hanna.finish(hanna.enter().token, fresh[1])


def test_a_sign_in_does_not_wait_for_long_nor_for_who_was_locked(with_codes: tuple[Hanna, TurnedOn]) -> None:
    hanna, _ = with_codes
    half = hanna.enter().token
    hanna.later(minutes=10)
    with pytest.raises(HalfGoneError):
        hanna.finish(half, hanna.code())
    half = hanna.enter().token
    change.lock(hanna.deployment, hanna.id, actor=CLI, now=hanna.now)
    with pytest.raises(HalfGoneError):
        hanna.finish(half, hanna.code())


def test_a_secret_that_waited_too_long_is_not_turned_on(hanna: Hanna) -> None:
    opened = hanna.opened(hanna.enter().token)
    begin_codes(hanna.deployment, KEYS, hanna.id, now=hanna.now)
    with pytest.raises(CodeRefusedError):
        turn_on_codes(hanna.deployment, KEYS, opened, "12345x", source=SOURCE, now=hanna.now)
    assert not hanna.enter().half
    hanna.later(minutes=15)
    with pytest.raises(AccountError, match="Begin again"):
        turn_on_codes(hanna.deployment, KEYS, opened, "123456", source=SOURCE, now=hanna.now)


def test_turning_codes_on_and_off_ends_other_sessions(hanna: Hanna) -> None:
    mine, other = hanna.enter().token, hanna.enter().token
    assert hanna.turn_on(hanna.opened(mine)).sessions_ended == 1
    assert use_session(hanna.deployment, other, now=hanna.now) is None
    opened = hanna.opened(mine)
    with pytest.raises(AccountError, match="required"):
        remove_codes(hanna.deployment, opened, required=True, now=hanna.now)
    assert means_of(hanna.deployment, hanna.id).second_step
    remove_codes(hanna.deployment, opened, required=False, now=hanna.now)
    found = means_of(hanna.deployment, hanna.id)
    assert (found.second_step, found.recovery) == (False, 0)
    assert not hanna.enter().half


def test_a_proof_is_fresh_for_ten_minutes_and_counted(with_codes: tuple[Hanna, TurnedOn]) -> None:
    hanna, done = with_codes
    token = hanna.finish(hanna.enter().token, hanna.code()).token
    assert proof.is_fresh(hanna.opened(token), hanna.now)
    hanna.later(minutes=10)
    assert not proof.is_fresh(hanna.opened(token), hanna.now)
    opened = hanna.opened(token)
    with pytest.raises(CodeRefusedError):
        proof.by_code(hanna.deployment, KEYS, opened, done.recovery[0], now=hanna.now)
    proof.by_code(hanna.deployment, KEYS, opened, hanna.code(), now=hanna.now)
    assert proof.is_fresh(hanna.opened(token), hanna.now)
    hanna.later(minutes=10)
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            proof.by_password(hanna.deployment, opened, "väärä salasana", now=hanna.now)
    with pytest.raises(SignInThrottledError):
        proof.by_password(hanna.deployment, opened, PASSWORD, now=hanna.now)
    hanna.later(minutes=5)
    proof.by_password(hanna.deployment, opened, PASSWORD, now=hanna.now)
    assert proof.is_fresh(hanna.opened(token), hanna.now)


def test_all_of_it_is_journaled(with_codes: tuple[Hanna, TurnedOn]) -> None:
    hanna, done = with_codes
    with pytest.raises(CodeRefusedError):
        hanna.finish(hanna.enter().token, "000000x")
    token = hanna.finish(hanna.enter().token, done.recovery[0]).token
    proof.by_password(hanna.deployment, hanna.opened(token), PASSWORD, now=hanna.now)
    with hanna.deployment.read() as conn:
        rows = conn.execute("SELECT verb, outcome, note FROM journal WHERE actor = :id ORDER BY seq", {"id": hanna.id})
        told = rows.all()
    assert journal.verify(hanna.deployment).ok
    assert told == [
        ("sign_in", "done", ""),
        ("add_second_step", "done", "codes"),
        ("make_recovery_codes", "done", ""),
        ("second_step", "refused", ""),
        ("use_recovery_code", "done", ""),
        ("sign_in", "done", "recovery"),
        ("confirm", "done", "password"),
    ]
