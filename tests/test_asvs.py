"""The points of OWASP ASVS in docs/reference/asvs.md: all of them, each with a state, and a test that is there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "reference" / "asvs.md"
STATES = ("met", "absent", "yours", "part", "open")
POINT = re.compile(r"^\| (\d+)\.(\d+)\.(\d+) \| (.+) \|$", re.MULTILINE)
# How many points of levels 1 and 2 each chapter of ASVS 5.0.0 has. The seven of chapter 17 (WebRTC) stand as one line.
CHAPTERS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
}


def points() -> list[tuple[tuple[int, int, int], list[str]]]:
    found = POINT.finditer(PAGE.read_text(encoding="utf-8"))
    return [((int(m[1]), int(m[2]), int(m[3])), re.split(r" ?\| ?", m[4].strip())) for m in found]


def test_every_point_is_there_once_and_in_order() -> None:
    numbers = [number for number, _ in points()]
    assert numbers == sorted(set(numbers))
    assert {chapter: sum(n[0] == chapter for n in numbers) for chapter in CHAPTERS} == CHAPTERS


def test_every_point_has_a_state_and_says_what_is_done() -> None:
    wrong = [number for number, (state, done, *_) in points() if state not in STATES or len(done) < 4]
    assert wrong == []


def test_every_test_that_is_named_is_there() -> None:
    missing = []
    for number, cells in points():
        for file, _, name in re.findall(r"`([\w/]+\.py)(::(\w+))?`", cells[-1]):
            path = TESTS / file
            if not path.is_file() or (name and not re.search(rf"^def {name}\(", path.read_text("utf-8"), re.MULTILINE)):
                missing.append((number, file, name))
    assert missing == []
