"""The registers of the installation as pages reach them. A page opens one by its key, and reads it through its lens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from starlette.requests import Request

from seloste.catalogue.types.normal import order
from seloste.errors import SelosteError
from seloste.store.engine import Database
from seloste.web.problems import NotFoundError

if TYPE_CHECKING:
    from seloste.store.registers import Registers, RegisterStore


class RegisterSource(Protocol):
    """What pages need of ``store.registers.Registers``."""

    @property
    def deployment(self) -> Database: ...
    def keys(self) -> tuple[str, ...]: ...
    def has(self, key: str, /) -> bool: ...
    def open(self, key: Any, /) -> Any: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class About:
    """A register as anybody may know it: from its public notice."""

    key: str
    title: str
    controller: str
    contact: str
    effective: date | None


def source(request: Request) -> RegisterSource:
    """All registers."""
    found: RegisterSource = request.app.state.registers
    return found


def installation(request: Request) -> Registers:
    """All registers, for what concerns a register as a whole: applying a notice, trying one."""
    found: Registers = request.app.state.registers
    return found


def deployment(request: Request) -> Database:
    """The installation's own data: accounts and sessions."""
    return source(request).deployment


def store(request: Request, key: str | None = None) -> RegisterStore:
    """The register of that key, by default the one that the address names. Raises NotFoundError."""
    key = key or request.state.register_key
    if not key or not source(request).has(key):
        raise NotFoundError
    opened: RegisterStore = source(request).open(key)
    return opened


def about(request: Request, key: str, lang: str) -> About | None:
    """What anybody may know of a register; None when it cannot be opened."""
    try:
        notice = store(request, key).register.notice
    except (NotFoundError, SelosteError):
        return None
    controller = notice.controller
    contact = said(controller.contact_role, lang) if controller.contact_role else controller.name
    return About(key, said(notice.title, lang), controller.name, contact, notice.effective)


def languages_of(request: Request, key: str) -> tuple[str, ...]:
    """Languages that a register's notice is written in; none when it cannot be opened."""
    try:
        return tuple(store(request, key).register.notice.languages)
    except (NotFoundError, SelosteError):
        return ()


MOST_LISTED = 20
"""So many registers are listed for whoever comes to the door. Where there are more, as at a hosting firm, none is: a
list would tell all its customers, and anybody could have all of them opened by asking for a page."""


def every_about(request: Request, lang: str) -> tuple[About, ...] | None:
    """All registers as anybody may know them, by title; None where there are more than are listed."""
    keys = source(request).keys()
    if len(keys) > MOST_LISTED:
        return None
    found = (about(request, key, lang) for key in keys)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: order(one.title)))


def said(text: Mapping[str, str], lang: str) -> str:
    """A text of the notice in the reader's language, else in English, else in the first it is written in."""
    return text.get(lang) or text.get("en") or next(iter(text.values()), "")
