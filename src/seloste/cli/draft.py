"""``seloste draft``: a first notice from an existing one in prose, and what that one lacks."""

from __future__ import annotations

from pathlib import Path

import click

from seloste.errors import SelosteError

LARGEST = 2_000_000
"""Bytes of a text that is read: a notice in prose is some tens of thousands."""
WRITTEN = {
    "fi": "Kirjoitettu: {path}. Rivit, joilla on TÄYDENNÄ, ovat sinun. Tarkista: seloste check {path}",
    "en": "Written: {path}. The lines that say FILL IN are yours. Check it: seloste check {path}",
}


class DraftError(SelosteError):
    """The text cannot be read, or the file to write is there already."""


@click.command(name="draft", epilog="For example: seloste draft privacy.txt --lang en")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--lang", type=click.Choice(["fi", "en"]), required=True, help="Language the text is written in.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("notice.yaml"),
    show_default=True,
    help="The notice file to write.",
)
def draft(file: Path, lang: str, out: Path) -> None:
    """Read a privacy notice in prose from a text FILE and write a first notice.

    Then says what Art. 13 and 14 of the GDPR need and the text has, lacks or leaves unclear, each with its line. It
    works by rules, on this machine alone; check what it found.
    """
    from seloste.clock import now, today
    from seloste.draft.read import read
    from seloste.draft.report import as_text, report
    from seloste.draft.write import write

    if out.exists():
        raise DraftError(
            f"Tiedosto {out} on jo olemassa. Anna toinen nimi valitsimella --out.",
            f"The file {out} is there already. Give another name with --out.",
        )
    facts = read(read_prose(file), "fi" if lang == "fi" else "en")
    text, _ = write(facts, day=today(now()), file=out.name)
    out.write_text(text, encoding="utf-8")
    click.echo(as_text(report(facts)))
    click.echo(WRITTEN[lang].format(path=out))


def read_prose(file: Path) -> str:
    """The text of a file in UTF-8, or as older editors of Windows wrote it. Raises :class:`DraftError`."""
    raw = file.read_bytes()
    if len(raw) > LARGEST or b"\0" in raw[:4096]:
        raise DraftError(
            f"{file} ei ole tekstitiedosto. Kopioi selosteen teksti tiedostoon, jonka pääte on .txt.",
            f"{file} is no text file. Copy the words of the notice into a file that ends with .txt.",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
