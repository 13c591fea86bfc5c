"""Acts on a request beside the main one: ask for more, take longer, charge a fee, refuse, end a pause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from starlette.requests import Request

from seloste.operations.rights.fee import WHYS, earlier
from seloste.operations.rights.model import Request as Asked
from seloste.operations.rights.tell import Told
from seloste.web.parts import Choice, Field, Link
from seloste.web.present import Presenter


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm:
    """One act with its fields; the main one stands open, others under their name."""

    act: str
    title: str
    submit: str
    fields: tuple[Field, ...] = ()
    intro: str = ""
    look: Literal["main", "erase", "plain"] = "plain"
    hidden: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    """Further buttons: (act, text); they take the same fields along."""


class Typed:
    """A request as its page shows it, with what was typed into a form that was refused."""

    def __init__(self, request: Request, show: Presenter, found: Asked) -> None:
        self.request, self.show, self.found = request, show, found
        self.form: Any = request.state.form if request.method == "POST" else {}

    def typed(self, name: str, default: str = "") -> str:
        return str(self.form.get(name, default))

    def several(self, name: str) -> tuple[str, ...]:
        return tuple(map(str, self.form.getlist(name))) if self.form else ()

    def text(self, name: str, label: str, *, hint: str = "", optional: bool = True) -> Field:
        return Field(name=name, label=label, widget="textarea", lines=3, optional=optional, hint=hint,
                     shown=(self.typed(name),))  # fmt: skip

    def already(self, name: str) -> Field:
        """Whether the staff have told it themselves, so that no message leaves."""
        return Field(name=name, label=self.show.t("requests.told_already"), widget="checkbox", optional=True,
                     unmarked=True, shown=(self.typed(name),))  # fmt: skip


def others(page: Typed, told: tuple[Told, ...]) -> Iterator[ActForm]:
    """What else may be done now, by where the request stands."""
    if page.found.open:
        yield _more(page)
        clock = page.found.clock
        if not clock.extended and not clock.overdue and not page.found.waiting:
            yield _extend(page)
        yield _fee(page)
        yield _refuse(page)
    elif page.found.right == "restriction" and not any(step.step == "lifted" for step in page.found.steps):
        yield _lift(page, told)


def weighing(page: Typed, purposes: tuple[str, ...]) -> ActForm:
    """Compelling grounds against an erasure, weighed and written down before it is seen what stays (Art. 21(1))."""
    show, t = page.show, page.show.t
    choices = tuple(Choice(value=key, text=show.purpose(key)) for key in purposes)
    fields = (
        Field(
            name="keep", label=t("requests.weigh_what"), widget="checks", shown=page.several("keep"), choices=choices
        ),
        page.text("grounds", t("requests.weigh_why"), hint=t("requests.weigh_hint"), optional=False),
    )
    return ActForm(act="weigh", title=t("requests.weigh"), submit=t("requests.weigh_act"),
                   intro=t("requests.weigh_intro"), fields=fields)  # fmt: skip


def _more(page: Typed) -> ActForm:
    t, found = page.show.t, page.found
    if found.waiting:
        return ActForm(act="came", title=t("requests.came"), submit=t("requests.came_act"),
                       fields=(page.text("note", t("requests.what_came")),))  # fmt: skip
    about = "identity" if not found.identified else "detail"
    fields = (page.text("note", t("requests.what_asked"), hint=t("requests.in_message")), page.already("asked_already"))
    return ActForm(act=f"ask_{about}", title=t(f"requests.ask_{about}"), submit=t("requests.ask_act"),
                   intro=t("requests.ask_intro"), fields=fields)  # fmt: skip


def _extend(page: Typed) -> ActForm:
    t = page.show.t
    hint = t("requests.in_message")
    fields = (page.text("why_longer", t("requests.why"), hint=hint, optional=False), page.already("extend_already"))
    return ActForm(act="extend", title=t("requests.extend"), submit=t("requests.extend_act"),
                   intro=t("requests.extend_intro"), fields=fields)  # fmt: skip


def _fee(page: Typed) -> ActForm:
    """Art. 12(5): what the request has cost so far is no ground, so only the days of earlier ones are shown."""
    show, t, found = page.show, page.show.t, page.found
    before = earlier(show.store, found.id, found.person, now=show.now)
    days = show.f.listed(show.f.date(each) for each in before)
    intro = t("requests.fee_intro") + " "
    intro += t("requests.fee_before", n=len(before), days=days) if before else t("requests.fee_first")
    choices = tuple(
        Choice(value=why, text=t(f"requests.fee_{why}"), hint=t(f"requests.fee_{why}_hint")) for why in WHYS
    )
    fields = (
        Field(name="excess", label=t("requests.fee_why"), widget="radio", shown=(page.typed("excess"),),
              choices=choices),
        page.text("excess_reason", t("requests.fee_reason"), hint=t("requests.fee_reason_hint"), optional=False),
        Field(name="amount", label=t("requests.fee_amount"), unit="€", short=True, inputmode="decimal", optional=True,
              hint=t("requests.fee_amount_hint"), shown=(page.typed("amount"),)),
    )  # fmt: skip
    told = any(step.step == "told_fee" for step in found.steps)
    if told:
        return ActForm(act="refuse_excess", title=t("requests.fee"), submit=t("requests.refuse_act"),
                       intro=intro, fields=fields[:2])  # fmt: skip
    return ActForm(act="tell_fee", title=t("requests.fee"), submit=t("requests.fee_act"), intro=intro, fields=fields,
                   also=(("refuse_excess", t("requests.refuse_act")),))  # fmt: skip


def _refuse(page: Typed) -> ActForm:
    t = page.show.t
    fields = (page.text("why_not", t("requests.why"), hint=t("requests.in_message"), optional=False),)
    return ActForm(act="refuse", title=t("requests.refuse"), submit=t("requests.refuse_act"),
                   intro=t("requests.refuse_intro"), fields=fields)  # fmt: skip


def _lift(page: Typed, told: tuple[Told, ...]) -> ActForm:
    """First the person is told, and only when that has left may the pause end (Art. 18(3))."""
    t = page.show.t
    of_it = [each for each in told if each.about == "told_of_lifting"]
    if any(each.state == "sent" for each in of_it):
        return ActForm(act="lift", title=t("requests.lift"), submit=t("requests.lift"), intro=t("requests.lift_intro"))
    fields = (
        page.text("note", t("requests.what_told"), hint=t("requests.in_message"), optional=False),
        page.already("lifting_already"),
    )
    intro = t("requests.tell_waits") if of_it else t("requests.tell_intro")
    return ActForm(act="tell_lifting", title=t("requests.tell_lifting"), submit=t("requests.tell_act"),
                   intro=intro, fields=fields)  # fmt: skip
