"""Disclosures, for whoever leads privacy: who receives what, what stands in the way, who has asked, what was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.types import TYPES
from seloste.operations.disclosures.agreements import Agreed, State, agreements
from seloste.operations.disclosures.history import latest
from seloste.operations.disclosures.model import Given, Target
from seloste.operations.disclosures.outside import Asked, requests
from seloste.operations.disclosures.register import FORMS, processors_file
from seloste.operations.disclosures.targets import targets
from seloste.operations.disclosures.transfers import TransferState
from seloste.web import responses
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Cell, Chip, Column, Head, Item, Link, Row, RowGroup, Table, Tone
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.registers import said

TONES: Mapping[State, Tone] = {
    "in_force": "ok",
    "not_yet": "soon",
    "incomplete": "stop",
    "ended": "stop",
    "missing": "stop",
}
SHOWN = 20


def base(show: Presenter) -> str:
    return f"/r/{show.key}/privacy/disclosures"


def page(request: Request) -> Response:
    """Recipients and processors with what stands in the way, requests from outside, and what was given last."""
    show = Presenter(request)
    found = targets(show.store, now=show.now)
    with show.store.read(show.now) as conn:
        agreed = agreements(show.store, conn, show.today)
    asked = requests(show.store, now=show.now)
    waiting = [each for each in asked if each.open]
    stopped = [each for each in found if each.blocks]
    opening = show.t("disclosures.stopped", n=len(stopped)) if stopped else show.t("disclosures.all_well")
    if waiting:
        opening = f"{show.t('disclosures.waits', n=len(waiting))} {opening}"
    recipients = [each for each in found if each.recipient is not None]
    processors = [each for each in found if each.processor is not None]
    return responses.page(
        request,
        "staff/disclosures.html",
        frame=frame_of(request),
        head=Head(
            title=show.t("nav.disclosures"),
            acts=(Act(text=show.t("disclosures.ask_new"), href=f"{base(show)}/outside/new", look="main"),),
            more=tuple(
                Link(text=show.t(f"disclosures.processors_{form}"), href=f"{base(show)}/processors.{form}")
                for form in (FORMS if processors else ())
            ),
            opening=opening,
            flash=responses.flash(request),
        ),
        recipients=_recipients(show, recipients) if recipients else None,
        processors=_processors(show, processors, agreed) if processors else None,
        waiting=tuple(asked_item(show, each) for each in waiting),
        decided=tuple(asked_item(show, each) for each in asked if not each.open)[:SHOWN],
        given=tuple(given_item(show, each) for each in latest(show.store, now=show.now)),
    )


def file(request: Request) -> Response:
    """``/r/{reg}/privacy/disclosures/processors.{form}``: the register of processors as a file."""
    show, asked = Presenter(request), request.path_params["form"]
    form = next((one for one in FORMS if one == asked), None)
    if form is None:
        raise NotFoundError
    made = processors_file(show.store, form, lang=show.teller.w.lang, now=show.now)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.data, media_type=made.media, headers=headers)


# --- the words of a target --------------------------------------------------------------------------------------------


def name_of(show: Presenter, each: Target) -> str:
    """The names, or what the notice says of it."""
    names = [party.name for party in each.parties]
    return show.f.listed(names) if names else show.teller.w.capital(said(each.text, show.lang))


def gets_of(show: Presenter, each: Target) -> str:
    if each.processor is not None:
        return show.t("disclosures.gets_processor")
    if not each.gets:
        return show.t("disclosures.gets_asked")
    return show.teller.w.capital(show.teller.data(each.gets))


def purposes_of(show: Presenter, each: Target) -> str:
    if each.processor is not None and not each.processor.purposes:
        return show.t("disclosures.every_purpose")
    return show.f.listed(dict.fromkeys(show.short(key) for key in each.purposes))


def when_of(show: Presenter, each: Target) -> str:
    return show.teller.w.capital(show.teller.vocabulary_text("recipients_when", each.when)) if each.when else ""


def country(show: Presenter, code: str) -> str:
    return TYPES["country"].show(code, show.lang)


def transfer_text(show: Presenter, state: TransferState) -> str:
    """One transfer in words: where, by what, from when until when."""
    where = country(show, state.country)
    t, date = show.t, show.f.date
    if not state.ok:
        if state.ended is not None:
            return t("disclosures.transfer_ended", country=where, date=date(state.ended))
        return t("disclosures.transfer_none", country=where)
    if not state.by_decision:
        return t("disclosures.transfer_safeguard", country=where, safeguard=safeguard(show, state.safeguard or ""))
    since = date(state.since) if state.since else ""
    if state.until is not None:
        return t("disclosures.transfer_until", country=where, since=since, until=date(state.until))
    return t("disclosures.transfer_decision", country=where, since=since)


def safeguard(show: Presenter, key: str) -> str:
    return show.teller.w.low(show.teller.shared_text("safeguards", key))


def transfers_text(show: Presenter, states: Sequence[TransferState]) -> str:
    return "; ".join(transfer_text(show, state) for state in states)


def place_of(show: Presenter, each: Target) -> str:
    """Where the data go: outside the EEA and by what, within it, or where a row says."""
    of = each.recipient
    if of is not None and of.country_from is not None:
        item = said(show.kind(of.country_from.kind).items[of.country_from.item].label, show.lang)
        by = safeguard(show, of.safeguard) if of.safeguard else ""
        return ". ".join(
            p for p in (show.t("disclosures.by_row", item=show.teller.w.low(item)), show.teller.w.capital(by)) if p
        )
    if each.transfers:
        return transfers_text(show, each.transfers)
    one = each.recipient or each.processor
    known = any(party.country for party in each.parties) or (one is not None and one.country)
    return show.t("disclosures.stays" if known else "disclosures.place_open")


# --- tables -----------------------------------------------------------------------------------------------------------


def _recipients(show: Presenter, found: Sequence[Target]) -> Table:
    t = show.t
    columns = (
        Column(text=t("disclosures.who")),
        Column(text=t("disclosures.gets"), rank=2),
        Column(text=t("disclosures.what_for"), rank=3),
        Column(text=t("disclosures.outside_eea"), rank=3),
        Column(text=t("disclosures.state")),
    )
    return Table(
        caption=t("disclosures.recipients"),
        columns=columns,
        groups=(RowGroup(rows=tuple(_recipient(show, each) for each in found)),),
        blocks=True,
    )


def _recipient(show: Presenter, each: Target) -> Row:
    role = show.t(f"disclosures.role_{each.role}")
    sub = show.teller.w.capital(said(each.text, show.lang)) if each.parties else ""
    return Row(
        cells=(
            Cell(
                text=name_of(show, each), href=f"{base(show)}/to/{each.key}", sub=". ".join(p for p in (sub, role) if p)
            ),
            Cell(text=gets_of(show, each)),
            Cell(text=purposes_of(show, each), sub=when_of(show, each)),
            Cell(text=place_of(show, each)),
            Cell(chip=state_chip(show, each), sub=each.blocks[0].message(show.lang) if each.blocks else ""),
        )
    )


def state_chip(show: Presenter, each: Target) -> Chip:
    if each.blocks:
        return Chip(text=show.t("disclosures.blocked"), tone="stop", icon="warn")
    return Chip(text=show.t("disclosures.on_request" if each.by_request else "disclosures.may"), tone="ok")


def _processors(show: Presenter, found: Sequence[Target], agreed: Mapping[str, Agreed]) -> Table:
    t = show.t
    columns = (
        Column(text=t("disclosures.who")),
        Column(text=t("disclosures.what_for"), rank=3),
        Column(text=t("disclosures.outside_eea"), rank=2),
        Column(text=t("disclosures.agreement")),
    )
    rows = []
    for each in found:
        state = agreed[each.key]
        others = [block for block in each.blocks if not block.code.startswith("agreement")]
        chip = Chip(
            text=t(f"agreement.{state.state}"),
            tone=TONES[state.state],
            icon="" if state.state == "in_force" else "warn",
        )
        rows.append(
            Row(
                cells=(
                    Cell(
                        text=name_of(show, each),
                        href=f"{base(show)}/to/{each.key}",
                        sub=said(each.text, show.lang) if each.parties else "",
                    ),
                    Cell(text=purposes_of(show, each)),
                    Cell(
                        text=place_of(show, each),
                        tone="stop" if others else "",
                    ),
                    Cell(
                        chip=chip,
                        act=Act(
                            text=t("agreement.see" if state.state == "in_force" else "agreement.record"),
                            href=f"{base(show)}/agreements/{each.key}",
                            look="link",
                        ),
                    ),
                )
            )
        )
    return Table(
        caption=t("disclosures.processors"), columns=columns, groups=(RowGroup(rows=tuple(rows)),), blocks=True
    )


# --- what was asked and given -----------------------------------------------------------------------------------------


def requester(show: Presenter, key: str) -> str:
    return show.t(f"outside.requester.{key}")


def asked_item(show: Presenter, each: Asked) -> Item:
    count = show.t("disclosures.of_persons", n=len(each.persons))
    parts = [requester(show, each.requester), count, each.provision]
    state = "" if each.open else show.t(f"outside.{each.state}")
    return Item(
        text=each.asked_by,
        href=f"{base(show)}/outside/{each.id}",
        when=show.f.date(each.decided_at or each.received_at),
        sub=". ".join(part for part in parts if part),
        chip=Chip(text=state, tone="ok" if each.state == "given" else "") if state else None,
        end="" if not each.open else show.t("outside.decide"),
        end_href="" if not each.open else f"{base(show)}/outside/{each.id}",
    )


def given_item(show: Presenter, each: Given) -> Item:
    what_for = show.short(each.purpose) if each.purpose in show.register.purposes else each.provision
    parts = [show.t("disclosures.of_persons", n=each.count), what_for, each.ground]
    return Item(
        text=each.recipient,
        when=show.f.date(show.f.local(each.at)),
        sub=". ".join(part for part in parts if part),
    )
