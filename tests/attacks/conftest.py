"""One world for each engine, built once: the attacks change nothing, and a test sees to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests import prepared_postgresql
from tests.attacks.world import World, build


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both registers full of marked people, in files."""
    made = build(tmp_path_factory.mktemp("attacked"), None)
    yield made
    made.registers.close()


@pytest.fixture(scope="session")
def on_postgresql(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both registers full of marked people, in a database of their own."""
    folder: Path = tmp_path_factory.mktemp("attacked")
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        before = prepared_postgresql.roles(admin)
        admin.execute("CREATE DATABASE attacked")
    made = build(folder, postgres_url.replace("/postgres?", "/attacked?", 1))
    yield made
    made.registers.close()
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("DROP DATABASE attacked WITH (FORCE)")
        prepared_postgresql.drop_roles(admin, before)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> World:
    """The world on each engine in turn."""
    made: World = request.getfixturevalue(f"on_{request.param}")
    return made
