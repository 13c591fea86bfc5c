"""The page of a row: somebody whom one sells to, an apartment with its bills, values opened with a reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Site
from tests.web.houses import HANNA, MINTTU, OSKARI, house

from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import SEALED, NewRow
from seloste.operations.records.transfer.purpose_read import PurposeReader
from seloste.store.dialects.sqlite_fixed import SqliteFixed

MIKAEL = "mikael.tuuri@fluiconnecto.example"
Token = Callable[..., dict[str, str]]


@pytest.fixture
def home(tmp_path: Path, fixed_now: datetime) -> Iterator[tuple[Site, dict[str, int]]]:
    yield from house(tmp_path, fixed_now)


@pytest.fixture
def sari(site: Site) -> dict[str, int]:
    """A customer of today and of an earlier firm, her colleague, an order that was delivered, a task, two calls."""
    days = timedelta(days=1)
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow("organisation", {"name": "Koivuniemen Konepaja Oy"}, ref="o2"),
        NewRow("person", {"first_name": "Sari", "last_name": "Havukoski", "phone": ["050 000 0142"]}, ref="p"),
        NewRow("person", {"first_name": "Pekka", "last_name": "Suolahti"}, ref="q"),
        NewRow(
            "relationship",
            {"title": "Huoltopäällikkö", "began": "14.3.2024"},
            {"person": "p", "organisation": "o"},
            ref="r",
        ),
        NewRow(
            "relationship",
            {"title": "Projekti-insinööri", "began": "1.2.2019", "ended": "1.9.2026"},
            {"person": "p", "organisation": "o2"},
        ),
        NewRow("relationship", {"title": "Toimitusjohtaja"}, {"person": "q", "organisation": "o"}),
        NewRow("address", {"use": "delivery", "street": "Pajatie 4", "city": "Esimerkkilä"}, {"person": "p"}),
        NewRow(
            "order",
            {"number": "T-1187", "ordered_on": "19.11.2026", "total": "1284", "contact": "p", "status": "delivered"},
            {"organisation": "o"},
            ref="t",
        ),
        NewRow("delivery", {"shipped_on": "20.11.2026", "recipient": "p"}, {"order": "t"}),
        NewRow(
            "interaction",
            {"at": site.now - days, "channel": "call", "subject": "Letkut", "text": "Kysyi aikaa."},
            {"relationship": "r"},
            ref="i",
        ),
        NewRow("interaction_participant", {"role": "present"}, {"interaction": "i", "person": "q"}),
        NewRow("task", {"subject": "Vahvista toimitusaika", "due_on": "26.11.2026"}, {"relationship": "r"}, ref="k"),
    ]
    return dict(collect(site.registers.open(site.key), rows, actor=CLI, now=site.now).ids)


def main(text: str) -> str:
    return text.partition("<main")[2]


@pytest.mark.promise("C9", "C10")
def test_events_say_what_they_were_who_took_part_and_what_followed(site: Site, sari: dict[str, int]) -> None:
    say.ban(site.registers.open(site.key), sari["p"], "phone", actor=Actor("a", "sales"), now=site.now)
    text = main(site.signed_in(MIKAEL).get(f"/r/{site.key}/person/{sari['p']}").text)
    for words in (
        ">Puhelu</a>",
        "mukana Pekka Suolahti",
        "Tilaus T-1187",
        "toimitettu</span>",
        "1\u00a0284,00\u00a0€",
        ">Toimitus</a> 20.11.",
        "Kielsi: suoramarkkinointi",
        "kielto 25.11.2026",
        "Lisätty rekisteriin",
        "kukin säilyy 3 vuotta",
    ):
        assert words in text, words
    order = [text.index(words) for words in ("Kielsi:", ">Puhelu</a>", "Tilaus T-1187")]
    assert order == sorted(order), "the newest comes first"


def test_where_somebody_belongs_and_belonged(site: Site, sari: dict[str, int]) -> None:
    text = main(site.signed_in(MIKAEL).get(f"/r/{site.key}/person/{sari['p']}").text)
    head, _, rest = text.partition('<ul class="reach"')
    assert "Havupumppu Oy" in head
    assert "Koivuniemen" not in head
    assert "14.3.2024–<" in rest
    assert "1.2.2019–1.9.2026" in rest
    assert "Osoite (toimitus)" in rest
    assert "Pajatie 4, Esimerkkilä" in rest


def test_what_comes_next_is_closed_where_it_stands(site: Site, sari: dict[str, int], form_token: Token) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person/{sari['p']}"
    assert "Seuraavaksi to 26.11.2026" in client.get(path).text
    done = f"/r/{site.key}/task/{sari['k']}/done"
    assert client.post(done).status_code == 403, "without the form's token"
    answer = client.post(
        done, data=form_token(client, path), headers={"referer": f"http://seloste.example{path}?done=x"}
    )
    assert answer.headers["location"] == f"{path}?done=marked"
    text = client.get(answer.headers["location"]).text
    assert "Merkitty tehdyksi." in text
    assert "Seuraavaksi" not in text
    assert "tehty 25.11." in text
    journal = site.registers.open(site.key)
    with journal.database.read() as conn:
        ((items,),) = conn.execute("SELECT items FROM journal WHERE verb = 'change'").all()
    assert json.loads(items) == ["done_on"]
    # An order has nothing that closes it, and another's row is not there.
    assert client.post(f"/r/{site.key}/order/{sari['t']}/done", data=form_token(client, path)).status_code == 404
    assert client.post(f"/r/{site.key}/task/999/done", data=form_token(client, path)).status_code == 404


def test_what_was_recorded_is_taken_back(site: Site, sari: dict[str, int], form_token: Token) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person/{sari['p']}"
    page = client.get(path).text
    hidden = dict(re.findall(r'name="(made|parent|parent_id)" value="([^"]*)"', page))
    answer = client.post(
        f"{path}/record", data={**form_token(client, path), **hidden, "kind": "note", "text": "Väärä ihminen"}
    )
    after = client.get(answer.headers["location"]).text
    assert "Väärä ihminen" in after
    undo = dict(re.findall(r'name="(rows|seal)" value="([^"]*)"', after))
    client.post(f"/r/{site.key}/undo", data={**form_token(client, path), **undo})
    assert "Väärä ihminen" not in client.get(path).text


def test_what_could_not_be_stored_is_still_in_the_form(site: Site, sari: dict[str, int], form_token: Token) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person/{sari['p']}"
    hidden = dict(re.findall(r'name="(made|parent|parent_id)" value="([^"]*)"', client.get(path).text))
    token = form_token(client, path)
    empty = client.post(f"{path}/record", data={**token, **hidden, "kind": "note", "text": " "})
    assert empty.status_code == 422
    assert "Kirjoita ensin, mitä sovittiin." in empty.text
    assert "<title>Virhe: Sari Havukoski" in empty.text
    wrong = client.post(f"{path}/record", data={**token, **hidden, "kind": "telepathy", "text": "Ajatteli kovasti."})
    assert wrong.status_code == 422
    assert "Ajatteli kovasti.</textarea>" in wrong.text
    assert read.count(site.registers.open(site.key), "interaction", actor=Actor("a", "sales"), now=site.now) == 1


def test_only_one_kind_of_events_is_shown_when_asked(site: Site, sari: dict[str, int]) -> None:
    text = main(site.signed_in(MIKAEL).get(f"/r/{site.key}/person/{sari['p']}?only=order").text)
    assert "Tilaus T-1187" in text
    assert "Kysyi aikaa." not in text


def test_the_reasons_are_in_the_notices_voice(site: Site, sari: dict[str, int]) -> None:
    text = main(site.signed_in(MIKAEL).get(f"/r/{site.key}/person/{sari['p']}?why=1").text)
    assert "”Saimme tiedon sinulta itseltäsi 25.11.2026. Tarvitsemme sitä tähän:" in text
    assert "Se poistuu" in text


@pytest.mark.promise("X16", "X17", "X20", "X21")
def test_a_place_shows_who_lives_there_and_who_did(home: tuple[Site, dict[str, int]]) -> None:
    site, ids = home
    text = main(site.signed_in(HANNA).get(f"/r/{site.key}/apartment/{ids['a']}").text)
    now, _, before = text.partition("Asukkaat, päättyneet")
    assert "Joonas Ketola" in now
    assert "tel:+358500000131" in now
    assert "poismuutto + 6 kk" in now
    assert "Elina Saarijoki" not in now
    assert "Elina Saarijoki" in before
    assert "Nimi ja puhelin" in before
    assert "25.8.2029 asti" in before, "what goes when: she owes"
    assert "Huoltotilaukset" in text
    assert "1 avoin" in text
    assert "Hana vuotaa" in text


def test_how_to_reach_a_guarded_person_is_not_shown_by_the_way(home: tuple[Site, dict[str, int]]) -> None:
    site, ids = home
    client = site.signed_in(HANNA)
    for path in (f"apartment/{ids['a']}", f"person/{ids['milla']}", "person", "find?q=milla", "suggest?q=milla"):
        text = client.get(f"/r/{site.key}/{path}").text
        assert "Milla" in text, path
        assert "0132" not in text, path
    assert "Turvakielto" in client.get(f"/r/{site.key}/person/{ids['milla']}").text


@pytest.mark.parametrize("email", [HANNA, MINTTU])
def test_a_guard_protects_from_every_role_and_in_every_place(home: tuple[Site, dict[str, int]], email: str) -> None:
    """Also where the role does not see the guard itself, in the edit form, in a search by the number and in a file."""
    site, ids = home
    client, person = site.signed_in(email), f"person/{ids['milla']}"
    for path in (person, f"{person}/edit", "person", "find?q=milla", "suggest?q=milla", f"{person}/reveal/phone"):
        answer = client.get(f"/r/{site.key}/{path}")
        assert answer.status_code == 200, path
        assert "0132" not in answer.text.replace("\u00a0", "").replace(" ", ""), path
    assert "0131" in client.get(f"/r/{site.key}/person/{ids['joonas']}").text
    assert "Milla" not in client.get(f"/r/{site.key}/find?q=0500000132").text
    lens = "property_manager" if email == HANNA else "service_desk"
    store = site.registers.open(site.key)
    (record,) = read.by_ids(store, "person", [ids["milla"]], actor=Actor("x", lens), now=site.now)
    assert (record.guarded, record.values["phone"]) == (True, SEALED)
    actor, by_number = Actor("x", lens), read.Filter("phone", "has", "+358500000132")
    assert read.rows(store, "person", filters=[by_number], actor=actor, now=site.now).total == 0
    assert read.rows(store, "person", filters=[read.Filter("phone", "filled")], actor=actor, now=site.now).total > 0
    open_number = read.Filter("phone", "has", "+358500000131")
    assert read.rows(store, "person", filters=[open_number], actor=actor, now=site.now).total == 1
    by_phone = read.rows(store, "person", sort="phone", actor=actor, now=site.now).rows
    assert [each.guarded for each in by_phone] == sorted(each.guarded for each in by_phone)
    only = PurposeReader(store, actor, "person", "property_management", site.now).read([ids["milla"]])
    assert only[ids["milla"]].values["phone"] is SEALED


def test_it_is_opened_once_with_a_reason_that_stays_in_the_journal(
    home: tuple[Site, dict[str, int]], form_token: Token
) -> None:
    site, ids = home
    client, path = site.signed_in(HANNA), f"/r/{site.key}/person/{ids['milla']}/reveal/phone"
    asked = client.get(path).text
    assert "0132" not in asked
    assert "Isännöinti ja asumisen palvelut" in asked
    token = form_token(client, path)
    refused = client.post(path, data=token)
    assert refused.status_code == 422
    assert "Valitse, mihin tarvitset tietoa." in refused.text
    assert "0132" not in client.post(path, data={**token, "purpose": "debt_collection"}).text
    opened = client.post(path, data={**token, "purpose": "property_management"})
    assert "050 000 0132" in opened.text.replace("\u00a0", " ")
    assert opened.headers["cache-control"] == "no-store"
    store = site.registers.open(site.key)
    with store.database.read() as conn:
        found = conn.execute("SELECT persons, items, note FROM journal WHERE verb = 'reveal'").all()
    assert [(json.loads(persons), json.loads(items), note) for persons, items, note in found] == [
        ([ids["milla"]], ["phone"], "property_management")
    ]
    # A number that is not guarded is not opened this way, nor one of somebody who is not there.
    for other in (f"person/{ids['joonas']}/reveal/phone", "person/999/reveal/phone", f"person/{ids['milla']}/reveal/x"):
        assert client.get(f"/r/{site.key}/{other}").status_code == 404, other


def test_bills_say_what_is_unpaid_by_whom_and_what_was_done(home: tuple[Site, dict[str, int]]) -> None:
    site, ids = home
    text = main(site.signed_in(OSKARI).get(f"/r/{site.key}/apartment/{ids['a']}").text)
    assert "416,50\u00a0€ maksamatta" in text
    assert "1 ajallaan, 1 myöhässä, 1 maksamatta" in text
    assert '<svg class="strip"' in text
    assert "22.9., myöhässä" in text
    assert "Elina Saarijoki. Maksumuistutus 25.8." in text
    assert "ei vielä erääntynyt" in text


def test_who_owes_a_bill_has_it_on_their_page(home: tuple[Site, dict[str, int]]) -> None:
    site, ids = home
    text = main(site.signed_in(OSKARI).get(f"/r/{site.key}/person/{ids['elina']}").text)
    assert "416,50\u00a0€ maksamatta" in text
    assert "22.9., myöhässä" not in text, "the others are not theirs"


def test_a_company_of_many_places_lists_them_in_their_order(home: tuple[Site, dict[str, int]]) -> None:
    site, ids = home
    text = main(site.signed_in(HANNA).get(f"/r/{site.key}/housing_company/{ids['h']}").text)
    assert text.index(">A 2</a>") < text.index(">A 12</a>")
    assert "Hana vuotaa" not in text, "what happened in them stands on their own pages"


def test_what_is_not_shown_does_not_tell_why(site: Site, sari: dict[str, int]) -> None:
    client, store = site.signed_in(MIKAEL), site.registers.open(site.key)
    nobody = client.get(f"/r/{site.key}/person/{sari['p'] + 999}")
    say.restrict(store, sari["p"], "accuracy", actor=Actor("a", "sales"), now=site.now)
    paused = client.get(f"/r/{site.key}/person/{sari['p']}")
    assert nobody.status_code == paused.status_code == 404
    assert "sen käyttö on keskeytetty. Emme kerro mikä näistä" in paused.text

    def plain(text: str) -> str:
        return re.sub(r"[0-9A-Fa-f]{8,}|/person/\d+", "", text)

    assert plain(main(nobody.text)) == plain(main(paused.text))


def test_a_page_reads_no_more_beside_a_thousand_people(
    site: Site, sari: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = site.signed_in(MIKAEL), f"/r/{site.key}/person/{sari['p']}"
    read_rows: list[int] = []
    fetch = SqliteFixed.fetch

    def counted(self: SqliteFixed, *args: Any, **more: Any) -> list[Any]:
        found = fetch(self, *args, **more)
        read_rows.append(len(found))
        return found

    monkeypatch.setattr(SqliteFixed, "fetch", counted)

    def taken() -> list[int]:
        client.get(path)
        read_rows.clear()
        assert client.get(path).status_code == 200
        return list(read_rows)

    alone = taken()
    rows: list[NewRow] = []
    for number in range(1000):
        rows.append(NewRow("person", {"first_name": "Etu", "last_name": f"Suku{number}"}, ref=f"x{number}"))
        rows.append(NewRow("relationship", {"title": "Ostaja"}, {"person": f"x{number}", "organisation": sari["o2"]}))
    collect(site.registers.open(site.key), rows, actor=CLI, now=site.now)
    assert alone
    assert taken() == alone


def test_reading_a_page_is_journaled(site: Site, sari: dict[str, int]) -> None:
    site.signed_in(MIKAEL).get(f"/r/{site.key}/person/{sari['p']}")
    store = site.registers.open(site.key)
    store.reads.flush()
    with store.database.read() as conn:
        found = conn.execute("SELECT kind, persons FROM journal WHERE verb = 'look'").all()
    looked: dict[str, Any] = {kind: json.loads(persons) for kind, persons in found}
    assert looked["person"] == [sari["p"]]
    assert {"relationship", "order", "interaction"} <= set(looked)
    assert read.count(store, "person", actor=Actor("a", "sales"), now=site.now) == 2


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_of_places_and_reasons_are_usable_by_all(
    page: Any,
    home: tuple[Site, dict[str, int]],
    live_server: Callable[[Any], str],
    axe: Callable[..., list[dict[str, Any]]],
    width: int,
    scheme: str,
) -> None:
    site, ids = home
    address = live_server(site.app)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for email, paths in (
        (
            HANNA,
            [f"apartment/{ids['a']}", f"person/{ids['milla']}", f"person/{ids['milla']}/reveal/phone", "person/999"],
        ),
        (OSKARI, [f"apartment/{ids['a']}", f"person/{ids['elina']}?why=1", "charge?state=open", "office"]),
    ):
        page.context.clear_cookies()
        page.goto(f"{address}/sign-in")
        page.get_by_label("Sähköposti").fill(email)
        page.get_by_label("Salasana").fill(PASSWORD)
        page.get_by_role("button", name="Kirjaudu").click()
        page.wait_for_url(f"{address}/r/{site.key}/")
        for path in paths:
            page.goto(f"{address}/r/{site.key}/{path}")
            assert axe(page) == [], (path, width, scheme)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)


def test_why_and_the_composer_work_by_keyboard_alone(
    page: Any, site: Site, sari: dict[str, int], live_server: Callable[[Any], str]
) -> None:
    address = live_server(site.app)
    page.goto(f"{address}/sign-in?next=/r/{site.key}/person/{sari['p']}")
    page.get_by_label("Sähköposti").fill(MIKAEL)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/r/{site.key}/person/{sari['p']}")
    why = page.locator(".reach details.why").first
    why.locator("summary").focus()
    page.keyboard.press("Enter")
    assert why.locator(".box").is_visible()
    assert "Saimme tiedon sinulta itseltäsi" in why.inner_text()
    page.locator(".composer input[type=radio]").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Lupasi palata asiaan.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=recorded**")
    newest = page.locator(".timeline .what").first
    assert "Muistio" in newest.inner_text()
    assert "Lupasi palata asiaan." in newest.inner_text()


def test_a_bill_is_noted_as_paid_before_it_is_collected(home: tuple[Site, dict[str, int]]) -> None:
    site, ids = home
    text = site.signed_in(OSKARI).get(f"/r/{site.key}/charge/{ids['5.8.2026']}").text
    offered = re.findall(r"\+ (Kirjanpidon vienti|Maksumuistutus|Perintä)<", text)
    assert offered.index("Perintä") == len(offered) - 1 > 0, offered
