"""Whom of a register's people an account is: what a role that sees its own only (``only:``) is narrowed by."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from seloste.catalogue.model import PERSON
from seloste.catalogue.types import TYPES
from seloste.errors import BadValue
from seloste.notice.own import own
from seloste.operations.accounts.errors import AccountError
from seloste.store.engine import quote
from seloste.store.registers import RegisterStore


def person_of(store: RegisterStore, words: str, *, now: dt.datetime) -> int:
    """The id of the one person who has that e-mail address, or of whom that is the id.

    Raises AccountError when nobody is found, or several. For people who administer accounts: it tells whether somebody
    is in the register.
    """
    text = words.strip()
    with store.read(now) as conn:
        if text.isascii() and text.isdecimal():
            found = conn.execute(f"SELECT id FROM {PERSON} WHERE id = :id", {"id": min(int(text), 2**63 - 1)}).all()
        else:
            sql = "SELECT DISTINCT row FROM sys_find WHERE key = :key AND kind = :kind"
            found = conn.execute(sql, {"key": _key(text), "kind": PERSON}).all()
    if len(found) != 1:
        raise AccountError(
            "Sähköpostilla tai tunnuksella ei löydy juuri yhtä henkilöä. Tallenna hänet ensin rekisteriin, tai anna "
            "hänen sivunsa osoitteessa oleva numero.",
            "No single person has that e-mail address or number. Add them to the register first, or give the number in "
            "the address of their page.",
        )
    return int(found[0][0])


def acting_as(store: RegisterStore, lens: str, email: str, *, now: dt.datetime) -> int | None:
    """Whom an account acts for in a role that sees its own only: whoever has its e-mail; None when nobody does."""
    if store.register.lenses[lens].only is None:
        return None
    try:
        return person_of(store, email, now=now)
    except AccountError:
        return None


def _key(text: str) -> str:
    try:
        return TYPES["email"].search_keys(TYPES["email"].parse(text))[0]
    except (BadValue, IndexError):
        return text.casefold()


def busiest(store: RegisterStore, lens: str, *, now: dt.datetime) -> int | None:
    """Who has most rows of their own by the ``only:`` of a role; None when the role has none, or nobody has any."""
    only = store.register.lenses[lens].only
    found = own(store.register.notice.kinds, only) if only is not None else None
    if found is None:
        return None
    rows: Counter[int] = Counter()
    with store.read(now) as conn:
        for column in found.persons:
            sql = f"SELECT {quote(column)} FROM {quote(found.kind)} WHERE {quote(column)} IS NOT NULL ORDER BY id"
            rows.update(int(person) for (person,) in conn.execute(sql))
    return rows.most_common(1)[0][0] if rows else None
