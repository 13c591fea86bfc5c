"""Countries outside the EEA that a text names, in the cases of Finnish: *Yhdysvalloissa*, *Intiaan*, *Kiinasta*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

from seloste.clock import now, today
from seloste.draft.lexicon import Lang
from seloste.law.countries import eea
from seloste.notice.countries import COUNTRIES

CALLED = {
    "US": (r"USA(?::\w+)?", r"U\.S\.(?:A\.)?", r"Yhdysval\w+", r"Amerik[ak]\w*", r"(?:the )?United States"),
    "GB": (
        r"UK(?::\w+)?",
        r"Yhdistyne\w+ kuningaskun\w+",
        r"Englan(?!niksi|nin(?:kieli|[ -]kiel))\w+",
        r"(?:Great )?Britain",
        r"England",
    ),
}
"""What people call a country beside its name; *Englanniksi* is a language."""
ALSO_A_WORD = frozenset({"OM", "PE", "TO", "GU", "PW"})
"""Names that are other words too (*oman*, *Perun*, *Palauta*): one at the beginning of a sentence says nothing."""
LONGEST = 8
"""Letters that a case may add to a plural's stem."""
ENDINGS = r"(?:n|ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi|na|nä|ta|tä|[aä]|h?[aeiouyäö]{1,2}n)?(?:kin|kaan|kään)?"
WEAK = (("kk", "k"), ("pp", "p"), ("tt", "t"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr"), ("nk", "ng"), ("mp", "mm"))
"""Consonants that change in a closed syllable: ``Turkki``, ``Turkissa``."""


def named(text: str, lang: Lang) -> Iterator[tuple[str, int]]:
    """The codes of countries outside the EEA that ``text`` names, and where each name ends."""
    for code, pattern in _patterns(lang).items():
        for match in pattern.finditer(text):
            if code not in ALSO_A_WORD or re.search(r"[a-zåäö,] $", text[: match.start()]):
                yield code, match.end()
                break


@cache
def _patterns(lang: Lang) -> dict[str, re.Pattern[str]]:
    territories = Locale(lang).territories
    inside = eea(today(now()))
    found = {}
    for code in sorted(COUNTRIES - inside):
        name = territories.get(code, "")
        ways = [_inflected(name) if lang == "fi" else re.escape(name)] if name else []
        ways += CALLED.get(code, ())
        if ways:
            found[code] = re.compile(rf"(?<![\w-])(?:{'|'.join(ways)})(?![\w-])")
    return found


def _inflected(name: str) -> str:
    """A pattern of a Finnish name in its cases; of several words or parts the last one changes."""
    first, mark, last = name.rpartition("-") if "-" in name else name.rpartition(" ")
    # The first part may change too: *Uudessa-Seelannissa*.
    before = rf"{re.escape(first[:2])}\w*{re.escape(mark)}" if mark == "-" else re.escape(first + mark)
    return before + _last(last)


def _last(word: str) -> str:
    if word.endswith("t"):
        return rf"{re.escape(word[:-3])}\w{{2,{LONGEST}}}"
    if not word or word[-1] not in "aeiouyäö":
        return rf"{re.escape(word)}(?:i{ENDINGS})?"
    stems = [word, *(weak for weak in [_weak(word)] if weak)]
    stems += [stem[:-1] + "e" for stem in stems if stem.endswith("i")]
    return rf"(?:{'|'.join(map(re.escape, stems))}){ENDINGS}"


def _weak(word: str) -> str:
    body, vowel = word[:-1], word[-1]
    return next((body.removesuffix(strong) + weak + vowel for strong, weak in WEAK if body.endswith(strong)), "")
