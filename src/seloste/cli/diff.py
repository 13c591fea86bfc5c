"""``seloste diff OLD NEW``: what changes for people between two versions of a notice, and what the change asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import data_dir, lang_option, opened
from seloste.errors import SelosteError

if TYPE_CHECKING:
    from seloste.notice.model import Notice


@click.command(
    epilog="For example: seloste diff notice-2026.yaml notice.yaml. Exit codes: 0 nothing changes, 1 something does,"
    " 2 a notice cannot be used."
)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), required=False)
@lang_option("what is told")
@data_dir
def diff(old: Path, new: Path | None, lang: str, data_dir: Path | None) -> None:
    """Tell what changes for people from notice OLD to notice NEW: whom to tell first, whom to ask again, what goes.

    With one file, it is compared with the notice that its register runs now.
    """
    import sys

    from seloste.notice import load
    from seloste.notice.diff import compare
    from seloste.notice.diff.said import lines

    after = load(new if new is not None else old)
    before = load(old) if new is not None else _running(after, data_dir)
    if before.register != after.register:
        raise SelosteError(
            f"Selosteet ovat eri rekistereistä: {before.register} ja {after.register}. Anna saman rekisterin kaksi"
            " versiota.",
            f"The notices are of different registers: {before.register} and {after.register}. Give two versions of"
            " one register's.",
        )
    difference = compare(before, after, lang)
    for line in lines(difference):
        click.echo(line)
    sys.exit(1 if difference.changes else 0)


def _running(notice: Notice, folder: Path | None) -> Notice:
    """The notice that the register runs now. Raises NoRegisterError."""
    with opened(folder) as registers:
        return registers.open(notice.register).register.notice
