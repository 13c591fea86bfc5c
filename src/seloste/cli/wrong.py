"""What was typed wrong, said in the language of the messages: our own sentences, and in Finnish those of the parser."""

from __future__ import annotations

import re
from typing import IO, Any

import click

from seloste.errors import SelosteError
from seloste.settings import Settings


def language() -> str:
    """The language of messages: that of the system, or of ``SELOSTE_LANGUAGE``; English where it cannot be read."""
    try:
        return Settings.from_environment().language
    except SelosteError:
        return "en"


def say(fi: str, en: str) -> str:
    """One of two sentences."""
    return fi if language() == "fi" else en


def wrong(fi: str, en: str) -> click.UsageError:
    """A command that cannot be carried out as it was typed: what is wrong, and what to type."""
    return click.UsageError(say(fi, en))


class InFinnish(click.UsageError):
    """The parser's error in Finnish, with how the command is used."""

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(_finnish(error), error.ctx)

    def show(self, file: IO[Any] | None = None) -> None:
        """The usage, where its help is, and the sentence, on standard error."""
        if self.ctx is not None:
            usage = self.ctx.get_usage().replace("Usage:", "Käyttö:", 1)
            click.echo(f"{usage}\nOhje: {self.ctx.command_path} --help\n", file=file, err=True)
        click.echo(f"Virhe: {self.format_message()}", file=file, err=True)


def _finnish(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            near = f" Tarkoititko {error.possibilities[0]}?" if error.possibilities else ""
            return f"Valitsinta {error.option_name} ei ole.{near}"
        case click.MissingParameter():
            hint = error.param_hint or (error.param.get_error_hint(error.ctx) if error.param and error.ctx else "")
            return f"Puuttuu: {_joined(hint)}.{_choices(error)}"
        case click.BadParameter():
            hint = error.param_hint or (error.param.get_error_hint(error.ctx) if error.param and error.ctx else "")
            if choices := _choices(error):
                return f"{_joined(hint)}: arvo ei kelpaa.{choices}"
            return f"{_joined(hint)}: {_translated(error.message)}" if hint else _translated(error.message)
        case click.BadOptionUsage() if "does not take" in error.message:
            return f"Valitsimelle {error.option_name} ei anneta arvoa."
        case click.BadOptionUsage():
            return f"Valitsin {error.option_name} tarvitsee arvon."
    return _translated(error.message)


def _translated(message: str) -> str:
    """A sentence of the parser's in Finnish; one of our own, which is so already, as it is."""
    for pattern, text in _SAID:
        if (match := re.fullmatch(pattern, message)) is not None:
            return text.format(*match.groups())
    return message


_SAID = (
    (r"(.*) is not a valid integer(?: range)?\.", "{0} ei ole kokonaisluku."),
    (r"(?:File|Directory|Path) (.*) does not exist\.", "{0}: sellaista ei ole."),
    (r"File (.*) is a directory\.", "{0} on kansio, ei tiedosto."),
    (r"Directory (.*) is a file\.", "{0} on tiedosto, ei kansio."),
    (r"(?:File|Directory|Path) (.*) is not readable\.", "{0}: tätä ei voi lukea."),
    (r"(?:File|Directory|Path) (.*) is not writable\.", "{0}: tähän ei voi kirjoittaa."),
    (r"(.*) is not in the range (.*)\.", "{0} ei ole välillä {1}."),
    (r"Got unexpected extra arguments? \((.*)\)\.?", "Liikaa sanoja: {0}."),
    (r"Missing command\.", "Komento puuttuu. seloste --help luettelee ne."),
    (r"No such command '(.*?)'\..*", "Komentoa {0} ei ole."),
)


def _joined(hint: object) -> str:
    return " / ".join(map(str, hint)) if isinstance(hint, (list, tuple)) else str(hint)


def _choices(error: click.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    return f" Jokin näistä: {', '.join(map(str, kind.choices))}." if isinstance(kind, click.Choice) else ""
