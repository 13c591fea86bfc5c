"""``seloste show FILE``: a notice as Seloste understands it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import lang_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seloste.notice.model import Notice

_WORDS = {
    "fi": ("peruste", "tiedot", "käyttää muuhun talletettuja", "säilytetään"),
    "en": ("basis", "data", "uses what is held for others", "kept"),
}


@click.command(
    epilog="For example: seloste show notice.yaml --expanded. Exit codes: 0 shown, 1 it has errors, 2 no notice."
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--expanded", is_flag=True, help="The whole notice with presets, groups and frames written out, as YAML.")
@lang_option("what is shown")
def show(file: Path, expanded: bool, lang: str) -> None:
    """Show what a notice FILE means: each purpose with its basis, its data and how long they are kept.

    With --expanded the whole file, with all that it takes from the vocabulary and from frames written out.
    """
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
        for line in summary(notice, lang):
            click.echo(line)


def summary(notice: Notice, lang: str) -> Iterator[str]:
    """What the register is, then each purpose in words, with its key: basis, data, how long."""
    from seloste.notice.render.periods import Periods
    from seloste.notice.render.tell import Teller

    # In the language of whoever asks, where the notice is written in it: two languages on a line say less than one.
    lang = lang if lang in notice.languages else notice.languages[0]
    t = Teller(notice, lang)
    periods = Periods(notice, t.vocabulary, t.w, staff=True)
    basis, data, borrowed, kept = _WORDS["fi" if lang == "fi" else "en"]
    since = f", {t.w.say('in_force', date=t.w.date(notice.effective))}" if notice.effective else ""
    yield f"{t.pick(notice.title)}, {notice.controller.name} ({notice.register}){since}"
    for purpose in notice.purposes.values():
        yield ""
        yield f"{t.name(purpose)} ({purpose.key})"
        yield f"  {basis}: {t.w.low(t.w.say(f'basis.{purpose.basis}'))}"
        if purpose.uses:
            yield f"  {data}: {t.data(purpose.uses)}"
        if purpose.borrows:
            yield f"  {borrowed}: {t.data(purpose.borrows)}"
        for keep in purpose.keep:
            of = f" ({t.w.low(periods.kind_label(keep.matter))})" if len(purpose.keep) > 1 else ""
            yield f"  {kept}{of}: {periods.rule(keep)}"
