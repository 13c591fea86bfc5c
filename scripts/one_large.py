"""What one large register costs on PostgreSQL: to start, to show, to sweep, to change; ``docs/reference/scale.md``.

    python -m scripts.one_large --people 1000000

makes a thousand people by the notice of an example, with what the register derives of them computed by the register
itself, multiplies them within the database, serves them by ``seloste serve`` and asks for pages; then it looks ahead,
sweeps and changes the notice. It prints figures, one object a line; times are those of the processor beside the clock.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
from bench.people import Population, Rows
from bench.world import fill

from scripts.many_registers import Installation, Told, ask, of_process, of_servers, own_server, served
from seloste.clock import now as _now
from seloste.errors import SelosteError
from seloste.notice import load
from seloste.notice.model import Notice, Ref
from seloste.operations.accounts import roles
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.sign_in import sign_in
from seloste.operations.actor import CLI
from seloste.operations.retention.forecast import count_ahead
from seloste.operations.retention.sweep import sweep
from seloste.settings import Settings
from seloste.store.engine import quote
from seloste.store.registers import Registers, RegisterStore

BLOCK = 1000
KINDS = {"organisation", "person", "relationship", "interaction", "task", "order"}
WORDS = {"permission", "objection", "ban", "restriction", "hold"}
PASSWORD, LENS = "kolme pientä kuusta", "sales"
ROUNDS = 5


class Block(Population):
    """The people that are multiplied: companies, ties, deeds, tasks, orders and what they said."""

    def kinds(self) -> Iterator[Rows]:
        return (rows for rows in super().kinds() if rows.kind in KINDS | WORDS)


def multiply(store: RegisterStore, url: str, schema: str, people: int) -> None:
    """Copies of the block until there are so many people, each with a name of its own, by statements of the server."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute(f"SET search_path TO {quote(schema)}")
        conn.execute("SET synchronous_commit TO off")
        conn.execute("SET maintenance_work_mem TO '512MB'")
        indexes = conn.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = 'sys_find'::regclass"
        ).fetchall()
        for name, _ in indexes:
            conn.execute(f"DROP INDEX {name}")
        sizes = {kind: _last(conn, kind) for kind in KINDS | WORDS}
        copies = f"generate_series(1, {people // BLOCK - 1}) AS copy (k)"
        for kind in sorted(sizes):
            table = store.register.tables[kind]
            names = ", ".join(quote(column.name) for column in table.columns)
            cells = ", ".join(_cell(kind, column.name, column.target, sizes) for column in table.columns)
            conn.execute(f"INSERT INTO {quote(kind)} ({names}) SELECT {cells} FROM {quote(kind)} t, {copies}")
            conn.execute(f"SELECT setval(pg_get_serial_sequence('{quote(kind)}', 'id'), {_last(conn, kind)})")
        for kind in ("organisation", "person"):
            shifted = f"SELECT key, kind, row + k * {sizes[kind]}, item FROM sys_find, {copies} WHERE kind = '{kind}'"
            conn.execute(f"INSERT INTO sys_find {shifted}")
        conn.execute(
            f"INSERT INTO sys_find SELECT 'm' || k, 'person', id, 'last_name' FROM generate_series(1, {BLOCK}) t (r),"
            f" {copies}, LATERAL (SELECT r + k * {BLOCK} AS id) n"
        )
        for _, made in indexes:
            conn.execute(made)
        conn.execute("VACUUM (ANALYZE)")
        conn.execute("CHECKPOINT")


def _last(conn: psycopg.Connection[tuple[int, ...]], kind: str) -> int:
    return int((conn.execute(f"SELECT max(id) FROM {quote(kind)}").fetchone() or (0,))[0] or 0)


def _cell(kind: str, column: str, target: str | None, sizes: dict[str, int]) -> str:
    if column == "id":
        return f"t.id + k * {sizes[kind]}"
    if target in sizes:
        return f"t.{quote(column)} + k * {sizes[target]}"
    return f"t.{quote(column)} || ' m' || k" if (kind, column) == ("person", "last_name") else f"t.{quote(column)}"


def timed(made: Installation, told: Told, what: str, act: Callable[[], object]) -> None:
    """What an act of this process costs, and what memory the process has after it."""
    clock, program, server = time.perf_counter(), time.process_time(), of_servers(made)
    found: object
    try:
        found = act()
    except SelosteError as refused:  # what it would have cost is not known, and the rest is
        found = refused.message("en")
    figures = {
        "clock_s": round(time.perf_counter() - clock, 2),
        "program_s": round(time.process_time() - program, 2),
        "server_s": round(of_servers(made) - server, 2),
        "memory_mb": of_process(os.getpid())["memory_mb"],
    }
    told(what, {**figures, **({"told": str(found)} if found is not None else {})})


def pages(made: Installation, told: Told, port: int, process: int, token: str, key: str, people: int) -> None:
    """Pages by their addresses, each several times; the first time tells what is made when it is first asked for."""
    base = f"/r/{key}"
    far = f"{base}/person?page={people // 100}"
    middle = people // 2 + 11
    addresses = {
        "person": f"{base}/person/{middle}",
        "home": f"{base}/",
        "people_by_name_first": f"{base}/person",
        "people_by_name_after_one_in_the_middle": f"{base}/person?page={people // 100}&after={middle}",
        "people_by_name_far_page_by_number": far,
        "people_narrowed": f"{base}/person?relationship.stage=customer",
        "deeds_newest_first": f"{base}/interaction",
        "find_two_words": f"{base}/find?q=koivuniemi+m7",
        "find_a_rare_address": f"{base}/find?q=henkilo.7%40yritys.example",
        "retention_ahead": f"{base}/privacy/retention",
        "public_notice": f"/notice/{key}/fi",
    }
    for name, path in addresses.items():
        server, program = of_servers(made), _taken(process)
        try:
            took = [ask(port, path, token) for _ in range(ROUNDS)]
        except ValueError as refused:  # the database ended a statement that took too long
            told(name, {"refused": str(refused)})
            continue
        told(
            name,
            {
                "first_ms": round(took[0] * 1000),
                "median_ms": round(statistics.median(took[1:]) * 1000),
                "program_ms": round((_taken(process) - program) / ROUNDS * 1000),
                "server_ms": round((of_servers(made) - server) / ROUNDS * 1000),
            },
        )
    told("serve_after_pages", dict(of_process(process)))


def _taken(process: int) -> float:
    told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / 100


def measure(folder: Path, url: str, people: int, told: Told) -> None:
    """All of it, in the order in which it is told."""
    cells = folder / "cells.toml"
    cells.write_text("")
    settings = Settings(
        data_dir=folder,
        key_file=folder / "secret.key",
        database_url=url,
        cells_file=cells,
        ledger_dir=folder / "ledger",
    )
    made = Installation(settings, ("home",), {"home": url}, 0)
    made.server = int((folder / "server" / "postmaster.pid").read_text().split()[0])
    registers = Registers(settings)
    try:
        notice = load(Block.notice)
        key = notice.register
        new = key not in registers.keys()  # noqa: SIM118
        registers.apply(notice, now=_now(), actor="cli")
        store = registers.open(key)
        if new:
            fill(store, Block(BLOCK, _now()))
            timed(made, told, "multiplied", lambda: multiply(store, url, registers.place(key).schema, people))
        told("size", {"people": people, **sizes(url)})
        deployment, now = registers.deployment, _now()
        address = f"mikael.tuuri.{now:%Y%m%d%H%M%S}@fluiconnecto.example"
        account = create_account(deployment, address, "Mikael Tuuri", password=PASSWORD, actor=CLI, now=now).account
        roles.grant(deployment, account, key, LENS, lead=True, actor=CLI, now=now)
        token = sign_in(deployment, address, PASSWORD, source="127.0.0.1", now=now).token
        with served(made, told) as (port, process):
            pages(made, told, port, process, token, key, people)
        work(made, told, registers, key)
    finally:
        registers.close()


def work(made: Installation, told: Told, registers: Registers, key: str) -> None:
    """What the nights bring, and a change of the notice."""
    store, now = registers.open(key), _now()

    def swept(days: int, *, dry: bool = False) -> str:
        done = sweep(store, now=now + dt.timedelta(days=days), actor=CLI, dry_run=dry)
        return f"{done.rows} rows, {done.cells} cells"

    timed(made, told, "first_sweep_dry", lambda: swept(0, dry=True))
    timed(made, told, "first_sweep", lambda: swept(0))
    timed(made, told, "sweep_of_the_next_night_dry", lambda: swept(1, dry=True))
    timed(made, told, "sweep_of_the_next_night", lambda: swept(1))
    timed(made, told, "sweep_of_a_night_with_nothing_due", lambda: swept(1))
    timed(made, told, "sweep_of_a_week", lambda: swept(8))
    timed(made, told, "months_ahead", lambda: counted(store, now))
    notice = load(Block.notice)

    def applied(changed: Notice, *, dry: bool = False) -> str:
        return f"{len(registers.apply(changed, now=now, actor='cli', dry_run=dry).steps)} steps"

    timed(made, told, "apply_nothing_changed", lambda: applied(notice))
    fewer = without(notice, Ref("task", "subject"))
    timed(made, told, "plan_an_item_goes", lambda: applied(fewer, dry=True))
    timed(made, told, "apply_an_item_goes", lambda: applied(fewer))
    timed(made, told, "apply_an_item_comes", lambda: applied(notice))
    less = shortened(notice, "customer_care")
    timed(made, told, "plan_a_period_is_shorter", lambda: applied(less, dry=True))
    timed(made, told, "apply_a_period_is_shorter", lambda: applied(less))
    store = registers.open(key)
    timed(made, told, "sweep_after_it", lambda: swept(8))


def counted(store: RegisterStore, now: dt.datetime) -> str:
    """The months ahead, counted slice by slice; how many there were, and how long the longest took."""
    took = []
    more = True
    while more:
        began = time.perf_counter()
        more = count_ahead(store, now=now)
        took.append(time.perf_counter() - began)
    return f"{len(took)} slices, the longest {max(took):.1f} s"


def without(notice: Notice, gone: Ref) -> Notice:
    """A notice that does not name an item."""
    kind = notice.kinds[gone.kind]
    kinds = {**notice.kinds, kind.key: replace(kind, items={k: v for k, v in kind.items.items() if k != gone.item})}
    purposes = {
        key: replace(purpose, uses=tuple(ref for ref in purpose.uses if ref != gone))
        for key, purpose in notice.purposes.items()
    }
    return replace(notice, kinds=kinds, purposes=purposes, digest="f" * 64)


def shortened(notice: Notice, key: str) -> Notice:
    """A notice in which one purpose keeps what it does by a year less."""
    purpose = notice.purposes[key]
    keep = tuple(
        replace(each, base=replace(each.base, amount=each.base.amount - 1)) if each.base is not None else each
        for each in purpose.keep
    )
    return replace(notice, purposes={**notice.purposes, key: replace(purpose, keep=keep)}, digest="d" * 64)


def sizes(url: str) -> dict[str, object]:
    """Rows and bytes of the whole database."""
    with psycopg.connect(url, autocommit=True) as conn:
        rows = conn.execute(
            "SELECT sum(reltuples)::bigint FROM pg_class WHERE relkind = 'r' AND reltuples > 0"
        ).fetchone()
        size = conn.execute("SELECT pg_database_size(current_database()) >> 20").fetchone()
    return {"rows": (rows or (0,))[0], "megabytes": (size or (0,))[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--people", type=int, default=1_000_000, help="whole thousands")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the register there, and use it if it is")
    asked = parser.parse_args()

    def told(what: str, figures: dict[str, object]) -> None:
        print(json.dumps({"what": what, **figures}), flush=True)

    with contextlib.ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        measure(folder, stack.enter_context(own_server(folder)), asked.people, told)


if __name__ == "__main__":
    main()
