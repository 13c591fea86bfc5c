"""What a company promises: one file, read, checked and written out. Nothing here knows SQL, the web or the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from seloste.notice.model import Notice


def load(path: Path | str) -> Notice:
    """The expanded notice of a file that has no errors.

    Raises ``NoticeUnreadable`` when the file is not a notice at all, ``NoticeFaulty`` (with ``findings``) when it has
    errors.
    """
    from seloste.notice.check import check
    from seloste.notice.findings import NoticeFaulty

    result = check(path)
    if result.notice is None or result.has_errors:
        raise NoticeFaulty(result.findings)
    return result.notice
