"""Passkeys on both engines: what lets in, and everything that must not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.passkey_device import ATTESTED, PRESENT, Device

from seloste.operations.accounts import change, passkeys, proof
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.errors import (
    AccountError,
    HalfGoneError,
    PasskeyRefusedError,
    SignInThrottledError,
)
from seloste.operations.accounts.means import means_of
from seloste.operations.accounts.relying import RelyingParty, relying_party
from seloste.operations.accounts.session import Open, list_sessions, use_session
from seloste.operations.accounts.sign_in import SignedIn, sign_in
from seloste.operations.actor import CLI
from seloste.settings import Settings
from seloste.store import passkeys as store
from seloste.store.deployment import open_deployment
from seloste.store.engine import Connection, Database
from seloste.store.passkeys import Passkey

EMAIL, PASSWORD, SOURCE = "hanna.ojala@fluxio.example", "kolme pientä kuusta", "192.0.2.7"
HERE = RelyingParty("s.example", "https://s.example")


@pytest.fixture
def deployment(database_url: str, tmp_path: Path) -> Iterator[Database]:
    url = None if database_url.startswith("sqlite") else database_url
    database = open_deployment(Settings(data_dir=tmp_path, database_url=url))
    yield database
    database.close()


class Hanna:
    """Somebody with an account and a device."""

    def __init__(self, deployment: Database, now: datetime, email: str = EMAIL) -> None:
        self.deployment, self.now, self.email, self.device = deployment, now, email, Device()
        self.id = create_account(deployment, email, "Hanna Ojala", password=PASSWORD, actor=CLI, now=now).account

    def password(self) -> SignedIn:
        return sign_in(self.deployment, self.email, PASSWORD, source=SOURCE, now=self.now)

    def opened(self, token: str) -> Open:
        found = use_session(self.deployment, token, now=self.now)
        assert found is not None
        return found

    def asked(self) -> dict[str, Any]:
        return passkeys.to_sign_in(self.deployment, HERE, now=self.now)

    def enter(self, answer: str, **more: Any) -> SignedIn:
        by: dict[str, Any] = {"source": SOURCE, "now": self.now, **more}
        return passkeys.sign_in_by(self.deployment, HERE, answer, **by)

    def add(self, opened: Open, answer: str | None = None, name: str = "Puhelin") -> Any:
        if answer is None:
            answer = self.device.make(passkeys.to_add(self.deployment, HERE, opened, now=self.now))
        return passkeys.add(self.deployment, HERE, opened, answer, name, now=self.now)


@pytest.fixture
def hanna(deployment: Database, fixed_now: datetime) -> Hanna:
    return Hanna(deployment, fixed_now)


@pytest.fixture
def added(hanna: Hanna) -> Hanna:
    done = hanna.add(hanna.opened(hanna.password().token))
    assert len(done.recovery) == 10
    return hanna


def test_a_passkey_signs_in_without_a_password(added: Hanna) -> None:
    signed = added.enter(added.device.sign(added.asked()))
    assert signed.account.id == added.id
    assert added.opened(signed.token).session.way == "passkey"
    (kept,) = means_of(added.deployment, added.id).passkeys
    assert (kept.name, kept.uses, kept.used_at is not None) == ("Puhelin", 1, True)
    assert b"m" * 16 not in bytes.fromhex(kept.data), "the make of the device is not kept"


def wrong_key(hanna: Hanna) -> str:
    other = Device()
    other.id, other.user = hanna.device.id, hanna.device.user
    return other.sign(hanna.asked())


def unknown(hanna: Hanna) -> str:
    return Device().sign(hanna.asked(), user=hanna.id.encode())


def late(hanna: Hanna) -> str:
    asked = hanna.asked()
    hanna.now += timedelta(minutes=5)
    return hanna.device.sign(asked)


def made_up(hanna: Hanna) -> str:
    return hanna.device.sign({"challenge": hanna.asked()["challenge"][:-4] + "AAAA"})


def from_elsewhere(hanna: Hanna) -> str:
    hanna.device.origin = "https://s.example.evil.example"
    return hanna.device.sign(hanna.asked())


def at_another_port(hanna: Hanna) -> str:
    hanna.device.origin = "https://s.example:8443"
    return hanna.device.sign(hanna.asked())


def of_another_host(hanna: Hanna) -> str:
    hanna.device.host = "evil.example"
    return hanna.device.sign(hanna.asked())


def for_a_step(hanna: Hanna) -> str:
    half = hanna.password().token
    return hanna.device.sign(passkeys.to_finish(hanna.deployment, HERE, half, now=hanna.now))


def copied(hanna: Hanna) -> str:
    hanna.enter(hanna.device.sign(hanna.asked()))
    hanna.device.uses -= 1
    return hanna.device.sign(hanna.asked())


def used(hanna: Hanna) -> str:
    answer = hanna.device.sign(hanna.asked())
    hanna.enter(answer)
    return answer


def locked(hanna: Hanna) -> str:
    change.lock(hanna.deployment, hanna.id, actor=CLI, now=hanna.now)
    return hanna.device.sign(hanna.asked())


@pytest.mark.parametrize(
    "wrong",
    [
        wrong_key, unknown, late, made_up, from_elsewhere, at_another_port, of_another_host, for_a_step, copied, used,
        locked,
        pytest.param(lambda h: h.device.sign(h.asked(), flags=PRESENT), id="not verified"),
        pytest.param(lambda h: h.device.sign(h.asked(), flags=0x04), id="nobody there"),
        pytest.param(lambda h: h.device.sign(h.asked(), user=b"a000000000000"), id="another user"),
        pytest.param(lambda h: h.device.sign(h.asked(), crossOrigin=True), id="within another site"),
        pytest.param(lambda h: h.device.sign(h.asked(), type="webauthn.create"), id="of another kind"),
    ],
)  # fmt: skip
def test_what_is_not_as_it_was_asked_lets_nobody_in(added: Hanna, wrong: Any) -> None:
    answer = wrong(added)
    with pytest.raises(PasskeyRefusedError):
        added.enter(answer)


@pytest.mark.parametrize("rubbish", ["", "x", "[]", "{}", "null", '{"rawId": 1, "response": []}', "[" * 9000])
def test_rubbish_lets_nobody_in(hanna: Hanna, rubbish: str) -> None:
    opened = hanna.opened(hanna.password().token)
    with pytest.raises(PasskeyRefusedError):
        hanna.enter(rubbish)
    with pytest.raises(PasskeyRefusedError):
        hanna.add(opened, rubbish)


def test_one_answer_lets_in_once_however_many_come_with_it(added: Hanna) -> None:
    answer, got = added.device.sign(added.asked()), []

    def go() -> None:
        with suppress(PasskeyRefusedError):
            got.append(added.enter(answer))

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 1


def test_guesses_are_counted(added: Hanna) -> None:
    for turn in range(5):
        with pytest.raises(PasskeyRefusedError):
            added.enter(wrong_key(added), source=f"192.0.2.{turn}")
    with pytest.raises(SignInThrottledError):
        added.enter(added.device.sign(added.asked()))


def test_a_passkey_is_a_second_step_of_its_own_account_alone(added: Hanna) -> None:
    other = Hanna(added.deployment, added.now, "mallory@fluxio.example")
    other.add(other.opened(other.password().token))
    half = added.password()
    assert half.half
    asked = passkeys.to_finish(added.deployment, HERE, half.token, now=added.now)
    by: dict[str, Any] = {"source": SOURCE, "now": added.now}
    with pytest.raises(PasskeyRefusedError):
        passkeys.finish_by(added.deployment, HERE, half.token, other.device.sign(asked), **by)
    stolen = passkeys.to_finish(added.deployment, HERE, other.password().token, now=added.now)
    with pytest.raises(PasskeyRefusedError):
        passkeys.finish_by(added.deployment, HERE, half.token, added.device.sign(stolen), **by)
    signed = passkeys.finish_by(added.deployment, HERE, half.token, added.device.sign(asked), **by)
    assert signed.account.id == added.id
    with pytest.raises(HalfGoneError):
        passkeys.finish_by(added.deployment, HERE, half.token, added.device.sign(asked), **by)


def test_it_proves_anew_who_is_signed_in(added: Hanna) -> None:
    token = added.enter(added.device.sign(added.asked())).token
    added.now += timedelta(minutes=10)
    opened = added.opened(token)
    assert not proof.is_fresh(opened, added.now)
    asked = passkeys.to_confirm(added.deployment, HERE, opened, now=added.now)
    answer = added.device.sign(asked)
    passkeys.confirm_by(added.deployment, HERE, opened, answer, now=added.now)
    assert proof.is_fresh(added.opened(token), added.now)


def test_one_is_added_as_it_was_asked_or_not_at_all(hanna: Hanna) -> None:
    opened = hanna.opened(hanna.password().token)
    asked = passkeys.to_add(hanna.deployment, HERE, opened, now=hanna.now)
    elsewhere = Device(origin="https://evil.example")
    for answer in (
        hanna.device.make(asked, flags=PRESENT | ATTESTED),
        elsewhere.make(asked),
        hanna.device.make(asked, crossOrigin=True),
        hanna.device.make({**asked, "challenge": hanna.asked()["challenge"]}),
    ):
        with pytest.raises(PasskeyRefusedError):
            hanna.add(opened, answer)
    for name in ("", " ", "x" * 61):
        with pytest.raises(AccountError, match="name"):
            hanna.add(opened, hanna.device.make(asked), name)
    assert means_of(hanna.deployment, hanna.id).passkeys == ()
    other = hanna.password().token
    answer = hanna.device.make(asked)
    assert hanna.add(opened, answer).sessions_ended == 1
    assert use_session(hanna.deployment, other, now=hanna.now) is None
    for again in (answer, hanna.device.make(passkeys.to_add(hanna.deployment, HERE, opened, now=hanna.now))):
        with pytest.raises(PasskeyRefusedError):
            hanna.add(opened, again)
    known = passkeys.to_add(hanna.deployment, HERE, opened, now=hanna.now)["excludeCredentials"]
    assert [each["id"] for each in known] == [json.loads(answer)["rawId"]]


def test_one_is_removed_and_the_last_one_not_where_it_is_required(added: Hanna) -> None:
    opened = added.opened(added.enter(added.device.sign(added.asked())).token)
    (kept,) = means_of(added.deployment, added.id).passkeys
    with pytest.raises(AccountError, match="required"):
        passkeys.remove(added.deployment, opened, kept.id, required=True, now=added.now)
    mallory = Hanna(added.deployment, added.now, "mallory@fluxio.example")
    with pytest.raises(AccountError, match="no such"):
        passkeys.remove(
            added.deployment, mallory.opened(mallory.password().token), kept.id, required=False, now=added.now
        )
    passkeys.remove(added.deployment, opened, kept.id, required=False, now=added.now)
    found = means_of(added.deployment, added.id)
    assert (found.passkeys, found.recovery) == ((), 0)
    with pytest.raises(PasskeyRefusedError):
        added.enter(added.device.sign(added.asked()))


def test_the_last_two_steps_are_not_both_removed_at_the_same_moment(
    added: Hanna, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = added.opened(added.enter(added.device.sign(added.asked())).token)
    added.device = Device()
    added.add(opened, name="Tablet")
    both, outcomes = means_of(added.deployment, added.id).passkeys, []
    remove, side_by_side = store.remove, threading.Barrier(2)

    def slowly(conn: Connection, account: str, passkey: str) -> bool:
        found = remove(conn, account, passkey)
        # Both come here at once unless the one waits for the other.
        with suppress(threading.BrokenBarrierError):
            side_by_side.wait(0.5)
        return found

    monkeypatch.setattr(store, "remove", slowly)

    def go(each: Passkey) -> None:
        try:
            passkeys.remove(added.deployment, opened, each.id, required=True, now=added.now)
            outcomes.append("removed")
        except AccountError:
            outcomes.append("kept")

    threads = [threading.Thread(target=go, args=(each,)) for each in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["kept", "removed"]
    assert means_of(added.deployment, added.id).second_step


@pytest.mark.parametrize("act", ["locked", "removed"])
@pytest.mark.parametrize("way", ["alone", "step"])
def test_what_is_taken_away_while_a_passkey_is_looked_at_opens_nothing(
    added: Hanna, monkeypatch: pytest.MonkeyPatch, act: str, way: str
) -> None:
    opened = added.opened(added.enter(added.device.sign(added.asked())).token)
    (kept,) = means_of(added.deployment, added.id).passkeys
    looked_at = passkeys._proved

    def slowly(*looks: Any) -> Any:
        found = looked_at(*looks)
        if act == "locked":
            change.lock(added.deployment, added.id, actor=CLI, now=added.now)
        else:
            passkeys.remove(added.deployment, opened, kept.id, required=False, now=added.now)
        return found

    half = added.password().token
    monkeypatch.setattr(passkeys, "_proved", slowly)
    by: dict[str, Any] = {"source": SOURCE, "now": added.now}
    with pytest.raises((PasskeyRefusedError, HalfGoneError)):
        if way == "alone":
            passkeys.sign_in_by(added.deployment, HERE, added.device.sign(added.asked()), **by)
        else:
            asked = passkeys.to_finish(added.deployment, HERE, half, now=added.now)
            passkeys.finish_by(added.deployment, HERE, half, added.device.sign(asked), **by)
    change.unlock(added.deployment, added.id, actor=CLI, now=added.now)
    begun = [each.id for each in list_sessions(added.deployment, added.id, now=added.now)]
    assert begun == ([] if act == "locked" else [opened.session.id])


def test_one_is_called_something_else_by_its_own_account_alone(added: Hanna) -> None:
    opened = added.opened(added.enter(added.device.sign(added.asked())).token)
    (kept,) = means_of(added.deployment, added.id).passkeys
    mallory = Hanna(added.deployment, added.now, "mallory@fluxio.example")
    for who, name in ((mallory.opened(mallory.password().token), "Oma"), (opened, " ")):
        with pytest.raises(AccountError):
            passkeys.rename(added.deployment, who, kept.id, name, now=added.now)
    passkeys.rename(added.deployment, opened, kept.id, " Työkone ", now=added.now)
    assert [each.name for each in means_of(added.deployment, added.id).passkeys] == ["Työkone"]


@pytest.mark.parametrize(
    ("public_url", "origin"),
    [
        ("https://s.example", "https://s.example"),
        ("https://s.example:443", "https://s.example"),
        ("https://s.example:8443", "https://s.example:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
        (None, "http://localhost:8000"),
        ("http://s.example", None),
        ("https://192.0.2.7", None),
    ],
)
def test_passkeys_are_for_the_host_of_the_settings(public_url: str | None, origin: str | None) -> None:
    found = relying_party(Settings(public_url=public_url))
    assert (found.origin if found else None) == origin
