"""Letters of the demo: no mail server is asked for, and whoever started it reads them in its terminal."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from seloste.settings import Settings

if TYPE_CHECKING:
    from seloste.operations.mail.letter import Letter
    from seloste.store.registers import Registers

RULE = "-" * 72
MOST_LOOKED_AT = 50


class ShownInTerminal:
    """A transport that hands no letter on and writes it out instead; the people of the demo are invented."""

    def send(self, letter: Letter, now: dt.datetime) -> None:
        """Write one letter out. Trial letters of the road of requests are for nobody to read."""
        from seloste.operations.running.canary import TRIAL

        if TRIAL not in letter.headers:
            click.echo(f"{RULE}\n{letter.to}\n{letter.subject}\n\n{letter.text.strip()}\n{RULE}")


def with_letters(settings: Settings, port: int) -> tuple[Settings, ShownInTerminal | None]:
    """The settings with which letters are made, and what shows them; a mail server that is set up is left to its work.

    Links lead to ``localhost``, the one host at which browsers make passkeys without https.
    """
    if settings.sends_mail:
        return settings, None
    found = dataclasses.replace(
        settings,
        smtp_url="smtp://localhost",
        mail_from="demo@seloste.example",
        public_url=settings.public_url or f"http://localhost:{port}",
    )
    return found, ShownInTerminal()


def tell_own_pages(registers: Registers, settings: Settings) -> None:
    """Say where somebody in a register sees their own data, and with which address of theirs to ask."""
    found = next(_with_address(registers), None)
    if found is None:
        return
    key, address = found
    own = f"{settings.public_url}/own/{key}"
    click.echo(
        f"Rekisterissä olevan omat sivut: {own}\nPyydä linkki osoitteella {address}. Kirje tulee tähän.\n"
        if settings.language == "fi"
        else f"The own pages of somebody in a register: {own}\nAsk for a link with {address}. The letter comes here.\n"
    )


def _with_address(registers: Registers) -> Iterator[tuple[str, str]]:
    """Of each register the first person who has an e-mail address: the register and the address."""
    from seloste.catalogue.model import PERSON
    from seloste.clock import now
    from seloste.operations.actor import Actor
    from seloste.operations.records import read

    known = registers.keys()
    for key in known:
        store = registers.open(key)
        items = [name for name, item in store.register.tables[PERSON].kind.items.items() if item.type == "email"]
        lens = next((one.key for one in store.register.lenses.values() if one.only is None and one.sees(PERSON)), "")
        if not lens or not items:
            continue
        actor = Actor("demo", lens)
        several = read.ids(store, PERSON, actor=actor, now=now())[:MOST_LOOKED_AT]
        # Nobody is in it but the invented, and whoever starts it has the files: no look to be journaled.
        for person in read.by_ids(store, PERSON, several, actor=actor, now=now(), journal=False):
            for value in filter(None, map(person.values.get, items)):
                yield key, value if isinstance(value, str) else value[0]
