"""Comparing with a kept text, and writing it anew with ``--update-golden``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

EXPECTED = Path(__file__).parent / "expected"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden("plan/fluxio.sql", text)`` holds a text against the one that was last looked at and kept."""
    update = bool(request.config.getoption("--update-golden"))

    def compare(name: str, text: str) -> None:
        path = EXPECTED / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            return
        assert path.exists(), f"{name} is not kept yet: run pytest tests/golden --update-golden, and look at it"
        assert path.read_text("utf-8") == text, f"{name} differs: look at why, then run pytest --update-golden"

    return compare
