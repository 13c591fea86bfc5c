"""Text, numbers, money, days, degrees, yes and no."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seloste.catalogue.types import TYPES
from seloste.catalogue.types.normal import clean, order, plain, words
from seloste.errors import BadValue

NB = "\u00a0"
MINUS = "\u2212"


def refuses(name: str, text: str) -> BadValue:
    with pytest.raises(BadValue) as caught:
        TYPES[name].parse(text)
    return caught.value


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Aino   Aalto ", "Aino Aalto"),
        ("Aino\nAalto\t", "Aino Aalto"),
        ("a\u0308iti", "äiti"),
        ("Aino\u00a0Aalto", "Aino Aalto"),
        ("\u202eolleH\u202c\u200b", "olleH"),
        ("\ufeffAino", "Aino"),
        ("👩‍🔧 huolto", "👩‍🔧 huolto"),
    ],
)
def test_text_is_brought_to_one_line_and_one_form(typed: str, kept: str) -> None:
    assert TYPES["text"].parse(typed) == kept


PILED = "Z" + "\u0301" * 6


@pytest.mark.parametrize("typed", ["", "   ", "\n", "\u200b", "a\x00b", "a\x1bb", PILED, "\ud800", "x" * 301])
def test_text_refuses_nothing_control_characters_and_too_much(typed: str) -> None:
    refuses("text", typed)
    assert TYPES["text"].configure(limit=400).parse("x" * 301) == "x" * 301


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        ("Aino Mäki-Virtanen", ["aino", "mäki", "maki", "virtanen"]),
        ("Märta Ørsted", ["märta", "marta", "ørsted", "orsted"]),
        ("STRASSE Straße", ["strasse"]),
        ("O'Neill", ["o", "neill"]),
        ("Żółć Łódź", ["żółć", "zolc", "łódź", "lodz"]),
        ("Yritys Oy (entinen Åbo Ab)", ["yritys", "oy", "entinen", "åbo", "abo", "ab"]),
    ],
)
def test_text_is_found_by_its_words_with_and_without_marks(value: str, keys: list[str]) -> None:
    assert TYPES["text"].search_keys(value) == keys


def test_text_sorts_as_the_finnish_alphabet() -> None:
    names = ["Öhman", "Zetterberg", "Åberg", "Aalto", "Ärt", "éclair", "Eerola", "aalto b"]
    assert sorted(names, key=TYPES["text"].sort_key) == [
        *("Aalto", "aalto b", "éclair", "Eerola", "Zetterberg", "Åberg", "Ärt", "Öhman"),
    ]


def test_text_is_the_same_whatever_its_case() -> None:
    assert TYPES["text"].same("Aino  Aalto", "AINO AALTO")
    assert not TYPES["text"].same("Aino Aalto", "Aino Salo")


@given(st.text())
@example("𝑨")
def test_words_are_folded_and_each_has_its_plain_twin(text: str) -> None:
    found = words(text)
    assert all(word == word.casefold() for word in found if word.isascii())
    assert {plain(word) for word in found} <= set(found) | {""}
    assert isinstance(order(text), str)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    try:
        once = clean(text)
    except BadValue:
        return
    assert clean(once) == once


def test_long_text_keeps_its_lines() -> None:
    assert TYPES["text_long"].parse(" eka \r\n\r\n\r\n\r\ntoka  \n kolmas ") == "eka\n\ntoka\n kolmas"
    assert TYPES["text_long"].search_keys("Aino soitti") == []
    refuses("text_long", "  \n ")
    refuses("text_long", "x" * 20_001)


# --- whole numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", 12),
        ("-12", -12),
        ("−12", -12),
        ("+7", 7),
        ("007", 7),
        ("1 284", 1284),
        (f"1{NB}284{NB}000", 1284000),
        ("1,284,000", 1284000),
        ("1.284", 1284),
        ("9223372036854775807", 2**63 - 1),
    ],
)
def test_int_is_read(typed: str, value: int) -> None:
    assert TYPES["int"].parse(typed) == value


@pytest.mark.parametrize(
    "typed", ["", "kaksi", "1,5", "1.2", "12,34", "1e3", "0x10", "--1", "9223372036854775808", "٣"]
)
def test_int_is_refused(typed: str) -> None:
    refuses("int", typed)


@pytest.mark.parametrize(
    ("value", "fi", "en"),
    [
        (0, "0", "0"),
        (2026, "2026", "2026"),
        (12840, f"12{NB}840", "12,840"),
        (-3, f"{MINUS}3", f"{MINUS}3"),
        (-1234567, f"{MINUS}1{NB}234{NB}567", f"{MINUS}1,234,567"),
    ],
)
def test_int_is_shown(value: int, fi: str, en: str) -> None:
    assert TYPES["int"].show(value, "fi") == TYPES["int"].show(value, "sv") == fi
    assert TYPES["int"].show(value, "en") == en


def test_int_keeps_its_bounds() -> None:
    stars = TYPES["int"].configure(minimum=1, maximum=5)
    assert stars.parse("5") == 5
    for typed, bound in (("0", "1"), ("6", "5")):
        with pytest.raises(BadValue) as caught:
            stars.parse(typed)
        assert bound in caught.value.message("fi")
    assert TYPES["int"].parse("6") == 6


@pytest.mark.parametrize("typed", ["14", "14 pv", "14 päivää", "14 days", "14 dagar", "14d"])
def test_days_are_read(typed: str) -> None:
    assert TYPES["days"].parse(typed) == 14


@pytest.mark.parametrize("typed", ["", "-1", "kaksi viikkoa", "14,5", "40000"])
def test_days_are_refused(typed: str) -> None:
    refuses("days", typed)


def test_days_are_shown() -> None:
    assert [TYPES["days"].show(1, lang) for lang in ("fi", "en", "sv")] == ["1 päivä", "1 day", "1 dag"]
    assert [TYPES["days"].show(14, lang) for lang in ("fi", "en", "sv")] == ["14 päivää", "14 days", "14 dagar"]


# --- money ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1284", 128400),
        ("1284,00", 128400),
        ("1284.00", 128400),
        ("1 284,00 €", 128400),
        (f"1{NB}284,00{NB}€", 128400),
        ("€ 1,284.00", 128400),
        ("1.284,00", 128400),
        ("1,284.5", 128450),
        ("12,5", 1250),
        ("0,05", 5),
        ("-12,50", -1250),
        (f"{MINUS}12,50 €", -1250),
        (f"{MINUS}€{NB}12.50", -1250),
        ("12,-", 1200),
        ("12 eur", 1200),
        ("12 EUROA", 1200),
        ("1 000 000", 100000000),
        ("1,284,000", 128400000),
        ("1'284.00", 128400),
    ],
)
def test_money_is_read_as_cents(typed: str, cents: int) -> None:
    assert TYPES["money"].parse(typed) == cents


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "€",
        "paljon",
        "1,284",
        "1.284",
        "12,345",
        "1,2,3",
        "1.28,400",
        "12..5",
        "12 kr",
        "1284,00,00",
        "10" * 12,
        "+-1",
    ],
)
def test_money_is_refused(typed: str) -> None:
    refuses("money", typed)


def test_money_asks_for_cents_where_a_point_may_be_a_thousand() -> None:
    assert refuses("money", "1.284").message("fi") == (
        "Kirjoita sentit kahdella numerolla. Kirjoita esimerkiksi 1284,00."
    )


@pytest.mark.parametrize(
    ("cents", "fi", "en"),
    [
        (128400, f"1{NB}284,00{NB}€", f"€{NB}1,284.00"),
        (5, f"0,05{NB}€", f"€{NB}0.05"),
        (-1250, f"{MINUS}12,50{NB}€", f"{MINUS}€{NB}12.50"),
        (0, f"0,00{NB}€", f"€{NB}0.00"),
    ],
)
def test_money_is_shown(cents: int, fi: str, en: str) -> None:
    assert TYPES["money"].show(cents, "fi") == TYPES["money"].show(cents, "sv") == fi
    assert TYPES["money"].show(cents, "en") == en


# --- degrees ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("62,60109", 62.60109),
        ("62.6010912345", 62.6010912),
        ("-179.9999999", -179.9999999),
        ("29,76°", 29.76),
        ("180", 180.0),
        (f"{MINUS}0", 0.0),
    ],
)
def test_degrees_are_read(typed: str, value: float) -> None:
    assert TYPES["degrees"].parse(typed) == value
    assert str(TYPES["degrees"].parse("-0")) == "0.0"


@pytest.mark.parametrize("typed", ["", "nan", "inf", "180,1", "-181", "62° 36'", "62,", "1e2", "north"])
def test_degrees_are_refused(typed: str) -> None:
    refuses("degrees", typed)


def test_degrees_have_a_limit_for_latitudes() -> None:
    with pytest.raises(BadValue):
        TYPES["degrees"].configure(limit=90.0).parse("90,1")
    assert TYPES["degrees"].configure(limit=90.0).parse("-90") == -90.0


def test_degrees_are_shown() -> None:
    assert TYPES["degrees"].show(62.60109, "fi") == "62,60109°"
    assert TYPES["degrees"].show(-0.5, "en") == f"{MINUS}0.50000°"


# --- yes and no -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "value"), [("kyllä", True), ("Yes", True), ("1", True), ("on", True), ("JA", True)])
def test_yes_is_read(typed: str, value: bool) -> None:
    assert TYPES["bool"].parse(typed) is value


@pytest.mark.parametrize("typed", ["ei", "No", "0", "false", "nej"])
def test_no_is_read(typed: str) -> None:
    assert TYPES["bool"].parse(typed) is False


@pytest.mark.parametrize("typed", ["", "ehkä", "2", "kylläei"])
def test_anything_else_is_refused(typed: str) -> None:
    refuses("bool", typed)


def test_yes_and_no_are_shown() -> None:
    assert [TYPES["bool"].show(True, lang) for lang in ("fi", "en", "sv")] == ["kyllä", "yes", "ja"]
    assert [TYPES["bool"].show(False, lang) for lang in ("fi", "en", "sv")] == ["ei", "no", "nej"]


# --- what is typed, shown and edited is one value ---------------------------------------------------------------------

WHOLE = st.integers(-(2**63) + 1, 2**63 - 1)


@pytest.mark.parametrize("lang", ["fi", "en", "sv"])
@given(data=st.data())
def test_what_is_shown_is_read_back(data: Any, lang: str) -> None:
    for name, values in (("int", WHOLE), ("money", WHOLE), ("bool", st.booleans()), ("days", st.integers(0, 36_600))):
        value = data.draw(values)
        assert TYPES[name].parse(TYPES[name].show(value, lang)) == value
        assert TYPES[name].parse(TYPES[name].edit(value)) == value


@given(st.floats(-180, 180, allow_nan=False))
def test_degrees_are_read_back(value: float) -> None:
    kept = TYPES["degrees"].parse(f"{value:.12f}")
    assert abs(kept - value) < 1e-6
    assert TYPES["degrees"].parse(TYPES["degrees"].edit(kept)) == kept
