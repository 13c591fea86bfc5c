"""Keep a view of a list under a name, for the account that made it and the role it made it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from seloste.catalogue.types.normal import order
from seloste.errors import SelosteError
from seloste.operations.actor import Actor
from seloste.store import list_views
from seloste.store.engine import Database

MOST = 12
LONGEST_NAME = 40


class TooManyViewsError(SelosteError):
    """The list has as many views as fit beside it."""


@dataclass(frozen=True, slots=True)
class ListView:
    """``state`` is what the list's address holds, without anything that was typed."""

    name: str
    state: Mapping[str, str]


def views(deployment: Database, register: str, kind: str, *, actor: Actor) -> tuple[ListView, ...]:
    """The actor's views of one list, by name."""
    with deployment.read() as conn:
        found = list_views.views_of(conn, actor.account, register, actor.lens, kind)
    return tuple(ListView(name, dict(parse_qsl(query))) for name, query in sorted(found, key=lambda one: order(one[0])))


def keep_view(
    deployment: Database, register: str, kind: str, name: str, state: Mapping[str, str], *, actor: Actor
) -> ListView:
    """Keep a view; one of the same name is replaced. Raises TooManyViewsError."""
    called = " ".join(name.split())[:LONGEST_NAME].strip()
    with deployment.transaction() as conn:
        known = list_views.views_of(conn, actor.account, register, actor.lens, kind)
        if len(known) >= MOST and called not in {each for each, _ in known}:
            raise TooManyViewsError(
                f"Näkymiä mahtuu {MOST}. Poista ensin jokin niistä.",
                f"There is room for {MOST} views. Remove one of them first.",
            )
        list_views.put_view(conn, actor.account, register, actor.lens, kind, called, urlencode(dict(state)))
    return ListView(called, dict(state))


def forget_view(deployment: Database, register: str, kind: str, name: str, *, actor: Actor) -> bool:
    """Forget a view; whether it was there."""
    with deployment.transaction() as conn:
        return list_views.remove_view(conn, actor.account, register, actor.lens, kind, name)
