"""What is asked of every register now and then: of all at once where they are few, in turn where they are many.

An answer takes no longer for more registers: of those that had no turn yet nothing is told, of the others what they
said last. :class:`LookOn` gives each its first turn in the background, so that a monitor soon knows of all.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from seloste.store.registers import Registers

FEW, AT_ONCE = 3, 20
"""How many registers are asked for one answer: a few however long they take, more while there is time."""
SECONDS = 2.0

PAUSE = 4
"""The background rests so many times as long as it worked: it takes no more than a fifth of a processor."""
STOP_SECONDS = 5.0

log = logging.getLogger("seloste.in_turn")

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
    until = time.monotonic() + SECONDS
    for number, key in enumerate(turn[:AT_ONCE]):
        if number >= FEW and time.monotonic() > until:
            break
        answer = ask(key)
        with _lock:
            said.pop(key, None)
            said[key] = answer
    with _lock:
        return {key: said[key] for key in keys if key in said}  # type: ignore[misc]


class LookOn(threading.Thread):
    """Asks every register for the first time, beside the pages, and ends when all have said something."""

    def __init__(self, registers: Registers, what: str, ask: Callable[[str], object]) -> None:
        super().__init__(name="seloste-look-on", daemon=True)
        self._registers, self._what, self._ask = registers, what, ask
        self._stopped = threading.Event()

    def run(self) -> None:
        wait = 1.0
        while not self._stopped.wait(wait):
            since = time.monotonic()
            try:
                if len(in_turn(self._registers, self._what, self._ask)) >= len(self._registers.keys()):
                    return
            except Exception as problem:  # noqa: BLE001  the database of the installation may be away for a while
                log.error("registers not looked at: %s", type(problem).__name__)  # noqa: TRY400
            wait = max(PAUSE * (time.monotonic() - since), 1.0)

    def stop(self) -> None:
        """End, and wait a while for the look under way."""
        self._stopped.set()
        self.join(STOP_SECONDS)
