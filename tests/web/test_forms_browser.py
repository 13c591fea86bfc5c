"""Forms, imports and exports in a real browser: with script and without, by keyboard, seen by axe, wide and narrow."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import PASSWORD, Site

from seloste.operations.actor import Actor
from seloste.operations.records import read
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow

MIKAEL = "mikael.tuuri@fluiconnecto.example"
BASE = "/r/fluiconnecto_customers"
SALES = Actor("x", "sales")
Axe = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def address(site: Site, live_server: Callable[[Any], str]) -> str:
    store = site.registers.open(site.key)
    rows = [
        NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
        NewRow("person", {"first_name": "Sari", "last_name": "Havukoski", "phone": ["050 000 0142"]}, ref="p"),
        NewRow("relationship", {"title": "Huoltopäällikkö"}, {"person": "p", "organisation": "o"}),
    ]
    collect(store, rows, actor=SALES, now=site.now)
    return live_server(site.app)


def sign_in(page: Any, address: str, path: str) -> None:
    page.goto(address + path)
    page.get_by_label("Sähköposti").fill(MIKAEL)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(address + path)


def people(site: Site) -> set[str]:
    found = read.rows(site.registers.open(site.key), "person", actor=SALES, now=site.now).rows
    return {str(row.values["last_name"]) for row in found}


def test_a_person_is_entered_by_keyboard_and_what_is_typed_finds_the_company(
    page: Any, address: str, site: Site
) -> None:
    sign_in(page, address, BASE + "/person/new")
    page.get_by_label("Etunimi").focus()
    page.keyboard.type("Pekka")
    page.keyboard.press("Tab")
    page.keyboard.type("Suolahti")
    page.get_by_label("Hae: Yritys").focus()
    page.keyboard.type("hav")
    page.get_by_role("radio", name="Havupumppu Oy").wait_for()
    assert page.locator(".pick [role=status]").inner_text() == "1 ehdotus"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_role("radio", name="Havupumppu Oy").is_checked()
    page.get_by_role("radio", name="Henkilöltä itseltään").focus()
    page.keyboard.press("Space")
    page.get_by_label("Titteli").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Pekka Suolahti").wait_for()
    status = page.get_by_role("status").filter(has_text="Tallennettu.")
    assert status.is_visible()
    assert people(site) == {"Havukoski", "Suolahti"}
    status.get_by_role("button", name="Peru").click()
    page.get_by_role("status").filter(has_text="Tallennus peruttiin.").wait_for()
    assert people(site) == {"Havukoski"}


def test_what_is_chosen_stays_while_one_searches_on(page: Any, address: str) -> None:
    sign_in(page, address, BASE + "/person/new")
    search = page.get_by_label("Hae: Yritys")
    search.type("havu", delay=5)
    page.get_by_role("radio", name="Havupumppu Oy").check()
    search.fill("")
    search.type("zzz", delay=5)
    page.get_by_text("Ei osumia.").wait_for()
    assert page.get_by_role("radio", name="Havupumppu Oy").is_checked()
    page.get_by_role("radio", name="Lisää uusi yritys").check()
    assert page.get_by_label("Yrityksen nimi").is_visible()


def test_enter_saves_and_never_presses_the_search(page: Any, address: str) -> None:
    sign_in(page, address, BASE + "/person/new")
    page.get_by_label("Sukunimi").fill("Suolahti")
    page.get_by_label("Sukunimi").press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.title().startswith("Virhe: Uusi henkilö")
    page.wait_for_function("document.activeElement.id == 'faults'")
    page.get_by_role("link", name="Yritys: valitse yritys.").click()
    assert page.evaluate("document.activeElement.id || location.hash") in (
        "relationship.organisation",
        "#relationship.organisation",
    )


def test_it_works_without_script(browser: Any, address: str, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = context.new_page()
    sign_in(page, address, BASE + "/person/new")
    page.get_by_label("Sukunimi").fill("Suolahti")
    page.get_by_label("Hae: Yritys").fill("havu")
    page.locator(".pick").get_by_role("button", name="Hae").click()
    page.get_by_role("radio", name="Havupumppu Oy").check()
    assert page.get_by_label("Sukunimi").input_value() == "Suolahti"
    assert not page.get_by_label("Yrityksen nimi").is_visible()
    page.get_by_role("radio", name="Yrityksen verkkosivuilta").check()
    page.get_by_role("button", name="Tallenna henkilö").click()
    page.get_by_role("heading", name="Suolahti").wait_for()
    assert page.get_by_role("status").filter(has_text="Kerro hänelle viimeistään 25.12.2026").is_visible()
    assert people(site) == {"Havukoski", "Suolahti"}
    context.close()


def rows_file(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    return path


HEADS = ["Nimi", "Puh.", "S-posti", "Firma", "Syntymäaika"]
ROWS = [
    HEADS,
    ["Maija Tuontinen", "050 000 0901", "maija@tuonti.example", "Tuontipaja Oy", "1.1.1970"],
    ["Pekka Tuonti", "05000", "pekka@tuonti.example", "Tuontipaja Oy", ""],
    ["Sari Havukoski", "050 000 0142", "", "Havupumppu Oy", ""],
]


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_imported_step_by_step(browser: Any, address: str, site: Site, tmp_path: Path, script: bool) -> None:
    context = browser.new_context(java_script_enabled=script, locale="fi-FI", accept_downloads=True)
    page = context.new_page()
    sign_in(page, address, BASE + "/import?kind=person")
    page.get_by_label("Tiedosto").set_input_files(rows_file(tmp_path, ROWS))
    page.get_by_role("button", name="Lue tiedosto").click()
    page.get_by_role("heading", name="Mihin kukin sarake kuuluu").wait_for()
    assert page.get_by_label("Mihin se kuuluu: Nimi").input_value() == "person.name"
    assert page.get_by_label("Mihin se kuuluu: Syntymäaika").input_value() == ""
    assert page.get_by_text("Syntymäaika: tätä ei voi tallettaa. Seloste ei nimeä sitä").is_visible()
    page.get_by_role("button", name="Tarkista rivit").click()
    assert page.get_by_role("link", name="Valitse, mistä tiedot saatiin.").is_visible()
    page.get_by_role("radio", name="Messujen tai muun tilaisuuden järjestäjältä").check()
    page.get_by_role("button", name="Tarkista rivit").click()
    page.get_by_role("heading", name="Tarkistus").wait_for()
    table = page.get_by_role("table").inner_text()
    assert "Numerosta puuttuu loppu" in table
    assert "3" in table
    with page.expect_download() as download:
        page.get_by_role("link", name="Lataa kaikki virheet").click()
    told = Path(download.value.path()).read_text("utf-8-sig")
    assert told.splitlines()[1].startswith("3;Puh.;Numerosta puuttuu loppu.")
    assert "05000" not in told.replace("050 000 0140", "")
    page.get_by_role("button", name="Tuo rivit").click()
    assert page.title().startswith("Virhe:")
    page.get_by_role("radio", name="Jätä 1 virheellinen rivi pois").check()
    page.get_by_role("button", name="Tuo rivit").click()
    page.get_by_role("heading", name="1 rivi tuotiin").wait_for()
    assert page.get_by_text("2 riviä jäi pois.").is_visible()
    assert page.get_by_text("Heille on kerrottava viimeistään 25.12.2026").is_visible()
    assert people(site) == {"Havukoski", "Tuontinen"}
    context.close()


def test_a_long_import_shows_how_far_it_is_and_can_be_cancelled(
    page: Any, address: str, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    from seloste.operations.records.transfer import jobs
    from seloste.web.staff import imports

    monkeypatch.setattr(imports, "PATIENCE", 0)
    monkeypatch.setattr(jobs, "TELL_EVERY", 0)
    real = jobs.import_.dry_run

    def slowly(*given: Any, step: Callable[[int], None], **more: Any) -> Any:
        for done in range(1, 200):
            step(done)
            time.sleep(0.1)
        return real(*given, step=step, **more)

    monkeypatch.setattr(jobs.import_, "dry_run", slowly)
    sign_in(page, address, BASE + "/import?kind=person")
    page.get_by_label("Tiedosto").set_input_files(rows_file(tmp_path, ROWS))
    page.get_by_role("button", name="Lue tiedosto").click()
    page.get_by_role("heading", name="Mihin kukin sarake kuuluu").wait_for()
    page.get_by_role("radio", name="Henkilöltä itseltään").check()
    page.get_by_role("button", name="Tarkista rivit").click()
    page.locator("progress[value]").wait_for()
    first = int(page.locator("progress").get_attribute("value") or 0)
    later = first
    for _ in range(100):
        page.wait_for_timeout(100)
        later = int(page.locator("progress").get_attribute("value") or 0)
        if later > first:
            break
    assert later > first, "the line grows without the page being loaded again"
    assert "Voit jatkaa muuta työtä." in page.locator("[data-progress]").inner_text()
    page.get_by_role("button", name="Peru tuonti").click()
    page.get_by_role("status").filter(has_text="Tuonti peruttiin. Mitään ei talletettu.").wait_for()
    assert people(site) == {"Havukoski"}


def test_a_list_is_exported_as_it_is_filtered_once_the_purpose_is_said(
    page: Any, address: str, site: Site, tmp_path: Path
) -> None:
    store = site.registers.open(site.key)
    rows = [
        NewRow("person", {"last_name": "Virta", "email": ["eero@x.example"]}, ref="p"),
        NewRow("organisation", {"name": "Toinen Oy"}, ref="o"),
        NewRow("relationship", {}, {"person": "p", "organisation": "o"}),
    ]
    collect(store, rows, actor=SALES, now=site.now)
    sign_in(page, address, BASE + "/person?q=havukoski")
    page.get_by_role("link", name="Vie tiedostoon").click()
    page.get_by_role("heading", name="Vie tiedostoon: ihmiset").wait_for()
    assert page.get_by_text("1 rivi, samoin rajauksin kuin luettelossa.").is_visible()
    page.get_by_role("button", name="Vie tiedostoon").click()
    assert page.get_by_role("link", name="Valitse, mihin tarvitset tiedoston.").is_visible()
    page.get_by_role("radio", name="Asiakassuhteen solmiminen, hoito ja asiakasviestintä").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Vie tiedostoon").click()
    assert download.value.suggested_filename == "fluiconnecto_customers_person_2026-11-25.csv"
    told = Path(download.value.path()).read_text("utf-8-sig")
    assert "Havukoski" in told
    assert "Virta" not in told


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_are_accessible_and_fit(
    page: Any, address: str, axe: Axe, tmp_path: Path, width: int, scheme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)

    def look(name: str) -> None:
        assert axe(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    sign_in(page, address, BASE + "/person/new")
    look("new")
    page.get_by_role("radio", name="Lisää uusi yritys").check()
    page.get_by_label("Hae: Yritys").fill("havu")
    page.get_by_role("radio", name="Havupumppu Oy").wait_for()
    look("choices")
    page.get_by_role("button", name="Tallenna henkilö").click()
    page.get_by_role("alert").wait_for()
    look("faults")
    page.goto(address + BASE + "/person/1/edit")
    look("edit")
    page.goto(address + BASE + "/interaction/new?person=1")
    look("deed")
    page.goto(address + BASE + "/person/export")
    look("export")
    page.goto(address + BASE + "/import?kind=person")
    look("import")
    page.get_by_label("Tiedosto").set_input_files(rows_file(tmp_path, ROWS))
    page.get_by_role("button", name="Lue tiedosto").click()
    page.get_by_role("heading", name="Mihin kukin sarake kuuluu").wait_for()
    look("columns")
    page.get_by_role("radio", name="Henkilöltä itseltään").check()
    page.get_by_role("button", name="Tarkista rivit").click()
    page.get_by_role("heading", name="Tarkistus").wait_for()
    look("checked")
    page.get_by_role("radio", name="Jätä 1 virheellinen rivi pois").check()
    page.get_by_role("button", name="Tuo rivit").click()
    page.get_by_role("heading", name="1 rivi tuotiin").wait_for()
    look("done")
