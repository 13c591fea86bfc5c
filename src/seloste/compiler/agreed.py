"""Kinds whose rows are agreed to one by one (``per: row``), and the day by which a row's own consent ends."""

from __future__ import annotations

import sqlalchemy as sa

from seloste.catalogue.model import PERSON
from seloste.compiler.functions import Sql, or_forever
from seloste.compiler.register import Register
from seloste.notice.model import Notice
from seloste.notice.row_consent import others_of, row_kinds

AGREED = sa.table("sys_agreed", sa.column("kind"), sa.column("row"), sa.column("permission"))
"""Which permission a row rests on: an id beside an id; ``store.agreed`` makes and writes it."""


def agreed_kinds(notice: Notice) -> dict[str, str]:
    """Kind -> purpose, of kinds whose rows are kept for a purpose that asks for the consent of each, and no other.

    ``seloste check`` finds what keeps a consent of each row from being held.
    """
    return {
        kind: purpose.key
        for purpose in notice.purposes.values()
        for kind in row_kinds(notice, purpose)
        if not others_of(notice, purpose, kind)
    }


def agreed_until(register: Register, kind: str, row: sa.FromClause) -> Sql:
    """The last day of the consent that a row rests on: none once it is withdrawn, objected to or gone.

    A row stored by an earlier version rests on none of its own, and has no such end.
    """
    purpose = register.agreed[kind]
    given, raised = register.sa("permission").alias("g"), register.sa("objection").alias("n")
    before = sa.or_(given.c.given_at.is_(None), raised.c.raised_at.is_(None), given.c.given_at <= raised.c.raised_at)
    objected = (
        sa.select(sa.literal(1))
        .where(
            raised.c[PERSON] == row.c[PERSON],
            raised.c.purpose == purpose,
            raised.c.state == "upheld",
            raised.c.withdrawn_at.is_(None),
            before,
        )
        .correlate(given, row)
        .exists()
    )
    own = sa.and_(given.c.id == AGREED.c.permission, given.c[PERSON] == row.c[PERSON], given.c.purpose == purpose)
    ended = sa.or_(given.c.id.is_(None), given.c.withdrawn_at.is_not(None), objected)
    found = (
        sa.select(sa.case((ended, ""), else_=or_forever(given.c.ends_on)))
        .select_from(AGREED.outerjoin(given, own))
        .where(AGREED.c.kind == kind, AGREED.c.row == row.c.id)
        .correlate(row)
        .scalar_subquery()
    )
    return or_forever(found)
