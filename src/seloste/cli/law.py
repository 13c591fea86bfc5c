"""``seloste law``: one date the law sets, on one line, so that a script can use it. ``--explain`` says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import click

from seloste.cli.common import Day, lang_option
from seloste.cli.wrong import language, say, wrong
from seloste.errors import SelosteError


class LocalTime(click.ParamType):  # type: ignore[type-arg]
    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        from seloste.law.breach import local_moment

        if isinstance(value, datetime):
            return value
        try:
            if len(value) <= len("2026-03-27"):
                raise ValueError(value)
            moment = datetime.fromisoformat(value)
        except ValueError:
            said = say(
                f"'{value}' ei ole aika. Kirjoita päivä ja kellonaika Helsingissä, esimerkiksi 2026-03-27T12:00.",
                f"'{value}' is not a time. Write the date and the time in Helsinki, for example 2026-03-27T12:00.",
            )
            self.fail(said, param, ctx)
        try:
            return local_moment(moment)
        except SelosteError as error:
            self.fail(error.message(language()), param, ctx)


def _explained(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--explain", is_flag=True, help="Say why, after the first line.")(
        lang_option("--explain")(command)
    )


def _say(answer: str, why: Callable[[], Sequence[str]] | None) -> None:
    click.echo(answer)
    if why is not None:
        for sentence in why():
            click.echo(sentence)


def _stop(error: SelosteError, lang: str) -> click.UsageError:
    return click.UsageError(error.message(lang))


@click.group()
def law() -> None:
    """Compute a date the law sets. Prints one ISO date or time."""


@law.command(epilog="For example: seloste law due 2026-01-30 --explain")
@click.argument("received", type=Day())
@click.option("--extended", is_flag=True, help="The two further months of Art. 12(3) were notified in time.")
@click.option("--paused-days", type=click.IntRange(0), default=0, help="Days the clock stood still (Art. 12(6)).")
@click.option("--eves-are-holidays", is_flag=True, help="Count Midsummer Eve and Christmas Eve as holidays.")
@_explained
def due(received: date, extended: bool, paused_days: int, eves_are_holidays: bool, explain: bool, lang: str) -> None:
    """The last day to answer a request received on RECEIVED."""
    from seloste.law.deadline import answer_due

    try:
        found = answer_due(received, extended=extended, paused_days=paused_days, eves_are_holidays=eves_are_holidays)
    except SelosteError as error:
        raise _stop(error, lang) from None
    _say(found.due.isoformat(), (lambda: found.explain(lang)) if explain else None)


@law.command(epilog="For example: seloste law keep accounting_voucher 2026-12-31")
@click.argument("preset")
@click.argument("day", type=Day())
@_explained
def keep(preset: str, day: date, explain: bool, lang: str) -> None:
    """The last day a retention preset keeps something.

    DAY is the end of the financial year for accounting and payroll books and vouchers of a financial year, and the date
    the period is counted from for every other PRESET.
    """
    from seloste.law import retention

    try:
        found = retention.preset(preset)
        last = retention.last_day(found, day, financial_year_ends=(day.month, day.day))
        following = last + timedelta(days=1)
    except OverflowError:
        raise wrong(f"{day.isoformat()} on liian kaukana.", f"{day.isoformat()} is too far away.") from None
    except SelosteError as error:
        raise _stop(error, lang) from None

    def why() -> list[str]:
        text = found.text[lang]
        said = [f"{text[0].upper()}{text[1:]}: {found.law[lang]}."]
        if lang == "fi":
            said.append(f"Poistetaan alkaen {following.isoformat()}.")
            if not found.mark.verified:
                said.append("Tätä sääntöä ei ole tarkistettu laista: se on ehdotus.")
        else:
            said.append(f"Erase from {following.isoformat()}.")
            if not found.mark.verified:
                said.append("This rule is not verified against a law: it is a proposal.")
        return said

    _say(last.isoformat(), why if explain else None)


@law.command(epilog="For example: seloste law breach 2026-03-27T12:00")
@click.argument("aware", type=LocalTime())
@_explained
def breach(aware: datetime, explain: bool, lang: str) -> None:
    """When the authority must know of a breach the controller became aware of at AWARE, Helsinki time."""
    from seloste.law.breach import breach_clock

    try:
        clock = breach_clock(aware)
    except OverflowError:
        at = aware.date().isoformat()
        raise wrong(f"{at} on liian kaukana.", f"{at} is too far away.") from None
    except SelosteError as error:
        raise _stop(error, lang) from None

    def local(moment: datetime) -> str:
        return moment.replace(tzinfo=None).isoformat(timespec="seconds" if moment.second else "minutes")

    def why() -> list[str]:
        if lang == "fi":
            return [
                f"{clock.hours} tuntia siitä, kun tieto saatiin (asetus (EU) 2016/679, 33 artikla 1 kohta).",
                "Tunnit kuluvat myös öisin, viikonloppuisin ja pyhinä; määräaika ei siirry.",
                f"Suomen aikaa, {clock.deadline.isoformat()}.",
            ]
        return [
            f"{clock.hours} elapsed hours from becoming aware (Regulation (EU) 2016/679, Art. 33(1)).",
            "Hours run through nights, weekends and holidays; the deadline does not move.",
            f"Helsinki time, {clock.deadline.isoformat()}.",
        ]

    _say(local(clock.deadline), why if explain else None)
