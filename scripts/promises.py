"""Count the promises that a test closes: ``./dev promises`` (``--all`` shows each with its tests).

A promise is closed by a test marked ``@pytest.mark.promise("F59")``, on the test, its class or its module
(``pytestmark``). A test that is skipped or expected to fail closes nothing. The marks are read from the source, so
counting runs no test; ``./dev test`` says whether they pass.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_RUN = {"skip", "skipif", "xfail"}


def read_promises(root: Path = ROOT) -> dict[str, dict[str, str]]:
    """Notice -> number -> the promise in a sentence."""
    return tomllib.loads((root / "tests" / "promises.toml").read_text(encoding="utf-8"))


def marks(tests: Path) -> Iterator[tuple[str, str]]:
    """Each promise number that a test under ``tests`` is marked with, and that test as ``file::name``.

    Raises ``ValueError`` for a mark whose numbers are not written out.
    """
    for path in sorted(tests.rglob("test_*.py")):
        name = path.relative_to(tests.parent).as_posix()
        yield from _of_body(ast.parse(path.read_text(encoding="utf-8")), name)


def _of_body(owner: ast.Module | ast.ClassDef, name: str) -> Iterator[tuple[str, str]]:
    """The marks of a module or class (``pytestmark``) and of all in it."""
    for node in owner.body:
        if isinstance(node, ast.Assign) and any(ast.unparse(target) == "pytestmark" for target in node.targets):
            yield from ((number, name) for number in _numbers([node.value], name))
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            inner = f"{name}::{node.name}"
            if any(_mark_name(part) in NOT_RUN for decorator in node.decorator_list for part in ast.walk(decorator)):
                continue
            yield from ((number, inner) for number in _numbers(node.decorator_list, inner))
            if isinstance(node, ast.ClassDef):
                yield from _of_body(node, inner)


def _numbers(expressions: list[ast.expr], where: str) -> Iterator[str]:
    for call in (part for expression in expressions for part in ast.walk(expression)):
        if isinstance(call, ast.Call) and _mark_name(call.func) == "promise":
            for argument in call.args:
                if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                    raise ValueError(f"{where}: write the numbers of a promise mark out, as in promise('F59')")
                yield argument.value


def _mark_name(node: ast.AST) -> str | None:
    """``x`` of ``pytest.mark.x`` or ``mark.x``."""
    if isinstance(node, ast.Attribute) and ast.unparse(node.value).split(".")[-1] == "mark":
        return node.attr
    return None


def main(arguments: list[str]) -> None:
    promises = read_promises()
    closed = defaultdict(list)
    for number, test in marks(ROOT / "tests"):
        closed[number].append(test)
    known = {number for of_notice in promises.values() for number in of_notice}
    if unknown := sorted(closed.keys() - known):
        sys.exit(f"No such promise: {', '.join(unknown)}, at {closed[unknown[0]][0]}")
    for notice, of_notice in promises.items():
        done = [number for number in of_notice if number in closed]
        left = [number for number in of_notice if number not in closed]
        print(f"{notice:16} {len(done):3} of {len(of_notice):3}   open: {' '.join(left) or 'none'}")
        if "--all" in arguments:
            for number, sentence in of_notice.items():
                print(f"  {number:4} {'closed' if number in closed else 'open  '} {sentence}")
                for test in closed.get(number, ()):
                    print(f"              {test}")
    total = len(known)
    print(f"{'all':16} {len(closed):3} of {total:3}   {100 * len(closed) // total} %")


if __name__ == "__main__":
    main(sys.argv[1:])
