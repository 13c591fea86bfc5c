"""The ``seloste`` command. Each command lives in a module of its own and is imported only when it is used."""

from __future__ import annotations

import importlib
import importlib.util
import sys

import click

from seloste import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module and attribute under seloste.cli, one line for --help)
    "new": ("new:new", "Write a first notice file by a short interview."),
    "check": ("check:check", "Check a notice file and say what is missing or wrong."),
    "show": ("show:show", "Show a notice as Seloste understands it."),
    "render": ("render:render", "Write the notice as people read it: HTML, Markdown or PDF."),
    "explain": ("explain:explain", "Say why an item is held, who sees it and until when."),
    "plan": ("plan:plan", "Print the steps that would bring a register to its notice."),
    "apply": ("apply:apply", "Carry out those steps in one transaction."),
    "serve": ("serve:serve", "Serve the register: staff pages, public notice and API."),
    "demo": ("demo:demo", "Fill the examples with invented people and serve them."),
    "user": ("user:user", "Add, list and lock the accounts of staff."),
    "import": ("import_:import_", "Bring rows in from a CSV or XLSX file."),
    "export": ("export:export", "Write a list to a CSV or XLSX file."),
    "journal": ("journal:journal", "Read and verify the journal."),
    "law": ("law:law", "Compute a date the law sets."),
}


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, (where, _) in COMMANDS.items() if _exists(where)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS or not _exists(COMMANDS[cmd_name][0]):
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command = getattr(importlib.import_module(f"seloste.cli.{module}"), attribute)
        assert isinstance(command, click.Command)  # noqa: S101
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


def _exists(where: str) -> bool:
    return importlib.util.find_spec(f"seloste.cli.{where.split(':')[0]}") is not None


@click.group(cls=LazyGroup)
@click.version_option(__version__, prog_name="seloste")
def group() -> None:
    """Seloste runs the register that a privacy notice describes."""


def main() -> None:
    sys.exit(group())
