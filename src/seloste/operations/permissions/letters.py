"""The letter by which a consent is confirmed. It is made when it is sent, and there is none for what was replaced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from seloste.notice.render.wording import Wording
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import Maker
from seloste.operations.permissions.confirm import LETTER, waiting_for
from seloste.store.registers import Registers

_TEXTS = {
    "fi": (
        "Vahvista lupasi: {controller}",
        "Hei,\n\ntähän osoitteeseen on pyydetty vahvistusta seuraavaan lupaan:\n\n    {words}\n\n"
        "Jos annoit tämän luvan, avaa linkki ja paina sivulla Vahvista:\n\n{link}\n\n"
        "Linkki toimii {until} asti.\n\nJos et antanut lupaa, sinun ei tarvitse tehdä mitään. Lupa ei tule voimaan, "
        "emmekä lähetä sinulle muuta sen takia.\n\n{controller}\n{contact}\n",
    ),
    "sv": (
        "Bekräfta ditt samtycke: {controller}",
        "Hej,\n\nvi ombads att fråga denna adress om följande samtycke:\n\n    {words}\n\n"
        "Om du gav samtycket, öppna länken och tryck på Bekräfta på sidan:\n\n{link}\n\n"
        "Länken fungerar till och med {until}.\n\nOm du inte gav samtycket behöver du inte göra något. Samtycket "
        "träder inte i kraft, och vi skickar dig inget annat på grund av det.\n\n{controller}\n{contact}\n",
    ),
    "en": (
        "Confirm your consent: {controller}",
        "Hello,\n\nwe were asked to have this address confirm the following consent:\n\n    {words}\n\n"
        "If you gave this consent, open the link and press Confirm on the page:\n\n{link}\n\n"
        "The link works until {until}.\n\nIf you did not give it, you need not do anything. The consent does not take "
        "effect, and we send you nothing else because of it.\n\n{controller}\n{contact}\n",
    ),
}


def confirm_letter(registers: Registers, register: str, parts: Mapping[str, str], now: dt.datetime) -> Letter | None:
    """The link to the page where one confirms; None when it was confirmed or replaced meanwhile."""
    store = registers.open(register)
    if waiting_for(store, parts["token"], now=now) is None:
        return None
    lang = parts["lang"] if parts["lang"] in _TEXTS else "en"
    subject, text = _TEXTS[lang]
    controller = store.register.notice.controller
    until = dt.date.fromisoformat(parts["until"])
    words = {
        "controller": " ".join(controller.name.split()),
        "contact": controller.contact_email or controller.email or controller.phone or "",
        "words": " ".join(parts["words"].split()),
        "link": f"{registers.settings.public_url}/confirm/{register}/{parts['token']}?lang={lang}",
        "until": Wording(lang).date(until),
    }
    return Letter(parts["to"], subject.format(**words), text.format(**words).rstrip() + "\n")


LETTERS: Mapping[str, Maker] = {LETTER: confirm_letter}
