"""The invented people of an example: a file of rows whose days are counted from the day they are loaded."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seloste.clock import HELSINKI, today
from seloste.errors import SelosteError
from seloste.operations.records.model import NewRow

_DAY = re.compile(r"([+-]\d{1,5})d(?: (\d{1,2}):(\d{2}))?")


class PeopleFileError(SelosteError):
    """The file is not one of invented people."""


@dataclass(frozen=True, slots=True)
class People:
    """The register the rows are for, and the rows as ``collect`` takes them."""

    register: str
    rows: tuple[NewRow, ...]


def read_people(path: Path, now: dt.datetime) -> People:
    """Rows with ``-14d`` and ``-14d 9:12`` (Helsinki) made days and moments counted from ``now``.

    Raises :class:`PeopleFileError`.
    """
    from ruamel.yaml import YAML

    raw = YAML(typ="safe").load(path.read_text("utf-8"))
    if not isinstance(raw, dict) or not isinstance(raw.get("register"), str) or not isinstance(raw.get("rows"), list):
        raise PeopleFileError(
            f"{path}: the file needs `register:` and `rows:`.", f"{path}: tiedostossa on oltava `register:` ja `rows:`."
        )
    return People(raw["register"], tuple(_row(row, today(now)) for row in raw["rows"]))


def _row(raw: dict[str, Any], day: dt.date) -> NewRow:
    recorded = _moment(raw["recorded"], day)
    if isinstance(recorded, dt.date) and not isinstance(recorded, dt.datetime):
        recorded = dt.datetime.combine(recorded, dt.time(9), HELSINKI)
    values = {key: _moment(value, day) for key, value in raw["values"].items()}
    return NewRow(
        kind=raw["kind"],
        values={key: _typed(value) for key, value in values.items()},
        parents=raw.get("parents", {}),
        source=raw["source"],
        ref=raw["ref"],
        recorded_at=recorded,
    )


def _moment(value: Any, day: dt.date) -> Any:
    match = _DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    when = day + dt.timedelta(days=int(match[1]))
    if match[2] is None:
        return when
    return dt.datetime.combine(when, dt.time(int(match[2]), int(match[3])), HELSINKI)


def _typed(value: Any) -> Any:
    """What people would type: numbers of YAML are text again; days, moments, lists and truths stay as they are."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
