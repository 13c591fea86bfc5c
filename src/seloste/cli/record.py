"""``seloste record``: the record of processing (Art. 30) from the notice alone."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(
    name="record", epilog="For example: seloste record notice.yaml --lang fi --format xlsx --out record.xlsx"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lang", default=None, help="Language of the record: fi, en or sv. The notice's first one if left out.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "xlsx", "json", "dpv", "fides"]),
    default="md",
    show_default=True,
    help="Markdown, spreadsheet, JSON, JSON-LD in terms of the Data Privacy Vocabulary, or YAML in fideslang.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="File to write; standard output if left out.",
)
def record(file: Path, lang: str | None, form: str, out: Path | None) -> None:
    """Write the record of processing activities (Art. 30 of the GDPR) that the notice FILE makes.

    It holds what an authority asks for: who is responsible, purposes, people and data, recipients, transfers, when
    data are erased, and security measures. No personal data is in it, and no register is opened.
    """
    from seloste.notice import load
    from seloste.operations.processing_record import FORMS, record_file

    notice = load(file)
    chosen = next(one for one in FORMS if one == form)
    data = record_file(notice, chosen, lang=lang or notice.languages[0]).data
    if out is None:
        sys.stdout.buffer.write(data)
        return
    out.write_bytes(data)
    click.echo(f"{out}: {len(data)} bytes", err=True)
