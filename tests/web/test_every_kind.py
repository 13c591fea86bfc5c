"""Nothing knows a kind: every list and page of every register, for every role, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from tests.prepared import applied, read_people
from tests.web.conftest import PASSWORD, TestClient

from seloste.notice import load
from seloste.operations.accounts import roles
from seloste.operations.accounts.create import create_account
from seloste.operations.actor import CLI, Actor
from seloste.operations.permissions import say
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.operations.records.read import rows
from seloste.operations.records.rectify import rectify
from seloste.settings import Settings
from seloste.store.registers import Registers, RegisterStore
from seloste.web.app import make_app

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*/people/*.yaml"))

GYM = [
    NewRow("person", {"first_name": "Ville", "last_name": "Kuntola", "phone": ["050 000 0801"]}, ref="p"),
    NewRow("membership", {"number": "J-17", "began": "1.2.2026"}, {"person": "p"}, ref="m"),
    NewRow("training", {"at": "24.11.2026 klo 18.00", "trainer": "Aino"}, {"membership": "m"}),
]
CHOIR = [
    NewRow("person", {"first_name": "Helmi", "last_name": "Laulava", "email": ["helmi@laulu.example"]}, ref="p"),
    NewRow("person", {"first_name": "Outi", "last_name": "Laulava", "phone": ["040 000 0802"]}, ref="g"),
    NewRow("singing", {"voice": "alto", "joined_on": "1.9.2025"}, {"person": "p"}, ref="s"),
    NewRow("guardianship", {"role": "äiti"}, {"person": "g", "singing": "s"}),
    NewRow("rehearsal", {"held_on": "18.11.2026"}, ref="r"),
    NewRow("attendance", {"noted_on": "18.11.2026", "came": True}, {"singing": "s", "rehearsal": "r"}),
]
SHOP = [
    NewRow("person", {"first_name": "Nils", "last_name": "Cyklist", "phone": ["050 000 0803"]}, ref="p"),
    NewRow("relationship", {"began": "1.3.2026"}, {"person": "p"}),
    NewRow("bicycle", {"frame_number": "XF-1", "brought_on": "20.11.2026", "colour": "grön"}, {"person": "p"}, ref="b"),
    NewRow("repair", {"ordered_on": "20.11.2026", "fault": "Kedjan hoppar."}, {"bicycle": "b"}),
]
CORPUS = {"gym": GYM, "choir": CHOIR, "bicycle_shop": SHOP}


@pytest.fixture(scope="module")
def registers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registers]:
    folder = tmp_path_factory.mktemp("kinds")
    made = Registers(Settings(data_dir=folder, key_file=folder / "key", allow_test_identity_codes=True))
    yield made
    made.close()


def filled(registers: Registers, name: str, now: datetime) -> RegisterStore:
    """The register of an example with its people, or of a notice that resembles none."""
    if name in CORPUS:
        notice, made = load(ROOT / "tests" / "corpus" / name / "notice.yaml"), CORPUS[name]
    else:
        file = next((ROOT / "examples").glob(f"*/people/{name}.yaml"))
        notices = [load(path) for path in file.parents[1].glob("*.yaml")]
        notice, made = next(one for one in notices if one.register == name), read_people(file, now).rows
    applied(registers, notice, now)
    store = registers.open(notice.register)
    collect(store, made, actor=CLI, now=now)
    return store


@pytest.mark.parametrize("name", [*EXAMPLES, *CORPUS])
def test_every_page_of_every_role_opens(registers: Registers, name: str, fixed_now: datetime) -> None:
    store = filled(registers, name, fixed_now)
    key = store.register.notice.register
    app = make_app(registers.settings, registers, now=lambda: fixed_now)
    seen = 0
    for number, lens in enumerate(store.register.lenses):
        email = f"{lens.replace('_', '-')}@{name.replace('_', '-')}.example"
        lang = ("fi", "en")[number % 2]
        account = create_account(
            registers.deployment, email, "Joku", language=lang, password=PASSWORD, actor=CLI, now=fixed_now
        ).account
        roles.grant(registers.deployment, account, key, lens, lead=False, actor=CLI, now=fixed_now)
        client = TestClient(app, base_url="http://seloste.example", follow_redirects=False)
        assert client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 303
        actor = Actor(account, lens)
        paths = ["", "find?q=a1", "register"]
        for kind in store.register.lenses[lens].shows:
            found = rows(store, kind, size=3, actor=actor, now=fixed_now).rows
            seen += len(found)
            paths += [kind, f"{kind}?state=open&missing=phone&leaves=soon", *(f"{kind}/{row.id}" for row in found)]
            paths += [f"{kind}/{row.id}?why=1&all=1" for row in found[:1]]
        for path in paths:
            answer = client.get(f"/r/{key}/{path}")
            assert answer.status_code == 200, (lens, path)
            assert "None" not in answer.text.partition("<main")[2], (lens, path)
    assert seen


def test_a_kind_of_the_notices_own_has_a_page_like_any_other(tmp_path: Path, fixed_now: datetime) -> None:
    registers = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "key"))
    store, key = filled(registers, "gym", fixed_now), "members"
    email = "aino@rautakolmio.example"
    account = create_account(
        registers.deployment, email, "Aino", language="fi", password=PASSWORD, actor=CLI, now=fixed_now
    ).account
    roles.grant(registers.deployment, account, key, "trainer", lead=False, actor=CLI, now=fixed_now)
    trainer = Actor(account, "trainer")
    (person,) = rows(store, "person", actor=trainer, now=fixed_now).rows
    say.grant(store, person.id, "safe_training", channel="paper", language="fi", actor=trainer, now=fixed_now)
    notes = {"health_notes": "Varo oikeaa polvea."}
    rectify(store, "membership", 1, notes, source="subject", actor=trainer, now=fixed_now)
    client = TestClient(make_app(registers.settings, registers, now=lambda: fixed_now), base_url="http://gym.example")
    client.post("/sign-in", data={"email": email, "password": PASSWORD})
    text = client.get(f"/r/{key}/person/{person.id}").text
    for words in ("Ville Kuntola", "tel:+358500000801", "J-17", "Harjoituskerta", "Jäsenyydet"):
        assert words in text, words
    membership = client.get(f"/r/{key}/membership/1").text
    assert "Ville Kuntola" in membership
    assert f"/r/{key}/membership/1/reveal/health_notes" in membership
    assert "polvea" not in membership + text, "what is sealed is not shown by the way"
    registers.close()


def test_the_pages_stand_on_postgresql_too(tmp_path: Path, pg_url: str, fixed_now: datetime) -> None:
    settings = Settings(data_dir=tmp_path, database_url=pg_url, key_file=tmp_path / "key", language="fi")
    registers = Registers(settings)
    store = filled(registers, "fluiconnecto_customers", fixed_now)
    key, email = store.register.notice.register, "mikael.tuuri@fluiconnecto.example"
    account = create_account(
        registers.deployment, email, "Mikael", language="fi", password=PASSWORD, actor=CLI, now=fixed_now
    ).account
    roles.grant(registers.deployment, account, key, "sales", lead=False, actor=CLI, now=fixed_now)
    client = TestClient(make_app(settings, registers, now=lambda: fixed_now), base_url="http://seloste.example")
    client.post("/sign-in", data={"email": email, "password": PASSWORD})
    for path in ("", "person", "person?q=havu&relationship.stage=customer&sort=-last_name", "person?leaves=soon"):
        assert client.get(f"/r/{key}/{path}").status_code == 200, path
    text = client.get(f"/r/{key}/person?q=havu").text
    assert "<mark>Havu</mark>koski, Sari" in text
    for path in ("person/1?why=1", "organisation/2", "order/1", "task?state=open", "find?q=havu", "suggest?q=havu"):
        assert client.get(f"/r/{key}/{path}").status_code == 200, path
    registers.close()
