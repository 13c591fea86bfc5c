"""A letter to the address that was changed: whoever reads it there learns that it is theirs no more, and can say no.

It holds nothing of the person and not the new address: the old one may have been somebody else's from the beginning.
What was entered less than a day before is corrected without one, as a slip of the pen would write to a stranger.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from seloste.catalogue.model import PERSON
from seloste.clock import from_utc_text
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import Maker
from seloste.operations.mail.smtp import is_set_up
from seloste.store import post
from seloste.store.cells import read_cells
from seloste.store.registers import Registers, RegisterStore
from seloste.store.work import Work

LETTER = "address_changed"
SLIP = dt.timedelta(days=1)
LASTS = dt.timedelta(days=7)

_TEXTS = {
    "fi": (
        "Sähköpostiosoitteesi muutettiin: {controller}",
        "Hei,\n\ntämä sähköpostiosoite oli rekisterissämme ({controller}), ja se on nyt poistettu tai vaihdettu "
        "toiseen. Viestimme eivät enää tule tänne.\n\nJos pyysit muutosta, sinun ei tarvitse tehdä mitään.\n\n"
        "Jos et pyytänyt sitä, kerro meille heti: {contact}\n\n{controller}\n",
    ),
    "sv": (
        "Din e-postadress ändrades: {controller}",
        "Hej,\n\nden här e-postadressen fanns i registret hos {controller} och har nu tagits bort eller bytts ut. "
        "Våra meddelanden kommer inte längre hit.\n\nOm du bad om ändringen behöver du inte göra något.\n\n"
        "Om du inte bad om den, kontakta oss genast: {contact}\n\n{controller}\n",
    ),
    "en": (
        "Your e-mail address was changed: {controller}",
        "Hello,\n\nthis e-mail address was in the register of {controller}, and has now been removed or changed to "
        "another. Our messages do not come here any more.\n\nIf you asked for this, you need not do anything.\n\n"
        "If you did not, tell us at once: {contact}\n\n{controller}\n",
    ),
}


def settled(store: RegisterStore, work: Work, person: int, items: Iterable[str]) -> list[str]:
    """The e-mail addresses among ``items`` of somebody that were entered more than a day ago, as they are now."""
    if store.post is None or not is_set_up(store.post.settings):
        return []
    known = work.register.tables[PERSON].kind.items
    found: list[str] = []
    for name in items:
        if name in known and known[name].type == "email":
            sql = (
                f"SELECT coalesce((SELECT at FROM sys_cell_source WHERE kind = '{PERSON}' AND row = :row"
                f" AND item = :item), (SELECT sys_recorded_at FROM {PERSON} WHERE id = :row))"
            )
            row = work.conn.execute(sql, {"row": person, "item": name}).first()
            if row is not None and row[0] is not None and from_utc_text(row[0]) <= work.now - SLIP:
                values = read_cells(work.conn, work.keys, work.register, PERSON, person, [name]).get(name, [])
                found += [str(each) for each in values]
    return found


def tell_old(store: RegisterStore, work: Work, person: int, before: Iterable[str]) -> None:
    """Leave a letter to each address that was somebody's before and is not now."""
    known = work.register.tables[PERSON].kind.items
    items = [name for name, item in known.items() if item.type == "email"]
    cells = read_cells(work.conn, work.keys, work.register, PERSON, person, [*items, "language"])
    now = {str(each).lower() for name in items for each in cells.get(name, [])}
    lang = next(iter(cells.get("language", [])), "") or work.register.notice.languages[0]
    for address in dict.fromkeys(before):
        if address.lower() not in now:
            post.leave(store, work, LETTER, {"to": address, "lang": str(lang)}, expires_at=work.now + LASTS)


def changed_letter(registers: Registers, register: str, parts: Mapping[str, str], now: dt.datetime) -> Letter | None:
    """The letter to the old address."""
    controller = registers.open(register).register.notice.controller
    subject, text = _TEXTS[parts["lang"] if parts["lang"] in _TEXTS else "en"]
    ways = (controller.contact_email, controller.email, controller.contact_phone, controller.phone, controller.address)
    words = {
        "controller": " ".join(controller.name.split()),
        "contact": next((each for each in ways if each), controller.name),
    }
    return Letter(parts["to"], subject.format(**words), text.format(**words))


LETTERS: Mapping[str, Maker] = {LETTER: changed_letter}
