"""``seloste explain FILE person.email``: why it exists, who sees it, until when, with the notice's lines."""

from __future__ import annotations

from pathlib import Path

import click

from seloste.cli.common import lang_option


@click.command(
    epilog="For example: seloste explain notice.yaml person.email, or the whole kind: seloste explain notice.yaml order"
)
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("name")
@lang_option("the sentences")
def explain(file: Path, name: str, lang: str) -> None:
    """Say in sentences why NAME is held, who sees it and until when, each with its line of FILE.

    NAME is a kind of record, as order, or one item of it, as person.email.
    """
    from seloste.compiler.explain import explain as sentences
    from seloste.compiler.lower import compile_notice
    from seloste.notice import load

    for sentence in sentences(compile_notice(load(file)), name, lang):
        where = f"  [{Path(sentence.place.file).name}:{sentence.place.line}]" if sentence.place else ""
        click.echo(sentence.text + where)
