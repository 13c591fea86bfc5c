"""The register of breaches on the pages of whoever leads privacy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.operations.conftest import contact
from tests.web.conftest import Site

RITVA, MIKAEL = "ritva.kaleva@fluiconnecto.example", "mikael.tuuri@fluiconnecto.example"
WHAT = "Laskut lähtivät väärään osoitteeseen.\nNiissä oli puhelinnumeroita."


def test_a_breach_is_written_down_counted_notified_and_told(
    site: Site, form_token: Callable[..., dict[str, str]]
) -> None:
    contact(site.registers.open(site.key), site.now)
    client, base = site.signed_in(RITVA), f"/r/{site.key}/privacy/breaches"
    assert "Loukkauksia ei ole kirjattu" in client.get(base).text
    assert site.signed_in(MIKAEL).get(base).status_code == 403
    token = form_token(client)

    def post(path: str, **typed: Any) -> Any:
        return client.post(base + path, data=token | typed)

    facts = {"aware": "2026-11-24T11:30", "sorts": ["confidentiality"], "happened": WHAT}
    skipped = post("/new", **facts | {"aware": "2026-03-29T03:30"})
    assert skipped.status_code == 422
    assert "kellot siirrettiin" in skipped.text
    assert WHAT.splitlines()[1] in skipped.text
    where = post("/new", **facts).headers["location"].partition("?")[0]
    assert where == f"{base}/1"
    # 72 hours from 11.30 on the 24th; it is 9.12 on the 25th.
    page = client.get(where).text
    assert "Aikaa ilmoittaa: 50 tuntia" in page
    assert "pe 27.11.2026 klo 11.30" in page
    assert "Aikaa ilmoittaa: 50 tuntia" in client.get(f"/r/{site.key}/").text
    assert "ilmoita tietosuojavaltuutetulle" not in site.signed_in(MIKAEL).get(f"/r/{site.key}/").text

    assert post("/1/count", kinds=["organisation"]).status_code == 422
    assert post("/1/count", kinds=["person", "relationship"], since="2026-11-01").status_code == 303
    assert "1 ihminen." in client.get(where).text
    refused = post("/1/assess", risk="high", risk_why="")
    assert refused.status_code == 422
    assert re.search(r'value="high" [^>]*checked', refused.text)
    post("/1/assess", risk="high", risk_why="Puhelinnumeroita.")
    post("/1/decide", tell="yes")

    site.later(hours=60)
    client = site.signed_in(RITVA)
    token = form_token(client)
    assert "Ilmoitus on myöhässä: 9 tuntia" in client.get(base).text
    assert "myöhässä" in client.get(f"/r/{site.key}/").text
    assert post("/1/notify", notified="2026-11-27T20:00", phase="Lomake").status_code == 422
    post("/1/notify", notified="2026-11-27T20:00", phase="Lomake", delay="Viikonloppu.")
    page = client.get(where).text
    assert "Myöhässä 8 tuntia" in page
    assert "Loukkaus 1" not in client.get(f"/r/{site.key}/").text

    sheet = client.get(f"{where}/authority?lang=en").text
    for said in (WHAT.splitlines()[0], "1 person.", "Viikonloppu.", "High risk", "tietosuoja@om.fi"):
        assert said in sheet
    drafts = client.get(f"{where}/letters").text
    assert "[say what happened" in drafts
    assert WHAT.splitlines()[1] in drafts
    texts = {"text_fi": "Hei, vaihda salasana.", "text_en": "Hello, change your password [how]."}
    unfinished = post("/1/letters/tell", **texts, way="other")
    assert unfinished.status_code == 422
    assert "hakasulkeisiin" in unfinished.text
    assert post("/1/letters/tell", **texts | {"text_en": "Hello."}, way="other").status_code == 303
    assert "Hello." in client.get(f"{where}/letters/en").text
    assert client.get(f"{where}/letters/xx").status_code == 404
    assert post("/1/close").status_code == 303
    assert post("/1/assess", risk="risk", risk_why="x").status_code == 422
    assert "Päätetty" in client.get(base).text
    assert post("/1/elsewhere").status_code == 404
    assert client.get(f"{base}/2").status_code == 404
    assert "kertoi loukkauksesta ihmisille" in client.get(f"/r/{site.key}/privacy/journal?lang=fi").text
