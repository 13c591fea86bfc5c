"""Who is told of an erasure is known without all of the person being read."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.examples.test_people import FILES, NOTICES

from seloste.cli.people import read_people
from seloste.notice import load
from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.operations.retention.sweep import taken_back
from seloste.operations.rights.gather import gather
from seloste.operations.rights.letter_access import received
from seloste.operations.rights.recipients import telling, who_received
from seloste.operations.rights.say import Voice
from seloste.settings import Settings
from seloste.store.registers import Registers

REGISTER = "fluiconnecto_customers"


def test_those_who_received_are_the_same_as_of_all_that_is_held(tmp_path: Path, fixed_now: datetime) -> None:
    registers = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "key", allow_test_identity_codes=True))
    registers.apply(load(NOTICES[REGISTER]), now=fixed_now, actor="cli")
    people = read_people(next(path for path in FILES if path.stem == REGISTER), fixed_now)
    store = registers.open(REGISTER)
    collect(store, people.rows, actor=CLI, now=fixed_now)
    kinds = telling(store.register)
    assert not {"interaction", "invoice"} & kinds
    voice, told = Voice(store.register, "fi"), 0
    called = {party.name: voice.t.party(party) for one in store.register.notice.recipients for party in one.who}
    with taken_back(store, fixed_now) as work:
        for (person,) in work.conn.execute("SELECT id FROM person ORDER BY id").all():
            expected: dict[str, dict[str, None]] = {}
            for name, one, gets, _ in received(voice, gather(store, work.conn, person, now=fixed_now)):
                if one is None or not (one.authority or (one.when and not one.who_from)):
                    whole = expected.setdefault(called.get(name, name), {})
                    whole.update(dict.fromkeys(f"{ref.kind}.{ref.item}" for ref in gets))
            found = who_received(voice, gather(store, work.conn, person, now=fixed_now, whole=False, kinds=kinds))
            assert list(found.items()) == [(name, tuple(items)) for name, items in expected.items()]
            told += len(found)
    registers.close()
    assert told > 10
