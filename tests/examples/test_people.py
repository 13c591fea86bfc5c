"""The invented people of the examples fit their registers, and are nobody."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from scripts.demo_people.__main__ import write

from seloste.cli.people import PeopleFileError, read_people
from seloste.notice import load
from seloste.operations.actor import CLI
from seloste.operations.records.collect import collect
from seloste.settings import Settings
from seloste.store.registers import Registers

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTICES = {
    match[1]: path
    for path in sorted(EXAMPLES.glob("*/*.yaml"))
    if (match := re.search(r"^register: (\w+)", path.read_text("utf-8"), re.MULTILINE))
}
FILES = sorted(EXAMPLES.glob("*/people/*.yaml"))
MAIN = {"fluiconnecto_customers", "proseduuri_customers", "fluent_customers", "tuulikello"}


def test_each_register_has_its_people_and_they_are_the_same_every_time(tmp_path: Path) -> None:
    assert {path.stem for path in FILES} == set(NOTICES)
    made = write(tmp_path)
    assert len(made) == len(FILES)
    for path in made:
        committed = EXAMPLES / path.relative_to(tmp_path)
        assert path.read_text("utf-8") == committed.read_text("utf-8"), (
            f"{committed}: run python -m scripts.demo_people"
        )


@pytest.mark.parametrize("days_later", [0, 97, 400])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_register_takes_every_row_on_any_day(
    path: Path, days_later: int, tmp_path: Path, fixed_now: datetime
) -> None:
    now = fixed_now + timedelta(days=days_later)
    registers = Registers(Settings(data_dir=tmp_path, key_file=tmp_path / "key", allow_test_identity_codes=True))
    registers.apply(load(NOTICES[path.stem]), now=now, actor="cli")
    people = read_people(path, now)
    store = registers.open(people.register)
    collected = collect(store, people.rows, actor=CLI, now=now)
    registers.close()
    assert len(collected.ids) == len(people.rows)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nobody_in_them_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    assert all(re.fullmatch(r"0[45]0 000 0\d{3}", number) for number in re.findall(r"\b0\d\d \d{3} \d{3,4}\b", text))
    phones = re.findall(r"phone: \[\"([^\"]+)\"", text)
    assert len(phones) == len(set(phones))
    assert all(host.endswith(".example") for host in re.findall(r"@([\w.-]+)", text))
    assert all(code[0] == "9" for code in re.findall(r"\b\d{7}-\d\b", text))
    assert all(code[7] == "9" for code in re.findall(r"\b\d{6}[-A-FU-Y]\d{3}\w\b", text))


@pytest.mark.parametrize("register", sorted(MAIN))
def test_the_main_registers_look_alive(register: str, fixed_now: datetime) -> None:
    path = next(path for path in FILES if path.stem == register)
    rows = read_people(path, fixed_now).rows
    kinds = Counter(row.kind for row in rows)
    assert 35 <= kinds["person"] <= 70
    assert kinds["restriction"] >= 1
    assert kinds["rights_request"] >= 2
    moments = [value for row in rows for value in row.values.values() if isinstance(value, datetime)]
    assert min(moments) < fixed_now - timedelta(days=60)
    assert any(fixed_now - timedelta(days=3) < moment <= fixed_now + timedelta(days=1) for moment in moments)
    if register == "tuulikello":
        assert kinds["charge"] > 100
        assert [row.ref for row in rows if row.values.get("non_disclosure")] == ["milla"]
        assert [row.ref for row in rows if row.values.get("personal_identity_code")] == ["elina"]
        assert sum(row.values.get("moved_out") is not None for row in rows) == 1
    else:
        assert kinds["interaction"] > 50
        assert sum(row.values.get("stage") == "former" for row in rows) == 1
        assert any(row.values.get("state") == "pending" for row in rows if row.kind == "objection")
        assert kinds["ban"] >= 2
        assert any(row.kind == "task" and row.values["due_on"] >= fixed_now.date() for row in rows)


def test_a_file_that_is_not_one_of_people_says_so(tmp_path: Path, fixed_now: datetime) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("rows: []\n", "utf-8")
    with pytest.raises(PeopleFileError, match="register"):
        read_people(path, fixed_now)
