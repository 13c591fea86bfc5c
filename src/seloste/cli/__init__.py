"""The ``seloste`` command.

Each command lives in a module of its own and is imported only when it is used: what a command imports decides how
fast it starts. A command is added by one line in :data:`COMMANDS`; a line whose module is not there is not shown.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any, NoReturn

import click

from seloste import __version__
from seloste.errors import SelosteError
from seloste.settings import Settings

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module under seloste.cli : attribute, one line for --help)
    "new": ("new:new", "Write a first notice file by a short interview."),
    "check": ("check:check", "Check a notice file: what is missing or wrong, and where."),
    "show": ("show:show", "Show a notice as Seloste understands it."),
    "schema": ("schema:schema", "Print the JSON Schema of a notice file, for editors."),
    "render": ("render:render", "Write the notice as people read it: HTML, Markdown or PDF."),
    "explain": ("explain:explain", "Say why an item is held, who sees it and until when."),
    "plan": ("plan:plan", "Say what a notice would make, change and erase."),
    "apply": ("apply:apply", "Put a notice into force: do what plan says."),
    "harden": ("harden:harden", "Print what an administrator of PostgreSQL runs once."),
    "serve": ("serve:serve", "Serve the register: staff pages, public notice and API."),
    "demo": ("demo:demo", "Fill the examples with invented people and serve them."),
    "user": ("user:user", "Add, list and lock the accounts of the staff."),
    "key": ("key:key", "Make and end the keys of programs that use the API."),
    "import": ("import_:import_", "Bring rows in from a CSV or XLSX file."),
    "export": ("export:export", "Write a list to a CSV or XLSX file."),
    "retain": ("retain:retain", "Remove what nobody needs any more, or say what would go and when."),
    "work": ("work:work", "Do every night what is due, where serve does not."),
    "journal": ("journal:journal", "Read and verify the journal."),
    "verify": ("verify:verify", "Compute again what a register derives from its rows."),
    "law": ("law:law", "Compute a date that the law sets."),
}


class OurError(click.ClickException):
    """One of our errors, shown as a sentence: the person who typed the command can mend it."""

    exit_code = 2

    def __init__(self, error: SelosteError) -> None:
        super().__init__(error.message(_language()))


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

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SelosteError as error:
            raise OurError(error) from error


def _is_there(where: str) -> bool:
    return importlib.util.find_spec(f"seloste.cli.{where.partition(':')[0]}") is not None


def _language() -> str:
    try:
        return Settings.from_environment().language
    except SelosteError:
        return "en"


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="seloste", message="%(prog)s %(version)s")
def group() -> None:
    """Seloste runs the personal-data register that a privacy notice describes.

    Exit codes: 0 done, 1 done and the answer is no (findings, a broken journal), 2 not done.
    """


def main() -> NoReturn:
    """Run the command line; never returns."""
    group(prog_name="seloste")
    raise AssertionError("click always exits")
