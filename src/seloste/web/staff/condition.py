"""Whether the installation and this register work as promised, for whoever leads privacy: what the doctor finds."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from seloste.operations.running.doctor.examine import examine_open
from seloste.operations.running.doctor.model import Finding
from seloste.web import registers, responses
from seloste.web.frame import frame_of
from seloste.web.parts import Chip, Head, Item
from seloste.web.present import Presenter


def page(request: Request) -> Response:
    """``/r/{reg}/privacy/condition``: what must be mended first. Of other registers nothing is told."""
    show = Presenter(request)
    found = examine_open(registers.installation(request), now=show.now, only=show.key)
    by_level = {level: [each for each in found if each.level == level] for level in ("bad", "warn", "ok")}
    return responses.page(
        request,
        "staff/condition.html",
        frame=frame_of(request),
        head=Head(title=show.t("running.title"), opening=_opening(show, len(by_level["bad"]), len(by_level["warn"]))),
        bad=tuple(_item(show, each) for each in by_level["bad"]),
        warn=tuple(_item(show, each) for each in by_level["warn"]),
        fine=tuple((_label(show, each), _said(show, each, each.what)) for each in by_level["ok"]),
    )


def _opening(show: Presenter, bad: int, warn: int) -> str:
    told = [show.t("running.opening_bad", n=bad)] if bad else []
    told += [show.t("running.opening_warn", n=warn)] if warn else []
    return " ".join(told) or show.t("running.opening_ok")


def _item(show: Presenter, each: Finding) -> Item:
    todo = _said(show, each, each.todo)
    if each.where.startswith("SELOSTE_") and each.where not in todo:
        todo = f"{todo} ({each.where})"
    chip = Chip(text=_label(show, each), tone="stop" if each.level == "bad" else "soon")
    return Item(text=_said(show, each, each.what), sub=todo, chip=chip)


def _label(show: Presenter, each: Finding) -> str:
    return show.t(f"running.check_{each.check}")


def _said(show: Presenter, each: Finding, text: tuple[str, str]) -> str:
    """The words, without a path of the machine: whoever leads privacy need not be whoever runs it."""
    said = text[0 if show.lang == "fi" else 1]
    path = each.where if "/" in each.where else ""
    return said.replace(path, show.t("running.this_file")) if path else said
