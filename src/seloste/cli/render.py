"""``seloste render``: the notice as people read it."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command(name="render", epilog="For example: seloste render notice.yaml --lang fi --format pdf --out notice.pdf")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lang", default=None, help="Language of the notice: fi, en or sv. The notice's first one if left out.")
@click.option(
    "--format",
    "format",
    type=click.Choice(["html", "md", "pdf"]),
    default="html",
    show_default=True,
    help="Web page, Markdown or PDF.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="File to write; standard output if left out.",
)
def render(file: Path, lang: str | None, format: str, out: Path | None) -> None:
    """Write the notice FILE as a web page, Markdown or PDF.

    The page stands alone: its style is in it and nothing is loaded from anywhere.
    """
    from seloste.notice import load
    from seloste.notice.render import FORMATS
    from seloste.notice.render import render as write

    notice = load(file)
    chosen = next(one for one in FORMATS if one == format)
    made = write(notice, lang or notice.languages[0], chosen)
    data = made if isinstance(made, bytes) else made.encode()
    if out is None:
        sys.stdout.buffer.write(data)
        return
    out.write_bytes(data)
    click.echo(f"{out}: {len(data)} bytes", err=True)
