"""The notice to the people a breach reaches (GDPR Art. 34(2)): plain words, in each language of the notice.

A draft holds what the law asks for; what only the controller knows stands in square brackets until somebody has
written it, and with one left nothing is sent. A letter holds nothing of the person beside their address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from seloste.notice.render.tell import Teller
from seloste.operations.actor import Actor
from seloste.operations.breaches.affected import reached
from seloste.operations.breaches.model import Breach, BreachError, Told, from_text
from seloste.operations.breaches.record import LONGEST, changed
from seloste.operations.mail.letter import Letter
from seloste.operations.mail.sender import Maker
from seloste.operations.mail.smtp import is_set_up
from seloste.store import breaches, post
from seloste.store.mailable import letter_to
from seloste.store.registers import Registers, RegisterStore
from seloste.store.work import Work

LETTER = "breach"
LASTS = dt.timedelta(days=7)
"""How long a letter is tried; then it comes to nothing and those people are told otherwise."""

_TEXTS = {
    "fi": {
        "subject": "Tietojasi koskeva tietoturvaloukkaus: {controller}",
        "text": """Hei,

kerromme sinulle tietoturvaloukkauksesta, joka koskee tietojasi.

Mitä tapahtui: {happened}

Mitä siitä voi seurata sinulle: {effects}

Mitä olemme tehneet: {measures}

Mitä voit itse tehdä: {advice}

Lisätietoja saat meiltä: {contact}

{controller}
""",
        "happened": "[kerro, mitä tapahtui ja mitä tietoja se koskee]",
        "effects": "[kerro todennäköiset seuraukset]",
        "measures": "[kerro, mitä on tehty ja mitä tehdään]",
        "advice": "[neuvo, esimerkiksi vaihda salasana; varo viestejä, joissa pyydetään tietojasi]",
    },
    "sv": {
        "subject": "En personuppgiftsincident som gäller dina uppgifter: {controller}",
        "text": """Hej,

vi berättar för dig om en personuppgiftsincident som gäller dina uppgifter.

Vad som hände: {happened}

Vad det kan innebära för dig: {effects}

Vad vi har gjort: {measures}

Vad du själv kan göra: {advice}

Mer information får du av oss: {contact}

{controller}
""",
        "happened": "[berätta vad som hände och vilka uppgifter det gäller]",
        "effects": "[berätta om de sannolika följderna]",
        "measures": "[berätta vad som har gjorts och vad som görs]",
        "advice": "[ge råd, till exempel byt lösenord; var försiktig med meddelanden som frågar efter dina uppgifter]",
    },
    "en": {
        "subject": "A data breach that concerns your data: {controller}",
        "text": """Hello,

we are writing about a breach of personal data that concerns you.

What happened: {happened}

What it may mean for you: {effects}

What we have done: {measures}

What you can do: {advice}

You can ask us for more: {contact}

{controller}
""",
        "happened": "[say what happened and which data it concerns]",
        "effects": "[say what is likely to follow]",
        "measures": "[say what has been done and what is being done]",
        "advice": "[advise, for example change your password; beware of messages that ask for your details]",
    },
}


def languages(store: RegisterStore) -> tuple[str, ...]:
    """Languages that people are written to in: those of the notice that there is a draft in."""
    return tuple(lang for lang in store.register.notice.languages if lang in _TEXTS) or ("en",)


def drafts(store: RegisterStore, breach: Breach, written_in: str) -> dict[str, str]:
    """The notice by language: as it was written, else a draft. What the record says is in ``written_in`` alone."""
    found = {}
    for lang in languages(store):
        words = _TEXTS[lang]
        facts = breach.facts if lang == written_in else None
        known = {name: (getattr(facts, name, "") or words[name]) for name in ("happened", "effects", "measures")}
        found[lang] = breach.letters.get(lang) or words["text"].format(
            **known, advice=words["advice"], **_who(store, lang)
        )
    return found


def subject(store: RegisterStore, lang: str) -> str:
    """The subject line in one of :func:`languages`."""
    return _TEXTS[lang]["subject"].format(**_who(store, lang))


def _who(store: RegisterStore, lang: str) -> dict[str, str]:
    notice = store.register.notice
    contact = Teller(notice, lang if lang in notice.languages else notice.languages[0]).contact
    return {"controller": " ".join(notice.controller.name.split()), "contact": contact}


def save(store: RegisterStore, number: int, texts: Mapping[str, str], *, actor: Actor, now: dt.datetime) -> None:
    """Keep the notice as it was written. Raises BreachError when it has been sent: it stays what people were told."""
    written = {lang: text for lang in languages(store) if (text := texts.get(lang, "").replace("\r\n", "\n").strip())}
    for lang, text in written.items():
        if len(text) > LONGEST:
            raise BreachError(
                f"Teksti on liian pitkä: enintään {LONGEST} merkkiä.",
                f"Too long: {LONGEST} characters at most.",
                f"text_{lang}",
            )

    def saves(breach: Breach, _: Work) -> Breach:
        _not_told(breach)
        return replace(breach, letters=written)

    changed(store, number, "breach_letter", saves, actor=actor, now=now)


def can_mail(store: RegisterStore) -> bool:
    """Whether letters leave from here at all."""
    return store.post is not None and is_set_up(store.post.settings)


def unfinished(store: RegisterStore, breach: Breach) -> tuple[str, ...]:
    """Languages in which the notice is not written yet, or a bracket is left."""
    texts = breach.letters
    return tuple(lang for lang in languages(store) if not texts.get(lang) or {"[", "]"} & set(texts[lang]))


def tell(store: RegisterStore, number: int, *, by_mail: bool, actor: Actor, now: dt.datetime) -> Told:
    """Tell the people the breach reaches: a letter to each who has an e-mail address, found anew by the kept query.

    ``by_mail`` false: they have been told otherwise, on paper or by a notice to all, and it is only written down.
    Raises BreachError while it is not decided, nobody is counted, or the text is unfinished; and a second time.
    """
    done: list[Told] = []

    def tells(breach: Breach, work: Work) -> Breach:
        _not_told(breach)
        if breach.tell != "yes":
            raise BreachError("Päätä ensin, että ihmisille kerrotaan.", "Decide first that people are told.", "tell")
        if breach.affected is None:
            raise BreachError("Laske ensin, keitä loukkaus koskee.", "Count first whom the breach affects.", "kinds")
        if lacking := unfinished(store, breach):
            raise BreachError(
                "Kirjoita ilmoitus valmiiksi: hakasulkeisiin jätetyt kohdat puuttuvat vielä.",
                "Finish the notice: what stands in square brackets is still to be written.",
                f"text_{lacking[0]}",
            )
        if by_mail and not can_mail(store):
            raise BreachError("Sähköpostia ei ole otettu käyttöön.", "E-mail is not set up.", "letters")
        _, people = reached(store, work.conn, breach.affected.query)
        sent = _leave(store, work, number, people, now) if by_mail else 0
        done.append(Told(now, sent, len(people) - sent))
        return replace(breach, told=done[0])

    changed(store, number, "breach_told", tells, actor=actor, now=now)
    return done[0]


def _not_told(breach: Breach) -> None:
    if breach.told is not None:
        raise BreachError("Ihmisille on jo kerrottu.", "People have been told already.", "letters")


def _leave(store: RegisterStore, work: Work, number: int, people: frozenset[int], now: dt.datetime) -> int:
    """A letter to the first address of each; how many."""
    known = languages(store)
    left = 0
    for person in sorted(people):
        if (parts := letter_to(work, person, known)) is not None:
            post.leave(store, work, LETTER, {**parts, "breach": str(number)}, expires_at=now + LASTS)
            left += 1
    return left


def letter(registers: Registers, register: str, parts: Mapping[str, str], now: dt.datetime) -> Letter | None:
    """The letter to one address; None when there is no such breach."""
    store = registers.open(register)
    with store.read(now) as conn:
        kept = breaches.get(conn, int(parts["breach"]))
    text = from_text(kept.id, kept.text).letters.get(parts["lang"]) if kept is not None else None
    return Letter(parts["to"], subject(store, parts["lang"]), text + "\n") if text else None


LETTERS: Mapping[str, Maker] = {LETTER: letter}
