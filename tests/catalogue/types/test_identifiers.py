"""Identifiers with check digits, against published vectors; codes and addresses of machines."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seloste.catalogue.types import TYPES
from seloste.catalogue.types.hetu import Hetu
from seloste.catalogue.types.reference_number import check_digit, make_reference, to_national, to_rf
from seloste.errors import BadValue

HETU = Hetu(allow_test=True)


def refuses(name: str, text: str) -> BadValue:
    with pytest.raises(BadValue) as caught:
        TYPES[name].parse(text)
    return caught.value


# --- business id ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1234567-1", "1234567-1"),
        ("12345671", "1234567-1"),
        (" 1234567 – 1 ", "1234567-1"),
        ("FI12345671", "1234567-1"),
        ("fi 12345671", "1234567-1"),
        ("2829837-1", "2829837-1"),
        ("2710574-2", "2710574-2"),
        ("0737546-2", "0737546-2"),
        ("737546-2", "0737546-2"),
    ],
)
def test_a_business_id_is_kept_with_its_hyphen(typed: str, kept: str) -> None:
    assert TYPES["business_id"].parse(typed) == kept
    assert TYPES["business_id"].search_keys(kept) == [kept.replace("-", "")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "tyhjä"),
        ("1234567-2", "ei täsmää"),
        ("2829837-2", "ei täsmää"),
        ("1234567", "ei täsmää"),
        ("123456", "kahdeksan"),
        ("123456789", "kahdeksan"),
        ("SE556012579001", "vain numeroita"),
        ("Yritys Oy", "vain numeroita"),
    ],
)
def test_a_bad_business_id_is_refused_and_says_why(typed: str, says: str) -> None:
    assert says in refuses("business_id", typed).message("fi")


@given(st.integers(0, 9_999_999), st.integers(1, 9))
def test_one_changed_check_digit_is_found(number: int, change: int) -> None:
    weights = (7, 9, 10, 5, 8, 4, 2)
    rest = sum(weight * int(digit) for weight, digit in zip(weights, f"{number:07}", strict=True)) % 11
    if rest == 1:
        for digit in range(10):
            refuses("business_id", f"{number:07}-{digit}")
        return
    check = 0 if rest == 0 else 11 - rest
    assert TYPES["business_id"].parse(f"{number:07}-{check}") == f"{number:07}-{check}"
    refuses("business_id", f"{number:07}-{(check + change) % 10}")


# --- identity code ----------------------------------------------------------------------------------------------------

# Codes the Digital and Population Data Services Agency published for testing the separators.
PUBLISHED = [
    "010594Y9032",
    "010594Y9021",
    "020594X903P",
    "020594X902N",
    "030594W903B",
    "030694W9024",
    "040594V9030",
    "040594V902Y",
    "050594U903M",
    "050594U902L",
    "010516B903X",
    "010516B902W",
    "020516C903K",
    "020516C902J",
    "030516D9037",
    "030516D9026",
    "010501E9032",
    "020502E902X",
    "020503F9037",
    "020504A902E",
    "020504B904H",
]


@pytest.mark.parametrize("code", PUBLISHED)
def test_the_published_test_codes_are_read_where_tests_are_allowed(code: str) -> None:
    assert HETU.parse(code) == code
    assert HETU.parse(f" {code.lower()} ") == code
    with pytest.raises(BadValue) as caught:
        Hetu(allow_test=False).parse(code)
    assert "keinotekoinen" in caught.value.message("fi")


@pytest.mark.parametrize("separator", "-YXWVUABCDEF+")
def test_every_separator_is_read_and_kept(separator: str) -> None:
    code = f"010100{separator}900{check_character('010100900')}"
    assert HETU.parse(code) == code


def check_character(digits: str) -> str:
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31]


def test_codes_that_differ_by_the_separator_alone_are_two_persons() -> None:
    first, second = HETU.parse("010594-9032"), HETU.parse("010594Y9032")
    assert not HETU.same(first, second)
    assert HETU.search_keys(first) != HETU.search_keys(second)


def test_a_typographic_dash_is_read_as_the_separator() -> None:
    assert HETU.parse("010594–9032") == "010594-9032"
    assert HETU.parse("010594−9032") == "010594-9032"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "tyhjä"),
        ("010594", "11 merkkiä"),
        ("010594Y90322", "11 merkkiä"),
        ("010594Y9033", "ei täsmää"),
        ("310294-9032", "syntymäpäivää"),
        ("010594-0019", "syntymäpäivää"),
        ("320194Y9032", "syntymäpäivää"),
        ("010594G9032", "ei ole henkilötunnus"),
        ("010594Z9032", "ei ole henkilötunnus"),
        ("010594Y903G", "ei ole henkilötunnus"),
        ("ABCDEFGHIJK", "ei ole henkilötunnus"),
    ],
)
def test_a_bad_identity_code_is_refused_and_says_why(typed: str, says: str) -> None:
    with pytest.raises(BadValue) as caught:
        HETU.parse(typed)
    assert says in caught.value.message("fi")


def test_the_setting_decides_about_test_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SELOSTE_ALLOW_TEST_IDENTITY_CODES", raising=False)
    refuses("hetu", "010594Y9032")
    monkeypatch.setenv("SELOSTE_ALLOW_TEST_IDENTITY_CODES", "1")
    assert TYPES["hetu"].parse("010594Y9032") == "010594Y9032"
    with pytest.raises(BadValue):
        TYPES["hetu"].configure(allow_test=False).parse("010594Y9032")


def test_a_masked_code_shows_no_number() -> None:
    assert HETU.masked("010594Y9032") == "010594Y****"


@given(st.dates(), st.integers(900, 999), st.sampled_from("YXWVU-"))
def test_every_well_formed_test_code_is_read(born: date, individual: int, separator: str) -> None:
    digits = f"{born:%d%m}{int(f'{born:%Y}') % 100:02}"
    if digits[:4] == "2902":
        digits = f"2802{digits[4:]}"
    assert HETU.parse(f"{digits}{separator}{individual}{check_character(f'{digits}{individual}')}")


# --- reference numbers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "reference"),
    [
        ("123456", "1234561"),
        ("123456712345678", "1234567123456784"),
        ("2021023", "20210236"),
        ("000123456", "1234561"),
        ("100", "1009"),
    ],
)
def test_a_reference_is_made_from_its_base(base: str, reference: str) -> None:
    assert make_reference(base) == reference
    assert TYPES["reference_number"].parse(reference) == reference


def test_a_reference_has_an_international_form() -> None:
    assert to_rf("1234561") == "RF341234561"
    assert to_national("RF341234561") == "1234561"
    assert TYPES["reference_number"].parse("rf34 1234 561") == "RF341234561"
    assert TYPES["reference_number"].parse("RF18 5390 0754 7034") == "RF18539007547034"
    # With letters; there is no Finnish number inside.
    assert TYPES["reference_number"].parse("RF45G72UUR") == "RF45G72UUR"
    assert to_national("RF45G72UUR") is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12345 61", "1234561"),
        ("00000 00000 00012 34561", "1234561"),
        ("1 23456 71234 56784", "1234567123456784"),
    ],
)
def test_spaces_and_leading_zeros_go(typed: str, kept: str) -> None:
    assert TYPES["reference_number"].parse(typed) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "tyhjä"),
        ("1234562", "ei täsmää"),
        ("123", "4–20"),
        ("0000123", "4–20"),
        ("1" * 21, "4–20"),
        ("12345A", "vain numeroita"),
        ("RF351234561", "ei täsmää"),
        ("RF3", "RF, kaksi numeroa"),
        ("RF34" + "1" * 22, "RF, kaksi numeroa"),
        ("RFAB123", "RF, kaksi numeroa"),
    ],
)
def test_a_bad_reference_is_refused_and_says_why(typed: str, says: str) -> None:
    assert says in refuses("reference_number", typed).message("fi")


@pytest.mark.parametrize("base", ["", "12", "1" * 20, "12a", "000"])
def test_a_base_has_three_to_nineteen_digits(base: str) -> None:
    with pytest.raises(BadValue):
        make_reference(base)


def test_a_reference_is_shown_in_groups() -> None:
    show = TYPES["reference_number"].show
    assert show("1234561", "fi") == "12 34561"
    assert show("1234567123456784", "fi") == "1 23456 71234 56784"
    assert show("RF341234561", "fi") == "RF34 1234 561"


def test_both_forms_of_a_reference_are_the_same_and_found_together() -> None:
    kind = TYPES["reference_number"]
    assert kind.same("1234561", "RF341234561")
    assert not kind.same("1234561", "20210236")
    assert kind.search_keys("RF341234561") == ["RF341234561", "1234561"]
    assert kind.search_keys("1234561") == ["1234561"]
    assert sorted(["20210236", "1234561"], key=kind.sort_key) == ["1234561", "20210236"]


@given(st.integers(100, 10**19 - 1), st.integers(1, 9))
def test_every_reference_is_read_back_and_a_wrong_digit_found(base: int, change: int) -> None:
    kind, reference = TYPES["reference_number"], make_reference(base)
    assert kind.parse(kind.show(reference, "fi")) == reference
    assert kind.parse(to_rf(reference)) == to_rf(reference)
    assert to_national(to_rf(reference)) == reference
    wrong = (int(check_digit(str(base))) + change) % 10
    refuses("reference_number", f"{base}{wrong}")


@given(st.integers(100, 10**19 - 1))
def test_the_standard_library_of_numbers_agrees_on_rf(base: int) -> None:
    from stdnum import iso11649

    assert iso11649.is_valid(to_rf(make_reference(base)))


# --- bank accounts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("FI21 1234 5600 0007 85", "FI2112345600000785"),
        ("fi2112345600000785", "FI2112345600000785"),
        ("IBAN: FI21 1234 5600 0007 85", "FI2112345600000785"),
        ("SE35 5000 0000 0549 1000 0003", "SE3550000000054910000003"),
        ("GB33BUKB20201555555555", "GB33BUKB20201555555555"),
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
    ],
)
def test_an_account_number_is_kept_without_spaces(typed: str, kept: str) -> None:
    assert TYPES["iban"].parse(typed) == kept
    assert TYPES["iban"].parse(TYPES["iban"].show(kept, "fi")) == kept


def test_an_account_number_is_shown_in_fours() -> None:
    assert TYPES["iban"].show("FI2112345600000785", "fi") == "FI21 1234 5600 0007 85"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "tyhjä"),
        ("FI22 1234 5600 0007 85", "ei täsmää"),
        ("FI21 1234 5600 0007 8", "ilinumero"),
        ("123456-785", "maan tunnus"),
        ("ZZ21 1234 5600 0007 85", "ilinumero"),
    ],
)
def test_a_bad_account_number_is_refused(typed: str, says: str) -> None:
    assert says in refuses("iban", typed).message("fi")


# --- machines ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("192.0.2.10", "192.0.2.10"),
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"),
        ("::ffff:192.0.2.10", "192.0.2.10"),
    ],
)
def test_an_ip_address_has_one_form(typed: str, kept: str) -> None:
    assert TYPES["ip"].parse(typed) == kept
    assert TYPES["ip"].search_keys(kept) == [kept]


@pytest.mark.parametrize(
    "typed", ["", "256.0.0.1", "192.0.2", "192.0.2.010", "fe80::1%eth0", "localhost", "192.0.2.0/24"]
)
def test_a_bad_ip_address_is_refused(typed: str) -> None:
    refuses("ip", typed)


def test_ip_addresses_sort_as_numbers() -> None:
    assert sorted(["192.0.2.10", "::1", "192.0.2.9"], key=TYPES["ip"].sort_key) == ["192.0.2.9", "192.0.2.10", "::1"]


def test_a_code_is_kept_as_it_is() -> None:
    assert TYPES["code"].parse(" AB-1042/x ") == "AB-1042/x"
    assert TYPES["code"].search_keys("AB-1042") == ["ab-1042"]
    for typed in ("", "AB 1042", "äö", "x" * 201):
        refuses("code", typed)
