"""Bringing typed text to one form, and words to the keys they are found by."""

from __future__ import annotations

import re
import unicodedata

from seloste.errors import BadValue

# Invisible characters that change how text looks or compares but say nothing: soft hyphen, zero-width space, byte order
# mark, and the marks that turn the direction of writing.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Languages put three marks on a letter at most. More are piled up to cover the lines above and below.
_PILE = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f]{5}")
_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[\W_]+")

# Letters that Unicode does not take apart into a base letter and a mark.
_PLAIN = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "n"}
)
# In Finnish and Swedish these come after z, in this order.
_AFTER_Z = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})


def clean(text: str) -> str:
    """``text`` in NFC, without invisible characters, with plain spaces and line ends, trimmed.

    Raises :class:`BadValue` if nothing is left, if a control character is inside, or if marks are piled on a letter.
    """
    found = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not found:
        raise BadValue("Tämä on tyhjä.", "This is empty.")
    if _CONTROL.search(found):
        raise BadValue(
            "Tekstissä on merkki, jota ei voi tallettaa. Kirjoita teksti uudestaan.",
            "The text has a character that can't be stored. Type the text again.",
        )
    if _PILE.search(found):
        raise BadValue(
            "Kirjaimen päällä on liian monta merkkiä. Kirjoita teksti uudestaan.",
            "A letter has too many marks on it. Type the text again.",
        )
    return found


def one_line(text: str, limit: int) -> str:
    """:func:`clean` text with every run of white space as one space.

    Raises :class:`BadValue` if it is empty or longer than ``limit`` characters.
    """
    return within(_SPACES.sub(" ", clean(text)), limit)


def within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise BadValue(
            f"Teksti on liian pitkä. Tähän mahtuu {limit} merkkiä.", f"The text is too long. {limit} characters fit."
        )
    return text


def plain(text: str) -> str:
    """Casefolded and without diacritics: ``Märta Ørsted`` becomes ``marta orsted``."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    # A letter that stood for another, as a mathematical bold one, comes apart as a capital.
    return "".join(char for char in apart if not unicodedata.combining(char)).casefold()


def words(text: str) -> list[str]:
    """The words of a text casefolded, each as written and, where that differs, without diacritics."""
    folded = unicodedata.normalize("NFC", text.casefold())
    found: dict[str, None] = {}
    for word in _NOT_WORD.split(folded):
        if word:
            found[word] = None
            found[plain(word)] = None
    return list(found)


def _placed(char: str) -> str:
    """The one letter by which a letter is placed."""
    folded = char.casefold()
    return folded.translate(_AFTER_Z) if folded in _LAST else plain(folded)[:1] or char


_LAST = "åäæöø"
_LETTERS = [chr(code) for code in (*range(0x41, 0x5B), *range(0xC0, 0x250)) if chr(code).isalpha()]
ORDER = {char: _placed(char) for char in _LETTERS if _placed(char) != char}
"""Letter -> the one letter by which it is placed, for all Latin letters that are not placed by themselves."""
_ORDER = str.maketrans(ORDER)
_DIGITS = re.compile("[0-9]+")
DIGITS = 10
"""A number within a text is compared by its value when it has no more digits than this."""


def order(text: str) -> str:
    """A key that sorts, byte by byte of its UTF-8, as the Finnish and Swedish alphabets do: å, ä, ö last, other marks
    and capital letters without effect, a number by its value (*A 2* before *A 10*). The SQL function ``seloste_order``
    gives the same.
    """
    placed = text.translate(_ORDER)
    return _DIGITS.sub(lambda found: found[0].lstrip("0").zfill(DIGITS), placed)
