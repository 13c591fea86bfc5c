"""What one thread makes for one object keeps no other thread from making it for another."""

from __future__ import annotations

import threading
from pathlib import Path

from seloste.lazily import cached_property

SOURCE = Path(__file__).parent.parent / "src"


class _Page:
    def __init__(self, waits: threading.Event | None = None) -> None:
        self.waits, self.times = waits, 0

    @cached_property
    def read(self) -> int:
        self.times += 1
        if self.waits is not None:
            assert self.waits.wait(20)
        return self.times


def test_one_page_does_not_wait_for_what_another_reads() -> None:
    let_go = threading.Event()
    slow, quick = _Page(let_go), _Page()
    reading = threading.Thread(target=lambda: slow.read, daemon=True)
    reading.start()
    other = threading.Thread(target=lambda: quick.read, daemon=True)
    other.start()
    other.join(10)
    assert not other.is_alive()
    let_go.set()
    reading.join(10)
    assert (slow.read, slow.read, quick.read) == (1, 1, 1)


def test_nobody_takes_the_one_that_waits() -> None:
    for path in SOURCE.rglob("*.py"):
        if path.name != "lazily.py":
            assert "import cached_property" not in path.read_text("utf-8").replace(
                "from seloste.lazily import cached_property", ""
            ), path
