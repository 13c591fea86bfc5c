"""The report says what was measured and nothing else, and pages under load lose nothing when the server is killed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bench import report
from bench.__main__ import main
from bench.measure import UnequalError
from bench.plots import Bar, chart
from bench.web import Seen, check
from bench.world import world

MISSED = {
    "case": "point_read",
    "engine": "sqlite",
    "n": 100,
    "ratio": 1.2,
    "p95_ratio": 1.0,
    "target": 1.15,
    "note": "",
}


def test_the_report_in_the_repository_is_what_its_results_make() -> None:
    for name, text in report.made(report.read()).items():
        assert (report.BENCH / name).read_text("utf-8") == text, f"{name}: write it anew by ./dev bench --report"


def test_a_run_replaces_what_was_measured_of_the_same_and_keeps_the_rest(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    report.keep([MISSED, {**MISSED, "n": 200}], "./dev bench", results=results)
    report.keep([{**MISSED, "ratio": 1.1}], "./dev bench --people 100", results=results)
    report.write(results, tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text("utf-8")
    assert [run["command"] for run in report.read(results)] == ["./dev bench", "./dev bench --people 100"]
    assert "| point_read | sqlite | 100 | 1.10 | 1.00 | 1.15 | 2 |" in text
    assert "| point_read | sqlite | 200 | **1.20** missed | 1.00 | 1.15 | 1 |" in text
    assert "(plots/cases-sqlite.svg)" in text


def test_a_plot_tells_each_ratio_by_length_and_by_word() -> None:
    root = ElementTree.fromstring(
        chart("A < B", [Bar("met", 0.5, 1.0), Bar("missed", 100, 1.0), Bar("plain", 2, None)])
    )
    space = "{http://www.w3.org/2000/svg}"
    assert root.findtext(f"{space}title") == "A < B"
    texts = [each.text for each in root.iter(f"{space}text")]
    assert {"0.50 met", "100.00 missed", "2.00"} <= set(texts)
    met, missed, plain = [float(each.attrib["width"]) for each in root.iter(f"{space}rect")][1:]
    assert met < plain < missed


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_nothing_that_was_answered_is_lost_when_the_server_is_killed(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--json", "--only", "web", "--people", "100", "--engine", engine, "--keep", str(tmp_path)]
    given += ["--staff", "12", "--rate", "12", "--seconds", "2", "--kills", "1"]
    if engine == "postgresql":
        given += ["--postgresql", request.getfixturevalue("pg_url")]
    # A worker in which a browser was opened has an event loop running in its own thread.
    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(main, given).result() == 0
    printed = {line["case"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert set(printed) == {"web_find", "web_person", "web_write", "web_killed"}
    assert "none lost" in printed["web_killed"]["note"] and printed["web_killed"]["asked"] > 0


def test_a_lost_write_is_told(tmp_path: Path) -> None:
    with world("sqlite", 100, tmp_path) as made:
        seen = Seen(written={"Kuorma 1"})
        with pytest.raises(UnequalError, match="1 of 1 answered writes are lost"):
            check(made, made.store.database, seen, (10**9, 0))
