"""A device with a passkey, in a few lines: what it signs may be wrong in any way that a test wants."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Device:
    """Its key, and how often it was used. ``host`` and ``origin`` are where the browser says that it is."""

    def __init__(self, host: str = "s.example", origin: str = "https://s.example") -> None:
        self.host, self.origin, self.uses = host, origin, 0
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = sha256(str(id(self)).encode() + self.key.private_numbers().private_value.to_bytes(32)).digest()
        self.user = b""

    def _client(self, kind: str, challenge: str, **more: Any) -> CollectedClientData:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False, **more}
        return CollectedClientData(json.dumps(said).encode())

    def make(self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED | ATTESTED, **more: Any) -> str:
        """The answer to being asked for a new passkey."""
        self.user = websafe_decode(options["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())
        known = AttestedCredentialData.create(b"m" * 16, self.id, public)
        data = AuthenticatorData.create(sha256(self.host.encode()).digest(), flags, self.uses, known)
        attested = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", options["challenge"], **more)
        return self._answer(clientDataJSON=bytes(client), attestationObject=bytes(attested))

    def sign(
        self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED, user: bytes | None = None, **more: Any
    ) -> str:
        """The answer to being asked who one is."""
        self.uses += 1
        data = AuthenticatorData.create(sha256(self.host.encode()).digest(), flags, self.uses)
        client = self._client("webauthn.get", options["challenge"], **more)
        signature = self.key.sign(bytes(data) + client.hash, ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=bytes(client),
            authenticatorData=bytes(data),
            signature=signature,
            userHandle=self.user if user is None else user,
        )

    def _answer(self, **response: bytes) -> str:
        identity = websafe_encode(self.id)
        said = {name: websafe_encode(data) for name, data in response.items()}
        return json.dumps({"id": identity, "rawId": identity, "type": "public-key", "response": said})
