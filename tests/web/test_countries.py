"""A list of all countries begins with those that are most often meant."""

from __future__ import annotations

import re

from tests.prepared import example
from tests.web.conftest import Site


def test_finland_and_the_countries_of_the_notice_stand_first(site: Site) -> None:
    page = site.signed_in("mikael.tuuri@fluiconnecto.example").get(f"/r/{site.key}/organisation/new").text
    chosen = re.search(r'(?s)name="organisation\.country".*?</select>', page)
    assert chosen is not None
    codes = re.findall(r'<option value="([A-Z]{2})"', chosen[0])
    named = {party.country for each in example("fluiconnecto/notice").recipients for party in each.who} - {None, "FI"}
    assert codes[0] == "FI"
    assert named
    assert named <= set(codes[1:20])
    assert len(codes) == len(set(codes)) > 200
