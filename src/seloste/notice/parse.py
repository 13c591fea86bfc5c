"""notice.yaml -> Parsed: one tree with the place of every word, its frames merged in.

A file without ``register:`` is a frame. ``extends: path`` (relative to the file) lays a file over a frame: mappings
merge by name, a word or list replaces, a list that begins with ``+`` adds. A merged word keeps its own place.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from seloste.notice.findings import NoticeUnreadable, rule
from seloste.notice.model import Place
from seloste.notice.tree import MAX_BYTES, TOO_BIG, Node, read_tree, short, unreadable

MAX_FRAMES = 5

LANGUAGES = ("fi", "sv", "en", "se", "et", "ru", "de", "fr", "es")
"""Codes a text may be keyed by (ISO 639-1)."""

NO_FILE = rule(
    "F10-no-file",
    "error",
    en="The file cannot be opened: {why}.",
    fi="Tiedostoa ei voi avata: {why}.",
    help_en="Check the path and that you may read the file.",
    help_fi="Tarkista polku ja että saat lukea tiedoston.",
)
BAD_FRAME = rule(
    "F11-no-frame",
    "error",
    en="The frame `{path}` that this file extends cannot be used: {why}.",
    fi="Pohjaa `{path}` ei voi käyttää: {why}.",
    help_en="`extends:` takes the path of a frame (a notice file without `register:`) relative to this file.",
    help_fi="`extends:` on pohjan (selosteen, jossa ei ole riviä `register:`) polku tästä tiedostosta katsoen.",
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A notice file as written, frames merged."""

    root: Node
    file: str
    files: tuple[str, ...]
    """The file and the frames it rests on, nearest first."""

    @property
    def is_frame(self) -> bool:
        """Whether the file is a frame: it names no register of its own."""
        return self.root.get("register") is None


def read(path: Path | str) -> Parsed:
    """Read a notice and its frames. Raises ``NoticeUnreadable``."""
    file = os.fspath(path)
    root = read_tree(_bytes(file), file)
    files = [file]
    whole, current = root, root
    while (extends := current.get("extends")) is not None:
        frame_file, frame = _frame(extends, files)
        files.append(frame_file)
        whole, current = lay_over(frame, whole), frame
    if "register" not in root.map:
        # A frame's register is never somebody else's: laid over a notice by mistake it would take its name.
        whole.map.pop("register", None)
    return Parsed(whole, file, tuple(files))


def read_text(text: str | bytes, file: str = "notice.yaml") -> Parsed:
    """Read a notice from memory; it may not extend anything. Raises ``NoticeUnreadable``."""
    root = read_tree(text.encode() if isinstance(text, str) else text, file)
    extends = root.get("extends")
    if extends is not None:
        raise unreadable(BAD_FRAME, extends.place, path=short(extends.word), why=_NOT_FROM_MEMORY)
    return Parsed(root, file, (file,))


_NOT_FROM_MEMORY = {"en": "this text is not in a file", "fi": "tämä teksti ei ole tiedostossa"}


def _bytes(file: str) -> bytes:
    place = Place(file, 1, 1)
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise unreadable(NO_FILE, place, why=_os_reason(error)) from None
    if len(data) > MAX_BYTES:
        raise unreadable(TOO_BIG, place, limit=MAX_BYTES, unit={"en": "bytes", "fi": "tavua"})
    return data


def _os_reason(error: Exception) -> dict[str, str]:
    match error:
        case FileNotFoundError():
            return {"en": "it is not there", "fi": "sitä ei ole"}
        case PermissionError():
            return {"en": "you may not read it", "fi": "sitä ei saa lukea"}
        case IsADirectoryError():
            return {"en": "it is a folder", "fi": "se on kansio"}
    return {"en": "the system refuses", "fi": "järjestelmä ei anna avata sitä"}


def _frame(extends: Node, files: list[str]) -> tuple[str, Node]:
    def refuse(en: str, fi: str) -> NoticeUnreadable:
        return unreadable(BAD_FRAME, extends.place, path=short(extends.word), why={"en": en, "fi": fi})

    if extends.shape != "word":
        raise refuse("it is not a path", "se ei ole polku")
    if Path(extends.word).is_absolute() or ":" in extends.word or "\0" in extends.word:
        raise refuse("only a relative path may stand here", "polun on oltava suhteellinen")
    if len(files) > MAX_FRAMES:
        raise refuse(f"more than {MAX_FRAMES} frames follow each other", f"pohjia on peräkkäin yli {MAX_FRAMES}")
    file = os.path.normpath(Path(files[-1]).parent / extends.word)
    if os.path.realpath(file) in {os.path.realpath(known) for known in files}:
        raise refuse("the frames extend each other in a circle", "pohjat laajentavat toisiaan kehässä")
    try:
        tree = read_tree(_bytes(file), file)
    except NoticeUnreadable as error:
        if error.finding.rule is NO_FILE:
            why = error.finding.facts["why"]
            assert isinstance(why, dict)
            raise refuse(why["en"], why["fi"]) from None
        raise
    if tree.get("register") is not None:
        raise refuse("it is a notice with a `register:` of its own", "se on seloste, jolla on oma `register:`")
    return file, tree


def lay_over(base: Node, own: Node) -> Node:
    """``own`` over ``base``: mappings by name, ``[+, ...]`` adds, nothing leaves what is there, else ``own`` wins."""
    if own.shape == "nothing":
        return base if base.shape != "nothing" else own
    if base.shape == "map" and own.shape == "map" and not is_text(own):
        made = Node("map", own.place, map=dict(base.map), keys=dict(base.keys))
        for key, value in own.map.items():
            made.map[key] = lay_over(base.map[key], value) if key in base.map else value
            made.keys[key] = own.keys[key]
        return made
    if base.shape == "list" and own.shape == "list" and adds(own):
        return Node("list", own.place, items=[*base.items, *own.items[1:]])
    return own


def is_text(node: Node) -> bool:
    """Whether a mapping is one text in several languages: it replaces another whole, or the two would mix."""
    return bool(node.map) and all(key in LANGUAGES for key in node.map)


def adds(node: Node) -> bool:
    """Whether a list begins with ``+``: it adds to what a preset or a frame says."""
    return node.shape == "list" and bool(node.items) and node.items[0].word == "+"
