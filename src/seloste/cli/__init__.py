"""The ``seloste`` command.

Each command lives in a module of its own and is imported only when it is used: what a command imports decides how
fast it starts. A command is added by one line in :data:`COMMANDS`; a line whose module is not there is not shown.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import IO, Any, NoReturn

import click

from seloste import __version__
from seloste.cli.wrong import InFinnish, language, say
from seloste.errors import SelosteError

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module under seloste.cli : attribute, one line for --help)
    "new": ("new:new", "Write a first notice file by a short interview."),
    "draft": ("draft:draft", "Write a first notice file from an existing notice in prose."),
    "check": ("check:check", "Check a notice file: what is missing or wrong, and where."),
    "show": ("show:show", "Show a notice as Seloste understands it."),
    "schema": ("schema:schema", "Print the JSON Schema of a notice file, for editors."),
    "render": ("render:render", "Write the notice as people read it: HTML, Markdown or PDF."),
    "record": ("record:record", "Write the record of processing (Art. 30): Markdown, XLSX, JSON, DPV, Fides."),
    "explain": ("explain:explain", "Say why an item is held, who sees it and until when."),
    "plan": ("plan:plan", "Say what a notice would make, change and erase."),
    "diff": ("diff:diff", "Tell what changes for people between two versions of a notice."),
    "apply": ("apply:apply", "Put a notice into force: do what plan says."),
    "harden": ("harden:harden", "Print what an administrator of PostgreSQL runs once."),
    "serve": ("serve:serve", "Serve the register: staff pages, public notice and API."),
    "demo": ("demo:demo", "Fill the examples with invented people and serve them."),
    "user": ("user:user", "Add, list and lock the accounts of the staff."),
    "key": ("key:key", "Make and end the keys of programs that use the API."),
    "import": ("import_:import_", "Bring rows in from a CSV or XLSX file."),
    "export": ("export:export", "Write a list to a CSV or XLSX file."),
    "disclose": ("disclose:disclose", "Give a recipient of the notice its file, or say what stops it."),
    "retain": ("retain:retain", "Remove what nobody needs any more, or say what would go and when."),
    "work": ("work:work", "Do every night what is due, where serve does not."),
    "doctor": ("doctor:doctor", "Say what is wrong with an installation, and what to do."),
    "backup": ("backup:backup", "Copy registers and accounts into a folder."),
    "restore": ("restore:restore", "Bring a backup back into an empty installation."),
    "move": ("move:move", "Move a register to another cell while people work in it."),
    "journal": ("journal:journal", "Read and verify the journal."),
    "evidence": ("evidence:evidence", "Write the pack that answers each sentence of the notice."),
    "verify": ("verify:verify", "Compute again what a register derives from its rows."),
    "law": ("law:law", "Compute a date that the law sets."),
}


class OurError(click.ClickException):
    """One of our errors, shown as a sentence: the person who typed the command can mend it."""

    exit_code = 2

    def __init__(self, error: SelosteError) -> None:
        super().__init__(error.message(language()))

    def show(self, file: IO[Any] | None = None) -> None:
        """The sentence on standard error, after a word in the language it is in."""
        word = "Virhe" if language() == "fi" else "Error"
        click.echo(f"{word}: {self.format_message()}", file=file, err=True)


def _of_the_machine(error: Exception) -> SelosteError | None:
    """What the machine refused, as one of our errors: which file, why, what to do. None for a fault of ours."""
    if isinstance(error, OSError) and error.filename is not None:
        why_fi, why_en = _REFUSED.get(type(error), ("järjestelmä ei anna", "the system refuses"))
        return SelosteError(
            f"{error.filename}: {why_fi}. Tarkista polku ja oikeudet.",
            f"{error.filename}: {why_en}. Check the path, and that you may use it.",
        )
    server = sys.modules.get("psycopg")
    if server is not None and isinstance(error, server.OperationalError):
        return SelosteError(
            "Tietokantapalvelin ei vastaa. Tarkista, että se on käynnissä ja että SELOSTE_DATABASE_URL on oikein.",
            "The database server does not answer. Check that it runs, and that SELOSTE_DATABASE_URL is right.",
        )
    return None


_REFUSED: dict[type[OSError], tuple[str, str]] = {
    FileNotFoundError: ("kansiota tai tiedostoa ei ole", "there is no such folder or file"),
    PermissionError: ("oikeudet eivät riitä", "you may not use it"),
    IsADirectoryError: ("se on kansio eikä tiedosto", "it is a folder and no file"),
    NotADirectoryError: ("polussa on tiedosto, jossa pitäisi olla kansio", "a file stands where a folder should"),
    FileExistsError: ("se on jo olemassa", "it is there already"),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (where, _) in COMMANDS.items() if _is_there(where)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where, _ = COMMANDS.get(cmd_name, ("", ""))
        if not where or not _is_there(where):
            return None
        module, attribute = where.split(":")
        command = getattr(importlib.import_module(f"seloste.cli.{module}"), attribute)
        assert isinstance(command, click.Command), where
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if lines := [(name, COMMANDS[name][1]) for name in self.list_commands(ctx)]:
            with formatter.section("Commands"):
                formatter.write_dl(lines)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _in_language(error) from error

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise _in_language(error) from error
        except SelosteError as error:
            raise OurError(error) from error
        except Exception as error:
            ours = _of_the_machine(error)
            if ours is None:
                raise
            raise OurError(ours) from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            import difflib

            close = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1, cutoff=0.5)
            meant = say(f" Tarkoititko {close[0]}?", f" Did you mean {close[0]}?") if close else ""
            ctx.fail(
                say(
                    f"Komentoa {args[0]} ei ole.{meant} seloste --help luettelee kaikki.",
                    f"There is no command {args[0]}.{meant} seloste --help lists them all.",
                )
            )
        return super().resolve_command(ctx, args)


def _is_there(where: str) -> bool:
    return importlib.util.find_spec(f"seloste.cli.{where.partition(':')[0]}") is not None


def _in_language(error: click.UsageError) -> click.UsageError:
    kept = (InFinnish, click.exceptions.NoArgsIsHelpError)
    return InFinnish(error) if language() == "fi" and not isinstance(error, kept) else error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="seloste", message="%(prog)s %(version)s")
def group() -> None:
    """Seloste runs the personal-data register that a privacy notice describes.

    To begin: seloste new, then check, apply, user add and serve. Any command with --help says more and gives an
    example. Messages are in the language of your system, or of SELOSTE_LANGUAGE (fi, en);
    this help is in English.

    Exit codes: 0 done; 1 done, and the answer is no (errors in a notice, faulty rows, a broken journal); 2 not done,
    with the reason. seloste doctor: 0 all is well, 1 see to it soon, 2 mend it.
    """


def main() -> NoReturn:
    """Run the command line; never returns."""
    group(prog_name="seloste")
    raise AssertionError("click always exits")
