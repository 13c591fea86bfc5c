"""Where a rule is said to be enforced there is something: tables, columns, days, views, for every sentence."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from seloste.compiler.enforced import Enforced, enforced
from seloste.compiler.lower import CLOCK, compile_notice
from seloste.compiler.register import Register
from seloste.law.rules import rule_set
from seloste.notice import load
from seloste.notice.render.build import build
from seloste.notice.render.sentences import sentences

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(
    path for path in EXAMPLES.glob("*/*.yaml") if re.search(r"^register:", path.read_text("utf-8"), re.MULTILINE)
)
OWN = {"journal", "sys_notice", "sys_planned", "installation.account", "installation.session"}


@cache
def register(path: Path) -> Register:
    return compile_notice(load(path))


def is_there(of: Register, each: Enforced, name: str) -> bool:
    kind, _, column = name.partition(".")
    match each.sort:
        case "table" | "day":
            return name in OWN or (kind in of.tables and (not column or of.tables[kind].column(column) is not None))
        case "judge" | "sweep":
            return kind in of.tables
        case "bit":
            return of.tables[kind].column(column.partition(":")[0]) is not None
        case "cut":
            return kind == CLOCK and column in of.sa(CLOCK).c
        case "lens":
            lens, _, seen = name.partition(": ")
            return lens in of.lenses and (not seen or seen in of.lenses[lens].shows)
        case "law":
            return bool(rule_set(name).entries())
        case "given":
            parties = {one.key for one in (*of.notice.recipients, *of.notice.processors)}
            return name in parties or of.tables[kind].column(column) is not None
        case "audience":
            return name in of.purposes
        case "check":
            return name.removeprefix("never.") in of.notice.never
        case _:
            return False


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_place_is_there(path: Path) -> None:
    of = register(path)
    for rule in dict.fromkeys(each.rule for each in sentences(build(of.notice, of.notice.languages[0]))):
        found = enforced(of, rule)
        assert found, rule
        for each in found:
            assert each.names or each.sort == "told", (rule, each.sort)
            for name in each.names:
                assert is_there(of, each, name), (rule, each.sort, name)


def test_a_period_is_enforced_by_what_sweeps_it_and_a_use_by_its_columns() -> None:
    of = register(EXAMPLES / "fluiconnecto" / "notice.yaml")
    keep = {each.sort: each.names for each in enforced(of, "purposes.feedback.keep.feedback")}
    assert "feedback" in keep["sweep"] and keep["cut"] == (f"{CLOCK}.{of.cuts['feedback', 'feedback'].column}",)
    uses = {each.sort: each.names for each in enforced(of, "purposes.feedback.uses")}
    assert set(uses["table"]) == {str(ref) for ref in of.purposes["feedback"].uses}
    assert enforced(of, "controller.name") == (Enforced("told"),)
