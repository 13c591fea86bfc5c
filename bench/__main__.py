"""``./dev bench``: every case on every engine, as a table, or with ``--json`` as one object a line."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench import beside, cases, report, rights, sweeps, words, writes
from bench.cases import Outcome
from bench.crowd import Crowd
from bench.gdprbench.case import MIX_NAMES, gdprbench
from bench.people import Population
from bench.resources import Resource, program, serving
from bench.web import Load, Plan, web
from bench.world import World, world

CASES: Mapping[str, Callable[[World, int], list[Outcome]]] = {
    "point_read": cases.point_read,
    "rows_of_person": cases.rows_of_person,
    "purpose_wide": cases.purpose_wide,
    "collect": writes.collect_contact,  # last come those that write
    "word_and_read": words.word_and_read,
    "race": words.racing,
    "sweep": sweeps.sweeping,
    "beside_sweep": beside.beside_sweep,
}
# These have a register of their own.
OF_THE_CROWD: Mapping[str, Callable[[World, int], list[Outcome]]] = {
    "access": rights.access,
    "erasure": rights.erasure,
}
CROWD = 16_000
"""At most so many people in it."""
GDPRBENCH = "gdprbench"
RESOURCES = "resources"
WEB = "web"
ENGINES = ("sqlite", "postgresql")


def run(
    engines: Sequence[str], chosen: argparse.Namespace, only: Sequence[str], folder: Path, urls: Mapping[str, str]
) -> Iterator[Outcome | Resource | Load]:
    """Every outcome as soon as it is there. Raises UnequalError when two variants give different results."""
    people, rounds = chosen.people, chosen.rounds
    sorts = ((Population, people, CASES), (Crowd, min(people, CROWD), OF_THE_CROWD))
    for engine, (sort, count, cases_) in itertools.product(engines, sorts):
        serves = {RESOURCES, WEB} & set(only) if sort is Population else set()
        if not (serves or any(name in only for name in cases_)):
            continue
        say(f"{engine}: inventing {count} people")
        begun = time.monotonic()
        with world(engine, count, folder, url=urls.get(engine), population=sort) as made:
            say(f"{engine}: ready in {time.monotonic() - begun:.0f} s")
            for name, case in cases_.items():
                if name in only:
                    yield from case(made, rounds)
            if RESOURCES in serves:
                yield from serving(made)
            if WEB in serves:
                yield from web(made, Plan(chosen.staff, chosen.rate, chosen.seconds, chosen.kills))
    for engine in engines if GDPRBENCH in only else ():
        say(f"{engine}: {people} records of GDPRbench")
        mixes = [MIX_NAMES[name] for name in chosen.mix or MIX_NAMES]
        yield from gdprbench(engine, people, chosen.operations, folder, url=urls.get(engine), mixes=mixes)
    if RESOURCES in only:
        yield from program()


def say(text: str) -> None:
    """Progress, beside what is measured."""
    print(text, file=sys.stderr, flush=True)


def as_json(found: Outcome) -> str:
    """One object a line. ``target`` is null for what is measured for comparison only."""
    return json.dumps(
        {
            "case": found.case,
            "engine": found.engine,
            "n": found.n,
            "ratio": round(found.ratio, 3),
            "p95_ratio": round(found.p95_ratio, 3),
            "target": found.target,
        }
    )


def as_record(found: Outcome | Load) -> dict[str, str | int | float | None]:
    """As the report keeps it: the same with its note."""
    return found.as_json() if isinstance(found, Load) else {**json.loads(as_json(found)), "note": found.note}


def as_line(found: Outcome) -> str:
    verdict = {None: "", True: "met", False: "MISSED"}[found.met]
    target = "" if found.target is None else f"<= {found.target:.2f}"
    return (
        f"{found.case:<32} {found.engine:<11} {found.ratio:>6.2f} {found.p95_ratio:>6.2f}  {target:<8} {verdict:<7}"
        f"{found.raw_us:>10.1f} {found.us:>10.1f}  {found.note}"
    )


HEAD = (
    f"{'case':<32} {'engine':<11} {'ratio':>6} {'p95':>6}  {'target':<8} {'':<7}"
    f"{'by hand us':>10} {'ours us':>10}  note"
)


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measure reads and writes against raw SQL.")
    parser.add_argument("--report", action="store_true", help="keep what was measured and write bench/report.md anew")
    parser.add_argument("--json", action="store_true", help="print one object a line")
    parser.add_argument("--people", type=int, default=100_000, metavar="N", help="how many people; 100000 by default")
    parser.add_argument(
        "--only",
        action="append",
        choices=[*CASES, *OF_THE_CROWD, GDPRBENCH, WEB, RESOURCES],
        help="only this; may be given again",
    )
    parser.add_argument("--operations", type=int, default=10_000, metavar="N", help="of each role of GDPRbench")
    parser.add_argument("--mix", action="append", choices=[*MIX_NAMES], help="only this mix and role of GDPRbench")
    parser.add_argument("--staff", type=int, default=200, metavar="N", help="at once on the pages; 200 by default")
    parser.add_argument("--rate", type=float, default=10.0, metavar="N", help="requests a second of all of them")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="N", help="how long they ask; 60 by default")
    parser.add_argument(
        "--kills", type=int, default=5, metavar="N", help="how often the server is killed; 5 by default"
    )
    parser.add_argument("--engine", action="append", choices=ENGINES, help="only this engine; may be given again")
    parser.add_argument("--rounds", type=int, default=60, metavar="N", help="rounds of each case; 60 by default")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the register there, and use it if it is")
    parser.add_argument("--postgresql", metavar="URL", help="a server to use; one of its own is started by default")
    chosen = parser.parse_args(given)
    if chosen.people < 100 or chosen.rounds < 1:
        parser.error("at least 100 people and one round")
    if chosen.json and RESOURCES in (chosen.only or ()):
        parser.error("--json prints ratios; ask for resources without it")
    return chosen


def main(given: Sequence[str] | None = None) -> int:
    """0 when everything was measured, missed targets or not: those are figures to read, on a machine that varies."""
    chosen = arguments(given)
    only = chosen.only or [*CASES, *OF_THE_CROWD, GDPRBENCH, WEB, *([] if chosen.json else [RESOURCES])]
    urls = {"postgresql": chosen.postgresql} if chosen.postgresql else {}
    with contextlib.ExitStack() as stack:
        folder = chosen.keep or Path(tempfile.mkdtemp(prefix="bench-"))
        if chosen.keep is None:
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if not chosen.json:
            print(HEAD)
        lines = []
        for found in run(chosen.engine or ENGINES, chosen, only, folder, urls):
            if not isinstance(found, Resource):
                lines.append(as_record(found))
            if isinstance(found, Load):
                print(json.dumps(found.as_json()) if chosen.json else found, flush=True)
            elif isinstance(found, Resource):
                print(found, flush=True)
            else:
                print(as_json(found) if chosen.json else as_line(found), flush=True)
    if chosen.report:
        beside = f"{os.getloadavg()[0]:.1f} processes ready on average in the last minute"
        report.keep(lines, " ".join(["./dev bench", *(sys.argv[1:] if given is None else given)]), load=beside)
        report.write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
