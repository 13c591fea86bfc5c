"""Attacks on accounts that need two moments: what was right before, used after it was taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from seloste.operations.accounts import by_provider, change, invite, passwords, roles
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.errors import AccountError, SignInRefusedError
from seloste.operations.accounts.others import by_others
from seloste.operations.accounts.roles import Given, set_roles
from seloste.operations.accounts.session import list_sessions, use_session
from seloste.operations.accounts.sign_in import confirm, sign_in
from seloste.operations.accounts.team import members
from seloste.operations.actor import CLI, Actor
from seloste.operations.identification.flow import Proven, Trip
from seloste.operations.identification.providers import Provider
from seloste.settings import Settings
from seloste.store import accounts
from seloste.store.engine import Database
from seloste.store.registers import Registers

EMAIL, OLD, NEW = "hanna.ojala@fluxio.example", "kolme pientä kuusta", "neljä isoa mäntyä"
SALES = (Given("sales"),)


@pytest.fixture
def registers(database_url: str, tmp_path: Path) -> Iterator[Registers]:
    url = None if database_url.startswith("sqlite") else database_url
    made = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key", database_url=url))
    yield made
    made.close()


def lead(deployment: Database, name: str, now: datetime, register: str) -> Actor:
    account = create_account(deployment, f"{name}@fluxio.example", name, password=OLD, actor=CLI, now=now).account
    roles.grant(deployment, account, register, "sales", lead=True, actor=CLI, now=now)
    return Actor(account, "sales")


# --- a link that somebody else was shown ------------------------------------------------------------------------------


def given_elsewhere(registers: Registers, account: str, boss: Actor, now: datetime) -> None:
    other = lead(registers.deployment, "olli", now, "firm")
    invite.invite(registers, EMAIL, "Hanna Ojala", "firm", SALES, actor=other, now=now)


def shown_no_more(registers: Registers, account: str, boss: Actor, now: datetime) -> None:
    lead(registers.deployment, "olli", now, "shop")
    set_roles(registers.deployment, boss.account, "shop", SALES, actor=CLI, now=now)


def kept_out(registers: Registers, account: str, boss: Actor, now: datetime) -> None:
    change.lock(registers.deployment, boss.account, actor=CLI, now=now)


@pytest.mark.parametrize("after", [given_elsewhere, shown_no_more, kept_out])
def test_who_was_shown_a_link_keeps_no_way_into_what_they_do_not_lead(
    registers: Registers, fixed_now: datetime, after: Callable[[Registers, str, Actor, datetime], None]
) -> None:
    deployment, boss = registers.deployment, lead(registers.deployment, "paula", fixed_now, "shop")
    done = invite.invite(registers, EMAIL, "Hanna Ojala", "shop", SALES, actor=boss, now=fixed_now)
    assert done.token is not None
    assert invite.invited(deployment, done.token, now=fixed_now) is not None
    after(registers, done.account, boss, fixed_now)
    assert invite.invited(deployment, done.token, now=fixed_now) is None
    with pytest.raises(AccountError, match="does not work"):
        invite.accept(deployment, done.token, NEW, now=fixed_now)
    told = {each.account.id: each.invited_until for each in members(deployment, "shop", actor=boss, now=fixed_now)}
    assert told[done.account] is None


def test_a_link_that_nobody_was_shown_stands_wherever_roles_are_given(
    registers: Registers, fixed_now: datetime
) -> None:
    boss = lead(registers.deployment, "paula", fixed_now, "shop")
    printed = invite.invite(registers, EMAIL, "Hanna Ojala", "shop", SALES, actor=CLI, now=fixed_now)
    assert printed.token is not None
    set_roles(registers.deployment, printed.account, "firm", SALES, actor=CLI, now=fixed_now)
    assert invite.invited(registers.deployment, printed.token, now=fixed_now) is not None
    registers.settings = replace(
        registers.settings, smtp_url="smtp://mail.example", mail_from="a@fluxio.example", public_url="https://s.example"
    )
    mailed = invite.invite(registers, "b@fluxio.example", "B Ojala", "shop", SALES, actor=boss, now=fixed_now)
    set_roles(registers.deployment, mailed.account, "firm", SALES, actor=CLI, now=fixed_now)
    told = {
        each.account.id: each.invited_until for each in members(registers.deployment, "shop", actor=boss, now=fixed_now)
    }
    assert told[mailed.account] is not None


def hijacked(registers: Registers, now: datetime) -> tuple[str, Actor, str]:
    """Paula opened Hanna's account by the link that she was shown, and is in as Hanna."""
    paula = lead(registers.deployment, "paula", now, "shop")
    done = invite.invite(registers, EMAIL, "Hanna Ojala", "shop", SALES, actor=paula, now=now)
    assert done.token is not None
    invite.accept(registers.deployment, done.token, NEW, agent="Firefox, Linux", now=now)
    token = sign_in(registers.deployment, EMAIL, NEW, source="192.0.2.7", now=now).token
    found = invite.looked_at(registers.deployment, done.token, now=now)
    assert found is not None and (found.by, bool(found.used_at)) == ("paula", True), "whoever comes second is told"
    return done.account, paula, token


def test_an_account_that_somebody_else_may_have_opened_gets_no_role_elsewhere(
    registers: Registers, fixed_now: datetime
) -> None:
    account, paula, _ = hijacked(registers, fixed_now)
    olli = lead(registers.deployment, "olli", fixed_now, "firm")
    invite.invite(registers, EMAIL, "Hanna Ojala", "shop", SALES, actor=paula, now=fixed_now)
    # A password that whoever is in chooses shows nothing of whose the account is.
    change.set_password(registers.deployment, account, OLD, actor=Actor(account, ""), now=fixed_now)
    with pytest.raises(AccountError, match="somebody who leads another register opened"):
        invite.invite(registers, EMAIL, "Hanna Ojala", "firm", SALES, actor=olli, now=fixed_now)
    told = [(each.what, each.who, each.agent) for each in by_others(registers.deployment, account)]
    assert sorted(told) == [("link_shown", "paula", ""), ("link_used", "paula", "Firefox, Linux")]
    change.set_password(registers.deployment, account, NEW, actor=CLI, now=fixed_now)
    assert invite.invite(registers, EMAIL, "Hanna Ojala", "firm", SALES, actor=olli, now=fixed_now).known


def test_an_account_that_somebody_else_may_have_opened_gets_no_further_role_where_it_has_one(
    registers: Registers, fixed_now: datetime
) -> None:
    """Who leads one register would come into another, as its lead, by the account that they opened."""
    deployment = registers.deployment
    account, paula, _ = hijacked(registers, fixed_now)
    olli = lead(deployment, "olli", fixed_now, "firm")
    roles.grant(deployment, account, "firm", "sales", actor=CLI, now=fixed_now)

    def had() -> set[tuple[str, str, bool]]:
        with deployment.read() as conn:
            return {(each.register, each.lens, each.lead) for each in accounts.grants_of(conn, account)}

    before = had()
    for more in ((Given("sales", lead=True),), (*SALES, Given("boss"))):
        with pytest.raises(AccountError, match="somebody who leads another register opened"):
            set_roles(deployment, account, "firm", more, actor=olli, now=fixed_now)
        assert had() == before
    set_roles(deployment, account, "firm", SALES, actor=olli, now=fixed_now)
    # That the giver leads all registers of the account lets nobody else in.
    roles.grant(deployment, olli.account, "shop", "sales", lead=True, actor=CLI, now=fixed_now)
    with pytest.raises(AccountError, match="somebody who leads another register opened"):
        set_roles(deployment, account, "firm", (*SALES, Given("boss")), actor=olli, now=fixed_now)
    set_roles(deployment, account, "shop", (*SALES, Given("boss")), actor=paula, now=fixed_now)
    set_roles(deployment, account, "firm", (), actor=olli, now=fixed_now)
    assert had() == {("shop", "sales", False), ("shop", "boss", False)}, "to take away needs nothing"
    change.set_password(deployment, account, NEW, actor=CLI, now=fixed_now)
    set_roles(deployment, account, "firm", (Given("sales", lead=True),), actor=olli, now=fixed_now)


def test_who_comes_by_a_provider_shares_no_account_with_whoever_opened_it(
    registers: Registers, fixed_now: datetime
) -> None:
    account, _, token = hijacked(registers, fixed_now)
    house = Provider(key="house", name={"fi": "Talo"}, issuer="https://id.example", client_id="x",
                     client_secret_file="x", staff=True)  # fmt: skip
    claims = {"sub": "7", "email": EMAIL, "email_verified": True}
    trip = Trip("house", "staff", "", "fi", "/")
    by_provider.sign_in_by(registers.deployment, Proven(trip, house, claims), source="192.0.2.8", now=fixed_now)
    assert use_session(registers.deployment, token, now=fixed_now) is None
    with pytest.raises(SignInRefusedError):
        sign_in(registers.deployment, EMAIL, NEW, source="192.0.2.7", now=fixed_now)
    assert [each.way for each in list_sessions(registers.deployment, account, now=fixed_now)] == ["by:house"]


# --- a name that looks like another -----------------------------------------------------------------------------------


def test_a_name_shows_what_it_is_on_a_page_and_in_a_terminal(registers: Registers, fixed_now: datetime) -> None:
    made = create_account(registers.deployment, EMAIL, "  Hanna\n\u202eOja\u200bla ", actor=CLI, now=fixed_now)
    with registers.deployment.read() as conn:
        found = accounts.by_id(conn, made.account)
    assert found is not None
    assert found.name == "Hanna Ojala"
    for name in ("Hanna\x1b[2J", "\u202e", "H" + "\u0301" * 9, "x" * 101):
        with pytest.raises(AccountError, match="name"):
            create_account(registers.deployment, "b@fluxio.example", name, actor=CLI, now=fixed_now)


# --- a password that is changed while it is being compared ------------------------------------------------------------


@pytest.mark.parametrize("act", ["changed", "locked"])
def test_what_is_taken_away_while_it_is_compared_opens_nothing(
    registers: Registers, fixed_now: datetime, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    deployment = registers.deployment
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "HASHER", weak)
        account = create_account(deployment, EMAIL, "Hanna Ojala", password=OLD, actor=CLI, now=fixed_now).account
    with deployment.read() as conn:
        whole = accounts.by_id(conn, account)
    assert whole is not None
    compare = passwords.matches

    def meanwhile(password: str, hashed: str | None) -> bool:
        """The owner changes it, or somebody locks the account, while the thief's password is compared and right."""
        found = compare(password, hashed)
        if act == "changed":
            change.set_password(deployment, account, NEW, actor=CLI, now=fixed_now)
        else:
            change.lock(deployment, account, actor=CLI, now=fixed_now)
        return found

    with monkeypatch.context() as patch:
        patch.setattr(passwords, "matches", meanwhile)
        with pytest.raises(SignInRefusedError):
            sign_in(deployment, EMAIL, OLD, source="192.0.2.7", now=fixed_now)
    if act == "locked":
        change.unlock(deployment, account, actor=CLI, now=fixed_now)
    assert list_sessions(deployment, account, now=fixed_now) == ()
    right = NEW if act == "changed" else OLD
    with deployment.read() as conn:
        assert compare(right, accounts.password_hash(conn, account)), "a weak hash is renewed, and nothing old put back"
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "matches", lambda password, hashed: meanwhile(password, hashed) or True)
        with pytest.raises(SignInRefusedError):
            confirm(deployment, whole, OLD, now=fixed_now)
