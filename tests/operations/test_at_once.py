"""Two who answer one request at the same moment: it is carried out once."""

from __future__ import annotations

import datetime as dt
import threading

from tests.operations.conftest import contact

from seloste.operations.actor import CLI
from seloste.operations.rights.erase import erase
from seloste.operations.rights.model import RequestError
from seloste.operations.rights.receive import receive
from seloste.store.registers import RegisterStore


def test_one_erasure_is_done_once(store: RegisterStore, fixed_now: dt.datetime) -> None:
    person = contact(store, fixed_now)
    asked = receive(
        store, "erasure", channel="email", person=person, evidence=frozenset({"strong"}), actor=CLI, now=fixed_now
    ).id
    together, refused = threading.Barrier(2), []

    def answer() -> None:
        together.wait()
        try:
            erase(store, asked, actor=CLI, now=fixed_now)
        except RequestError as problem:
            refused.append(problem)

    both = [threading.Thread(target=answer) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert len(refused) == 1
    with store.database.read() as conn:
        assert conn.execute("SELECT count(*) FROM journal WHERE verb = 'erase'").all() == [(1,)]
        assert conn.execute("SELECT count(*) FROM request_step WHERE step = 'executed'").all() == [(1,)]
