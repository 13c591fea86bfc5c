"""What may go wrong on the way to a provider and back. No message tells what the provider said of anybody."""

from __future__ import annotations

from seloste.errors import SelosteError


class IdentificationError(SelosteError):
    """Nobody was identified. ``code`` is for the log; ``word`` names the sentence, for an address to carry."""

    word = "failed"

    def __init__(self, code: str, message_fi: str, message_en: str) -> None:
        super().__init__(message_fi, message_en)
        self.code = code


class UnavailableError(IdentificationError):
    """The provider does not answer as it should."""

    word = "unavailable"

    def __init__(self, code: str) -> None:
        super().__init__(
            code,
            "Tunnistuspalvelu ei vastaa. Yritä hetken kuluttua uudelleen.",
            "The identification service does not answer. Try again in a while.",
        )


class NotProvenError(IdentificationError):
    """What came back does not prove who somebody is: forged, too old, used, of another browser, or too weak."""

    def __init__(self, code: str) -> None:
        super().__init__(
            code,
            "Tunnistautuminen ei onnistunut. Aloita alusta.",
            "The identification did not succeed. Begin anew.",
        )


class CancelledError(IdentificationError):
    """The person turned back at the provider."""

    word = "cancelled"

    def __init__(self) -> None:
        super().__init__(
            "cancelled",
            "Tunnistautuminen keskeytyi. Mitään ei avattu.",
            "The identification was cancelled. Nothing was opened.",
        )


class NobodyError(IdentificationError):
    """Who somebody is was proven, but the register holds nobody who could be told to be them."""

    word = "nobody"

    def __init__(self) -> None:
        super().__init__(
            "nobody",
            "Tunnistautuminen onnistui, mutta emme löytäneet tietojasi näillä tunnistetiedoilla.",
            "You were identified, but we found no data of yours by what identified you.",
        )


class OftenError(IdentificationError):
    """One network tried too often."""

    word = "often"

    def __init__(self) -> None:
        super().__init__(
            "often",
            "Tunnistautumista on yritetty täältä liian monta kertaa. Odota tunti.",
            "Identification has been tried too many times from here. Wait an hour.",
        )


WORDS = ("failed", "unavailable", "cancelled", "nobody", "often")
"""Every word that an address may carry."""
