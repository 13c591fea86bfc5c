"""A difference in words for whoever decides on it, in Finnish or English."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.catalogue.model import Text
from seloste.notice.diff.model import Area, Change, Difference, Effect, Verb

AREA_NAMES: dict[Area, Text] = {
    "purpose": {"fi": "käyttötarkoitus", "en": "purpose"},
    "basis": {"fi": "peruste", "en": "legal basis"},
    "interest": {"fi": "oikeutettu etu", "en": "legitimate interest"},
    "data": {"fi": "tiedot", "en": "data"},
    "period": {"fi": "säilytysaika", "en": "period"},
    "consent": {"fi": "suostumus", "en": "consent"},
    "channels": {"fi": "kanavat ja lähettäjät", "en": "channels and senders"},
    "profiling": {"fi": "profilointi", "en": "profiling"},
    "recipient": {"fi": "saaja", "en": "recipient"},
    "processor": {"fi": "henkilötietojen käsittelijä", "en": "processor"},
    "transfer": {"fi": "siirto ETA-alueen ulkopuolelle", "en": "transfer outside the EEA"},
    "source": {"fi": "tietolähde", "en": "source"},
    "promise": {"fi": "lupaus siitä, mitä ei tehdä", "en": "promise of what is not done"},
    "controller": {"fi": "rekisterinpitäjä", "en": "controller"},
    "role": {"fi": "henkilöstön rooli", "en": "staff role"},
    "wording": {"fi": "nimi", "en": "name"},
}

EFFECT_NAMES: dict[Effect, Text] = {
    "inform": {
        "fi": "Kerro ihmisille ennen kuin tämä alkaa",
        "en": "Tell people before this begins",
    },
    "ask": {
        "fi": "Kysy suostumus uudelleen niiltä, jotka ovat sen antaneet",
        "en": "Ask those again who have given their consent",
    },
    "erase": {
        "fi": "Tiedot, joita mikään ei enää tarvitse, poistetaan",
        "en": "Data that nothing needs any more are erased",
    },
    "agreement": {
        "fi": "Tee sopimus käsittelystä ennen kuin tietoja annetaan",
        "en": "Make an agreement on processing before any data are given",
    },
    "safeguard": {
        "fi": "Varmista siirron suojatoimi ennen siirtoa",
        "en": "Make sure of the safeguard before anything is transferred",
    },
    "source_letter": {
        "fi": "Kerro kuukauden kuluessa niille, joista tietoja saadaan",
        "en": "Tell those whom the data are about within a month",
    },
}
"""What each effect asks, as a sentence without its full stop."""

EFFECT_LAW: dict[Effect, str] = {
    "inform": "13(3), 14(4)",
    "ask": "4(11), 7",
    "erase": "5(1)(e)",
    "agreement": "28(3)",
    "safeguard": "44–49",
    "source_letter": "14(3)",
}
"""Articles of the GDPR."""

VERB_SIGNS: dict[Verb, str] = {"added": "+", "changed": "~", "removed": "−"}
VERB_NAMES: dict[Verb, Text] = {
    "added": {"fi": "Uutta", "en": "New"},
    "changed": {"fi": "Muuttuu", "en": "Changes"},
    "removed": {"fi": "Poistuu", "en": "Goes"},
}


def _lang(lang: str) -> str:
    return "fi" if lang == "fi" else "en"


def head(difference: Difference) -> str:
    """How many changes there are."""
    count, finnish = len(difference.changes), _lang(difference.lang) == "fi"
    if not count:
        return "Selosteet tarkoittavat samaa: mikään ei muutu." if finnish else "Both mean the same: nothing changes."
    if finnish:
        return "Yksi muutos." if count == 1 else f"{count} muutosta."
    return "One change." if count == 1 else f"{count} changes."


def lines(difference: Difference) -> Iterator[str]:
    """The whole as text: each change with what was and what will be, and what it asks."""
    lang = _lang(difference.lang)
    yield head(difference)
    for change in difference.changes:
        yield ""
        yield from _change(change, lang)


def _change(change: Change, lang: str) -> Iterator[str]:
    yield f"{VERB_SIGNS[change.verb]} {VERB_NAMES[change.verb][lang]}: {AREA_NAMES[change.area][lang]}, {change.title}"
    was, will = ("ennen", "nyt") if lang == "fi" else ("before", "now")
    if change.before:
        yield f"    {was}: {change.before}"
    if change.after:
        yield f"    {will}: {change.after}"
    law = "tietosuoja-asetus" if lang == "fi" else "GDPR"
    for effect in change.effects:
        yield f"    → {EFFECT_NAMES[effect][lang]} ({law} {EFFECT_LAW[effect]})."
