"""What the program writes of its own doing: lines of text on a terminal, one JSON object a line for whatever collects.

A line names routes and never addresses, accounts by their id and people not at all. What an error says in words stays
out, for it may hold somebody's data; its type and where it was raised are written.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import traceback
from typing import Any

from seloste.clock import to_utc_text
from seloste.settings import Settings

FACTS = "facts"
"""The attribute of a record that holds its facts by name, beside the words (``extra={"facts": {...}}``)."""


class Lines(logging.Formatter):
    """The words of a record, and of an error its type and place."""

    def format(self, record: logging.LogRecord) -> str:
        text = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            text += f" {json.dumps(_of_error(record.exc_info[1]))}"
        return text


class JsonLines(logging.Formatter):
    """One object a line: ``time`` (UTC), ``level``, ``logger``, ``message``, and the facts of the record by name."""

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, Any] = {
            "time": to_utc_text(dt.datetime.fromtimestamp(record.created, dt.UTC)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, FACTS, {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            found.update(_of_error(record.exc_info[1]))
        return json.dumps(found, ensure_ascii=False)


def _of_error(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in reversed(frames[-12:])]
    return {"error": type(error).__name__, "where": where}


def set_up(settings: Settings) -> None:
    """Write the log to standard error, in the form of the settings."""
    chosen = settings.log_format or ("text" if sys.stderr.isatty() else "json")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if chosen == "json" else Lines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
