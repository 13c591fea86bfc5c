"""What is asked of every register now and then: of all at once where they are few, in turn where they are many."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from seloste.store.registers import Registers

AT_ONCE = 20
"""How many registers are asked for one answer; of the others it tells what they said last."""

T = TypeVar("T")

_said: WeakKeyDictionary[Registers, dict[str, dict[str, object]]] = WeakKeyDictionary()
_lock = threading.Lock()


def in_turn(registers: Registers, what: str, ask: Callable[[str], T]) -> dict[str, T]:
    """Register -> what it said; one that has not had its turn yet is left out. ``what`` names the question."""
    keys = registers.keys()
    with _lock:
        said = _said.setdefault(registers, {}).setdefault(what, {})
        for gone in said.keys() - set(keys):
            del said[gone]
        # Those never asked first, then those asked longest ago: an answer is put at the end.
        turn = sorted(set(keys) - said.keys()) + list(said)
    for key in turn[:AT_ONCE]:
        answer = ask(key)
        with _lock:
            said.pop(key, None)
            said[key] = answer
    with _lock:
        return {key: said[key] for key in keys if key in said}  # type: ignore[misc]
