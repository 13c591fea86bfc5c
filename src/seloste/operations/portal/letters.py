"""The letter with the link. It is made when it is sent, and there is none when nobody has the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from seloste.catalogue.model import PERSON
from seloste.clock import to_utc_text
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import Maker
from seloste.operations.portal.ask import LETTER
from seloste.operations.rights.rows import read_rows
from seloste.store import portal
from seloste.store.engine import Connection, quote
from seloste.store.registers import Registers, RegisterStore

SETTLES = dt.timedelta(days=7)
"""How long after a change of their addresses a person gets no link to any of them."""

_TEXTS = {
    "fi": (
        "Linkki omiin tietoihisi: {controller}",
        "Hei,\n\npyysit nähdä, mitä tietoja meillä on sinusta. Avaa tämä linkki ja paina sivulla Avaa tietoni:\n\n"
        "{link}\n\nLinkki toimii kerran, {minutes} minuutin ajan. Älä lähetä sitä kenellekään.\n\n"
        "Jos et pyytänyt tätä, sinun ei tarvitse tehdä mitään.\n\n{controller}\n",
    ),
    "en": (
        "A link to your own data: {controller}",
        "Hello,\n\nyou asked to see what data we hold about you. Open this link and press Open my data on the page:\n\n"
        "{link}\n\nThe link works once, for {minutes} minutes. Do not send it to anybody.\n\n"
        "If you did not ask for this, you need not do anything.\n\n{controller}\n",
    ),
    "sv": (
        "Länk till dina uppgifter: {controller}",
        "Hej,\n\ndu bad att få se vilka uppgifter vi har om dig. Öppna länken och tryck på Öppna mina uppgifter på "
        "sidan:\n\n{link}\n\nLänken fungerar en gång, i {minutes} minuter. Skicka den inte till någon.\n\n"
        "Om du inte bad om detta behöver du inte göra någonting.\n\n{controller}\n",
    ),
}


def persons_at(store: RegisterStore, address: str, now: dt.datetime) -> tuple[int, ...]:
    """Whose address it is: an e-mail item of the person holds it. Whoever is held counts, in use or not.

    An item that was changed lately is nobody's yet: else whoever of the staff may write an address could read by it
    everything that other roles see of the person.
    """
    with store.read(now) as conn:
        return found_at(store, conn, address, now)


def found_at(store: RegisterStore, conn: Connection, address: str, now: dt.datetime) -> tuple[int, ...]:
    """The same through a connection that the caller has."""
    table = store.register.tables[PERSON]
    names = [name for name, item in table.kind.items.items() if item.type == "email" and table.column(name) is not None]
    if not names:
        return ()
    params = {f"n{number}": name for number, name in enumerate(names)}
    items = ", ".join(f":{name}" for name in params)
    sql = (
        f"SELECT DISTINCT f.row FROM sys_find f WHERE f.kind = :kind AND f.key = :key AND f.item IN ({items})"
        f" AND NOT EXISTS (SELECT 1 FROM sys_cell_source s JOIN {quote(PERSON)} p ON p.id = s.row"
        " WHERE s.kind = f.kind AND s.row = f.row AND s.item = f.item AND s.at > :settled AND s.at > p.sys_recorded_at)"
    )
    params["settled"] = to_utc_text(now - SETTLES)
    wanted = address.lower()
    rows = conn.execute(sql, {**params, "kind": PERSON, "key": wanted}).all()
    found = read_rows(store, conn, PERSON, "id", {int(number) for (number,) in rows})
    # The keys by which one searches hold the domain of an address too; the address itself decides.
    return tuple(row["id"] for row in found if wanted in _addresses(row[name] for name in names if name in row))


def _addresses(values: Iterable[str | list[str]]) -> set[str]:
    """All addresses of some items, of which each holds one or several, in lower case."""
    return {one.lower() for value in values for one in ([value] if isinstance(value, str) else value)}


def still_reached(store: RegisterStore, persons: tuple[int, ...], *, since: str, now: dt.datetime) -> tuple[int, ...]:
    """Those of whom no e-mail item was changed since a moment, as UTC text; all of them where it is empty."""
    items = store.register.tables[PERSON].kind.items
    names = {f"n{number}": name for number, name in enumerate(items) if items[name].type == "email"}
    if not since or not names or not persons:
        return persons
    sql = (
        f"SELECT 1 FROM sys_cell_source s JOIN {quote(PERSON)} p ON p.id = s.row WHERE s.kind = :kind AND s.row = :row"
        f" AND s.item IN ({', '.join(':' + each for each in names)}) AND s.at > :since AND s.at > p.sys_recorded_at"
    )
    params = {**names, "kind": PERSON, "since": since}
    with store.read(now) as conn:
        return tuple(each for each in persons if not conn.execute(sql, {**params, "row": each}).all())


def own_link(registers: Registers, register: str, parts: Mapping[str, str], now: dt.datetime) -> Letter | None:
    """A link to the data of whoever has the address; None when nobody has it."""
    store = registers.open(register)
    persons = persons_at(store, parts["to"], now)
    if not persons:
        return None
    with registers.deployment.transaction() as conn:
        token = portal.make_link(conn, register, persons, now)
    lang = parts["lang"] if parts["lang"] in _TEXTS else "en"
    subject, text = _TEXTS[lang]
    words = {
        "controller": " ".join(store.register.notice.controller.name.split()),
        "link": link_to(registers, register, token, lang),
        "minutes": str(portal.LASTS // dt.timedelta(minutes=1)),
    }
    return Letter(parts["to"], subject.format(**words), text.format(**words))


def link_to(registers: Registers, register: str, token: str, lang: str) -> str:
    """The address that the link of a token leads to."""
    return f"{registers.settings.public_url}/own/{register}/open/{token}?lang={lang}"


LETTERS: Mapping[str, Maker] = {LETTER: own_link}
