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
from dataclasses import replace
from typing import Any

import pytest
from tests.operations.conftest import SALES, contact
from tests.prepared import applied, example

from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions.audience_file import audience_file
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.transfer.purpose_read import PurposeReader
from seloste.store.registers import Registers, RegisterStore

MARKETING = Actor("a3", "marketing")

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
    elif verb == "withdraw":
        say.withdraw(store, int(person), "newsletter", actor=CLI, now=now)
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


MOMENTS = pytest.mark.parametrize("moment", ["before they are read", "after they were read"])


class Meanwhile:
    """Has another program write words down while people are read for a list, before that or after."""

    def __init__(self, program: subprocess.Popen[str], moment: str, patch: pytest.MonkeyPatch) -> None:
        self.words: list[str] = []
        read = PurposeReader.read

        def reads(reader: PurposeReader, *args: Any, **kwargs: Any) -> Any:
            if moment == "before they are read" and self.words:
                says(program, self.words.pop())
            found = read(reader, *args, **kwargs)
            if self.words:
                says(program, self.words.pop())
            return found

        patch.setattr(PurposeReader, "read", reads)


def listed(store: RegisterStore, purpose: str, channel: str, now: dt.datetime, actor: Actor = SALES) -> set[str]:
    """The names in a list made now; as many people are in it as it says."""
    made = audience_file(store, purpose, channel, lang="fi", actor=actor, now=now)
    with made.file:
        text = io.TextIOWrapper(made.file, "utf-8-sig")
        found = {cell for row in csv.reader(text, delimiter=";") for cell in row if cell.startswith("Nimi")}
    assert made.count == len(found)
    return found


def given(store: RegisterStore) -> list[tuple[int, int]]:
    """(how many people, place in the journal) of each list that was written down as given."""
    with store.database.read() as conn:
        found = conn.execute("SELECT count, seq FROM journal WHERE verb = 'export' ORDER BY seq").all()
    return [(int(count), int(seq)) for count, seq in found]


def last(store: RegisterStore, verb: str) -> int:
    with store.database.read() as conn:
        return int(conn.execute("SELECT max(seq) FROM journal WHERE verb = :verb", {"verb": verb}).all()[0][0])


@MOMENTS
def test_who_says_no_meanwhile_is_not_in_the_list(
    registers: Registers, store: RegisterStore, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    people = [contact(store, fixed_now, first=f"Nimi{number}") for number in range(4)]
    with another_program(registers, store, fixed_now) as program:
        meanwhile = Meanwhile(program, moment, monkeypatch)
        meanwhile.words.append(f"ban {people[0]}")
        assert listed(store, "marketing", "phone", fixed_now) == {"Nimi1", "Nimi2", "Nimi3"}
        meanwhile.words.append(f"object {people[1]}")
        assert listed(store, "marketing", "phone", fixed_now) == {"Nimi2", "Nimi3"}
    assert not meanwhile.words
    # The list that held them was never written down as given.
    assert [count for count, _ in given(store)] == [3, 2]
    assert given(store)[1][1] > last(store, "object")


@MOMENTS
def test_who_takes_a_consent_back_meanwhile_is_not_in_the_list(
    registers: Registers, fixed_now: dt.datetime, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    registers.settings = replace(registers.settings, public_url="https://rekisteri.yritys.example")
    notice = example("fluent-progress/customers")
    applied(registers, notice, fixed_now)
    store = registers.open(notice.register)
    yes = {"purpose": "newsletter", "given_at": fixed_now, "channel": "paper", "language": "fi"}

    def subscriber(number: int, *more: NewRow) -> int:
        who = {"first_name": f"Nimi{number}", "email": [f"nimi{number}@aalto.example"]}
        rows = [NewRow("person", who, ref="p"), NewRow("permission", yes, {"person": "p"}), *more]
        return collect(store, rows, actor=CLI, now=fixed_now).ids["p"]

    people = [subscriber(number, NewRow("relationship", {"stage": "customer"}, {"person": "p"})) for number in range(3)]
    # Of this one nothing is needed but for the consent, so that the withdrawal empties them.
    people.append(subscriber(3))
    with another_program(registers, store, fixed_now) as program:
        meanwhile = Meanwhile(program, moment, monkeypatch)
        meanwhile.words.append(f"withdraw {people[0]}")
        assert listed(store, "newsletter", "email", fixed_now, MARKETING) == {"Nimi1", "Nimi2", "Nimi3"}
        meanwhile.words.append(f"withdraw {people[3]}")
        assert listed(store, "newsletter", "email", fixed_now, MARKETING) == {"Nimi1", "Nimi2"}
    assert not meanwhile.words
    assert [count for count, _ in given(store)] == [3, 2]
    assert given(store)[1][1] > last(store, "withdraw")
