"""Who does a deed: an account of the staff, or a part of the program, and as which lens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """``account`` is an account's id, or the name of a part of the program (``register``, ``cli``, ``web_form``).

    ``lens`` is the role acted in, empty for deeds on accounts. ``person`` is who acts as a person of the register: the
    data subject acting for themselves, or whom the account is of in a role that sees its own only (``only:``).
    """

    account: str
    lens: str
    person: int | None = None


CLI = Actor("cli", "")
"""Whoever may run commands on the machine that holds the data."""
