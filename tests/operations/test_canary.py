"""The road of requests is tried every day: nothing of a trial stays anywhere, and a broken road raises an alarm."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.operations.conftest import contact
from tests.smtp_sink import Sink, sink

from seloste.operations.daily import run_due
from seloste.operations.letters import LETTERS, SETTLERS
from seloste.operations.mail.sender import send_due
from seloste.operations.mail.smtp import server_of
from seloste.operations.portal.signing import link_stands
from seloste.operations.rights.remind import standing
from seloste.operations.running import canary
from seloste.operations.running.canary import is_broken, trial_of, where_broken
from seloste.operations.running.health import ready
from seloste.operations.running.numbers import numbers
from seloste.store import mail_trouble
from seloste.store.engine import Database
from seloste.store.registers import Registers, RegisterStore
from seloste.web.app import make_app

KEY = "fluiconnecto_customers"
PUBLIC = "https://rekisteri.example"
FROM = "tietosuoja@fluiconnecto.example"
HOUR = dt.timedelta(hours=1)
lite = pytest.mark.parametrize("prepared_url", ["sqlite"], indirect=True)


@pytest.fixture
def mail(registers: Registers, store: RegisterStore) -> Iterator[Sink]:
    with sink() as server:
        use(registers, server.port)
        yield server


def use(registers: Registers, port: int) -> None:
    registers.settings = replace(
        registers.settings,
        smtp_url=f"smtp://127.0.0.1:{port}",
        mail_from=f"Fluiconnecto Oy <{FROM}>",
        public_url=PUBLIC,
    )


def send(registers: Registers, now: dt.datetime) -> list[str]:
    sent = send_due(registers, LETTERS, server_of(registers.settings), settlers=SETTLERS, now=now)
    return [each.outcome for each in sent if each.letter == canary.LETTER]


def rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with database.read() as conn:
        tables = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'"
            if conn.dialect == "sqlite"
            else "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
        )
        names = sorted(str(name) for (name,) in conn.execute(tables).all())
        return {name: sorted(conn.execute(f'SELECT * FROM "{name}"').all(), key=repr) for name in names}


def broken(registers: Registers, now: dt.datetime) -> str:
    found = trial_of(registers, KEY)
    assert found is not None
    return where_broken(found, now)


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "seloste.canary"]


def test_the_road_is_tried_to_its_end_and_nothing_of_it_stays(
    registers: Registers, store: RegisterStore, mail: Sink, fixed_now: dt.datetime
) -> None:
    store.to_day(fixed_now)
    before, deployment = rows(store.database), rows(registers.deployment)
    canary.try_road(registers, KEY, fixed_now)
    trial = trial_of(registers, KEY)
    assert trial is not None
    assert trial.ended_at is None, "it has not come to its end before the letter has left"
    assert send(registers, fixed_now) == ["sent"]
    trial = trial_of(registers, KEY)
    assert trial is not None
    assert (trial.failed, trial.ok_at, trial.mailed) == ("", fixed_now, True)
    # To the address that letters come from, and to nobody else; the link is used up.
    (letter,) = mail.letters
    assert (letter["To"], letter["X-Seloste-Trial"]) == (FROM, "1")
    found = re.search(rf"{PUBLIC}/own/{KEY}/open/([\w-]+)", letter.get_content())
    assert found
    assert not link_stands(registers, KEY, found[1], now=fixed_now)
    # Whatever counts requests, people, entries of the journal or letters finds what it found before.
    assert rows(store.database) == before
    after = rows(registers.deployment)
    assert {name for name in after if after[name] != deployment[name]} == {"canary"}
    assert standing(store, now=fixed_now).open == 0
    counted = numbers(registers, now=fixed_now)
    assert (counted.registers[KEY].road_works, counted.registers[KEY].overdue, counted.letters_waiting) == (True, 0, 0)
    assert ready(registers).ok


def test_it_is_part_of_the_work_of_the_day(
    registers: Registers, store: RegisterStore, mail: Sink, fixed_now: dt.datetime
) -> None:
    assert "canary" in [each.job for each in run_due(registers, now=fixed_now)]
    assert send(registers, fixed_now) == ["sent"]
    assert broken(registers, fixed_now) == ""
    assert run_due(registers, now=fixed_now + HOUR) == ()
    assert len(mail.letters) == 1
    # Nobody does the work of the night any more.
    assert broken(registers, fixed_now + dt.timedelta(hours=37)) == "untried"


@lite
def test_without_mail_what_lies_within_the_register_is_tried(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    canary.try_road(registers, KEY, fixed_now)
    trial = trial_of(registers, KEY)
    assert trial is not None
    assert (trial.failed, trial.mailed, trial.ok_at) == ("", False, fixed_now)


# --- a broken road ----------------------------------------------------------------------------------------------------


@lite
def test_a_mail_server_that_is_away_raises_the_alarm_until_it_is_back(
    registers: Registers, store: RegisterStore, mail: Sink, fixed_now: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    use(registers, 1)  # nobody listens there
    canary.try_road(registers, KEY, fixed_now)
    assert send(registers, fixed_now) == ["again"]
    assert broken(registers, fixed_now + HOUR) == "", "a letter may come late"
    late = fixed_now + canary.LATE + dt.timedelta(minutes=1)
    assert broken(registers, late) == "letter"
    with registers.deployment.read() as conn:
        (trouble,) = mail_trouble.since(conn, fixed_now)
    assert (trouble.letter, trouble.outcome, trouble.error) == ("canary", "again", "ConnectionRefusedError")
    # It is mended; the road is tried again by itself, and says that it was broken.
    use(registers, mail.port)
    assert canary.try_again(registers, now=late) == (), "not more often than every two hours"
    later = fixed_now + canary.AGAIN
    with caplog.at_level(logging.ERROR, logger="seloste.canary"):
        assert canary.try_again(registers, now=later) == (KEY,)
    assert told(caplog) == [f"the road of requests of {KEY} was broken at letter"]
    assert broken(registers, later) == "letter", "until a trial comes to its end"
    assert send(registers, later) == ["sent"]
    trial = trial_of(registers, KEY)
    assert trial is not None
    assert not is_broken(trial, later)


@lite
def test_a_mail_server_that_refuses_breaks_the_road(
    registers: Registers, store: RegisterStore, mail: Sink, fixed_now: dt.datetime, caplog: pytest.LogCaptureFixture
) -> None:
    mail.refuse[FROM] = 550
    canary.try_road(registers, KEY, fixed_now)
    with caplog.at_level(logging.ERROR, logger="seloste.canary"):
        assert send(registers, fixed_now) == ["given_up"]
    assert broken(registers, fixed_now) == "letter"
    assert told(caplog) == [f"the road of requests of {KEY} is broken at letter: given_up"]


@lite
def test_a_link_that_does_not_open_breaks_the_road(
    registers: Registers, store: RegisterStore, mail: Sink, fixed_now: dt.datetime
) -> None:
    canary.try_road(registers, KEY, fixed_now)
    with registers.deployment.transaction() as conn:
        conn.execute("DELETE FROM own_link")
    assert send(registers, fixed_now) == ["sent"]
    assert broken(registers, fixed_now) == "open"


@lite
def test_the_page_is_asked_for_by_its_public_name_where_a_setting_says_so(
    registers: Registers, store: RegisterStore, mail: Sink, fixed_now: dt.datetime, live_server: Callable[[Any], str]
) -> None:
    seen: list[tuple[str, str]] = []
    ours = True

    async def pages(scope: Any, receive: Any, send: Any) -> None:
        """The pages as a proxy passes them on; or its own page instead, with the same status."""
        if scope["type"] == "http":
            seen.append((scope["method"], scope["path"]))
            if ours:
                await app(scope, receive, send)
            else:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                await send({"type": "http.response.body", "body": b"Back soon"})

    app = make_app(registers.settings, registers, now=lambda: fixed_now)
    address = live_server(pages)
    registers.settings = replace(registers.settings, public_url=address, canary_web=True)
    canary.try_road(registers, KEY, fixed_now)
    assert send(registers, fixed_now) == ["sent"]
    assert broken(registers, fixed_now) == ""
    ((method, path),) = seen
    assert (method, path.startswith(f"/own/{KEY}/open/")) == ("GET", True)
    for url, found in ((address, False), ("http://127.0.0.1:1", True)):
        ours = found
        registers.settings = replace(registers.settings, public_url=url)
        canary.try_road(registers, KEY, fixed_now)
        send(registers, fixed_now)
        assert broken(registers, fixed_now) == "pages"


@lite
@pytest.mark.parametrize("table", ["rights_request", "request_step", "sys_find"])
def test_a_register_that_takes_no_request_breaks_the_road(
    registers: Registers, store: RegisterStore, mail: Sink, fixed_now: dt.datetime, table: str
) -> None:
    with store.database.transaction() as conn:
        conn.execute(f"ALTER TABLE {table} RENAME TO gone")
    canary.try_road(registers, KEY, fixed_now)
    assert broken(registers, fixed_now) == "request"
    assert send(registers, fixed_now) == []


@lite
def test_a_trial_that_a_later_one_replaced_ends_nothing(
    registers: Registers, store: RegisterStore, mail: Sink, fixed_now: dt.datetime
) -> None:
    mail.refuse[FROM] = 550
    canary.try_road(registers, KEY, fixed_now)
    canary.try_road(registers, KEY, fixed_now + HOUR / 2)
    mail.refuse.clear()
    assert send(registers, fixed_now + HOUR / 2) == ["sent", "sent"]
    assert broken(registers, fixed_now + HOUR / 2) == ""


def test_a_notice_that_has_just_changed_is_no_broken_road(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime
) -> None:
    """Another program put a notice into force after this one opened the register."""
    other = Registers(registers.settings)
    notice = replace(store.register.notice, digest="0" * 64)
    other.apply(notice, now=fixed_now, actor="cli")
    other.close()
    canary.try_road(registers, KEY, fixed_now)
    trial = trial_of(registers, KEY)
    assert trial is not None
    assert (trial.failed, trial.ok_at) == ("", fixed_now)


@lite
def test_nobody_raises_the_alarm_by_giving_an_address(store: RegisterStore, fixed_now: dt.datetime) -> None:
    """The address of an earlier trial, as anybody may read it in the program, is somebody's in the register."""
    person = contact(store, fixed_now)
    with store.write(fixed_now) as work:
        work.update("person", person, {"email": ["canary@canary.invalid"]})
    canary.request_within(store, fixed_now)
