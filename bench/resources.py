"""What the program takes: time to its first page, memory when idle, room on the disk, time of a check."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from bench.world import NOTICE, ROOT

TRIES = 5
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


def resources(folder: Path) -> Iterator[Resource]:
    """Each measure; ``folder`` is where a register may lie already, the one of the SQLite cases."""
    yield Resource("check, median of 5", check_seconds(), 0.5, "s")
    data = folder / "sqlite"
    data.mkdir(parents=True, exist_ok=True)
    first, memory = serve(data)
    yield Resource("serve to first page, median of 5", first, 2.0, "s")
    if memory is not None:
        yield Resource("idle memory of serve", memory, 120.0, "MB")
    yield Resource("installed, without Python", installed_bytes() / 1e6, 150.0, "MB")


def _environment(data: Path | None = None) -> dict[str, str]:
    found = {name: value for name, value in os.environ.items() if not name.startswith("SELOSTE_")}
    if data is not None:
        found |= {"SELOSTE_DATA_DIR": str(data), "SELOSTE_KEY_FILE": str(data / "secret.key")}
    return found


def check_seconds() -> float:
    """Seconds of ``seloste check`` on an example, process and all."""
    command = [sys.executable, "-m", "seloste", "check", str(NOTICE)]
    times = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=_environment())
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def serve(data: Path) -> tuple[float, float | None]:
    """Seconds from the start of ``seloste serve`` to its first page, and MB it holds when nobody asks for anything."""
    times, memories = [], []
    for number in range(TRIES):
        begun = time.perf_counter()
        with _serving(data) as (process, address):
            urllib.request.urlopen(address, timeout=10).read()
            times.append(time.perf_counter() - begun)
            if number == 0:
                time.sleep(IDLE_SECONDS)
                memories.append(resident_mb(process.pid))
    return statistics.median(times), memories[0]


@contextlib.contextmanager
def _serving(data: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own on a free port, and its address once it says it."""
    command = [sys.executable, "-u", "-m", "seloste", "serve", "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=_environment(data)
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
