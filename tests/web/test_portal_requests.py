"""A person's requests on their own page: asked there, with the day by which they are answered, and the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from tests.operations.conftest import contact
from tests.smtp_sink import sink
from tests.web.conftest import Site
from tests.web.test_portal import Own, home, with_mail

from seloste.operations.actor import Actor
from seloste.operations.rights.answer import refuse
from seloste.operations.rights.ask import ask
from seloste.operations.rights.read import requests

LEAD = Actor("ritva", "management")
__all__ = ["home"]


@pytest.fixture
def own(site: Site) -> Iterator[Own]:
    with sink() as server:
        found = with_mail(site, server)
        found.person = contact(site.registers.open(site.key), site.now)
        yield found


def test_a_request_runs_from_the_day_it_was_sent(own: Own) -> None:
    store = own.site.registers.open(own.site.key)
    client = own.opened()
    form = own.form(client, "/requests/erasure")
    answer = client.post(f"{own.path}/requests/erasure", data={"asked": "Poistakaa kaikki", **form})
    assert answer.headers["location"] == f"{own.path}/requests?sent=1"
    page = client.get(answer.headers["location"]).text
    # 25 November and a month: Christmas and the weekend after it move the last day to Monday.
    assert "ma 28.12.2026" in page
    assert "Poistakaa kaikki" in page
    found = requests(store, actor=LEAD, now=own.site.now).open
    assert [(one.person, one.right, one.channel, one.identified) for one in found] == [
        (own.person, "erasure", "portal", "own_account")
    ]
    assert found[0].clock.day == dt.date(2026, 12, 28)


def test_one_clock_runs_for_the_same_thing(own: Own) -> None:
    client = own.opened()
    form = own.form(client)
    codes = [client.post(f"{own.path}/requests/erasure", data=form).status_code for _ in range(2)]
    assert codes == [303, 422]
    assert client.post(f"{own.path}/requests/access", data=form).status_code == 303
    assert client.post(f"{own.path}/requests/money", data=form).status_code == 404
    assert client.post(f"{own.path}/requests/access", data={}).status_code == 403


def test_the_answer_and_its_reasons_are_there(own: Own) -> None:
    store = own.site.registers.open(own.site.key)
    client = own.opened()
    client.post(f"{own.path}/requests/erasure", data=own.form(client))
    number = requests(store, actor=LEAD, now=own.site.now).open[0].id
    ask(store, number, "detail", text="Mitä tarkoitat?", actor=LEAD, now=own.site.now)
    assert "odotamme sinulta lisätietoa" in client.get(f"{own.path}/requests").text
    refuse(store, number, reason="Laki velvoittaa säilyttämään laskut.", actor=LEAD, now=own.site.now)
    page = client.get(f"{own.path}/requests").text
    assert "Hylätty 25.11.2026" in page
    assert "Laki velvoittaa säilyttämään laskut." in page


def test_nobody_sees_the_requests_of_others(own: Own) -> None:
    store = own.site.registers.open(own.site.key)
    contact(store, own.site.now, first="Liisa", last="Muu")
    first = own.opened("liisa@havupumppu.example")
    first.post(f"{own.path}/requests/access", data={"asked": "Liisan sanat", **own.form(first)})
    second = own.opened()
    assert "Liisan sanat" not in second.get(f"{own.path}/requests").text


def test_where_a_guard_stands_somebody_identifies_them_first(home: tuple[Own, dict[str, int]]) -> None:
    own, _ = home
    client = own.opened("eeva@posti.example")
    assert client.post(f"{own.path}/requests/access", data=own.form(client)).status_code == 303
    store = own.site.registers.open(own.site.key)
    assert [one.identified for one in requests(store, actor=LEAD, now=own.site.now).open] == [""]
