"""Several who do something at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest


def run_at_once(*calls: Callable[[], object]) -> list[Exception]:
    """Run calls side by side, all begun together, until each has ended; what they raised, in no order."""
    together, raised = threading.Barrier(len(calls)), list[Exception]()

    def run(call: Callable[[], object]) -> None:
        together.wait(timeout=20)
        try:
            call()
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test tells it
            raised.append(problem)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return raised


def both_before_either_goes_on(patch: pytest.MonkeyPatch, module: Any, name: str, *, wait: float = 1) -> None:
    """Have two callers of a function of a module both have its answer before either goes on.

    Whoever is let in only after the other's end is not waited for longer than ``wait`` seconds.
    """
    together, call = threading.Barrier(2), getattr(module, name)

    def met(*args: Any, **more: Any) -> Any:
        found = call(*args, **more)
        with suppress(threading.BrokenBarrierError):
            together.wait(timeout=wait)
        return found

    patch.setattr(module, name, met)
