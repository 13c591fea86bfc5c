"""Of a kind that two purposes use the longer of their periods is told: in one minute and in the record (Art. 30)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seloste.notice.check import check
from seloste.notice.model import Notice
from seloste.notice.record import record
from seloste.notice.render.minute import minute
from seloste.notice.render.tell import Teller

LONGER = Path(__file__).parents[1] / "corpus" / "faulty" / "longer.yaml"


@pytest.fixture(scope="module")
def dogs() -> Notice:
    found = check(LONGER).notice
    assert found is not None
    return found


@pytest.mark.parametrize(("lang", "length"), [("fi", "3 vuotta"), ("en", "3 years")])
def test_in_one_minute_a_kind_has_the_period_that_its_rows_stay(dogs: Notice, lang: str, length: str) -> None:
    (scale,) = (scale for _, _, scale in minute(Teller(dogs, lang)).rows if scale is not None)
    assert [row[3] for row in scale.rows if row[0] in ("Koirat", "Dogs")] == [length]


def test_the_record_names_the_longer_period_beside_the_shorter(dogs: Notice) -> None:
    """In each language that the notice may be written in."""
    for lang, both in (("fi", ("1 vuo", "3 vuotta")), ("en", ("1 year", "3 years")), ("sv", ("1 år", "3 år"))):
        found = record(replace(dogs, languages=(lang,)), lang).activities
        grooming = next(each for each in found if each.key == "grooming")
        told = " ".join(grooming.keeps)
        assert both[0] in told
        assert both[1] in told
        care = next(each for each in found if each.key == "customer_care")
        assert both[0] not in " ".join(care.keeps)
