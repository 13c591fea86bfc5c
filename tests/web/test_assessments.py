"""Assessments on the pages of whoever leads privacy, and on their list of what is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.web.conftest import Site

from seloste.operations.assessments.model import TEXTS

RITVA, MIKAEL = "ritva.kaleva@fluiconnecto.example", "mikael.tuuri@fluiconnecto.example"


def test_a_balancing_is_written_read_and_comes_up_again(site: Site, form_token: Callable[..., dict[str, str]]) -> None:
    lead, base = site.signed_in(RITVA), f"/r/{site.key}/privacy/assessments"
    assert site.signed_in(MIKAEL).get(base).status_code == 403
    page = lead.get(f"{base}?lang=fi").text
    assert "puuttuu" in page and f"{base}/transfer/group" in page
    form = lead.get(f"{base}/balancing/orders").text
    assert "täyttää sopimus, jonka olemme tehneet yrityksesi kanssa" in form.casefold()  # known from the notice
    texts = dict.fromkeys(TEXTS["balancing"], "Harkittu <b>tarkoin</b>.")
    days = {"outcome": "stands", "on": "2026-11-20", "review_on": "2026-12-20"}

    def send(**typed: Any) -> Any:
        return lead.post(f"{base}/balancing/orders", data=form_token(lead) | typed)

    half = send(**texts | days | {"review_on": ""})
    assert half.status_code == 422 and "Harkittu &lt;b&gt;tarkoin" in half.text
    assert send(**texts | days).headers["location"].startswith(f"{base}/balancing/orders?done=assessed")
    read = lead.get(f"{base}/balancing/orders").text
    assert "Harkittu &lt;b&gt;tarkoin&lt;/b&gt;." in read and "20.12.2026" in read
    assert "Katso uudestaan" not in lead.get(f"/r/{site.key}/").text
    evidence = lead.get(f"/r/{site.key}/privacy/evidence?lang=en").text
    assert "The balancing of an interest is not recorded for 11 purposes." in evidence
    sentences = lead.get(f"/r/{site.key}/privacy/evidence/sentences?lang=en").text
    assert "No balancing of the interest is recorded: Orders and deliveries." not in sentences
    assert "No balancing of the interest is recorded: Feedback." in sentences
    site.later(days=26)
    home = site.signed_in(RITVA).get(f"/r/{site.key}/?lang=fi").text
    assert "Katso uudestaan: Tilaukset ja toimitukset" in home
    for wrong in ("balancing/bookkeeping", "transfer/website", "other/orders"):
        assert lead.get(f"{base}/{wrong}").status_code in (403, 404, 303)
