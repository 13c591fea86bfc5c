"""What the program takes: time to its first page, memory when idle, room on the disk, time of a check."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from bench.world import NOTICE, ROOT, World
from seloste.settings import PREFIX

TRIES = 5
"""Runs of which the median is told."""
IDLE_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Resource:
    """One measure against its limit."""

    name: str
    value: float
    limit: float
    unit: str

    def __str__(self) -> str:
        verdict = "met" if self.value < self.limit else "MISSED"
        return f"{self.name:<32} {self.value:>8.2f} {self.unit:<3} < {self.limit:g}  {verdict}"


def serving(world: World) -> Iterator[Resource]:
    """What it takes to serve the register of a world that is open."""
    first, memory = serve(world.environment)
    yield Resource(f"serve to first page, {world.engine}", first, 2.0, "s")
    if memory is not None:
        yield Resource(f"idle memory of serve, {world.engine}", memory, 120.0, "MB")


def program() -> Iterator[Resource]:
    """What the program takes whatever it serves."""
    yield Resource("check", check_seconds(), 0.5, "s")
    yield Resource("installed, without Python", installed_bytes() / 1e6, 150.0, "MB")


def environment_of(given: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with no settings of the product but those given, named without their prefix."""
    found = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return found | {f"{PREFIX}{name}": value for name, value in given.items()}


def check_seconds() -> float:
    """Seconds that the processor works for ``seloste check`` on an example: its time, while nobody else has it."""
    command = [sys.executable, "-m", "seloste", "check", str(NOTICE)]
    times = []
    for _ in range(TRIES):
        begun = _children_seconds()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment_of({}))
        times.append(_children_seconds() - begun)
    return statistics.median(times)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def serve(settings: Mapping[str, str]) -> tuple[float, float | None]:
    """Seconds from the start of ``seloste serve`` to its first page, and MB it holds when nobody asks for anything.

    Without those for which the process was ready to run and others had the processor.
    """
    times, memories = [], []
    for number in range(TRIES):
        begun = time.perf_counter()
        with _serving(settings) as (process, address):
            urllib.request.urlopen(address, timeout=10).read()
            times.append(time.perf_counter() - begun - waited_seconds(process.pid))
            if number == 0:
                time.sleep(IDLE_SECONDS)
                memories.append(resident_mb(process.pid))
    return statistics.median(times), memories[0]


@contextlib.contextmanager
def _serving(settings: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own on a free port, and its address once it says it."""
    command = [sys.executable, "-u", "-m", "seloste", "serve", "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=environment_of(settings)
    )
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"http://[\d.]+:\d+", line):
                yield process, found[0]
                return
        raise RuntimeError("seloste serve ended: " + "".join(said))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def waited_seconds(pid: int) -> float:
    """For how long a process's main thread was ready to run while others had the processor, as far as Linux says it."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


def resident_mb(pid: int) -> float | None:
    """Resident memory of a process in MB; None where the system does not tell it this way."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    return int(found[1]) * 1024 / 1e6 if found else None


def installed_bytes() -> int:
    """Bytes on the disk of the package and of all it needs to run, compiled files too."""
    files = {path for path in (ROOT / "src" / "seloste").rglob("*") if path.is_file()}
    for name in needed("seloste"):
        if name == "seloste":
            continue
        distribution = metadata.distribution(name)
        for each in distribution.files or ():
            path = Path(str(distribution.locate_file(each)))
            if path.is_file():
                files.add(path.resolve())
                files.update(path.parent.glob(f"__pycache__/{path.stem}.*.pyc"))
    return sum(path.stat().st_size for path in files)


def needed(name: str) -> set[str]:
    """The names of a distribution and of everything that it needs in turn, as they are installed here."""
    from packaging.requirements import Requirement

    found: set[str] = set()
    waiting = [(name, frozenset[str]())]
    while waiting:
        each, extras = waiting.pop()
        if each in found and not extras:
            continue
        found.add(each)
        for text in metadata.requires(each) or ():
            requirement = Requirement(text)
            marker = requirement.marker
            wanted = marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))
            if wanted and (requirement.name not in found or requirement.extras):
                with contextlib.suppress(metadata.PackageNotFoundError):
                    metadata.distribution(requirement.name)
                    waiting.append((requirement.name, frozenset(requirement.extras)))
    return found
