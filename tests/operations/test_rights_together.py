"""One request in two registers, and a program killed between the two: whoever presses again finishes what it left."""

from __future__ import annotations

import datetime as dt
import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.prepared import applied, example

from seloste.operations.actor import CLI, Actor
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.rights.answer import refuse
from seloste.operations.rights.give_access import copy_file, give_access
from seloste.operations.rights.model import Request, RequestError, parts_of
from seloste.operations.rights.read import request as read_request
from seloste.operations.rights.read import requests
from seloste.operations.rights.receive import receive
from seloste.operations.rights.together import ask_there, give_together
from seloste.store.registers import Registers

FIRST, SECOND = "fluiconnecto_customers", "fluiconnecto_second"
LEAD = Actor("a9", "management")
BETWEEN = {"ask": "receive", "give": "give_access"}
"""What a press has kept in one register when it is killed before the other."""

KILLED = """
import datetime as dt, json, os, signal, sys
from pathlib import Path
from seloste.operations.actor import Actor
from seloste.operations.rights import together
from seloste.settings import Settings
from seloste.store.registers import Registers

given = json.loads(sys.argv[1])
registers = Registers(Settings(data_dir=Path(given["folder"]), database_url=given["url"], key_file=Path(given["key"])))
now, lead = dt.datetime.fromisoformat(given["now"]), Actor("a9", "management")
does = getattr(together, given["after"])

def dies(*args, **more):
    does(*args, **more)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(together, given["after"], dies)
first, second = given["registers"]
if given["after"] == "receive":
    together.ask_there(registers, first, given["request"], second, given["person"], here=lead, there=lead, now=now)
else:
    together.give_together(registers, first, given["request"], actors={first: lead, second: lead}, now=now)
"""


@pytest.fixture
def request_here(registers: Registers, fixed_now: dt.datetime) -> int:
    """Sari is in two registers of one company, and asks for access in the first."""
    notice = example("fluiconnecto/notice")
    for each in (notice, replace(notice, register=SECOND)):
        applied(registers, each, fixed_now)
        rows = [
            NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o"),
            NewRow("person", {"first_name": "Sari", "last_name": "Havukoski"}, ref="p"),
            NewRow("relationship", {"stage": "customer"}, {"person": "p", "organisation": "o"}),
        ]
        assert collect(registers.open(each.register), rows, actor=CLI, now=fixed_now).ids["p"] == 1
    known = frozenset({"in_person"})
    here = registers.open(FIRST)
    return receive(here, "access", channel="post", person=1, evidence=known, actor=LEAD, now=fixed_now).id


def killed(registers: Registers, request: int, now: dt.datetime, press: str) -> None:
    """Press in another program, and have it killed between the two registers."""
    settings = registers.settings
    given = {
        "folder": str(settings.data_dir), "url": settings.database_url, "key": str(settings.key_file),
        "registers": [FIRST, SECOND], "request": request, "person": 1, "now": now.isoformat(), "after": BETWEEN[press],
    }  # fmt: skip
    done = subprocess.run([sys.executable, "-c", KILLED, json.dumps(given)], check=False, cwd=Path.cwd(), timeout=300)
    assert done.returncode == -signal.SIGKILL


def ask(registers: Registers, request: int, now: dt.datetime) -> None:
    ask_there(registers, FIRST, request, SECOND, 1, here=LEAD, there=LEAD, now=now)


def give(registers: Registers, request: int, now: dt.datetime) -> tuple[str, ...]:
    return give_together(registers, FIRST, request, actors={FIRST: LEAD, SECOND: LEAD}, now=now)


def there(registers: Registers, now: dt.datetime) -> tuple[Request, ...]:
    return requests(registers.open(SECOND), actor=CLI, now=now).open


def verbs(registers: Registers, key: str) -> list[str]:
    with registers.open(key).database.read() as conn:
        return [str(verb) for (verb,) in conn.execute("SELECT verb FROM journal WHERE kind = 'rights_request'")]


def test_a_request_half_written_there_is_finished_and_not_written_twice(
    registers: Registers, request_here: int, fixed_now: dt.datetime
) -> None:
    killed(registers, request_here, fixed_now, "ask")
    (twin,) = there(registers, fixed_now)
    assert twin.together == (f"{FIRST}:{request_here}",)
    ask(registers, request_here, fixed_now)
    assert there(registers, fixed_now) == (twin,), "no second one"
    (here,) = requests(registers.open(FIRST), actor=CLI, now=fixed_now).open
    assert here.together == (f"{SECOND}:{twin.id}",)
    with pytest.raises(RequestError):
        ask(registers, request_here, fixed_now)


def test_an_answer_half_given_is_finished_by_the_next_press(
    registers: Registers, request_here: int, fixed_now: dt.datetime
) -> None:
    ask(registers, request_here, fixed_now)
    killed(registers, request_here, fixed_now, "give")
    # What was asked here waits still, so that it is seen and pressed again.
    assert [each.id for each in requests(registers.open(FIRST), actor=CLI, now=fixed_now).open] == [request_here]
    assert there(registers, fixed_now) == ()
    assert give(registers, request_here, fixed_now) == ()
    assert requests(registers.open(FIRST), actor=CLI, now=fixed_now).open == ()
    assert [verbs(registers, key).count("answer") for key in (FIRST, SECOND)] == [1, 1]


def test_what_cannot_be_given_here_is_given_nowhere(
    registers: Registers, request_here: int, fixed_now: dt.datetime
) -> None:
    ask(registers, request_here, fixed_now)
    actors = {FIRST: LEAD, SECOND: LEAD}
    with pytest.raises(RequestError):
        give_together(registers, FIRST, request_here, leave_out=[("person", 1, "first_name")], reason="Toisen.",
                      actors=actors, now=fixed_now)  # fmt: skip
    assert len(there(registers, fixed_now)) == 1
    assert "answer" not in verbs(registers, SECOND)


def registers_in_the_answer(registers: Registers, request: int, now: dt.datetime) -> set[str]:
    together = parts_of(request_of(registers, request, now).together)
    beside = [(registers.open(key), number) for key, number in together]
    made = copy_file(registers.open(FIRST), request, "json", lang="fi", beside=beside, actor=LEAD, now=now)
    told = json.loads(made.body)
    return set(told["registers"]) if "registers" in told else {FIRST}


def request_of(registers: Registers, request: int, now: dt.datetime) -> Request:
    return read_request(registers.open(FIRST), request, actor=CLI, now=now)[0]


def test_the_answer_holds_nothing_of_a_register_where_it_was_not_given(
    registers: Registers, request_here: int, fixed_now: dt.datetime
) -> None:
    """What is another's too must be read there first, and what was refused there is not told here."""
    second = registers.open(SECOND)
    ask(registers, request_here, fixed_now)
    (twin,) = there(registers, fixed_now)
    assert registers_in_the_answer(registers, request_here, fixed_now) == {FIRST, SECOND}, "seen before it is given"
    # What is left to be read there: given here alone.
    give_access(registers.open(FIRST), request_here, actor=LEAD, now=fixed_now)
    assert [each.id for each in there(registers, fixed_now)] == [twin.id]
    assert registers_in_the_answer(registers, request_here, fixed_now) == {FIRST}
    refuse(second, twin.id, reason="Pyyntö on toistuva.", actor=LEAD, now=fixed_now)
    assert registers_in_the_answer(registers, request_here, fixed_now) == {FIRST}


def test_the_answer_holds_what_was_given_there_later(
    registers: Registers, request_here: int, fixed_now: dt.datetime
) -> None:
    ask(registers, request_here, fixed_now)
    (twin,) = there(registers, fixed_now)
    give_access(registers.open(FIRST), request_here, actor=LEAD, now=fixed_now)
    give_access(registers.open(SECOND), twin.id, actor=LEAD, now=fixed_now)
    assert registers_in_the_answer(registers, request_here, fixed_now) == {FIRST, SECOND}
