"""Every operation of the OpenAPI document, called with what its schema allows and with what it does not.

Whatever is sent, the answer is one that the document describes, no fault of ours, and the journal still verifies.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from starlette.testclient import TestClient
from tests.prepared import applied, example
from tests.web.api.test_api import CONTACT

from seloste.operations.accounts.keys import make_key
from seloste.operations.actor import CLI
from seloste.settings import Settings
from seloste.store.journal import verify
from seloste.store.registers import Registers
from seloste.web.app import make_app

BESIDE_THE_SCHEMA = [positive_data_acceptance, negative_data_rejection]
"""What may be stored is said by the notice, by the law and by other rows, of which a schema knows nothing."""


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Registers, str]]:
    folder: Path = tmp_path_factory.mktemp("api")
    registers = Registers(Settings(data_dir=folder, key_file=folder / "key"))
    notice = example("fluiconnecto/notice")
    applied(registers, notice, dt.datetime(2026, 11, 25, 7, 12, tzinfo=dt.UTC))
    yield registers, notice.register
    registers.close()


@pytest.fixture(scope="module")
def called(register: tuple[Registers, str]) -> tuple[Any, dict[str, str], int]:
    """The document as it is served, the header that lets one in, and the id of a person who is there."""
    registers, key = register
    now = dt.datetime(2026, 11, 25, 7, 12, tzinfo=dt.UTC)
    token = make_key(registers.deployment, registers.open(key), "sales", "test", actor=CLI, now=now).token
    headers = {"Authorization": f"Bearer {token}"}
    app = make_app(registers.settings, registers, now=lambda: now)
    client = TestClient(app, base_url="http://127.0.0.1", headers=headers)
    person = client.post(f"/api/{key}/collect", json=CONTACT).json()["ids"]["p"]
    return schemathesis.openapi.from_asgi(f"/api/{key}/openapi.json", app, headers=headers), headers, person


def test_every_operation_answers_as_the_document_says(
    register: tuple[Registers, str], called: tuple[Any, dict[str, str], int]
) -> None:
    registers, key = register
    schema, headers, person = called
    answers: dict[str, set[int]] = {}

    for operation in (found.ok() for found in schema.get_all_operations()):

        @settings(
            max_examples=int(os.environ.get("SELOSTE_CASES", "8")),
            derandomize=True,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
        def call(case: Any) -> None:
            if "id" in case.path_parameters and case.operation.path.startswith("/records/person/"):
                case.path_parameters["id"] = person
            answer = case.call(headers=headers)
            answers.setdefault(operation.method, set()).add(answer.status_code)  # noqa: B023 - called before the next
            case.validate_response(answer, headers=headers, excluded_checks=BESIDE_THE_SCHEMA)

        call()

    assert {200, 400} <= answers["get"]
    assert {400, 422} <= answers["patch"]
    assert {400, 422} <= answers["post"]
    registers.open(key).reads.flush()
    assert verify(registers.open(key).database).ok
