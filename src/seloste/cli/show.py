"""``seloste show FILE``: a notice as Seloste understands it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seloste.cli.common import lang_option

if TYPE_CHECKING:
    from seloste.notice.model import Notice


@click.command(
    epilog="For example: seloste show notice.yaml --expanded. Exit codes: 0 shown, 1 it has errors, 2 no notice."
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--expanded", is_flag=True, help="The whole notice with presets, groups and frames written out, as YAML.")
@lang_option("what is wrong")
def show(file: Path, expanded: bool, lang: str) -> None:
    """Show a notice FILE: a line for each purpose, or all of it with --expanded."""
    from seloste.notice import load
    from seloste.notice.findings import NoticeFaulty

    try:
        notice = load(file)
    except NoticeFaulty as error:
        from seloste.cli.check import said

        for finding in error.findings:
            if finding.severity == "error":
                click.echo(said(finding, lang, {}), err=True)
        sys.exit(1)
    if expanded:
        from seloste.notice.canonical import as_yaml

        click.echo(f"# {notice.digest}")
        click.echo(as_yaml(notice), nl=False)
    else:
        for line in summary(notice):
            click.echo(line)


def summary(notice: Notice) -> list[str]:
    """What the register is, then a line for each purpose: its basis, the kinds it uses, how long."""
    from seloste.notice.canonical import say_keep

    def pick(text: Any) -> str:
        return text.get(notice.languages[0]) or next(iter(text.values()), "") if text else ""

    lines = [
        f"{notice.register}: {pick(notice.title)}, {notice.controller.name}",
        f"{notice.effective}  {notice.vocabulary}  {notice.digest[:12]}",
        "",
    ]
    width = max(len(key) for key in notice.purposes)
    for purpose in notice.purposes.values():
        kinds = list(dict.fromkeys(ref.kind for ref in (*purpose.uses, *purpose.borrows)))
        keeps = "; ".join(f"{keep.matter}: {say_keep(keep)}" for keep in purpose.keep) or "–"
        lines.append(f"{purpose.key:<{width}}  {purpose.basis:<20}  {', '.join(kinds)}")
        lines.append(f"{'':<{width}}  {keeps}")
    return lines
