"""What a customer says of marketing, written down beside the number or address it is about: a ban, and its lifting."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.catalogue.model import PERSON
from seloste.operations.permissions.contact import ContactAnswer, contact_answers
from seloste.operations.permissions.say import ban, lift_ban
from seloste.web import responses, security
from seloste.web.parts import Act
from seloste.web.present import Presenter
from seloste.web.problems import NotFoundError
from seloste.web.staff.sheet import Sheet


def otherwise(sheet: Sheet, answer: ContactAnswer) -> Act | None:
    """The button that writes down the opposite of what holds; a no for another reason than a ban has none here."""
    show = sheet.show
    if answer.answer == "no" and not answer.ban:
        return None
    about = (("purpose", answer.purpose), ("channel", answer.channel), ("sender", answer.sender))
    key = "may.set_ban" if not answer.ban else "may.lift_all" if answer.ban == "all" else "may.lift"
    return Act(
        text=show.t(key),
        post=f"{show.href(PERSON, sheet.row.id)}/said",
        look="link",
        name="say",
        value="lift" if answer.ban else "ban",
        hidden=(*security.hidden(show.request), *about),
    )


def say(request: Request) -> Response:
    """Set a ban on what one line is about, or lift the one that stands against it."""
    show, number = Presenter(request), int(request.path_params["id"])
    if request.path_params["kind"] != PERSON or number >= 2**63:
        raise NotFoundError
    form = request.state.form
    asked = tuple(str(form.get(name, "")) for name in ("purpose", "channel", "sender"))
    answers = contact_answers(show.store, number, actor=show.actor, now=show.now)
    found = next((each for each in answers if (each.purpose, each.channel, each.sender) == asked), None)
    if found is None:
        raise NotFoundError
    done = "unchanged"
    # Sent twice it is said once.
    if form.get("say") == "ban" and not found.ban:
        ban(
            show.store,
            number,
            found.channel,
            purpose=found.purpose,
            sender=found.sender,
            actor=show.actor,
            now=show.now,
        )
        done = "banned"
    elif form.get("say") == "lift" and found.ban:
        lift_ban(show.store, number, found.ban_id, actor=show.actor, now=show.now)
        done = "ban_lifted"
    return responses.redirect(show.href(PERSON, number), done=done)
