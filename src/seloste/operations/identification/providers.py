"""The providers of an installation, read from one TOML file that ``SELOSTE_IDENTIFICATION_FILE`` names.

A table for each provider: where it is, who we are to it, for which registers and whether for the staff, how sure the
identification must be (``acr``), and which of its claims are compared with which items of a person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from seloste.errors import SelosteError
from seloste.settings import SettingError, Settings

CLAIMS = {"first_name": "given_name", "last_name": "family_name", "birth_date": "birthdate"}
"""Item of a person -> claim, as OpenID Connect Core 1.0 names claims (section 5.1)."""
WAYS = (("first_name", "last_name", "birth_date"),)
"""What must all agree for somebody to be the person; the first way by which the register can tell is used."""
EVERY = "*"

KEY = re.compile(r"[a-z][a-z0-9-]{0,30}")
Key = Annotated[str, StringConstraints(pattern=rf"^{KEY.pattern}$")]
Lang = Literal["fi", "en", "sv"]


def is_safe(url: str) -> bool:
    """Whether an address is encrypted on its way, or does not leave this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _issuer(url: str) -> str:
    if not is_safe(url) or urlsplit(url).query:
        raise ValueError("must be an https address")
    return url


class Provider(BaseModel):
    """One provider. ``own`` are the registers whose people may come in by it; ``*`` is every register.

    ``acr`` are the levels accepted (OpenID Connect Core, section 2); whoever opens a person's data must name one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)

    key: Key
    name: Mapping[Lang, str] = Field(min_length=1)
    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: str = Field(min_length=1)
    client_secret_file: str | None = None
    private_key_file: str | None = None
    own: tuple[str, ...] = ()
    staff: bool = False
    acr: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ("openid", "profile")
    claims: Mapping[str, str] = CLAIMS
    ways: tuple[tuple[str, ...], ...] = WAYS
    email_claim: str = "email"
    verified_claim: str = "email_verified"

    @model_validator(mode="after")
    def _whole(self) -> Provider:
        if (self.client_secret_file is None) == (self.private_key_file is None):
            raise ValueError("needs client_secret_file or private_key_file, one of them")
        if self.own and not self.acr:
            raise ValueError("opens people's data and needs acr, the levels of identification that are accepted")
        if not self.own and not self.staff:
            raise ValueError("is of no use: name registers in own, or set staff = true")
        if "openid" not in self.scopes:
            raise ValueError("needs the scope openid")
        if missing := sorted({item for way in self.ways for item in way} - self.claims.keys()):
            raise ValueError(f"ways name {missing[0]}, for which claims names no claim")
        return self

    def __hash__(self) -> int:
        return hash((self.key, self.issuer, self.client_id))

    def serves(self, register: str) -> bool:
        """Whether people of the register may come in by it."""
        return register in self.own or EVERY in self.own

    def called(self, lang: str) -> str:
        """What the provider is called."""
        names = dict(self.name)
        return names.get(lang) or names.get("en") or next(iter(names.values()))  # type: ignore[call-overload]

    def secret(self) -> str:
        """The shared secret. Raises SelosteError when its file cannot be read."""
        assert self.client_secret_file is not None
        return _read(self.client_secret_file).strip()

    def private_key(self) -> str:
        """Our private key, PEM. Raises SelosteError when its file cannot be read."""
        assert self.private_key_file is not None
        return _read(self.private_key_file)


def _read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise SelosteError(
            "Tunnistuspalvelun salaisuutta ei voi lukea. Tarkista polku ja lukuoikeus.",
            "The secret of the identification service cannot be read. Check its path and who may read it.",
        ) from problem


def providers(settings: Settings) -> Mapping[str, Provider]:
    """The providers by key; none when nothing is set up. Raises SettingError."""
    path = settings.identification_file
    return {} if path is None else _parsed(path, _changed(path), settings.public_url)


def provider(settings: Settings, key: str, *, register: str | None = None) -> Provider | None:
    """The provider of a key for a register's people, or for the staff; None when there is none such."""
    found = providers(settings).get(key)
    if found is None or not (found.staff if register is None else found.serves(register)):
        return None
    return found


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError as problem:
        raise _unusable("the file cannot be read") from problem


@lru_cache(maxsize=8)
def _parsed(path: Path, _mark: int, public_url: str | None) -> Mapping[str, Provider]:
    if public_url is None:
        raise _unusable("SELOSTE_PUBLIC_URL is not set; the provider sends people back to it")
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise _unusable("the file is not TOML") from problem
    found = {}
    for key, table in tables.items():
        try:
            # A list of TOML is a tuple here; nothing else is read with leniency.
            found[key] = Provider.model_validate({**table, "key": key}, strict=False)
        except (ValidationError, TypeError) as problem:
            raise _unusable(f"[{key}] {_first(problem)}") from problem
    return found


def _first(problem: Exception) -> str:
    """What is wrong first, without the value that stands there."""
    if not isinstance(problem, ValidationError):
        return "is not a table"
    error = problem.errors(include_input=False, include_url=False)[0]
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg']}".removeprefix(": ").removeprefix("Value error, ")


def _unusable(why: str) -> SettingError:
    return SettingError(
        f"SELOSTE_IDENTIFICATION_FILE: {why}. Ohje on tiedostossa docs/howto/identification.md.",
        f"SELOSTE_IDENTIFICATION_FILE: {why}. See docs/howto/identification.md.",
    )
