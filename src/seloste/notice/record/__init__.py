"""The record of processing (Art. 30), made from the notice alone: ``record(notice, lang)``, then a writer."""

from __future__ import annotations

from seloste.notice.record.make import record
from seloste.notice.record.model import Activity, Columns, Fact, Record, Secured, Sent

__all__ = ["Activity", "Columns", "Fact", "Record", "Secured", "Sent", "record"]
