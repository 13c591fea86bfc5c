"""What was given out of a person, among what happened with them."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.operations.disclosures.history import of_person
from seloste.web.parts import Event
from seloste.web.present import Presenter


def given(show: Presenter, person: int) -> Iterator[tuple[str, Event]]:
    """(by what it sorts, event) of each disclosure that the role may know of; whoever leads privacy may know of all."""
    purposes = None if show.request.state.lead else show.lens.purposes
    for each in of_person(show.store, person, purposes=purposes, now=show.now):
        local = show.f.local(each.at)
        why = show.short(each.purpose) if each.purpose in show.register.purposes else each.provision
        yield (
            local.strftime("%Y-%m-%dT%H:%M:%S"),
            Event(
                when=show.f.when(each.at, show.now),
                iso=each.at.isoformat(),
                what=show.t("disclosures.given_one", who=each.recipient),
                meta=why,
                text=show.f.listed(show.named_item(name) for name in each.items),
                own=True,
            ),
        )
