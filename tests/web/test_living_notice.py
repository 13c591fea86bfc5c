"""The public page with figures beside its promises: nothing small, nothing of anybody, and no reader counts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.operations.conftest import contact
from tests.web.conftest import Site, made

from seloste.notice.model import Notice
from seloste.notice.parse import read_text
from seloste.notice.render import render
from seloste.notice.serial import from_json, to_json
from seloste.operations import daily
from seloste.operations.actor import CLI
from seloste.operations.evidence import living
from seloste.operations.evidence.facts import gather
from seloste.operations.evidence.living import keep, read, shown
from seloste.operations.evidence.words import Words
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.retention.sweep import sweep
from seloste.settings import Settings

Axe = Callable[..., list[dict[str, Any]]]
FIRST = ("Sari", "Timo", "Otto", "Aino", "Ilmari", "Kaisa")


@pytest.fixture
def peopled(site: Site) -> Site:
    store = site.registers.open(site.key)
    for first in FIRST:
        person = contact(store, site.now, first=first)
        rows = [NewRow("feedback", {"given_at": site.now, "text": "Hyvä"}, {"person": person})]
        collect(store, rows, actor=CLI, now=site.now)
    collect(store, [NewRow("survey_response", {"survey": "a", "at": site.now}, {"person": person})], actor=CLI,
            now=site.now)  # fmt: skip
    site.later(hours=1)
    return site


def beside(text: str, anchor: str) -> str:
    """The words beside a section of the page."""
    section = text[text.index(f'id="{anchor}"') :]
    section = section[: section.index("</section>")]
    found = re.search(r'<aside class="proof">(.*)</aside>', section, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1])) if found else ""


def test_promises_have_figures_beside_them_in_each_language(peopled: Site) -> None:
    store, client = peopled.registers.open(peopled.key), peopled.client()
    assert "aside" not in client.get(f"/notice/{peopled.key}/en").text  # nothing has been counted yet
    keep(store, now=peopled.now)
    peopled.later(minutes=2)
    page = client.get(f"/notice/{peopled.key}/en").text
    told = beside(page, "purpose-feedback")
    for part in ("Feedback: 6", "now", "2 years", "The oldest is from November 2026.", "Past their time: none.",
                 "Counted 25 Nov 2026 10:12."):  # fmt: skip
        assert part in told
    # One answer to a survey could point at somebody: it is told as few, and its month is not told.
    survey = beside(page, "purpose-research")
    assert "Survey responses: fewer than five" in survey and "2026" not in survey.replace("Counted 25 Nov 2026", "")
    for part in ("Nothing given in a year.", "Refused in 30 days: none.", "To anybody else in a year: none."):
        assert part in beside(page, "recipients")
    assert "No request has been answered in a year." in beside(page, "rights")
    assert "Aikansa ylittäneitä: ei yhtään." in beside(client.get(f"/notice/{peopled.key}/fi").text, "purpose-feedback")
    for value in (*FIRST, "Havukoski"):
        assert value not in page
    # The paper and the text hold the promises alone.
    assert "Counted" not in client.get(f"/notice/{peopled.key}/en.md").text


def test_whoever_reads_counts_nothing(peopled: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    store, client = peopled.registers.open(peopled.key), peopled.client()
    keep(store, now=peopled.now)
    first = client.get(f"/notice/{peopled.key}/en")

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a reader had something counted")

    monkeypatch.setattr(living, "gather", refuse)
    monkeypatch.setattr(living, "open_of", refuse)
    monkeypatch.setattr("seloste.web.public.notice.read", refuse)
    again = client.get(f"/notice/{peopled.key}/en")
    assert beside(again.text, "purpose-feedback") == beside(first.text, "purpose-feedback") != ""
    assert again.headers["cache-control"] == "public, max-age=300"


def test_what_fails_stays_and_old_figures_say_so(peopled: Site) -> None:
    store, client = peopled.registers.open(peopled.key), peopled.client()
    sweep(store, now=peopled.now, actor=CLI)
    with store.database.transaction() as conn:
        conn.execute("UPDATE feedback SET given_at = '2020-01-01T00:00:00Z'")
    keep(store, now=peopled.now)
    peopled.later(minutes=2)
    page = client.get(f"/notice/{peopled.key}/en").text
    assert "Feedback: 6 past their time after the last sweep." in beside(page, "purpose-feedback")
    assert 'class="fails"' in page and "Past their time: none." not in beside(page, "purpose-feedback")
    peopled.later(days=3)
    late = beside(client.get(f"/notice/{peopled.key}/en").text, "purpose-orders")
    assert "Not counted since 25 Nov 2026." in late and "Past their time: none." not in late


def test_the_night_counts_and_another_notice_is_counted_anew(peopled: Site) -> None:
    store = peopled.registers.open(peopled.key)
    assert {each.job for each in daily.run_due(peopled.registers, now=peopled.now) if not each.failed} >= {"figures"}
    first = read(store, now=peopled.now)
    assert first is not None and first.held["feedback"].rows == 6
    fewer = from_json(to_json(store.register.notice))
    changed = replace(fewer, proofs=("requests",), digest="0" * 64)
    with store.database.transaction() as conn:
        conn.execute("UPDATE sys_figures SET text = replace(text, :old, :new)",
                     {"old": store.register.hash, "new": changed.digest})  # fmt: skip
    assert read(store, now=peopled.now) is None
    daily.keep_figures(peopled.registers, now=peopled.now)
    assert read(store, now=peopled.now) is not None
    # The owner chooses: of a notice that names requests alone nothing else is shown.
    words = Words(replace(store.register, notice=changed), "en")
    assert set(shown(words, gather(store, now=peopled.now), now=peopled.now)) == {"rights"}


@pytest.fixture
def silent(tmp_path: Path, example: Notice, fixed_now: dt.datetime) -> Iterator[Site]:
    text = Path(str(example.file)).read_text("utf-8")
    without = re.sub(r"^proofs:.*\n", "", text, flags=re.MULTILINE)
    from seloste.notice.check import check_parsed

    notice = check_parsed(read_text(without)).notice
    assert notice is not None and notice.digest != example.digest
    yield from made(Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key", language="fi"), notice, fixed_now)


def test_silence_shows_nothing(silent: Site) -> None:
    daily.run_due(silent.registers, now=silent.now)
    store = silent.registers.open(silent.key)
    assert read(store, now=silent.now) is None
    page = silent.client().get(f"/notice/{silent.key}/en").text
    assert "aside" not in page and render(store.register.notice, "en", "md")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_it_is_readable_by_all(
    page: Any, peopled: Site, live_server: Callable[[Any], str], axe: Axe, width: int, scheme: str
) -> None:
    keep(peopled.registers.open(peopled.key), now=peopled.now)
    address = live_server(peopled.app)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/notice/{peopled.key}/fi")
    assert page.locator("aside.proof").count() > 10
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
