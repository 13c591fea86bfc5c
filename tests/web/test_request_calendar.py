"""The last days of requests: a month page, a file, and an address that may be taken back."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from tests.web.conftest import Site
from tests.web.test_requests import RITVA, Fill, Lead, known, lead

from seloste.operations.accounts import roles
from seloste.operations.actor import CLI

__all__ = ["known", "lead"]


def day_cell(page: str, whole: str) -> str:
    """What stands on one day of the month page."""
    found = re.search(rf'<span class="whole-day">{whole}</span>(.*?)</td>', page, re.DOTALL)
    assert found, whole
    return found[1]


def test_a_month_shows_what_is_due_with_holidays_and_whom_we_wait_for(lead: Lead, known: tuple[Site, int]) -> None:
    site, person = known
    assert site.now.date() == dt.date(2026, 11, 25)
    number = lead.new(person=str(person), evidence="strong")
    waiting = lead.new(right="erasure", asked_by="Joku")
    lead.post(f"/{waiting}/ask_identity")
    assert "/calendar" in lead.get()
    page = lead.get("/calendar?month=2026-12")
    assert [found[:2] for found in re.findall(r'<abbr title="\w+">(\w+)</abbr></th>', page)][1:] == [
        "ma", "ti", "ke", "to", "pe", "la", "su"]  # fmt: skip
    assert "Sari Havukoski" in day_cell(page, "Maanantai 28. joulukuuta")
    assert "Joulupäivä" in day_cell(page, "Perjantai 25. joulukuuta")
    assert f'/requests/{waiting}"' in page.partition("Odottaa pyytäjää")[2]
    assert "määräpäiviä" not in page
    assert "ei ole määräpäiviä" in lead.get("/calendar?month=2027-03")
    for odd in ("0001-01", "9999-12", "2026-13", "x"):
        assert "Marraskuu 2026" in lead.get(f"/calendar?month={odd}")
    lead.post(f"/{number}/give")
    assert "Sari" not in lead.get("/calendar?month=2026-12")


def test_the_file_names_nobody_and_its_address_can_be_taken_back(
    lead: Lead,
    known: tuple[Site, int],
    form_token: Fill,
) -> None:
    site, person = known
    number = lead.new(person=str(person), evidence="strong")
    mine = lead.client.get(f"{lead.base}/calendar.ics")
    assert mine.headers["content-type"].startswith("text/calendar")
    text = mine.content.decode()
    assert text.count("\r\n") == text.count("\n"), "lines end as RFC 5545 says"
    assert f"SUMMARY:Pyyntö {number}: vastattava tänään\r\n" in text
    assert "DTSTART;VALUE=DATE:20261228\r\nDTEND;VALUE=DATE:20261229\r\n" in text
    assert "Sari" not in text
    assert "Havu" not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))

    def made() -> str:
        page = lead.post("/calendar", do="make")
        return re.findall(r'value="(http://[^"]+\.ics)"', page.text)[0].removeprefix("http://seloste.example")

    first, second = made(), made()
    anybody = site.client()
    assert anybody.get(first).status_code == 404, "a new address ends the old one"
    assert f"Pyyntö {number}" in anybody.get(second).text
    assert "Sari" not in anybody.get(second).text
    assert second.rpartition("/")[2] not in lead.get("/calendar"), "it is shown once"
    lead.post("/calendar", do="end")
    assert anybody.get(second).status_code == 404

    third = made()
    after = site.add("seuraaja@fluiconnecto.example", "Seuraaja")
    roles.grant(site.registers.deployment, after, site.key, "management", lead=True, actor=CLI, now=site.now)
    roles.revoke(site.registers.deployment, site.accounts[RITVA], site.key, "management", actor=CLI, now=site.now)
    assert anybody.get(third).status_code == 404, "whoever leads no more reads no more"
    assert anybody.get("/calendar/x.ics").status_code == 404


@pytest.mark.parametrize("path", ["/calendar", "/calendar.ics"])
def test_the_calendar_is_for_whoever_leads(lead: Lead, path: str) -> None:
    assert lead.site.signed_in("mikael.tuuri@fluiconnecto.example").get(lead.base + path).status_code == 403
