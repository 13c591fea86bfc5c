"""Reminders of what must be answered: each step once, to those who lead, with numbers and days alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.operations.conftest import contact
from tests.smtp_sink import sink

from seloste.operations.accounts import roles
from seloste.operations.accounts.create import create_account
from seloste.operations.actor import CLI
from seloste.operations.daily import run_due
from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import server_of
from seloste.operations.rights import remind
from seloste.operations.rights.answer import refuse
from seloste.operations.rights.ask import ask
from seloste.operations.rights.receive import receive
from seloste.operations.rights.remind import standing
from seloste.store.registers import Registers, RegisterStore

KEY = "fluiconnecto_customers"


@pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)
def test_each_step_is_told_once_and_names_nobody(
    registers: Registers, opened: Callable[[str], RegisterStore], fixed_now: dt.datetime
) -> None:
    with sink() as server:
        registers.settings = replace(
            registers.settings,
            smtp_url=f"smtp://127.0.0.1:{server.port}",
            mail_from="t@y.example",
            public_url="https://rekisteri.example",
            language="fi",
        )
        store = opened("fluiconnecto/notice")
        # Whoever has chosen no language is written to in that of the installation.
        for email, lens, lead in (("ritva@y.example", "management", True), ("mikael@y.example", "sales", False)):
            made = create_account(registers.deployment, email, "X", language="", password="kolme pientä kuusta",
                                  actor=CLI, now=fixed_now)  # fmt: skip
            roles.grant(registers.deployment, made.account, KEY, lens, lead=lead, actor=CLI, now=fixed_now)
        person = contact(store, fixed_now)
        number = receive(store, "access", channel="post", person=person, asked="Salainen", actor=CLI, now=fixed_now).id
        paused = receive(store, "erasure", channel="post", person=person, actor=CLI, now=fixed_now).id
        ask(store, paused, "identity", already=True, actor=CLI, now=fixed_now)
        told: list[int] = []
        for day in range(70):
            night = fixed_now.replace(hour=4) + dt.timedelta(days=day)
            if day == 0:
                assert "remind" in [each.job for each in run_due(registers, now=night)]
            else:
                remind.remind(registers, KEY, night)
            before = len(server.letters)
            send_due(registers, remind.MAKERS, server_of(registers.settings), now=night)
            told += [day] * (len(server.letters) - before)
        # Due on 28.12., 33 days on: half way, a week and a day before, each day of a week late, then each week.
        assert told == [17, 26, 32, 34, 35, 36, 37, 38, 39, 40, 47, 54, 61, 68]
        assert {letter["To"] for letter in server.letters} == {"ritva@y.example"}
        assert server.letters[0]["Subject"] == "Tietopyynnöt: 1 odottaa vastausta"
        first, late = server.letters[0].get_content(), server.letters[3].get_content()
        assert f"Pyyntö {number}: vastattava viimeistään 28.12.2026, 16 pv jäljellä" in first
        assert f"https://rekisteri.example/r/{KEY}/privacy/requests/{number}" in first
        assert "myöhässä 1 pv" in late
        whole = "".join(str(letter) for letter in server.letters)
        for secret in ("Sari", "Havukoski", "Salainen", "sari@"):
            assert secret not in whole
        at = fixed_now + dt.timedelta(days=70)
        found = standing(store, now=at)
        assert (found.late, found.waiting, found.week) == (1, 1, 0)

        # Answered between the night and the sending: nobody is reminded.
        night = fixed_now.replace(hour=4) + dt.timedelta(days=75)
        assert remind.remind(registers, KEY, night) == 1
        refuse(store, number, reason="Ei tietoja.", actor=CLI, now=night)
        sent = send_due(registers, remind.MAKERS, server_of(registers.settings), now=night)
        assert [each.outcome for each in sent if each.letter == remind.MAIL] == ["nothing"]
