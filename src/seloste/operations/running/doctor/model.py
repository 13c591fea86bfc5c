"""What a check finds, and what it looks at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from seloste.settings import Settings
from seloste.store.engine import Database
from seloste.store.registers import Registers

Level = Literal["ok", "warn", "bad"]
LEVELS: tuple[Level, ...] = ("ok", "warn", "bad")
"""In order: all is well; see to it soon; something people rely on does not work, or data may be lost."""

Text = tuple[str, str]
"""In Finnish and in English: whole sentences, without a value of anybody."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``where`` is a path, a setting or a server; ``register`` is empty when it is the
    installation's. ``todo`` says what to do, of what is not ``ok``.
    """

    check: str
    level: Level
    what: Text
    where: str = ""
    todo: Text = ("", "")
    register: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """An installation to be looked at. ``network``: servers of mail and certificates may be asked too.

    ``deployment`` is open as it is, nothing was migrated; ``registers`` is None where it cannot be opened whole.
    """

    settings: Settings
    now: dt.datetime
    network: bool
    deployment: Database | None = None
    registers: Registers | None = None
    keys: tuple[str, ...] = ()
    """The registers that are looked at."""
    quick: bool = False
    """Whether somebody waits for a page: what takes long is left to the command."""


Check = Callable[[Case], Iterator[Finding]]


def worst(findings: tuple[Finding, ...]) -> Level:
    """The gravest level of all."""
    return max((each.level for each in findings), key=LEVELS.index, default="ok")
