"""What a route of the pages says of itself, and that it can be so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Audience = Literal["public", "staff", "lead", "person", "api"]
"""Anybody; a signed-in account (with a role in the register, when the path names one); one whose role leads there;
a data subject whose own page is open; a program with a key, which the API itself checks."""

KIB = 1024
"""Bytes."""
MIB = 1024 * KIB

PERMISSIONS: dict[str, tuple[Audience, ...]] = {
    "open": ("public",),
    "account:own": ("staff",),
    "register:read": ("staff",),
    "register:write": ("staff",),
    "register:export": ("staff",),
    "register:import": ("staff",),
    "privacy:read": ("lead",),
    "privacy:write": ("lead",),
    "own": ("person",),
    "api": ("api",),
}
"""What each permission is open to. What a role may see *in* a register is its lens, held by the database."""


@dataclass(frozen=True, slots=True)
class Route:
    """One address. ``limit`` is the most bytes that a request's body may have.

    ``from_anywhere``: a write that another site caused is taken too, for what is asked lies in the address itself and
    no cookie adds to it.
    ``fresh``: the deed, a word of ``proof.for_...`` of the texts, for which whoever is signed in proves anew who they
    are (:mod:`seloste.web.proof`): what cannot be undone, gives data away, or changes who gets in.
    ``nobodys``: the file that it answers with holds nobody's data. Of the staff's, others must be ``fresh``.
    ``alone``: nobody is looked up before it answers, so that it answers without the databases.
    """

    path: str
    handler: str
    methods: tuple[str, ...]
    audience: Audience
    permission: str
    limit: int = 256 * KIB
    from_anywhere: bool = False
    fresh: Literal["", "erase", "publish", "take_out", "tell", "access", "staff"] = ""
    nobodys: bool = False
    alone: bool = False


class RouteError(RuntimeError):
    """A route says of itself what cannot be."""


def check_routes(routes: Iterable[Route]) -> None:
    """Raises RouteError, when the program starts, for a route that nobody could open, or whose proof nobody could ask.

    Fresh proof is of whoever is signed in as staff; a file that holds nobody's data needs none.
    """
    for route in routes:
        staff = route.audience in ("staff", "lead")
        if route.audience not in PERMISSIONS[route.permission]:
            raise RouteError(f"{route.path}: {route.permission} is not for {route.audience}")
        if ((route.fresh or route.nobodys) and not staff) or (route.fresh and route.nobodys):
            raise RouteError(f"{route.path}: fresh proof is of the staff, for what is somebody's")


@dataclass(frozen=True, slots=True)
class Mount:
    """A whole application under a path, made by ``factory(registers, settings)`` when it is first asked for."""

    path: str
    factory: str
    audience: Audience
    permission: str
    limit: int = 4 * MIB
