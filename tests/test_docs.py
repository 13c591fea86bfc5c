"""What the documentation points at is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PATH = re.compile(r"`((?:src|tests|docs|examples|scripts|bench|\.ci)(?:/[\w./-]*)?|dev|[A-Z]+\.md|pyproject\.toml)`")
DOCUMENTS = ["README.md", "CONTRIBUTING.md", *(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md"))]


def paths_in(text: str) -> list[str]:
    """The paths of the project that a text names in backticks."""
    return PATH.findall(text)


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if (ROOT / name).is_file()])
def test_every_path_that_a_document_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    assert [path for path in paths_in(text) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", [name for name in DOCUMENTS if (ROOT / name).is_file()])
def test_every_link_within_the_project_leads_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    assert [link for link in links if not (ROOT / document).parent.joinpath(link).exists()] == []


def test_the_map_shows_every_room() -> None:
    shown = set(paths_in((ROOT / "docs" / "map.md").read_text(encoding="utf-8")))
    rooms = {
        f"src/seloste/{path.name}" for path in (ROOT / "src" / "seloste").iterdir() if (path / "__init__.py").exists()
    }
    assert rooms - shown == set()


def test_the_glossary_has_one_row_for_each_term_in_three_languages() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| term")
    ]
    assert len(rows) > 50
    assert [row for row in rows if len(row) != 4 or not all(row)] == []
    terms = [row[0] for row in rows]
    assert len(terms) == len(set(terms))


def test_it_sees_a_path_that_is_not_there() -> None:
    assert paths_in("see `src/seloste/nowhere.py`, `dev` and `./dev test`, not `name`") == [
        "src/seloste/nowhere.py",
        "dev",
    ]
