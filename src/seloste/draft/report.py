"""What Articles 13 and 14 need and a text has, lacks or leaves unclear, each with the sentence it rests on."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from seloste.catalogue.load import vocabulary
from seloste.draft.facts import Facts
from seloste.draft.judge import Judged, judged, to_mend
from seloste.draft.sentences import Sentence
from seloste.law.checklist import items
from seloste.notice.new import VOCABULARY, known

State = Literal["has", "lacks", "unclear", "idle"]
WIDTH = 100
PLACES = {"purpose": "presets", "people": "categories", "source": "sources", "security": "security"}
READ_TOO = {
    "to_third_parties",
    "outside",
    "embeds",
    "consent_to_cookies",
    "cookie_duration",
    "needed_for",
    "other_notice",
}
"""What is told without being a fact of the notice file."""
UNREAD_TOPICS = {"purpose", "data", "recipients", "retention", "source", "basis", "transfer"}


@dataclass(frozen=True, slots=True)
class Mend:
    """A fault of the text: the sentence to print and where it is seen."""

    key: str
    text: str
    where: Sentence | None


@dataclass(frozen=True, slots=True)
class Report:
    """``points`` are items N1 to N25 of the checklist, in order; ``unread`` sentences nothing was read from."""

    facts: Facts
    points: tuple[Judged, ...]
    mends: tuple[Mend, ...]
    unread: tuple[Sentence, ...]

    def state(self, item: str) -> State:
        """How the text stands on one item of the checklist."""
        return next(point.state for point in self.points if point.item == item)


@cache
def texts() -> dict[str, Any]:
    """The sentences of the report."""
    found: dict[str, Any] = tomllib.loads((Path(__file__).parent / "report.toml").read_text("utf-8"))
    return found


def report(facts: Facts) -> Report:
    """Judge what was read."""
    mends = tuple(
        Mend(key, texts()["mend"][key][facts.lang].format(**values), one) for key, one, values in to_mend(facts)
    )
    return Report(facts, tuple(judged(facts)), mends, tuple(_unread(facts)))


def _unread(facts: Facts) -> Iterator[Sentence]:
    read = {
        one
        for found in (facts.said, facts.denied)
        for name, section in found.items()
        for key, where in section.items()
        if name != "tells" or key in READ_TOO
        for one in where
    }
    read |= {one for _, one in facts.apart}
    read |= {period.where for period in facts.periods} | set(facts.open_ended)
    for one in facts.sentences:
        opens = one.text.endswith(":")
        if not one.heading and not opens and one.topics & UNREAD_TOPICS and one not in read and len(one.text) > 3:
            yield one


# --- as text ----------------------------------------------------------------------------------------------------------


def as_text(made: Report) -> str:
    """The report for people, in the language of the text."""
    lang = made.facts.lang
    head = {key: value[lang] for key, value in texts()["head"].items()}
    lines = [head["title"], "=" * len(head["title"]), head["caution"], "", *_title(head["law"])]
    for point in made.points:
        lines += _point(point, lang)
    lines += ["", *_title(head["mend"])]
    for mend in made.mends:
        lines += [f"- {mend.text}", *_quote(mend.where, lang)]
    lines += [] if made.mends else [head["none"]]
    lines += ["", *_title(head["found"]), *_found(made.facts)]
    if made.facts.apart:
        lines += ["", *_title(head["apart"]), *textwrap.wrap(head["apart_how"], WIDTH + 10)]
        for phrase, one in made.facts.apart:
            lines += [f"- {phrase}", *_quote(one, lang)]
    if made.unread:
        lines += ["", *_title(head["unread"])]
        for one in made.unread:
            lines += _quote(one, lang)
    return "\n".join(lines) + "\n"


def _title(text: str) -> list[str]:
    return [text, "-" * len(text)]


def _point(point: Judged, lang: str) -> list[str]:
    item = next(one for one in items() if one.id == point.item)
    state = texts()["state"][point.state][lang]
    article = ", ".join(_article(number, each) for number, each in (("13", item.art13), ("14", item.art14)) if each)
    lines = [f"{state:<9} {item.label[lang]} ({article})"]
    if point.why:
        lines.append(f"          {texts()['why'][point.why][lang]}")
    return [*lines, *_quote(point.where, lang)]


def _article(number: str, point: str) -> str:
    if point == "205":
        return "917/2014 205 §"
    return f"{point}" if point[:2] in ("21", "26") else f"{number}({point[0]}){point[1:]}"


def _quote(one: Sentence | None, lang: str) -> list[str]:
    if one is None:
        return []
    where = texts()["head"]["line"][lang].format(line=one.line)
    return [f"          {where}: {textwrap.shorten(one.text, WIDTH, placeholder=' …')}"]


def _found(facts: Facts) -> list[str]:
    lang = facts.lang
    lines = []
    for section, title in texts()["section"].items():
        if section == "period":
            named = [f"{_period(one.text, lang)} ({one.where.line})" for one in facts.periods]
        elif section == "purpose":
            named = [f"{_label(section, key, lang)} ({one.line})" for key, one in facts.purposes.items()]
        else:
            named = [f"{_label(section, key, lang)} ({where[0].line})" for key, where in facts.said[section].items()]
        said = ", ".join(dict.fromkeys(named)) or texts()["head"]["none"][lang]
        lines += textwrap.wrap(f"{title[lang]}: {said}", WIDTH + 10, subsequent_indent="  ")
    return lines


def _period(text: str, lang: str) -> str:
    number, unit = text.split()
    return f"{number} {texts()['unit'][unit.rstrip('s')][lang]}" if lang == "fi" else text


def _label(section: str, key: str, lang: str) -> str:
    """What a key is called, in the words of the vocabulary."""
    words = vocabulary(VOCABULARY)
    if key in words.presets and section == "item":
        section = "purpose"
    if section in PLACES:
        own = {"purpose": "purpose", "people": "category"}.get(section, "")
        one = getattr(words, PLACES[section]).get(key) or known().get(own, {}).get(key, {})
        return str(one.get("text", {}).get(lang, key)).rstrip(".")
    if section == "item":
        kind, _, name = key.partition(".")
        if kind in words.kinds:
            of = words.kinds[kind]
            return of.items[name].label[lang] if name in of.items else of.label[lang]
        if kind in known()["kind"]:
            return str(known()["kind"][kind]["label"][lang])
        return next((str(each[lang]) for of, each in words.texts["groups"].items() if of.endswith(f".{key}")), key)
    return _party(section, key, lang)


def _party(section: str, key: str, lang: str) -> str:
    from seloste.draft.read import parties

    one = parties()[section].get(key, {})
    return str((one.get("text") or one.get("does") or one.get("label") or {}).get(lang) or key.replace("_", " "))
