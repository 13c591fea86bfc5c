"""Dates and times; choices; files, lines, answers and lists of items; the registry."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seloste.catalogue.model import Option
from seloste.catalogue.types import TYPES
from seloste.catalogue.types.file import file_name
from seloste.catalogue.types.lines import total
from seloste.catalogue.types.time import to_text
from seloste.clock import HELSINKI
from seloste.errors import BadValue

NB = "\u00a0"


def refuses(name: str, text: str) -> BadValue:
    with pytest.raises(BadValue) as caught:
        TYPES[name].parse(text)
    return caught.value


# --- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "24.11.2026",
        "24. 11. 2026",
        "2026-11-24",
        "24 Nov 2026",
        "24 November 2026",
        "24. marraskuuta 2026",
        "24 marraskuu 2026",
        "24 nov 2026",
        "24 november 2026",
        " 24.11.2026 ",
    ],
)
def test_a_date_is_read(typed: str) -> None:
    assert TYPES["date"].parse(typed) == dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "tyhjä"),
        ("24.11.26", "neljällä"),
        ("24/11/26", "neljällä"),
        ("24/11/2026", "ei ole päivämäärä"),
        ("11/24/2026", "ei ole päivämäärä"),
        ("31.11.2026", "kalenterissa"),
        ("29.2.2026", "kalenterissa"),
        ("2026-13-01", "kalenterissa"),
        ("0.1.2026", "kalenterissa"),
        ("24. foo 2026", "Kuukautta"),
        ("24 ma 2026", "Kuukautta"),
        ("tänään", "ei ole päivämäärä"),
        ("20261124", "ei ole päivämäärä"),
    ],
)
def test_a_bad_date_is_refused_and_says_why(typed: str, says: str) -> None:
    assert says in refuses("date", typed).message("fi")


@pytest.mark.parametrize(("lang", "shown"), [("fi", "24.11.2026"), ("sv", "24.11.2026"), ("en", "24 Nov 2026")])
def test_a_date_is_shown(lang: str, shown: str) -> None:
    assert TYPES["date"].show(dt.date(2026, 11, 24), lang) == shown


@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(["fi", "en", "sv"]))
def test_a_date_is_read_back(day: dt.date, lang: str) -> None:
    kind = TYPES["date"]
    assert kind.parse(kind.show(day, lang)) == kind.parse(kind.edit(day)) == day


@pytest.mark.parametrize(
    ("month", "words"),
    list(
        enumerate(
            [
                "tammikuuta January januari jan",
                "helmikuuta February februari feb",
                "maaliskuuta March mars mar",
                "huhtikuuta April april apr",
                "toukokuuta May maj",
                "kesäkuuta June juni jun",
                "heinäkuuta July juli jul",
                "elokuuta August augusti aug",
                "syyskuuta September september sep",
                "lokakuuta October oktober oct okt",
                "marraskuuta November november nov",
                "joulukuuta December december dec",
            ],
            start=1,
        )
    ),
)
def test_months_are_read_by_name(month: int, words: str) -> None:
    for word in words.split():
        assert TYPES["date"].parse(f"1. {word} 2026") == dt.date(2026, month, 1)


# --- times ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "24.11.2026 klo 9.12",
        "24.11.2026, klo 9.12",
        "24.11.2026 9.12",
        "24.11.2026 09:12",
        "24.11.2026 kl. 9.12",
        "24 Nov 2026 09:12",
        "24 Nov 2026, 09:12",
        "24 Nov 2026 at 9:12",
        "2026-11-24T09:12",
        "2026-11-24 09:12:00",
        "2026-11-24T07:12:00Z",
        "2026-11-24T09:12:00+02:00",
        "2026-11-24T09:12:00.123+0200",
    ],
)
def test_a_time_is_read_in_helsinki_and_kept_in_utc(typed: str) -> None:
    found = TYPES["time"].parse(typed)
    assert found == dt.datetime(2026, 11, 24, 7, 12, tzinfo=dt.UTC)
    assert found.tzinfo is dt.UTC
    assert to_text(found) == "2026-11-24T07:12:00Z"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "tyhjä"),
        ("24.11.2026", "Kellonaika puuttuu"),
        ("2026-11-24", "Kellonaika puuttuu"),
        ("24.11.2026 25.00", "Kellonaikaa ei ole"),
        ("24.11.2026 9.60", "Kellonaikaa ei ole"),
        ("31.11.2026 9.12", "kalenterissa"),
        ("24.11.26 9.12", "neljällä"),
        ("eilen klo 9.12", "ei ole päivämäärä"),
        ("9.12", "ei ole päivämäärä"),
        ("29.3.2026 klo 3.30", "kellot siirrettiin"),
        ("2026-11-24T09:12+99:00", "ei ole oikein"),
    ],
)
def test_a_bad_time_is_refused_and_says_why(typed: str, says: str) -> None:
    assert says in refuses("time", typed).message("fi")


def test_a_time_is_shown_in_helsinki() -> None:
    moment = dt.datetime(2026, 11, 24, 7, 12, tzinfo=dt.UTC)
    assert TYPES["time"].show(moment, "fi") == "24.11.2026 klo 9.12"
    assert TYPES["time"].show(moment, "sv") == "24.11.2026 kl. 9.12"
    assert TYPES["time"].show(moment, "en") == "24 Nov 2026 09:12"
    assert TYPES["time"].show(moment.replace(month=7), "fi") == "24.7.2026 klo 10.12"
    assert TYPES["time"].edit(moment) == "2026-11-24T09:12"


def test_an_hour_that_comes_twice_is_the_first_unless_said() -> None:
    kind = TYPES["time"]
    first = kind.parse("25.10.2026 klo 3.30")
    assert first == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
    second = first + dt.timedelta(hours=1)
    assert kind.edit(second) == "2026-10-25T03:30:00+02:00"
    assert kind.parse(kind.edit(second)) == second
    assert kind.parse(kind.edit(first)) == first


MOMENTS = st.datetimes(dt.datetime.fromisoformat("1950-01-01"), dt.datetime.fromisoformat("2100-01-01")).map(
    lambda naive: naive.replace(microsecond=0, tzinfo=dt.UTC)
)


@given(MOMENTS)
def test_a_time_is_read_back_from_its_control(moment: dt.datetime) -> None:
    kind = TYPES["time"]
    assert kind.parse(kind.edit(moment)) == moment
    assert kind.parse(to_text(moment)) == moment
    assert len(to_text(moment)) == 20


@given(MOMENTS, st.sampled_from(["fi", "en", "sv"]))
def test_what_is_shown_of_a_time_is_read_back_to_the_minute(moment: dt.datetime, lang: str) -> None:
    moment = moment.replace(second=0)
    if moment.astimezone(HELSINKI).fold:
        return
    kind = TYPES["time"]
    assert kind.parse(kind.show(moment, lang)) == moment


@given(MOMENTS, MOMENTS)
def test_stored_times_sort_as_they_happened(first: dt.datetime, second: dt.datetime) -> None:
    assert (to_text(first) < to_text(second)) == (first < second)


# --- choices ----------------------------------------------------------------------------------------------------------

STAGE = TYPES["choice"].configure(
    options=(
        Option("lead", {"fi": "Mahdollinen", "en": "Lead", "sv": "Möjlig"}),
        Option("customer", {"fi": "Asiakas", "en": "Customer", "sv": "Kund"}),
        Option("own", {"fi": "Oma"}),
    )
)


@pytest.mark.parametrize("typed", ["customer", "Customer", "asiakas", " KUND ", "CUSTOMER"])
def test_a_choice_is_read_from_its_key_or_label(typed: str) -> None:
    assert STAGE.parse(typed) == "customer"


def test_a_choice_that_is_none_is_refused_with_the_options() -> None:
    with pytest.raises(BadValue) as caught:
        STAGE.parse("ystävä")
    assert caught.value.message("fi") == "Valitse jokin näistä: Mahdollinen, Asiakas, Oma."
    assert caught.value.message("en") == "Choose one of these: Lead, Customer, Oma."


def test_a_choice_is_shown_by_its_label_and_sorted_by_the_options() -> None:
    assert STAGE.show("lead", "fi") == "Mahdollinen"
    assert STAGE.show("own", "en") == "Oma"
    assert STAGE.show("gone", "fi") == "gone"
    assert sorted(["gone", "own", "customer", "lead"], key=STAGE.sort_key) == ["lead", "customer", "own", "gone"]


def test_a_choice_without_options_takes_a_short_word() -> None:
    assert TYPES["choice"].parse(" vapaa  sana ") == "vapaa sana"
    refuses("choice", "")


# --- files ------------------------------------------------------------------------------------------------------------

CV = {"name": "cv.pdf", "media_type": "application/pdf", "size": 123_456, "sha256": "0f" * 32}


def test_a_file_is_kept_as_what_is_known_of_it() -> None:
    typed = {**CV, "name": "C:\\Users\\aino\\ cv.pdf ", "sha256": "0F" * 32, "media_type": "Application/PDF"}
    assert TYPES["file"].parse(json.dumps(typed)) == CV
    assert TYPES["file"].parse(TYPES["file"].edit(CV)) == CV
    assert TYPES["file"].search_keys(CV) == ["cv", "pdf"]
    assert TYPES["file"].same(CV, {**CV, "name": "toinen.pdf"})
    assert not TYPES["file"].same(CV, {**CV, "sha256": "00" * 32})


@pytest.mark.parametrize(
    "change",
    [
        {"size": -1},
        {"size": "1"},
        {"size": True},
        {"size": 1.5},
        {"sha256": "0f"},
        {"sha256": 1},
        {"sha256": "zz" * 32},
        {"media_type": "pdf"},
        {"media_type": "text/html; x"},
        {"media_type": None},
        {"name": ""},
        {"name": ".."},
        {"name": "a/"},
        {"name": 7},
        {"name": "a\x00.pdf"},
        {"extra": 1},
    ],
)
def test_a_faulty_file_is_refused(change: dict[str, Any]) -> None:
    refuses("file", json.dumps({**CV, **change}))


@pytest.mark.parametrize("typed", ["", "cv.pdf", "[]", "{}", "null", json.dumps({"name": "cv.pdf"}), "{"])
def test_what_is_no_file_is_refused(typed: str) -> None:
    refuses("file", typed)


@pytest.mark.parametrize(
    ("size", "fi", "en"),
    [
        (0, f"0{NB}tavua", f"0{NB}bytes"),
        (999, f"999{NB}tavua", f"999{NB}bytes"),
        (1_500, f"1,5{NB}kt", f"1.5{NB}kB"),
        (123_456, f"123{NB}kt", f"123{NB}kB"),
        (999_600, f"1,0{NB}Mt", f"1.0{NB}MB"),
        (5_000_000_000, f"5,0{NB}Gt", f"5.0{NB}GB"),
    ],
)
def test_a_file_is_shown_with_its_size(size: int, fi: str, en: str) -> None:
    assert TYPES["file"].show({**CV, "size": size}, "fi") == f"cv.pdf ({fi})"
    assert TYPES["file"].show({**CV, "size": size}, "en") == f"cv.pdf ({en})"


def test_a_file_name_loses_its_folders() -> None:
    assert file_name("../../etc/passwd") == "passwd"


# --- lines ------------------------------------------------------------------------------------------------------------

ORDER = [
    {"text": "Hydrauliletku", "quantity": "2", "price": 1250},
    {"text": "Asennus", "quantity": "1.5", "price": 8000},
    {"text": "Toimitus", "quantity": "1", "price": 0},
]


def test_lines_are_read_one_a_row() -> None:
    assert TYPES["lines"].parse("Hydrauliletku; 2; 12,50\n\nAsennus; 1,5; 80 €\r\nToimitus") == ORDER
    assert total(ORDER) == 2 * 1250 + 12000


def test_lines_are_read_from_json() -> None:
    typed = [
        {"text": "Hydrauliletku", "quantity": 2, "price": 1250},
        {"text": "Asennus", "quantity": 1.5, "price": "80,00"},
    ]
    assert TYPES["lines"].parse(json.dumps([*typed, {"text": "Toimitus"}])) == ORDER


def test_lines_are_shown_and_edited() -> None:
    assert TYPES["lines"].show(ORDER, "fi") == f"2 × Hydrauliletku, 12,50{NB}€\n1,5 × Asennus, 80,00{NB}€\n1 × Toimitus"
    assert TYPES["lines"].show(ORDER, "en").startswith(f"2 × Hydrauliletku, €{NB}12.50\n1.5 ×")
    assert TYPES["lines"].edit(ORDER) == "Hydrauliletku; 2; 12,50\nAsennus; 1,5; 80,00\nToimitus; 1; 0,00"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "; 2; 12,50",
        "Letku; kaksi; 12,50",
        "Letku; 2; paljon",
        "Letku; 2; 12,50; 3",
        "[]",
        "{}",
        "[1]",
        '[{"quantity": 1}]',
        '[{"text": "x", "price": 1.5}]',
        '[{"text": "x", "price": true}]',
        '[{"text": "x", "quantity": "1e5"}]',
        '[{"text": "x", "colour": "red"}]',
        '[{"text": "x", "text": "y"}]',
        '[{"text": "x", "quantity": NaN}]',
        "x\n" * 501,
        "[" * 5000,
    ],
)
def test_bad_lines_are_refused(typed: str) -> None:
    refuses("lines", typed)


def test_each_line_is_rounded_by_itself() -> None:
    assert total([{"text": "x", "quantity": "0.5", "price": 1}]) == 1
    assert total([{"text": "x", "quantity": "0.3333", "price": 100}]) == 33


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zs", "Zl", "Zp"]), min_size=1, max_size=30
)


@given(st.lists(st.tuples(WORDS, st.integers(-500, 999_999), st.integers(-(10**9), 10**9)), min_size=1, max_size=5))
def test_lines_are_read_back(rows: list[tuple[str, int, int]]) -> None:
    kind = TYPES["lines"]
    value = [
        {"text": TYPES["text"].parse(text), "quantity": str(quantity), "price": price} for text, quantity, price in rows
    ]
    assert kind.parse(kind.edit(value)) == value


# --- answers and items ------------------------------------------------------------------------------------------------


def test_answers_are_read_by_name() -> None:
    assert TYPES["fields"].parse("Koko: M\n\nViesti: soita: heti\nTyhjä:") == {
        "Koko": "M",
        "Viesti": "soita: heti",
        "Tyhjä": "",
    }
    assert TYPES["fields"].parse('{"Koko": "M"}') == {"Koko": "M"}
    assert TYPES["fields"].show({"Koko": "M", "Väri": "sininen"}, "fi") == "Koko: M\nVäri: sininen"


@pytest.mark.parametrize(
    "typed",
    ["", "Koko M", ": M", "Koko: M\nKoko: L", "{}", "[]", '{"a": 1}', '{"a": null}', '{"a": {"b": "c"}}', '{"": "x"}'],
)
def test_bad_answers_are_refused(typed: str) -> None:
    refuses("fields", typed)


@given(st.dictionaries(WORDS, st.one_of(WORDS, st.just(""), st.just("eka\ntoka")), min_size=1, max_size=5))
def test_answers_are_read_back(raw: dict[str, str]) -> None:
    kind = TYPES["fields"]
    value = {TYPES["text"].parse(key): TYPES["text_long"].parse(text) if text else "" for key, text in raw.items()}
    assert kind.parse(kind.edit(value)) == value


def test_items_are_read_as_a_list_of_names() -> None:
    names = ["person.email", "name"]
    assert TYPES["items"].parse("person.email, name; name\n") == names
    assert TYPES["items"].parse('["person.email", "name"]') == names
    assert TYPES["items"].parse(TYPES["items"].edit(names)) == names
    assert TYPES["items"].same(names, names[::-1])
    assert TYPES["items"].show(names, "fi") == "person.email, name"


@pytest.mark.parametrize("typed", ["", ",", "Person.email", "person.email.x", "1x", "[]", "[1]", "{}", "sähköposti"])
def test_bad_items_are_refused(typed: str) -> None:
    refuses("items", typed)


# --- the registry -----------------------------------------------------------------------------------------------------

EXAMPLES = {
    "text": "Aino Aalto",
    "text_long": "Eka.\nToka.",
    "phone": "+358500000142",
    "email": "aino@yritys.example",
    "url": "https://yritys.example/x",
    "date": dt.date(2026, 11, 24),
    "time": dt.datetime(2026, 11, 24, 7, 12, tzinfo=dt.UTC),
    "days": 14,
    "int": 12,
    "money": 128400,
    "bool": True,
    "choice": "vapaa",
    "country": "FI",
    "postal_code": "33100",
    "business_id": "1234567-1",
    "hetu": "010594Y9032",
    "iban": "FI2112345600000785",
    "reference_number": "1234561",
    "ip": "192.0.2.10",
    "code": "AB-1042",
    "degrees": 62.60109,
    "file": CV,
    "lines": ORDER,
    "fields": {"Koko": "M"},
    "items": ["person.email"],
}
STORED_AS = {"text": str, "integer": int, "real": float, "date": dt.date, "time": dt.datetime, "bool": bool}
WIDGETS = {"text", "textarea", "tel", "email", "url", "date", "datetime-local", "number", "select", "checkbox", "file"}


def test_the_registry_holds_the_types_a_kind_may_name() -> None:
    from seloste.catalogue.kinds import ITEM_TYPES

    assert set(TYPES) == set(EXAMPLES) == ITEM_TYPES
    assert all(TYPES[name].name == name for name in TYPES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_type_reads_back_what_it_writes(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELOSTE_ALLOW_TEST_IDENTITY_CODES", "1")
    kind, value = TYPES[name], EXAMPLES[name]
    assert kind.parse(kind.edit(value)) == value
    assert kind.same(value, value)
    assert kind.sort_key(value) == kind.sort_key(value)
    assert kind.widget in WIDGETS
    for lang in ("fi", "en", "sv"):
        assert kind.show(value, lang)
    assert all(key and key == key.strip() for key in kind.search_keys(value))
    if kind.storage == "json":
        assert json.loads(json.dumps(value)) == value
    else:
        assert isinstance(value, STORED_AS[kind.storage])


@pytest.mark.parametrize("name", EXAMPLES)
@given(typed=st.text(max_size=60))
def test_anything_typed_is_a_value_or_a_clear_error(name: str, typed: str) -> None:
    try:
        value = TYPES[name].parse(typed)
    except BadValue as error:
        for lang in ("fi", "en"):
            message = error.message(lang)
            assert message.endswith(".")
            assert "\n" not in message
        return
    assert TYPES[name].parse(TYPES[name].edit(value)) == value


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("typed", ["Zx9!qQ-secret-77", "9" * 60])
def test_an_error_never_repeats_what_was_typed(name: str, typed: str) -> None:
    try:
        TYPES[name].parse(typed)
    except BadValue as error:
        assert typed not in error.message("fi") + error.message("en") + repr(error)


def test_a_type_refuses_an_option_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="the type phone has no option region"):
        TYPES["phone"].configure(region="SE")
    assert TYPES["phone"].configure() == TYPES["phone"]


def test_loading_the_types_loads_no_heavy_library() -> None:
    code = (
        "import sys, seloste.catalogue.types;"
        "heavy = {'phonenumbers', 'email_validator', 'dns', 'stdnum', 'babel', 'sqlalchemy', 'holidays'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
