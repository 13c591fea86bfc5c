"""The staff sign in by a provider of the house (OpenID Connect).

No account is made by it. The first time, an account is found by the e-mail address that the provider says it has
verified, and linked; from then on it is the link that counts, so that an address given to somebody else opens nothing.
What somebody else may have chosen for that account before (:func:`change.proven`) opens nothing from then on.
"""

from __future__ import annotations

from datetime import UTC, datetime

from seloste.operations.accounts import change
from seloste.operations.accounts.create import normal_email
from seloste.operations.accounts.errors import SignInRefusedError
from seloste.operations.accounts.sign_in import SignedIn, begin_session, refuse
from seloste.operations.identification.flow import Proven
from seloste.store import accounts, identified
from seloste.store.accounts import Account
from seloste.store.engine import Connection, Database


def sign_in_by(
    deployment: Database, proven: Proven, *, source: str, now: datetime, agent: str = "", old_token: str | None = None
) -> SignedIn:
    """Begin a session of the account that is theirs; the one of ``old_token`` ends. Raises SignInRefusedError."""
    with deployment.transaction() as conn:
        account = _account(conn, proven, now)
        if account is not None:
            # Looked at again once nobody else changes it: who locks it meanwhile means to keep them out.
            accounts.lock(conn, account.id)
            account = accounts.by_id(conn, account.id)
        if account is not None and account.active:
            way = f"by:{proven.provider.key}"
            return begin_session(
                conn,
                account,
                way,
                source=source,
                agent=agent,
                old_token=old_token,
                proved=_proved(proven, now),
                now=now,
            )
    refuse(deployment, account.id if account else "unknown", "sign_in", now)
    raise SignInRefusedError


def _proved(proven: Proven, now: datetime) -> datetime:
    """When they proved to the provider who they are, as far as it says: it may have known them since this morning."""
    told = proven.claims.get("auth_time")
    if told is None:
        return now
    sound = isinstance(told, int | float) and not isinstance(told, bool) and 0 <= told <= now.timestamp()
    return datetime.fromtimestamp(told, UTC) if sound else datetime.fromtimestamp(0, UTC)


def _account(conn: Connection, proven: Proven, now: datetime) -> Account | None:
    issuer, subject = proven.provider.issuer, str(proven.claims["sub"])
    linked = identified.account_of(conn, issuer, subject)
    if linked is not None:
        return accounts.by_id(conn, linked)
    address = proven.claims.get(proven.provider.email_claim)
    # Verified must be said, and as a truth: many providers let people write any address.
    if proven.claims.get(proven.provider.verified_claim) is not True or not isinstance(address, str):
        return None
    if not address.isprintable():
        return None
    found = accounts.by_email(conn, normal_email(address)[:320])
    if found is None or not found[0].active or not identified.link(conn, issuer, subject, found[0].id, now):
        return None
    change.proven(conn, found[0].id, now)
    return found[0]
