"""``pip install .`` gives the same ``seloste``: the package holds every file of the program, and its command runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOTICE = ROOT / "examples" / "fluiconnecto" / "notice.yaml"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as pip builds it from a copy of the sources, unpacked; what it needs is of the test's own Python."""
    copy, out = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("installed")
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy / name)
    words = ["wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(out), str(copy)]
    subprocess.run([sys.executable, "-m", "pip", *words], check=True, capture_output=True, timeout=120)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(out)
    return out


def test_every_file_of_the_program_is_in_the_package(installed: Path) -> None:
    def files(folder: Path) -> set[str]:
        found = (path for path in (folder / "seloste").rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix() for path in found if "__pycache__" not in path.parts}

    assert files(ROOT / "src") - files(installed) == set()


def test_its_command_is_seloste_and_does_what_that_of_a_clone_does(installed: Path, tmp_path: Path) -> None:
    (commands,) = installed.glob("*.dist-info/entry_points.txt")
    assert "seloste = seloste.cli:main" in commands.read_text("utf-8")
    there = os.environ | {"PYTHONPATH": str(installed), "SELOSTE_LANGUAGE": "en"}

    def run(*words: str) -> str:
        where = "import seloste.cli, sys; sys.stderr.write(seloste.cli.__file__); seloste.cli.main()"
        done = subprocess.run(
            [sys.executable, "-c", where, *words], cwd=tmp_path, env=there, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert done.stderr.startswith(str(installed)), "another copy ran"
        return done.stdout

    assert run("check", str(NOTICE)) == "Nothing to mend.\n"
    assert "The register fluiconnecto_customers is made." in run("apply", str(NOTICE))
    assert run("render", str(NOTICE), "--lang", "fi", "--format", "pdf", "--out", "notice.pdf") == ""
    assert (tmp_path / "notice.pdf").read_bytes().startswith(b"%PDF")
