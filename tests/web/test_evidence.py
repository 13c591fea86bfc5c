"""The page of evidence: the record of processing to read and download, and security checks that are late."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.web.conftest import Site, made

from seloste.notice import load
from seloste.notice.record import record
from seloste.notice.render import render
from seloste.operations.measures import measures
from seloste.settings import Settings

RITVA, MIKAEL = "ritva.kaleva@fluiconnecto.example", "mikael.tuuri@fluiconnecto.example"
EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = dt.datetime(2026, 11, 30, 10, tzinfo=dt.UTC)


def test_the_lead_reads_the_record_and_downloads_it_in_the_language_of_the_page(site: Site) -> None:
    lead, base = site.signed_in(RITVA), f"/r/{site.key}/privacy/evidence"
    said = record(site.registers.open(site.key).register.notice, "fi")
    page = lead.get(base)
    assert page.status_code == 200
    for each in said.activities:
        assert each.purpose in page.text
    assert "Seloste käsittelytoimista" in page.text and "on myöhässä" not in page.text
    assert "Record of processing activities" in lead.get(f"{base}?lang=en").text
    sheet = lead.get(f"{base}/record.xlsx")
    assert sheet.headers["content-disposition"].endswith('_fi.xlsx"')
    rows = list(load_workbook(io.BytesIO(sheet.content)).worksheets[1].values)
    assert [row[0] for row in rows[1:]] == [each.purpose for each in said.activities]
    assert json.loads(lead.get(f"{base}/record.json?lang=en").content)["lang"] == "en"
    assert json.loads(lead.get(f"{base}/record.dpv").content)["@type"] == "dpv:ROPA"
    assert lead.get(f"{base}/record.exe").status_code == 404
    # What it tells is no secret of the register, but the page is the lead's.
    for path in (base, f"{base}/record.json"):
        assert site.signed_in(MIKAEL).get(path).status_code in (403, 404)


PROMISED = {
    "fluent-progress/customers.yaml": ("care",),
    "fluent-progress/kunto.yaml": ("server_security",),
    "fluxio/as-oy-tuulikello.yaml": ("locked_room",),
    "proseduuri/notice.yaml": ("firewall",),  # beside passwords and encrypted traffic, which the system has
}


@pytest.mark.promise("F51", "F52", "X34", "P44")
@pytest.mark.parametrize("path", PROMISED)
def test_a_promised_measure_is_published_attested_and_has_a_next_check(path: str) -> None:
    notice = load(EXAMPLES / path)
    found = {one.key: one for one in notice.security}
    for key in PROMISED[path]:
        one = found[key]
        assert not one.proved and one.by and one.on and one.next_check
        public = str(render(notice, "fi", "md"))
        assert one.text["fi"].rstrip(".") in public
        for day, state in (
            (one.on, "checked"),
            (one.next_check, "soon"),
            (one.next_check + dt.timedelta(1), "overdue"),
        ):
            [there] = [each for each in measures(notice, today=day) if each.measure.key == key]
            assert there.state == state
        late = measures(notice, today=one.next_check + dt.timedelta(1))
        assert late[0].state == "overdue" and late[-1].state == "proved"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Site]:
    settings = Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key", language="fi")
    yield from made(settings, load(EXAMPLES / "proseduuri" / "notice.yaml"), NOW)


@pytest.mark.promise("P44")
def test_the_lead_is_told_of_a_check_that_is_late(house: Any) -> None:
    notice = house.registers.open(house.key).register.notice
    last = max(one.next_check for one in notice.security if one.next_check)
    base = f"/r/{house.key}/privacy/evidence"
    house.add("lea.lead@proseduuri.example", "Lea Lead", next(iter(notice.staff)), lead=True)
    before = house.signed_in("lea.lead@proseduuri.example").get(base).text
    assert "on myöhässä" not in before
    house.now = dt.datetime.combine(last + dt.timedelta(days=2), dt.time(9), tzinfo=dt.UTC)
    after = house.signed_in("lea.lead@proseduuri.example").get(base).text
    assert "tarkistus on myöhässä" in after
    table = after[after.index('id="security"') :]
    assert table.index("palomuuri") < table.index("omat tunnukset")
    assert "Myöhässä" in table


def test_the_lead_sees_what_is_open_and_each_sentence_and_takes_the_pack(
    site: Site, form_token: Callable[[Any, str], dict[str, str]]
) -> None:
    lead, base = site.signed_in(RITVA), f"/r/{site.key}/privacy/evidence"
    page = lead.get(f"{base}?lang=en").text
    assert "No processing agreement is recorded: E-mail marketing platform." in page
    assert f"/r/{site.key}/privacy/disclosures/agreements/mailing" in page
    told = lead.get(f"{base}/sentences?lang=en").text
    for text in ("purposes.feedback.keep.feedback", "feedback.sys_until_feedback", "Past their time: none."):
        assert text.replace("feedback.sys_until_feedback", "sys_clock.cut_") in told
    answer = lead.post(f"{base}/pack", data=form_token(lead, base))
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = {Path(name).name for name in archive.namelist()}
        found = json.loads(archive.read(next(name for name in archive.namelist() if name.endswith("evidence.json"))))
    assert {"index.html", "evidence.pdf", "SHA256SUMS"} <= names and found["journal"]["ok"]
    other = site.signed_in(MIKAEL)
    for path in (base, f"{base}/sentences"):
        assert other.get(path).status_code in (403, 404)
    assert other.post(f"{base}/pack", data=form_token(other, "/account")).status_code in (403, 404)
