"""What a company promises: one file, read, checked and written out. Nothing here knows SQL, the web or the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from seloste.notice.check import CheckResult
    from seloste.notice.model import Notice


def load(path: Path | str) -> Notice:
    """The expanded notice of a file that has no errors.

    Raises ``NoticeUnreadable`` when the file is not a notice at all, ``NoticeFaulty`` (with ``findings``) when it has
    errors.
    """
    from seloste.notice.check import check

    return _sound(check(path))


def load_text(text: str) -> Notice:
    """The same of a file's text, which extends no frame. Raises as ``load`` does."""
    from seloste.notice.check import check_parsed
    from seloste.notice.parse import read_text

    return _sound(check_parsed(read_text(text)))


def _sound(result: CheckResult) -> Notice:
    from seloste.notice.findings import NoticeFaulty

    if result.notice is None or result.has_errors:
        raise NoticeFaulty(result.findings)
    return result.notice
