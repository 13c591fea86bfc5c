"""Acts on a request, each a form of its page, and the files of the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from seloste.errors import SelosteError
from seloste.operations.rights import carry_out, fee
from seloste.operations.rights.answer import answer, refuse
from seloste.operations.rights.ask import ask, came
from seloste.operations.rights.corrected import carry_out_correction
from seloste.operations.rights.erase import erase
from seloste.operations.rights.extend import extend
from seloste.operations.rights.give_access import CopyFile, copy_file
from seloste.operations.rights.identify import identify
from seloste.operations.rights.model import RequestError
from seloste.operations.rights.paper import paper
from seloste.operations.rights.read import request as read_request
from seloste.operations.rights.recipients import settle_notice
from seloste.operations.rights.take_along import give_portable, portable_file
from seloste.operations.rights.tell import delivered, send_again
from seloste.operations.rights.together import ask_there, give_together
from seloste.web import registers, responses
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff.form_read import is_number
from seloste.web.staff.request_page import shown
from seloste.web.staff.request_together import led, stores_beside
from seloste.web.staff.requests import base


class _Act:
    """One post: the register, the request, and what was typed."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.show = Presenter(request)
        self.number = int(request.path_params["id"])
        self.form = request.state.form
        self.by: dict[str, Any] = {"actor": self.show.actor, "now": self.show.now}

    def typed(self, name: str) -> str:
        return str(self.form.get(name, ""))

    def on(self, name: str) -> bool:
        return bool(self.typed(name))

    @property
    def message(self) -> int:
        given = self.typed("message")
        return int(given) if is_number(given) else 0

    def several(self, name: str) -> list[str]:
        return [str(each) for each in self.form.getlist(name)]


def do(request: Request) -> Response:
    """Carry an act out and go back to the page; or say there what is wrong."""
    act = str(request.path_params["act"])
    run = _ACTS.get(act)
    if run is None:
        raise NotFoundError
    return _run(request, act, run)


def erase_now(request: Request) -> Response:
    """Erase the person: an act with an address of its own, since it asks for fresh proof."""
    return _run(request, "erase", _erase)


def object_erasing(request: Request) -> Response:
    """Uphold an objection that lets data go: as :func:`erase_now`."""
    return _run(request, "object", lambda o: _object(o, erasing=True))


def withdraw_erasing(request: Request) -> Response:
    """Withdraw consents that were the last to hold data: as :func:`erase_now`."""
    return _run(request, "withdraw", lambda o: _withdraw(o, erasing=True))


def give(request: Request) -> Response:
    """Give the copy of all of a person's data; an address of its own, as :func:`erase_now` has."""
    return _run(request, "give", _give)


def give_along(request: Request) -> Response:
    """Give what a person takes along."""
    return _run(request, "portable", lambda o: give_portable(o.show.store, o.number, text=o.typed("text"), **o.by))


def on_paper(request: Request) -> Response:
    """A message with what goes with it as paper: the copy of a person's data, where it is the answer."""
    one = _Act(request)
    try:
        return _answer(_print(one))
    except SelosteError as problem:
        return shown(request, problem.message(one.show.lang))


def _run(request: Request, act: str, run: Callable[[_Act], object]) -> Response:
    one = _Act(request)
    try:
        made = run(one)
    except SelosteError as problem:
        return shown(request, problem.message(one.show.lang))
    if isinstance(made, Response):
        return made
    return responses.redirect(f"{base(one.show)}/{one.number}", done=f"request_{_DONE.get(act, 'saved')}")


def file(request: Request) -> Response:
    """One file of the answer, to be shown (HTML) or kept."""
    show = Presenter(request)
    number, form = int(request.path_params["id"]), str(request.path_params["form"])
    found, _ = read_request(show.store, number, actor=show.actor, now=show.now)
    beside = stores_beside(request, found) if found.right == "access" else ()
    if form == "zip":
        made = portable_file(show.store, number, actor=show.actor, now=show.now)
    elif form == "html":
        made = copy_file(show.store, number, "html", lang=show.lang, beside=beside, actor=show.actor, now=show.now)
    elif form == "pdf":
        made = copy_file(show.store, number, "pdf", lang=show.lang, beside=beside, actor=show.actor, now=show.now)
    elif form == "json":
        made = copy_file(show.store, number, "json", lang=show.lang, beside=beside, actor=show.actor, now=show.now)
    else:
        raise NotFoundError
    return _answer(made)


def _answer(made: CopyFile) -> Response:
    # A page of its own style is shown by no page of ours, whose policy forbids that; paper is looked at as it is.
    how = "inline" if made.media == "application/pdf" else "attachment"
    headers = {"Content-Disposition": f'{how}; filename="{made.name}"'}
    return Response(made.body, media_type=made.media, headers=headers)


def _ask(one: _Act, about: Literal["identity", "detail"]) -> None:
    ask(one.show.store, one.number, about, text=one.typed("note"), already=one.on("asked_already"),
        actor=one.show.actor, now=one.show.now)  # fmt: skip


def _identify(one: _Act) -> None:
    evidence = one.typed("evidence")
    person = one.typed("person")
    identify(
        one.show.store,
        one.number,
        frozenset({evidence, "name"} if evidence == "identity_code" else {evidence} if evidence else ()),
        person=int(person) if is_number(person) else None,
        actor=one.show.actor,
        now=one.show.now,
    )


def _give(one: _Act) -> None:
    places = []
    for code in one.several("leave_out"):
        kind, _, rest = code.partition(".")
        number, _, item = rest.partition(".")
        places.append((kind, int(number) if is_number(number) else 0, item))
    source: Any = registers.source(one.request)
    actors = {**led(one.request), one.show.key: one.show.actor}
    give_together(source, one.show.key, one.number, leave_out=places, reason=one.typed("reason"),
                  text=one.typed("text"), actors=actors, now=one.show.now)  # fmt: skip


def _ask_there(one: _Act) -> None:
    source: Any = registers.source(one.request)
    key = one.typed("register")
    person, actors = one.typed(f"there-{key}"), led(one.request)
    if key not in actors or not is_number(person):
        raise RequestError("Valitse, kuka hän on toisessa rekisterissä.", "Choose who they are in the other register.")
    ask_there(source, one.show.key, one.number, key, int(person), here=one.show.actor, there=actors[key],
              now=one.show.now)  # fmt: skip


def _erase(one: _Act) -> None:
    ban = one.typed("ban") != "no"
    kept = dict.fromkeys(one.several("keep"), one.typed("grounds").strip())
    erase(one.show.store, one.number, kept=kept, expected=one.typed("expected"), ban=ban, text=one.typed("text"),
          actor=one.show.actor, now=one.show.now)  # fmt: skip


def _print(one: _Act) -> CopyFile:
    found, _ = read_request(one.show.store, one.number, actor=one.show.actor, now=one.show.now)
    beside = stores_beside(one.request, found) if found.right == "access" else ()
    return paper(one.show.store, one.number, one.message, to=one.typed("to"), lang=one.show.lang, beside=beside,
                 actor=one.show.actor, now=one.show.now)  # fmt: skip


def _weigh(one: _Act) -> Response:
    """Look at what the erasure would leave with these grounds; nothing is done yet."""
    if one.several("keep") and not one.typed("grounds").strip():
        raise RequestError(
            "Kirjoita, miksi syynne painaa enemmän kuin hänen etunsa. Syy kerrotaan hänelle.",
            "Write why your grounds weigh more than their interests. They are told the reason.",
        )
    return shown(one.request)


def _object(one: _Act, *, erasing: bool = False) -> None:
    purposes, reason = one.several("purposes"), one.typed("reason").strip()
    kept = dict.fromkeys(purposes, reason) if reason else {}
    carry_out.carry_out_objection(one.show.store, one.number, purposes, kept=kept, expected=one.typed("expected"),
                                  erasing=erasing, text=one.typed("text"), **one.by)  # fmt: skip


def _withdraw(one: _Act, *, erasing: bool = False) -> None:
    carry_out.carry_out_withdrawal(one.show.store, one.number, expected=one.typed("expected"), erasing=erasing,
                                   text=one.typed("text"), **one.by)  # fmt: skip


def _notice(one: _Act) -> None:
    number = one.typed("notice")
    why = one.typed("why_not_told") if one.typed("how") == "not" else None
    settle_notice(one.show.store, one.number, int(number) if is_number(number) else 0, why_not=why,
                  actor=one.show.actor, now=one.show.now)  # fmt: skip


_ACTS: Mapping[str, Callable[[_Act], object]] = {
    "identify": _identify,
    "ask_identity": lambda o: _ask(o, "identity"),
    "ask_detail": lambda o: _ask(o, "detail"),
    "came": lambda o: came(o.show.store, o.number, text=o.typed("note"), **o.by),
    "extend": lambda o: extend(
        o.show.store, o.number, reason=o.typed("why_longer"), already=o.on("extend_already"), **o.by
    ),
    "tell_fee": lambda o: fee.tell_fee(
        o.show.store, o.number, why=o.typed("excess"), amount=o.typed("amount"), reason=o.typed("excess_reason"), **o.by
    ),
    "refuse_excess": lambda o: fee.refuse_excess(
        o.show.store, o.number, why=o.typed("excess"), reason=o.typed("excess_reason"), **o.by
    ),
    "delivered": lambda o: delivered(o.show.store, o.number, o.message, **o.by),
    "send_again": lambda o: send_again(o.show.store, o.number, o.message, **o.by),
    "refuse": lambda o: refuse(o.show.store, o.number, reason=o.typed("why_not"), **o.by),
    "answer": lambda o: answer(o.show.store, o.number, "done", text=o.typed("text"), **o.by),
    "object": _object,
    "object_look": lambda o: shown(o.request),
    "restrict": lambda o: carry_out.carry_out_restriction(
        o.show.store, o.number, o.typed("ground"), text=o.typed("text"), **o.by
    ),
    "correct": lambda o: carry_out_correction(o.show.store, o.number, text=o.typed("text"), **o.by),
    "weigh": _weigh,
    "ask_there": _ask_there,
    "withdraw": _withdraw,
    "tell_lifting": lambda o: carry_out.tell_of_lifting(
        o.show.store, o.number, text=o.typed("note"), already=o.on("lifting_already"), **o.by
    ),
    "lift": lambda o: carry_out.lift(o.show.store, o.number, **o.by),
    "notice": _notice,
}

_DONE = {
    "ask_identity": "asked",
    "ask_detail": "asked",
    "identify": "identified",
    "extend": "extended",
    "refuse": "answered",
    "answer": "answered",
    "give": "answered",
    "erase": "answered",
    "object": "answered",
    "portable": "answered",
    "restrict": "answered",
    "correct": "answered",
    "withdraw": "answered",
    "ask_there": "asked_there",
    "refuse_excess": "answered",
    "tell_fee": "told_fee",
    "tell_lifting": "told_lifting",
    "send_again": "sent_again",
    "delivered": "delivered",
    "lift": "lifted",
}
