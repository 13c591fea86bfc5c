"""The reference of the catalogue says what the catalogue says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from seloste.catalogue.doc import document
from seloste.catalogue.load import versions, vocabulary

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "catalogue.md"


def test_the_reference_is_up_to_date() -> None:
    assert REFERENCE.read_text("utf-8") == document(vocabulary(versions()[-1])), (
        "run: python -m seloste.catalogue.doc > docs/reference/catalogue.md"
    )


def test_every_kind_item_and_preset_is_in_it() -> None:
    words = vocabulary("2026-11")
    text = document(words)
    assert [key for key in (*words.kinds, *words.presets) if f"### `{key}`: " not in text] == []
    for kind in words.kinds.values():
        section = text.split(f"### `{kind.key}`: ", 1)[1].split("\n#", 1)[0]
        assert [key for key in kind.items if f"| `{key}` | " not in section] == []


def test_the_command_writes_it() -> None:
    done = subprocess.run([sys.executable, "-m", "seloste.catalogue.doc"], capture_output=True, check=True)
    assert done.stdout.decode("utf-8") == document(vocabulary("2026-11"))
