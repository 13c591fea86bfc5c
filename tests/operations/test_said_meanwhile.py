"""A no that another process writes down while a list of whom to contact is being made: it is not in the list."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.operations.conftest import SALES, contact

from seloste.operations.permissions.audience_file import audience_file
from seloste.operations.records.transfer.purpose_read import PurposeReader
from seloste.store.registers import Registers, RegisterStore

OTHER = """
import datetime as dt, json, sys
from pathlib import Path
from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.settings import Settings
from seloste.store.registers import Registers

given = json.loads(sys.argv[1])
registers = Registers(Settings(data_dir=Path(given["folder"]), database_url=given["url"], key_file=Path(given["key"])))
store, now = registers.open(given["register"]), dt.datetime.fromisoformat(given["now"])
print("ready", flush=True)
for line in sys.stdin:
    verb, person = line.split()
    if verb == "ban":
        say.ban(store, int(person), "phone", actor=CLI, now=now)
    else:
        say.object_to(store, int(person), "marketing", actor=CLI, now=now)
    print("said", flush=True)
registers.close()
"""


@contextmanager
def another_program(registers: Registers, store: RegisterStore, now: dt.datetime) -> Iterator[subprocess.Popen[str]]:
    """One that writes down what it is told, and says when it is kept."""
    settings = registers.settings
    given = {
        "folder": str(settings.data_dir), "url": settings.database_url, "key": str(settings.key_file),
        "register": store.register.notice.register, "now": now.isoformat(),
    }  # fmt: skip
    program = subprocess.Popen(
        [sys.executable, "-c", OTHER, json.dumps(given)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdin is not None and program.stdout is not None
    try:
        assert program.stdout.readline() == "ready\n"
        yield program
    finally:
        program.stdin.close()
        program.wait(60)
        program.stdout.close()


def says(program: subprocess.Popen[str], word: str) -> None:
    """Have it write down a word; it is kept when this returns."""
    assert program.stdin is not None and program.stdout is not None
    program.stdin.write(word + "\n")
    program.stdin.flush()
    assert program.stdout.readline() == "said\n"


@pytest.mark.parametrize("moment", ["before they are read", "after they were read"])
def test_who_says_no_meanwhile_is_not_in_the_list(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    people = [contact(store, fixed_now, first=f"Nimi{number}") for number in range(4)]
    words: list[str] = []
    read = PurposeReader.read

    def reads(self: PurposeReader, *args: Any, **kwargs: Any) -> Any:
        if moment == "before they are read" and words:
            says(program, words.pop())
        found = read(self, *args, **kwargs)
        if words:
            says(program, words.pop())
        return found

    monkeypatch.setattr(PurposeReader, "read", reads)

    def names() -> tuple[int, set[str]]:
        made = audience_file(store, "marketing", "phone", lang="fi", actor=SALES, now=fixed_now)
        with made.file:
            text = io.TextIOWrapper(made.file, "utf-8-sig")
            found = {cell for row in csv.reader(text, delimiter=";") for cell in row if cell.startswith("Nimi")}
        return made.count, found

    with another_program(registers, store, fixed_now) as program:
        words.append(f"ban {people[0]}")
        assert names() == (3, {"Nimi1", "Nimi2", "Nimi3"})
        words.append(f"object {people[1]}")
        assert names() == (2, {"Nimi2", "Nimi3"})
    assert not words
    with store.database.read() as conn:
        exports = conn.execute("SELECT count, seq FROM journal WHERE verb = 'export' ORDER BY seq").all()
        word = conn.execute("SELECT max(seq) FROM journal WHERE verb = 'object'").all()[0][0]
    # The list that held them was never written down as given.
    assert [int(count) for count, _ in exports] == [3, 2]
    assert exports[1][1] > word
