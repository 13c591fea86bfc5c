"""``python -m scripts.demo_people [FOLDER]``: writes ``people/<register>.yaml`` beside each example notice."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from scripts.demo_people import apps, fluent, fluxio, housing, keys
from scripts.demo_people.book import Book
from scripts.demo_people.fluiconnecto import fluiconnecto
from scripts.demo_people.proseduuri import proseduuri

BOOKS: dict[str, tuple[Callable[[], Book], ...]] = {
    "fluiconnecto": (fluiconnecto,),
    "proseduuri": (proseduuri,),
    "fluent-progress": (
        fluent.customers,
        lambda: apps.app_users("fluent_kunto", 41, 500, routes=True),
        lambda: apps.app_users("fluent_planner", 43, 530, routes=False),
        apps.recruiting,
    ),
    "fluxio": (fluxio.clients, housing.tuulikello, housing.metsakulma, keys.cameras),
}


def write(folder: Path) -> list[Path]:
    """Write every book under ``folder/<example>/people/``; returns the files."""
    return [make().write(folder / example / "people") for example, makes in BOOKS.items() for make in makes]


if __name__ == "__main__":
    for path in write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "examples"):
        print(path)
