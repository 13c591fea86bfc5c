"""Home of the day: what waits, for whom; what came in; whom one opened; who leaves; numbers only for open work."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.prepared import applied
from tests.web.conftest import Site

from seloste.notice import load
from seloste.operations.actor import CLI, Actor
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.read import row
from seloste.operations.retention.sweep import sweep
from seloste.settings import Settings
from seloste.store.registers import Registers
from seloste.web.app import make_app

MIKAEL = "mikael.tuuri@fluiconnecto.example"
WEB = Path(__file__).parents[2] / "examples" / "fluent-progress" / "customers.yaml"
Token = Callable[..., dict[str, str]]


@pytest.fixture
def work(site: Site) -> dict[str, int]:
    """Tasks of yesterday, today and next month; one that another has; one agreed next call; one done."""
    tasks = [
        ("Myöhäinen", "24.11.2026", None, None),
        ("Tämänpäiväinen", "25.11.2026", "sales", None),
        ("Tuleva", "24.12.2026", None, None),
        ("Muun", "25.11.2026", "somebody", None),
        ("Valmis", "24.11.2026", None, "24.11.2026"),
    ]
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow("person", {"first_name": "Sari", "last_name": "Havukoski", "phone": ["050 000 0142"]}, ref="p"),
        NewRow("relationship", {"title": "Ostaja"}, {"person": "p", "organisation": "o"}, ref="r"),
        NewRow(
            "interaction",
            {"at": site.now - timedelta(days=3), "subject": "Jatkopuhelu", "next_on": "25.11.2026"},
            {"relationship": "r"},
            ref="call",
        ),
    ]
    for subject, due, assignee, done in tasks:
        values = {"subject": subject, "due_on": due, "assignee": assignee, "done_on": done}
        rows.append(NewRow("task", values, {"relationship": "r"}, ref=subject))
    return dict(collect(site.registers.open(site.key), rows, actor=CLI, now=site.now).ids)


def today(text: str) -> str:
    return text.partition("Sinulle tänään")[2].partition("</section>")[0]


def test_what_waits_is_mine_late_first_with_whom_and_their_number(site: Site, work: dict[str, int]) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/").text
    assert "<h1>Keskiviikko 25. marraskuuta</h1>" in text
    waiting = today(text)
    assert re.findall(r'class="name" href="[^"]*">([^<]*)<', waiting) == ["Myöhäinen", "Jatkopuhelu", "Tämänpäiväinen"]
    assert 'when late">myöhässä' in waiting
    assert "piti tehdä 24.11." in waiting
    assert waiting.count("tel:+358500000142") == 3
    assert "Sari Havukoski, Havupumppu Oy" in waiting


def test_it_is_closed_from_there(site: Site, work: dict[str, int], form_token: Token) -> None:
    client, home = site.signed_in(MIKAEL), f"/r/{site.key}/"
    back = {"referer": f"http://seloste.example{home}"}
    for kind, ref in (("task", "Myöhäinen"), ("interaction", "call")):
        answer = client.post(f"/r/{site.key}/{kind}/{work[ref]}/done", data=form_token(client, home), headers=back)
        assert answer.headers["location"] == f"{home}?done=marked"
    waiting = today(client.get(home).text)
    assert re.findall(r'class="name" href="[^"]*">([^<]*)<', waiting) == ["Tämänpäiväinen"]
    store, sales = site.registers.open(site.key), Actor("a", "sales")
    assert row(store, "task", work["Myöhäinen"], actor=sales, now=site.now).values["done_on"] == site.now.date()
    assert "next_on" not in row(store, "interaction", work["call"], actor=sales, now=site.now).values


def test_the_side_bar_counts_open_work_only(site: Site, work: dict[str, int], form_token: Token) -> None:
    client, home = site.signed_in(MIKAEL), f"/r/{site.key}/"

    def numbers() -> dict[str, str]:
        side = client.get(home).text.partition('class="nav"')[2].partition("</nav>")[0]
        found = re.findall(r'<span>([^<]*)</span>(?:<span class="n">([^<]*)</span>)?', side)
        return {name: number for name, number in found if number}

    assert numbers() == {"Tehtävät": "3"}, "open and due by two weeks ahead"
    client.post(f"/r/{site.key}/task/{work['Myöhäinen']}/done", data=form_token(client, home))
    assert numbers() == {"Tehtävät": "2"}


def test_nothing_for_today_is_said(site: Site) -> None:
    text = site.signed_in(MIKAEL).get(f"/r/{site.key}/").text
    assert "Ei mitään tälle päivälle." in text
    assert "Viimeksi avatut" not in text


def test_it_remembers_whom_one_opened_and_not_whom_one_passed(site: Site, work: dict[str, int]) -> None:
    client = site.signed_in(MIKAEL)
    for path in ("", "suggest?q=havukoski", "find?q=havukoski"):
        client.get(f"/r/{site.key}/{path}")
    assert "Viimeksi avatut" not in client.get(f"/r/{site.key}/").text
    client.get(f"/r/{site.key}/person/{work['p']}")
    opened = client.get(f"/r/{site.key}/").text.partition("Viimeksi avatut")[2].partition("</section>")[0]
    assert "Sari Havukoski" in opened
    assert "Havupumppu Oy" in opened


def test_the_number_shown_by_the_way_is_journaled(site: Site, work: dict[str, int]) -> None:
    site.signed_in(MIKAEL).get(f"/r/{site.key}/")
    store = site.registers.open(site.key)
    store.reads.flush()
    with store.database.read() as conn:
        found = conn.execute("SELECT persons, items FROM journal WHERE kind = 'person' AND verb = 'look'").all()
    assert [(json.loads(a), json.loads(b)) for a, b in found] == [([work["p"]], ["first_name", "last_name", "phone"])]


def test_who_leaves_soon_is_a_sentence_and_a_list(site: Site, work: dict[str, int]) -> None:
    rows = [
        NewRow("person", {"first_name": "Aki", "last_name": "Tervo"}, ref="x"),
        NewRow("relationship", {"ended": "31.8.2026"}, {"person": "x", "organisation": work["o"]}),
    ]
    collect(site.registers.open(site.key), rows, actor=CLI, now=site.now)
    client = site.signed_in(MIKAEL)
    assert "Kukaan ei poistu" in client.get(f"/r/{site.key}/").text
    site.later(days=80)
    client = site.signed_in(MIKAEL)
    text = client.get(f"/r/{site.key}/").text
    assert "1 ihminen poistuu rekisteristä 30 päivän kuluessa. Sinun ei tarvitse tehdä mitään." in text
    assert f"/r/{site.key}/person?leaves=soon" in text


@pytest.fixture
def web(tmp_path: Path, fixed_now: datetime) -> Iterator[tuple[Site, int]]:
    """A register that takes forms from the web, with one form of this morning."""
    registers = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "key", language="fi"))
    notice = load(WEB)
    applied(registers, notice, fixed_now)
    rows = [
        NewRow("person", {"first_name": "Jarno", "last_name": "Vesisalo"}, ref="p"),
        NewRow(
            "form_submission",
            {"form": "contact", "at": fixed_now - timedelta(minutes=30), "text": "Voitteko tulla käymään?"},
            {"person": "p"},
            source="web_form",
            ref="f",
        ),
    ]
    ids = collect(registers.open(notice.register), rows, actor=CLI, now=fixed_now).ids
    found: list[Site] = []
    app = make_app(registers.settings, registers, now=lambda: found[0].now)
    found.append(Site(registers, app, notice.register, fixed_now))
    found[0].add("aino@fluent-progress.example", "Aino", "customer_service")
    found[0].add("ilmo@fluent-progress.example", "Ilmo", "customer_service")
    yield found[0], ids["f"]
    registers.close()


def test_what_came_in_is_taken_by_one_and_leaves_the_others(web: tuple[Site, int], form_token: Token) -> None:
    site, form = web
    client, home = site.signed_in("aino@fluent-progress.example"), f"/r/{site.key}/"
    new = client.get(home).text.partition(">Uutta<")[2].partition("</section>")[0]
    assert "Jarno Vesisalo" in new
    assert "”Voitteko tulla käymään?”" in new
    assert "Ota hoitaaksesi" in new
    answer = client.post(f"/r/{site.key}/form_submission/{form}/take", data=form_token(client, home))
    assert answer.status_code == 303
    assert "Otit tämän hoitaaksesi." in client.get(answer.headers["location"]).text
    for email in site.accounts:
        assert ">Uutta<" not in site.signed_in(email).get(home).text
    actor = Actor("a", "customer_service")
    taken = row(site.registers.open(site.key), "form_submission", form, actor=actor, now=site.now).values["assignee"]
    assert taken == site.accounts["aino@fluent-progress.example"]


def test_home_says_what_the_last_sweep_removed_and_why_the_rest_stays(site: Site, work: dict[str, int]) -> None:
    store, path = site.registers.open(site.key), f"/r/{site.key}/"
    assert "Viimeksi poistui" not in site.signed_in(MIKAEL).get(path).text, "nothing was swept yet"
    values = {"number": "T-1", "ordered_on": site.now.date(), "notes": "soittaa ensin"}
    collect(store, [NewRow("order", values, {"organisation": work["o"]})], actor=CLI, now=site.now)
    site.later(days=366 * 2 + 180)
    sweep(store, now=site.now, actor=CLI)
    section = site.signed_in(MIKAEL).get(path).text.partition("Viimeksi poistui")[2].partition("</section>")[0]
    assert "tietoa poistui, kun niiden määräaika päättyi." in section
    assert re.search(r'href="/r/[a-z_]+/order">Tilaukset</a>.*?1 osittain', section, re.DOTALL)
    assert "25.11.2029 asti" in section.partition("Muu jäi")[2]
    # Counts of what a role does not see are not told to it.
    other = site.signed_in("ritva.kaleva@fluiconnecto.example").get(path).text
    section = other.partition("Viimeksi poistui")[2].partition("</section>")[0]
    assert section
    assert "/interaction" not in section
    site.later(days=1)
    sweep(store, now=site.now, actor=CLI)
    assert "Mitään ei poistunut." in site.signed_in(MIKAEL).get(path).text
