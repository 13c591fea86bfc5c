"""``seloste retain``: remove what nobody needs any more, say what would go, or count what leaves each month ahead."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seloste.cli.common import data_dir, opened
from seloste.cli.wrong import wrong
from seloste.notice.render.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seloste.compiler.register import Register
    from seloste.operations.retention.forecast import Forecast, KindAhead
    from seloste.operations.retention.report import ItemLine, SweepReport


@click.command(epilog="For example: seloste retain --dry-run, and then: seloste retain")
@click.argument("register", required=False)
@click.option("--dry-run", is_flag=True, help="Say what would go and what stays, and why; nothing changes.")
@click.option("--forecast", "ahead", is_flag=True, help="Count what leaves each month ahead; nothing changes.")
@click.option(
    "--months", type=click.IntRange(1, 24), default=12, show_default=True, help="How many months --forecast counts."
)
@click.option("--every-row", is_flag=True, help="Look at every row, not only at what time and events let go.")
@click.option("--rewrite", is_flag=True, help="On PostgreSQL, leave no byte of what went in the tables' files.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each register.")
@data_dir
def retain(
    register: str | None,
    data_dir: Path | None,
    *,
    dry_run: bool,
    ahead: bool,
    months: int,
    every_row: bool,
    rewrite: bool,
    as_json: bool,
) -> None:
    """Remove what nobody needs any more, as the notice says; of every register without REGISTER.

    What has expired is hidden already; this removes it for good. What stays is told with its purpose, its law and its
    last day. `seloste work` does the same once a day.
    """
    from seloste.clock import now
    from seloste.operations.actor import CLI
    from seloste.operations.retention.forecast import forecast
    from seloste.operations.retention.sweep import sweep, wipe

    if ahead and (dry_run or every_row):
        raise wrong(
            "--forecast ei sovi yhteen valitsinten --dry-run ja --every-row kanssa: se vain laskee.",
            "--forecast goes with neither --dry-run nor --every-row: it only counts.",
        )
    if rewrite and (ahead or dry_run):
        raise wrong(
            "--rewrite ei sovi yhteen valitsinten --forecast ja --dry-run kanssa: mitään ei poistunut.",
            "--rewrite goes with neither --forecast nor --dry-run: nothing went.",
        )
    with opened(data_dir) as registers:
        for key in [register] if register is not None else registers.keys():
            store = registers.open(key)
            teller = _Teller(key, store.register, registers.settings.language)
            if ahead:
                found = forecast(store, now=now(), months=months)
                for line in [_as_json(key, found)] if as_json else teller.forecast(found):
                    click.echo(line)
                continue
            report = sweep(store, now=now(), actor=CLI, dry_run=dry_run, every_row=every_row)
            if rewrite:
                wipe(store, rewrite=True)
            if as_json:
                click.echo(json.dumps({"register": key, **json.loads(report.to_json())}, ensure_ascii=False))
            else:
                for line in teller.report(report):
                    click.echo(line)


def _as_json(key: str, found: Forecast) -> str:
    return json.dumps({"register": key, **asdict(found)}, default=str, ensure_ascii=False)


class _Teller:
    """What a sweep or a forecast found, in words: kinds, items and purposes by their names, never a value."""

    def __init__(self, key: str, register: Register, lang: str) -> None:
        self.key, self.register, self.fi = key, register, lang == "fi"
        self.lang = "fi" if self.fi else "en"
        self.w = wording(self.lang)

    def either(self, fi: str, en: str) -> str:
        return fi if self.fi else en

    def count(self, number: int, one: tuple[str, str], many: tuple[str, str]) -> str:
        return f"{number} {self.either(*(one if number == 1 else many))}"

    def kind(self, key: str) -> str:
        return self.w.low(self.w.pick(self.register.tables[key].kind.plural))

    def item(self, kind: str, name: str) -> str:
        known = self.register.tables[kind].kind.items.get(name)
        if known is not None:
            return self.w.low(self.w.pick(known.label))
        return self.w.low(self.w.pick(self.register.tables[name].kind.label)) if name in self.register.tables else name

    def day(self, day: object) -> str:
        if not self.fi:
            return str(day)
        year, month, number = str(day).split("-")
        return f"{int(number)}.{int(month)}.{year}"

    def report(self, report: SweepReport) -> Iterator[str]:
        dry = report.dry_run
        went = self.either("poistuisi", "would go") if dry else self.either("poistui", "went")
        rows = self.count(report.rows, ("rivi", "row"), ("riviä", "rows"))
        values = self.count(report.cells, ("arvo", "value"), ("arvoa", "values"))
        if report.rows or report.cells:
            yield f"{self.key}: {rows} {self.either('ja', 'and')} {values} {went}"
        else:
            nothing = self.either("mitään ei poistuisi", "nothing would go")
            yield f"{self.key}: {nothing if dry else self.either('mitään ei poistunut', 'nothing went')}"
        if report.holds or report.restrictions:
            holds = self.count(report.holds, ("poiston esto", "hold"), ("poiston estoa", "holds"))
            stands = ("käytön keskeytys", "restriction"), ("käytön keskeytystä", "restrictions")
            restrictions = self.count(report.restrictions, *stands)
            in_force = self.either("voimassa", "in force")
            yield f"  {in_force}: {holds}, {restrictions}"
        for kind in report.kinds:
            bare = self.either(
                f", niistä {kind.bare} vain, koska muut rivit viittaavat niihin",
                f", {kind.bare} of them only because other rows point at them",
            )
            stays = self.count(kind.stays, ("jää", "stays"), ("jää", "stay"))
            yield f"  {self.kind(kind.kind)}: {kind.gone} {went}, {stays}{bare if kind.bare else ''}"
            alike: dict[tuple[object, ...], list[ItemLine]] = {}
            for line in (line for line in report.items if line.kind == kind.kind):
                alike.setdefault((line.goes, line.stays, line.held, line.bare, line.why), []).append(line)
            for several in alike.values():
                yield from self.lines(several)

    def lines(self, several: list[ItemLine]) -> Iterator[str]:
        """Items of which as many go and stay, for the same reasons."""
        line = several[0]
        names = ", ".join(self.item(each.kind, each.item) for each in several)
        goes = self.either(f"{line.goes} poistuu", f"{line.goes} {'goes' if line.goes == 1 else 'go'}")
        stays = self.count(line.stays, ("jää", "stays"), ("jää", "stay"))
        many = len(several) > 1
        each = self.either("kustakin ", "") if many else ""
        of_each = self.either("", " of each") if many else ""
        yield f"    {names}: {each}{goes}, {stays}{of_each}"
        for why in line.why:
            said = []
            if why.first and why.first == why.last:
                said.append(self.either(f"{self.day(why.first)} asti", f"until {self.day(why.first)}"))
            elif why.first:
                days = f"{self.day(why.first)}–{self.day(why.last)}"
                said.append(self.either(f"viimeiset päivät {days}", f"until days within {days}"))
            if why.running:
                said.append(self.either(f"{why.running} vielä kesken", f"{why.running} still running"))
            said += [", ".join(why.law)] if why.law else []
            name = self.w.pick(self.register.purposes[why.purpose].text)
            yield f"      {why.cells}, {self.either('tarkoitukseen', 'for')} {name}: {'; '.join(said)}"
        if line.held:
            yield f"      {line.held} {self.held()}"
        if line.bare:
            why_bare = self.either(
                "rivillä, johon jokin tarpeellinen viittaa tai josta se lasketaan",
                "on a row that something needed points at or counts from",
            )
            yield f"      {line.bare} {why_bare}"

    def forecast(self, found: Forecast) -> Iterator[str]:
        rows = self.count(sum(found.held.values()), ("rivi", "row"), ("riviä", "rows"))
        yield f"{self.key}: {rows} {self.either('tarvitaan', 'needed on')} {self.day(found.day)}"
        for month in found.months:
            between = f"{self.day(month.begins)}–{self.day(month.ends)}"
            if not month.kinds:
                yield f"  {between}: {self.either('mitään ei poistu', 'nothing leaves')}"
                continue
            rows = self.count(month.rows, ("rivi", "row"), ("riviä", "rows"))
            values = self.count(month.values, ("arvo", "value"), ("arvoa", "values"))
            leave = self.either("poistuu", "leaves" if (month.rows, month.values) == (0, 1) else "leave")
            what = f"{rows} {self.either('ja', 'and')} {values}" if month.rows else values
            yield f"  {between}: {what} {leave}"
            for each in month.kinds:
                yield from self.ahead(each)

    def ahead(self, each: KindAhead) -> Iterator[str]:
        """One kind of a month: what goes, what it was kept for until then, and what keeps the rest."""
        parts = [self.count(each.rows, ("kokonaan", "whole"), ("kokonaan", "whole"))] if each.rows else []
        parts += [self.count(each.parted, ("osittain", "in part"), ("osittain", "in part"))] if each.parted else []
        values = self.count(each.values, ("arvo", "value"), ("arvoa", "values"))
        yield f"    {self.kind(each.kind)}: {', '.join(parts)}; {values}"
        if each.ended:
            names = ", ".join(self.w.pick(self.register.purposes[end.purpose].text) for end in each.ended)
            yield f"      {self.either('päättyy', 'ends')}: {names}"
        for rest in each.stays:
            name = self.w.pick(self.register.purposes[rest.purpose].text)
            law = f", {', '.join(rest.law)}" if rest.law else ""
            stays = self.count(rest.rows, ("rivin loput jäävät", "row stays"), ("rivin loput jäävät", "rows stay"))
            yield f"      {stays} {self.either('tarkoitukseen', 'otherwise for')} {name}{law}"
        if each.held:
            yield f"      {each.held} {self.held()}"
        if each.bare:
            why = self.either("vain, koska muut rivit viittaavat niihin", "only because other rows point at them")
            yield f"      {self.count(each.bare, ('rivi jää', 'row stays'), ('riviä jää', 'rows stay'))} {why}"

    def held(self) -> str:
        return self.either("poiston eston tai käytön keskeytyksen alla", "under a hold or a restriction")
