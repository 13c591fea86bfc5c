"""The second step of signing in: one-time codes of an app, and recovery codes for when the phone is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seloste.operations.accounts import attempts, means, passwords, totp
from seloste.operations.accounts.errors import AccountError, CodeRefusedError, HalfGoneError
from seloste.operations.accounts.session import Open
from seloste.operations.accounts.sign_in import SignedIn, begin_session, refuse
from seloste.store import accounts, journal, second_step, sessions
from seloste.store.accounts import Account
from seloste.store.engine import Connection, Database
from seloste.store.keys import Keys

RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class Begun:
    """A secret that waits for its first code: as text to be typed, and as the address that a QR code holds."""

    secret: str
    uri: str


@dataclass(frozen=True, slots=True)
class TurnedOn:
    """Recovery codes when the account had none left, shown once; how many of its other sessions ended."""

    recovery: tuple[str, ...]
    sessions_ended: int


def begin_codes(deployment: Database, keys: Keys, account: str, *, now: datetime) -> None:
    """Make a secret for an app. Nothing changes before its first code is given."""
    sealed = keys.encrypt(totp.new_secret().hex(), place=_place(account)).hex()
    with deployment.transaction() as conn:
        second_step.begin_totp(conn, account, sealed, now)


def begun_codes(deployment: Database, keys: Keys, account: Account, *, issuer: str, now: datetime) -> Begun | None:
    """The secret that waits for its first code; None when none does."""
    with deployment.read() as conn:
        found = second_step.begun_totp(conn, account.id, now)
    if found is None:
        return None
    secret = _open(keys, found)
    return Begun(totp.text_of(secret), totp.uri(secret, account.email, issuer))


def turn_on_codes(
    deployment: Database, keys: Keys, opened: Open, typed: str, *, source: str, now: datetime
) -> TurnedOn:
    """Take one-time codes into use by the first code of the app; the account's other sessions end.

    Raises CodeRefusedError, SignInThrottledError, and AccountError when no secret waits.
    """
    account = opened.account
    begun = _count(deployment, account, source, now)
    with deployment.read() as conn:
        waiting = second_step.begun_totp(conn, account.id, now)
    if waiting is None:
        raise _begin_again()
    step = totp.step_of(_open(keys, waiting), _plain(typed), now)
    if step is None:
        refuse(deployment, account.id, "add_second_step", now)
        raise CodeRefusedError
    codes = fresh_recovery()
    with deployment.transaction() as conn:
        accounts.lock(conn, account.id)
        attempts.succeed(conn, begun, now)
        if not second_step.turn_on_totp(conn, waiting, step, now):
            raise _begin_again()
        sessions.prove(conn, opened.session.id, now, way="codes")
        return added(conn, opened, "codes", codes, now)


def added(conn: Connection, opened: Open, note: str, codes: Recovery, now: datetime) -> TurnedOn:
    """A second step was added to the held account: who got in before by less is out, and there are recovery codes."""
    account = opened.account.id
    second_step.end_halves(conn, account)
    ended = sessions.end_all(conn, account, but=opened.session.id)
    journal.append(conn, journal.Entry(now, account, "", "add_second_step", note=note))
    if second_step.recovery_left(conn, account):
        return TurnedOn((), ended)
    codes.keep(conn, account, now)
    return TurnedOn(codes.shown, ended)


def remove_codes(deployment: Database, opened: Open, *, required: bool, now: datetime) -> None:
    """No more one-time codes. Raises AccountError when there are none, or the installation asks for a second step."""
    account = opened.account.id
    with deployment.transaction() as conn:
        accounts.lock(conn, account)
        if not second_step.drop_totp(conn, account):
            raise AccountError("Kertakoodit eivät ole käytössä.", "One-time codes are not in use.")
        removed(conn, opened, "codes", required=required, now=now)


def removed(conn: Connection, opened: Open, note: str, *, required: bool, now: datetime) -> None:
    """A second step was removed, in this transaction, which holds the account (``accounts.lock``): else the last two
    could be removed at once, each seeing the other still there.

    Raises AccountError when it was the last one and is required.
    """
    account = opened.account.id
    if not means.of(conn, account).second_step:
        if required:
            raise AccountError(
                "Toinen vaihe on pakollinen. Lisää ensin toinen sovellus tai pääsyavain, ja poista tämä sitten.",
                "A second step is required. Add another app or passkey first, and then remove this one.",
            )
        second_step.drop_recovery(conn, account)
    second_step.end_halves(conn, account)
    sessions.end_all(conn, account, but=opened.session.id)
    journal.append(conn, journal.Entry(now, account, "", "remove_second_step", note=note))


# --- recovery codes ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recovery:
    """A set of recovery codes that is kept nowhere yet: as shown, and their hashes."""

    shown: tuple[str, ...]
    hashes: tuple[str, ...]

    def keep(self, conn: Connection, account: str, now: datetime) -> None:
        """Keep the hashes, in place of whatever is left of an earlier set."""
        second_step.put_recovery(conn, account, self.hashes, now)
        journal.append(conn, journal.Entry(now, account, "", "make_recovery_codes", count=len(self.hashes)))


def fresh_recovery() -> Recovery:
    """Ten codes of 79 random bits. Hashed as passwords are, each with its own salt; outside any transaction."""
    shown = tuple(passwords.readable_secret() for _ in range(RECOVERY_CODES))
    return Recovery(shown, tuple(map(passwords.hashed, shown)))


def new_recovery_codes(deployment: Database, account: str, *, now: datetime) -> tuple[str, ...]:
    """A new set of recovery codes, shown once; the old ones are worth nothing. Raises AccountError without a step."""
    codes = fresh_recovery()
    with deployment.transaction() as conn:
        accounts.lock(conn, account)
        if not means.of(conn, account).second_step:
            raise AccountError(
                "Varakoodeja tarvitaan vasta, kun toinen vaihe on käytössä.",
                "Recovery codes are needed only once there is a second step.",
            )
        codes.keep(conn, account, now)
    return codes.shown


# --- the step itself --------------------------------------------------------------------------------------------------


def waiting_sign_in(deployment: Database, half_token: str, *, now: datetime) -> Account | None:
    """Whose sign-in waits for its second step."""
    with deployment.read() as conn:
        return second_step.half(conn, half_token, now)


def finish_sign_in(
    deployment: Database,
    keys: Keys,
    half_token: str,
    typed: str,
    *,
    source: str,
    now: datetime,
    agent: str = "",
    old_token: str | None = None,
) -> SignedIn:
    """The second step by a one-time or a recovery code.

    Raises HalfGoneError, CodeRefusedError and SignInThrottledError.
    """
    account = waiting_sign_in(deployment, half_token, now=now)
    if account is None:
        raise HalfGoneError
    way = prove_code(deployment, keys, account, typed, recovery=True, source=source, now=now)
    with deployment.transaction() as conn:
        # Locking the account and removing a step end what waits, so that this finds nothing to finish after either.
        accounts.lock(conn, account.id)
        if not second_step.end_half(conn, half_token):
            raise HalfGoneError
        return begin_session(conn, account, way, source=source, agent=agent, old_token=old_token, now=now)


def prove_code(
    deployment: Database, keys: Keys, account: Account, typed: str, *, recovery: bool, source: str | None, now: datetime
) -> str:
    """Use a code up: ``codes`` for one of the app, ``recovery`` for a recovery code, where these are taken.

    Raises CodeRefusedError and SignInThrottledError.
    """
    begun = _count(deployment, account, source, now)
    plain = _plain(typed)
    if plain.isascii() and plain.isdecimal():
        way, right = "codes", _use_code(deployment, keys, account.id, plain, now)
    else:
        way, right = "recovery", recovery and _use_recovery(deployment, account.id, typed, now)
    if not right:
        refuse(deployment, account.id, "second_step", now)
        raise CodeRefusedError
    with deployment.transaction() as conn:
        attempts.succeed(conn, begun, now)
    return way


def _count(deployment: Database, account: Account, source: str | None, now: datetime) -> attempts.Try:
    with deployment.transaction() as conn:
        return attempts.begin(conn, account.id, source, now, proof="code")


def _use_code(deployment: Database, keys: Keys, account: str, plain: str, now: datetime) -> bool:
    with deployment.read() as conn:
        found = second_step.totp(conn, account)
    step = totp.step_of(_open(keys, found), plain, now) if found is not None else None
    if found is None or step is None:
        return False
    with deployment.transaction() as conn:
        return second_step.use_step(conn, account, found.sealed, step)


def _use_recovery(deployment: Database, account: str, typed: str, now: datetime) -> bool:
    plain = "".join(letter for letter in typed.casefold() if letter.isalnum())[:64]
    code = "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
    with deployment.read() as conn:
        known = second_step.recovery(conn, account)
    found = next((identity for identity, hashed in known if passwords.matches(code, hashed)), None)
    if found is None:
        return False
    with deployment.transaction() as conn:
        used = second_step.use_recovery(conn, found)
        if used:
            journal.append(conn, journal.Entry(now, account, "", "use_recovery_code", count=len(known) - 1))
    return used


def _plain(typed: str) -> str:
    return "".join(typed.split())[:64]


def _place(account: str) -> str:
    return f"totp.{account}"


def _open(keys: Keys, found: second_step.Totp) -> bytes:
    return bytes.fromhex(keys.decrypt(bytes.fromhex(found.sealed), place=_place(found.account)))


def _begin_again() -> AccountError:
    return AccountError(
        "Käyttöönotto kesti liian kauan. Aloita alusta ja lue uusi koodi sovellukseesi.",
        "Turning codes on took too long. Begin again and read the new code into your app.",
    )
