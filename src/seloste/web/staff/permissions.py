"""What one person has said yes and no to: how it stands, the buttons that write down otherwise, and the history.

Each button acts at once, and what was said wrongly is undone by writing down otherwise. Only where a no would erase
something it is shown first what, and whoever records it proves who they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import PERSON
from seloste.operations.permissions.confirm import waiting_of
from seloste.operations.permissions.history import Turn, history
from seloste.operations.permissions.receipt import consents
from seloste.operations.permissions.say import CannotSayError, ban, lift_ban, take_back_objection, withdraw
from seloste.operations.portal.choices import Choice, Stand, stands
from seloste.operations.portal.me import ACCOUNT
from seloste.operations.records.model import NoSuchRowError, Record
from seloste.operations.records.read import by_ids
from seloste.operations.rights.objection import object_and_ask
from seloste.operations.rights.unasked import ErasesError
from seloste.operations.rights.word import objectable
from seloste.store.unconfirmed import Waiting
from seloste.web import registers, responses, security
from seloste.web.frame import frame_of
from seloste.web.parts import Act, Head, Item, Link
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError, RefusedError
from seloste.web.staff import permission_gone
from seloste.web.staff.shown import number_of


@dataclass(frozen=True, slots=True)
class Standing:
    """One yes or no as it stands now, with the buttons that write down otherwise."""

    state: str
    title: str
    about: str
    said: str
    acts: tuple[Act, ...]


def page(request: Request) -> Response:
    """How all of it stands, and how it came to."""
    show, person = asked(request)
    turns = history(show.store, person.id, actor=show.actor, now=show.now)
    found = stands(show.store, person.id, now=show.now)
    waiting = waiting_of(show.store, person.id, now=show.now)
    mine = [each for each in found.choices if each.choice.purpose in show.lens.purposes]
    bans, shown = _bans(turns), {each.choice for each in mine}
    at = {turn.id: choice for turn in bans if (choice := _only_choice(show, turn, found.choices)) in shown}
    return responses.page(
        request,
        "staff/permissions.html",
        frame=frame_of(request, current=show.href(PERSON)),
        head=Head(
            title=show.t("permit.title"),
            sub=show.name(person),
            crumbs=(
                Link(text=show.plural(PERSON), href=show.href(PERSON)),
                Link(text=show.name(person), href=show.href(PERSON, person.id)),
            ),
            flash=responses.flash(request),
        ),
        choices=tuple(
            _choice(show, person.id, each, turns, waiting, [ban for ban, of in at.items() if of == each.choice])
            for each in mine
        ),
        bans=tuple(_ban(show, person.id, turn) for turn in bans if turn.id not in at),
        objections=tuple(_objections(show, person.id, turns)),
        history=tuple(_line(show, turn) for turn in turns),
        receipts=f"{path_of(show, person.id)}/receipts.json" if any(t.kind == "permission" for t in turns) else "",
    )


def receipts(request: Request) -> Response:
    """The consents that the role acts for as receipts, to be given to the person (ISO/IEC TS 27560)."""
    show, person = asked(request)
    found = consents(show.store, person.id, actor=show.actor, now=show.now)
    name = f"{show.key}-consents-{person.id}-{show.today.isoformat()}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.receipts(show.now), media_type="application/json", headers=headers)


def say(request: Request) -> Response:
    """One button was pressed. What does not stand any more is answered by the page as it stands."""
    return _say(request, "")


def say_erasing(request: Request) -> Response:
    """Record a no that erases what was shown: an address of its own, since it asks for fresh proof."""
    return _say(request, str(request.state.form.get("expected", "")))


def _say(request: Request, seen: str) -> Response:
    show, person = asked(request)
    act, about = (str(request.state.form.get(name, "")) for name in ("act", "about"))
    try:
        done = _do(show, person.id, act, about, seen)
    except ErasesError as erases:
        what = show.short(about) if act == "object" else choice_named(show, _choice_of(show, about))
        changed = erases.message(show.lang) if seen else ""
        return permission_gone.page(request, show, person, erases.gone, what=what, changed=changed)
    except CannotSayError as refused:
        raise RefusedError(refused) from refused
    except NoSuchRowError:
        done = "unchanged"
    # Whom nothing needs after a no is gone, and has no page.
    if not _there(show, person.id):
        return responses.redirect(show.href(PERSON), done="gone_after_no")
    return responses.redirect(path_of(show, person.id), done=done)


def _do(show: Presenter, person: int, act: str, about: str, seen: str) -> str:
    """What was done, by its word. Raises ErasesError for what was not ``seen``."""
    form, by = show.request.state.form, {"actor": show.actor, "now": show.now}
    number = int(about) if about.isdecimal() and len(about) < 19 else 0
    if act == "withdraw":
        choice = _choice_of(show, about)
        said = withdraw(
            show.store, person, choice.purpose, recipient=choice.recipient, seen=seen, actor=show.actor, now=show.now
        )
        return "withdrawn_told" if said.told else "withdrawn"
    if act == "ban":
        choice = _choice_of(show, about)
        channel = choice.channel or "all"
        ban(show.store, person, channel, purpose=choice.purpose, sender=choice.recipient, **by)
        return "banned"
    if act == "object" and about in show.lens.purposes:
        reason = str(form.get("reason", "")).strip()[:5000]
        what = f"{show.short(about)}: {reason}".removesuffix(": ")
        said = object_and_ask(
            show.store, person, about, asked=what, reason=reason, seen=seen, actor=show.actor, now=show.now
        )
        return "objected_told" if said.told else "objected"
    if act == "lift" and number:
        lift_ban(show.store, person, number, **by)
        return "ban_lifted"
    if act == "take_back" and number:
        take_back_objection(show.store, person, number, **by)
        return "objection_ended"
    return "unchanged"


def path_of(show: Presenter, person: int) -> str:
    return f"{show.href(PERSON, person)}/permissions"


def has_page(show: Presenter) -> bool:
    """Whether the role acts for anything that a person may say yes or no to."""
    known = show.register.purposes
    return show.lens.sees(PERSON) and any(
        known[key].nature == "marketing" or known[key].basis == "consent" or key in objectable(show.register)
        for key in show.lens.purposes
        if key in known
    )


def choice_named(show: Presenter, choice: Choice) -> str:
    """A choice in a few words."""
    how = show.t(f"portal.by_{choice.channel}") if choice.channel else ""
    more = choice.recipient or how
    return show.t("portal.choose", what=show.short(choice.purpose), how=more) if more else show.short(choice.purpose)


def _choice_of(show: Presenter, key: str) -> Choice:
    from seloste.operations.portal.choices import choice_of

    found = choice_of(show.register, key)
    if found.purpose not in show.lens.purposes:
        raise NotFoundError
    return found


def asked(request: Request) -> tuple[Presenter, Record]:
    """The person of the address, whom the role sees. Raises NotFoundError."""
    show, number = Presenter(request), number_of(request)
    if request.path_params["kind"] != PERSON or not has_page(show):
        raise NotFoundError
    found = by_ids(show.store, PERSON, [number], actor=show.actor, now=show.now, journal=request.method == "GET")
    if not found:
        raise NotFoundError
    return show, found[0]


def _there(show: Presenter, person: int) -> bool:
    try:
        return bool(by_ids(show.store, PERSON, [person], actor=show.actor, now=show.now, journal=False))
    except NoSuchRowError:
        return False


def _post(show: Presenter, person: int, act: str, about: str, text: str) -> Act:
    hidden = (*security.hidden(show.request), ("about", about))
    return Act(text=text, post=path_of(show, person), name="act", value=act, hidden=hidden, small=True)


def _bans(turns: tuple[Turn, ...]) -> list[Turn]:
    """The bans that stand, but for the one that an objection to marketing set: that stands among objections."""
    objected = {
        (turn.purpose, turn.values.get("raised_at"))
        for turn in turns
        if turn.kind == "objection" and "withdrawn_at" not in turn.values
    }
    return [
        turn
        for turn in turns
        if turn.verb == "ban"
        and turn.stands
        and not (turn.values.get("channel") == "all" and (turn.purpose, turn.values.get("set_at")) in objected)
    ]


def _only_choice(show: Presenter, turn: Turn, every: Sequence[Stand]) -> Choice | None:
    """The choice that a ban on one way of contact is all about, so that it is lifted there; None for a wider one.

    Choices of other roles count too: whoever lifts a ban lifts it for them as well.
    """
    covered = [each.choice for each in every if _reaches(show, turn, each.choice)]
    return covered[0] if len(covered) == 1 and turn.values.get("channel") != "all" else None


def _reaches(show: Presenter, turn: Turn, choice: Choice) -> bool:
    """Whether a ban stands in the way of a choice by any of the ways of contact that it is about."""
    purpose, values = show.register.purposes[choice.purpose], turn.values
    ways = (choice.channel,) if choice.channel else tuple(purpose.channels or ("email",))
    sender = choice.recipient or show.register.notice.controller.name
    return (
        purpose.nature == "marketing"
        and values.get("channel") in (*ways, "all")
        and values.get("purpose") in (None, choice.purpose)
        and values.get("sender") in (None, sender)
    )


def _choice(
    show: Presenter,
    person: int,
    stand: Stand,
    turns: tuple[Turn, ...],
    waiting: tuple[Waiting, ...],
    own_bans: Sequence[int],
) -> Standing:
    choice, t = stand.choice, show.t
    waits = next((each for each in waiting if _is_about(each, choice)), None)
    marketing = show.register.purposes[choice.purpose].nature == "marketing"
    acts = []
    if stand.consent and not stand.on:
        acts.append(
            Act(text=t("permit.record"), href=f"{path_of(show, person)}/consent?about={choice.key}", small=True)
        )
    if stand.consent and any(_is_grant(turn, choice) for turn in turns):
        acts.append(_post(show, person, "withdraw", choice.key, t("permit.withdraw")))
    banned = any(turn.verb == "ban" and turn.stands and _covers(turn, choice) for turn in turns)
    if marketing and not banned:
        acts.append(_post(show, person, "ban", choice.key, t("may.set_ban")))
    acts += [_post(show, person, "lift", str(ban), t("may.lift")) for ban in own_bans]
    words = stand.wording if stand.consent else None
    return Standing(
        state="yes" if stand.on else "ask" if waits is not None or not stand.since else "no",
        title=choice_named(show, choice),
        about=_told(show, stand, waits, banned=banned),
        said=registers.said(words, show.lang) if words else "",
        acts=tuple(acts),
    )


def _told(show: Presenter, stand: Stand, waits: Waiting | None, *, banned: bool) -> str:
    t, date = show.t, show.f.date(stand.since) if stand.since is not None else ""
    if waits is not None:
        return t("permit.waits", date=show.f.date(waits.asked_at), until=show.f.date(waits.until))
    if stand.on and stand.consent and date:
        until = t("permit.until", date=show.f.date(stand.until)) if stand.until else ""
        return " ".join(filter(None, (t("permit.given", date=date), until)))
    if stand.on:
        return t("permit.not_refused")
    if not date:
        return t("permit.never")
    return t("permit.withdrawn" if stand.withdrawn else "permit.banned" if banned else "permit.refused", date=date)


def _is_about(waiting: Waiting, choice: Choice) -> bool:
    proof = waiting.body["proof"]
    return waiting.body["purpose"] == choice.purpose and (proof.get("recipient") or "") == choice.recipient


def _is_grant(turn: Turn, choice: Choice) -> bool:
    mine = turn.purpose == choice.purpose and (turn.values.get("recipient") or "") == choice.recipient
    return turn.verb == "consent" and turn.stands and mine


def _covers(turn: Turn, choice: Choice) -> bool:
    values = turn.values
    return (
        values.get("channel") in (choice.channel or "all", "all")
        and values.get("purpose") in (None, choice.purpose)
        and values.get("sender") in (None, choice.recipient or None)
    )


def _ban(show: Presenter, person: int, turn: Turn) -> Item:
    return Item(
        text=_ban_text(show, turn),
        sub=" ".join(filter(None, (show.f.date(turn.at), str(turn.values.get("source_note") or "")))),
        act=_post(show, person, "lift", str(turn.id), show.t("may.lift")),
    )


def _ban_text(show: Presenter, turn: Turn) -> str:
    kind = show.kind("ban")
    channel = show.text(kind.items["channel"], turn.values["channel"]) if "channel" in turn.values else ""
    what = show.short(turn.purpose) if turn.purpose in show.register.purposes else show.t("permit.all_marketing")
    return ": ".join(filter(None, (what, channel))) + (
        f" ({turn.values['sender']})" if turn.values.get("sender") else ""
    )


def _objections(show: Presenter, person: int, turns: tuple[Turn, ...]) -> list[Item]:
    """What may be objected to, and what is."""
    found = []
    # Marketing is said no to by a ban on each way, or on all of it here.
    for key in objectable(show.register):
        if key not in show.lens.purposes:
            continue
        last = next((t for t in turns if t.kind == "objection" and t.purpose == key and t.verb != "unobject"), None)
        standing = last is not None and "withdrawn_at" not in last.values
        sub, act = "", _post(show, person, "object", key, show.t("permit.object"))
        if last is not None and standing:
            state = str(last.values.get("state", ""))
            at = last.values.get("raised_at", last.at)
            sub = show.t(f"permit.objected_{state}", date=show.f.date(at)) if state else ""
            if state != "refused":
                act = _post(show, person, "take_back", str(last.id), show.t("permit.take_back"))
        found.append(Item(text=show.short(key), sub=sub, act=act))
    return found


def _line(show: Presenter, turn: Turn) -> Item:
    """One line of the history: when, what, how and in which words, and who wrote it down."""
    t, values = show.t, turn.values
    what = _ban_text(show, turn) if turn.kind == "ban" else ""
    if not what and turn.purpose:
        what = show.short(turn.purpose) if turn.purpose in show.register.purposes else turn.purpose
        what += f": {values['recipient']}" if values.get("recipient") else ""
    if turn.kind == "restriction" and "ground" in values:
        what = show.text(show.kind("restriction").items["ground"], values["ground"])
    how = ""
    if turn.verb == "consent":
        channel = values.get("channel")
        how = show.text(show.kind("permission").items["channel"], channel) if channel else ""
        if not turn.words and values.get("wording"):
            how = ", ".join(filter(None, (how, t("permit.other_words", mark=str(values["wording"])[:8]))))
    if turn.verb == "ban":
        how = str(values.get("source_note") or "")
    return Item(
        when=show.f.date(turn.at),
        text=t(f"permit.did_{turn.verb}") + (f": {what}" if what else ""),
        sub=" · ".join(
            filter(None, (how, str(values.get("evidence") or "") if turn.verb == "consent" else "", _by(show, turn)))
        ),
        said=turn.words if turn.verb == "consent" else "",
    )


def _by(show: Presenter, turn: Turn) -> str:
    if not turn.by:
        return ""
    if turn.by == ACCOUNT:
        return show.t("permit.by_themselves")
    machine = turn.by in ("cli", "register", "web_form")
    return show.t("permit.by", who=show.t(f"journal.actor.{turn.by}") if machine else show.worker(turn.by))
