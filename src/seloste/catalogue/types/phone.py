from __future__ import annotations

import re
from typing import Any, ClassVar, NoReturn

from seloste.catalogue.types.base import ItemType
from seloste.catalogue.types.normal import one_line
from seloste.errors import BadValue

EXAMPLE = "050 000 0140"
HOME = "FI"

_LEAD = re.compile(r"^(?:tel:|puh(?:elin)?\.?:?|p\.|tel\.?:?|tfn\.?:?|\u260e)\s*", re.IGNORECASE)
_EXTENSION = re.compile(r"\s*(?:;ext=|ext\.?|alanro\.?|alanumero|ankn?\.?|x|#)\s*(\d{1,7})$", re.IGNORECASE)
_NOT_A_DIGIT = re.compile(r"\D")
_EXTENSION_WORD = {"fi": "alanro", "sv": "ankn.", "en": "ext."}


class Phone(ItemType[str]):
    """A telephone number, kept as E.164 (``+358500000140``), with ``;ext=12`` after it if there is an extension.

    A number is read as Finnish unless it begins with a country code. It must be possible (as long as its country's
    numbers are), not in use: numbers kept out of use for examples are accepted.
    """

    name: ClassVar[str] = "phone"
    widget: ClassVar[str] = "tel"
    inputmode: ClassVar[str] = "tel"
    autocomplete: ClassVar[str] = "tel"

    def parse(self, text: str) -> str:
        import phonenumbers

        typed = _LEAD.sub("", one_line(text, 60))
        extension = _EXTENSION.search(typed)
        if extension:
            typed = typed[: extension.start()]
        if re.search(r"[^\W\d_]", typed):
            raise BadValue("Numerossa on kirjaimia.", "The number has letters in it.", EXAMPLE)
        if not re.fullmatch(r"\+?[0-9()./\s\u2010-\u2015-]+", typed):
            raise BadValue("Tämä ei ole puhelinnumero.", "This is not a telephone number.", EXAMPLE)
        try:
            number = phonenumbers.parse(typed, None if typed.startswith("+") else HOME)
        except phonenumbers.NumberParseException as error:
            _refuse_unread(error.error_type)
        _check_length(number)
        kept = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
        return f"{kept};ext={extension[1]}" if extension else kept

    def show(self, value: str, lang: str) -> str:
        import phonenumbers

        number, extension = _taken_apart(value)
        style = phonenumbers.PhoneNumberFormat
        finnish = phonenumbers.region_code_for_country_code(number.country_code) == HOME
        if finnish and lang != "en":
            shown = _grouped(phonenumbers.format_number(number, style.NATIONAL))
        elif finnish:
            code, _, rest = phonenumbers.format_number(number, style.INTERNATIONAL).partition(" ")
            shown = f"{code} {_grouped(rest)}"
        else:
            shown = str(phonenumbers.format_number(number, style.INTERNATIONAL))
        return f"{shown} {_EXTENSION_WORD.get(lang, 'ext.')} {extension}" if extension else shown

    def search_keys(self, value: str) -> list[str]:
        """The digits of E.164 and the digits as dialled at home: ``358500000140``, ``0500000140``."""
        import phonenumbers

        number, _ = _taken_apart(value)
        national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        return list(dict.fromkeys((self.first_key(value), _NOT_A_DIGIT.sub("", national))))

    def first_key(self, value: str) -> str:
        return _NOT_A_DIGIT.sub("", value.partition(";")[0])


def _taken_apart(value: str) -> tuple[Any, str]:
    import phonenumbers

    kept, _, extension = value.partition(";ext=")
    return phonenumbers.parse(kept, None), extension


def _grouped(shown: str) -> str:
    """Finnish numbers are read in threes and fours: ``050 0000140`` becomes ``050 000 0140``."""
    lead, _, rest = shown.rpartition(" ")
    if not rest.isdigit() or len(rest) < 6:
        return shown
    cut = 4 if len(rest) == 8 else 3
    return f"{lead} {rest[:cut]} {rest[cut:]}".strip()


def _check_length(number: Any) -> None:
    import phonenumbers

    found = phonenumbers.ValidationResult
    reason = phonenumbers.is_possible_number_with_reason(number)
    national = phonenumbers.national_significant_number(number)
    if number.country_code == 358:
        if national.startswith("0"):  # too short to be told apart from its trunk prefix
            reason = found.TOO_SHORT
        elif reason == found.IS_POSSIBLE and re.match(r"4|50", national):
            kind = phonenumbers.PhoneNumberType.MOBILE
            reason = phonenumbers.is_possible_number_for_type_with_reason(number, kind)
    if reason == found.IS_POSSIBLE:
        return
    if reason == found.TOO_SHORT:
        raise BadValue("Numerosta puuttuu loppu.", "The end of the number is missing.", EXAMPLE)
    if reason == found.IS_POSSIBLE_LOCAL_ONLY:
        raise BadValue("Numerosta puuttuu suuntanumero.", "The area code is missing.", EXAMPLE)
    if reason == found.TOO_LONG:
        raise BadValue("Numerossa on liikaa numeroita.", "The number has too many digits.", EXAMPLE)
    raise BadValue("Numerossa on väärä määrä numeroita.", "The number has the wrong number of digits.", EXAMPLE)


def _refuse_unread(error_type: int) -> NoReturn:
    from phonenumbers import NumberParseException as Reason

    if error_type == Reason.INVALID_COUNTRY_CODE:
        raise BadValue("Maatunnusta ei ole.", "There is no such country code.", "+358 50 000 0140")
    if error_type == Reason.TOO_LONG:
        raise BadValue("Numerossa on liikaa numeroita.", "The number has too many digits.", EXAMPLE)
    raise BadValue("Numerosta puuttuu loppu.", "The end of the number is missing.", EXAMPLE)
