"""Files of imports that nobody went on with, or that a program which was killed left: they go within a day."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path

from seloste.store import import_jobs
from seloste.store.engine import Database

KEPT = dt.timedelta(days=1)
"""How long an unfinished import waits."""

SILENT = dt.timedelta(minutes=2)
"""After so long without a sign a running import is one whose program was closed."""

ROOM = "seloste-import-"
"""How the folder begins in which the command line keeps the rows of one import, in the system's own for such things."""


def clear_imports(deployment: Database, folder: Path, now: dt.datetime) -> int:
    """Remove them, those of the pages in ``folder`` and those of the command line; how many imports were there."""
    before = now - KEPT
    with deployment.transaction() as conn:
        import_jobs.take_old(conn, before)
        known = import_jobs.states(conn)
    cleared = 0
    for place in folder.iterdir() if folder.exists() else ():
        state, touched = known.get(place.name, ("failed", before))
        if place.name not in known:
            shutil.rmtree(place, ignore_errors=True)
            cleared += 1
        elif state != "reading" or touched < now - SILENT:
            # What was sent is readable until it is read; a program that was closed meanwhile left it lying.
            (place / "raw").unlink(missing_ok=True)
    return cleared + _of_commands(before)


def _of_commands(before: dt.datetime) -> int:
    cleared = 0
    for place in Path(tempfile.gettempdir()).glob(f"{ROOM}*"):
        try:
            old = place.stat().st_mtime < before.timestamp()
        except OSError:
            continue  # Its own program removed it meanwhile.
        if old and place.is_dir() and not place.is_symlink():
            # Another user's folder stays: it is not ours to remove, and the system does not let us.
            shutil.rmtree(place, ignore_errors=True)
            cleared += 1
    return cleared
