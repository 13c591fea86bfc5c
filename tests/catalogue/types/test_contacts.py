"""Telephone numbers, e-mail and web addresses, postal codes, countries."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seloste.catalogue.languages import language_name
from seloste.catalogue.types import TYPES, query_keys
from seloste.catalogue.types.country import country_names
from seloste.errors import BadValue
from seloste.law.countries import eea

NB = "\u00a0"


def refuses(name: str, text: str) -> BadValue:
    with pytest.raises(BadValue) as caught:
        TYPES[name].parse(text)
    return caught.value


# --- telephone --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("050 000 0142", "+358500000142"),
        ("0500000142", "+358500000142"),
        ("+358 50 000 0142", "+358500000142"),
        ("+358500000142", "+358500000142"),
        ("+358 (0)50 000 0142", "+358500000142"),
        ("00358 50 000 0142", "+358500000142"),
        ("(050) 000-0142", "+358500000142"),
        ("050/000 0142", "+358500000142"),
        ("050–000–0142", "+358500000142"),
        (f"050{NB}000{NB}0142", "+358500000142"),
        ("tel:+358500000142", "+358500000142"),
        ("Puh. 050 000 0142", "+358500000142"),
        ("p. 050 000 0142", "+358500000142"),
        ("050 000 0142 ext. 12", "+358500000142;ext=12"),
        ("050 000 0142 alanro 12", "+358500000142;ext=12"),
        ("+358500000142;ext=12", "+358500000142;ext=12"),
        ("040 000 0001", "+358400000001"),
        ("010 000 0001", "+358100000001"),
        ("029 000 0001", "+358290000001"),
        ("+46 8 123 456 78", "+46812345678"),
        ("+1 202 555 0100", "+12025550100"),
    ],
)
def test_a_number_is_kept_as_e164(typed: str, kept: str) -> None:
    assert TYPES["phone"].parse(typed) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "tyhjä"),
        ("050 12", "puuttuu loppu"),
        ("050 0", "puuttuu loppu"),
        ("05", "puuttuu loppu"),
        ("0", "puuttuu loppu"),
        ("+358", "puuttuu loppu"),
        ("+358 50", "puuttuu loppu"),
        ("050 000 0142 050 000 0143", "liikaa"),
        ("040 000 0123456789", "liikaa"),
        ("050 000 00001234", "liikaa"),
        ("+999 123456", "Maatunnusta"),
        ("+0 123456", "Maatunnusta"),
        ("050-LETKUT", "kirjaimia"),
        ("aino@yritys.example", "kirjaimia"),
        ("050 000 0142 & 0143", "ei ole puhelinnumero"),
        ("++358500000142", "ei ole puhelinnumero"),
        ("٠٥٠ ٠٠٠ ٠١٤٢", "ei ole puhelinnumero"),
        ("050" * 30, "liian pitkä"),
    ],
)
def test_a_bad_number_is_refused_and_says_why(typed: str, says: str) -> None:
    error = refuses("phone", typed)
    assert says in error.message("fi")
    assert error.message("en").endswith((".", "0140."))


def test_the_message_says_what_is_wrong_and_what_to_write() -> None:
    assert refuses("phone", "050 12").message("fi") == "Numerosta puuttuu loppu. Kirjoita esimerkiksi 050 000 0140."
    assert refuses("phone", "050 12").message("en") == (
        "The end of the number is missing. Write for example 050 000 0140."
    )


@pytest.mark.parametrize(
    ("value", "fi", "en"),
    [
        ("+358500000142", "050 000 0142", "+358 50 000 0142"),
        ("+358500000570", "050 000 0570", "+358 50 000 0570"),
        ("+358105670000", "010 567 0000", "+358 10 567 0000"),
        ("+358500000142;ext=12", "050 000 0142 alanro 12", "+358 50 000 0142 ext. 12"),
        ("+46812345678", "+46 8 123 456 78", "+46 8 123 456 78"),
    ],
)
def test_a_number_is_shown_as_dialled(value: str, fi: str, en: str) -> None:
    assert TYPES["phone"].show(value, "fi") == fi
    assert TYPES["phone"].show(value, "en") == en
    assert TYPES["phone"].parse(fi) == TYPES["phone"].parse(en) == value


def test_a_number_is_found_from_home_and_from_abroad() -> None:
    assert TYPES["phone"].search_keys("+358500000142") == ["358500000142", "0500000142"]
    assert TYPES["phone"].search_keys("+358500000142;ext=9") == ["358500000142", "0500000142"]
    assert TYPES["phone"].search_keys("+46812345678") == ["46812345678", "0812345678"]


@given(st.sampled_from(["40", "50", "44", "45"]), st.integers(0, 9_999_999), st.sampled_from(["fi", "en", "sv"]))
def test_what_is_shown_of_a_mobile_number_is_read_back(prefix: str, rest: int, lang: str) -> None:
    value = f"+358{prefix}{rest:07}"
    assert TYPES["phone"].parse(TYPES["phone"].show(value, lang)) == value
    assert TYPES["phone"].parse(TYPES["phone"].edit(value)) == value


# --- e-mail -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("aino@yritys.example", "aino@yritys.example"),
        (" Aino.Aalto@Yritys.EXAMPLE ", "Aino.Aalto@yritys.example"),
        ("mailto:aino@yritys.example", "aino@yritys.example"),
        ("aino+tilaus@yritys.example", "aino+tilaus@yritys.example"),
        ("äiti@yritys.example", "äiti@yritys.example"),
        ("aino@xn--4ca.fi", "aino@ä.fi"),
        ("a@sub.domain.yritys.example", "a@sub.domain.yritys.example"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_lower_case(typed: str, kept: str) -> None:
    assert TYPES["email"].parse(typed) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "tyhjä"),
        ("aino", "puuttuu @"),
        ("aino.yritys.example", "puuttuu @"),
        ("@yritys.example", "alku puuttuu"),
        ("aino@", "loppu puuttuu"),
        ("aino@yritys", "loppu puuttuu"),
        ("aino@yritys.", "loppu puuttuu"),
        ("aino @yritys.example", "välilyönti"),
        ("Aino <aino@yritys.example>", "ilman nimeä"),
        ("aino@yritys.example, salo@yritys.example", "ilman nimeä"),
        ("aino@@yritys.example", "ei ole oikein"),
        (".aino@yritys.example", "ei ole oikein"),
        ("ai..no@yritys.example", "ei ole oikein"),
        ("aino@-yritys.example", "ei ole oikein"),
        ("aino@yritys..example", "ei ole oikein"),
        ("aino@yritys.invalid", "ei ole oikein"),
        ("a" * 65 + "@yritys.example", "ei ole oikein"),
        ("a" * 400 + "@yritys.example", "liian pitkä"),
    ],
)
def test_a_bad_address_is_refused_and_says_why(typed: str, says: str) -> None:
    assert says in refuses("email", typed).message("fi")


def test_an_address_is_found_whole_or_by_its_domain() -> None:
    assert TYPES["email"].search_keys("Aino@yritys.example") == ["aino@yritys.example", "yritys.example"]
    assert TYPES["email"].same("Aino@yritys.example", "aino@yritys.example")
    assert not TYPES["email"].same("aino@yritys.example", "aino@toinen.example")


# --- web --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.yritys.example", "https://www.yritys.example"),
        ("www.yritys.example", "https://www.yritys.example"),
        ("HTTP://Yritys.Example/Polku?a=B#c", "http://yritys.example/Polku?a=B#c"),
        ("yritys.example:8080/x", "https://yritys.example:8080/x"),
        ("//yritys.example", "https://yritys.example"),
        ("https://yhtiö.example/ä", "https://yhtiö.example/ä"),
        ("https://192.0.2.10/", "https://192.0.2.10/"),
    ],
)
def test_a_web_address_is_kept_with_its_scheme(typed: str, kept: str) -> None:
    assert TYPES["url"].parse(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "yritys",
        "https://",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://yritys.example",
        "mailto:aino@yritys.example",
        "https://aino:salasana@yritys.example",
        "https://aino@yritys.example",
        "https://yritys example",
        "https://yritys.example/<b>",
        "https://-yritys.example",
        "https://yritys..example",
        "https://yritys.example:99999",
        "https://[::1",
        "https://localhost",
        "https://yritys.example/" + "x" * 2000,
    ],
)
def test_a_bad_web_address_is_refused(typed: str) -> None:
    refuses("url", typed)


def test_a_web_address_is_found_by_its_host() -> None:
    assert TYPES["url"].search_keys("https://www.yritys.example/x?y=1") == ["yritys.example"]
    assert TYPES["url"].same("http://yritys.example/", "https://www.yritys.example")


# --- post and countries -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("33100", "33100"),
        ("00100", "00100"),
        ("FI-33100", "33100"),
        ("33 100", "33100"),
        ("SE-411 04", "SE-411 04"),
        ("no-0150", "NO-0150"),
        ("GB-SW1A 1AA", "GB-SW1A 1AA"),
        ("de - 10115", "DE-10115"),
    ],
)
def test_a_postal_code_is_kept(typed: str, kept: str) -> None:
    assert TYPES["postal_code"].parse(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "3310", "331000", "Tampere", "33100 Tampere", "FI-3310", "SE-", "SE-ABC", "411 04 1"]
)
def test_a_bad_postal_code_is_refused(typed: str) -> None:
    refuses("postal_code", typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("FI", "FI"),
        ("fi", "FI"),
        ("Suomi", "FI"),
        ("suomi", "FI"),
        ("Finland", "FI"),
        ("Ruotsi", "SE"),
        ("Sverige", "SE"),
        ("UK", "GB"),
        ("EL", "GR"),
        ("Yhdysvallat", "US"),
        ("USA", "US"),
        ("Hollanti", "NL"),
        ("Ahvenanmaa", "AX"),
    ],
)
def test_a_country_is_read_from_its_code_or_name(typed: str, code: str) -> None:
    assert TYPES["country"].parse(typed) == code


@pytest.mark.parametrize("typed", ["", "EU", "ZZ", "QQ", "Suommi", "358", "F"])
def test_what_is_no_country_is_refused(typed: str) -> None:
    refuses("country", typed)


def test_a_country_is_shown_in_each_language() -> None:
    assert [TYPES["country"].show("SE", lang) for lang in ("fi", "en", "sv")] == ["Ruotsi", "Sweden", "Sverige"]
    assert TYPES["country"].show("QQ", "fi") == "QQ"


@pytest.mark.parametrize("lang", ["fi", "en", "sv"])
def test_every_country_is_read_back_from_its_name(lang: str) -> None:
    names = country_names(lang)
    assert len(names) >= 249
    assert eea(date(2026, 11, 25)) <= set(names)
    for code, name in names.items():
        assert TYPES["country"].parse(name) == code


# --- what is typed into a search --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("050 000 0142", {"358500000142", "0500000142"}),
        ("+358 50 000 0142", {"358500000142", "0500000142"}),
        ("Aino@Yritys.example", {"aino@yritys.example"}),
        ("Mäki", {"mäki", "maki"}),
        ("1234567-1", {"12345671"}),
        ("RF34 1234 561", {"RF341234561", "1234561"}),
        ("FI21 1234 5600 0007 85", {"FI2112345600000785"}),
        ("yritys.example", {"yritys", "example"}),
    ],
)
def test_a_query_meets_the_keys_of_what_it_names(typed: str, expected: set[str]) -> None:
    assert expected <= set(query_keys(typed))


def test_a_whole_address_does_not_find_everybody_at_its_domain() -> None:
    assert "yritys.example" not in query_keys("aino@yritys.example")


@given(st.text(max_size=40))
def test_no_query_is_an_error(typed: str) -> None:
    assert all(key and key == key.strip() for key in query_keys(typed))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("phone", "050 000 0142"),
        ("email", "aino@yritys.example"),
        ("business_id", "1234567-1"),
        ("reference_number", "12 34561"),
        ("iban", "FI21 1234 5600 0007 85"),
        ("text", "Mäki-Virtanen"),
    ],
)
def test_a_value_is_found_by_typing_it_again(name: str, typed: str) -> None:
    keys = set(TYPES[name].search_keys(TYPES[name].parse(typed)))
    assert keys & set(query_keys(typed))


def test_a_language_is_told_by_its_name() -> None:
    assert [language_name("sv", lang) for lang in ("fi", "en", "sv")] == ["ruotsi", "Swedish", "svenska"]
    assert language_name("savo", "fi") == "savo"
