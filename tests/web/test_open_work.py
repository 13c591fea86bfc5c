"""The numbers of the side bar: while one page counts them anew, the others show the old ones."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from seloste.operations.actor import Actor
from seloste.web import open_work


def test_only_one_counts_and_the_others_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    request: Any = SimpleNamespace(
        app=SimpleNamespace(state=SimpleNamespace()), state=SimpleNamespace(actor=Actor("a1", "sales"))
    )
    store: Any = SimpleNamespace(register=SimpleNamespace(notice=SimpleNamespace(register="house")))
    counting, let_go, counted = threading.Event(), threading.Event(), []

    def count(*_: object) -> dict[str, int]:
        counted.append(1)
        if len(counted) == 1:
            return {"task": 1}
        counting.set()
        assert let_go.wait(20)
        return {"task": 2}

    monkeypatch.setattr(open_work, "_counts", count)
    monkeypatch.setattr(open_work, "KEPT", 0.0)
    monkeypatch.setattr(open_work, "SHARE", 0)
    assert open_work.open_counts(request, store, "sales") == {"task": 1}
    slow = threading.Thread(target=open_work.open_counts, args=(request, store, "sales"), daemon=True)
    slow.start()
    assert counting.wait(20)
    assert open_work.open_counts(request, store, "sales") == {"task": 1}
    assert len(counted) == 2
    let_go.set()
    slow.join(20)
    assert open_work.open_counts(request, store, "sales") == {"task": 2}
