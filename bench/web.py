"""The pages under load: staff who look people up and write, all at once, until the server is killed in the midst of it.

Requests arrive by chance at a given rate whether or not earlier ones are answered (an open model), and how long one
took is counted from when it was to begin: a server that falls behind shows it. The load is made in this process, on
the same processors as the server.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from bench.measure import UnequalError
from bench.resources import environment_of
from bench.world import ROOT, World
from seloste.operations.accounts.create import create_account
from seloste.operations.accounts.roles import grant
from seloste.operations.actor import CLI
from seloste.settings import PREFIX, Settings
from seloste.store import sessions
from seloste.store.engine import Database
from seloste.store.journal import verify
from seloste.web.security import form_token

SEED = 4711
SHARES = {"find": 0.45, "person": 0.45, "write": 0.10}
WARM = 0.2
"""The part of a run at its beginning of which nothing is measured."""
ROLE = "sales"
Process = subprocess.Popen[bytes]
MARK = "Kuorma"
IDLE = 2.0
"""Seconds after which a new connection is made: the server closes one that has been idle for five."""
PATIENCE = 60.0
"""Seconds that a request may take from when it was to begin."""


@dataclass(frozen=True, slots=True)
class Load:
    """One page of a run, milliseconds from when a request was to begin to the last byte of its answer."""

    case: str
    engine: str
    n: int
    p50: float
    p95: float
    asked: int
    note: str

    def __str__(self) -> str:
        return (
            f"{self.case:<32} {self.engine:<11} p50 {self.p50:>8.1f} ms  p95 {self.p95:>8.1f} ms"
            f"  {self.asked} requests; {self.note}"
        )

    def as_json(self) -> dict[str, str | int | float]:
        return {
            "case": self.case, "engine": self.engine, "n": self.n, "p50_ms": round(self.p50, 1),
            "p95_ms": round(self.p95, 1), "asked": self.asked, "note": self.note,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """``staff`` people who together ask ``rate`` times a second for ``seconds``; the server is killed at the end.

    Then it is started and killed ``kills - 1`` times more, each time after a tenth of that.
    """

    staff: int
    rate: float
    seconds: float
    kills: int


@dataclass(slots=True)
class Staff:
    """One who is signed in, with one connection, who asks for one page at a time."""

    token: str
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    used: float = 0.0
    """When the connection was last answered on."""

    def drop(self) -> None:
        if self.connection is not None:
            self.connection[1].close()
            self.connection = None


@dataclass(frozen=True, slots=True)
class Whom:
    """What the load asks about: people by id and last name, and the standing tie of each."""

    person: int
    name: str
    tie: int


@dataclass(slots=True)
class Seen:
    """What came of it. ``written``: texts whose writing was answered; ``sent``: how many were asked to be written."""

    took: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in SHARES})
    written: set[str] = field(default_factory=set)
    sent: int = 0
    asked: int = 0
    cut: int = 0
    """Requests that the killed server answered no more; ``waiting``: those among what was measured."""
    waiting: int = 0
    refused: dict[int, int] = field(default_factory=dict)
    server: str = ""
    """What the server's processor time was, and for how long it was ready and others had the processor."""


class Generator:
    """The load of one server, from now until it is killed."""

    def __init__(self, plan: Plan, port: int, register: str, people: Sequence[Whom], tokens: Sequence[str]) -> None:
        self._plan, self._port, self._register, self._people = plan, port, register, people
        self._staff = [Staff(token) for token in tokens]
        self._chance = random.Random(SEED + port)

    async def run(self, seen: Seen, seconds: float, process: Process, *, measured: bool) -> None:
        """Ask for so long, then kill the server while requests are under way, and wait for what becomes of them."""
        await self._warm()
        chance, tasks, begun = self._chance, set[asyncio.Task[None]](), time.perf_counter()
        at, base = 0.0, None
        while (at := at + chance.expovariate(self._plan.rate)) < seconds:
            await asyncio.sleep(max(begun + at - time.perf_counter(), 0))
            what = chance.choices(list(SHARES), list(SHARES.values()))[0]
            counted = measured and at > seconds * WARM
            if counted and base is None:
                base = (*_taken(process.pid), seen.asked)
            one = self._one(what, chance.choice(self._staff), chance.choice(self._people), begun + at, seen, counted)
            tasks.add(asyncio.create_task(one))
        if base is not None:
            then = (*_taken(process.pid), seen.asked)
            ran, waited, asked = (last - first for last, first in zip(then, base, strict=True))
            seen.server = (
                f"; the server had the processor for {ran * 1000 / max(asked, 1):.0f} ms of each,"
                f" its threads waited for it {waited * 1000 / max(asked, 1):.0f} ms or more"
            )
        process.kill()
        await asyncio.gather(*tasks)
        for each in self._staff:
            each.drop()

    async def _warm(self) -> None:
        """Each page is shown once beforehand: the server makes its statements when they are first needed."""
        who, whom = self._staff[0], self._people[0]
        for path in (f"find?q={quote(whom.name)}", f"person/{whom.person}"):
            await self._ask(who, f"/r/{self._register}/{path}", "")

    async def _one(self, what: str, who: Staff, whom: Whom, planned: float, seen: Seen, counted: bool) -> None:
        base, body, text = f"/r/{self._register}", "", ""
        path = {"find": f"{base}/find?q={quote(whom.name)}", "person": f"{base}/person/{whom.person}"}.get(what)
        if path is None:
            seen.sent += 1
            text = f"{MARK} {seen.sent}"
            path = f"{base}/person/{whom.person}/record"
            deed = {"made": "interaction", "parent": "relationship", "parent_id": whom.tie, "kind": "call"}
            body = urlencode({**deed, "text": text, "form_token": form_token(who.token)})
        try:
            async with who.lock:
                status = await asyncio.wait_for(self._ask(who, path, body), PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            who.drop()
            seen.cut += 1
            if counted:
                # It would have taken longer still; left out, a server that falls behind would look quick.
                seen.took[what].append((time.perf_counter() - planned) * 1000)
                seen.waiting += 1
            return
        seen.asked += 1
        if status not in (200, 303) or (text and status != 303):
            seen.refused[status] = seen.refused.get(status, 0) + 1
            return
        if text:
            seen.written.add(text)
        if counted:
            seen.took[what].append((time.perf_counter() - planned) * 1000)

    async def _ask(self, who: Staff, path: str, body: str) -> int:
        """The status of one request, its answer read to the end."""
        if time.perf_counter() - who.used > IDLE:
            who.drop()
        if who.connection is None:
            who.connection = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = who.connection
        head = f"Host: 127.0.0.1:{self._port}\r\nCookie: seloste={who.token}\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        writer.write(f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        if b"transfer-encoding: chunked" in answer:
            while size := int(await reader.readuntil(b"\r\n"), 16):
                await reader.readexactly(size + 2)
            await reader.readuntil(b"\r\n")
        elif b"content-length:" in answer:
            await reader.readexactly(int(answer.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))
        who.used = time.perf_counter()
        return int(answer.split(b" ", 2)[1])


def web(world: World, plan: Plan) -> Iterator[Load]:
    """What the pages take, and that nothing answered is lost. Raises UnequalError when something is."""
    from seloste.store.registers import Registers

    register = world.store.register.notice.register
    settings = Settings.from_environment({f"{PREFIX}{name}": value for name, value in world.environment.items()})
    registers = Registers(settings)
    try:
        tokens = sign_in(registers.deployment, register, plan.staff)
        people, seen, before = known(world), Seen(), _written(world, (0, 0))[1]
        for number in range(plan.kills):
            seconds = plan.seconds if number == 0 else max(plan.seconds / 10, 2.0)
            with _served(world.environment) as (process, port):
                load = Generator(plan, port, register, people, tokens)
                asyncio.run(load.run(seen, seconds, process, measured=number == 0))
        told = check(world, registers.deployment, seen, before)
        unanswered = f"; {seen.waiting} were waiting when the server was killed, and count for as long as they had"
        note = f"{plan.staff} staff, {plan.rate:g} requests a second by chance{seen.server}{unanswered}"
        for what in SHARES:
            yield _load(f"web_{what}", world, seen.took[what], note)
        killed = f"{plan.kills} times killed: {told}"
        yield Load("web_killed", world.engine, world.people, 0, 0, seen.asked, killed)
    finally:
        registers.close()


def _taken(process: int) -> tuple[float, float]:
    """Seconds that a process had the processor, and for which threads it has now were ready and others had it.

    As Linux says it; nothing elsewhere.
    """
    place = Path("/proc", str(process))
    if not (place / "stat").exists():
        return 0.0, 0.0
    of_process = (place / "stat").read_text().rpartition(")")[2].split()
    ran = (int(of_process[11]) + int(of_process[12])) / os.sysconf("SC_CLK_TCK")
    return ran, sum(int(each.read_text().split()[1]) for each in place.glob("task/*/schedstat")) / 1e9


@contextmanager
def _served(environment: Mapping[str, str]) -> Iterator[tuple[Process, int]]:
    """A server of its own on a free port, what it logs kept in a file; killed at the end whatever happens."""
    command = [sys.executable, "-u", "-m", "seloste", "serve", "--port", "0", "--no-work"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, stdout=file, stderr=subprocess.STDOUT, cwd=ROOT, env=environment_of(environment)
            )
            try:
                while not (found := re.search(r"http://[\d.]+:(\d+)", log.read_text("utf-8"))):
                    if process.poll() is not None:
                        raise RuntimeError("seloste serve ended: " + log.read_text("utf-8"))
                    time.sleep(0.05)
                urllib.request.urlopen(f"{found[0]}/health", timeout=60).read()  # it is ready once it answers
                yield process, int(found[1])
            finally:
                process.kill()
                process.wait()


def _load(case: str, world: World, took: Sequence[float], note: str) -> Load:
    ordered = sorted(took) or [0.0]
    p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    return Load(case, world.engine, world.people, statistics.median(ordered), p95, len(took), note)


def sign_in(deployment: Database, register: str, staff: int) -> list[str]:
    """The tokens of so many who are signed in, each with an account of their own."""
    from seloste.clock import now

    tokens = []
    for number in range(staff):
        address = f"staff.{number}.{now():%H%M%S%f}@yritys.example"
        account = create_account(deployment, address, f"Kuorma {number}", actor=CLI, now=now()).account
        grant(deployment, account, register, ROLE, actor=CLI, now=now())
        with deployment.transaction() as conn:
            tokens.append(sessions.start(conn, account, "bench", now()))
    return tokens


def known(world: World) -> list[Whom]:
    """Those whom the role is shown and who act for a company now."""
    from seloste.clock import now, today

    day = today(now()).isoformat()
    with world.store.database.read() as conn:
        rows = conn.execute(
            "SELECT p.id, p.last_name, min(r.id) FROM person p JOIN relationship r ON r.person = p.id"
            " WHERE r.ended IS NULL AND p.sys_restricted = 0 AND p.sys_until_customer_care >= :day"
            " GROUP BY p.id, p.last_name ORDER BY p.id LIMIT 20000",
            {"day": day},
        ).all()
    return [Whom(int(person), str(name), int(tie)) for person, name, tie in rows]


def _written(world: World, after: tuple[int, int]) -> tuple[list[str], tuple[int, int], int]:
    """Texts of deeds after an id, the last id and number of the journal, and how often it says since that one did."""
    with world.store.database.read() as conn:
        rows = conn.execute("SELECT id, text FROM interaction WHERE id > :id", {"id": after[0]}).all()
        last = conn.execute("SELECT seq FROM journal_head WHERE id = 1").all()[0][0]
        said = "SELECT count(*) FROM journal WHERE seq > :seq AND verb = 'store' AND kind = 'interaction'"
        entries = int(conn.execute(said, {"seq": after[1]}).all()[0][0])
    return [str(text) for _, text in rows], (max((int(row) for row, _ in rows), default=0), int(last)), entries


def check(world: World, deployment: Database, seen: Seen, before: tuple[int, int]) -> str:
    """Everything answered is there, data and journal say the same, and both journals are whole. Raises UnequalError."""
    if set(seen.refused) - {429}:
        raise UnequalError(f"answers that were not meant: {seen.refused}")
    there, _, entries = _written(world, before)
    if lost := seen.written - set(there):
        raise UnequalError(f"{len(lost)} of {len(seen.written)} answered writes are lost")
    if len(there) != entries:
        raise UnequalError(f"{len(there)} were written and {entries} are in the journal")
    if not (verify(world.store.database).ok and verify(deployment).ok):
        raise UnequalError("a journal is not whole")
    return (
        f"{len(seen.written)} answered writes, none lost; {len(there) - len(seen.written)} more were kept and not yet"
        f" answered; {seen.cut} requests cut off; journals whole"
    )
