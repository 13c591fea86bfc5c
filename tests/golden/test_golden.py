"""What the compiler makes of each example, as text that a change must be looked at in. Findings: ``tests/corpus``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seloste.compiler.explain import explain
from seloste.compiler.lower import compile_notice
from seloste.compiler.plan import plan
from seloste.compiler.register import Register
from seloste.compiler.views import lens_views
from seloste.notice import load

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(
    path
    for path in (ROOT / "examples").glob("*/*.yaml")
    if any(line.startswith("register:") for line in path.read_text("utf-8").splitlines())
)
Golden = Callable[[str, str], None]


def named(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.fixture(scope="module", params=EXAMPLES, ids=named)
def example(request: pytest.FixtureRequest) -> tuple[str, Register]:
    return named(request.param), compile_notice(load(request.param))


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_the_statements_that_build_a_register_and_its_lenses(
    example: tuple[str, Register], dialect: str, golden: Golden
) -> None:
    name, register = example
    golden(f"sql/{name}.{dialect}.sql", "\n".join(_statements(register, dialect)) + "\n")


def _statements(register: Register, dialect: str) -> Iterator[str]:
    for step in plan(None, register, dialect).steps:
        yield f"-- {step.verb} {step.target}"
        yield from (f"{sql};" for sql in step.sql)
    for lens in register.lenses.values():
        for view in lens_views(register, lens, dialect).values():
            yield f"-- {lens.key} sees {view.kind}"
            yield f"{view.sql};"


@pytest.mark.parametrize("lang", ["fi", "en"])
def test_what_explain_says_of_every_item(example: tuple[str, Register], lang: str, golden: Golden) -> None:
    name, register = example
    lines = []
    for kind, table in register.tables.items():
        if table.kind.built_in:
            continue
        for what in (kind, *(f"{kind}.{item}" for item in table.kind.items if table.column(item) is not None)):
            lines += [f"# {what}", *(each.text for each in explain(register, what, lang)), ""]
    golden(f"explain/{name}.{lang}.txt", "\n".join(lines))
