"""The benchmark runs, compares like with like, and says what it measured; how long things took is not asked here."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
from bench.__main__ import CASES, OF_THE_CROWD, as_line, main
from bench.cases import Outcome
from bench.gdprbench.lawful import Lawful
from bench.gdprbench.model import LawfulRecords, Operation, Records
from bench.gdprbench.ours import Ours
from bench.gdprbench.wide import Wide
from bench.measure import Took, UnequalError, Variant, measure, must_agree
from bench.resources import needed
from bench.world import world
from bench.writes import executor

KEYS = {"case", "engine", "n", "ratio", "p95_ratio", "target"}
TARGETS = {
    "point_read": 1.15,
    "rows_of_person": 1.15,
    "purpose_wide_customer_care": 1.3,
    "purpose_wide_marketing": 1.3,
    "withdraw_and_read": 1.5,
    "object_and_read": 1.5,
    "sweep": 1.3,
    "beside_sweep_point_read": 1.1,
    "beside_sweep_rows_of_person": 1.1,
    "access": 1.5,
    "erasure": 2.0,
}
JOURNALED = {"sqlite": 1.9, "postgresql": 1.35}


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_every_case_agrees_with_raw_sql_and_prints_one_object(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    # Two begin a process of their own, and the crowd takes long to enter: that is enough on one engine.
    once = () if engine == "sqlite" else ("race", "beside_sweep", *OF_THE_CROWD)
    cases = [case for case in (*CASES, *OF_THE_CROWD) if case not in once]
    given = ["--json", "--people", "100", "--rounds", "1", "--engine", engine, "--keep", str(tmp_path)]
    given += [word for case in cases for word in ("--only", case)]
    if engine == "postgresql":
        given += ["--postgresql", request.getfixturevalue("pg_url")]
    assert main(given) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(set(each) == KEYS for each in printed)
    assert all(each["engine"] == engine and each["n"] == 100 and each["ratio"] > 0 for each in printed)
    targets = {each["case"]: each["target"] for each in printed if each["target"]}
    journaled = {"point_read_journal": JOURNALED[engine], "rows_of_person_journal": JOURNALED[engine]}
    asked = {case: target for case, target in TARGETS.items() if not case.startswith(once or "-")}
    assert targets == asked | journaled
    assert all(any(each["case"].startswith(case) for each in printed) for case in {*cases} - {"word_and_read"})


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_roles_of_gdprbench_get_the_same_answers_from_every_layout(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    # Between them they do whatever GDPRbench does; what asks by purpose is enough on one engine.
    rest = ["head_customer", "paper_processor", "paper_regulator"]
    mixes = ["paper_controller", *(rest if engine == "sqlite" else ())]
    given = ["--json", "--people", "100", "--operations", "40", "--engine", engine, "--keep", str(tmp_path)]
    given += ["--only", "gdprbench", *(word for mix in mixes for word in ("--mix", mix))]
    if engine == "postgresql":
        given += ["--postgresql", request.getfixturevalue("pg_url")]
    assert main(given) == 0
    printed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    targets = {each["case"]: each["target"] for each in printed}
    assert targets["gdpr_space"] == 1.2 and targets["gdpr_paper_controller_wide_9"] == 0.1
    assert {f"gdpr_{mix}{peer}" for mix in mixes for peer in ("", "_lawful", "_wide_0", "_wide_2", "_wide_9")} <= set(
        targets
    )
    assert all(each["ratio"] > 0 for each in printed)


LEFT = {
    "rights_request": "person, state, channel, received_at, answered_at",
    "request_step": "rights_request, step, at, how",
    "request_letter": "rights_request, about, way, since",
    "objection": "id, person, purpose, state, raised_at, decided_at, withdrawn_at",
    "sys_find": "key, kind, row, item",
    "sys_ledger": "kind, row, gone, at, others",
    "sys_cell_source": "kind, row, item, source, at",
    "journal": "at, actor, lens, verb, kind, persons, items, count, note",
    "person": "id, last_name, objects_to, sys_need_0, sys_use_0",
    "record": "id, person, data, ends_on",
    "activity": "id, access, category",
}


def test_who_writes_lawfully_by_hand_leaves_what_the_product_leaves(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    engine = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    url = None if engine == "sqlite" else database_url
    written = [
        Operation("create", 50, 3, 4, value="x", new={"TTL": "2077-01-01", "OBJ": "obj1"}),
        Operation("set_user", 3, 3, field="DEC", value="dec0"),
        Operation("set_user", 3, 3, field="DEC", value="dec1"),
        Operation("set_user", 3, 3, field="OBJ", value="obj7"),
        Operation("update_data", 3, field="DATA", value="y"),
        Operation("set_key", 4, field="TTL", value="2077-02-02"),
        Operation("set_purpose", purpose=2, field="ACL", value="acl7"),
        Operation("set_shared", purpose=1, field="shr1", value="cat7"),
        Operation("delete_user", 2, 2),
        Operation("delete_user", 1, 1),
    ]
    found = []
    with ExitStack() as stack:
        for sort, layout in ((Records, Ours), (LawfulRecords, Lawful)):
            made = stack.enter_context(world(engine, 5, tmp_path, url=url, population=sort))
            does, execute = layout(made), executor(made.plain())
            assert all(does(each) for each in written)
            found.append({t: sorted(execute(f"SELECT {c} FROM {t}", ()), key=repr) for t, c in LEFT.items()})
    assert found[0] == found[1]


def test_an_operation_that_is_answered_differently_ends_the_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Wide, "do_update_data", lambda self, asked: 1)
    given = ["--people", "100", "--operations", "60", "--engine", "sqlite", "--only", "gdprbench"]
    with pytest.raises(UnequalError, match="answered differently"):
        main([*given, "--mix", "paper_customer", "--keep", str(tmp_path)])


def test_variants_that_give_different_results_are_not_compared() -> None:
    same = [Variant("raw", lambda key: key), Variant("ours", lambda key: key + 0)]
    assert must_agree(same, [1, 2]) == must_agree(same, [1, 2]) != must_agree(same, [1, 3])
    with pytest.raises(UnequalError, match="different results"):
        must_agree([same[0], Variant("ours", lambda key: key if key < 2 else 0)], [1, 2])


def test_every_variant_runs_on_the_same_keys_in_each_round() -> None:
    seen: dict[str, list[int]] = {"raw": [], "ours": []}
    found = measure([Variant(name, seen[name].append) for name in seen], range(9), rounds=1, ops=5, seed=1)
    # Five in the round, and before it five to warm up.
    assert seen["raw"][-5:] == seen["ours"][-5:]
    assert [each.name for each in found] == ["raw", "ours"]
    assert all(each.median > 0 and each.p95 > 0 for each in found)


@pytest.mark.parametrize(
    ("own", "server", "busy", "left"),
    [
        (10, 30, 40, 60),  # others had the processor for 40 of 100
        (30, 40, 90, 90),  # one waited while the other worked, and nobody else had it
        (80, 70, 20, 20),  # both waited at once
        (0, 0, 130, 100),  # they worked side by side
    ],
)
def test_what_is_taken_off_for_waiting_leaves_what_was_worked(own: int, server: int, busy: int, left: int) -> None:
    assert Took(100, own, server, busy, seen=True).without_waiting == left


@pytest.mark.parametrize(("ratio", "verdict"), [(1.15, "met"), (1.16, "MISSED")])
def test_a_missed_target_is_called_missed(ratio: float, verdict: str) -> None:
    line = as_line(Outcome("point_read", "sqlite", 300, ratio, 1.0, 1.15, 10.0, 10.0 * ratio))
    assert [word for word in line.split() if word in ("met", "MISSED")] == [verdict]


def test_what_is_installed_counts_what_is_needed_in_turn() -> None:
    found = needed("seloste")
    assert {"seloste", "starlette", "anyio"} <= {name.lower() for name in found}
    assert "pytest" not in found
