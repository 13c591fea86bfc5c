"""An installation with one real register, and its pages, in memory and in a browser."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from tests.prepared import applied

from seloste.notice import load
from seloste.notice.model import Notice
from seloste.operations.accounts import roles
from seloste.operations.accounts.create import create_account
from seloste.operations.actor import CLI
from seloste.settings import Settings
from seloste.store.registers import Registers
from seloste.web.app import make_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it would rather have a library that does the same under a new name
    from starlette.testclient import TestClient

EXAMPLE = Path(__file__).parents[2] / "examples" / "fluiconnecto" / "notice.yaml"
PASSWORD = "kolme pientä kuusta"


@pytest.fixture(scope="session")
def example() -> Notice:
    return load(EXAMPLE)


@dataclass
class Site:
    """The pages and what is behind them; ``now`` may be moved on."""

    registers: Registers
    app: Starlette
    key: str
    now: datetime
    accounts: dict[str, str] = field(default_factory=dict)

    def add(self, email: str, name: str, *lenses: str, lead: bool = False, language: str = "fi") -> str:
        account = create_account(
            self.registers.deployment, email, name, language=language, password=PASSWORD, actor=CLI, now=self.now
        ).account
        for lens in lenses:
            roles.grant(self.registers.deployment, account, self.key, lens, lead=lead, actor=CLI, now=self.now)
        self.accounts[email] = account
        return account

    def client(self, base_url: str = "http://seloste.example", **more: Any) -> TestClient:
        return TestClient(self.app, base_url=base_url, follow_redirects=False, **more)

    def signed_in(self, email: str, base_url: str = "http://seloste.example") -> TestClient:
        client = self.client(base_url)
        answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    def later(self, **much: float) -> None:
        self.now += timedelta(**much)


@pytest.fixture
def site(tmp_path: Path, example: Notice, fixed_now: datetime) -> Iterator[Site]:
    yield from made(Settings(data_dir=tmp_path, key_file=tmp_path / "secret.key", language="fi"), example, fixed_now)


def made(settings: Settings, notice: Notice, now: datetime) -> Iterator[Site]:
    registers = Registers(settings)
    applied(registers, notice, now)
    found: list[Site] = []
    app = make_app(settings, registers, now=lambda: found[0].now)
    found.append(Site(registers, app, notice.register, now))
    found[0].add("mikael.tuuri@fluiconnecto.example", "Mikael Tuuri", "sales", "service")
    found[0].add("ritva.kaleva@fluiconnecto.example", "Ritva Kaleva", "management", lead=True)
    found[0].add("uusi@fluiconnecto.example", "Uusi Tulokas")
    yield found[0]
    registers.close()


@pytest.fixture
def form_token() -> Callable[[TestClient, str], dict[str, str]]:
    """``form_token(client, path)`` reads the hidden field that the forms of a page carry."""

    def read(client: TestClient, path: str = "/account") -> dict[str, str]:
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', client.get(path).text)
        assert found, "the page has no form token"
        return {"form_token": found[1]}

    return read
