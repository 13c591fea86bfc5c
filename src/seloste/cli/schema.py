"""``seloste schema``: the JSON Schema of a notice file, for editors."""

from __future__ import annotations

import json

import click


@click.command(epilog="For example: seloste schema > notice.schema.json")
def schema() -> None:
    """Print the JSON Schema (draft 2020-12) of a notice file, so that an editor can help to write one."""
    from seloste.notice.schema import json_schema

    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))
