"""Accounts, sign-in, sessions and roles, on both engines; and attacks on them."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from seloste.operations.accounts import change, passwords, roles
from seloste.operations.accounts.attempts import network
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.errors import (
    AccountError,
    PasswordError,
    SignInRefusedError,
    SignInThrottledError,
)
from seloste.operations.accounts.session import (
    choose_lens,
    end_sessions,
    list_sessions,
    sign_out,
    use_session,
)
from seloste.operations.accounts.sign_in import SignedIn, confirm, sign_in
from seloste.operations.actor import CLI
from seloste.settings import Settings
from seloste.store import journal
from seloste.store.deployment import (
    MIGRATIONS,
    Migration,
    drop_register,
    migrate,
    open_deployment,
    put_register,
    register_place,
    register_places,
)
from seloste.store.engine import Database, StoreError

EMAIL, PASSWORD = "hanna.ojala@fluxio.example", "kolme pientä kuusta"

NEXT = MIGRATIONS[-1].number + 1
"""The number of a migration that is yet to come."""


@pytest.fixture
def installation(database_url: str, tmp_path: Path) -> Settings:
    url = None if database_url.startswith("sqlite") else database_url
    return Settings(data_dir=tmp_path, database_url=url)


@pytest.fixture
def deployment(installation: Settings) -> Iterator[Database]:
    database = open_deployment(installation)
    yield database
    database.close()


@pytest.fixture
def hanna(deployment: Database, fixed_now: datetime) -> str:
    return create_account(deployment, EMAIL, "Hanna Ojala", password=PASSWORD, actor=CLI, now=fixed_now).account


def enter(deployment: Database, now: datetime, password: str = PASSWORD, **more: str) -> SignedIn:
    asked = {"source": "192.0.2.7", "email": EMAIL, **more}
    email = asked.pop("email")
    return sign_in(deployment, email, password, now=now, **asked)  # type: ignore[arg-type]


def everything_in(database: Database) -> str:
    with database.read() as conn:
        return repr(
            [
                conn.execute(f"SELECT * FROM {table}").all()
                for table in ("account", "granted", "session", "attempt", "journal")
            ]
        )


# --- the installation's data ------------------------------------------------------------------------------------------


def test_it_is_made_once_and_opened_again(installation: Settings) -> None:
    for _ in range(2):
        database = open_deployment(installation)
        with database.read() as conn:
            assert conn.execute("SELECT number FROM migration").all() == [(each.number,) for each in MIGRATIONS]
        database.close()


def test_programs_that_start_at_once_make_it_once(installation: Settings) -> None:
    problems: list[BaseException] = []

    def start() -> None:
        try:
            open_deployment(installation).close()
        except BaseException as problem:  # noqa: BLE001
            problems.append(problem)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []


def test_a_migration_that_fails_leaves_nothing(deployment: Database) -> None:
    broken = Migration(NEXT, "broken", ("CREATE TABLE half (id INTEGER)", "NONSENSE"))
    with pytest.raises(Exception, match=r"(?i)syntax"):
        migrate(deployment, migrations=(*MIGRATIONS, broken))
    with deployment.read() as conn:
        assert conn.execute("SELECT max(number) FROM migration").all() == [(NEXT - 1,)]
    mended = replace(broken, steps=("CREATE TABLE half (id INTEGER)",))
    assert migrate(deployment, migrations=(*MIGRATIONS, mended)) == NEXT


def test_data_of_a_newer_version_are_left_alone(deployment: Database) -> None:
    migrate(deployment, migrations=(*MIGRATIONS, Migration(NEXT, "new", ("CREATE TABLE n (id INTEGER)",))))
    with pytest.raises(StoreError, match="newer version"):
        migrate(deployment)


def test_the_directory_of_registers(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    with deployment.transaction() as conn:
        put_register(conn, key="residents", schema="", digest="aa", now=fixed_now)
        put_register(conn, key="customers", schema="", digest="bb", now=fixed_now)
        put_register(conn, key="residents", schema="", digest="cc", now=fixed_now)
    roles.grant(deployment, hanna, "residents", "manager", actor=CLI, now=fixed_now)
    with deployment.transaction() as conn:
        assert [place.key for place in register_places(conn)] == ["customers", "residents"]
        place = register_place(conn, "residents")
        assert place is not None
        assert place.digest == "cc"
        assert drop_register(conn, "residents")
        assert not drop_register(conn, "residents")
        assert register_place(conn, "residents") is None
    assert roles.list_accounts(deployment)[0].grants == ()


@pytest.fixture(autouse=True)
def hashed_as_in_use(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """With the settings of use, which other tests do not wait for."""
    monkeypatch.setattr(passwords, "HASHER", passwords.IN_USE)
    passwords.nobodys_hash.cache_clear()
    yield
    passwords.nobodys_hash.cache_clear()


# --- accounts ---------------------------------------------------------------------------------------------------------


@pytest.mark.promise("P46")
def test_a_password_is_kept_only_as_an_argon2id_hash(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    signed = enter(deployment, fixed_now)
    kept = everything_in(deployment)
    assert PASSWORD not in kept
    assert signed.token not in kept
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in kept


def test_two_accounts_do_not_share_an_email(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    with pytest.raises(AccountError, match="already"):
        create_account(deployment, " Hanna.Ojala@FLUXIO.example", "Toinen", actor=CLI, now=fixed_now)


@pytest.mark.parametrize("email", ["", "hanna", "hanna@", "hanna ojala@fluxio.example", "a@b@c.example"])
def test_an_email_must_be_one(deployment: Database, email: str, fixed_now: datetime) -> None:
    with pytest.raises(AccountError, match="e-mail address is not right"):
        create_account(deployment, email, "Hanna Ojala", actor=CLI, now=fixed_now)


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("kissa", "too short"),
        ("x" * 1025, "too long"),
        ("aaaaaaaaaaaaaaa", "too easy"),
        ("salasana1111", "too easy"),
        ("passwordPassword1", "too easy"),
        ("hanna.ojala12", "too easy"),
        ("ojala hanna ojala 1", "too easy"),
        # What many people chose, and what is made of it to fill the length.
        ("1q2w3e4r5t6y", "too easy"),
        ("Summer2026!!", "too easy"),
        ("b4s3b4ll2026", "too easy"),
        ("monkeymonkey", "too easy"),
    ],
)
def test_an_easy_password_is_refused(deployment: Database, password: str, says: str, fixed_now: datetime) -> None:
    with pytest.raises(PasswordError, match=says) as caught:
        create_account(deployment, EMAIL, "Hanna Ojala", password=password, actor=CLI, now=fixed_now)
    assert password not in caught.value.message("fi") + caught.value.message("en")
    assert roles.list_accounts(deployment) == ()


def test_an_account_is_locked_unlocked_and_left(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    token = enter(deployment, fixed_now).token
    roles.grant(deployment, hanna, "residents", "manager", actor=CLI, now=fixed_now)
    assert change.lock(deployment, hanna, actor=CLI, now=fixed_now).sessions_ended == 1
    assert use_session(deployment, token, now=fixed_now) is None
    with pytest.raises(SignInRefusedError):
        enter(deployment, fixed_now)
    change.unlock(deployment, hanna, actor=CLI, now=fixed_now)
    token = enter(deployment, fixed_now).token
    change.leave(deployment, hanna, actor=CLI, now=fixed_now)
    assert use_session(deployment, token, now=fixed_now) is None
    with pytest.raises(SignInRefusedError):
        enter(deployment, fixed_now)
    (left,) = roles.list_accounts(deployment)
    assert (left.account.name, left.account.active, left.grants) == ("Hanna Ojala", False, ())


def test_preferences_are_kept(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    change.set_preferences(deployment, hanna, language="en", appearance="dark", single_keys=False, now=fixed_now)
    account = roles.find_account(deployment, EMAIL)
    assert (account.language, account.appearance, account.single_keys) == ("en", "dark", False)
    for language, appearance in (("sv", "dark"), ("fi", "pink")):
        with pytest.raises(AccountError):
            change.set_preferences(
                deployment, hanna, language=language, appearance=appearance, single_keys=True, now=fixed_now
            )


# --- sign-in ----------------------------------------------------------------------------------------------------------


def test_the_right_password_signs_in_however_it_is_typed(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    import unicodedata

    typed = unicodedata.normalize("NFD", PASSWORD)
    assert typed != PASSWORD
    assert enter(deployment, fixed_now, typed, email=" HANNA.Ojala@fluxio.example ").account.id == hanna


def test_wrong_unknown_locked_and_without_password_give_one_answer(
    deployment: Database, hanna: str, fixed_now: datetime
) -> None:
    locked = create_account(deployment, "t@fluxio.example", "Teemu", password=PASSWORD, actor=CLI, now=fixed_now)
    change.lock(deployment, locked.account, actor=CLI, now=fixed_now)
    create_account(deployment, "e@fluxio.example", "Elina", actor=CLI, now=fixed_now)
    answers = set()
    for email, password in (
        (EMAIL, "väärä salasana"),
        (EMAIL, ""),
        ("nobody@fluxio.example", PASSWORD),
        ("t@fluxio.example", PASSWORD),
        ("e@fluxio.example", ""),
        ("e@fluxio.example", "\x00"),
        ("nobody@fluxio.example", "\x00"),
    ):
        with pytest.raises(SignInRefusedError) as caught:
            enter(deployment, fixed_now, password, email=email)
        answers.add((caught.value.message("fi"), caught.value.message("en")))
    assert answers == {("Sähköposti tai salasana on väärin.", "E-mail or password is wrong.")}


def test_one_hash_is_computed_whoever_asks(
    deployment: Database, hanna: str, fixed_now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords.nobodys_hash()
    computed: list[str] = []

    class Counting:
        def verify(self, hashed: str, password: str) -> bool:
            computed.append(hashed)
            return bool(hasher.verify(hashed, password))

        def __getattr__(self, name: str) -> object:
            return getattr(hasher, name)

    hasher = passwords.HASHER
    monkeypatch.setattr(passwords, "HASHER", Counting())
    create_account(deployment, "e@fluxio.example", "Elina", actor=CLI, now=fixed_now)
    for email in (EMAIL, "nobody@fluxio.example", "e@fluxio.example"):
        computed.clear()
        with pytest.raises(SignInRefusedError):
            enter(deployment, fixed_now, "väärä salasana", email=email)
        assert len(computed) == 1
        assert computed[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$"), "the decoy costs what a real hash costs"


def test_time_does_not_tell_who_has_an_account(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    passwords.nobodys_hash()

    def seconds(email: str, turn: int) -> float:
        began = time.perf_counter()
        with pytest.raises(SignInRefusedError):
            enter(deployment, fixed_now + timedelta(days=2 * turn), "väärä salasana", email=email)
        return time.perf_counter() - began

    pairs = [(seconds(EMAIL, turn), seconds("nobody@fluxio.example", turn)) for turn in range(9)]
    known, unknown = (statistics.median(side) for side in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2, "without the decoy the ratio is well over 5"


def fail(deployment: Database, now: datetime, times: int, **more: str) -> None:
    for _ in range(times):
        with pytest.raises(SignInRefusedError):
            enter(deployment, now, "väärä salasana", **more)


@pytest.mark.parametrize("email", [EMAIL, "nobody@fluxio.example"])
def test_five_failures_lock_the_email_whether_or_not_it_has_an_account(
    deployment: Database, hanna: str, fixed_now: datetime, email: str
) -> None:
    fail(deployment, fixed_now, 5, email=email)
    with pytest.raises(SignInThrottledError) as caught:
        enter(deployment, fixed_now, PASSWORD, email=email)
    assert caught.value.until == fixed_now + timedelta(minutes=5)
    assert "klo 9.17" in caught.value.message("fi")
    assert "at 09:17" in caught.value.message("en")
    with pytest.raises(SignInThrottledError):
        enter(deployment, fixed_now, PASSWORD, email=email.upper() + " ", source="198.51.100.9")


def test_the_wait_grows_to_an_hour_and_ends(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    now = fixed_now
    fail(deployment, now, 4)
    for minutes in (5, 10, 20, 40, 60, 60):
        fail(deployment, now, 1)
        with pytest.raises(SignInThrottledError):
            enter(deployment, now + timedelta(minutes=minutes, seconds=-1))
        now += timedelta(minutes=minutes)
    assert enter(deployment, now).account.id == hanna
    fail(deployment, now, 4)
    assert enter(deployment, now).account.id == hanna, "signing in begins the count anew"


def test_tries_at_the_same_moment_do_not_outrun_the_count(
    deployment: Database, hanna: str, fixed_now: datetime
) -> None:
    outcomes: list[str] = []

    def attempt(turn: int) -> None:
        try:
            enter(deployment, fixed_now, f"arvaus numero {turn}", source=f"192.0.2.{turn}")
        except (SignInRefusedError, SignInThrottledError) as refused:
            outcomes.append(type(refused).__name__)

    threads = [threading.Thread(target=attempt, args=(turn,)) for turn in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes.count("SignInRefusedError") == 5
    assert outcomes.count("SignInThrottledError") == 11


def test_one_address_may_not_try_every_account(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    for turn in range(20):
        fail(deployment, fixed_now, 1, email=f"guess{turn}@fluxio.example")
    with pytest.raises(SignInThrottledError):
        enter(deployment, fixed_now)
    assert enter(deployment, fixed_now, source="198.51.100.9").account.id == hanna


def test_an_account_of_ones_own_does_not_clear_the_way(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    create_account(deployment, "mallory@fluxio.example", "Mallory", password=PASSWORD, actor=CLI, now=fixed_now)
    tried = 0
    with pytest.raises(SignInThrottledError):
        for turn in range(40):
            fail(deployment, fixed_now, 1, email=f"guess{turn}@fluxio.example")
            tried += 1
            enter(deployment, fixed_now, email="mallory@fluxio.example")
    assert tried <= 20


def test_a_network_of_ipv6_is_one_source() -> None:
    assert network("2001:db8:1:2:3::1") == network("2001:db8:1:2:ffff::9") == "2001:db8:1:2::"
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")
    assert network("::ffff:192.0.2.7") == network("192.0.2.7") == "192.0.2.7"
    assert network("unix") == "unix"


def test_failures_are_kept_without_the_email_or_the_address(
    deployment: Database, hanna: str, fixed_now: datetime
) -> None:
    fail(deployment, fixed_now, 1, email="secret.person@fluxio.example", source="203.0.113.77")
    kept = everything_in(deployment)
    assert "secret.person" not in kept
    assert "203.0.113.77" not in kept
    fail(deployment, fixed_now + timedelta(days=2), 1)
    with deployment.read() as conn:
        assert conn.execute("SELECT count(*) FROM attempt").all() == [(2,)], "those of two days ago are gone"


def test_a_weak_hash_is_renewed_by_signing_in(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with deployment.transaction() as conn:
        conn.execute("UPDATE account SET password_hash = :weak", {"weak": weak})
    enter(deployment, fixed_now)
    with deployment.read() as conn:
        ((hashed,),) = conn.execute("SELECT password_hash FROM account").all()
    assert "$m=19456,t=2,p=1$" in hashed
    enter(deployment, fixed_now)


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_slides_for_twelve_hours_and_ends_in_seven_days(
    deployment: Database, hanna: str, fixed_now: datetime
) -> None:
    token = enter(deployment, fixed_now).token
    assert use_session(deployment, token, now=fixed_now + timedelta(hours=12)) is None
    now = fixed_now
    while use_session(deployment, token, now=now) is not None:
        now += timedelta(hours=11)
        assert now < fixed_now + timedelta(days=8)
    assert now - fixed_now > timedelta(days=6, hours=23)
    assert use_session(deployment, token, now=fixed_now + timedelta(days=7)) is None


def test_signing_out_ends_that_session_alone(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    first, second = enter(deployment, fixed_now).token, enter(deployment, fixed_now).token
    assert sign_out(deployment, first, now=fixed_now).count == 1
    assert sign_out(deployment, first, now=fixed_now).count == 0
    assert use_session(deployment, first, now=fixed_now) is None
    assert use_session(deployment, second, now=fixed_now) is not None


def test_a_token_known_before_signing_in_is_worth_nothing_after(
    deployment: Database, hanna: str, fixed_now: datetime
) -> None:
    old = enter(deployment, fixed_now).token
    new = sign_in(deployment, EMAIL, PASSWORD, source="192.0.2.7", old_token=old, now=fixed_now).token
    assert new != old
    assert use_session(deployment, old, now=fixed_now) is None
    planted = "x" * 43
    sign_in(deployment, EMAIL, PASSWORD, source="192.0.2.7", old_token=planted, now=fixed_now)
    assert use_session(deployment, planted, now=fixed_now) is None


def test_a_new_password_ends_the_other_sessions(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    here, there = enter(deployment, fixed_now).token, enter(deployment, fixed_now).token
    opened = use_session(deployment, here, now=fixed_now)
    assert opened is not None
    changed = change.set_password(
        deployment, hanna, "neljä isoa mäntyä", keep=opened.session.id, actor=CLI, now=fixed_now
    )
    assert changed.sessions_ended == 1
    assert use_session(deployment, here, now=fixed_now) is not None
    assert use_session(deployment, there, now=fixed_now) is None
    with pytest.raises(SignInRefusedError):
        enter(deployment, fixed_now)
    enter(deployment, fixed_now, "neljä isoa mäntyä")


def test_nobody_ends_the_session_of_another(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    other = create_account(deployment, "t@fluxio.example", "Teemu", password=PASSWORD, actor=CLI, now=fixed_now).account
    token = enter(deployment, fixed_now).token
    (session,) = list_sessions(deployment, hanna, now=fixed_now)
    assert end_sessions(deployment, other, session=session.id, now=fixed_now).count == 0
    assert use_session(deployment, token, now=fixed_now) is not None
    assert end_sessions(deployment, hanna, session=session.id, now=fixed_now).count == 1
    assert use_session(deployment, token, now=fixed_now) is None


# --- roles ------------------------------------------------------------------------------------------------------------


def test_the_first_role_is_acted_in_until_another_is_chosen(
    deployment: Database, hanna: str, fixed_now: datetime
) -> None:
    for register, lens in (("residents", "manager"), ("residents", "accountant"), ("customers", "sales")):
        roles.grant(deployment, hanna, register, lens, actor=CLI, now=fixed_now)
    token = enter(deployment, fixed_now).token

    def acting(register: str) -> str | None:
        opened = use_session(deployment, token, now=fixed_now)
        assert opened is not None
        grant = opened.grant_in(register)
        return grant.lens if grant else None

    assert (acting("residents"), acting("customers"), acting("cameras")) == ("manager", "sales", None)
    opened = use_session(deployment, token, now=fixed_now)
    assert opened is not None
    choose_lens(deployment, opened, "residents", "accountant", now=fixed_now)
    assert (acting("residents"), acting("customers")) == ("accountant", "sales")
    with pytest.raises(AccountError):
        choose_lens(deployment, opened, "residents", "sales", now=fixed_now)
    roles.revoke(deployment, hanna, "residents", "accountant", actor=CLI, now=fixed_now)
    assert acting("residents") == "manager", "a role taken away is gone at once"
    with pytest.raises(AccountError):
        roles.revoke(deployment, hanna, "residents", "accountant", actor=CLI, now=fixed_now)


def test_deeds_on_accounts_are_journaled_without_values(deployment: Database, hanna: str, fixed_now: datetime) -> None:
    roles.grant(deployment, hanna, "residents", "manager", lead=True, actor=CLI, now=fixed_now)
    enter(deployment, fixed_now)
    fail(deployment, fixed_now, 1)
    fail(deployment, fixed_now, 1, email="nobody@fluxio.example")
    with deployment.read() as conn:
        rows = conn.execute("SELECT actor, verb, outcome FROM journal ORDER BY seq").all()
    assert rows == [
        ("cli", "create_account", "done"),
        ("cli", "grant_role", "done"),
        (hanna, "sign_in", "done"),
        (hanna, "sign_in", "refused"),
        ("unknown", "sign_in", "refused"),
    ]
    assert journal.verify(deployment).ok


def test_the_password_is_asked_again_and_its_tries_are_counted_too(
    deployment: Database, hanna: str, fixed_now: datetime
) -> None:
    account = enter(deployment, fixed_now).account
    confirm(deployment, account, PASSWORD, now=fixed_now)
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            confirm(deployment, account, "väärä salasana", now=fixed_now)
    with pytest.raises(SignInThrottledError):
        confirm(deployment, account, PASSWORD, now=fixed_now)
    with pytest.raises(SignInThrottledError):
        confirm(deployment, account, PASSWORD, now=fixed_now + timedelta(minutes=4, seconds=59))
    confirm(deployment, account, PASSWORD, now=fixed_now + timedelta(minutes=5))


def test_a_stranger_keeps_nobody_who_is_in_from_proving_who_they_are(
    deployment: Database, hanna: str, fixed_now: datetime
) -> None:
    account = enter(deployment, fixed_now).account
    # The e-mail and the office's network are both made to wait.
    for number in range(25):
        with pytest.raises((SignInRefusedError, SignInThrottledError)):
            enter(deployment, fixed_now, "arvaus", email=EMAIL if number < 5 else f"x{number}@fluxio.example")
    with pytest.raises(SignInThrottledError):
        enter(deployment, fixed_now, email="hanna@fluxio.example")
    confirm(deployment, account, PASSWORD, now=fixed_now)
