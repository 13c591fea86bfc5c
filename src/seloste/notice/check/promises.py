"""Checks of promises, none yet."""

from __future__ import annotations

from collections.abc import Iterable

from seloste.notice.findings import Finding
from seloste.notice.model import Notice


def findings(notice: Notice) -> Iterable[Finding]:
    return ()
