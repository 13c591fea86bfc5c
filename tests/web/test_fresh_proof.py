"""Which pages ask anew who is signed in: found by what their handlers reach, not listed by hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import seloste
from seloste.web.routes import ROUTES
from seloste.web.routing import Route

WEB = Path(seloste.__file__).parent / "web"
# What is not taken back, by the operations that do it: a person erased, a version decided on, people written to, the
# copy of somebody's data given.
DEEDS = {
    "seloste.operations.rights.erase.erase": "erase",
    "seloste.operations.notices.publish.decide": "publish",
    "seloste.operations.notices.publish.withdraw": "publish",
    "seloste.operations.breaches.letter.tell": "tell",
    "seloste.operations.rights.together.give_together": "take_out",
    "seloste.operations.rights.take_along.give_portable": "take_out",
}
FILE = "Content-Disposition"


@cache
def module(name: str) -> tuple[Mapping[str, ast.AST], Mapping[str, str]]:
    """What a module of the pages defines by name, and what its imports name, dotted."""
    file = WEB.joinpath(*name.split("."))
    tree = ast.parse((file / "__init__.py" if file.is_dir() else file.with_suffix(".py")).read_text("utf-8"))
    defined: dict[str, ast.AST] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined[node.name] = node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in node.targets if isinstance(node, ast.Assign) else (node.target,):
                if isinstance(target, ast.Name):
                    defined[target.id] = node
    named = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return defined, named


def reached(route: Route) -> set[str]:
    """The operations, dotted, and the header of a file that a handler comes to through functions of the pages."""
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    waiting = [(route.handler.partition(":")[0], route.handler.partition(":")[2])]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        defined, named = module(here[0])
        for name in names(defined[here[1]]) if here[1] in defined else ():
            head, _, rest = name.partition(".")
            if name == FILE:
                found.add(FILE)
            elif head in defined:
                waiting.append((here[0], head))
            elif head in named:
                whole = named[head] + (f".{rest}" if rest else "")
                if whole.startswith("seloste.operations."):
                    found.add(whole)
                elif whole.startswith("seloste.web."):
                    inside, _, function = whole.removeprefix("seloste.web.").rpartition(".")
                    if inside.startswith(("staff", "proof")) and inside != "staff":
                        waiting.append((inside, function))
    return found


def names(node: ast.AST) -> Iterator[str]:
    """What a definition speaks of that is not its own."""
    every = list(ast.walk(node))
    local = {each.id for each in every if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    local |= {each.arg for each in every if isinstance(each, ast.arg)}
    for each in every:
        if isinstance(each, ast.Name) and each.id not in local:
            yield each.id
        elif isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name) and each.value.id not in local:
            yield f"{each.value.id}.{each.attr}"
        elif isinstance(each, ast.Constant) and each.value == FILE:
            yield FILE


def of_staff() -> Iterator[Route]:
    return (route for route in ROUTES if route.audience in ("staff", "lead"))


def test_a_file_asks_for_proof_unless_its_route_says_that_nobodys_data_are_in_it() -> None:
    files = {route for route in of_staff() if FILE in reached(route)}
    assert len(files) >= 12
    assert [route.path for route in files if not route.fresh and not route.nobodys] == []
    assert [route.path for route in of_staff() if route.nobodys and (route.fresh or route not in files)] == []


def test_what_is_not_taken_back_asks_for_proof() -> None:
    asked: dict[str, set[str]] = {}
    for route in of_staff():
        if "POST" not in route.methods:
            continue
        for operation in reached(route):
            for deed, word in DEEDS.items():
                if operation == deed:
                    asked.setdefault(deed, set()).add(route.path)
                    assert route.fresh == word, (route.path, operation)
    assert asked.keys() == DEEDS.keys()


def test_who_gets_in_is_changed_with_proof() -> None:
    """Whatever reaches an operation on accounts in the pages of a register; one's own account has its own way."""
    rooms = tuple(f"seloste.operations.accounts.{each}." for each in ("change", "invite", "roles"))
    found = {
        route.path: route.fresh
        for route in of_staff()
        if "POST" in route.methods
        and route.path.startswith("/r/")
        and any(
            each.startswith(rooms) and each.rpartition(".")[2] not in ("account_names", "list_accounts")
            for each in reached(route)
        )
    }
    assert found
    assert set(found.values()) == {"staff"}, found
