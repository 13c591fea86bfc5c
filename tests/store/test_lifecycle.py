"""Somebody comes, changes roles and leaves, on both engines; and what nobody may do to whom."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from seloste.operations.accounts import change, invite, roles
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.errors import AccountError, PasswordError, SignInRefusedError
from seloste.operations.accounts.leads import LastLeadError, NotYoursError
from seloste.operations.accounts.roles import Given, set_roles
from seloste.operations.accounts.session import use_session
from seloste.operations.accounts.sign_in import sign_in
from seloste.operations.accounts.team import members
from seloste.operations.accounts.tell import tell
from seloste.operations.actor import CLI, Actor
from seloste.operations.letters import LETTERS
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import send_due
from seloste.settings import Settings
from seloste.store import accounts, outbox
from seloste.store.engine import Connection, Database
from seloste.store.registers import Registers

PASSWORD, EMAIL = "kolme pientä kuusta", "hanna.ojala@fluxio.example"
SALES = (Given("sales"),)


@pytest.fixture
def registers(database_url: str, tmp_path: Path) -> Iterator[Registers]:
    url = None if database_url.startswith("sqlite") else database_url
    found = Registers(Settings(data_dir=tmp_path, database_url=url, key_file=tmp_path / "key"))
    yield found
    found.close()


@pytest.fixture
def deployment(registers: Registers) -> Database:
    return registers.deployment


def person(deployment: Database, name: str, now: datetime, *led: str, also: tuple[str, ...] = ()) -> Actor:
    account = create_account(
        deployment, f"{name}@fluxio.example", name.title(), password=PASSWORD, actor=CLI, now=now
    ).account
    for register in led + also:
        roles.grant(deployment, account, register, "boss", lead=register in led, actor=CLI, now=now)
    return Actor(account, "boss")


def enters(deployment: Database, now: datetime, email: str = EMAIL, password: str = PASSWORD) -> bool:
    with suppress(SignInRefusedError):
        return bool(sign_in(deployment, email, password, source="192.0.2.7", now=now).token)
    return False


# --- invited ----------------------------------------------------------------------------------------------------------


def test_a_link_sets_the_password_once(registers: Registers, deployment: Database, fixed_now: datetime) -> None:
    boss = person(deployment, "paula", fixed_now, "shop")
    done = invite.invite(registers, EMAIL, "Hanna Ojala", "shop", SALES, actor=boss, now=fixed_now)
    assert done.token is not None
    with deployment.read() as conn:
        assert done.token not in repr(conn.execute("SELECT * FROM invitation").all())
    assert not enters(deployment, fixed_now)
    with pytest.raises(PasswordError):
        invite.accept(deployment, done.token, "hanna ojala", now=fixed_now)
    assert invite.accept(deployment, done.token, PASSWORD, now=fixed_now).id == done.account
    assert enters(deployment, fixed_now)
    with pytest.raises(AccountError, match="does not work"):
        invite.accept(deployment, done.token, "neljä isoa mäntyä", now=fixed_now)


def test_a_link_ends_after_seven_days_or_with_another(
    registers: Registers, deployment: Database, fixed_now: datetime
) -> None:
    boss = person(deployment, "paula", fixed_now, "shop")
    first = invite.invite(registers, EMAIL, "Hanna Ojala", "shop", SALES, actor=boss, now=fixed_now)
    second = invite.send_link(registers, first.account, actor=boss, now=fixed_now)
    assert first.token is not None
    assert second.token is not None
    assert invite.invited(deployment, first.token, now=fixed_now) is None
    assert invite.invited(deployment, second.token, now=fixed_now + timedelta(days=7, seconds=-1)) is not None
    assert invite.invited(deployment, second.token, now=fixed_now + timedelta(days=7)) is None
    change.lock(deployment, first.account, actor=boss, now=fixed_now)
    assert invite.invited(deployment, second.token, now=fixed_now) is None


def test_with_mail_the_link_goes_to_the_address_alone(
    registers: Registers, deployment: Database, fixed_now: datetime
) -> None:
    registers.settings = replace(
        registers.settings, smtp_url="smtp://mail.example", mail_from="a@fluxio.example", public_url="https://s.example"
    )
    done = invite.invite(registers, EMAIL, "Hanna Ojala", "shop", SALES, actor=CLI, now=fixed_now)
    assert (done.mailed, done.token) == (True, None)
    sent: list[Letter] = []

    class Post:
        def send(self, letter: Letter, now: datetime) -> None:
            sent.append(letter)

    send_due(registers, LETTERS, Post(), now=fixed_now)
    assert [letter.to for letter in sent] == [EMAIL]
    token = sent[0].text.partition("https://s.example/welcome/")[2].split()[0]
    assert invite.accept(deployment, token, PASSWORD, now=fixed_now).id == done.account


def test_who_has_an_account_is_told_when_what_opens_it_changes(
    registers: Registers, deployment: Database, fixed_now: datetime
) -> None:
    hanna = person(deployment, "hanna.ojala", fixed_now, "shop")
    gone = person(deployment, "gone", fixed_now)
    tell(registers, hanna.account, "password", now=fixed_now)
    with deployment.read() as conn:
        assert outbox.count(conn) == 0, "without mail no letter waits"
    registers.settings = replace(
        registers.settings, smtp_url="smtp://mail.example", mail_from="a@fluxio.example", public_url="https://s.example"
    )
    sent: list[Letter] = []

    class Post:
        def send(self, letter: Letter, now: datetime) -> None:
            sent.append(letter)

    for what in ("password", "added", "removed", "recovery", "recovery_used", "reset"):
        tell(registers, hanna.account, what, now=fixed_now)  # type: ignore[arg-type]
    tell(registers, gone.account, "added", now=fixed_now)
    change.leave(deployment, gone.account, actor=CLI, now=fixed_now)
    send_due(registers, LETTERS, Post(), now=fixed_now)
    assert {letter.to for letter in sent} == {EMAIL}
    assert len({letter.text for letter in sent}) == 6


def test_somebody_known_gets_the_roles_and_nobody_a_way_into_their_account(
    registers: Registers, deployment: Database, fixed_now: datetime
) -> None:
    person(deployment, "hanna.ojala", fixed_now, also=("bank",))
    mallory = person(deployment, "mallory", fixed_now, "shop")
    done = invite.invite(registers, EMAIL, "Hanna Ojala", "shop", SALES, actor=mallory, now=fixed_now)
    assert (done.known, done.token) == (True, None)
    assert enters(deployment, fixed_now)
    waiting = invite.invite(registers, "w@fluxio.example", "W", "bank", SALES, actor=CLI, now=fixed_now)
    again = invite.invite(registers, "w@fluxio.example", "W", "shop", SALES, actor=mallory, now=fixed_now)
    assert again.token is None, "who leads one register opens no account that reaches another"
    assert waiting.token is not None
    assert invite.invited(deployment, waiting.token, now=fixed_now) is not None


@pytest.mark.parametrize("deed", ["lock", "leave", "reset_second_step", "send_link"])
def test_nobody_manages_an_account_that_reaches_beyond_what_they_lead(
    registers: Registers, deployment: Database, fixed_now: datetime, deed: str
) -> None:
    hanna = person(deployment, "hanna.ojala", fixed_now, also=("shop", "bank"))
    mallory = person(deployment, "mallory", fixed_now, "shop", also=("bank",))
    token = sign_in(deployment, EMAIL, PASSWORD, source="192.0.2.7", now=fixed_now).token

    def act(actor: Actor) -> None:
        if deed == "send_link":
            invite.send_link(registers, hanna.account, actor=actor, now=fixed_now)
        else:
            getattr(change, deed)(deployment, hanna.account, actor=actor, now=fixed_now)

    with pytest.raises(NotYoursError):
        act(mallory)
    assert use_session(deployment, token, now=fixed_now) is not None
    act(CLI)


# --- leads ------------------------------------------------------------------------------------------------------------


def test_the_last_who_leads_stays(deployment: Database, fixed_now: datetime) -> None:
    paula = person(deployment, "paula", fixed_now, "shop")
    hanna = person(deployment, "hanna.ojala", fixed_now, also=("shop",))
    by = {"actor": paula, "now": fixed_now}
    with pytest.raises(LastLeadError):
        change.leave(deployment, paula.account, **by)  # type: ignore[arg-type]
    with pytest.raises(LastLeadError):
        roles.revoke(deployment, paula.account, "shop", "boss", **by)  # type: ignore[arg-type]
    with pytest.raises(LastLeadError):
        roles.grant(deployment, paula.account, "shop", "boss", lead=False, **by)  # type: ignore[arg-type]
    with pytest.raises(LastLeadError):
        set_roles(deployment, paula.account, "shop", SALES, **by)  # type: ignore[arg-type]
    assert [each.leads for each in members(deployment, "shop", **by)] == [False, True]  # type: ignore[arg-type]
    set_roles(deployment, hanna.account, "shop", (Given("boss", lead=True),), **by)  # type: ignore[arg-type]
    change.lock(deployment, hanna.account, **by)  # type: ignore[arg-type]
    with pytest.raises(LastLeadError):
        change.leave(deployment, paula.account, **by)  # type: ignore[arg-type]
    change.unlock(deployment, hanna.account, **by)  # type: ignore[arg-type]
    change.leave(deployment, paula.account, **by)  # type: ignore[arg-type]


def test_two_who_lead_do_not_leave_at_the_same_moment(
    deployment: Database, fixed_now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [person(deployment, name, fixed_now, "shop") for name in ("paula", "hanna.ojala")]
    outcomes: list[str] = []
    lock, side_by_side = accounts.lock_leads, threading.Barrier(2)

    def slowly(conn: Connection, register: str) -> bool:
        found = lock(conn, register)
        # Both come here at once unless the one waits for the other.
        with suppress(threading.BrokenBarrierError):
            side_by_side.wait(0.5)
        return found

    monkeypatch.setattr(accounts, "lock_leads", slowly)

    def go(who: Actor) -> None:
        try:
            change.leave(deployment, who.account, actor=CLI, now=fixed_now)
            outcomes.append("left")
        except LastLeadError:
            outcomes.append("stayed")

    threads = [threading.Thread(target=go, args=(who,)) for who in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["left", "stayed"]


def test_who_left_is_out_of_everything_and_may_be_invited_again(
    registers: Registers, deployment: Database, fixed_now: datetime
) -> None:
    person(deployment, "paula", fixed_now, "shop")
    hanna = person(deployment, "hanna.ojala", fixed_now, also=("shop",))
    token = sign_in(deployment, EMAIL, PASSWORD, source="192.0.2.7", now=fixed_now).token
    link = invite.send_link(registers, hanna.account, actor=CLI, now=fixed_now).token
    assert link is not None
    change.leave(deployment, hanna.account, actor=CLI, now=fixed_now)
    assert use_session(deployment, token, now=fixed_now) is None
    assert invite.invited(deployment, link, now=fixed_now) is None
    assert not enters(deployment, fixed_now)
    tables = ("session", "half_session", "totp", "recovery_code", "invitation", "account_link", "calendar_feed",
              "granted", "list_view")  # fmt: skip
    with deployment.read() as conn:
        left = {each: repr(conn.execute(f"SELECT * FROM {each}").all()) for each in (*tables, "account")}
        told = conn.execute("SELECT actor, note FROM journal WHERE verb = 'close_account'").all()
    assert [each for each in tables if hanna.account in left[each]] == []
    assert EMAIL not in left["account"]
    assert told == [("cli", hanna.account)]
    again = invite.invite(registers, EMAIL, "Hanna Ojala", "shop", SALES, actor=CLI, now=fixed_now)
    assert again.account != hanna.account
    assert again.token is not None
