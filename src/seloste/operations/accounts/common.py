"""Passwords that many people chose, known by marks that lie in the package: nothing is asked over the network.

``common_passwords.bin`` holds the first five bytes of the SHA-256 of each, sorted (``scripts/common_passwords.py`` says
where they are from). Whoever guesses begins with these, and with what people make of them to fill a length: digits and
signs around it, a letter written as a digit, the same once more.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

WIDTH = 5
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_WRITTEN_AS = str.maketrans("@431!05$7", "aaeiiosst")


@cache
def _marks() -> frozenset[bytes]:
    data = (Path(__file__).parent / "common_passwords.bin").read_bytes()
    return frozenset(data[at : at + WIDTH] for at in range(0, len(data), WIDTH))


def is_common(password: str) -> bool:
    """Whether a password is one of them, or made of one by what adds nothing."""
    return any(hashlib.sha256(each.encode()).digest()[:WIDTH] in _marks() for each in _forms(password.casefold()))


def _forms(text: str) -> Iterator[str]:
    word = _AROUND.sub("", text)
    for each in (text, word, _once(text), _once(word)):
        yield each
        yield each.translate(_WRITTEN_AS)
    yield _AROUND.sub("", _once(text))


def _once(text: str) -> str:
    """``monkey`` of ``monkeymonkey``: the shortest text that the whole repeats."""
    again = (text + text).find(text, 1)
    return text[:again] if 0 < again < len(text) else text
