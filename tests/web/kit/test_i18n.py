"""The words of the screens are whole in both languages, and figures are written as each language writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from markupsafe import Markup
from ruamel.yaml import YAML

import seloste.web
from seloste.catalogue.plain_yaml import plain_yaml
from seloste.web.i18n import LANGUAGES, OUTSIDE, TEXTS, MissingTextError, formats, placeholders, texts, translator

WEB = Path(seloste.web.__file__).parent
ASKED = re.compile(r"""\bt\(\s*["']([\w.]+)["']\s*[,)]""")
NOW = datetime(2026, 11, 24, 7, 12, tzinfo=UTC)


def asked_keys() -> set[str]:
    """Every key that a template or a module of the web asks for by name."""
    files = [*WEB.rglob("*.html"), *WEB.rglob("*.py")]
    return {key for file in files for key in ASKED.findall(file.read_text(encoding="utf-8"))}


def test_both_languages_have_the_same_keys() -> None:
    finnish, english = texts("fi"), texts("en")
    assert sorted(finnish) == sorted(english)
    assert len(finnish) > 400


def test_both_languages_need_the_same_values() -> None:
    finnish, english = texts("fi"), texts("en")
    assert {key: placeholders(text) for key, text in finnish.items()} == {
        key: placeholders(text) for key, text in english.items()
    }
    assert {k for k, t in finnish.items() if isinstance(t, str)} == {
        k for k, t in english.items() if isinstance(t, str)
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_are_plain(lang: str) -> None:
    for key, text in texts(lang).items():
        for form in (text,) if isinstance(text, str) else text.values():
            assert form == form.strip() != "", key
            assert "!" not in form, f"{key} shouts"


def test_every_text_that_a_page_asks_for_is_there() -> None:
    asked = asked_keys()
    assert len(asked) > 30
    assert sorted(asked - texts("fi").keys()) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_refuses_a_missing_text_and_a_missing_value(lang: str) -> None:
    t = translator(lang)
    with pytest.raises(MissingTextError, match=r"nowhere\.at_all"):
        t("nowhere.at_all")
    with pytest.raises(MissingTextError, match="date"):
        t("end.until")
    with pytest.raises(MissingTextError, match="number n"):
        t("list.count")


def test_it_chooses_the_plural_and_writes_its_number() -> None:
    assert [translator("en")("list.count_people", n=n) for n in (0, 1, 3188)] == [
        "0 people",
        "1 person",
        "3,188 people",
    ]
    assert [translator("fi")("list.count_people", n=n) for n in (1, 3188)] == ["1 henkilö", "3\u00a0188 henkilöä"]


def test_a_value_cannot_bring_markup_of_its_own() -> None:
    t = translator("en")
    assert not hasattr(t("list.with_query", query="<b>"), "__html__")
    shown = t("list.sort_by", column=Markup("<b>Name</b>"))
    assert shown == Markup("Sort by <b>Name</b>")
    assert t("state.clash", who="<i>", item=Markup("<b>x</b>"), time="09:31") == "&lt;i&gt; changed <b>x</b> at 09:31."


def test_finnish_formats() -> None:
    f = formats("fi")
    assert (f.date(NOW), f.date_short(NOW), f.date_long(NOW)) == ("24.11.2026", "24.11.", "24. marraskuuta 2026")
    assert (f.date_due(date(2026, 11, 30)), f.day(NOW)) == ("ma 30.11.2026", "Tiistai 24. marraskuuta")
    assert (f.time(NOW), f.clock(NOW), f.moment(NOW)) == ("9.12", "klo 9.12", "24.11.2026 klo 9.12")
    assert (f.month(NOW), f.money(Decimal(1284)), f.number(3188)) == (
        "Marraskuu 2026",
        "1\u00a0284,00\u00a0€",
        "3\u00a0188",
    )
    assert (f.quote("sana"), f.listed(["nimi", "puhelin", "osoite"])) == ("”sana”", "nimi, puhelin ja osoite")


def test_english_formats() -> None:
    f = formats("en")
    assert (f.date(NOW), f.date_short(NOW), f.date_long(NOW)) == ("24 Nov 2026", "24 Nov", "24 November 2026")
    assert f.date(date(2026, 9, 1)) == "1 Sep 2026"
    assert (f.date_due(date(2026, 11, 30)), f.day(NOW)) == ("Mon 30 Nov 2026", "Tuesday 24 November")
    assert (f.time(NOW), f.clock(NOW), f.moment(NOW)) == ("09:12", "09:12", "24 Nov 2026 09:12")
    assert (f.month(NOW), f.money(Decimal(1284)), f.number(3188)) == ("November 2026", "€\u00a01,284.00", "3,188")
    assert (f.quote("word"), f.listed(["name"])) == ("“word”", "name")


def test_only_today_and_yesterday_are_relative() -> None:
    f = formats("en")
    at = [NOW, NOW.date(), NOW - timedelta(days=1), NOW - timedelta(days=2), date(2024, 3, 14)]
    assert [f.when(value, NOW) for value in at] == ["today 09:12", "today", "yesterday", "22 Nov", "14 Mar 2024"]


def test_a_day_turns_at_midnight_in_helsinki() -> None:
    late = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    assert formats("fi").date(late) == "25.11.2026"
    assert formats("fi").when(NOW, late) == "eilen"


def test_it_refuses_a_time_without_its_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        formats("fi").time(datetime(2026, 11, 24, 9, 12))


def test_a_public_count_under_five_is_not_told() -> None:
    assert [formats("en").few(n) for n in (0, 1, 4, 5, 3188)] == [
        "0",
        "fewer than five",
        "fewer than five",
        "5",
        "3,188",
    ]


@pytest.mark.parametrize("lang", OUTSIDE)
def test_words_are_read_as_the_library_reads_them(lang: str) -> None:
    """No text is taken for a number or a date, which our own reading would keep as it is written."""
    source = (TEXTS / f"{lang}.yaml").read_text("utf-8")
    assert plain_yaml(source) == YAML(typ="safe", pure=True).load(source)
