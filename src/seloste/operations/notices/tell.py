"""The letter that tells of a new version before it begins (GDPR Art. 13(3), 14(4)), by e-mail to whom it concerns.

It says what changes and from when, and what the reader may do; it holds nothing of the person. It is made when it is
sent: a version that was withdrawn meanwhile is told of to nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from seloste.clock import HELSINKI, today
from seloste.notice.diff import Difference, compare
from seloste.notice.render.tell import Teller
from seloste.notice.serial import from_json
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import Maker
from seloste.operations.mail.smtp import is_set_up
from seloste.store import planned, post
from seloste.store.mailable import letter_to
from seloste.store.registers import Registers, RegisterStore
from seloste.store.work import Work

LETTER = "notice_changes"
NOT_TOLD = ("role", "wording")
"""Areas of change that concern nobody outside."""

_TEXTS = {
    "fi": {
        "subject": "Tietosuojaseloste muuttuu {date}: {controller}",
        "hello": "Hei,",
        "begins": "muutamme sitä, miten käsittelemme henkilötietojasi. Muutos alkaa {date}.",
        "added": "Uutta: {title}",
        "changed": "Muuttuu: {title}",
        "removed": "Poistuu: {title}",
        "before": "  Nyt: {text}",
        "after": "  {date} alkaen: {text}",
        "may": "Voit katsoa, mitä tietoja meillä on sinusta, vastustaa niiden käyttöä ja pyytää ne poistettavaksi:",
        "whole": "Koko tietosuojaseloste:",
        "ask": "Kysy meiltä: {contact}",
    },
    "sv": {
        "subject": "Dataskyddsbeskrivningen ändras {date}: {controller}",
        "hello": "Hej,",
        "begins": "vi ändrar hur vi behandlar dina personuppgifter. Ändringen börjar {date}.",
        "added": "Nytt: {title}",
        "changed": "Ändras: {title}",
        "removed": "Upphör: {title}",
        "before": "  Nu: {text}",
        "after": "  Från {date}: {text}",
        "may": "Du kan se vilka uppgifter vi har om dig, invända mot att de används och begära att de raderas:",
        "whole": "Hela dataskyddsbeskrivningen:",
        "ask": "Fråga oss: {contact}",
    },
    "en": {
        "subject": "Our privacy notice changes on {date}: {controller}",
        "hello": "Hello,",
        "begins": "we are changing how we handle your personal data. The change begins on {date}.",
        "added": "New: {title}",
        "changed": "Changes: {title}",
        "removed": "Ends: {title}",
        "before": "  Now: {text}",
        "after": "  From {date}: {text}",
        "may": "You can see what data we hold about you, object to their use, and ask for them to be erased:",
        "whole": "The whole privacy notice:",
        "ask": "Ask us: {contact}",
    },
}


def can_mail(store: RegisterStore) -> bool:
    """Whether letters leave from here at all."""
    return store.post is not None and is_set_up(store.post.settings)


def leave_letters(store: RegisterStore, work: Work, version: int, effective: dt.date, people: Iterable[int]) -> int:
    """Leave a letter to each of ``people`` who has an e-mail address, in the transaction of the decision; how many."""
    # What comes after the day it tells of comes too late.
    until = dt.datetime.combine(effective, dt.time(), HELSINKI) + dt.timedelta(days=1)
    left = 0
    for person in people:
        if (parts := letter_to(work, person, work.register.notice.languages)) is not None:
            post.leave(store, work, LETTER, {**parts, "version": str(version)}, expires_at=until)
            left += 1
    return left


def letter(registers: Registers, register: str, parts: Mapping[str, str], now: dt.datetime) -> Letter | None:
    """The letter to one address; None when the version was withdrawn, or is in force already."""
    store = registers.open(register)
    with store.read(now) as conn:
        version = planned.get(conn, int(parts["version"]))
    if version is None or version.state != "waiting" or version.effective is None or version.effective < today(now):
        return None
    new = from_json(version.expanded)
    lang = parts["lang"] if parts["lang"] in new.languages and parts["lang"] in _TEXTS else new.languages[0]
    t, words = Teller(new, lang), _TEXTS.get(lang, _TEXTS["en"])
    known = {"date": t.w.date(version.effective), "controller": " ".join(new.controller.name.split())}
    where = registers.settings.public_url
    text = [
        words["hello"],
        words["begins"].format(**known),
        *_changes(compare(store.register.notice, new, lang), words, known),
        f"{words['may']}\n{where}/own/{register}?lang={lang}",
        f"{words['whole']}\n{where}/notice/{register}/{lang}",
        words["ask"].format(contact=t.contact),
        known["controller"],
    ]
    return Letter(parts["to"], words["subject"].format(**known), "\n\n".join(text) + "\n")


def _changes(difference: Difference, words: Mapping[str, str], known: Mapping[str, str]) -> Iterator[str]:
    for change in difference.changes:
        if change.area in NOT_TOLD:
            continue
        lines = [words[change.verb].format(title=change.title)]
        if change.before:
            lines.append(words["before"].format(text=change.before))
        if change.after:
            lines.append(words["after"].format(text=change.after, **known))
        yield "\n".join(lines)


LETTERS: Mapping[str, Maker] = {LETTER: letter}
