"""Letters: left with what causes them, sent once by whoever comes first, to a real mail server, and then gone."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.smtp_sink import certificate, sink

from seloste.operations.mail.letter import Letter, LetterError, message, one_click
from seloste.operations.mail.sender import HELD, Sender, Sent, send_due
from seloste.operations.mail.smtp import MailError, MailNotSetUpError, Server, is_set_up, server_of
from seloste.settings import SettingError, Settings
from seloste.store import outbox
from seloste.store.registers import Registers

ADDRESS = "sari.havukoski@havupumppu.example"
KEY = "fluiconnecto_customers"


def here(port: int, **more: str) -> Server:
    return replace(Server("127.0.0.1", port, "off", "", "", "Yritys Oy <tietosuoja@yritys.example>"), **more)


def hello(registers: Registers, register: str, parts: Mapping[str, str], now: dt.datetime) -> Letter | None:
    return Letter(parts["to"], f"Terve, {register}", "Hyvää päivää\n") if parts["to"] else None


MAKERS = {"hello": hello}


def leave(registers: Registers, now: dt.datetime, to: str = ADDRESS, *, hours: float = 3) -> None:
    with registers.deployment.transaction() as conn:
        until = now + dt.timedelta(hours=hours)
        outbox.put(conn, registers.register_keys(KEY), KEY, "hello", {"to": to}, now=now, expires_at=until)


def waiting(registers: Registers) -> int:
    with registers.deployment.read() as conn:
        return outbox.count(conn)


# --- settings ---------------------------------------------------------------------------------------------------------


def test_the_server_is_read_from_the_settings(tmp_path: Path) -> None:
    given = {
        "SELOSTE_SMTP_URL": "smtps://k%C3%A4ytt%C3%A4j%C3%A4:sala%3Asana@posti.example",
        "SELOSTE_MAIL_FROM": "Yritys Oy <tietosuoja@yritys.example>",
        "SELOSTE_PUBLIC_URL": "https://rekisteri.yritys.example/",
    }
    settings = Settings.from_environment(given)
    assert settings.public_url == "https://rekisteri.yritys.example"
    found = server_of(settings)
    assert (found.host, found.port, found.tls) == ("posti.example", 465, "at_once")
    assert (found.user, found.password) == ("käyttäjä", "sala:sana")
    (tmp_path / "password").write_text("tiedostosta\n")
    kept = replace(settings, smtp_url="smtp://tunnus@posti.example", smtp_password_file=tmp_path / "password")
    assert (server_of(kept).port, server_of(kept).tls, server_of(kept).password) == (587, "start", "tiedostosta")
    assert server_of(replace(kept, smtp_url="smtp://127.0.0.1")).tls == "off"
    assert server_of(replace(kept, smtp_url="smtp://posti.example?tls=off")).tls == "off"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "http://posti.example"),
        ("SMTP_URL", "smtp:///posti"),
        ("SMTP_URL", "smtp://posti.example?tls=maybe"),
        ("SMTP_URL", "smtp://posti.example:x"),
        ("MAIL_FROM", "Yritys Oy"),
        ("MAIL_FROM", "a@b.example\r\nBcc: c@d.example"),
        ("PUBLIC_URL", "rekisteri.example"),
        ("PUBLIC_URL", "https://rekisteri.example/path"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_without_its_value(name: str, value: str) -> None:
    with pytest.raises(SettingError) as refused:
        Settings.from_environment({f"SELOSTE_{name}": value})
    assert name in str(refused.value)
    assert value not in refused.value.message("fi")


def test_without_all_three_settings_no_mail_is_sent(registers: Registers) -> None:
    assert not is_set_up(registers.settings)
    with pytest.raises(MailNotSetUpError, match="sends no e-mail yet"):
        Sender(registers, MAKERS)
    half = replace(registers.settings, smtp_url="smtp://127.0.0.1", mail_from="a@b.example")
    with pytest.raises(MailNotSetUpError, match="sends no e-mail yet"):
        server_of(half)


# --- a letter ---------------------------------------------------------------------------------------------------------


def test_a_letter_says_what_it_is(fixed_now: dt.datetime) -> None:
    address = "https://rekisteri.example/own/r/unsubscribe/" + "x" * 300
    made = message(Letter(ADDRESS, "Äänekäs aihe", "Rivi\n", one_click(address)), "Yritys Oy <t@y.example>", fixed_now)
    raw = made.as_bytes()
    # Whole on its line: a signer that folds it otherwise would break the signature.
    assert f"List-Unsubscribe: <{address}>\r\n".encode() in raw
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert b"Auto-Submitted: auto-generated\r\n" in raw
    assert made["From"].addresses[0].display_name == "Yritys Oy"
    assert made["Date"].datetime == fixed_now


@pytest.mark.parametrize(
    "letter",
    [
        Letter("not an address", "a", "b"),
        Letter("a@b.example\r\nBcc: c@d.example", "a", "b"),
        Letter("a@b.example", "a\r\nBcc: c@d.example", "b"),
        Letter("a@b.example", "a", "b", {"X-A": "b\nBcc: c@d.example"}),
    ],
)
def test_nobody_slips_a_header_in(letter: Letter, fixed_now: dt.datetime) -> None:
    with pytest.raises(LetterError):
        message(letter, "t@y.example", fixed_now)


@pytest.mark.parametrize("address", ["http://a.example/x", "https://a.example/x>, <mailto:b@c.example", "https://a b"])
def test_one_click_takes_an_https_address_alone(address: str) -> None:
    with pytest.raises(LetterError):
        one_click(address)


# --- the server -------------------------------------------------------------------------------------------------------


def test_a_letter_reaches_a_real_server(fixed_now: dt.datetime) -> None:
    with sink() as server:
        here(server.port).send(Letter(ADDRESS, "Ääkköset", "Hyvää päivää ja näkemiin\n"), fixed_now)
    assert [(one["To"], one["Subject"]) for one in server.letters] == [(ADDRESS, "Ääkköset")]
    assert server.letters[0].get_content().strip() == "Hyvää päivää ja näkemiin"


def test_it_goes_encrypted_with_a_login(tmp_path: Path, fixed_now: dt.datetime) -> None:
    ours, theirs = certificate(tmp_path)
    with sink(tls=ours, password="sana") as server:
        found = here(server.port, tls="start", user="tunnus", password="sana")
        found.send(Letter(ADDRESS, "a", "b"), fixed_now, lambda: theirs)
        # A certificate that nobody vouches for is not spoken to: the letter waits.
        with pytest.raises(MailError) as refused:
            found.send(Letter(ADDRESS, "a", "b"), fixed_now)
    assert (server.encrypted, server.users) == ([True], [("tunnus", "sana")])
    assert not refused.value.lasting


def test_a_server_that_offers_no_encryption_gets_nothing(fixed_now: dt.datetime) -> None:
    with sink() as server, pytest.raises(MailError):
        here(server.port, tls="start").send(Letter(ADDRESS, "a", "b"), fixed_now)
    assert server.raw == []


@pytest.mark.parametrize(("code", "lasting"), [(550, True), (450, False)])
def test_a_refusal_tells_whether_to_try_again(code: int, lasting: bool, fixed_now: dt.datetime) -> None:
    with sink(refuse={ADDRESS: code}) as server, pytest.raises(MailError) as refused:
        here(server.port).send(Letter(ADDRESS, "a", "b"), fixed_now)
    assert refused.value.lasting is lasting
    assert ADDRESS not in refused.value.message("en")


# --- the outbox -------------------------------------------------------------------------------------------------------


def test_a_letter_is_sent_once_and_nothing_of_it_stays(registers: Registers, fixed_now: dt.datetime) -> None:
    leave(registers, fixed_now)
    with registers.deployment.read() as conn:
        row = conn.execute("SELECT * FROM outbox").all()[0]
    assert not any("havu" in str(cell) for cell in row), "no address lies in clear"
    with sink() as server:
        assert send_due(registers, MAKERS, here(server.port), now=fixed_now) == (Sent("hello", "sent"),)
        assert send_due(registers, MAKERS, here(server.port), now=fixed_now) == ()
    assert [one["To"] for one in server.letters] == [ADDRESS]
    assert waiting(registers) == 0


def test_a_letter_goes_with_what_caused_it(registers: Registers, fixed_now: dt.datetime) -> None:
    with pytest.raises(RuntimeError), registers.deployment.transaction() as conn:
        keys = registers.register_keys(KEY)
        outbox.put(conn, keys, KEY, "hello", {"to": ADDRESS}, now=fixed_now, expires_at=fixed_now + HELD)
        raise RuntimeError
    assert waiting(registers) == 0


def test_nothing_to_say_sends_nothing(registers: Registers, fixed_now: dt.datetime) -> None:
    leave(registers, fixed_now, "")
    with sink() as server:
        assert send_due(registers, MAKERS, here(server.port), now=fixed_now) == (Sent("hello", "nothing"),)
    assert (server.raw, waiting(registers)) == ([], 0)


def test_what_fails_is_tried_again_at_longer_waits(
    registers: Registers, fixed_now: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    leave(registers, fixed_now)
    now, waits = fixed_now, []
    with sink(busy=True) as server, caplog.at_level(logging.ERROR):
        found = here(server.port)
        for _ in range(5):
            assert send_due(registers, MAKERS, found, now=now) == (Sent("hello", "again"),)
            begun = now
            while not outbox_due(registers, now):
                now += dt.timedelta(minutes=1)
            waits.append((now - begun) // dt.timedelta(minutes=1))
        server.busy = False
        assert send_due(registers, MAKERS, found, now=now) == (Sent("hello", "sent"),)
    assert waits == [1, 2, 4, 8, 16]
    assert len(server.letters) == 1
    assert "havu" not in caplog.text


def outbox_due(registers: Registers, now: dt.datetime) -> bool:
    with registers.deployment.read() as conn:
        return bool(outbox.due(conn, now, 1))


def test_a_lasting_refusal_ends_it(registers: Registers, fixed_now: dt.datetime) -> None:
    leave(registers, fixed_now)
    with sink(refuse={ADDRESS: 550}) as server:
        assert send_due(registers, MAKERS, here(server.port), now=fixed_now) == (Sent("hello", "given_up"),)
    assert waiting(registers) == 0


def test_what_comes_too_late_is_not_sent(registers: Registers, fixed_now: dt.datetime) -> None:
    leave(registers, fixed_now, hours=0.5)
    later = fixed_now + dt.timedelta(minutes=30)
    with sink() as server:
        assert send_due(registers, MAKERS, here(server.port), now=later) == ()
    with registers.deployment.transaction() as conn:
        assert outbox.drop_expired(conn, later) == 1
    assert waiting(registers) == 0


def test_processes_side_by_side_send_it_once(registers: Registers, fixed_now: dt.datetime) -> None:
    for number in range(6):
        leave(registers, fixed_now, f"nro{number}@havupumppu.example")
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        send_due(registers, MAKERS, found, now=fixed_now)

    with sink() as server:
        found = here(server.port)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(one["To"] for one in server.letters) == [f"nro{number}@havupumppu.example" for number in range(6)]
    assert waiting(registers) == 0


def test_a_process_that_died_with_a_letter_is_not_waited_for(registers: Registers, fixed_now: dt.datetime) -> None:
    leave(registers, fixed_now)
    with registers.deployment.transaction() as conn:
        number = outbox.due(conn, fixed_now, 1)[0]
        taken = outbox.claim(conn, number, now=fixed_now, until=fixed_now + HELD)
        assert taken is not None
        assert outbox.claim(conn, number, now=fixed_now, until=fixed_now + HELD) is None
    with sink() as server:
        assert send_due(registers, MAKERS, here(server.port), now=fixed_now) == ()
        assert send_due(registers, MAKERS, here(server.port), now=fixed_now + HELD) == (Sent("hello", "sent"),)
    # The one that was slow and not dead may not take away what another has since.
    leave(registers, fixed_now)
    with registers.deployment.transaction() as conn:
        outbox.done(conn, taken)
    assert waiting(registers) == 1


def test_the_thread_sends_and_stops(registers: Registers, fixed_now: dt.datetime) -> None:
    leave(registers, fixed_now)
    with sink() as server:
        registers.settings = replace(
            registers.settings,
            smtp_url=f"smtp://127.0.0.1:{server.port}",
            mail_from="t@y.example",
            public_url="https://rekisteri.example",
        )
        sent = threading.Event()

        def makes(*given: object) -> Letter:
            sent.set()
            return Letter(ADDRESS, "a", "b")

        sender = Sender(registers, {"hello": makes}, now=lambda: fixed_now)
        sender.start()
        assert sent.wait(30)
        sender.stop()
        assert not sender.is_alive()
    assert len(server.letters) == 1
