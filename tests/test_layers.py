"""The order of the rooms, held by reading every import, inside functions too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src"

GROUND = {"law", "catalogue", "errors", "clock", "settings", "lazily"}
MAY_USE = {
    "notice": GROUND,
    "draft": GROUND | {"notice"},
    "compiler": GROUND | {"notice"},
    "store": GROUND | {"notice", "compiler"},
    "operations": GROUND | {"notice", "compiler", "store"},
    "web": GROUND | {"notice", "compiler", "store", "operations"},
    # A command may serve the pages; a page never runs a command.
    "cli": GROUND | {"notice", "draft", "compiler", "store", "operations", "web"},
    "__main__": {"cli"},
} | dict.fromkeys(GROUND, GROUND)

# Who else may use a library: the doors to a database and the parts that belong to one edge.
LIBRARIES = {
    "sqlite3": {"store"},
    "psycopg": {"store"},
    "sqlalchemy": {"store", "compiler"},
    "starlette": {"web"},
    "fastapi": {"web"},
    "jinja2": {"web", "notice"},  # the notice that people read is a page of its own
    "uvicorn": {"cli"},
    "click": {"cli"},
    "rich": {"cli"},
    "segno": {"web"},
    "fido2": {"operations"},
}
# The compiler builds constructs; what opens or drives a connection stays in the store.
CONNECTING = ("sqlalchemy.engine", "sqlalchemy.orm", "sqlalchemy.ext.asyncio", "sqlalchemy.pool", "sqlalchemy.event")
CONNECTING_NAMES = {"create_engine", "create_mock_engine", "Engine", "Connection", "event"}
CONSTRUCTS_OF_ENGINE = ("sqlalchemy.engine.default", "sqlalchemy.engine.interfaces")


def imports(tree: ast.AST, module: str, *, is_package: bool) -> Iterator[tuple[int, str]]:
    """Line and dotted name of all that a module imports: ``from a import b`` gives ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                keep = len(parts) - node.level + (1 if is_package else 0)
                base = ".".join([*parts[:keep], *([base] if base else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and node.args:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if name in ("import_module", "__import__") and isinstance(first, ast.Constant):
                yield node.lineno, str(first.value)


def faults(source: Path) -> list[str]:
    """Every import under ``source``/seloste that breaks the order, as ``file:line: why``."""
    found = []
    for path in sorted((source / "seloste").rglob("*.py")):
        parts = list(path.relative_to(source).with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        module = ".".join(parts[:-1] if is_package else parts)
        room = parts[1]
        if room == "__init__":
            continue
        for line, name in imports(ast.parse(path.read_text(encoding="utf-8")), module, is_package=is_package):
            if why := fault(room, name):
                found.append(f"{path.relative_to(source)}:{line}: {why}")
    return found


def fault(room: str, name: str) -> str | None:
    top, *rest = name.split(".")
    if room not in MAY_USE:
        return f"'{room}' is no room of the house; put the file into one"
    if top == "seloste":
        other = rest[0] if rest else ""
        if other in ("", "__version__", room) or other in MAY_USE[room]:
            return None
        return f"{room} may not use {other}"
    if top in LIBRARIES and room not in LIBRARIES[top]:
        return f"{room} may not use {top}"
    if top == "sqlalchemy" and room == "compiler":
        part = ".".join([top, *rest])
        connects = part.startswith(CONNECTING) and not part.startswith(CONSTRUCTS_OF_ENGINE)
        if connects or CONNECTING_NAMES.intersection(rest[-1:]):
            return f"compiler builds constructs and opens nothing, so it may not use {name}"
    return None


def test_every_room_keeps_the_order() -> None:
    assert faults(SOURCE) == []


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("compiler/tables.py", "from seloste.store import engine", "compiler may not use store"),
        ("compiler/tables.py", "def f():\n    from ..store.engine import open_database", "compiler may not use store"),
        ("compiler/__init__.py", "from .. import web", "compiler may not use web"),
        ("compiler/sub/deep.py", "from ...operations import collect", "compiler may not use operations"),
        ("notice/check.py", "import seloste.compiler.tables", "notice may not use compiler"),
        ("law/due.py", "from seloste.notice.model import Notice", "law may not use notice"),
        ("clock.py", "from seloste import notice", "clock may not use notice"),
        ("web/staff/list.py", "import sqlite3", "web may not use sqlite3"),
        ("web/staff/list.py", "from sqlalchemy import select", "web may not use sqlalchemy"),
        ("web/staff/list.py", "import importlib\nimportlib.import_module('seloste.cli')", "web may not use cli"),
        ("operations/find.py", "if True:\n    import psycopg.sql", "operations may not use psycopg"),
        ("compiler/tables.py", "from sqlalchemy import create_engine", "may not use sqlalchemy.create_engine"),
        ("compiler/tables.py", "import sqlalchemy.orm", "may not use sqlalchemy.orm"),
        ("store/engine.py", "from fastapi import HTTPException", "store may not use fastapi"),
        ("helpers.py", "import seloste.law", "no room of the house"),
    ],
)
def test_it_sees_an_import_that_breaks_the_order(tmp_path: Path, path: str, text: str, why: str) -> None:
    file = tmp_path / "seloste" / path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    assert [why in line for line in faults(tmp_path)] == [True]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compiler/tables.py", "from sqlalchemy import MetaData, Table\nfrom sqlalchemy.dialects import sqlite"),
        ("compiler/tables.py", "from seloste.notice.model import Notice\nfrom . import lower\nfrom .. import clock"),
        ("store/engine.py", "import sqlite3, psycopg\nfrom sqlalchemy import create_engine"),
        ("cli/serve.py", "import uvicorn\nfrom seloste.web.app import make_app\nfrom seloste import __version__"),
        ("__main__.py", "from seloste.cli import main"),
        ("settings.py", "from seloste.errors import SelosteError"),
    ],
)
def test_it_lets_the_order_pass(tmp_path: Path, path: str, text: str) -> None:
    file = tmp_path / "seloste" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    assert faults(tmp_path) == []
