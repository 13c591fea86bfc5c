"""The kit in a real Chromium: under the policy of the pages, at three widths, in both themes, without script too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from seloste.web import ui

PAGES = ("fi/kit?why=1", "en/kit", "en/menu", "list", "fi/notice", "en/notice", "fi/portal", "en/signin")
REFERS = """() => [...document.querySelectorAll('[aria-labelledby],[aria-describedby],[aria-controls],label[for]')]
  .flatMap(e => ['aria-labelledby','aria-describedby','aria-controls','for'].flatMap(a =>
    (e.getAttribute(a) || '').split(' ').filter(Boolean))).filter(id => !document.getElementById(id))"""
SPACED = """() => { const sheet = new CSSStyleSheet(); document.adoptedStyleSheets = [sheet]; sheet.replaceSync(
  '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } ' +
  'p { margin-bottom: 2em !important }') }"""
"""Text as wide as WCAG 1.4.12 asks a page to bear."""
TWICE = """() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  return ids.filter((id, i) => ids.indexOf(id) !== i) }"""


@pytest.fixture
def no_script(browser: Any) -> Iterator[Any]:
    """A tab in which script is switched off."""
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_it_fits_every_width(kit: str, page: Any, path: str) -> None:
    for width in (320, 640, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{kit}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} px scrolls sideways"
        page.evaluate(SPACED)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{width} px with wider text"


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(kit: str, page: Any, axe: Any, path: str) -> None:
    for scheme, width in (("light", 1280), ("dark", 1280), ("light", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.goto(f"{kit}/{path}")
        assert axe(page) == [], f"{scheme} at {width}"


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_every_reference_leads_somewhere(kit: str, page: Any, path: str) -> None:
    answer = page.goto(f"{kit}/{path}")
    html = answer.text()
    assert answer.headers["content-security-policy"] == ui.CSP
    assert not re.search(r"<[^>]*\s(style|on\w+)\s*=|<style|javascript:", html)
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    assert set(re.findall(r'(?:src|href)="(https?:[^"]*|//[^"]*)"', html)) == set()
    assert page.evaluate(REFERS) == []
    assert page.evaluate(TWICE) == []


def test_an_error_is_in_the_title_in_focus_and_leads_to_its_field(kit: str, page: Any) -> None:
    page.goto(f"{kit}/fi/kit")
    assert page.title().startswith("Virhe: ")
    page.wait_for_function("document.activeElement.id === 'faults'")
    for link in page.locator("#faults a").all():
        link.click()
        field = page.locator(link.get_attribute("href"))
        assert field.get_attribute("aria-invalid") == "true"
        assert field.evaluate("e => e === document.activeElement")
    said = page.locator("#phone").get_attribute("aria-describedby")
    assert "Numerosta puuttuu loppu" in page.locator(f"#{said}").inner_text()
    assert page.locator("#phone").input_value() == "050 000 01"


def test_a_field_that_repeats_has_an_empty_input_more(kit: str, no_script: Any) -> None:
    no_script.goto(f"{kit}/en/kit")
    emails = no_script.locator("input[name=email]")
    assert [emails.nth(n).input_value() for n in range(emails.count())] == ["pekka.suolahti@rannantelakka.example", ""]
    names = [emails.nth(n).evaluate("e => e.labels[0].textContent") for n in range(2)]
    assert names == ["E-mail, no. 1", "E-mail, no. 2"]


def test_consent_is_never_preset_to_yes(kit: str, page: Any) -> None:
    page.goto(f"{kit}/en/kit")
    assert page.locator("input[name=newsletter]:checked").get_attribute("value") == "no_answer"


def test_a_reason_opens_without_script_and_one_at_a_time(kit: str, no_script: Any) -> None:
    no_script.goto(f"{kit}/fi/kit")
    first, second = no_script.locator("details.why").nth(0), no_script.locator("details.why").nth(3)
    first.locator("summary").click()
    assert first.locator(".box").is_visible()
    second.locator("summary").click()
    assert second.locator(".box").is_visible()
    assert not first.locator(".box").is_visible()
    row, box = second.locator("xpath=ancestor::div[1]").bounding_box(), second.locator(".box").bounding_box()
    assert box["width"] == pytest.approx(row["width"], abs=1), "the box spans its row"


def test_reasons_opened_by_the_address_stay_open_together(kit: str, page: Any) -> None:
    page.goto(f"{kit}/fi/kit?why=1")
    opened = page.locator("details.why[open]")
    assert opened.count() == 1
    assert opened.first.get_attribute("name") is None


def test_the_appearance_of_the_account_wins_and_print_is_light(kit: str, page: Any) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    page.goto(f"{kit}/en/kit?theme=dark")
    assert page.evaluate(ground) == "rgb(29, 28, 36)"
    page.goto(f"{kit}/en/kit?theme=light")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.goto(f"{kit}/en/kit?theme=dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(29, 28, 36)"
    assert not page.locator(".side").is_visible()
    assert not page.locator(".bar").is_visible()


def test_life_lines_are_seen_in_forced_colours(kit: str, page: Any) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(f"{kit}/en/kit")
    stroke = "s => getComputedStyle(document.querySelector(s)).stroke"
    text = page.evaluate("getComputedStyle(document.body).color")
    for part in (".lifeline .base", ".lifeline .spent", ".lifeline .mark-end"):
        assert page.evaluate(stroke, part) == text


def test_the_menu_page_stands_in_for_the_side_bar_on_a_phone(kit: str, page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{kit}/en/kit")
    assert not page.locator(".side .nav").is_visible()
    page.get_by_role("link", name="Menu", exact=True).click()
    page.wait_for_url("**/menu")
    page.goto(f"{kit}/en/menu")
    assert page.locator(".nav.page").get_by_role("link", name="Orders").is_visible()
    assert page.locator(".menu-page").get_by_role("button", name="Sign out").is_visible()


def test_the_skip_link_comes_first(kit: str, page: Any) -> None:
    page.goto(f"{kit}/list")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_columns_give_way_by_rank(kit: str, page: Any) -> None:
    shown = "[...document.querySelectorAll('#results thead th')].filter(e => e.offsetParent).map(e => e.textContent)"
    seen = {}
    for width in (1280, 900, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{kit}/list")
        seen[width] = page.evaluate(shown)
    assert seen[1280] == ["Name", "Company", "Phone", "Last contact", "Sales mail", "Sales call", "Leaves"]
    assert seen[900] == ["Name", "Company", "Phone", "Last contact"]
    assert seen[390] == ["Name", "Phone"]
    assert page.locator(".only-phone").first.is_visible()
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"


# --- script only saves a press ----------------------------------------------------------------------------------------


def test_every_module_is_small(kit: str) -> None:
    modules = sorted((ui.STATIC / "js").glob("*.js"))
    assert {module.stem for module in modules} >= {"find", "list", "keys", "draft", "menu"}
    assert [module.name for module in modules if module.stat().st_size >= 2500] == []


def test_filters_work_without_script(kit: str, no_script: Any) -> None:
    no_script.goto(f"{kit}/list")
    no_script.locator("#q").fill("havu")
    no_script.locator("select[name=group]").select_option("")
    no_script.get_by_role("button", name="Filter").click()
    no_script.wait_for_url("**/list?q=havu&group=&may=&from=2026-11-23")
    assert "havu||" in no_script.locator("[data-count]").inner_text()


def test_filters_act_on_change_with_script(kit: str, page: Any) -> None:
    page.goto(f"{kit}/list?q=havu")
    page.evaluate("window.same = true")
    page.locator("#q").fill("havu")
    page.locator("select[name=group]").select_option("customer")
    page.locator("select[name=may]").select_option("yes")
    page.wait_for_url("**/list?q=havu&group=customer&may=yes&from=2026-11-23")
    page.locator("[data-count]", has_text="havu|customer|").wait_for()
    assert "havu|customer|" in page.locator("[data-said][role=status]").inner_text()
    page.get_by_role("link", name="Last contact").click()
    page.wait_for_url("**/list?sort=last")
    assert page.evaluate("window.same"), "the page was not loaded anew"
    page.go_back()
    page.wait_for_url("**/list?q=havu*")
    page.locator("[data-count]", has_text="havu|customer|").wait_for()


def test_suggestions_come_after_two_letters_and_obey_the_keys(kit: str, page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggest" in request.url else None)
    page.goto(f"{kit}/en/kit")
    field = page.get_by_role("combobox", name="Search")
    field.press_sequentially("h")
    page.wait_for_timeout(300)
    assert asked == []
    field.press_sequentially("avu", delay=20)
    page.get_by_role("option").first.wait_for()
    assert [url.rsplit("/", 1)[1] for url in asked] == ["suggest"], "asked once, when the typing rests"
    assert field.get_attribute("aria-expanded") == "true"
    assert page.locator("[data-say]").inner_text() == "3 suggestions"
    field.press("ArrowDown")
    field.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    assert (chosen.count(), chosen.inner_text().split("\n")[0]) == (1, "havu 2")
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    field.press("Escape")
    assert field.get_attribute("aria-expanded") == "false"
    assert field.input_value() == "havu"
    field.press_sequentially("m")
    page.get_by_role("option").first.wait_for()
    field.press("ArrowUp")
    field.press("Enter")
    page.wait_for_url("**/found/3")


def test_enter_without_a_choice_opens_the_list(kit: str, page: Any) -> None:
    page.goto(f"{kit}/en/kit")
    page.locator("#q").press_sequentially("havu")
    page.get_by_role("option").first.wait_for()
    page.locator("#q").press("Enter")
    page.wait_for_url("**/list?q=havu&*")


def test_suggestions_close_when_the_focus_leaves(kit: str, page: Any) -> None:
    page.goto(f"{kit}/en/kit")
    page.locator("#q").press_sequentially("havu")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Tab")
    assert not page.locator(".suggestions").is_visible()


def test_axe_finds_nothing_in_open_suggestions_menus_and_help(kit: str, page: Any, axe: Any) -> None:
    page.goto(f"{kit}/list")
    page.locator("#q").press_sequentially("havu")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.locator(".user summary").click()
    assert axe(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.locator("dialog").is_visible()
    assert axe(page) == []


def test_single_keys(kit: str, page: Any) -> None:
    page.goto(f"{kit}/list")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("n/g?")
    assert page.locator("#q").input_value() == "n/g?", "typing is typing"
    page.goto(f"{kit}/list")
    page.keyboard.press("n")
    page.wait_for_url("**/new")
    page.goto(f"{kit}/list")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/orders")
    page.goto(f"{kit}/list")
    page.keyboard.press("Control+n")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keys").wait_for()
    page.keyboard.press("Escape")
    assert not page.locator("dialog").is_visible()


def test_single_keys_can_be_switched_off(kit: str, page: Any) -> None:
    page.goto(f"{kit}/en/menu?keys=off")
    page.keyboard.press("/")
    page.keyboard.press("n")
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.id") != "q"
    assert page.url.endswith("/en/menu?keys=off")
    assert page.get_by_role("button", name="Turn single keys on").count() == 1


def test_escape_closes_a_menu_and_gives_the_focus_back(kit: str, page: Any) -> None:
    page.goto(f"{kit}/en/menu")
    page.locator(".user summary").click()
    page.get_by_role("link", name="My roles").first.focus()
    page.keyboard.press("Escape")
    assert not page.locator(".user .menu-list").is_visible()
    assert page.evaluate("document.activeElement.matches('.user summary')")


def test_an_unsaved_note_warns_and_a_saved_one_does_not(kit: str, page: Any) -> None:
    warned: list[str] = []

    def accept(dialog: Any) -> None:
        warned.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.goto(f"{kit}/en/kit")
    page.goto(f"{kit}/list")
    assert warned == []
    page.goto(f"{kit}/en/kit")
    page.locator(".composer textarea").click()
    page.keyboard.type("Promised to confirm.")
    page.goto(f"{kit}/list")
    assert warned == ["beforeunload"]
    page.goto(f"{kit}/en/kit")
    page.locator(".composer textarea").click()
    page.keyboard.type("Promised to confirm.")
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_load_state()
    assert warned == ["beforeunload"]
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
