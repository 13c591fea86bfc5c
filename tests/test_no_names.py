"""What must never enter the project: real people's names and numbers, and the marks of one machine or tool.

The words themselves stand only as hashes, in ``never.toml``.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import tomllib
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NEVER: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "never.toml").read_text(encoding="utf-8"))
# Vendored text is not ours; the lock is made of versions and hashes, and lock.py refuses places in it.
NOT_OURS = ("tests/vendor/", "requirements.lock")

WORD = re.compile(r"[a-z]+")
PAIR = re.compile(r"(?=\b([a-z]+)[^a-z\n]{1,3}([a-z]+))")
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
PLACE = re.compile(r"(?<![\w.])/[\w.-]+/[\w.-]+")
DIGITS = re.compile(r"\d[\d \-()/\u00a0]{4,}\d")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def parts(text: str) -> Iterator[tuple[str, str]]:
    """Each group's pieces of ``text``. Words lose case, accents and (for names, by their prefixes) case endings."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("_", " ")
    for word in set(WORD.findall(plain)):
        yield "tools", word
        yield from (("people", word[:length]) for length in range(7, len(word) + 1))
    for first, second in set(PAIR.findall(plain)):
        yield "tools", f"{first} {second}"
        yield from (("people", f"{first} {second[:length]}") for length in range(5, len(second) + 1))
        yield from (("people", f"{first[:length]} {second}") for length in range(7, len(first) + 1))
    for host in set(HOST.findall(plain)):
        labels = host.split(".")
        yield from (("hosts", ".".join(labels[start:])) for start in range(len(labels) - 1))
    yield from (("places", place) for place in set(PLACE.findall(text)))
    for run in set(DIGITS.findall(text)):
        number = re.sub(r"\D", "", run)
        yield from (("numbers", number[at : at + size]) for size in (7, 9) for at in range(len(number) - size + 1))


def found_in(text: str, never: dict[str, list[str]]) -> list[str]:
    """The groups whose words stand in ``text``; never the words."""
    return sorted({group for group, part in parts(text) if digest(part) in never[group]})


def tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:  # a copy without its history
        files = (path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file())
        return [name for name in files if not name.startswith((".venv/", ".git/", "var/"))]
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts(path: Path) -> Iterator[str]:
    """The text of a file; of a workbook or another zip, that of its parts. Pictures and fonts have none."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
        return
    content = path.read_bytes()
    if b"\0" not in content[:8000]:
        yield content.decode("utf-8", "replace")


def test_no_file_holds_what_must_never_enter() -> None:
    never = {group: frozenset(hashes) for group, hashes in NEVER.items()}
    found = {}
    for name in tracked_files():
        if name.startswith(NOT_OURS):
            continue
        groups = set(found_in(name, never))
        for text in texts(ROOT / name):
            groups.update(found_in(text, never))
        if groups:
            found[name] = sorted(groups)
    assert found == {}


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Yhteyshenkilö: Éinö Mallinen, 040", "people"),
        ("eino.mallinen@firm.example", "people"),
        ("Eino Mallisen mielestä", "people"),
        ("EINO_MALLINEN = 1", "people"),
        ("Harvinaiselle, Mallinen, Eino", "people"),
        ("Soita +358 40 123 45 67.", "numbers"),
        ("(040) 123-4567", "numbers"),
        ("index = https://mirror.registry.example/simple", "hosts"),
        ("read /somewhere/here/notes.md first", "places"),
        ("written by Robotnik.", "tools"),
        ("made with machine-help", "tools"),
    ],
)
def test_it_finds_a_word_however_it_is_written(text: str, group: str) -> None:
    never = {
        "people": [digest("eino malli"), digest("mallinen eino"), digest("harvinai")],
        "numbers": [digest("401234567")],
        "hosts": [digest("registry.example")],
        "places": [digest("/somewhere/here")],
        "tools": [digest("robotnik"), digest("machine help")],
    }
    assert group in found_in(text, never)
    assert (
        found_in("Aino Mallinen ja Eino Muu, 040 123 9999, /else/where, registry.other.example, robot help", never)
        == []
    )


def test_the_list_holds_hashes_alone() -> None:
    assert set(NEVER) == {"people", "numbers", "hosts", "places", "tools"}
    assert all(re.fullmatch("[0-9a-f]{64}", entry) for entries in NEVER.values() for entry in entries)
