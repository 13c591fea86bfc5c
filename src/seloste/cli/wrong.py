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
            return f"{_joined(hint)}: {error.message}" if hint else error.message
        case click.BadOptionUsage():
            return f"Valitsin {error.option_name} tarvitsee arvon."
    for pattern, text in _SAID:
        if (match := re.fullmatch(pattern, error.message)) is not None:
            return text.format(*match.groups())
    return error.message


_SAID = (
    (r"Got unexpected extra arguments? \((.*)\)\.?", "Liikaa sanoja: {0}."),
    (r"Missing command\.", "Komento puuttuu. seloste --help luettelee ne."),
    (r"No such command '(.*?)'\..*", "Komentoa {0} ei ole."),
)


def _joined(hint: object) -> str:
    return " / ".join(map(str, hint)) if isinstance(hint, (list, tuple)) else str(hint)


def _choices(error: click.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    return f" Jokin näistä: {', '.join(map(str, kind.choices))}." if isinstance(kind, click.Choice) else ""
