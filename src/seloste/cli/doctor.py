"""``seloste doctor``: what is wrong with an installation, where, and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import click

from seloste.cli.common import data_dir, lang_option

MARKS = {"fi": {"ok": "ok", "warn": "huomio", "bad": "vika"}, "en": {"ok": "ok", "warn": "warn", "bad": "bad"}}


@click.command(epilog="For example: seloste doctor --offline. Exit codes: 0 all is well, 1 see to it soon, 2 mend it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--offline", is_flag=True, help="Ask neither the mail server nor the host of the certificate.")
@lang_option("the findings")
@data_dir
@click.pass_context
def doctor(ctx: click.Context, lang: str, data_dir: Path | None, *, as_json: bool, offline: bool) -> None:
    """Look at the key, the databases, clock, journals, backups, nightly work, mail, disks, certificate and settings.

    One line each: ok, warn or bad, what, where, and what to do. Nothing is changed by looking; the mail server is
    asked as far as a letter would go, and gets none. The exit code is that of the worst line, so that a timer can
    tell somebody.
    """
    from seloste.cli.serve import chosen
    from seloste.clock import now
    from seloste.operations.running.doctor.examine import examine
    from seloste.operations.running.doctor.model import LEVELS, worst

    found = examine(chosen(None, None, data_dir), now=now(), network=not offline)
    index = 0 if lang == "fi" else 1
    for each in found:
        if as_json:
            line = {
                "check": each.check,
                "level": each.level,
                "register": each.register,
                "what": each.what[index],
                "where": each.where,
                "do": each.todo[index],
            }
            click.echo(json.dumps(line, ensure_ascii=False))
            continue
        place = ", ".join(part for part in (each.register, each.where) if part)
        click.echo(f"{MARKS[lang][each.level]:<7}{each.check:<13}{each.what[index]}{f'  ({place})' if place else ''}")
        if each.level != "ok" and each.todo[index]:
            click.echo(f"{'':<20}-> {each.todo[index]}")
    ctx.exit(LEVELS.index(worst(found)))
