"""The person as who acts."""

from __future__ import annotations

from seloste.operations.actor import Actor

ACCOUNT = "person"
"""What the journal calls somebody who looks at or changes their own."""


def myself(person: int) -> Actor:
    """The person acting for themselves, in no role."""
    return Actor(ACCOUNT, "", person)
