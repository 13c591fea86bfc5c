"""Cases of the rights that need a notice of their own: what a law holds whole, and a child's consent."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from shutil import copytree

import pytest
from tests.prepared import EXAMPLES

from seloste.catalogue.model import PERSON
from seloste.notice import load
from seloste.operations.actor import CLI
from seloste.operations.permissions import say
from seloste.operations.permissions.age import GuardianNeededError
from seloste.operations.rights.carry_out import carry_out_objection
from seloste.operations.rights.erase import erase
from seloste.operations.rights.letter import refusal_of
from seloste.operations.rights.read import request
from seloste.operations.rights.receive import receive
from seloste.settings import Settings
from seloste.store.registers import Registers, RegisterStore

STRONG = frozenset({"strong"})

SHARE_LIST = """
purposes:
  share_list:
    text: {fi: Osakeluettelo, en: The list of shareholders}
    basis: legal_obligation
    law: ["asunto-osakeyhtiölaki 1599/2009 2:12 §"]
    uses: [name, shareholding]
    keep: {shareholding: 10 years after ended}
"""


def opened(folder: Path, example: str, change: tuple[str, str], now: dt.datetime) -> RegisterStore:
    """A register of an example's notice with one thing changed."""
    copytree(EXAMPLES / example.partition("/")[0], folder / "notices")
    path = folder / "notices" / f"{example.partition('/')[2]}.yaml"
    text = path.read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change, 1), "utf-8")
    notice = load(path)
    registers = Registers(Settings(data_dir=folder / "data", key_file=folder / "key"))
    registers.apply(notice, now=now, actor="cli")
    return registers.open(notice.register)


def test_a_shareholder_stays_on_the_share_list_and_is_told_who_keeps_it(tmp_path: Path, fixed_now: dt.datetime) -> None:
    """T11: refused by Art. 17(3)(b), with the law, the complaint and where to turn."""
    store = opened(tmp_path, "fluxio/as-oy-tuulikello", ("see_also:", f"{SHARE_LIST}see_also:"), fixed_now)
    with store.write(fixed_now) as work:
        person = work.insert(PERSON, {"first_name": "Elina", "last_name": "Salo"}, source="subject")
        home = work.insert("apartment", {"code": "A 1"}, source="own_records")
        values = {PERSON: person, "apartment": home, "shares": "1-100", "began": dt.date(2020, 5, 1)}
        work.insert("shareholding", values, source="own_records")
    number = receive(store, "erasure", channel="post", person=person, evidence=STRONG, language="fi", actor=CLI,
                     now=fixed_now).id  # fmt: skip
    erase(store, number, actor=CLI, now=fixed_now)
    found, name = request(store, number, actor=CLI, now=fixed_now)
    assert (found.state, name) == ("refused", "Elina Salo")
    with store.read(fixed_now) as conn:
        assert conn.execute("SELECT shares FROM shareholding").all() == [("1-100",)]
    reasons = " ".join(refusal_of(found))
    assert "1599/2009" in reasons
    assert "Maanmittauslaitos" in reasons


def test_a_child_under_thirteen_does_not_consent_alone(tmp_path: Path, fixed_now: dt.datetime) -> None:
    """T14: in the app the consent of a twelve-year-old is none without the guardian; on the birthday it is."""
    change = ("  service_use:                      # F6\n", "  service_use:\n    uses: [+, birth_date]\n")
    store = opened(tmp_path, "fluent-progress/kunto", change, fixed_now)
    day = fixed_now.date()
    people = {}
    with store.write(fixed_now) as work:
        for born in (day.replace(year=day.year - 13), day.replace(year=day.year - 13) + dt.timedelta(days=1)):
            values = {"first_name": "Oona", "email": ["oona@esimerkki.example"], "birth_date": born}
            people[born] = work.insert(PERSON, values, source="subject")
            values = {PERSON: people[born], "username": f"oona{born.day}", "created_on": day}
            work.insert("account", values, source="subject")
    thirteen, twelve = people.values()
    words = {"channel": "app", "language": "fi"}
    say.grant(store, thirteen, "app_location", **words, actor=CLI, now=fixed_now)
    with pytest.raises(GuardianNeededError, match="under 13"):
        say.grant(store, twelve, "app_location", **words, actor=CLI, now=fixed_now)
    say.grant(store, twelve, "app_location", **words, guardian="Huoltaja Anna, sovelluksessa", actor=CLI, now=fixed_now)
    with store.read(fixed_now) as conn:
        rows = conn.execute("SELECT person, evidence FROM permission ORDER BY id").all()
    assert rows == [(thirteen, None), (twelve, "Huoltaja Anna, sovelluksessa")]


WATCH = """
purposes:
  watch:
    text: {fi: Alueen valvonta, en: Watching the area}
    basis: public_task
    law: ["järjestyslaki 612/2003"]
    uses: [name, shareholding]
    keep: {shareholding: 10 years after ended}
"""


def test_an_objection_ends_a_public_task_that_nothing_outweighs_and_an_erasure_does_not(
    tmp_path: Path, fixed_now: dt.datetime
) -> None:
    """Art. 21(1) covers Art. 6(1)(e) as it does (f); Art. 17(3)(b) keeps a public task from erasure."""
    store = opened(tmp_path, "fluxio/as-oy-tuulikello", ("see_also:", f"{WATCH}see_also:"), fixed_now)
    with store.write(fixed_now) as work:
        person = work.insert(PERSON, {"first_name": "Elina", "last_name": "Salo"}, source="subject")
        home = work.insert("apartment", {"code": "A 1"}, source="own_records")
        values = {PERSON: person, "apartment": home, "shares": "1-100", "began": dt.date(2020, 5, 1)}
        work.insert("shareholding", values, source="own_records")

    def ask(right: str) -> int:
        return receive(store, right, channel="post", person=person, evidence=STRONG, language="fi", actor=CLI,
                       now=fixed_now).id  # fmt: skip

    erase(store, ask("erasure"), actor=CLI, now=fixed_now)
    with store.database.read() as conn:
        assert conn.execute("SELECT shares FROM shareholding").all() == [("1-100",)]
    carry_out_objection(store, ask("objection"), ["watch"], actor=CLI, now=fixed_now)
    with store.database.read() as conn:
        assert conn.execute("SELECT shares FROM shareholding").all() == []
