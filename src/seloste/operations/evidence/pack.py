"""The evidence pack: a folder for an authority or an auditor that answers each sentence of the published notice.

Everything in it is made anew from the register as it is now; no personal data, and small counts hidden.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from seloste.clock import to_utc_text, today
from seloste.notice.canonical import as_mapping
from seloste.notice.render import render
from seloste.notice.render.build import NoSuchLanguage
from seloste.notice.render.wording import LANGUAGES
from seloste.operations.actor import Actor
from seloste.operations.assessments.record import assessed
from seloste.operations.disclosures.register import processors_file
from seloste.operations.evidence.answers import Answers, answers
from seloste.operations.evidence.checks import Checks, check
from seloste.operations.evidence.counts import SMALLEST
from seloste.operations.evidence.document import document
from seloste.operations.evidence.facts import Facts, forget, gather
from seloste.operations.evidence.open import Open
from seloste.operations.evidence.words import Words
from seloste.operations.processing_record import record_file
from seloste.store.journal import Entry, append
from seloste.store.registers import RegisterStore

SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Pack:
    """The files by name, and what they tell."""

    name: str
    files: Mapping[str, bytes]
    answers: Answers
    checks: Checks
    open: tuple[Open, ...]
    """Exceptions that somebody must see to; those that are known and accounted for stand in the files only."""

    def zipped(self, now: dt.datetime) -> bytes:
        """The folder as one ZIP file."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.files.items():
                entry = zipfile.ZipInfo(f"{self.name}/{name}", now.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, data)
        return made.getvalue()


def make_pack(store: RegisterStore, lang: str, *, actor: Actor, now: dt.datetime) -> Pack:
    """Check the journal and everything derived, count, and write it all in one language of the notice.

    Raises NoSuchLanguage. That a pack was made is written into the journal.
    """
    notice = store.register.notice
    if lang not in notice.languages or lang not in LANGUAGES:
        known = ", ".join(each for each in notice.languages if each in LANGUAGES)
        raise NoSuchLanguage(
            f"Seloste ei ole kielellä `{lang}`. Sen kielet ovat: {known}.",
            f"The notice is not written in `{lang}`. It is written in: {known}.",
        )
    checks = check(store, actor=actor, now=now)
    forget(store)
    facts = gather(store, now=now)
    words = Words(store.register, lang)
    found = answers(words, facts)
    paper = document(words, found, facts, checks)
    from seloste.notice.render.html import page
    from seloste.notice.render.pdf import pdf

    files: dict[str, bytes] = {
        "index.html": page(paper).encode(),
        "evidence.pdf": pdf(paper, made=now),
        "evidence.json": _json(plain(words, found, facts, checks)),
        "notice.html": str(render(notice, lang, "html")).encode(),
        "notice.json": _json(as_mapping(notice)),
        "assessments.json": _json({"format": "seloste assessments 1", "assessments": _assessments(store, now)}),
        "processors.json": processors_file(store, "json", lang=lang, now=now).data,
        "record_of_processing.json": record_file(notice, "json", lang=lang).data,
        "record_of_processing.xlsx": record_file(notice, "xlsx", lang=lang).data,
        "record_of_processing.jsonld": record_file(notice, "dpv", lang=lang).data,
    }
    files[SUMS] = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items()).encode()
    with store.database.transaction() as conn:
        append(conn, Entry(now, actor.account, actor.lens, "evidence", count=len(found.each)))
    opens = tuple(each for each in (*checks.open(words), *found.open) if not each.warns)
    return Pack(f"{notice.register}_evidence_{today(now).isoformat()}", files, found, checks, opens)


def write_pack(pack: Pack, folder: Path) -> None:
    """Write the files into a folder, which is made; files of an earlier pack there give way.

    Raises ``OSError`` where nothing can be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in pack.files.items():
        (folder / name).write_bytes(data)


def plain(words: Words, found: Answers, facts: Facts, checks: Checks) -> dict[str, Any]:
    """The pack as JSON has it: keys in English, words in its language; what the texts count as few is ``few``."""
    notice = words.register.notice
    numbers = TypeAdapter(Facts).dump_python(facts, mode="json")
    numbers["at"] = to_utc_text(facts.at)
    journal, derived = checks.journal, checks.derived
    return {
        "format": "seloste evidence 1",
        "register": notice.register,
        "controller": notice.controller.name,
        "lang": words.lang,
        "at": to_utc_text(facts.at),
        "digest": facts.digest,
        "smallest_count": SMALLEST,
        "journal": {
            "ok": journal.ok,
            "entries": journal.count,
            "first_bad": journal.first_bad,
            "head": {"seq": journal.head.seq, "hash": journal.head.hash},
        },
        "derived": {
            "ok": derived.ok,
            "rows": derived.checked,
            "differs": [f"{each.kind}.{each.column}" for each in derived.differences],
        },
        "exceptions": [
            {"code": each.code, "text": each.text, "known": each.warns} for each in (*checks.open(words), *found.open)
        ],
        "sentences": [
            {
                "text": answer.sentence.text,
                "section": answer.sentence.section,
                "rule": answer.sentence.rule,
                "place": {"file": Path(answer.place.file).name, "line": answer.place.line} if answer.place else None,
                "enforced": [asdict(each) for each in answer.enforced],
                "proofs": list(answer.proofs),
                "open": [each.code for each in answer.open],
            }
            for answer in found.each
        ],
        "facts": numbers,
    }


def _assessments(store: RegisterStore, now: dt.datetime) -> list[dict[str, Any]]:
    """What was weighed and assessed, as it was written; the account that wrote it is left out."""
    found = []
    for each in assessed(store, now=now):
        of = {"sort": each.sort, "of": each.of, "state": each.state, "countries": list(each.countries)}
        texts = [
            {"on": one.on.isoformat(), "review_on": one.review_on.isoformat(), "outcome": one.outcome, **one.texts}
            for one in each.all
        ]
        found.append({**of, "written": texts})
    return found


def _json(found: Mapping[str, Any]) -> bytes:
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
