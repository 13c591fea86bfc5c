"""What goes and when, and what is kept from going, as whoever leads privacy meets them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.operations.conftest import SALES, contact
from tests.web.conftest import PASSWORD, Site

from seloste.clock import today
from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.retention import forecast as forecasting
from seloste.operations.retention import holds, tonight
from seloste.operations.retention.forecast import forecast
from seloste.operations.retention.sweep import sweep
from seloste.store import forecast_slices

MIKAEL, RITVA = (f"{name}@fluiconnecto.example" for name in ("mikael.tuuri", "ritva.kaleva"))


@pytest.fixture
def people(site: Site) -> dict[str, int]:
    """Sari, whose order's own words have had their time; Olli, whose time ends within a month; one order of Sari's."""
    store = site.registers.open(site.key)
    before, ordered = (site.now - dt.timedelta(days=each) for each in (1080, 800))
    olli = contact(store, before, first="Olli", last="Ojala")
    sari = contact(store, site.now - dt.timedelta(days=900))
    values = {"number": "T-1187", "ordered_on": ordered.date(), "notes": "soittaa ensin"}
    order = collect(store, [NewRow("order", values, {"person": sari}, ref="t")], actor=SALES, now=ordered).ids["t"]
    return {"olli": olli, "sari": sari, "order": order}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.partition("<main")[2]))


def test_only_whoever_leads_privacy_sees_what_goes(site: Site, people: dict[str, int]) -> None:
    client = site.signed_in(MIKAEL)
    for path in ("retention", "retention/next", "retention/tonight", "holds", "holds/new"):
        assert client.get(f"/r/{site.key}/privacy/{path}").status_code == 403, path


def test_the_page_tells_the_same_as_the_command(site: Site, people: dict[str, int]) -> None:
    store, client = site.registers.open(site.key), site.signed_in(RITVA)
    found = forecast(store, now=site.now)
    shown = plain(client.get(f"/r/{site.key}/privacy/retention").text)
    first = found.months[0]
    assert f"Seuraavan kuukauden aikana poistuu {first.rows} riviä ja {first.values} tietoa." in shown
    for month in found.months:
        if month.kinds:
            rows, values = (f"{n} {one if n == 1 else many}" for n, one, many in
                            ((month.rows, "rivi", "riviä"), (month.values, "tieto", "tietoa")))  # fmt: skip
            assert f"{rows}, {values}" in shown
    assert client.get(f"/r/{site.key}/privacy/retention?months=24").text.count('scope="row"') > 24

    coming = client.get(f"/r/{site.key}/privacy/retention/next").text
    assert f'href="/r/{site.key}/person/{people["olli"]}"' in coming and "Olli Ojala" in coming
    assert "Sari Havukoski poistuu" not in plain(coming)

    tonight = plain(client.get(f"/r/{site.key}/privacy/retention/tonight").text)
    assert "Mitään ei ole vielä poistettu." in tonight and "Asiakkaan lisätiedot 1 –" in tonight
    assert "todentaminen: 1" in tonight, "what stays is told with what for"
    assert forecast(store, now=site.now).months == found.months, "looking changes nothing"


def test_of_a_large_register_nothing_is_shown_before_it_is_counted_nor_when_that_is_old(
    site: Site, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecasting, "LARGE", 0)
    monkeypatch.setattr(forecast_slices, "FIRST", 1)
    store, client = site.registers.open(site.key), site.signed_in(RITVA)
    pages = [f"/r/{site.key}/privacy/retention", f"/r/{site.key}/privacy/retention/next"]
    told = forecast(store, now=site.now).months[0]
    for path in pages:
        assert "Tulevia kuukausia ei ole vielä laskettu" in plain(client.get(path).text)
    assert forecasting.count_ahead(store, now=site.now, seconds=1e-9)
    for path in pages:
        assert "Tulevia kuukausia lasketaan, aloitettu tänään" in plain(client.get(path).text)
        assert f"poistuu {told.rows} riviä" not in plain(client.get(path).text)
    while forecasting.count_ahead(store, now=site.now):
        pass
    shown = plain(client.get(pages[0]).text)
    assert f"poistuu {told.rows} riviä ja {told.values} tietoa" in shown and "Laskettu tänään" in shown
    site.later(hours=47)
    assert f"poistuu {told.rows} riviä" in plain(site.signed_in(RITVA).get(pages[0]).text)
    site.later(hours=1)
    shown = plain(site.signed_in(RITVA).get(pages[0]).text)
    assert "Tulevia kuukausia ei ole vielä laskettu" in shown and f"poistuu {told.rows} riviä" not in shown


def test_tonight_is_tried_only_where_that_is_soon_done(
    site: Site, people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, client, path = (
        site.registers.open(site.key),
        site.signed_in(RITVA),
        f"/r/{site.key}/privacy/retention/tonight",
    )
    much = "Ensi yönä käydään läpi niin paljon"
    assert much not in plain(client.get(path).text)
    with monkeypatch.context() as patched:
        patched.setattr(forecasting, "LARGE", 0)
        assert much in plain(client.get(path).text), "every row of a large register"
        sweep(store, now=site.now, actor=CLI)
        assert "Ensi yönä ei poistu mitään" in plain(client.get(path).text)
    monkeypatch.setattr(tonight, "SECONDS", -1.0)
    assert much in plain(client.get(path).text), "whatever takes long is taken back"


def test_runs_are_told_and_a_missed_night_is_warned_of(site: Site, people: dict[str, int]) -> None:
    store, client = site.registers.open(site.key), site.signed_in(RITVA)
    assert "Yöajoa ei ole vielä ollut." in client.get(f"/r/{site.key}/privacy/retention").text
    sweep(store, now=site.now, actor=CLI)
    shown = plain(client.get(f"/r/{site.key}/privacy/retention").text)
    assert "viimeksi tänään" in shown and "komennolla" in shown and "36 tuntiin" not in shown
    site.later(hours=37)
    client = site.signed_in(RITVA)
    assert "Yöajoa ei ole tehty 36 tuntiin" in client.get(f"/r/{site.key}/privacy/retention").text
    assert "Yöajoa ei ole tehty 36 tuntiin" in client.get(f"/r/{site.key}/").text
    assert "Yöajoa ei ole tehty 36 tuntiin" not in site.signed_in(MIKAEL).get(f"/r/{site.key}/").text


def test_a_hold_is_set_reviewed_and_lifted(
    site: Site, people: dict[str, int], form_token: Callable[..., dict[str, str]]
) -> None:
    store, client, base = site.registers.open(site.key), site.signed_in(RITVA), f"/r/{site.key}/privacy/holds"
    offered = client.get(f"{base}/new?kind=order&row={people['order']}").text
    assert "Sari Havukoski" in offered and "Tilaus 1" in offered and "Ritva Kaleva" in offered
    token = form_token(client, f"{base}/new?find=Sari")
    typed = token | {"person": str(people["sari"]), "reason": "Reklamaatio R-12", "owner": "Ritva Kaleva"}
    refused = client.post(f"{base}/new?find=Sari", data=typed | {"review_on": "25.11.2026"})
    assert refused.status_code == 422 and "Valitse päivä" in refused.text
    review = (today(site.now) + dt.timedelta(days=30)).isoformat()
    assert client.post(f"{base}/new", data=typed | {"review_on": review}).headers["location"].endswith("held_now")

    shown = plain(client.get(base).text)
    assert "Sari Havukoski" in shown and "Reklamaatio R-12" in shown and "myöhässä" not in shown
    person = f"/r/{site.key}/person/{people['sari']}"
    assert "Poiston esto" in plain(client.get(person).text)
    assert "Reklamaatio R-12" not in site.signed_in(MIKAEL).get(person).text
    assert "Poiston esto" not in plain(site.signed_in(MIKAEL).get(person).text)
    assert "Tarkista poiston esto" not in client.get(f"/r/{site.key}/").text

    site.later(days=40)
    client = site.signed_in(RITVA)
    assert "Tarkista poiston esto" in client.get(f"/r/{site.key}/").text
    assert "Tarkista poiston esto" not in site.signed_in(MIKAEL).get(f"/r/{site.key}/").text
    assert "myöhässä" in plain(client.get(base).text)
    (number,) = (each.id for each in holds.held_of(store, people["sari"], now=site.now))
    token = form_token(client, f"{base}?open={number}")
    later = (today(site.now) + dt.timedelta(days=90)).isoformat()
    done = client.post(f"{base}/{number}", data=token | {"do": "keep", "review_on": later})
    assert done.headers["location"].endswith("hold_reviewed")
    assert "myöhässä" not in plain(client.get(base).text)
    done = client.post(f"{base}/{number}", data=token | {"do": "lift"})
    assert done.headers["location"].endswith("hold_ended")
    assert client.post(f"{base}/{number}", data=token | {"do": "lift"}).status_code == 404
    assert holds.held_of(store, people["sari"], now=site.now) == ()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_pages_are_usable_by_all(
    page: Any,
    site: Site,
    people: dict[str, int],
    live_server: Callable[[Any], str],
    axe: Callable[..., list[dict[str, Any]]],
    width: int,
    scheme: str,
) -> None:
    store, address = site.registers.open(site.key), live_server(site.app)
    sweep(store, now=site.now - dt.timedelta(days=2), actor=CLI)
    review = today(site.now) + dt.timedelta(days=1)
    holds.place(store, [people["sari"]], "Riita", owner="Ritva Kaleva", review_on=review, actor=CLI, now=site.now)
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/sign-in?next=/r/{site.key}/privacy/retention")
    page.get_by_label("Sähköposti").fill(RITVA)
    page.get_by_label("Salasana").fill(PASSWORD)
    page.get_by_role("button", name="Kirjaudu").click()
    page.wait_for_url(f"{address}/r/{site.key}/privacy/retention")
    for path in ("retention", "retention/next", "retention/tonight", "holds?open=1", "holds/new?find=Sari"):
        page.goto(f"{address}/r/{site.key}/privacy/{path}")
        assert axe(page) == [], (path, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)
