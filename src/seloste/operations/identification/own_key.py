"""Our own private key, by which a provider knows us and encrypts to us; for providers that take no shared secret."""

from __future__ import annotations

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from seloste.errors import SelosteError
from seloste.operations.identification.providers import Provider


def private_key(provider: Provider) -> RSAKey | ECKey:
    """The key of the provider's ``private_key_file``. Raises SelosteError when the file holds none that can be used."""
    text = provider.private_key()
    for kind in (RSAKey, ECKey):
        try:
            key = kind.import_key(text)
        except (JoseError, ValueError, TypeError):
            continue
        if key.is_private:
            return key
    raise SelosteError(
        "Tunnistuspalvelun avain ei ole yksityinen RSA- tai EC-avain (PEM).",
        "The key for the identification service is not a private RSA or EC key (PEM).",
    )
