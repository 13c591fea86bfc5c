"""Firms that take one notice and write their own name into it share its statements, and nobody else's."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from seloste.compiler.copy import copy_of
from seloste.compiler.forecast import leaving
from seloste.compiler.judge import judgements
from seloste.compiler.lower import compile_notice, compile_text
from seloste.compiler.marks import marks
from seloste.compiler.register import Register
from seloste.compiler.shape import shape
from seloste.compiler.views import lens_views, view
from seloste.compiler.why import why_statement
from seloste.notice import load
from seloste.notice.model import Notice
from seloste.notice.serial import to_json

EXAMPLES = [Path(__file__).parents[2] / "examples" / name / "notice.yaml" for name in ("fluiconnecto", "proseduuri")]
ENGINE = "sqlite"


def of_another_firm(notice: Notice) -> Notice:
    """The same notice, with another name on it and written some lines further down."""
    controller = replace(notice.controller, name="Toinen Oy", address="Katu 2", email="t@toinen.example", group=())
    place = next(iter(notice.purposes.values())).place
    assert place is not None
    purposes = {
        key: replace(purpose, place=replace(place, line=place.line + 7)) for key, purpose in notice.purposes.items()
    }
    return replace(
        notice,
        register="another",
        title={"fi": "Toinen", "en": "Another"},
        controller=controller,
        effective=dt.date(2026, 12, 24),
        purposes=purposes,
        digest="f" * 64,
    )


def statements(register: Register) -> list[object]:
    """What is made once for a register by the compiler, as texts."""
    views = [lens_views(register, lens, ENGINE) for lens in register.lenses.values()]
    kinds = list(register.tables)[:3]
    asked = [(leaving(register, kind, ENGINE), why_statement(register, kind, ENGINE)) for kind in kinds]
    copied = copy_of(register, ENGINE).steps
    return [shape(register), views, marks(register, ENGINE), judgements(register, ENGINE), asked, copied]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_what_firms_share_is_what_each_would_have_made(path: Path) -> None:
    first = compile_text(to_json(load(path)))
    other = compile_text(to_json(of_another_firm(load(path))))
    lens = next(iter(first.lenses.values()))
    shared = [view(each, lens, next(iter(lens.shows)), ENGINE, barred=False) for each in (first, other)]
    assert shared[0] is shared[1]
    assert statements(other) == statements(compile_notice(other.notice))
    assert (shape(first).digest, shape(other).digest) == (first.hash, "f" * 64)


def test_another_year_end_or_purpose_is_not_shared() -> None:
    notice = load(EXAMPLES[0])
    lens, *_ = notice.staff
    purpose = next(key for key in notice.staff[lens].purposes if notice.purposes[key].at_most == ())
    another = {**notice.purposes, purpose: replace(notice.purposes[purpose], basis="public_task")}
    for different in (
        replace(notice, controller=replace(notice.controller, financial_year_ends=(4, 30))),
        replace(notice, purposes=another),
        replace(notice, purposes=dict(reversed(notice.purposes.items()))),
    ):
        found, own = compile_text(to_json(different)), compile_text(to_json(notice))
        kind = next(iter(own.lens(lens).shows))
        assert view(found, found.lens(lens), kind, ENGINE) is not view(own, own.lens(lens), kind, ENGINE)
        assert shape(found) == shape(compile_notice(different))
