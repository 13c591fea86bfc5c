"""Lists: found in three letters, narrowed by the address, who may be called, when one last was in touch, until when."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Site
from tests.web.houses import OSKARI, house

from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow, TooFarError
from seloste.web.staff import list_rows, lists

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))
PEOPLE = [
    # first, last, firm, stage, ended
    ("Sari", "Havukoski", "o", "customer", None),
    ("Lauri", "Havukoski", "o", "lead", None),
    ("Henna", "Kallio", "o", "customer", None),
    ("Eero", "Havuvirta", "k", "customer", None),
    ("Aki", "Tervo", "o", "former", "31.8.2026"),
]


@pytest.fixture
def people(site: Site) -> dict[str, int]:
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow("organisation", {"name": "Koivuniemen Konepaja Oy"}, ref="k"),
    ]
    for number, (first, last, firm, stage, ended) in enumerate(PEOPLE):
        values: dict[str, Any] = {"first_name": first, "last_name": last}
        if first != "Henna":
            values["phone"] = [f"050 000 01{number:02}"]
        rows.append(NewRow("person", values, ref=first))
        tie = {"title": "Ostaja", "stage": stage, "began": "1.2.2024", "ended": ended}
        rows.append(NewRow("relationship", tie, {"person": first, "organisation": firm}, ref=f"r-{first}"))
    at = site.now - timedelta(days=8)
    rows.append(
        NewRow("interaction", {"at": at, "channel": "meeting", "text": "Sovittiin."}, {"relationship": "r-Eero"})
    )
    rows.append(NewRow("task", {"subject": "Soita", "due_on": "24.11.2026"}, {"relationship": "r-Sari"}))
    rows.append(
        NewRow("task", {"subject": "Kirje", "due_on": "2.11.2026", "done_on": "3.11.2026"}, {"relationship": "r-Sari"})
    )
    return dict(collect(site.registers.open(site.key), rows, actor=CLI, now=site.now).ids)


def names(text: str) -> list[str]:
    body = text.partition("<tbody")[2]
    return [re.sub("<[^>]+>", "", found) for found in re.findall(r'<th scope="row"[^>]*><a [^>]*>(.*?)</a>', body)]


def test_people_stand_by_their_last_names(site: Site, people: dict[str, int]) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person"
    text = client.get(path).text
    assert "<b>5 henkilöä</b>" in text
    assert names(text) == ["Havukoski, Lauri", "Havukoski, Sari", "Havuvirta, Eero", "Kallio, Henna", "Tervo, Aki"]
    assert 'aria-sort="ascending"' in text
    assert names(client.get(f"{path}?sort=-last_name").text)[0] == "Tervo, Aki"


def test_three_letters_find_people_and_those_of_a_firm(site: Site, people: dict[str, int]) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/person?q=havu").text
    assert names(text) == ["Havukoski, Lauri", "Havukoski, Sari", "Havuvirta, Eero", "Kallio, Henna", "Tervo, Aki"]
    assert "<mark>Havu</mark>koski, Sari" in text
    assert "<mark>Havu</mark>pumppu Oy" in text
    assert "haulla ”havu”" in text
    assert 'name="q" value="havu"' in text


@pytest.mark.promise("C11", "C21")
def test_each_row_says_who_may_be_asked_and_when_one_last_was_in_touch(site: Site, people: dict[str, int]) -> None:
    store = site.registers.open(site.key)
    say.ban(store, people["Sari"], "phone", actor=Actor("a", "sales"), now=site.now)
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/person").text
    rows = {name: row for row in text.split("<tr")[2:] for name in ("Sari", "Eero", "Aki") if f", {name}</a>" in row}
    assert rows["Sari"].count('class="may no"') == 1
    assert rows["Eero"].count('class="may no"') == 0
    assert "17.11." in rows["Eero"]
    assert "tapaaminen" in rows["Eero"]
    assert 'href="tel:+358500000103"' in rows["Eero"]
    assert "Lopettanut 31.8.2026" in rows["Aki"]
    assert 'class="quiet"' in rows["Aki"]
    assert "28.2.2027" in rows["Aki"], "until when"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("relationship.stage=lead", ["Havukoski, Lauri"]),
        ("relationship.stage=customer&q=havuv", ["Havuvirta, Eero"]),
        ("missing=phone", ["Kallio, Henna"]),
        ("missing=phone&relationship.stage=lead", []),
    ],
)
def test_the_address_narrows_people(site: Site, people: dict[str, int], query: str, found: list[str]) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/person?{query}").text
    assert names(text) == found
    assert ">Tyhjennä</a>" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Soita", "Kirje"]),
        ("state=open", ["Soita"]),
        ("state=done", ["Kirje"]),
        ("from=2026-11-20", ["Soita"]),
        ("until=2026-11-20", ["Kirje"]),
        ("from=2026-11-20&until=2026-11-01", []),
        ("from=yesterday&state=perhaps", ["Soita", "Kirje"]),
        ("sort=subject", ["Kirje", "Soita"]),
    ],
)
def test_the_address_narrows_work(site: Site, people: dict[str, int], query: str, found: list[str]) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/task?{query}").text
    assert names(text) == found
    if not query:
        assert "myöhässä" in text
        assert "tehty 3.11." in text
        assert "Sari Havukoski, Havupumppu Oy" in text


def test_rows_of_one_place_stay_marked_in_the_filters(tmp_path: Path, fixed_now: datetime) -> None:
    made: Iterator[tuple[Site, dict[str, int]]] = house(tmp_path, fixed_now)
    site, ids = next(made)
    client = site.signed_in(OSKARI)
    text = client.get(f"/r/{site.key}/charge?apartment={ids['a']}&state=open").text
    assert "<b>2 riviä</b>" in text
    assert re.search(rf'<option value="{ids["a"]}" selected>A 12</option>', text)
    assert "<b>0 riviä</b>" in client.get(f"/r/{site.key}/charge?apartment={ids['b']}").text
    made.close()


def test_a_page_holds_fifty_and_keeps_what_was_asked(site: Site, people: dict[str, int]) -> None:
    rows: list[NewRow] = []
    for number in range(60):
        rows.append(NewRow("person", {"first_name": "Etu", "last_name": f"Zsuku{number:02}"}, ref=f"x{number}"))
        tie = {"title": "Ostaja", "stage": "lead"}
        rows.append(NewRow("relationship", tie, {"person": f"x{number}", "organisation": people["k"]}))
    collect(site.registers.open(site.key), rows, actor=CLI, now=site.now)
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person"
    first = client.get(f"{path}?relationship.stage=lead").text
    assert len(names(first)) == 50
    assert "<b>61 henkilöä</b>" in first
    (following,) = re.findall(r'<a href="([^"]*)" rel="next"', first)
    assert "relationship.stage=lead" in following
    second = client.get(following.replace("&amp;", "&")).text
    assert len(names(second)) == 11
    assert not set(names(first)) & set(names(second))
    assert names(client.get(f"{path}?page=99").text) == []


def test_those_who_leave_soon_are_listed(site: Site, people: dict[str, int]) -> None:
    site.later(days=80)
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/person?leaves=soon").text
    assert names(text) == ["Tervo, Aki"]


def test_a_list_journals_those_it_showed_and_no_others(site: Site, people: dict[str, int]) -> None:
    site.signed_in(MIKAEL).get(f"/r/{site.key}/person?q=kallio")
    store = site.registers.open(site.key)
    store.reads.flush()
    with store.database.read() as conn:
        found = conn.execute("SELECT persons FROM journal WHERE verb = 'look' AND kind = 'person'").all()
    assert [json.loads(persons) for (persons,) in found] == [[people["Henna"]]]


def test_an_empty_list_says_when_something_comes_and_how_long_it_stays(site: Site) -> None:
    client = site.signed_in(MIKAEL)
    text = client.get(f"/r/{site.key}/order").text
    assert "Täällä ei ole vielä mitään" in text
    assert "3 vuotta" in text, "the longest of its periods"
    assert "Uusi tilaus" in text
    none = client.get(f"/r/{site.key}/person?q=havunen").text
    assert "Ei ketään haulla ”havunen”." in none
    assert "Tiedot ovat voineet myös poistua määräajan päätyttyä." in none


def test_a_kind_of_another_role_says_whose_it_is(site: Site, people: dict[str, int]) -> None:
    client = site.signed_in(RITVA)
    answer = client.get(f"/r/{site.key}/interaction")
    assert answer.status_code == 403
    assert "Tämä sivu ei kuulu rooliisi" in answer.text
    assert "Asiakaspalvelu" in answer.text, "whom to ask"
    store = site.registers.open(site.key)
    store.reads.flush()
    with store.database.read() as conn:
        refused = conn.execute("SELECT count(*) FROM journal WHERE outcome = 'refused'").all()
    assert refused == [(1,)]
    assert client.get(f"/r/{site.key}/nosuchkind").status_code == 404


def test_what_is_typed_is_escaped_everywhere(site: Site, people: dict[str, int]) -> None:
    client = site.signed_in(MIKAEL)
    evil = "<script>alert(1)</script>\"'"
    for path in ("person", "task", "find", "suggest"):
        text = client.get(
            f"/r/{site.key}/{path}", params={"q": evil, "sort": evil, "from": evil, "relationship.stage": evil}
        ).text
        assert "<script>alert" not in text, path


def test_what_is_stored_is_escaped_everywhere(site: Site) -> None:
    evil = "<mark><script>alert(1)</script></mark>"
    rows = [
        NewRow("organisation", {"name": f"Havu {evil}"}, ref="o"),
        NewRow("person", {"first_name": f"Havu {evil}", "last_name": evil, "phone": ["050 000 0142"]}, ref="p"),
        NewRow("relationship", {"title": evil}, {"person": "p", "organisation": "o"}, ref="r"),
        NewRow("interaction", {"at": site.now, "subject": evil, "text": evil}, {"relationship": "r"}),
        NewRow("task", {"subject": evil, "due_on": "24.11.2026"}, {"relationship": "r"}),
        NewRow("order", {"number": evil, "ordered_on": "1.11.2026", "contact": "p"}, {"organisation": "o"}, ref="t"),
        NewRow("delivery", {"shipped_on": "2.11.2026", "address": evil, "recipient": "p"}, {"order": "t"}),
    ]
    ids = collect(site.registers.open(site.key), rows, actor=CLI, now=site.now).ids
    client = site.signed_in(MIKAEL)
    client.get(f"/r/{site.key}/person/{ids['p']}")
    paths = ["", "person", "person?q=havu", "task", "order", "find?q=havu", "suggest?q=havu", "delivery"]
    paths += [f"person/{ids['p']}?why=1", f"organisation/{ids['o']}?why=1", f"order/{ids['t']}"]
    for path in paths:
        text = client.get(f"/r/{site.key}/{path}").text
        assert "&lt;script&gt;" in text, path
        assert "<script>alert" not in text, path


def test_filters_act_when_they_change_and_without_script_too(
    page: Any, site: Site, people: dict[str, int], live_server: Callable[[Any], str]
) -> None:
    address = live_server(site.app)
    page.goto(f"{address}/sign-in?next=/r/{site.key}/person?sort=-last_name")
    page.get_by_label("Sähköposti").fill(MIKAEL)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(f"{address}/r/{site.key}/person?sort=-last_name")
    page.get_by_label("Asiakkuuden vaihe").select_option("lead")
    page.wait_for_url("**relationship.stage=lead**")
    assert page.locator("[data-count]").inner_text().startswith("1 henkilö")
    assert "sort=-last_name" in page.url, "the order stays"
    plain = page.context.browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    still = plain.new_page()
    still.goto(f"{address}/r/{site.key}/person")
    still.get_by_label("Asiakkuuden vaihe").select_option("lead")
    still.get_by_role("button", name="Rajaa").click()
    assert still.locator("tbody tr").count() == 1
    plain.close()


def test_a_page_too_far_says_what_to_do_and_leads_to_the_first(
    site: Site, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_far(asked: object) -> None:
        raise TooFarError(list_rows.MOST_COUNTED)

    monkeypatch.setattr(lists, "page_of", too_far)
    page = site.signed_in(MIKAEL).get(f"/r/{site.key}/person?page=9000&relationship.stage=customer")
    assert page.status_code == 200
    text = page.text.replace("\u00a0", " ")
    assert "Näin kaukana olevaa sivua ei voi avata numerolla" in text and "10 000 ensimmäistä" in text
    assert f'href="/r/{site.key}/person?relationship.stage=customer"' in text and "Sari" not in text
