from __future__ import annotations

from datetime import date

import pytest

from seloste.law.repealed import repealed


@pytest.mark.parametrize(
    ("text", "act", "found", "replaced_by"),
    [
        ("Henkilötietolain (523/1999) 10 ja 24 §:n mukainen", "523/1999", "Henkilötietolain", "1050/2018"),
        ("Personal Data Act (523/1999, sections 10 and 24)", "523/1999", "Personal Data Act", "1050/2018"),
        ("laki 523/1999", "523/1999", "523/1999", "1050/2018"),
        ("enligt personuppgiftslagen", "523/1999", "personuppgiftslagen", "1050/2018"),
        ("henkilötietolaki", "523/1999", "henkilötietolaki", "1050/2018"),
        ("direktiivin 95/46/EY", "95/46", "95/46", "(EU) 2016/679"),
        ("sähköisen viestinnän tietosuojalain 26 §", "516/2004", "sähköisen viestinnän tietosuojalain", "917/2014"),
        ("Viestintämarkkinalaki", "393/2003", "Viestintämarkkinalaki", "917/2014"),
        ("työaikalaki (605/1996) 37 §", "605/1996", "605/1996", "872/2019"),
        ("laki 477/2001", "477/2001", "477/2001", "759/2004"),
        ("asunto-osakeyhtiölaki 809/1991", "809/1991", "809/1991", "1599/2009"),
        ("yhdenvertaisuuslaki (21/2004)", "21/2004", "21/2004", "1325/2014"),
        ("henkilörekisterilain 19 §", "471/1987", "henkilörekisterilain", "1050/2018"),
        ("laki tietosuojalautakunnasta 389/1994", "389/1994", "389/1994", "1050/2018"),
        ("laki tietoyhteiskunnan palvelujen tarjoamisesta", "458/2002", None, "917/2014"),
    ],
)
def test_it_finds_a_repealed_act(text: str, act: str, found: str | None, replaced_by: str) -> None:
    (citation,) = repealed(text)
    assert (citation.act, citation.replaced_by) == (act, replaced_by)
    assert text[citation.start :].startswith(citation.found)
    assert found is None or citation.found == found
    assert set(citation.name) == set(citation.replacement) == {"fi", "en", "sv"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tietosuojalaki (1050/2018)",
        "yleinen tietosuoja-asetus (EU) 2016/679",
        "kirjanpitolaki 1336/1997",
        "työaikalaki (872/2019)",
        "asunto-osakeyhtiölaki (1599/2009)",
        "yhdenvertaisuuslaki (1325/2014)",
        "laki yksityisyyden suojasta työelämässä (759/2004)",
        "numero 1523/1999",
        "numero 523/19991",
        "henkilötietojen käsittely",
        "Data Protection Act (1050/2018)",
        "laki sähköisen viestinnän palveluista (917/2014)",
    ],
)
def test_it_leaves_acts_in_force_and_other_words_alone(text: str) -> None:
    assert repealed(text) == []


def test_each_act_is_listed_once_in_the_order_of_the_text() -> None:
    text = "Sähköisen viestinnän tietosuojalaki (516/2004), henkilötietolaki (523/1999) ja taas henkilötietolaki."
    assert [(citation.act, citation.start) for citation in repealed(text)] == [("516/2004", 0), ("523/1999", 48)]


def test_an_act_is_repealed_from_the_day_it_ended() -> None:
    assert repealed("523/1999", date(2018, 12, 31)) == []
    (citation,) = repealed("523/1999", date(2019, 1, 1))
    assert citation.last_day == date(2018, 12, 31)
