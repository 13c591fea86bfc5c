"""``seloste verify derived REGISTER``: everything derived, computed again from the rows it is derived from."""

from __future__ import annotations

from pathlib import Path

import click

from seloste.cli.common import data_dir, opened


@click.group()
def verify() -> None:
    """Compute again what a register derives from its rows, and see that nothing differs."""


@verify.command(
    epilog="For example: seloste verify derived ketju_bicycles. Exit codes: 0 nothing differs, 1 something does."
)
@click.argument("register")
@data_dir
@click.pass_context
def derived(ctx: click.Context, register: str, data_dir: Path | None) -> None:
    """Last days, permissions beside the person, the day's limits, search keys. Exits with 1 when something differs."""
    from seloste.clock import now
    from seloste.operations.actor import CLI
    from seloste.operations.verify import verify as again

    with opened(data_dir) as registers:
        report = again(registers.open(register), actor=CLI, now=now())
        finnish = registers.settings.language == "fi"
    for each in report.differences:
        word, differ = ("rivit", "poikkeaa") if finnish else ("rows", "differ")
        rows = f" ({word} {', '.join(map(str, each.ids))}{' ...' if each.count > len(each.ids) else ''})"
        click.echo(f"{each.kind}.{each.column}: {each.count} {differ}{rows if each.ids else ''}")
    if not report.ok:
        ctx.exit(1)
    same = f"{report.checked} riviä, mikään ei poikkea" if finnish else f"{report.checked} rows, nothing differs"
    click.echo(f"{register}: {same}")
