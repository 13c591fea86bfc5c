"""The program that gets killed. It stays warm and forks one child for each order, so that a kill costs little.

Reads orders as lines of JSON and answers each with one. A child counts what its database begins: every statement,
and on PostgreSQL every commit. It ends itself with SIGKILL at the one it is told, or its parent kills it after a while.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.kill_loop.deeds import Deed, deeds
from scripts.kill_loop.place import KEY, Place
from scripts.kill_loop.warm import keep_compiled
from seloste.store.dialects import sqlite
from seloste.store.dialects.postgresql_sent import SendingConnection
from seloste.store.engine import Dialect

VICTIM = "killed_by_the_loop"
"""By which name PostgreSQL knows the connections of a child."""


@dataclass
class Counter:
    """Kills its process when it counts to ``last``."""

    last: int
    seen: int = 0

    def step(self, *_: object) -> None:
        self.seen += 1
        if self.seen == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def count_statements(counter: Counter) -> None:
    """Have every statement of this process counted when it begins."""
    connect = sqlite.connect

    def traced(*args: Any, **kwargs: Any) -> Any:
        raw = connect(*args, **kwargs)
        raw.set_trace_callback(counter.step)
        return raw

    sqlite.connect = traced
    for owner, name in ((SendingConnection, "execute"), (SendingConnection, "executemany"), (SendingConnection, "send"),
                        (SendingConnection, "append"), (SendingConnection, "finish")):  # fmt: skip
        setattr(owner, name, _counted(getattr(owner, name), counter))


def _counted(function: Callable[..., Any], counter: Counter) -> Callable[..., Any]:
    def counted(*args: Any, **kwargs: Any) -> Any:
        counter.step()
        return function(*args, **kwargs)

    return counted


def child(order: dict[str, Any], known: dict[str, Deed], out: int) -> None:
    """Do the deed, and say through ``out`` that it begins, what is finished, and that it has ended."""

    def say(word: str) -> None:
        os.write(out, f"{word}\n".encode())

    os.environ["PGAPPNAME"] = VICTIM
    deed = known[order["deed"]]
    counter = Counter(0)
    count_statements(counter)
    with Place(**order["place"]).opened() as registers:
        registers.open(KEY)
        counter.seen, counter.last = 0, order["statement"]
        say("begun")
        deed.do(registers, order["facts"], lambda word: say(f"told {word}"))
        seen = counter.seen
        counter.last = 0
    say(f"ended {seen}")


def obey(order: dict[str, Any], known: dict[str, Deed]) -> dict[str, Any]:
    """Fork a child, kill it when the order says so, and tell how it ended and what it told before."""
    inlet, outlet = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            os.close(inlet)
            child(order, known, outlet)
            status = 0
        except BaseException:  # noqa: BLE001  a child says why and ends; it must not go on as its parent
            import traceback

            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(outlet)
    heard = os.fdopen(inlet, "r", encoding="utf-8")
    lines = [heard.readline().strip()]
    begun = time.monotonic()
    if order["after"] is not None and lines[0] == "begun":
        time.sleep(order["after"])
        os.kill(pid, signal.SIGKILL)
    lines += [line.strip() for line in heard]
    heard.close()
    _, status = os.waitpid(pid, 0)
    ended = [line.removeprefix("ended ") for line in lines if line.startswith("ended ")]
    return {
        "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
        "failed": os.WIFEXITED(status) and os.WEXITSTATUS(status) != 0,
        "told": [line.removeprefix("told ") for line in lines if line.startswith("told ")],
        "statements": int(ended[0]) if ended else None,
        "took": time.monotonic() - begun,
    }


def main(folder: str, engine: Dialect) -> None:
    """Obey until there are no more orders."""
    keep_compiled(engine)
    known = {deed.name: deed for deed in deeds(Path(folder))}
    for line in sys.stdin:
        sys.stdout.write(json.dumps(obey(json.loads(line), known)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], "sqlite" if sys.argv[2] == "sqlite" else "postgresql")
