"""Ceilings. What outgrows one lacks an idea that would make it two."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LINES = {"src": 400, "scripts": 400, "bench": 400, "tests": 800}
FUNCTION_LINES = 60


def too_long(root: Path) -> list[str]:
    found = []
    for folder, limit in LINES.items():
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            name = path.relative_to(root).as_posix()
            if (count := text.count("\n")) > limit:
                found.append(f"{name}: {count} lines, at most {limit}")
            if folder == "tests":
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    length = (node.end_lineno or 0) - node.lineno + 1
                    if length > FUNCTION_LINES:
                        found.append(f"{name}:{node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES}")
    return found


def test_no_file_and_no_function_outgrows_its_ceiling() -> None:
    assert too_long(ROOT) == []


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("src/seloste/a.py", "x = 1\n" * 401, "401 lines"),
        ("tests/test_a.py", "x = 1\n" * 801, "801 lines"),
        ("src/seloste/a.py", "class A:\n    def f(self):\n" + "        x = 1\n" * 60, "f has 61 lines"),
    ],
)
def test_it_sees_what_is_too_long(tmp_path: Path, path: str, text: str, why: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    assert [why in line for line in too_long(tmp_path)] == [True]
