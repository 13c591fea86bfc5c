"""The same request in the other registers of the controller that the reader leads, so that one answer tells all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from seloste.operations.actor import Actor
from seloste.operations.rights.model import Request as Asked
from seloste.operations.rights.model import parts_of
from seloste.operations.rights.read import persons_called
from seloste.operations.rights.read import request as read_request
from seloste.operations.rights.together import siblings
from seloste.store.registers import RegisterStore
from seloste.web import registers
from seloste.web.parts import Choice, Field
from seloste.web.present import Presenter
from seloste.web.registers import said
from seloste.web.staff.requests import base, state_name


@dataclass(frozen=True, slots=True)
class There:
    """One register: where the request stands there, or whom it may be about there."""

    key: str
    title: str
    href: str = ""
    state: str = ""
    field: Field | None = None


def led(request: Request) -> Mapping[str, Actor]:
    """The registers that the account leads, each with whom it acts as there."""
    account = request.state.account.id
    return {
        grant.register: Actor(account, grant.lens, grant.person) for grant in request.state.signed.grants if grant.lead
    }


def stores_beside(request: Request, found: Asked) -> tuple[tuple[RegisterStore, int], ...]:
    """The parts of the answer in other registers that the account leads."""
    mine = led(request)
    return tuple((registers.store(request, key), number) for key, number in parts_of(found.together) if key in mine)


def elsewhere(request: Request, show: Presenter, found: Asked, name: str) -> tuple[There, ...]:
    """Other registers of the controller; none for whoever leads this one alone."""
    mine = led(request)
    others = [key for key in mine if key != show.key]
    if not others or not found.identified:
        return ()
    source: Any = registers.source(request)
    known = dict(parts_of(found.together))
    rows = []
    for key in siblings(source, show.key, among=others):
        store = registers.store(request, key)
        title = said(store.register.notice.title, show.lang)
        if key in known:
            there, _ = read_request(store, known[key], actor=mine[key], now=show.now)
            href = base(show).replace(f"/{show.key}/", f"/{key}/") + f"/{there.id}"
            rows.append(There(key, title, href, state_name(show, there.state)))
        elif found.open:
            called = persons_called(store, name, actor=mine[key], now=show.now) if name else {}
            choices = tuple(Choice(value=str(number), text=text) for number, text in called.items())
            field = Field(name=f"there-{key}", label=show.t("together.who"), widget="radio", choices=choices,
                          shown=())  # fmt: skip
            rows.append(There(key, title, field=field))
    return tuple(rows)
