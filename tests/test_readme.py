"""The commands that the documents show exist, and those of the README and the tutorial run as they are written."""

from __future__ import annotations

import os
import re
import shlex
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from seloste.cli import COMMANDS, group

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "howto").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(seloste(?: [^`]*)?|\./dev(?: [^`]*)?)`")
PORT_SHOWN = "127.0.0.1:8000"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language and its text."""

    language: str
    text: str


def blocks(document: Path) -> list[Block]:
    return [Block(*found) for found in FENCE.findall(document.read_text("utf-8"))]


def named(document: Path) -> Iterator[str]:
    """Every command that a document names, in blocks and in running text."""
    for block in blocks(document):
        if block.language in ("sh", "console"):
            for line in block.text.replace("\\\n", " ").splitlines():
                if line.startswith(("seloste", "./dev")):
                    yield line
    yield from INLINE.findall(FENCE.sub("", document.read_text("utf-8")))


def faults(line: str) -> list[str]:
    """What of a command line does not exist: a command, an option, a value it may not have, a word of ``./dev``."""
    program, *words = shlex.split(line)
    if program == "./dev":
        if not words:
            return []
        known = re.findall(r"^    ([a-z]+)\)$", (ROOT / "dev").read_text("utf-8"), re.MULTILINE)
        if words[0] not in known:
            return [f"./dev {words[0]}"]
        if words[0] != "run":
            return []
        words = words[1:]
    command: click.Command = group
    context = click.Context(group, info_name="seloste")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words.pop(0))
        if found is None:
            return [line]
        command = found
    options = {name: each for each in command.get_params(context) for name in each.opts + each.secondary_opts}
    wrong = []
    for at, word in enumerate(words):
        name, _, value = word.partition("=")
        if not name.startswith("--"):
            continue
        option = options.get(name)
        if option is None:
            wrong.append(f"{line}: {name}")
        elif isinstance(option.type, click.Choice):
            value = value or (words[at + 1] if at + 1 < len(words) else "")
            wrong += [] if value in option.type.choices else [f"{line}: {name} {value}"]
    return wrong


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_and_option_that_a_document_names_exists(document: Path) -> None:
    assert [fault for line in named(document) for fault in faults(line)] == []


def test_it_sees_a_command_an_option_a_value_and_a_word_that_are_not_there() -> None:
    assert faults("seloste cheque notice.yaml") == ["seloste cheque notice.yaml"]
    assert faults("seloste check notice.yaml --quick") == ["seloste check notice.yaml --quick: --quick"]
    assert faults("seloste user sack olli@ketju.example") == ["seloste user sack olli@ketju.example"]
    assert faults("seloste render FILE --format doc") == ["seloste render FILE --format doc: --format doc"]
    assert faults("./dev fly") == ["./dev fly"]
    assert faults("./dev run law due 2026-01-30 --explain") == []


def test_the_readme_has_a_line_for_each_command() -> None:
    shown = {words[1] for line in named(ROOT / "README.md") if len(words := line.split()) > 1}
    assert {name for name in COMMANDS if group.get_command(click.Context(group), name)} - shown == set()


# --- run ------------------------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """A folder of its own in which commands run as a newcomer types them, except that the port is a free one."""

    folder: Path
    port: int

    @property
    def env(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SELOSTE_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
        return kept | {"PATH": path, "SELOSTE_LANGUAGE": "en", "SELOSTE_PORT": str(self.port)}

    def run_all(self, text: str) -> tuple[int, str]:
        """Lines as they stand, one after another until one fails: the exit code of the last and all that was printed.

        In this process, for a dozen fresh ones would take most of the time of the test; ``run`` tries that the
        command is there to be typed.
        """
        code, output = 0, ""
        for line in text.splitlines():
            program, *words = shlex.split(line)
            assert program == "seloste", line
            done = CliRunner().invoke(group, words, prog_name="seloste")
            code, output = done.exit_code, output + done.output
            if code:
                break
        return code, output

    def run(self, line: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", "-c", line],
            cwd=self.folder,
            env=self.env,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def serve_and_read(self, path: str) -> tuple[str, str]:
        """What ``seloste serve`` says first, and the page at ``path``."""
        with subprocess.Popen(
            ["seloste", "serve"], cwd=self.folder, env=self.env, stdout=subprocess.PIPE, text=True
        ) as server:
            try:
                assert server.stdout is not None
                said = server.stdout.readline().strip()
                until = time.monotonic() + 30
                while True:
                    try:
                        with urllib.request.urlopen(said + path, timeout=30) as answer:
                            return said, answer.read().decode()
                    except ConnectionError:
                        assert time.monotonic() < until
                        time.sleep(0.1)
            finally:
                server.terminate()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    with socket.create_server(("127.0.0.1", 0)) as free:
        made = Desk(tmp_path, free.getsockname()[1])
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("SELOSTE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SELOSTE_LANGUAGE", "en")
    return made


def answers(transcript: str) -> str:
    """What was typed: after the last colon of each question. Lines that begin with a space, or end with a full stop,
    ask nothing.
    """
    return "".join(
        f"{line.rpartition(':')[2].strip() if line.endswith(':') else line.rpartition(': ')[2]}\n"
        for line in transcript.splitlines()
        if not _asks_nothing(line)
    )


def _asks_nothing(line: str) -> bool:
    return line.startswith(" ") or line.endswith(".")


def questions(transcript: str) -> str:
    """The transcript without what was typed and without any line's end, as it comes when nothing is echoed."""
    shown = (
        line if _asks_nothing(line) or line.endswith(":") else line.rpartition(": ")[0] + ":"
        for line in transcript.splitlines()
    )
    return "".join("".join(shown).split())


def lines_missing(shown: str, output: str) -> list[str]:
    """The lines of a document that the output lacks; ``...`` stands for any lines."""
    had = {line.rstrip() for line in output.splitlines()}
    return [line for line in shown.splitlines() if line.strip() != "..." and line.rstrip() not in had]


def test_the_tutorial_runs_from_an_empty_folder_to_a_published_notice(desk: Desk) -> None:
    found = blocks(ROOT / "docs" / "tutorial.md")
    ran = []
    for at, block in enumerate(found):
        after = found[at + 1] if at + 1 < len(found) else Block("", "")
        if block.language == "yaml":
            _fill_in(desk.folder / "notice.yaml", block.text.splitlines())
        if block.language != "sh":
            continue
        ran.append(block.text.strip())
        if block.text.strip() == "seloste new":
            done = desk.run(block.text, answers(after.text))
            assert done.returncode == 0, done.stderr
            assert "".join(done.stdout.split()).startswith(questions(after.text))
            continue
        if block.text.strip() == "seloste serve":
            said, page = desk.serve_and_read("/notice/ketju_bicycles/en")
            assert said == after.text.strip().replace(PORT_SHOWN, f"127.0.0.1:{desk.port}")
            assert "Ketju Bicycles Oy" in page
            assert "Looking after the customer relationship" in page
            continue
        code, output = desk.run_all(block.text)
        shown = after.text if after.language == "text" else ""
        answers_no = shown.endswith("errors.\n") or "is recorded:" in shown
        assert code == int(answers_no), output
        assert lines_missing(shown, output) == []
    assert ran.count("seloste check notice.yaml") == 2
    assert "seloste serve" in ran


def _fill_in(notice: Path, lines: list[str]) -> None:
    """As the reader does: each line marked FILL IN becomes the next of the lines."""
    text = notice.read_text("utf-8").splitlines()
    marked = [number for number, line in enumerate(text) if "FILL IN" in line]
    assert len(marked) == len(lines)
    for number, line in zip(marked, lines, strict=True):
        text[number] = line
    notice.write_text("\n".join(text) + "\n", "utf-8")


def test_the_readmes_own_register_runs(desk: Desk) -> None:
    """With a notice of our own in the place of the reader's, whose key and role the README names."""
    told = """
name: Your Company Oy
email: you@company.example
address: Polkukatu 5, 20100 Turku
languages: [en]
customers: people
activities: [customers]
helpers: {mail_and_files: {name: Example Mail, agreement: Terms of 2026}}
"""
    (desk.folder / "answers.yaml").write_text(told, "utf-8")
    made = desk.run("seloste new --answers answers.yaml")
    assert made.returncode == 0, made.stderr
    (block,) = [each for each in blocks(ROOT / "README.md") if each.language == "sh" and "seloste serve" in each.text]
    *lines, serve = block.text.splitlines()
    assert serve == "seloste serve"
    code, output = desk.run_all("\n".join(lines))
    assert code == 0, output
    said, page = desk.serve_and_read("/notice/your_company/en")
    assert said == f"http://127.0.0.1:{desk.port}"
    assert "Your Company Oy" in page


def test_each_word_of_the_law_page_prints_dates(desk: Desk) -> None:
    for block in blocks(ROOT / "docs" / "howto" / "law.md"):
        code, output = desk.run_all(block.text)
        assert code == 0, output
        dates = [line for line in output.splitlines() if re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?", line)]
        assert len(dates) == len(block.text.splitlines())
