"""Why something cannot be said: common to all that is written down of a person's yes and no."""

from __future__ import annotations

from seloste.errors import SelosteError


class CannotSayError(SelosteError):
    """That cannot be said of this purpose: consent where it is not the basis, an objection where none is given."""


class RestrictedError(CannotSayError):
    """Use of their data is paused: nothing new is agreed to meanwhile (Art. 18(2))."""

    def __init__(self) -> None:
        super().__init__(
            "Hänen tietojensa käyttö on keskeytetty. Luvan voi kirjata, kun keskeytys on päättynyt. Kielto, "
            "vastustaminen ja luvan peruminen kirjataan heti.",
            "Use of their data is paused. A consent can be recorded when the pause has ended. A ban, an objection "
            "and a withdrawal are recorded at once.",
        )
