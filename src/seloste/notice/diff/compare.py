"""The comparison. It reads meanings, not lines: another order, or a preset written out, changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from seloste.notice.diff.model import AREAS, Change, Difference, Effect, Verb
from seloste.notice.diff.parties import party_changes
from seloste.notice.diff.purposes import purpose_changes
from seloste.notice.model import Controller, Lens, Notice, Source
from seloste.notice.render.tell import Teller


def compare(old: Notice | None, new: Notice, lang: str) -> Difference:
    """What changes when ``new`` comes into force after ``old`` (None: a first notice, of which nothing is told).

    ``lang`` is ``fi``, ``en`` or ``sv``; a text not written in it is shown as it is. Raises ``ValueError`` for another.
    """
    if old is None:
        return Difference(None, new.digest, lang, ())
    before, after = Teller(old, lang), Teller(new, lang)
    found = [
        *purpose_changes(before, after),
        *party_changes(before, after),
        *_sources(before, after),
        *_promises(before, after),
        *_controller(before, after),
        *_roles(before, after),
    ]
    found.sort(key=lambda change: AREAS.index(change.area))
    return Difference(old.digest, new.digest, lang, tuple(found))


def _sources(before: Teller, after: Teller) -> Iterator[Change]:
    old, new = before.notice.sources, after.notice.sources
    for key in dict.fromkeys([*new, *old]):
        was, will = old.get(key), new.get(key)
        said = _source(before, was), _source(after, will)
        if said[0] == said[1]:
            continue
        source = will or was
        assert source is not None
        # Data that come from elsewhere than the person: who they are about is told within a month (Art. 14(3)(a)).
        more = will is not None and will.art14 and not (was is not None and was.brings_all)
        effects: tuple[Effect, ...] = ("source_letter",) if more and said[0] != said[1] else ()
        title = after.w.capital((after if will else before).source(source))
        yield Change(_verb(was, will), "source", key, title, *said, effects, place=source.place)


def _source(t: Teller, source: Source | None) -> str:
    if source is None:
        return ""
    return t.source(source) if source.brings_all or not source.items else t.data(source.items)


def _promises(before: Teller, after: Teller) -> Iterator[Change]:
    """What is promised never to be done. A promise taken back is told to everybody."""
    old, new = before.notice.never, after.notice.never
    for key in dict.fromkeys([*new, *old]):
        if key in old and key in new:
            continue
        said = after.vocabulary_text("never", key)
        added = key in new
        place = (after if added else before).notice.places.get(f"never.{key}")
        yield Change(
            "added" if added else "removed", "promise", key, said, "" if added else said, said if added else "",
            () if added else ("inform",), place=place,
        )  # fmt: skip


_CONTACTS = ("address", "email", "phone", "web", "contact_email", "contact_phone")


def _controller(before: Teller, after: Teller) -> Iterator[Change]:
    """Who answers for the register, and how they are reached. Another controller is told to all (Art. 13(1)(a))."""
    old, new = before.notice.controller, after.notice.controller
    if (old.name, old.business_id) != (new.name, new.business_id):
        yield Change("changed", "controller", "controller", new.name, old.name, new.name, ("inform",), place=new.place)
    said = _reached(after, old), _reached(after, new)
    if said[0] != said[1]:
        yield Change("changed", "controller", "contact", new.name, *said, place=new.place)
    joint = _joint(before), _joint(after)
    if joint[0] != joint[1]:
        yield Change(_verb(joint[0], joint[1]), "controller", "joint", new.name, *joint, ("inform",), place=new.place)


def _reached(t: Teller, controller: Controller) -> str:
    return t.w.listed(str(getattr(controller, name)) for name in _CONTACTS if getattr(controller, name))


def _joint(t: Teller) -> str:
    return t.w.listed(t.party(party) for party in t.notice.controller.joint)


def _roles(before: Teller, after: Teller) -> Iterator[Change]:
    """Who inside sees what. Nobody is told of it; it is shown to whoever decides."""
    old, new = before.notice.staff, after.notice.staff
    for key in dict.fromkeys([*new, *old]):
        was, will = old.get(key), new.get(key)
        said = _role(before, was), _role(after, will)
        if said[0] != said[1]:
            lens = will or was
            assert lens is not None
            yield Change(_verb(was, will), "role", key, after.pick(lens.text), *said, place=lens.place)


def _role(t: Teller, lens: Lens | None) -> str:
    if lens is None:
        return ""
    said = t.names(lens.purposes)
    return said if lens.only is None else f"{said} ({t.item_of(lens.only)})"


def _verb(was: object, will: object) -> Verb:
    if not was:
        return "added"
    return "changed" if will else "removed"
