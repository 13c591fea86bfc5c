"""Where registers lie: in files of the data folder, or on one of several PostgreSQL servers, the *cells*.

The directory of the installation names the cell of each register, never its address. Addresses stand in the settings
alone (``SELOSTE_DATABASE_URL``, and the TOML file of ``SELOSTE_CELLS_FILE``), so that a password lies in no table and
changes in one place. See docs/howto/scale.md.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from seloste.settings import SettingError, Settings

HOME = "home"
"""The cell of the installation itself: the server of ``SELOSTE_DATABASE_URL``, or the files when there is none."""

FILES = "files"
"""Files of the data folder, one for each register."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


class NoCellError(SettingError):
    """There is no cell of that name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a register lies. ``schema`` is empty for a file; ``moving``: whether it is being moved now."""

    cell: str
    schema: str
    moving: bool = False


def plain(settings: Settings, cell: str) -> str:
    """The one name of a cell: without a server of the installation, its home is the files."""
    return HOME if cell == FILES and settings.database_url is None else cell


def schema_of(settings: Settings, cell: str, key: str) -> str:
    """The schema that a register has in a cell; empty for a file."""
    return "" if url_of(settings, cell) is None else f"reg_{key}"


def sqlite_file(settings: Settings, key: str) -> Path:
    """Where a register lies when it is a file; under the data folder wherever that is now, so that it may be moved."""
    return settings.data_dir / "registers" / f"{key}.db"


def url_of(settings: Settings, cell: str) -> str | None:
    """The address of a cell's server, None for files. Raises NoCellError and SettingError."""
    if cell == FILES:
        return None
    if cell == HOME:
        return settings.database_url
    known = cells(settings)
    if cell not in known:
        names = ", ".join([HOME, FILES, *known])
        raise NoCellError(
            f"Solua {cell} ei ole. Tunnetut solut: {names}. Lisää se tiedostoon, jonka SELOSTE_CELLS_FILE nimeää.",
            f"There is no cell {cell}. Known are: {names}. Add it to the file that SELOSTE_CELLS_FILE names.",
        )
    return known[cell]


def cells(settings: Settings) -> Mapping[str, str]:
    """Name -> address of the servers beside the installation's own. Raises SettingError.

    The file is read again when it has changed, so that a cell is added without a restart.
    """
    path = settings.cells_file
    if path is None:
        return {}
    try:
        changed = path.stat().st_mtime_ns
    except OSError as problem:
        raise _unusable("tiedostoa ei voi lukea", "the file cannot be read") from problem
    return _read(path, changed)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Mapping[str, str]:
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise _unusable("tiedosto ei ole TOML", "the file is not TOML") from problem
    found = {}
    for name, table in tables.items():
        if name in (HOME, FILES) or _NAME.fullmatch(name) is None:
            raise _unusable(f"[{name}] ei kelpaa nimeksi", f"[{name}] is not a name for a cell")
        url = table.get("url") if isinstance(table, dict) and table.keys() == {"url"} else None
        if not isinstance(url, str) or not url.startswith(("postgresql://", "postgres://")):
            raise _unusable(
                f'[{name}] tarvitsee vain rivin url = "postgresql://..."',
                f'[{name}] takes one line, url = "postgresql://..."',
            )
        found[name] = url
    return found


def _unusable(fi: str, en: str) -> SettingError:
    return SettingError(
        f"Asetuksen SELOSTE_CELLS_FILE tiedostoa ei voi käyttää: {fi}.",
        f"The file of SELOSTE_CELLS_FILE cannot be used: {en}.",
    )
