"""Languages by their names."""

from __future__ import annotations

from functools import cache

LANGUAGE = "pd:Language"
"""The term of the Data Privacy Vocabulary of an item that says which language somebody uses or was answered in."""


@cache
def language_name(code: str, lang: str) -> str:
    """What a language is called in ``lang`` (fi, en or sv): ``sv`` is ``ruotsi``. What is no code comes back as is.

    Codes are of ISO 639-1.
    """
    from babel import Locale

    return str(Locale.parse(lang).languages.get(code, code))
