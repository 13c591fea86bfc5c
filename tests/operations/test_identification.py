"""Strong identification on a real PostgreSQL: whom the claims are of, answers used once, accounts linked once."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from seloste.notice import load
from seloste.operations.accounts.by_provider import sign_in_by
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.errors import SignInRefusedError
from seloste.operations.actor import CLI
from seloste.operations.identification.flow import Proven, Trip
from seloste.operations.identification.person import person_of
from seloste.operations.identification.providers import Provider
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings
from seloste.store import identified
from seloste.store.registers import Registers

NOTICE = Path(__file__).parents[1] / "web" / "hire.yaml"
CODE = "010594Y9032"
BANK = Provider(
    key="bank",
    name={"fi": "Pankki"},
    issuer="https://pankki.example",
    client_id="c",
    client_secret_file="x",
    own=("hire",),
    staff=True,
    acr=("loa2",),
    claims={"first_name": "given_name", "last_name": "family_name", "birth_date": "birthdate", "email": "email",
            "personal_identity_code": "hetu"},
    ways=(("personal_identity_code",), ("first_name", "last_name", "birth_date", "email")),
)  # fmt: skip


def proven(**claims: object) -> Proven:
    return Proven(Trip("bank", "own", "hire", "fi", ""), BANK, {"sub": "s-1", **claims})


def test_it_holds_on_postgresql(tmp_path: Path, pg_url: str, fixed_now: dt.datetime) -> None:
    now = fixed_now
    registers = Registers(
        Settings(data_dir=tmp_path, database_url=pg_url, key_file=tmp_path / "key", allow_test_identity_codes=True)
    )
    registers.apply(load(NOTICE), now=now, actor="cli")
    store = registers.open("hire")
    rows = []
    for ref, first, last, more in (
        ("a", "Aino-Maija", "Laine", {"birth_date": "4.5.1990", "email": ["aino@posti.example", "a@posti.example"]}),
        ("b", "Åke", "Öström", {"personal_identity_code": CODE}),
    ):
        rows.append(NewRow("person", {"first_name": first, "last_name": last, **more}, ref=ref))
        rows.append(NewRow("hiring", {"tool": "Saha", "taken_on": "2.11.2026"}, {"person": ref}))
    ids = collect(store, rows, actor=CLI, now=now).ids
    aino = {"given_name": "Maija Aino", "family_name": "LAINE", "birthdate": "1990-05-04", "email": "a@posti.example"}
    assert person_of(store, proven(**aino), now=now) == ids["a"]
    assert person_of(store, proven(**{**aino, "email": "b@posti.example"}), now=now) is None
    assert person_of(store, proven(given_name="Åke", hetu=CODE), now=now) == ids["b"]
    assert person_of(store, proven(hetu="020504B904H"), now=now) is None
    assert person_of(store, proven(hetu=CODE), now=now + dt.timedelta(days=4 * 365)) is None

    def use(_: int) -> bool:
        with registers.deployment.transaction() as conn:
            return identified.use_up(conn, "mark", now + dt.timedelta(minutes=1), now)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(use, range(8))) == [False] * 7 + [True]

    create_account(registers.deployment, "paula@lainaamo.example", "Paula", actor=CLI, now=now)
    who = {"email": "Paula@Lainaamo.example", "email_verified": True}
    first = sign_in_by(registers.deployment, proven(**who), source="192.0.2.7", now=now)
    assert sign_in_by(registers.deployment, proven(), source="192.0.2.7", now=now).account == first.account
    with pytest.raises(SignInRefusedError):
        sign_in_by(registers.deployment, proven(**{**who, "sub": "s-2"}), source="192.0.2.7", now=now)
    registers.close()
