"""``seloste explain FILE person.email``: why it exists, who sees it, until when, with the notice's lines."""

from __future__ import annotations

from pathlib import Path

import click

from seloste.settings import Settings


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("name")
@click.option("--lang", type=click.Choice(["fi", "en"]), default=None, help="Language of the sentences.")
def explain(file: Path, name: str, lang: str | None) -> None:
    """Say in sentences why NAME (a kind, or kind.item) is held, who sees it and until when."""
    from seloste.compiler.explain import explain as sentences
    from seloste.compiler.lower import compile_notice
    from seloste.notice import load

    chosen = lang or Settings.from_environment().language
    for sentence in sentences(compile_notice(load(file)), name, chosen):
        where = f"  [{Path(sentence.place.file).name}:{sentence.place.line}]" if sentence.place else ""
        click.echo(sentence.text + where)
