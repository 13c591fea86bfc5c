"""Who the controller is, and which services are named: what has a shape of its own and needs no cue."""

from __future__ import annotations

import re

from seloste.catalogue.types import TYPES
from seloste.draft.lexicon import Lexicon
from seloste.draft.sentences import Sentence
from seloste.errors import SelosteError

WORD = r"[A-ZÅÄÖ0-9][\w&+.'-]*"
FORM = r"(?:Oyj|Oy|Ab|Abp|Ky|ry|rf|osk|Tmi|Ltd|Inc|GmbH)"
COMPANY = re.compile(rf"\b((?:{WORD} ){{1,5}}{FORM}|(?:Asunto Oy|As Oy|Tmi)(?: {WORD}){{1,4}})\b")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
PERSONAL = re.compile(r"^[a-zåäö-]+\.[a-zåäö-]+@", re.IGNORECASE)
"""An address made of somebody's own name."""
PHONE = re.compile(r"(?<![\w-])(?:\+\d{1,3}|0)[\d ()-]{5,16}\d\b")
BUSINESS_ID = re.compile(r"(?<!\d)\d{7}-\d(?!\d)")
ADDRESS = re.compile(
    r"([A-ZÅÄÖ][\w.'-]+(?: [\w.'-]+){0,3} \d{1,4}(?: ?[A-Za-z](?: ?\d{1,3})?)?),? +(?:FI-)?(\d{5}) ([A-ZÅÄÖ][\w-]+)"
)
WEB = re.compile(r"(?:https?://|www\.)[\w./-]+\w")
SERVICE = re.compile(r"\b(?:[Uu]se the|[Kk]äytämme) ([A-ZÅÄÖ][\w-]+(?: [A-Z][\w-]+)?)[ -](?:service|palvelu)\w*")
LABEL = 3
LONGEST_NAME = 60


def controller(words: Lexicon, sentences: list[Sentence]) -> dict[str, tuple[str, Sentence]]:
    """Name, business ID, address, e-mail, phone, web and the contact's role, as far as the text has them."""
    found: dict[str, tuple[str, Sentence]] = {}
    for key, pattern, kind in (
        ("name", COMPANY, ""),
        ("business_id", BUSINESS_ID, "business_id"),
        ("phone", PHONE, "phone"),
        ("web", WEB, "url"),
    ):
        for one in sentences:
            match = next((m for m in pattern.finditer(one.text) if _right(key, m.group(), kind)), None)
            if match is not None:
                found[key] = (match.group().strip(), one)
                break
    if "name" not in found and (labelled := _labelled(words, sentences)) is not None:
        found["name"] = labelled
    if (address := _address(sentences)) is not None:
        found["address"] = address
    if (email := _email(sentences)) is not None:
        found["email"] = email
    for one in sentences:
        if "controller" in one.topics and (
            role := next((key for key, yes in words.found("role", one.text) if yes), "")
        ):
            found["role"] = (role, one)
            break
    return found


def _labelled(words: Lexicon, sentences: list[Sentence]) -> tuple[str, Sentence] | None:
    """A name that has no form of company in it, where it stands after a label: ``Controller: The Corner Shop``."""
    for one in sentences:
        label, colon, after = one.text.partition(": ")
        value = after.partition(",")[0].strip()
        short = colon and len(label.split()) <= LABEL and 1 < len(value) <= LONGEST_NAME
        if short and value[0].isupper() and words.says("label", "controller", label):
            return value.rstrip("."), one
    return None


def services(sentences: list[Sentence]) -> dict[str, list[Sentence]]:
    """Services named by a name of their own: ``We use the Counter service``."""
    found: dict[str, list[Sentence]] = {}
    for one in sentences:
        for match in SERVICE.finditer(one.text):
            found.setdefault(match.group(1), []).append(one)
    return found


def _right(key: str, value: str, kind: str) -> bool:
    if key == "web" and "tietosuoja.fi" in value:
        return False
    return not kind or _parses(kind, value)


def _parses(kind: str, value: str) -> bool:
    try:
        TYPES[kind].parse(value)
    except SelosteError:
        return False
    return True


def _address(sentences: list[Sentence]) -> tuple[str, Sentence] | None:
    """Street, postal code and town, on a line or on two."""
    for at, one in enumerate(sentences):
        after = sentences[at + 1].text if at + 1 < len(sentences) else ""
        for text in (one.text, f"{one.text}, {after}"):
            if (match := ADDRESS.search(text)) is not None and match.start() < len(one.text):
                street, code, town = match.groups()
                return f"{street}, {code} {town}", one
    return None


def _email(sentences: list[Sentence]) -> tuple[str, Sentence] | None:
    """An address of the house before one that is somebody's own name."""
    every = [
        (match.group(), one)
        for one in sentences
        for match in EMAIL.finditer(one.text)
        if _parses("email", match.group()) and "complaint" not in one.topics
    ]
    return next((each for each in every if not PERSONAL.match(each[0])), every[0] if every else None)
