"""Write ``requirements.lock`` anew: exact versions and hashes of everything that running and testing needs.

Run it by ``./dev lock`` after a change of the dependencies in ``pyproject.toml``; ``./dev lock --upgrade`` takes newer
versions of everything. The lock names no index and no folder, so it installs from whatever index pip is set up with.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
HEAD = """\
# Made by ./dev lock from pyproject.toml, for Python 3.11 and newer on Linux and macOS.
# Install with: pip install -r requirements.lock
"""
PLACE = re.compile(r"://|file:|^-|^ *--(?!hash=sha256:[0-9a-f]{64}( \\)?$)", re.MULTILINE)


def main(arguments: list[str]) -> None:
    if find_spec("piptools") is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "pip-tools"], check=True)
    command = [sys.executable, "-m", "piptools", "compile", "--quiet", "--extra=dev", f"--output-file={LOCK.name}"]
    command += ["--generate-hashes", "--allow-unsafe", "--strip-extras", "--no-header", "--annotation-style=line"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", *arguments, "pyproject.toml"]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "PIP_FIND_LINKS": ""})
    lines = [line for line in LOCK.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    text = "\n".join(lines) + "\n"
    if found := PLACE.search(text):
        sys.exit(f"{LOCK.name} would name a place of this machine or an index: {found.group()!r}")
    LOCK.write_text(HEAD + text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
