"""What can go wrong with accounts, said so that nobody learns whether an account exists."""

from __future__ import annotations

from datetime import datetime, timedelta

from seloste.clock import HELSINKI
from seloste.errors import SelosteError


class AccountError(SelosteError):
    """A deed on an account that cannot be done as asked."""


class SignInRefusedError(SelosteError):
    """E-mail or password is wrong, or the account is closed; never which."""

    def __init__(self) -> None:
        super().__init__("Sähköposti tai salasana on väärin.", "E-mail or password is wrong.")


class SignInThrottledError(SelosteError):
    """Too many failures: nothing is tried before ``until``, whether or not the account exists."""

    def __init__(self, until: datetime) -> None:
        # Up to the next whole minute: the time shown must not come a moment too early.
        self.until = (until + timedelta(seconds=59)).astimezone(HELSINKI).replace(second=0, microsecond=0)
        super().__init__(
            f"Liian monta väärää yritystä. Yritä uudelleen klo {self.until:%-H.%M}.",
            f"Too many wrong tries. Try again at {self.until:%H:%M}.",
        )


class PasswordError(SelosteError):
    """A new password that would be too easy to guess."""


class CodeRefusedError(SelosteError):
    """A code of the second step that is wrong, used already or no longer in time; never which."""

    def __init__(self) -> None:
        super().__init__(
            "Koodi on väärin tai jo käytetty. Odota sovelluksen seuraavaa koodia ja kirjoita se.",
            "The code is wrong or used already. Wait for the next one in your app and write that.",
        )


class HalfGoneError(SelosteError):
    """A sign-in waited too long for its second step."""

    def __init__(self) -> None:
        super().__init__("Kirjautuminen kesti liian kauan. Aloita alusta.", "Signing in took too long. Begin again.")


class PasskeyRefusedError(SelosteError):
    """An answer of a passkey that is not as it was asked, too late, or used before; never which."""

    def __init__(self) -> None:
        super().__init__("Pääsyavain ei kelvannut. Yritä uudelleen.", "The passkey was not accepted. Try again.")
