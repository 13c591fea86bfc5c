"""``seloste evidence REGISTER --out FOLDER``: the pack that answers each sentence of the published notice."""

from __future__ import annotations

from pathlib import Path

import click

from seloste.cli.common import data_dir, opened


@click.command(
    epilog="For example: seloste evidence ketju_bicycles --out evidence. Exit codes: 0 nothing is open, 1 something is."
)
@click.argument("register")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write into; made if new."
)
@click.option("--lang", default=None, help="Language of the pack: fi, en or sv. The notice's first one if left out.")
@data_dir
@click.pass_context
def evidence(ctx: click.Context, register: str, out: Path, lang: str | None, data_dir: Path | None) -> None:
    """Write a pack for an authority or an auditor into a folder: HTML, PDF and JSON, and the record of processing.

    Each sentence of the published notice of REGISTER stands in it with its rule, where the rule is enforced, the last
    proof and what is open. The journal and everything derived are computed again for it. No personal data is in it,
    and counts under five are not told.
    """
    from seloste.clock import now
    from seloste.operations.actor import CLI
    from seloste.operations.evidence.pack import make_pack, write_pack

    with opened(data_dir) as registers:
        store = registers.open(register)
        pack = make_pack(store, lang or store.register.notice.languages[0], actor=CLI, now=now())
        finnish = registers.settings.language == "fi"
    write_pack(pack, out)
    sentences, seal = len(pack.answers.each), pack.checks.journal.head.hash
    click.echo(
        f"{out}: {sentences} lausetta, avoinna {len(pack.open)}, lokin sinetti {seal}"
        if finnish
        else f"{out}: {sentences} sentences, {len(pack.open)} open, seal of the journal {seal}"
    )
    for each in pack.open:
        click.echo(f"  {each.text}")
    if pack.open:
        ctx.exit(1)
