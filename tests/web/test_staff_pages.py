"""Home, lists, search and the page of a row, as those who work with them every day meet them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Site

from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.rectify import rectify

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))
Axe = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def sari(site: Site) -> int:
    """A contact with a firm, an order, a call and a task that is late."""
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow(
            "person",
            {
                "first_name": "Sari",
                "last_name": "Havukoski",
                "phone": ["050 000 0142"],
                "email": ["sari@havupumppu.example"],
            },
            ref="p",
        ),
        NewRow(
            "relationship",
            {"title": "Huoltopäällikkö", "began": "14.3.2024"},
            {"person": "p", "organisation": "o"},
            ref="r",
        ),
        NewRow("order", {"number": "T-1187", "ordered_on": "19.11.2026", "contact": "p"}, {"organisation": "o"}),
        NewRow(
            "interaction",
            {"at": site.now, "channel": "call", "subject": "Letkusarja", "text": "Kysyi toimitusaikaa."},
            {"relationship": "r"},
        ),
        NewRow("task", {"subject": "Vahvista toimitusaika", "due_on": "23.11.2026"}, {"relationship": "r"}),
    ]
    return collect(site.registers.open(site.key), rows, actor=CLI, now=site.now).ids["p"]


def test_home_shows_what_is_late_and_whose_it_is(site: Site, sari: int) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/").text
    assert "Keskiviikko 25. marraskuuta" in text
    assert "Vahvista toimitusaika" in text
    assert "myöhässä" in text
    assert "Sari Havukoski, Havupumppu Oy" in text


def test_home_remembers_whom_one_opened(site: Site, sari: int) -> None:
    client = site.signed_in(MIKAEL)
    assert "Viimeksi avatut" not in client.get(f"/r/{site.key}/").text
    client.get(f"/r/{site.key}/person/{sari}")
    assert "Viimeksi avatut" in client.get(f"/r/{site.key}/").text


def test_a_person_page_tells_who_how_to_reach_and_what_happened(site: Site, sari: int) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/person/{sari}").text
    firm = '<a class="in-text" href="/r/fluiconnecto_customers/organisation/1">Havupumppu Oy</a>'
    assert f"Huoltopäällikkö, {firm}" in text
    for words in ("tel:+358500000142", "T-1187", "Kysyi toimitusaikaa."):
        assert words in text
    assert text.index("Letkusarja") < text.index("T-1187"), "the newest comes first"


@pytest.mark.promise("C21")
def test_whether_one_may_be_sold_to_stands_beside_the_number(site: Site, sari: int) -> None:
    client, store = site.signed_in(MIKAEL), site.registers.open(site.key)
    before = client.get(f"/r/{site.key}/person/{sari}").text
    assert 'class="no"' not in before
    say.ban(store, sari, "phone", actor=Actor("a", "sales"), now=site.now)
    after = client.get(f"/r/{site.key}/person/{sari}").text
    assert after.count('class="no"') == 1


def test_why_is_one_press_away_and_all_are_opened_by_the_address(site: Site, sari: int) -> None:
    client = site.signed_in(MIKAEL)
    closed, opened = (client.get(f"/r/{site.key}/person/{sari}{more}").text for more in ("", "?why=1"))
    assert "henkilöltä itseltään" in closed
    assert "<details" in closed
    assert opened.count(" open>") == 4


def test_a_note_is_recorded_where_it_belongs(site: Site, sari: int, form_token: Callable[..., dict[str, str]]) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person/{sari}"
    page = client.get(path).text
    parent = page.partition('name="parent_id" value="')[2].partition('"')[0]
    form = {
        **form_token(client, path),
        "made": "interaction",
        "parent": "relationship",
        "parent_id": parent,
        "kind": "meeting",
        "text": "Sovittiin käynti.",
    }
    answer = client.post(f"{path}/record", data=form)
    assert answer.headers["location"].startswith(f"{path}?done=recorded&undo=interaction.")
    assert "Sovittiin käynti." in client.get(path).text
    # Without the token, to a row that is not seen, or of a kind that is not: nothing.
    assert client.post(f"{path}/record", data={k: v for k, v in form.items() if k != "form_token"}).status_code == 403
    assert client.post(f"{path}/record", data={**form, "parent_id": "999"}).status_code == 404
    assert client.post(f"{path}/record", data={**form, "made": "invoice"}).status_code == 404


def test_a_list_counts_filters_and_sorts_in_its_address(site: Site, sari: int) -> None:
    client = site.signed_in(MIKAEL)
    listed = client.get(f"/r/{site.key}/person").text
    assert "1 henkilö" in listed
    assert "Havupumppu Oy" in listed
    assert 'aria-sort="descending"' in client.get(f"/r/{site.key}/person?sort=-last_name").text
    none = client.get(f"/r/{site.key}/person?q=nobody").text
    assert "nobody" in none
    assert "Havukoski" not in none
    for hostile in ("sort=sys_use_0", "sort=';--", "page=99999999999", "stage=x' OR 1=1", "q=%01%22'"):
        assert client.get(f"/r/{site.key}/relationship?{hostile}").status_code == 200, hostile
    assert client.get(f"/r/{site.key}/relationship?q=%00%22'").status_code == 400, "PostgreSQL cannot hold it"


def test_search_finds_and_suggests(site: Site, sari: int) -> None:
    client = site.signed_in(MIKAEL)
    assert f"/r/{site.key}/person/{sari}" in client.get(f"/r/{site.key}/find?q=havuk").text
    suggested = client.get(f"/r/{site.key}/suggest?q=havu").text
    assert 'role="option"' in suggested
    assert "050\u00a0000\u00a00142" in suggested


@pytest.mark.promise("F53", "P45")
def test_another_role_sees_none_of_it(site: Site, sari: int) -> None:
    """Management has no purpose that uses calls; what it may not see looks like what is not there."""
    client = site.signed_in(RITVA)
    refused = client.get(f"/r/{site.key}/interaction")
    assert refused.status_code == 403
    assert "Kenelle sivu näkyy: Myynti" in refused.text
    assert "Kysyi toimitusaikaa" not in client.get(f"/r/{site.key}/person/{sari}").text
    assert client.get(f"/r/{site.key}/person/{sari + 1000}").status_code == 404
    assert client.get(f"/r/{site.key}/person/{2**70}").status_code == 404


def test_a_restricted_person_looks_like_nobody(site: Site, sari: int) -> None:
    client, store = site.signed_in(MIKAEL), site.registers.open(site.key)
    say.restrict(store, sari, "accuracy", actor=Actor("a", "sales"), now=site.now)
    assert client.get(f"/r/{site.key}/person/{sari}").status_code == 404
    assert "Havukoski" not in client.get(f"/r/{site.key}/find?q=havukoski").text.partition("<main")[2].replace(
        "havukoski", ""
    )
    assert read.count(store, "person", actor=Actor("a", "sales"), now=site.now) == 0


def test_no_page_puts_a_person_into_an_address_or_a_log(
    site: Site, sari: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    client = site.signed_in(MIKAEL)
    for path in ("", "person", f"person/{sari}", "find?q=havukoski", "suggest?q=havukoski", "register"):
        assert client.get(f"/r/{site.key}/{path}").status_code == 200
    # The test's own client writes the addresses it asks for.
    written = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert "GET /r/{reg}/find 200" in written
    for word in ("Havukoski", "havukoski", "0142", "Sari"):
        assert word not in written


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_are_usable_by_all(
    page: Any, site: Site, sari: int, live_server: Callable[[Any], str], axe: Axe, width: int, scheme: str
) -> None:
    address = live_server(site.app)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/sign-in")
    page.get_by_label("Sähköposti").fill(MIKAEL)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(f"{address}/r/{site.key}/")
    for path in ("", "person", f"person/{sari}", f"person/{sari}?why=1", "find?q=havu", "order", "organisation/1"):
        page.goto(f"{address}/r/{site.key}/{path}")
        assert axe(page) == [], (path, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)


def test_one_finds_a_person_by_keyboard_alone(
    page: Any, site: Site, sari: int, live_server: Callable[[Any], str]
) -> None:
    address = live_server(site.app)
    page.goto(f"{address}/sign-in")
    page.get_by_label("Sähköposti").fill(MIKAEL)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/r/{site.key}/")
    page.keyboard.press("/")
    page.keyboard.type("havuk")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/r/{site.key}/person/{sari}")
    assert page.get_by_role("heading", level=1).inner_text() == "Sari Havukoski"


def test_who_does_a_task_is_told_by_name(site: Site, sari: int) -> None:
    store = site.registers.open(site.key)
    actor = Actor(site.accounts[MIKAEL], "sales")
    tasks = read.rows(store, "task", actor=actor, now=site.now).rows
    path = f"/r/{site.key}/task/{tasks[0].id}"
    client = site.signed_in(MIKAEL)
    for code, name in (("service", "Huolto ja asiakaspalvelu"), (site.accounts[MIKAEL], "Mikael Tuuri")):
        rectify(store, "task", tasks[0].id, {"assignee": code}, source="own_records", actor=actor, now=site.now)
        text = client.get(path).text
        assert f">{name}<" in text.replace("\n", "")
        assert f">{code}<" not in text
