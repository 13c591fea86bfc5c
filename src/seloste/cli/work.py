"""``seloste work``: what the registers do every day by themselves, for those who do not run ``seloste serve``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from seloste.cli import logs
from seloste.cli.common import data_dir, opened


@click.command(epilog="For example: seloste work --once. Exit codes: 0 done, 1 with --once when something failed.")
@click.option("--once", is_flag=True, help="Do what is due now, and end; for a timer of the system.")
@data_dir
def work(once: bool, data_dir: Path | None) -> None:
    """Remove every night what nobody needs any more, and send letters that wait, until interrupted.

    `seloste serve` does this by itself; run this where the pages are served with --no-work, or not at all. Any number
    may run side by side: nothing is done twice. With --once the exit code is 1 when something failed.
    """
    from seloste.clock import now
    from seloste.operations.daily import Daily, go_on, run_due
    from seloste.operations.letters import LETTERS, SETTLERS
    from seloste.operations.mail.sender import Sender, send_due
    from seloste.operations.mail.smtp import is_set_up, server_of

    with opened(data_dir) as registers:
        logs.set_up(registers.settings)
        if once:
            done = run_due(registers, now=now())
            if is_set_up(registers.settings):
                send_due(registers, LETTERS, server_of(registers.settings), settlers=SETTLERS, now=now())
            # What takes long is gone on with last: nobody waits for it then.
            while (last := go_on(registers, now=now(), after=done[-1].register if done else "")) is not None:
                done = (*(each for each in done if not each.more), last)
            for each in (each for each in done if not each.more):
                click.echo(f"{each.register}: {each.job} {each.day}{f' failed: {each.failed}' if each.failed else ''}")
            if any(each.failed for each in done):
                raise SystemExit(1)
            if not done:
                click.echo("Nothing is due." if registers.settings.language != "fi" else "Mitään ei ole tehtävänä.")
            return
        sender = Sender(registers, LETTERS, settlers=SETTLERS) if is_set_up(registers.settings) else None
        if sender is not None:
            sender.start()
        worker = Daily(registers)
        try:
            with suppress(KeyboardInterrupt):
                worker.run()
        finally:
            if sender is not None:
                sender.stop()
