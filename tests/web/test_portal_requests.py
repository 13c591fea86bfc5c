"""A person's requests on their own page: asked there, with the day by which they are answered, and the answer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.operations.conftest import contact
from tests.smtp_sink import sink
from tests.web.conftest import Site
from tests.web.test_portal import Own, home, with_mail

from seloste.operations.actor import Actor
from seloste.operations.rights.answer import answer, refuse
from seloste.operations.rights.ask import ask, came
from seloste.operations.rights.give_access import copy_file, give_access
from seloste.operations.rights.model import RequestError
from seloste.operations.rights.read import requests
from seloste.operations.rights.receive import receive

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
    assert answer.headers["location"] == f"{own.path}/requests?said=sent"
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


def test_the_link_of_an_answer_leads_to_the_answer(own: Own) -> None:
    link, store = own.link(), own.site.registers.open(own.site.key)
    words = {"channel": "email", "language": "fi", "person": own.person, "evidence": frozenset({"strong"})}
    first, second = (receive(store, right, **words, actor=LEAD, now=own.site.now).id for right in ("access", "erasure"))
    give_access(store, first, text="Tässä tietosi.", actor=LEAD, now=own.site.now)
    refuse(store, second, reason="Laki velvoittaa.", actor=LEAD, now=own.site.now)
    client = own.site.client()
    page = client.get(f"{link}&answer={first}").text
    action = re.findall(r'action="([^"]+/open/[^"]+)"', page)[0].replace("&amp;", "&")
    opened = client.post(action)
    assert opened.headers["location"] == f"{own.path}/requests?answer={first}&lang=fi"
    page = client.get(opened.headers["location"]).text
    assert page.index("Vastaus: Omat tiedot") < page.index("Tässä tietosi.") < page.index("Laki velvoittaa.")
    assert f'href="{own.path}/data?lang=fi"' in page
    assert page.count("Tässä tietosi.") == 1, "it stands on top and not among the others too"
    for wrong in ("999", "1;2", "", "9" * 30):
        assert "Vastaus:" not in client.get(f"{own.path}/requests", params={"answer": wrong}).text


def test_the_first_page_the_leads_page_and_the_letter_count_alike(own: Own) -> None:
    """What is kept as proof of what was said and asked is named apart wherever it is counted."""
    store = own.site.registers.open(own.site.key)
    client, lead = own.opened(), own.site.signed_in("ritva.kaleva@fluiconnecto.example")
    words = {"channel": "email", "language": "fi", "person": own.person, "evidence": frozenset({"strong"})}
    number = receive(store, "access", **words, actor=LEAD, now=own.site.now).id
    data, proof = map(int, re.findall(r"(\d+) tietoa, lisäksi (\d+) näytöksi", client.get(f"{own.path}/home").text)[0])
    page = lead.get(f"/r/{own.site.key}/privacy/requests/{number}").text
    told = re.findall(r"annettaisiin (\d+) tietoa; [^<]*?Annettavista tiedoista (\d+) on näyttöä", page)[0]
    assert (data + proof, proof) == tuple(map(int, told))
    give_access(store, number, actor=LEAD, now=own.site.now)
    letter = copy_file(store, number, "html", lang="fi", actor=LEAD, now=own.site.now).body.decode()
    # The answer is itself kept as proof, and so the letter has a little more of that.
    whole, kept = map(int, re.findall(r"(\d+) tietoa, joista (\d+) on näyttöä siitä, mitä olet pyytänyt", letter)[0])
    assert whole - kept == data
    assert kept >= proof


def test_what_is_asked_is_shown_and_answered(own: Own) -> None:
    store = own.site.registers.open(own.site.key)
    client = own.opened()
    form = own.form(client)
    client.post(f"{own.path}/requests/rectification", data=form)
    number = requests(store, actor=LEAD, now=own.site.now).open[0].id
    reply = f"{own.path}/requests/{number}/reply"
    # Nothing is waited for yet, and who somebody is, is not answered in words.
    assert client.post(reply, data={"text": "Tässä", **form}).status_code == 422
    ask(store, number, "identity", actor=LEAD, now=own.site.now)
    assert "tietosuoja@fluiconnecto.example. Voit osoittaa, kuka olet" in client.get(f"{own.path}/requests").text
    assert client.post(reply, data={"text": "Minä se olen", **form}).status_code == 422
    came(store, number, actor=LEAD, now=own.site.now)
    ask(store, number, "detail", text="Mikä titteli on oikea?", actor=LEAD, now=own.site.now)
    page = client.get(f"{own.path}/requests").text
    assert "Mikä titteli on oikea?" in page
    assert reply in page
    assert client.post(reply, data={"text": " ", **form}).status_code == 422
    assert client.post(reply, data={"text": "Johtaja", **form}).headers["location"].endswith("said=replied")
    found = requests(store, actor=LEAD, now=own.site.now).open[0]
    assert (found.state, found.steps[-1].step, found.steps[-1].text) == ("received", "came", "Johtaja")
    assert "vastasit kysymykseen" in client.get(f"{own.path}/looked").text


def test_a_request_is_taken_back_by_a_button(own: Own) -> None:
    store = own.site.registers.open(own.site.key)
    client = own.opened()
    form = own.form(client)
    client.post(f"{own.path}/requests/access", data={"asked": "Saisinko tietoni", **form})
    found = requests(store, actor=LEAD, now=own.site.now).open[0]
    cancel = f"{own.path}/requests/{found.id}/cancel"
    assert "saapui 25.11.2026: omat tiedot" in client.get(cancel).text
    assert requests(store, actor=LEAD, now=own.site.now).open
    assert client.post(cancel).status_code == 403
    assert client.post(cancel, data=form).headers["location"].endswith("said=cancelled")
    assert not requests(store, actor=LEAD, now=own.site.now).open
    page = client.get(f"{own.path}/requests").text
    assert "Peruttu 25.11.2026" in page
    assert client.get(cancel).status_code == client.post(cancel, data=form).status_code == 404
    with pytest.raises(RequestError):
        refuse(store, found.id, reason="Ei", actor=LEAD, now=own.site.now)
    # No answer goes out by a copy made afterwards, and the same may be asked again.
    made = copy_file(store, found.id, "html", lang="fi", actor=LEAD, now=own.site.now)
    assert b"Havukoski" not in made.body
    assert client.post(f"{own.path}/requests/access", data=form).status_code == 303


def test_asking_and_cancelling_ends_somewhere(own: Own) -> None:
    """Each of them writes letters and rows, and somebody reads it."""
    store, client = own.site.registers.open(own.site.key), own.opened()
    form = own.form(client)

    def ask_for(right: str) -> int:
        return int(client.post(f"{own.path}/requests/{right}", data=form).status_code)

    for _ in range(10):
        assert ask_for("access") == 303
        number = requests(store, actor=LEAD, now=own.site.now).open[0].id
        client.post(f"{own.path}/requests/{number}/cancel", data=form)
    assert ask_for("access") == 422
    assert len(requests(store, actor=LEAD, now=own.site.now).open) == 0


def test_nobody_sees_the_requests_of_others(own: Own) -> None:
    store = own.site.registers.open(own.site.key)
    contact(store, own.site.now, first="Liisa", last="Muu")
    first, second = own.opened("liisa@havupumppu.example"), own.opened()
    first.post(f"{own.path}/requests/access", data={"asked": "Liisan sanat", **own.form(first)})
    number = requests(store, actor=LEAD, now=own.site.now).open[0].id
    ask(store, number, "detail", text="Liisalta kysytään", actor=LEAD, now=own.site.now)
    page = second.get(f"{own.path}/requests").text
    assert "Liisan sanat" not in page
    assert "Liisalta" not in page
    form = own.form(second)
    for each in (number, number + 1, 0, 10**25):
        assert second.get(f"{own.path}/requests/{each}/cancel").status_code == 404
        assert second.post(f"{own.path}/requests/{each}/cancel", data=form).status_code == 404
        assert second.post(f"{own.path}/requests/{each}/reply", data={"text": "x", **form}).status_code == 404
    assert requests(store, actor=LEAD, now=own.site.now).open[0].waiting


def test_where_a_guard_stands_somebody_identifies_them_first(home: tuple[Own, dict[str, int]]) -> None:
    own, _ = home
    client = own.opened("eeva@posti.example")
    assert client.post(f"{own.path}/requests/access", data=own.form(client)).status_code == 303
    store = own.site.registers.open(own.site.key)
    assert [one.identified for one in requests(store, actor=LEAD, now=own.site.now).open] == [""]


def test_a_link_does_not_say_that_a_request_is_theirs(own: Own) -> None:
    """Whoever sent it may read the mail too: that it is theirs is said by who was identified."""
    store, now, client = own.site.registers.open(own.site.key), own.site.now, own.opened()
    number = receive(store, "erasure", channel="email", person=own.person, actor=LEAD, now=now).id
    ask(store, number, "identity", actor=LEAD, now=now)
    assert "/mine" not in client.get(f"{own.path}/requests").text
    assert client.post(f"{own.path}/requests/{number}/mine", data=own.form(client)).status_code == 404
    assert [(one.identified, one.state) for one in requests(store, actor=LEAD, now=now).open] == [("", "waiting")]


def test_where_a_guard_stands_no_words_of_a_request_are_shown_behind_a_link(home: tuple[Own, dict[str, int]]) -> None:
    """Whoever reads the mail may be the one whom the order is against: no address in a request is for them."""
    own, _ = home
    store, now = own.site.registers.open(own.site.key), own.site.now
    with store.database.read() as conn:
        eeva = int(conn.execute("SELECT id FROM person WHERE first_name = 'Eeva'").all()[0][0])
    by: dict[str, Any] = {"channel": "phone", "person": eeva, "evidence": frozenset({"in_person"}), "actor": LEAD}
    moved, done, asked = (
        receive(store, right, asked=f"Muutin: Piilopolku {number}", now=now, **by).id
        for number, right in enumerate(("rectification", "human_review", "restriction"), start=1)
    )
    answer(store, done, "partly_done", text="Piilopolku 4 on kirjattu.", reason="Ei Piilopolku 5.", actor=LEAD, now=now)
    ask(store, asked, "detail", text="Onko se Piilopolku 6?", actor=LEAD, now=now)
    client = own.opened("eeva@posti.example")
    for path in ("/requests", f"/requests?answer={done}", "/home", "/data"):
        page = client.get(own.path + path)
        assert (page.status_code, "Piilopolku" in page.text) == (200, False), path
    assert client.get(f"{own.path}/requests").text.count("Turvakielto") == 1
    form = own.form(client)
    for number in (moved, asked):
        assert client.get(f"{own.path}/requests/{number}/cancel").status_code == 404
        assert client.post(f"{own.path}/requests/{number}/cancel", data=form).status_code == 404
        assert client.post(f"{own.path}/requests/{number}/reply", data={"text": "x", **form}).status_code == 404
        assert client.post(f"{own.path}/requests/{number}/mine", data=form).status_code == 404
    assert {each.id for each in requests(store, actor=LEAD, now=now).open} == {moved, asked}
