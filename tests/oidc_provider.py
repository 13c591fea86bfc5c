"""A small OpenID provider on this machine: real keys, real tokens, and ways to have it lie."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwe, jws, jwt
from joserfc.jwk import ECKey, RSAKey

RSA = [RSAKey.generate_key(2048, {"kid": f"rsa{number}", "use": "sig"}) for number in (1, 2)]
"""Made once; a key takes a while."""
STRONG = "http://ftn.ficora.fi/2017/loatest2"


@dataclass
class Provider:
    """Answers as OpenID Connect Core 1.0 says, unless told otherwise.

    ``who`` are the claims of whoever sits at the browser; ``lie`` changes the claims before they are signed, ``sign``
    signs them instead, ``answer`` changes what goes back to the browser; ``client`` is None for one that must sign.
    """

    url: str = ""
    client: str | None = "salainen sana: ä/&+"
    client_id: str = "seloste rekisteri"
    client_key: RSAKey | ECKey | None = None
    who: dict[str, Any] = field(default_factory=dict)
    keys: list[Any] = field(default_factory=lambda: [RSA[0]])
    published: list[Any] | None = None
    lie: Callable[[dict[str, Any]], None] = lambda claims: None
    sign: Callable[[dict[str, Any]], str] | None = None
    answer: Callable[[dict[str, str]], None] = lambda answer: None
    encrypt_to: RSAKey | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    down: bool = False
    redirects: bool = False
    drips: bool = False
    """Whether an answer comes letter by letter."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    assertions: set[str] = field(default_factory=set)

    def authorize(self, url: str) -> str:
        """What a browser is sent back to, by somebody who identifies themselves as ``who``."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query, strict_parsing=True).items()}
        assert asked["response_type"] == "code"
        assert asked["client_id"] == self.client_id
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.url}
        self.answer(answer)
        return asked["redirect_uri"] + "?" + urlencode(answer)

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "authorization_response_iss_parameter_supported": True,
            **self.metadata,
        }

    def jwks(self) -> dict[str, Any]:
        every = self.keys if self.published is None else self.published
        return {"keys": [each if isinstance(each, dict) else each.as_dict(private=False) for each in every]}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Tokens for a code, once, to whoever asked for it and can show that."""
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or not self._knows(form, authorization) or challenge != asked["code_challenge"]:
            return None
        if form["redirect_uri"] != asked["redirect_uri"] or form["grant_type"] != "authorization_code":
            return None
        at = int(self.clock())
        access = secrets.token_urlsafe(16)
        half = hashlib.sha256(access.encode()).digest()[:16]
        claims = {
            "iss": self.url, "aud": self.client_id, "sub": "s-1", "nonce": asked["nonce"], "iat": at, "exp": at + 300,
            "acr": asked.get("acr_values", "").split(" ")[0],
            "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="), **self.who,
        }  # fmt: skip
        self.lie(claims)
        claims = {name: value for name, value in claims.items() if value is not None}
        made = self.sign(claims) if self.sign else signed(claims, self.keys[0])
        if self.encrypt_to is not None:
            header = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT"}
            made = jwe.encrypt_compact(header, made, self.encrypt_to, algorithms=list(header.values())[:2])
        return {"access_token": access, "token_type": "Bearer", "id_token": made}

    def _knows(self, form: dict[str, str], authorization: str) -> bool:
        if self.client is not None:
            kind, _, pair = authorization.partition(" ")
            name, _, secret = base64.b64decode(pair).decode().partition(":")
            return kind == "Basic" and (unquote(name), unquote(secret)) == (self.client_id, self.client)
        assert self.client_key is not None
        said = jwt.decode(form["client_assertion"], self.client_key, algorithms=["RS256", "ES256"]).claims
        fresh = said["jti"] not in self.assertions
        self.assertions.add(said["jti"])
        return fresh and (said["iss"], said["sub"], said["aud"]) == (
            self.client_id,
            self.client_id,
            f"{self.url}/token",
        )


def signed(claims: dict[str, Any], key: RSAKey | ECKey, **header: Any) -> str:
    """A token signed by a key."""
    algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
    whole = {"alg": algorithm, "kid": key.kid, **header}
    return jws.serialize_compact(
        {name: value for name, value in whole.items() if value is not None}, json.dumps(claims), key
    )


@contextmanager
def serving(**settings: Any) -> Iterator[Provider]:
    """A provider that answers on a free port."""
    provider = Provider(**settings)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            pages = {"/.well-known/openid-configuration": provider.describe, "/keys": provider.jwks}
            found = pages.get(self.path)
            if provider.redirects:
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()
            elif self.path.startswith("/authorize"):
                self.send_response(302)
                self.send_header("Location", provider.authorize(self.path))
                self.end_headers()
            elif found is None or provider.down:
                self._say({"error": "down"}, 503)
            else:
                self._say(found())

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(text).items()}
            made = provider.token(form, self.headers.get("Authorization", ""))
            self._say(made or {"error": "invalid_grant"}, 200 if made else 400)

        def _say(self, what: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for start in range(0, len(body), 1 if provider.drips else len(body)):
                self.wfile.write(body[start:] if not provider.drips else body[start : start + 1])
                time.sleep(0.02 if provider.drips else 0)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    thread.join(5)
    server.server_close()
