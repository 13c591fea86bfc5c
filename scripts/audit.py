"""Hold the locked libraries to the time frames of CONTRIBUTING.md, by what the package index says of them.

``./dev audit`` asks the index that pip is set up with, by PyPI's JSON (``--index URL`` for another), about each version
in ``requirements.lock``: whether it has a known vulnerability or was withdrawn, and whether a newer one has been there
for too long. It ends with 1 when something is past its time. Only development asks; the program itself asks nobody.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
SUPERSEDED = dt.timedelta(days=90)
"""So long after a newer release a locked one is still taken for up to date."""
VULNERABLE = dt.timedelta(days=7)
"""So long after the release that mends it a known vulnerability may stay; one that nothing mends is told at once."""
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def index_of_pip() -> str:
    """The index that pip asks, without the part of its address that is for pip alone."""
    from pip._internal.models.index import PyPI

    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return (os.environ.get("PIP_INDEX_URL") or asked.stdout.strip() or PyPI.url).rstrip("/").removesuffix("/simple")


def pinned(lock: str) -> tuple[tuple[str, str], ...]:
    """Name and version of each locked library."""
    return tuple((name, version) for name, version in PIN.findall(lock))


def faults(name: str, version: str, index: str, now: dt.datetime) -> Iterator[str]:
    """What is past its time about one library."""
    every, this = _asked(f"{index}/pypi/{name}/json"), _asked(f"{index}/pypi/{name}/{version}/json")
    released = dict(_released(every))
    mine = Version(version)
    if this["info"].get("yanked"):
        yield f"{name} {version} was withdrawn: {this['info'].get('yanked_reason') or 'no reason given'}"
    for each in this.get("vulnerabilities", ()):
        if each.get("withdrawn"):
            continue
        mended = [released[Version(fixed)] for fixed in each.get("fixed_in", ()) if Version(fixed) in released]
        if not mended or now - min(mended) > VULNERABLE:
            by = ", ".join(each.get("fixed_in", ())) or "nothing yet"
            yield f"{name} {version} is vulnerable: {each['id']}, mended by {by}"
    newer = {number: at for number, at in released.items() if number > mine}
    if newer and now - min(newer.values()) > SUPERSEDED:
        since = min(newer.values()).date()
        yield f"{name} {version} has had a newer release since {since}; the newest is {max(newer)}"


def _released(every: Mapping[str, Any]) -> Iterator[tuple[Version, dt.datetime]]:
    """The final releases that were not withdrawn, and when each came."""
    for text, files in every["releases"].items():
        try:
            number = Version(text)
        except InvalidVersion:
            continue
        there = [dt.datetime.fromisoformat(each["upload_time_iso_8601"]) for each in files if not each.get("yanked")]
        if there and not number.is_prerelease:
            yield number, min(there)


def _asked(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def main(arguments: list[str], lock: Path = ROOT / "requirements.lock", now: dt.datetime | None = None) -> int:
    """0 when all is within its time, 1 when something is not, 2 when the index could not be asked."""
    index = arguments[1] if arguments[:1] == ["--index"] and len(arguments) == 2 else index_of_pip()
    every, told = pinned(lock.read_text("utf-8")), 0
    for name, version in every:
        try:
            for fault in faults(name, version, index.rstrip("/"), now or dt.datetime.now(dt.UTC)):
                told += 1
                print(fault)
        except (urllib.error.URLError, TimeoutError, ValueError, KeyError) as problem:
            print(f"{name} {version} could not be asked about: {problem}", file=sys.stderr)
            return 2
    print(f"{len(every)} libraries, {told} past their time")
    return int(told > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
