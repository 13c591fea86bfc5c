"""The errors of Seloste: each says what is wrong and what to do instead, in the reader's language.

A message never repeats the value somebody typed: messages reach logs and pages, values must not.
"""

from __future__ import annotations


class SelosteError(Exception):
    """Something that a person can put right. ``message(lang)`` is one or more whole sentences, without a line break.

    Swedish is written where somebody from outside may meet the message; the staff read Finnish or English.
    """

    def __init__(self, message_fi: str, message_en: str, message_sv: str = "") -> None:
        super().__init__(message_en)
        self.message_fi = message_fi
        self.message_en = message_en
        self.message_sv = message_sv

    def message(self, lang: str) -> str:
        """The message in ``lang`` (``fi``, ``sv`` where it is written, otherwise ``en``)."""
        if lang == "sv" and self.message_sv:
            return self.message_sv
        return self.message_fi if lang == "fi" else self.message_en

    def __str__(self) -> str:
        return self.message("en")


class BadValue(SelosteError):  # noqa: N818 - it names the thing that is bad, as the house does
    """What a person typed does not fit its item: what is wrong, then an example of what to write.

    ``example_en`` is given where the example is a word, which differs from language to language.
    """

    def __init__(self, message_fi: str, message_en: str, example: str = "", example_en: str = "") -> None:
        super().__init__(message_fi, message_en)
        self.example, self.example_en = example, example_en or example

    def message(self, lang: str) -> str:
        text = super().message(lang)
        if not self.example:
            return text
        if lang == "fi":
            return f"{text} Kirjoita esimerkiksi {self.example}."
        return f"{text} Write for example {self.example_en}."


class NoRuleError(SelosteError):
    """The law has no rule of that name, or none that was in force on the day asked about."""
