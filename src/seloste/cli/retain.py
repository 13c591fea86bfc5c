"""``seloste retain``: remove what nobody needs any more, say what would go, or count what leaves each month ahead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import data_dir, opened

if TYPE_CHECKING:
    from seloste.compiler.register import Register
    from seloste.operations.retention.forecast import Forecast
    from seloste.operations.retention.report import ItemLine, SweepReport


@click.command(epilog="For example: seloste retain --dry-run, and then: seloste retain")
@click.argument("register", required=False)
@click.option("--dry-run", is_flag=True, help="Say what would go and what stays, and why; nothing changes.")
@click.option("--forecast", "ahead", is_flag=True, help="Count what leaves each month ahead; nothing changes.")
@click.option("--every-row", is_flag=True, help="Look at every row, not only at what time and events let go.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each register.")
@data_dir
def retain(
    register: str | None, dry_run: bool, ahead: bool, every_row: bool, as_json: bool, data_dir: Path | None
) -> None:
    """Remove what nobody needs any more, as the notice says; of every register without REGISTER.

    What has expired is hidden already; this removes it for good. What stays is told with its purpose, its law and its
    last day. `seloste work` does the same once a day.
    """
    from seloste.clock import now
    from seloste.operations.actor import CLI
    from seloste.operations.retention.forecast import forecast
    from seloste.operations.retention.sweep import sweep

    if ahead and (dry_run or every_row):
        raise click.UsageError("--forecast goes with neither --dry-run nor --every-row: it only counts.")
    with opened(data_dir) as registers:
        for key in [register] if register is not None else registers.keys():
            store = registers.open(key)
            if ahead:
                _show_forecast(key, forecast(store, now=now()), store.register, as_json=as_json)
                continue
            report = sweep(store, now=now(), actor=CLI, dry_run=dry_run, every_row=every_row)
            if as_json:
                click.echo(json.dumps({"register": key, **json.loads(report.to_json())}, ensure_ascii=False))
            else:
                _show_report(key, report, store.register)


def _show_report(key: str, report: SweepReport, register: Register) -> None:
    would = "would go" if report.dry_run else "went"
    click.echo(f"{key}: {_count(report.rows, 'row')} and {_count(report.cells, 'cell')} {would}")
    if report.holds or report.restrictions:
        click.echo(f"  {_count(report.holds, 'hold')} and {_count(report.restrictions, 'restriction')} stand")
    for kind in report.kinds:
        bare = f", {kind.bare} of them as a key only" if kind.bare else ""
        click.echo(f"  {kind.kind}: {_count(kind.gone, 'row')} {would}, {kind.stays} looked at and kept{bare}")
        for line in (line for line in report.items if line.kind == kind.kind):
            _show_item(line, register)


def _show_item(line: ItemLine, register: Register) -> None:
    click.echo(f"    {line.item}: {line.goes} {'goes' if line.goes == 1 else 'go'}, {line.stays} stay")
    for why in line.why:
        text = register.purposes[why.purpose].text
        name = text.get("en") or next(iter(text.values()))
        until = (
            [f"until {why.first}" if why.first == why.last else f"until {why.first} to {why.last}"] if why.first else []
        )
        running = [f"{why.running} still running"] if why.running else []
        law = [", ".join(why.law)] if why.law else []
        click.echo(f"      {why.cells} for {name}: {'; '.join([*until, *running, *law])}")
    if line.held:
        click.echo(f"      {line.held} under a hold or restriction")
    if line.bare:
        click.echo(f"      {line.bare} with a row that something needed points at or counts from")


def _show_forecast(key: str, found: Forecast, register: Register, *, as_json: bool) -> None:
    if as_json:
        months = [{"begins": f"{m.begins}", "ends": f"{m.ends}", "leaving": dict(m.leaving)} for m in found.months]
        click.echo(json.dumps({"register": key, "day": f"{found.day}", "held": dict(found.held), "months": months}))
        return
    click.echo(f"{key}: {_count(sum(found.held.values()), 'row')} needed on {found.day}")
    for month in found.months:
        kinds = ", ".join(f"{count} {kind}" for kind, count in month.leaving.items())
        click.echo(f"  {month.begins} to {month.ends}: {kinds or 'nothing leaves'}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
