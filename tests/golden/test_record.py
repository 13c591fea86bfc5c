"""The record of processing of one example, as it was read by a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from seloste.notice import load
from seloste.notice.record import record
from seloste.notice.record.plain import markdown

HOUSE = Path(__file__).parents[2] / "examples" / "fluxio" / "as-oy-tuulikello.yaml"


def test_the_record_of_a_register_run_for_another(golden: Callable[[str, str], None]) -> None:
    golden("record/as-oy-tuulikello.fi.md", markdown(record(load(HOUSE), "fi")))
