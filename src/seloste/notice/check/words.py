"""The words by which a list names items, so that a finding is said once a word and not once an item."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from seloste.notice.model import Notice, Ref


def words_not_held(notice: Notice, path: str, held: Collection[Ref]) -> Iterator[tuple[str, str]]:
    """``(word, path)`` of each word written under ``path`` none of whose items is in ``held``."""
    first: dict[str, str] = {}
    there: set[str] = set()
    for at, word in notice.words.items():
        if at.startswith(f"{path}."):
            kind, _, item = at.removeprefix(f"{path}.").removeprefix("items.").partition(".")
            first.setdefault(word, at)
            if Ref(kind, item) in held:
                there.add(word)
    for word, at in first.items():
        if word not in there:
            yield word, at


def one_of_each_word(notice: Notice, path: str, refs: Iterable[Ref]) -> list[tuple[str, Ref]]:
    """``(word, its first item)`` for the words that stand for ``refs``."""
    found: dict[str, Ref] = {}
    for ref in refs:
        found.setdefault(notice.words.get(f"{path}.{ref}", str(ref)), ref)
    return list(found.items())
